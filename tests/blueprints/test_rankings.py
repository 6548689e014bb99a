"""貸出ベスト30, 予約ベスト30: the pages."""

from datetime import date, timedelta

import pytest

from library import clock
from library.discovery import rankings
from models import Loan, Ranking
from tests import factories
from tests.pages import HTMX


@pytest.fixture
def lent(app):
    """こころ before 門, which is for children, a hundred days ago; three wait for 草枕."""
    day = clock.today() - timedelta(days=100)
    for name, audience, times in (("こころ", "一般", 4), ("門", "児童", 3)):
        item = factories.catalogued(name, copies=1, audience=audience).items.get()
        given = {"item": item, "branch": item.branch, "lent_on": day, "due_on": day, "returned_on": day}
        Loan.insert_many([given] * times).execute()
    wanted = factories.catalogued("草枕", copies=1)
    for _ in range(3):
        factories.hold(factories.patron(), wanted)
    rankings.prepare(now=clock.now())
    return wanted


def ranked(browse):
    return [
        (row.select_one(".ranks-number").get_text().split()[0], row.select_one(".row-title").get_text(strip=True))
        for row in browse.page.select("ol.top-three > li, ol.ranks > li")
    ]


def test_titles_stand_in_their_order_with_their_state_and_the_one_action(browse, lent):
    browse.get("/rankings/loans")
    assert browse.page.h1.get_text() == "貸出ベスト30"
    assert ranked(browse) == [("1位", "こころ"), ("2位", "門")]
    row = browse.page.select_one("ol.top-three > li")
    assert row.select_one(".cover") and "在架" in row.get_text()
    assert row.find("button", {"aria-label": "「こころ」を予約かごに入れる"})
    assert "回" not in browse.page.select_one("ol.top-three").get_text()  # how often stays untold


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("/rankings/loans?span=month", []),
        ("/rankings/loans?span=year", ["こころ", "門"]),
        ("/rankings/loans?audience=adult", ["こころ"]),
        ("/rankings/loans?span=year&audience=child", ["門"]),
        ("/rankings/loans?span=ever&audience=cats", ["こころ", "門"]),
        ("/rankings/holds", ["草枕"]),
        ("/rankings/holds?audience=child", []),
    ],
)
def test_one_chooses_the_time_and_the_kind(browse, lent, address, names):
    browse.get(address)
    assert [name for _, name in ranked(browse)] == names
    chosen = [link.get_text() for link in browse.page.main.select("a[aria-current]")]
    assert len(chosen) == 2
    assert bool(browse.page.select(".empty")) == (not names)


def test_three_stand_large_and_the_others_in_rows_each_with_its_move(browse, db):
    for number, before in enumerate((3, 2, 1, 0, None), 1):
        title = factories.catalogued(f"本{number}", copies=1)
        Ranking.create(name="loans", span="half", audience="", place=number, title=title, before=before)
    browse.get("/rankings/loans")
    assert len(browse.page.select("ol.top-three > li.top .cover-large")) == 3
    assert len(browse.page.select('ol.ranks[start="4"] > li .cover-small')) == 2
    assert [each.get_text().strip() for each in browse.page.select(".ranks-number")] == [
        "1位 ▲2先月3位から上がって",
        "2位 －先月と同じ",
        "3位 ▼2先月1位から下がって",
        "4位 ◆初初登場",
        "5位",
    ]
    assert [each["class"] for each in browse.page.select(".ranks-number > span:last-child")] == [
        ["move-up"], ["move-same"], ["move-down"], ["move-new"], ["ranks-word"]
    ]  # fmt: skip
    assert "先月の終わりの順位との差" in browse.page.main.get_text()
    assert all(row.select_one(".row-do .mark") for row in browse.page.select("ol.top-three > li, ol.ranks > li"))


def test_the_page_tells_which_days_are_counted_and_leads_to_the_other_list(browse, db, monkeypatch):
    monkeypatch.setattr(clock, "today", lambda: date(2026, 11, 28))
    browse.get("/rankings/loans?span=month")
    assert browse.page.select_one(".page-head p").get_text() == "2026年11月1日(日)〜2026年11月27日(金)"
    assert browse.page.select_one(".tabs").find("a", string="予約ベスト30")["href"] == "/rankings/holds"
    browse.get("/rankings/holds?span=month")
    assert "2026年11月28日(土)" in browse.page.select_one(".page-head p").get_text()


def test_an_empty_list_says_so(browse, db):
    browse.get("/rankings/loans")
    assert "3回以上借りられた資料は、まだありません" in browse.page.main.get_text()
    browse.get("/rankings/holds")
    assert "3人以上が待っている資料は、いまありません" in browse.page.main.get_text()


def test_a_patron_who_is_signed_in_can_reserve_at_once_and_finds_the_state(signed_in, lent):
    signed_in.get("/rankings/holds")
    assert "予約 3人待ち" in signed_in.page.main.get_text() or "在架" in signed_in.page.main.get_text()
    assert signed_in.page.select_one("form[action='/my/cart/titles']")


def test_the_fragment_is_the_main_part(browse, lent):
    part = browse.client.get("/rankings/loans", headers=HTMX).text
    assert "<html" not in part and "貸出ベスト30" in part


def test_another_list_is_not_there(browse, db):
    assert browse.client.get("/rankings/cats").status_code == 404


def test_the_front_page_leads_there(browse, db):
    browse.get("/")
    links = {link.get_text(strip=True): link["href"] for link in browse.page.select(".ways a")}
    assert list(links)[:3] == ["新着図書", "貸出ベスト30", "予約ベスト30"]
    assert [browse.client.get(address).status_code for address in links.values()] == [200] * len(links)


def test_thirty_long_titles_stay_below_the_size_of_a_page(browse, db):
    for number in range(30):
        title = factories.catalogued(
            f"{number:02}長い書名の本の上巻と下巻と別冊と索引", copies=3, publisher="長い名前の出版社", year=2020
        )
        Ranking.create(name="loans", span="half", audience="", place=number + 1, title=title)
    answer = browse.get("/rankings/loans")
    assert len(ranked(browse)) == 30 and len(answer.data) < 60_000
