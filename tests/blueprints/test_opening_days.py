"""開館カレンダー, as anybody sees it."""

from datetime import date

import pytest

from library.calendar import hours
from models import ClosedDay
from tests import factories


@pytest.fixture
def branch(app):
    return factories.branch("本館", code="H", closed_weekdays="0", hours=hours.every_day("9:30", "19:00"), position=0)


def closed(browse):
    return [cell.find("time")["datetime"] for cell in browse.page.select("td.calendar-closed")]


def test_a_month_shows_closed_days_in_words_with_the_holiday_rule(browse, branch):
    browse.get("/calendar/H")
    assert "開館カレンダー 本館 2026年11月" in browse.text() and "9:30–19:00" in browse.text()
    # the 23rd is a holiday: open, and closed on the next weekday
    assert closed(browse) == ["2026-11-02", "2026-11-09", "2026-11-16", "2026-11-24", "2026-11-30"]
    assert "祝日：11月3日(火)文化の日、11月23日(月)勤労感謝の日" in browse.text().replace(" ", "")
    assert [cell.find("time").get_text() for cell in browse.page.select("td.calendar-sat")] == ["7", "14", "21", "28"]
    today = browse.page.select_one("td.calendar-today")
    assert today.find("time")["datetime"] == "2026-11-25" and "今日" in today.get_text()
    assert "休館" in browse.page.select_one("td.calendar-closed").get_text()


def test_the_months_beside_are_a_link_away_and_far_ones_are_not_shown(browse, branch):
    browse.get("/calendar/H?month=2027-11")
    assert browse.page.find("a", rel="next") is None
    browse.get(browse.page.find("a", rel="prev")["href"])
    assert "2027年10月" in browse.text()
    for odd in ("2031-01", "2026-13", "x", "0000-01"):
        browse.get(f"/calendar/H?month={odd}")
        assert "2026年11月" in browse.text()


def test_the_first_branch_is_shown_where_none_is_named(browse, branch):
    factories.branch("東部", code="E", position=5)
    browse.get("/calendar")
    assert "本館" in browse.page.find("h1").get_text()
    browse.get(browse.page.find("a", string="東部")["href"])
    assert "東部" in browse.page.find("h1").get_text()


def test_a_library_without_branches_has_no_calendar(browse, app):
    assert browse.get("/calendar").status_code == 404


def test_the_feed_tells_the_closed_days(browse, branch):
    ClosedDay.create(branch=branch, day=date(2026, 12, 1))
    answer = browse.client.get("/calendar/H.ics")
    assert answer.mimetype == "text/calendar"
    assert "DTSTART;VALUE=DATE:20261130\r\nDTEND;VALUE=DATE:20261202" in answer.text
