"""A search that finds nothing shows what is lent much now."""

import pytest

from models import Ranking
from tests import factories


@pytest.fixture
def lent(db):
    titles = [factories.catalogued(f"本{number}", copies=1) for number in range(20)]
    for place, title in enumerate(titles, start=1):
        Ranking.create(name="loans", span="half", audience="", place=place, title=title)
    return titles


def test_the_first_of_the_ranking_stand_on_a_shelf(browse, lent):
    browse.get("/search?q=これはない")
    backs = [link["href"] for link in browse.page.select("ol.spines a")]
    assert backs == [f"/titles/{title.id}" for title in lent[:16]]
    assert browse.page.find("a", string="貸出ベスト30")["href"] == "/rankings/loans"
    assert browse.page.find("a", string="新着図書")["href"] == "/new"


def test_where_nothing_is_lent_the_lists_are_named(browse, db):
    browse.get("/search?q=これはない")
    assert not browse.page.select("ol.spines")
    assert browse.page.find("a", string="貸出ベスト30を見る")["href"] == "/rankings/loans"


def test_titles_found_by_near_words_are_shown_with_all_other_ways(browse, db):
    title = factories.catalogued("舟を編む", by=None, title_kana="フネ オ アム", copies=1)
    browse.get("/search?q=船を編む")
    assert browse.page.h1.get_text(" ", strip=True) == "「舟を編む」の検索結果 1件"
    assert "「船を編む」は見つかりませんでした。近い言葉で探した結果です。" in browse.page.main.get_text()
    assert browse.page.select_one(f'main a[href^="/titles/{title.id}"]')
    assert browse.page.find("h2", string="言葉ごとの件数") and browse.page.find(
        "h2", string="この図書館にないかもしれません"
    )
    assert browse.page.find("input", {"name": "q"})["value"] == "船を編む"
