"""Pages for programs: OpenSearch, sitemaps, robots.txt, JSON-LD."""

import json
import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest

from blueprints.site import discovery
from library import clock, policy
from library.calendar import hours
from library.catalog import records
from models import Article, PublishedAnswer, Title
from tests import factories

NS = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "o": "http://a9.com/-/spec/opensearch/1.1/"}


def places(answer):
    return [found.text for found in ElementTree.fromstring(answer.data).iterfind(".//s:loc", NS)]


def data_of(page):
    return json.loads(page.find("script", {"type": "application/ld+json"}).string)


# -- OpenSearch ------------------------------------------------------------------------------------------------------
def test_every_page_leads_to_the_description_of_the_search(browse, app):
    browse.get("/")
    link = browse.page.head.find("link", rel="search")
    answer = browse.client.get(link["href"])
    assert answer.mimetype == link["type"] == "application/opensearchdescription+xml"
    described = ElementTree.fromstring(answer.data)
    addresses = {each.get("type"): each.get("template") for each in described.iterfind("o:Url", NS)}
    base = app.config["PUBLIC_URL"]
    assert addresses["text/html"] == f"{base}/search?q={{searchTerms}}"
    assert addresses["application/x-suggestions+json"] == f"{base}/suggest.json?q={{searchTerms}}"
    assert 0 < len(described.find("o:ShortName", NS).text) <= 16
    assert browse.client.get("/search?q=neko").status_code == 200


def test_the_search_box_of_a_browser_is_told_names_to_search_for(browse, app):
    factories.catalogued(
        "銀河鉄道の夜", title_kana="ギンガ テツドウ ノ ヨル", volume="上", subjects=[("銀河", "ギンガ")]
    )
    answer = browse.client.get("/suggest.json", query_string={"q": "銀河"})
    assert answer.mimetype == "application/x-suggestions+json" and answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    assert json.loads(answer.text) == ["銀河", ["銀河", "銀河鉄道の夜 上"]]
    assert json.loads(browse.client.get("/suggest.json?q=").text) == ["", []]
    policy.put("suggestions", False)
    assert browse.client.get("/suggest.json?q=銀河").status_code == 404
    assert "x-suggestions" not in browse.client.get("/opensearch.xml").text


# -- sitemaps --------------------------------------------------------------------------------------------------------
def test_the_sitemaps_list_every_title_in_parts(browse, app, db):
    base = app.config["PUBLIC_URL"]
    for title_id in (1, discovery.PART, discovery.PART + 1, discovery.PART * 3 + 5):
        Title.create(id=title_id, title="本")
    index = browse.client.get("/sitemap.xml")
    assert places(index) == [f"{base}/sitemap-{name}.xml" for name in ("pages", 1, 2, 4)]
    listed = [place for part in places(index)[1:] for place in places(browse.client.get(part.removeprefix(base)))]
    assert listed == [f"{base}/titles/{number}" for number in (1, 50_000, 50_001, 150_005)]
    assert browse.client.get("/sitemap-3.xml").status_code == 404


def test_pages_of_the_sitemap_are_there(browse, app, db):
    factories.branch("本館")
    listed = places(browse.client.get("/sitemap-pages.xml"))
    assert f"{app.config['PUBLIC_URL']}/rankings/loans" in listed
    for address in listed:
        assert browse.client.get(address.removeprefix(app.config["PUBLIC_URL"])).status_code == 200


def test_pages_of_the_library_are_on_the_sitemap_once_they_can_be_read(browse, app, db):
    now = clock.now()
    for number, (slug, public, days) in enumerate(
        [("open", True, None), ("hidden", False, None), (None, True, 0), (None, True, 1), (None, False, 0)], start=1
    ):
        day = None if days is None else clock.today() + timedelta(days=days)
        Article.create(id=number, slug=slug, title="題", text="文", public=public, day=day, changed_at=now)
        PublishedAnswer.create(id=number, subject="件", text="問", answer="答", public=number == 1,
            published_on=clock.today(), changed_at=now)  # fmt: skip
    listed = [place.removeprefix(app.config["PUBLIC_URL"]) for place in places(browse.client.get("/sitemap-pages.xml"))]
    assert [place for place in listed if re.match("/(pages|news|reference)/", place)] == [
        "/pages/open",
        "/news/3",
        "/reference/1",
    ]


def test_a_sitemap_is_good_for_the_day(browse, db, moved_clock):
    factories.title()
    answer = browse.client.get("/sitemap-1.xml")
    assert answer.headers["Cache-Control"] == "public, max-age=86400" and "Set-Cookie" not in answer.headers
    again = {"If-None-Match": answer.headers["ETag"]}
    assert browse.client.get("/sitemap-1.xml", headers=again).status_code == 304
    moved_clock.now += timedelta(days=1)
    assert browse.client.get("/sitemap-1.xml", headers=again).status_code == 200


