"""開館時間: what a librarian writes, what a file says, and what pages show of it."""

from datetime import date

import pytest

from library import errors
from library.calendar import hours
from tests import factories

MORNING, AFTERNOON, SHORT = ["9:30", "12:00"], ["13:00", "17:00"], ["10:00", "15:00"]
DAY = [["9:30", "19:00"]]


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("", []),
        ("9:30-19:00", DAY),
        ("９：３０〜１９：００", DAY),
        ("9時半から19時まで", DAY),
        ("9:30-12:00、13:00-17:00", [MORNING, AFTERNOON]),
        ("9:30-12:00・13-17", [MORNING, AFTERNOON]),
        ("13:00-17:00、9:30-12:00", [MORNING, AFTERNOON]),
        ("0:00-24:00", [["0:00", "24:00"]]),
    ],
)
def test_a_day_is_read_as_people_write_it(text, spans):
    assert hours.spans(text) == spans


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("朝から", errors.HoursUnreadable),
        ("9:30", errors.HoursUnreadable),
        ("25:00-26:00", errors.HoursUnreadable),
        ("9:61-10:00", errors.HoursUnreadable),
        ("19:00-9:30", errors.HoursBackwards),
        ("9:00-12:00、11:00-17:00", errors.HoursOverlap),
        ("13:00-17:00、9:00-13:30", errors.HoursOverlap),
        ("9-10、11-12、13-14", errors.HoursTooMany),
    ],
)
def test_a_text_that_is_no_span_of_a_day_is_refused(text, refusal):
    with pytest.raises(refusal):
        hours.spans(text)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("9:30", "9:30"),
        ("９：３０", "9:30"),
        ("9時半", "9:30"),
        ("930", "9:30"),
        ("1900", "19:00"),
        ("9", "9:00"),
        ("24:00", "24:00"),
    ],
)
def test_a_time_is_read_as_people_write_it(text, read):
    assert hours.time(text) == read


@pytest.mark.parametrize("text", ["朝", "25:00", "9:61", "9:30-12:00", "休館", "09300"])
def test_a_text_that_is_no_time_is_refused(text):
    with pytest.raises(errors.TimeUnreadable):
        hours.time(text)


@pytest.mark.parametrize(
    "text",
    [
        "月-金 9:30-19:00; 土日祝 10-15",
        "平日：９時３０分〜１９時／土・日・祝日 10:00～15:00",
        "月曜日から金曜日 9時半から19時まで。土曜日、日曜日、祝日 10時から15時",
    ],
)
def test_a_cell_says_the_hours_of_the_week(text):
    week = hours.parse(text)
    assert [week[day] for day in "01234"] == [DAY] * 5
    assert [week[day] for day in "567"] == [[SHORT]] * 3


def test_a_cell_without_days_holds_every_weekday_and_days_can_go_round_the_week():
    assert hours.parse("9:30-19:00") == hours.every_day("9:30", "19:00")
    assert sorted(hours.parse("金-月 9:30-19:00")) == ["0", "4", "5", "6"]


@pytest.mark.parametrize("text", ["月-金 9:30-19:00; そのほか", "開館", "月 9:30"])
def test_a_cell_of_which_a_part_cannot_be_read_is_refused_whole(text):
    with pytest.raises(errors.HoursUnreadable):
        hours.parse(text)


def test_pages_put_days_of_the_same_hours_together(db):
    week = hours.parse("月-金 9:30-19:00; 土日祝 10-15")
    assert hours.in_general(factories.branch(hours=week, closed_weekdays="0")) == [
        "火〜金 9:30–19:00",
        "土・日・祝日 10:00–15:00",
    ]
    assert hours.in_general(factories.branch(hours=hours.every_day("9:30", "19:00"))) == ["9:30–19:00"]
    assert hours.in_general(factories.branch()) == []


def test_a_holiday_has_its_own_hours_and_else_those_of_the_weekday(db):
    holiday, wednesday = date(2026, 11, 23), date(2026, 11, 25)
    own = factories.branch(hours=hours.parse("月-日 9:30-12:00、13-17; 祝 10-15"))
    assert (hours.text_on(own, wednesday), hours.text_on(own, holiday)) == ("9:30–12:00・13:00–17:00", "10:00–15:00")
    assert hours.text_on(factories.branch(hours=hours.every_day("9:30", "19:00")), holiday) == "9:30–19:00"
    assert hours.text_on(factories.branch(), wednesday) == ""
