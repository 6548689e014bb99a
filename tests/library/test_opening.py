"""The calendar, by hand: each row is a day that somebody looked up."""

import gettext
from datetime import date, timedelta

import jpholiday
import pytest

from library import clock, errors, policy
from library.calendar import closing_rules, icalendar, opening
from library.calendar.opening import Calendar
from library.language import languages
from models import ClosedDay, ClosingRule
from tests import factories

D = date.fromisoformat

JAPANESE = languages.Language(languages.JAPANESE, gettext.NullTranslations)


def made(weekdays="0", rules=("最終木曜", "12/29-1/3"), closed=(), opened=(), shifts=True):
    singles = dict.fromkeys(map(D, closed), False) | dict.fromkeys(map(D, opened), True)
    return Calendar("本館", weekdays, shifts, tuple(map(closing_rules.parse, rules)), singles)


USUAL = made()
PLAIN = made(shifts=False, rules=())
THREE_WEEKS = tuple(str(D("2027-02-01") + timedelta(days=n)) for n in range(21))
STOCKTAKING = made(closed=THREE_WEEKS)
EXCEPTION = made(opened=("2026-12-28", "2026-12-31", "2027-01-01"))
BOTH = made(closed=("2026-12-02", "2026-12-03"), opened=("2026-12-07",))
THURSDAYS = made(weekdays="3", rules=("第2・4水曜",))
TWO_DAYS = made(weekdays="01", rules=("月末", "毎月15日"))
NEVER = made(weekdays="0123456", shifts=False)

OPEN_OR_CLOSED = [
    # Monday closed; a holiday moves it to the next weekday that is none
    (USUAL, "2026-05-04", True), (USUAL, "2026-05-05", True), (USUAL, "2026-05-06", True), (USUAL, "2026-05-07", False),
    (USUAL, "2026-05-08", True), (USUAL, "2026-09-21", True), (USUAL, "2026-09-22", True), (USUAL, "2026-09-23", True),
    (USUAL, "2026-09-24", False), (USUAL, "2026-09-25", True), (USUAL, "2026-11-23", True),
     (USUAL, "2026-11-24", False),
    (USUAL, "2027-03-22", True), (USUAL, "2027-03-23", False), (USUAL, "2027-03-24", True),
     (USUAL, "2026-11-30", False),
    (USUAL, "2026-11-29", True), (USUAL, "2026-10-12", True), (USUAL, "2026-10-13", False),
    # without moving, a holiday is a Monday like any other
    (PLAIN, "2026-11-23", False), (PLAIN, "2026-11-24", True), (PLAIN, "2026-05-07", True),
    # last Thursday, and none of the others
    (USUAL, "2026-11-26", False), (USUAL, "2026-11-19", True), (USUAL, "2026-12-24", True),
     (USUAL, "2026-12-31", False),
    (USUAL, "2027-02-25", False),
    # the turn of the year, both ends
    (USUAL, "2026-12-28", False), (USUAL, "2026-12-29", False), (USUAL, "2027-01-03", False),
     (USUAL, "2027-01-04", False),
    (USUAL, "2027-01-05", True), (USUAL, "2026-01-03", False), (USUAL, "2026-01-04", True),
    # an exceptional opening beats the week, the range and the last Thursday; a single closure the week's open days
    (EXCEPTION, "2026-12-28", True), (EXCEPTION, "2026-12-31", True), (EXCEPTION, "2027-01-01", True),
     (EXCEPTION, "2027-01-02", False),
    (BOTH, "2026-12-02", False), (BOTH, "2026-12-07", True), (BOTH, "2026-12-14", False),
    # second and fourth Wednesday; a Thursday of holiday moves to Friday
    (THURSDAYS, "2026-11-11", False), (THURSDAYS, "2026-11-25", False), (THURSDAYS, "2026-11-18", True),
     (THURSDAYS, "2026-11-26", False),
    (THURSDAYS, "2026-04-29", True), (THURSDAYS, "2027-02-11", True), (THURSDAYS, "2027-02-12", False),
    # the end of the month, long and short, and a day of each
    (TWO_DAYS, "2027-02-28", False), (TWO_DAYS, "2028-02-29", False), (TWO_DAYS, "2028-02-28", False),
     (TWO_DAYS, "2026-12-15", False),
    (TWO_DAYS, "2026-12-16", True), (TWO_DAYS, "2026-05-06", True),
]  # fmt: skip


