"""The page of a title says what is in the book, and where its reading comes from."""

from library.catalog.records import WORK, OtherTitle
from tests import factories


def headings(browse):
    return [each.get_text(strip=True) for each in browse.page.find("main").select("summary h2")]


def listed(browse, heading):
    return [each.get_text(strip=True) for each in browse.page.select(f"details:has(#{heading}) li")]


def test_contents_and_works_stand_under_headings_of_their_own(browse):
    names = [OtherTitle("別書名", "海の話"), OtherTitle(WORK, "赤い舟", "アカイ フネ"), OtherTitle(WORK, "白い舟")]
    row = factories.catalogued("二つの話", names=names, contents="赤い舟\n第1章 風\n第2章 波")
    browse.get(f"/titles/{row.id}")
    assert {"内容", "収録作品"} <= set(headings(browse))
    assert listed(browse, "contents") == ["第1章 風", "第2章 波"]
    assert listed(browse, "works") == ["赤い舟", "白い舟"]
    facts = browse.page.select_one(".title-record").get_text(" ", strip=True)
    assert "別書名 海の話" in facts
    assert "赤い舟" not in facts


def test_contents_are_folded_with_their_number(browse):
    row = factories.catalogued("長い本", contents="\n".join(f"第{number}章" for number in range(1, 31)))
    browse.get(f"/titles/{row.id}")
    assert len(listed(browse, "contents")) == 30
    assert "内容（30行）" in [each.get_text(strip=True) for each in browse.page.select("summary")]
    assert browse.page.select_one(".title-summary") is None


def test_a_summary_stands_under_the_title(browse):
    row = factories.catalogued("海の本", contents="第1章 風\n海辺の町で暮らす姉妹の一年を描く。")
    browse.get(f"/titles/{row.id}")
    assert browse.page.select_one(".title-head .title-summary").get_text() == "海辺の町で暮らす姉妹の一年を描く。"


def test_a_title_without_them_has_no_headings(browse):
    browse.get(f"/titles/{factories.catalogued('こころ').id}")
    assert not {"内容", "収録作品"} & set(headings(browse))


def test_a_reading_that_was_made_of_romaji_says_so(browse):
    made = factories.catalogued("坂の町", title_kana="サカ ノ マチ", title_latin="Saka no machi", kana_source="romaji")
    given = factories.catalogued("海の町", title_kana="ウミ ノ マチ", title_latin="Umi no machi")
    browse.get(f"/titles/{made.id}")
    assert "サカ ノ マチ （読みはローマ字から作成）" in " ".join(browse.text().split())
    browse.get(f"/titles/{given.id}")
    assert "ローマ字から作成" not in browse.text()
