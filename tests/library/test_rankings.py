"""貸出ベスト, 予約ベスト: the lists, and that nothing can be learned of a reader from them, nor from their differences."""

import random
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given, strategies as st

from library import clock
from library.discovery import rankings
from models import Hold, Item, Loan, Ranking, RankingOfMonth
from tests import factories

NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)
TODAY = date(2026, 11, 25)
MONTH, HALF, YEAR = date(2026, 11, 1), TODAY - timedelta(days=182), TODAY - timedelta(days=365)
FIRSTS = {"year": YEAR, "half": HALF, "month": MONTH}
SMALL = {1, 2}


def lend(title, day, times=1, **given):
    """Returned loans, cut from their patrons."""
    item = title.items.get_or_none() or factories.item(title)
    given = {"branch": item.branch, "age_group": "40-49"} | given
    Loan.insert_many(
        {"item": item, "lent_on": day, "due_on": day + timedelta(14), "returned_on": day, **given} for _ in range(times)
    ).execute()


def lists():
    """Every list: (name, span, audience) → titles."""
    rankings.prepare(now=NOW)
    return {key: rankings.best(key[0], span=key[1], audience=key[2]) for key in product(*_NAMES)}


_NAMES = (("loans", "holds"), rankings.SPANS, rankings.AUDIENCES)


def learned(sets, parts):
    """Return the number of loans in each set whose size follows from the sizes of ``sets`` by adding and taking away.
    A set is written as the numbers of its ``parts``; tried out, so that it leans on nothing of the proof.
    """
    found = set()
    for signs in product((-2, -1, 0, 1, 2), repeat=len(sets)):
        made = [sum(sign * (part in one) for sign, one in zip(signs, sets, strict=True)) for part in range(len(parts))]
        if set(made) == {0, 1} or set(made) == {1}:
            found.add(sum(size for size, there in zip(parts, made, strict=True) if there))
    return found


# -- the rule --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("counts", "whole", "told"),
    [
        ((2, 2, 2), None, [False, False, False]),
        ((3, 3, 3), None, [True, True, True]),
        ((5, 4, 3), None, [True, False, False]),
        ((6, 4, 3), None, [True, False, True]),
        ((9, 6, 3), None, [True, True, True]),
        ((9, 6, 2), None, [True, True, False]),
        ((3, 3, 0), 5, [False, False, False]),
        ((4, 4, 3), 4, [True, True, False]),
        ((5, 3, 0), 6, [False, True, False]),
    ],
)
def test_a_title_stands_only_where_it_tells_of_nobody(counts, whole, told):
    assert rankings.may_be_listed(counts, whole) == told


@given(st.lists(st.integers(0, 7), min_size=4, max_size=4), st.booleans())
def test_no_sum_or_difference_of_what_is_told_is_small(parts, whole_is_told):
    """``parts``: this month, what the half year has besides, what the year has, what is older."""
    counts = (sum(parts[:3]), sum(parts[:2]), parts[0])
    told = rankings.may_be_listed(counts, sum(parts) if whole_is_told else None)
    sets = [range(last) for last, may in zip((3, 2, 1), told, strict=True) if may]
    alone = (
        learned([range(4)], parts) if whole_is_told else set()
    )  # what the line alone tells is no matter of the lists
    assert not (learned(sets + [range(4)] * whole_is_told, parts) - alone) & SMALL


@given(st.lists(st.integers(0, 4), min_size=3, max_size=3))
def test_large_numbers_are_told(parts):
    parts = [size * 3 for size in parts]
    counts = (sum(parts), sum(parts[:2]), parts[0])
    assert rankings.may_be_listed(counts) == [count > 0 for count in counts]


