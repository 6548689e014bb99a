"""特集 and photographs on the pages for everybody."""

import pytest
from playhouse.test_utils import count_queries

from library import clock
from library.site import pictures
from models import Feature, database
from tests import factories
from tests.library.test_features import write
from tests.library.test_photographs import picture

YEAR = "public, max-age=31536000, immutable"


@pytest.fixture
def feature(db):
    titles = [factories.title(f"本{number}") for number in range(25)]
    factories.item(titles[0])
    titles[1].delete_instance()
    return write([titles[0], *titles[2:]], title="夏の<本>", text="**海**と山。", on_front=True, icon="heart")


def put(where, alt="夕方の<入口>"):
    pictures.put(where, picture(size=(1000, 700)), alt, by="staff:kanri", now=clock.now())


def test_the_list_names_its_books_where_they_are_and_what_can_be_done(browse, feature):
    browse.get("/features/summer")
    assert browse.h1() == "夏の<本>"
    assert browse.page.find("div", class_="prose").find("strong").get_text() == "海"
    assert len(browse.page.find_all("li", class_="book")) == 20
    assert "在架 1冊" in browse.text()
    assert "本0の紹介" in browse.text()
    assert browse.page.find("button", {"aria-label": "「本0」を予約かごに入れる"})
    browse.get("/features/summer?page=2")
    assert len(browse.page.find_all("li", class_="book")) == 4


def test_the_page_as_a_part(browse, feature):
    part = browse.get("/features/summer", htmx=True)
    assert "<html" not in part.text
    assert "夏の&lt;本&gt;" in part.text


def test_a_signed_in_patron_puts_a_book_of_it_in_the_cart(signed_in, feature):
    signed_in.get("/features/summer")
    form = signed_in.page.find("div", class_="action").find("form")
    answer = signed_in.post(form["action"], signed_in.form(form["action"]))
    assert answer.location.startswith("/features/summer#title-")
    signed_in.get("/features/summer")
    assert "を予約かごに入れました（1点）。" in signed_in.text()


def test_a_book_that_the_catalogue_has_no_more_is_named_with_its_words(browse, db):
    titles = [factories.title("こころ"), factories.title("なくなる本")]
    write(titles)
    titles[1].delete_instance()
    browse.get("/features/summer")
    gone = browse.page.find_all("ul", class_="rows")[0].find_all("li", recursive=False)[1].get_text(" ")
    assert "なくなる本" in gone
    assert "なくなる本の紹介" in gone
    assert "いまは所蔵していません" in gone


def test_every_list_leads_from_the_front_page_the_overview_and_the_sitemaps(browse, feature):
    browse.get("/")
    assert browse.page.find("a", class_="way", href="/features/summer").get_text(strip=True) == "夏の<本>"
    browse.get("/features")
    assert browse.page.find("a", href="/features/summer")
    assert "24点" in browse.text()
    assert browse.page.find("ol", class_="spines").find("a", href="/titles/1")
    browse.get("/sitemap")
    assert browse.page.find("a", href="/features/summer")
    assert "/features/summer<" in browse.client.get("/sitemap-pages.xml").text


def test_a_feature_that_is_not_public_is_nowhere(browse, feature):
    Feature.update(public=False).execute()
    assert browse.get("/features/summer").status_code == 404
    for address in ("/", "/features", "/sitemap", "/sitemap-pages.xml"):
        assert "/features/summer" not in browse.client.get(address).text
    browse.get("/features")
    assert "いま公開している特集はありません" in browse.text()


def test_a_public_feature_without_a_button_is_in_the_overview_alone(browse, feature):
    Feature.update(on_front=False).execute()
    browse.get("/")
    assert not browse.page.find("a", href="/features/summer")
    browse.get("/features")
    assert browse.page.find("a", href="/features/summer")


def test_questions_do_not_grow_with_the_books(browse, feature, monkeypatch):
    asked = []
    execute = type(database.obj).execute_sql
    monkeypatch.setattr(
        type(database.obj), "execute_sql", lambda self, *given: asked.append(given) or execute(self, *given)
    )
    browse.get("/features/summer")
    many, asked[:] = len(asked), []
    browse.get("/features/summer?page=2")
    assert len(asked) <= many <= 25


# -- photographs -----------------------------------------------------------------------------------------------------
def test_a_photograph_stands_for_the_drawing_with_its_words_and_its_size(browse, db):
    browse.get("/")
    assert len(browse.page.find_all("svg", class_="drawing")) == 3
    put({"place": "outside"})
    browse.get("/")
    shown = browse.page.find("figure", class_="picture-large").find("img")
    assert (shown["alt"], shown["width"], shown["height"]) == ("夕方の<入口>", "1000", "700")
    assert [part.split()[1] for part in shown["srcset"].split(", ")] == ["480w", "960w", "1000w"]
    assert len(browse.page.find_all("svg", class_="drawing")) == 2
    for address in [shown["src"], *(part.split()[0] for part in shown["srcset"].split(", "))]:
        answer = browse.client.get(address)
        assert (answer.status_code, answer.mimetype, answer.headers["Cache-Control"]) == (200, "image/jpeg", YEAR)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.data.startswith(b"\xff\xd8")
        again = browse.client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")


def test_a_list_shows_its_photograph(browse, feature):
    put({"feature": feature.id})
    for address in ("/features", "/features/summer"):
        browse.get(address)
        assert browse.page.find("main").find("img")["alt"] == "夕方の<入口>"


@pytest.mark.parametrize("name", ["none", "..%2F..%2Fsecret-key", "x" * 5000, "%00", "a'--"])
def test_no_other_name_leads_anywhere(name, browse, db):
    assert browse.client.get(f"/pictures/{name}.jpg").status_code == 404


def test_many_lists_stand_on_pages_and_cost_as_many_questions_as_few(browse, db):
    titles = [factories.title(f"本{number}", volume="") for number in range(13)]
    titles[1].delete_instance()
    del titles[1]
    with count_queries() as asked:
        browse.get("/features")
    alone = asked.count
    for number in range(12):
        write(titles if number else titles[:2], slug=f"list-{number}", title=f"特集{number}")
    with count_queries() as asked:
        browse.get("/features")
    assert asked.count <= alone + 3
    lists = browse.page.find_all("li", class_="feature")
    assert [each.find("h2").get_text() for each in lists] == [f"特集{number}" for number in range(10)]
    assert "2点" in lists[0].get_text() and len(lists[1].find("ol").find_all("li")) == 12
    browse.get(browse.page.find("a", rel="next")["href"])
    assert [each.find("h2").get_text() for each in browse.page.find_all("li", class_="feature")] == ["特集10", "特集11"]
