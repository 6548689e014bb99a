"""開館時間 of a week, as the page of a branch asks for them."""

import pytest

from library import errors
from library.calendar import hours
from library.site import week
from tests import factories

EMPTY = {name: "" for day in hours.DAYS for names in week.spans(day) for name in names}
EMPTY |= {week.closed(day): False for day in week.WEEKDAYS}


def times_of(day, *times):
    """Return the fields of a day with these times, in their order."""
    return dict(zip([name for names in week.spans(day) for name in names], times, strict=False))


def test_two_spans_a_day_and_the_closed_weekdays_are_read():
    typed = (
        EMPTY
        | times_of("1", "9:30", "12時", "1300", "17:00")
        | times_of("2", "", "", "13", "17")
        | times_of("7", "10", "15")
    )
    assert week.read(typed | {"closed_0": True}) == {
        "hours": {"1": [["9:30", "12:00"], ["13:00", "17:00"]], "2": [["13:00", "17:00"]], "7": [["10:00", "15:00"]]},
        "closed_weekdays": "0",
    }
    assert week.read(EMPTY) == {"hours": {}, "closed_weekdays": ""}


def test_a_closed_weekday_keeps_its_hours_for_the_days_on_which_it_opens():
    read = week.read(EMPTY | times_of("0", "10", "15") | {"closed_0": True})
    assert (read["hours"], read["closed_weekdays"]) == ({"0": [["10:00", "15:00"]]}, "0")


@pytest.mark.parametrize(
    ("times", "field", "refusal"),
    [
        (("9:30",), "closes_3_1", errors.HoursHalf),
        (("", "", "", "17:00"), "opens_3_2", errors.HoursHalf),
        (("朝", "17:00"), "opens_3_1", errors.TimeUnreadable),
        (("9:30", "25時"), "closes_3_1", errors.TimeUnreadable),
        (("19:00", "9:30"), "closes_3_1", errors.HoursBackwards),
        (("9:30", "9:30"), "closes_3_1", errors.HoursBackwards),
        (("9:30", "13:00", "12:00", "17:00"), "opens_3_2", errors.HoursOverlap),
        (("9:30", "12:00", "17:00", "13:00"), "closes_3_2", errors.HoursBackwards),
    ],
)
def test_a_text_that_is_no_span_is_refused_at_its_field(times, field, refusal):
    with pytest.raises(errors.RefusedTogether) as refused:
        week.read(EMPTY | times_of("3", *times))
    assert [(name, type(found[0])) for name, found in refused.value.by_field.items()] == [(field, refusal)]


def test_a_branch_is_shown_as_it_would_be_read(db):
    stored = {
        "hours": {"1": [["9:30", "12:00"], ["13:00", "17:00"]], "7": [["10:00", "15:00"]]},
        "closed_weekdays": "06",
    }
    assert week.read(EMPTY | week.shown(factories.branch(**stored))) == stored


def test_the_hours_of_the_first_weekday_go_to_those_that_have_none():
    typed = EMPTY | times_of("1", "9時半", "12:00", "13:00", "17:00") | times_of("5", "10", "15") | {"closed_0": True}
    filled = week.spread(typed)
    assert {name.split("_")[1] for name in filled} == {"2", "3", "4", "6"}, "not Monday, which is closed, not holidays"
    assert filled["opens_2_1"] == "9時半" and filled["closes_6_2"] == "17:00"
    assert week.spread(EMPTY) == {}