# -- the lists -------------------------------------------------------------------------------------------------------
def test_in_no_library_do_the_lists_tell_of_fewer_than_three(db):
    chance = random.Random("rankings")
    titles = [factories.title(f"本{number}", audience="児童" if number % 2 else "一般") for number in range(6)]
    places = [factories.branch("本館"), factories.branch("東部")]
    days = (MONTH, TODAY - timedelta(1), HALF, MONTH - timedelta(1), YEAR, HALF - timedelta(1), YEAR - timedelta(1))
    shown_at_all = 0
    for _ in range(8):
        Loan.delete().execute()
        for title, day in product(titles, days):
            for _ in range(chance.choice((0, 0, 1, 2, 3))):
                lend(title, day, branch=chance.choice(places), age_group=chance.choice(("7-12", "40-49", "")))
        made = lists()
        for title in titles:
            times = [loan.lent_on for loan in Loan.select().join(Item).where(Item.title == title)]
            windows = [span for span in rankings.SPANS if title.id in made["loans", span, ""]]
            parts = [
                sum(day >= MONTH for day in times),
                sum(HALF <= day < MONTH for day in times),
                sum(YEAR <= day < HALF for day in times),
            ]
            assert not learned([range(3 - rankings.SPANS.index(span)) for span in windows], parts) & SMALL
            shown_at_all += len(windows)
    assert shown_at_all > 25


def test_borrowers_and_branches_change_nothing(db):
    chance = random.Random("ages")
    titles = [factories.title(f"本{number}", audience="児童" if number % 2 else "一般") for number in range(8)]
    other = factories.branch("東部")
    for title in titles:
        lend(title, MONTH, chance.randint(0, 6), age_group="7-12")
        lend(title, HALF, chance.randint(0, 6))
    before = lists()
    assert before["loans", "half", ""]
    Loan.update(age_group="65-", category="児童", branch=other).where(Loan.id.bin_and(1) == 0).execute()
    assert lists() == before


def test_a_title_stands_in_the_list_of_its_kind_exactly_where_it_stands_in_that_of_all(db):
    for number in range(50):
        lend(factories.title(f"本{number}", audience="児童" if number % 3 == 0 else "一般"), MONTH, 3 + number % 4)
    made = lists()
    assert len(made["loans", "month", ""]) == 30
    of_all = made["loans", "month", "adult"] + made["loans", "month", "child"]
    assert set(made["loans", "month", ""]) <= set(of_all) and len(made["loans", "month", "child"]) == 17
    for kind in ("adult", "child"):
        both = [title for title in made["loans", "month", ""] if title in made["loans", "month", kind]]
        assert made["loans", "month", kind][: len(both)] == both


def test_the_most_lent_comes_first_and_a_renewal_is_no_loan(db):
    often, seldom, renewed = (factories.title(name) for name in ("こころ", "門", "草枕"))
    lend(seldom, TODAY - timedelta(1), 3)
    lend(often, TODAY - timedelta(1), 4)
    lend(renewed, TODAY - timedelta(1), 2, renewals=2)
    assert lists()["loans", "month", ""] == [often.id, seldom.id]


def test_copies_of_a_title_count_together_and_what_is_out_counts(db):
    title, patron = factories.title(), factories.patron()
    for number in range(3):
        factories.loan(patron, item=factories.item(title), lent_on=MONTH + timedelta(number), due_on=TODAY)
    assert lists()["loans", "month", ""] == [title.id]


def test_a_loan_of_today_counts_tomorrow(db):
    title = factories.title()
    lend(title, TODAY, 3)
    assert not any(lists().values())
    rankings.prepare(now=NOW + timedelta(days=1))
    assert rankings.best("loans", span="month") == [title.id]


def test_a_list_counts_loans_of_whole_days_and_holds_up_to_now():
    first = date(2026, 11, 1)
    assert rankings.window("loans", "month", today=date(2026, 11, 28)) == (first, date(2026, 11, 27))
    assert rankings.window("holds", "month", today=date(2026, 11, 28)) == (first, date(2026, 11, 28))
    assert rankings.window("loans", "year", today=date(2026, 11, 28))[0] == date(2025, 11, 28)
    assert rankings.window("loans", "month", today=first) is None
    assert rankings.window("holds", "month", today=first) == (first, first)


def test_holds_are_of_those_who_wait_now(db):
    wanted, over = factories.title("こころ"), factories.title("門")
    for number in range(3):
        patron = factories.patron()
        factories.hold(patron, wanted, placed_at=NOW - timedelta(days=number))
        factories.hold(patron, over, placed_at=NOW - timedelta(days=number), state="collected")
    made = lists()
    assert made["holds", "month", "adult"] == made["holds", "year", ""] == [wanted.id]
    assert made["holds", "month", "child"] == made["loans", "year", ""] == []