@pytest.mark.parametrize(("calendar", "day", "is_open"), OPEN_OR_CLOSED)
def test_open_or_closed(calendar, day, is_open):
    assert calendar.is_open(D(day)) is is_open


DUE = [  # lent on, due on: 14 days, then the next open day
    (USUAL, "2026-11-25", "2026-12-09"),
    (USUAL, "2026-11-16", "2026-12-01"),  # a Monday
    (USUAL, "2026-11-12", "2026-11-27"),  # the last Thursday
    (USUAL, "2026-11-10", "2026-11-25"),  # Tuesday after a holiday
    (USUAL, "2026-12-13", "2026-12-27"),
    (USUAL, "2026-12-14", "2027-01-05"),  # across New Year, whose 4th is a Monday
    (USUAL, "2026-12-15", "2027-01-05"),
    (USUAL, "2026-12-21", "2027-01-05"),
    (USUAL, "2026-12-22", "2027-01-05"),
    (USUAL, "2026-12-23", "2027-01-06"),
    (STOCKTAKING, "2027-01-17", "2027-01-31"),
    (STOCKTAKING, "2027-01-19", "2027-02-23"),  # three weeks, then a Monday
    (STOCKTAKING, "2027-02-09", "2027-02-23"),
    (EXCEPTION, "2026-12-14", "2026-12-28"),
    (EXCEPTION, "2026-12-16", "2026-12-31"),
    (EXCEPTION, "2026-12-19", "2027-01-05"),
    (PLAIN, "2026-11-09", "2026-11-24"),
    (BOTH, "2026-11-18", "2026-12-04"),
]


@pytest.mark.parametrize(("calendar", "lent", "due"), DUE)
def test_due_dates(calendar, lent, due):
    assert calendar.next_open_day(D(lent) + timedelta(days=14)) == D(due)


SHELF = [  # told on, open days, the last day
    (USUAL, "2026-11-25", 7, "2026-12-04"),  # not 26 (stocktaking), not 30 (Monday)
    (USUAL, "2026-11-25", 1, "2026-11-27"),
    (USUAL, "2026-11-25", 0, "2026-11-25"),
    (USUAL, "2026-12-25", 7, "2027-01-09"),
    (STOCKTAKING, "2027-01-31", 7, "2027-03-03"),
    (BOTH, "2026-12-01", 3, "2026-12-06"),
    (EXCEPTION, "2026-12-27", 2, "2026-12-31"),
]


@pytest.mark.parametrize(("calendar", "told", "days", "last"), SHELF)
def test_deadlines_count_open_days(calendar, told, days, last):
    assert calendar.after_open_days(D(told), days) == D(last)


def test_a_branch_that_never_opens_is_reported_and_searched_for_a_year_only():
    with pytest.raises(errors.NeverOpen) as refused:
        NEVER.next_open_day(D("2026-11-25"))
    assert "本館" in refused.value.sentence
    with pytest.raises(errors.NeverOpen):
        NEVER.after_open_days(D("2026-11-25"), 7)


def test_seven_weekdays_with_shift_still_open_on_holidays_alone():
    found = made(weekdays="0123456", rules=()).next_open_day(D("2026-11-25"))
    assert jpholiday.is_holiday(found)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("第３水曜日", "第3水曜"), ("第1・第3 水曜", "第1・第3水曜"), ("第4,2月曜", "第2・第4月曜"), ("最終木曜日", "最終木曜"), ("毎月末日", "月末"),
        ("毎月15日", "毎月15日"), ("12/29〜1/3", "12/29-1/3"), ("12月29日から1月3日", "12/29-1/3"), ("8月6日", "8/6"), ("１／１", "1/1"),
    ],
)  # fmt: skip
def test_rules_are_read_as_librarians_write_them(written, read):
    assert closing_rules.parse(written).text == read
    assert closing_rules.parse(read).text == read


@pytest.mark.parametrize(
    "text", ["", "第6水曜", "毎週水曜", "毎月32日", "2/30", "13/1", "12/29-1/32", "最終", "第水曜", "毎月0日"]
)
def test_a_text_that_is_no_rule_is_refused(text):
    with pytest.raises(errors.ClosingRuleUnreadable):
        closing_rules.parse(text)


