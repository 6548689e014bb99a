"""利用しやすい形式 on the pages: a facet with counts, a condition of 詳細検索, アクセシビリティ of a title, ticks at the desk."""

import json

import pytest

from models import Title
from tests import factories


@pytest.fixture
def editions(db):
    """A novel as print, in large print, and as a film with captions for whom its record says more."""
    return [
        factories.catalogued("海辺の町", copies=1),
        factories.catalogued("海辺の町", formats="large-print", year=2001, copies=1),
        factories.catalogued(
            "海辺の町",
            formats="captions sign-language",
            accessibility="音声の内容：字幕、手話\n利用しにくい点：音声解説はありません。",
            copies=1,
        ),
    ]


def group(browse, label):
    """The choices of a facet: words and count → its link, if it has one."""
    heading = next((each for each in browse.page.select(".facets h2") if each.get_text(strip=True) == label), None)
    found = heading.find_next("ul").find_all("li") if heading else []
    return {each.get_text("", strip=True): each.find("a") for each in found}


def test_the_formats_are_a_facet_with_counts_and_can_be_taken_off(browse, editions):
    browse.get("/search?q=海辺の町")
    found = group(browse, "利用しやすい形式")
    assert list(found) == ["大活字1", "字幕1", "手話1"]
    browse.get(found["大活字1"]["href"])
    assert browse.page.select(".results-list h2 a, .results-list h3 a")[0]["href"].endswith(str(editions[1].id))
    assert "1件" in browse.page.find("h1").get_text() + browse.text()
    assert "利用しやすい形式：大活字" in browse.page.select_one(".chips").get_text()
    assert list(group(browse, "利用しやすい形式")) == ["大活字はずす", "字幕1", "手話1"]
    browse.get(group(browse, "利用しやすい形式")["大活字はずす"]["href"])
    assert browse.page.select_one(".chips") is None


def test_a_single_format_is_offered_and_none_is_not(browse, db):
    factories.catalogued("海辺の町", copies=1)
    browse.get("/search?q=海辺の町")
    assert group(browse, "利用しやすい形式") == {}
    factories.catalogued("海辺の町", formats="ll", copies=1)
    browse.get("/search?q=海辺の町")
    assert list(group(browse, "利用しやすい形式")) == ["LLブック1"]


def test_a_format_that_no_title_has_finds_nothing_and_says_so(browse, editions):
    browse.get("/search?q=海辺の町&format=daisy&format=nonsense")
    assert "利用しやすい形式：DAISY" in browse.text() and "見つかりません" in browse.text()


def test_the_advanced_form_asks_for_what_there_is(browse, editions):
    browse.get("/search/advanced?format=braille")
    offered = {each["value"]: each.has_attr("checked") for each in browse.page.select("input[name=format]")}
    assert offered == {"large-print": False, "captions": False, "sign-language": False, "braille": True}


def test_a_title_says_in_which_formats_it_is_and_leads_to_more(browse, editions):
    browse.get(f"/titles/{editions[2].id}")
    part = browse.page.select_one("section[aria-labelledby=accessibility]")
    assert part.find("h2").get_text() == "アクセシビリティ"
    assert {each.get_text(): each["href"] for each in part.find_all("a")} == {
        "字幕": "/search?format=captions",
        "手話": "/search?format=sign-language",
    }
    assert "利用しにくい点：音声解説はありません。" in part.get_text()
    data = json.loads(browse.page.find("script", type="application/ld+json").string)
    assert data["accessibilityFeature"] == ["captions", "signLanguage"]


def test_a_title_of_print_alone_says_nothing_of_it(browse, editions):
    browse.get(f"/titles/{editions[0].id}")
    assert browse.page.find(id="accessibility") is None
    assert "accessibilityFeature" not in json.loads(browse.page.find("script", type="application/ld+json").string)


def test_an_ebook_says_what_its_file_says(browse, db):
    title = factories.catalogued("旅の本")
    facts = {
        "formats": "accessible-epub", "features": "tableOfContents readingOrder",
        "standard": "EPUB Accessibility 1.1 - WCAG 2.2 Level AA", "summary": "読み上げで読めます。",
    }  # fmt: skip
    factories.ebook(title, accessibility=facts)
    browse.get(f"/titles/{title.id}")
    text = browse.page.select_one("section[aria-labelledby=accessibility]").get_text(" ", strip=True)
    for words in ("アクセシブルEPUB", "目次、正しい読み上げ順", "WCAG 2.2 Level AA", "読み上げで読めます。"):
        assert words in text
    data = json.loads(browse.page.find("script", type="application/ld+json").string)
    assert data["accessibilityFeature"] == ["structuralNavigation", "tableOfContents", "readingOrder"]


@pytest.fixture
def desk(browse, db):
    browse.be(factories.staff("desk", login="suzuki"))
    factories.branch("本館")
    return browse


def test_the_desk_ticks_formats_and_what_is_refused_stays_ticked(desk, editions):
    address = f"/desk/titles/{editions[0].id}/edit"
    desk.get(address)
    typed = desk.form(address) | {"format": ["ll", "nonsense"], "accessibility": "ふりがな付き"}
    assert desk.post(address, typed | {"title": ""}).status_code == 422
    assert [each["value"] for each in desk.page.select("input[name=format][checked]")] == ["ll"]
    desk.get(desk.post(address, typed).location)
    row = Title.get_by_id(editions[0].id)
    assert (row.formats, row.accessibility, row.edited) == ("ll", "ふりがな付き", True)
    assert "LLブック" in desk.text() and "ふりがな付き" in desk.text()


def test_a_record_typed_by_hand_tells_its_format_by_its_words(desk):
    desk.get("/desk/titles/new")
    typed = {"title": "海辺の町", "series": "大活字本シリーズ", "format": ["daisy"]}
    desk.post("/desk/titles/new", desk.form("/desk/titles/new") | typed)
    assert Title.get().formats == "large-print daisy"