def test_one_older_hold_hides_the_others_as_the_whole_line_is_told(db):
    title = factories.title()
    for days in (1, 1, 1, 200):
        factories.hold(factories.patron(), title, placed_at=NOW - timedelta(days=days))
    made = lists()
    assert made["holds", "year", ""] == [title.id] and made["holds", "half", ""] == made["holds", "month", ""] == []


def test_the_job_makes_the_lists_anew_and_no_number_is_kept(db):
    title = factories.title()
    lend(title, MONTH, 3)
    assert rankings.prepare(now=NOW) == {"titles": 1}
    known = {"name", "span", "audience", "place", "title", "before"}
    assert {field.name for field in Ranking._meta.sorted_fields} == known
    Loan.delete().execute()
    assert rankings.prepare(now=NOW) == {"titles": 0}
    assert not Ranking.select().exists() and not Hold.select().exists()
    assert "count" not in {field.name for field in RankingOfMonth._meta.sorted_fields}


# -- the month before ------------------------------------------------------------------------------------------------
def moves(span="month", name="loans"):
    rankings.prepare(now=NOW)
    return [(place.title, place.move, place.before, place.steps) for place in rankings.places(name, span=span)]


def test_a_place_is_compared_with_that_of_the_last_day_of_the_month_before(db):
    up, same, down, new = (factories.title(name) for name in ("上", "同", "下", "新"))
    for title, october, november in ((up, 3, 9), (same, 5, 5), (down, 6, 4), (new, 2, 3)):
        lend(title, date(2026, 10, 30), october)
        lend(title, MONTH, november)
    lend(new, date(2026, 10, 31), 9)  # was in no list of October
    assert moves() == [(up.id, "up", 3, 2), (same.id, "same", 2, 0), (down.id, "down", 1, 2), (new.id, "new", 0, 0)]


def test_the_list_of_the_month_before_is_the_one_that_was_on_the_page(db):
    chance, day = random.Random("before"), date(2026, 10, 31)
    for number in range(12):
        title = factories.title(f"本{number}", audience="児童" if number % 2 else "一般")
        for lent_on in (MONTH, date(2026, 10, 2), HALF, YEAR):
            lend(title, lent_on, chance.randint(0, 6))
    rankings.prepare(now=datetime(2026, 10, 31, 3, tzinfo=UTC))
    there = {(span, kind): rankings.best("loans", span=span, audience=kind) for span, kind in product(*_NAMES[1:])}
    rankings.prepare(now=NOW)
    compared = 0
    for (span, kind), before in there.items():
        for place in rankings.places("loans", span=span, audience=kind):
            assert place.before == (before.index(place.title) + 1 if place.title in before else 0), (span, kind, day)
            compared += bool(place.before)
    assert compared > 10


def test_where_there_was_no_list_nothing_is_called_new(db):
    title = factories.title()
    lend(title, MONTH, 3)
    assert moves() == [(title.id, "", None, 0)]
    for _ in range(3):
        factories.hold(factories.patron(), title, placed_at=NOW)
    assert moves(name="holds") == [(title.id, "", None, 0)]


def test_holds_are_compared_with_the_last_list_of_the_month_before(db):
    up, down, new = (factories.title(name) for name in ("上", "下", "新"))

    def wait_for(title, many, days=50):
        for _ in range(many):
            factories.hold(factories.patron(), title, placed_at=NOW - timedelta(days=days))

    wait_for(down, 5)
    wait_for(up, 4)
    for day in (date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 31)):
        rankings.prepare(now=clock.at(day, 3))
    wait_for(up, 4)
    wait_for(new, 3)
    assert moves("half", "holds") == [(up.id, "up", 2, 1), (down.id, "down", 1, 1), (new.id, "new", 0, 0)]
    assert moves("half", "holds")[0][1] == "up"  # also when the job runs again in the month
    months = {row.month for row in RankingOfMonth.select()}
    assert months == {"2026-10", "2026-11"}


def test_a_month_without_a_list_of_holds_is_compared_with_nothing(db):
    title = factories.title()
    for _ in range(3):
        factories.hold(factories.patron(), title, placed_at=NOW - timedelta(days=50))
    rankings.prepare(now=clock.at(date(2026, 9, 30), 3))
    assert moves("half", "holds") == [(title.id, "", None, 0)]
