"""統計: counts of a span, of branches, classes and groups; never of one reader."""

from datetime import date

import pytest

from library import dates, tallies
from library.counting import statistics
from tests import factories

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)


def rows(counts, name):
    return dict(next(count for count in counts if count.name == name).rows)


@pytest.fixture
def lent(db):
    """Two novels and a history at the main branch and another, in November; one in October."""
    other = factories.branch("北部館")
    adult, child = factories.patron(), factories.patron()
    for day, name, ndc, patron, given in [
        (date(2026, 11, 2), "こころ", "913.6", adult, {"category": "一般", "age_group": "40-49"}),
        (date(2026, 11, 2), "坊っちゃん", "K913", child, {"category": "児童", "age_group": "7-12"}),
        (date(2026, 11, 30), "日本の歴史", "210.1", adult, {"category": "一般", "age_group": "40-49", "branch": other}),
        (date(2026, 10, 31), "こころ", "", adult, {}),
    ]:
        title = factories.catalogued(name, ndc=ndc, copies=1)
        factories.loan(patron, date(2026, 12, 20), item=title.items.get(), lent_on=day, **given)


def test_a_short_span_is_counted_by_day_with_the_empty_days(lent):
    counts = statistics.by_time(FIRST, LAST)
    days = rows(counts, "loans_by_day")
    assert len(days) == 30 and days[date(2026, 11, 2)] == 2 and days[date(2026, 11, 3)] == 0
    assert days[LAST] == 1 and len(counts) == 1


def test_a_span_of_two_months_is_counted_by_both(lent):
    days, months = statistics.by_time(date(2026, 10, 15), LAST)
    assert (days.total, months.rows) == (4, [(date(2026, 10, 1), 1), (date(2026, 11, 1), 3)])


def test_a_long_span_is_counted_by_month(lent):
    (months,) = statistics.by_time(*dates.fiscal_year(FIRST))
    assert (months.name, len(months.rows), months.total) == ("loans_by_month", 12, 4)
    assert months.rows[6:8] == [(date(2026, 10, 1), 1), (date(2026, 11, 1), 3)]


def test_branches_classes_and_groups(lent):
    assert rows(statistics.by_branch(FIRST, LAST), "loans_by_branch") == {"北部館": 1, "本館": 2}
    classes = rows(statistics.by_class(FIRST, LAST), "loans_by_class")
    assert (classes["9 文学"], classes["2 歴史"], classes[tallies.NO_CLASS]) == (2, 1, 0)
    readers = statistics.by_patron_group(FIRST, LAST)
    assert rows(readers, "loans_by_category") == {"一般": 2, "児童": 1}
    ages = rows(readers, "loans_by_age")
    assert (ages["7〜12歳"], ages["40〜49歳"], ages["70歳以上"]) == (1, 2, 0)


def test_a_field_that_nobody_wrote_down_is_counted_as_unknown(lent):
    october = date(2026, 10, 1), date(2026, 10, 31)
    assert rows(statistics.by_patron_group(*october), "loans_by_age")[statistics.UNKNOWN] == 1
    assert rows(statistics.by_class(*october), "loans_by_class")[tallies.NO_CLASS] == 1


def test_all_counts_of_loans_come_to_the_same(lent):
    for sheet in (statistics.by_time, statistics.by_branch, statistics.by_class, statistics.by_patron_group):
        assert {count.total for count in sheet(date(2026, 10, 1), LAST)} == {4}


def test_holdings_without_what_is_withdrawn(db):
    title = factories.catalogued("ある雑誌", ndc="051", material_type="雑誌", copies=2)
    factories.item(title, material_type="付録", acquired_on=date(2026, 11, 3))
    factories.item(title, state="withdrawn", acquired_on=date(2026, 11, 3))
    counts = statistics.holdings(FIRST, LAST)
    assert rows(counts, "items_by_branch") == {"本館": 3} and rows(counts, "items_new") == {"本館": 1}
    types = rows(counts, "items_by_type")
    assert (types["雑誌"], types["付録"], types["図書"]) == (2, 1, 0)
    assert rows(counts, "items_by_class")["0 総記"] == 3


def test_cards_that_are_not_closed(db):
    factories.patron(category="児童", birth_date=date(2016, 1, 1), registered_on=date(2026, 11, 2), residence="working")
    factories.patron(branch=None), factories.patron(state="closed")
    counts = statistics.patrons(FIRST, LAST, today=LAST)
    assert rows(counts, "patrons_by_category") == {"一般": 1, "児童": 1}
    assert rows(counts, "patrons_by_age")["7〜12歳"] == 1
    assert rows(counts, "patrons_by_branch") == {"本館": 1, statistics.UNKNOWN: 1}
    residences = rows(counts, "patrons_by_residence")
    assert list(residences) == ["在住", "在勤", "在学", "市外", statistics.UNKNOWN] and residences["在勤"] == 1
    assert rows(counts, "patrons_new") == {"一般": 0, "児童": 1}


def test_an_empty_library_has_nothing_to_count(db):
    sheets = [
        statistics.by_time, statistics.by_branch, statistics.by_class, statistics.by_patron_group, statistics.holdings,
        lambda first, last: statistics.patrons(first, last, today=LAST),
    ]  # fmt: skip
    assert all(count.total == 0 for sheet in sheets for count in sheet(FIRST, LAST))


@pytest.mark.sqlite("SQLite's plan; a server reads the index alone after its VACUUM")
def test_loans_are_counted_from_the_index_alone(lent, db):
    for query in (
        "SELECT lent_on, branch_id, category, age_group, count(id) FROM loan WHERE lent_on BETWEEN ? AND ? GROUP BY 1, 2, 3, 4",
        "SELECT group_concat(item_id) FROM loan WHERE lent_on BETWEEN ? AND ?",
    ):
        plan = db.execute_sql(f"EXPLAIN QUERY PLAN {query}", (str(FIRST), str(LAST))).fetchall()
        assert [step[3] for step in plan] == [
            "SEARCH loan USING COVERING INDEX loan_statistics (lent_on>? AND lent_on<?)"
        ]


@pytest.mark.parametrize(
    ("day", "first"), [("2026-03-31", "2025-04-01"), ("2026-04-01", "2026-04-01"), ("2027-01-01", "2026-04-01")]
)
def test_the_fiscal_year_begins_in_april(day, first):
    begins, ends = dates.fiscal_year(date.fromisoformat(day))
    assert str(begins) == first and begins <= date.fromisoformat(day) <= ends and (ends.month, ends.day) == (3, 31)
