"""いま開いているか、この一週間."""

from datetime import date

import pytest

from library import clock
from library.calendar import hours, open_now, opening
from library.calendar.open_now import Now
from tests import factories

WEDNESDAY, MONDAY = date(2026, 11, 25), date(2026, 11, 30)
WRITTEN = "月-金 9:30-12:00、13:00-19:00; 土日祝 9:30-17:00"


def at(day, hour, minute=0, written=WRITTEN, **branch):
    row = factories.branch(hours=hours.parse(written) if written else {}, closed_weekdays="0", **branch)
    return open_now.state(row, opening.calendar_of(row), now=clock.at(day, hour, minute))


@pytest.mark.parametrize(
    ("hour", "minute", "now"),
    [
        (9, 0, Now("later", "9:30", 30)),
        (9, 30, Now("open", "12:00", 150)),
        (12, 0, Now("later", "13:00", 60)),
        (18, 59, Now("open", "19:00", 1)),
        (19, 0, Now("over", "9:30", next_day=date(2026, 11, 26))),
    ],
)
def test_a_branch_is_open_from_the_minute_that_it_opens_until_that_of_its_end(db, hour, minute, now):
    assert at(WEDNESDAY, hour, minute) == now


def test_on_a_closed_day_the_next_open_one_is_told(db):
    assert at(MONDAY, 10) == Now("shut", "9:30", next_day=date(2026, 12, 1))


def test_a_branch_that_never_opens_has_no_next_day(db):
    row = factories.branch(closed_weekdays="0123456")
    shut = opening.calendar_of(row).with_days([date.fromordinal(MONDAY.toordinal() + far) for far in range(400)])
    assert open_now.state(row, shut, now=clock.at(MONDAY, 10)) == Now("shut")


def test_without_written_hours_an_open_day_is_all_that_is_known(db):
    assert at(WEDNESDAY, 10, written="") == Now("day")


def test_a_week_tells_closed_and_short_days_with_weekends_and_holidays(db):
    row = factories.branch(hours=hours.parse(WRITTEN), closed_weekdays="0")
    week = open_now.week(row, opening.calendar_of(row), today=date(2026, 11, 20))
    assert [(day.day.day, day.kind, day.weekend) for day in week] == [
        (20, "open", ""),
        (21, "short", "sat"),
        (22, "short", "sun"),
        (23, "short", "sun"),  # a holiday: open
        (24, "shut", ""),  # closed for it
        (25, "open", ""),
        (26, "open", ""),
    ]
    assert week[0].spans == ("9:30–12:00", "13:00–19:00") and week[4].spans == ()
    assert [day.holiday for day in week if day.holiday] == ["勤労感謝の日"]