def test_robots_are_told_where_the_sitemap_is_and_what_is_not_theirs(browse, app):
    answer = browse.client.get("/robots.txt")
    lines = answer.text.splitlines()
    assert answer.mimetype == "text/plain" and lines[0] == "User-agent: *"
    assert {"Disallow: /my/", "Disallow: /desk/", "Disallow: /search?*&", "Disallow: /login?"} <= set(lines)
    assert "Disallow: /login" not in lines and "Allow: /my/profile$" in lines  # who looks for the way in finds it
    assert lines[-1] == f"Sitemap: {app.config['PUBLIC_URL']}/sitemap.xml"


# -- JSON-LD ---------------------------------------------------------------------------------------------------------
def test_a_title_tells_what_it_is_and_where_it_can_be_had(browse, app):
    title = factories.catalogued(
        "こころ", copies=1, publisher="岩波書店", year=1989, isbns=["978-4-00-310111-7"], language="jpn", subtitle="上"
    )
    factories.loan(factories.patron(), item=factories.item(title, branch=factories.branch("東部")))
    factories.item(title, branch=factories.branch("南部"), state="reference")
    factories.item(title, branch=factories.branch("北部"), state="repair")
    browse.get(f"/titles/{title.id}")
    told = data_of(browse.page)
    assert told["@type"] == "Book" and told["@id"] == f"{app.config['PUBLIC_URL']}/titles/{title.id}"
    assert (told["name"], told["alternativeHeadline"]) == ("こころ", "上")
    assert (told["author"], told["isbn"], told["inLanguage"]) == (
        [{"@type": "Person", "name": "夏目漱石"}],
        "9784003101117",
        "ja",
    )
    offers = {offer["availableAtOrFrom"]["name"]: offer["availability"] for offer in told["offers"]}
    here = "https://schema.org/"
    assert offers == {"本館": f"{here}InStock", "東部": f"{here}OutOfStock", "南部": f"{here}InStoreOnly"}


def test_of_what_is_not_known_nothing_is_said(browse, db):
    title = factories.catalogued("無題", by=None, material_type="CD", ndc="")
    browse.get(f"/titles/{title.id}")
    assert set(data_of(browse.page)) == {"@context", "@type", "@id", "url", "name"}
    assert data_of(browse.page)["@type"] == "CreativeWork"


@pytest.mark.parametrize("name", ["</script><script>alert(1)</script>", "<!--<script>", "& ' \" \\ \u2028"])
def test_no_title_ends_the_data_or_becomes_a_script(browse, db, name):
    title = factories.catalogued(name)
    answer = browse.get(f"/titles/{title.id}")
    assert data_of(browse.page)["name"] == name
    block = answer.text.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    assert not set("<>&'") & set(block)


def test_a_branch_tells_where_it_is_and_when_it_opens(browse, app):
    given = {
        "address": "中央一丁目",
        "phone": "096-000-0000",
        "closed_weekdays": "0",
        "hours": hours.every_day("9:30", "18:00"),
    }
    branch = factories.branch("東部", **given)
    browse.get(f"/access/{branch.code}")
    told = data_of(browse.page)
    assert (told["@type"], told["name"], told["telephone"]) == ("Library", "東部", "096-000-0000")
    (span,) = told["openingHoursSpecification"]
    assert (span["opens"], span["closes"], len(span["dayOfWeek"])) == ("09:30", "18:00", 6)
    assert "https://schema.org/Monday" not in span["dayOfWeek"]


def test_a_title_tells_of_its_series_other_editions_and_registers(browse, app, db):
    base = app.config["PUBLIC_URL"]
    maker = records.Contributor("夏目漱石", "ナツメ, ソウセキ", role="著", identifiers=(("VIAF", "108222254"),))
    facts = {"contributors": [maker], "author": "夏目漱石", "by": None}
    other = factories.catalogued("こころ", publisher="新潮社", year=1952, **facts)
    title = factories.catalogued(
        "こころ",
        publisher="岩波書店",
        series="大活字文庫 ; 3",
        source="JTNDL",
        source_id="000001",
        formats="large-print",
        **facts,
    )
    browse.get(f"/titles/{title.id}")
    told = data_of(browse.page)
    [series] = told["isPartOf"]
    assert (series["@type"], series["name"], series["position"]) == ("BookSeries", "大活字文庫", "3")
    assert [one["@id"] for one in told["workExample"]] == [f"{base}/titles/{other.id}"]
    assert told["accessibilityFeature"] == ["largePrint"]
    assert told["sameAs"] == "https://id.ndl.go.jp/bib/000001"
    assert told["author"] == [{"@type": "Person", "name": "夏目漱石", "sameAs": ["https://viaf.org/viaf/108222254"]}]