def test_a_leap_day_is_a_day_of_the_year():
    assert closing_rules.parse("2/29").matches(D("2028-02-29"))


# -- as the library has them -----------------------------------------------------------------------------------------
def test_a_branch_has_its_own_rules_and_those_of_all(db):
    main, other = factories.branch("本館", closed_weekdays="0"), factories.branch("東部")
    ClosingRule.create(branch=None, rule="12/29-1/3")
    ClosingRule.create(branch=other, rule="第3水曜")
    ClosedDay.create(branch=main, day=D("2026-12-30"), open=True)
    assert opening.open_branches([main, other], D("2026-12-30")) == [main]
    assert opening.open_branches([main, other], D("2026-12-16")) == [main]
    assert opening.open_branches([main, other], D("2026-12-14")) == [other]
    assert opening.next_open_day(other, D("2026-12-29")) == D("2027-01-04")
    assert opening.closed_days_between(main, D("2026-12-27"), D("2027-01-01")) == [
        D("2026-12-28"), D("2026-12-29"), D("2026-12-31"), D("2027-01-01")
    ]  # fmt: skip


def test_holidays_stay_where_they_are_if_the_library_says_so(db):
    main = factories.branch("本館", closed_weekdays="0")
    assert opening.is_open(main, D("2026-11-23"))
    policy.put("holidays_shift", False)
    assert not opening.is_open(main, D("2026-11-23"))


def test_the_calendar_of_a_branch_is_a_feed(db):
    main = factories.branch("本館", code="01", closed_weekdays="0")
    ClosingRule.create(branch=main, rule="12/29-1/3")
    text = icalendar.for_branch(main, "本館", JAPANESE, today=D("2026-12-26"), now=clock.at(D("2026-12-26"), 9))
    assert text.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n") and text.endswith("END:VCALENDAR\r\n")
    assert "UID:closed-01-20261228@madoguchi\r\n" in text
    assert "DTSTART;VALUE=DATE:20261228\r\nDTEND;VALUE=DATE:20270105\r\n" in text
    assert "SUMMARY:休館（本館）\r\n" in text and "DTSTAMP:20261226T000000Z\r\n" in text


def test_lines_of_a_feed_are_short_and_its_signs_harmless():
    event = icalendar.Event("a", D("2026-12-26"), D("2026-12-26"), "とても長い名前、" * 12 + "a;b,c\\d\r\nX-EVIL:1")
    text = icalendar.text("暦", [event], now=clock.at(D("2026-12-26")))
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "\r\nX-EVIL" not in text and "a\\;b\\,c\\\\d" in text.replace("\r\n ", "")


def test_the_closest_row_of_the_policy_holds(db):
    assert policy.lending("一般", "図書") | {"cart_limit": 10} == {
        "lendable": True, "holdable": True, "loan_limit": 10, "loan_days": 14, "renewals": 1, "hold_limit": 10,
        "cart_limit": 10,
        "shelf_days": 7,
    }  # fmt: skip
    policy.put_row("児童", "", loan_limit=5, renewals=0)
    policy.put_row("", "DVD", loan_days=7, loan_limit=2, renewals=2)
    policy.put_row("児童", "DVD", lendable=False)
    assert policy.lending("児童", "図書")["loan_limit"] == 5
    assert policy.lending("一般", "DVD")["loan_days"] == 7
    child = policy.lending("児童", "DVD")
    assert (child["lendable"], child["loan_days"], child["renewals"]) == (False, 7, 2)
    assert policy.read().type_limit("loan_limit", "一般", "DVD") == 2
    assert policy.read().type_limit("loan_limit", "児童", "図書") is None
    policy.put_row("児童", "", loan_limit=6)
    assert policy.lending("児童")["loan_limit"] == 6


def test_every_holiday_of_the_calendar_has_a_name_to_translate():
    named = {name.partition(" ")[0] for year in range(2022, 2051) for _, name in jpholiday.year_holidays(year)}
    assert named == set(opening.HOLIDAYS)


def test_a_substitute_holiday_names_its_holiday():
    substitute = opening.holiday(D("2027-03-22"))
    assert (str(substitute), substitute.facts) == ("春分の日 振替休日", {"holiday_word": "春分の日"})
