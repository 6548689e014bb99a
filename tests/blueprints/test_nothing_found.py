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
