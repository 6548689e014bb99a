"""Figures: each definition against rows made by hand, the edges of a year, what is frozen and what is not known."""

from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest

from library import policy
from library.counting.figures import counts, definitions, months, surveys
from library.facts import use_facts
from library.store import engine
from models import (
    Borrowing,
    Branch,
    ClosedDay,
    Item,
    MonthFigure,
    Partner,
    Patron,
    RecordedSince,
    Serial,
    SerialCopies,
    UseFact,
    Wanted,
    YearFigure,
)
from tests import factories

TODAY = date(2026, 11, 25)
NOW = datetime(2026, 11, 25, 1, 42, tzinfo=UTC)
YEAR = date(2025, 4, 1), date(2026, 3, 31)
_numbers = count(1)


def fact(branch, day, act="loan", **given):
    return UseFact.create(id=next(_numbers), act=act, day=day, branch=branch, channel="desk", **given)


def number(name, first=YEAR[0], last=YEAR[1], **given):
    return counts.count(name, first, last, today=given.pop("today", TODAY), **given).total


def rows(name, by, first=YEAR[0], last=YEAR[1], **given):
    return dict(counts.count(name, first, last, by=by, today=given.pop("today", TODAY), **given).rows)


def keep(day):
    """The job of the night of a day."""
    return months.keep(now=datetime(day.year, day.month, day.day, tzinfo=UTC))


@pytest.fixture
def main(db):
    """The main branch of a library that counts since long ago."""
    for name in ("loans", "facts"):
        RecordedSince.create(name=name, day=date(2020, 4, 1))
    return factories.branch("本館")


# -- acts ------------------------------------------------------------------------------------------------------------
@pytest.fixture
def acts(main):
    """A day of a branch with one of each."""
    day, east = date(2025, 5, 10), factories.branch("東部")
    fact(
        main, day, stage="小", audience="一般", ndc="913.6", material_type="図書", opens_visit=True, first_in_year=True
    )
    fact(main, day, stage="小", audience="児童", ndc="K", material_type="図書", opens_visit=False, first_in_year=False)
    fact(main, day, stage="一般", audience="児童", ndc="", material_type="CD", opens_visit=True, first_in_year=False)
    fact(east, day, is_group=True, ndc="480", material_type="図書", opens_visit=True, first_in_year=True)
    fact(east, day, "renewal", stage="小")
    fact(east, day, "hold")
    fact(east, day, "request")
    return main, east


@pytest.mark.parametrize(
    "name, total, east",
    [
        ("loans", 3, 0), ("loans_child", 2, 0), ("loans_juvenile", 2, 0), ("group_loans", 1, 1), ("borrowers", 3, 1),
        ("borrowers_child", 1, 0), ("users", 2, 1), ("holds", 2, 2), ("renewals", 1, 1), ("book_loans", 3, 1),
    ],
)  # fmt: skip
def test_each_figure_of_acts_counts_its_own(acts, name, total, east):
    assert number(name) == total
    assert rows(name, "branch") == {acts[0].id: total - east, acts[1].id: east}
    assert number(name, branch=acts[1].id) == east


def test_renewals_count_as_loans_where_the_library_says_so(acts):
    policy.put("count_renewals", True)
    assert (number("loans"), number("loans_child")) == (4, 3)
    assert "use_fact.act IN ('loan', 'renewal')" in counts.count("loans", *YEAR, today=TODAY).query


def test_loans_are_grouped_by_class_month_and_day(acts):
    assert rows("loans", "class")["9"] == 1 and rows("loans", "class")[""] == 2
    assert rows("loans", "month")[date(2025, 5, 1)] == 3 and rows("loans", "month")[date(2025, 6, 1)] == 0
    assert rows("loans", "day", date(2025, 5, 9), date(2025, 5, 11)) == {
        date(2025, 5, 9): 0, date(2025, 5, 10): 3, date(2025, 5, 11): 0,
    }  # fmt: skip
    assert rows("loans", "material_type") == {"図書": 2, "CD": 1}


@pytest.mark.parametrize("day", [date(2025, 4, 1), date(2026, 1, 1), date(2026, 3, 31)])
def test_the_first_and_last_day_are_in_the_year(main, day):
    fact(main, day)
    assert number("loans") == 1
    assert number("loans", day, day) == 1
    assert number("loans", day + timedelta(days=1), day + timedelta(days=9)) == 0


def test_the_29th_of_february_is_in_its_month(main):
    fact(main, date(2024, 2, 29))
    assert number("loans", date(2024, 2, 1), date(2024, 2, 29)) == 1
    assert rows("loans", "day", date(2024, 2, 28), date(2024, 3, 1))[date(2024, 2, 29)] == 1


def test_several_figures_are_the_same_as_each_alone(acts):
    factories.item(acquired_on=date(2025, 5, 1))
    keep(TODAY)
    for by in ("branch", "month", "class"):
        together = counts.in_span(
            definitions.FIGURES, counts.Span.over(date(2025, 4, 1), date(2026, 12, 31), by=by, today=TODAY)
        )
        for name, counted in together.items():
            alone = counts.count(name, date(2025, 4, 1), date(2026, 12, 31), by=by, today=TODAY)
            assert (alone.rows, alone.total, alone.gap) == (counted.rows, counted.total, counted.gap), (by, name)


# -- what was not recorded ---------------------------------------------------------------------------------------------
@pytest.fixture
def since_august(db):
    branch = factories.branch("本館")
    RecordedSince.create(name="loans", day=date(2025, 4, 1))
    RecordedSince.create(name="facts", day=date(2025, 8, 1))
    fact(branch, date(2025, 5, 1), stage="小")
    fact(branch, date(2025, 9, 1), stage="小")
    return branch


def test_a_month_before_the_first_record_has_no_figure_and_not_0(since_august):
    counted = counts.count("loans_child", *YEAR, today=TODAY, by="month")
    assert counted.total == 1
    assert counted.gap == "一部記録なし（4〜7月）。2025年8月1日から数えています。"
    assert dict(counted.rows)[date(2025, 5, 1)] is None and dict(counted.rows)[date(2025, 8, 1)] == 0
    assert (number("loans"), counts.count("loans", *YEAR, today=TODAY).gap) == (2, "")
    before = counts.count("loans_child", date(2025, 4, 1), date(2025, 7, 31), today=TODAY)
    assert (before.shown, before.gap) == ("記録なし", "2025年8月1日から数えています。")
    assert before.rows == [(since_august.id, None)]


@pytest.mark.parametrize(
    "since, words",
    [
        (date(2025, 5, 1), "4月"), (date(2026, 1, 1), "4〜12月"), (date(2025, 8, 15), "4月1日〜8月14日"),
        (date(2025, 4, 2), "4月1日〜4月1日"),
    ],
)  # fmt: skip
def test_a_gap_names_its_months(main, since, words):
    RecordedSince.update(day=since).execute()
    assert f"一部記録なし（{words}）" in counts.count("holds", *YEAR, today=TODAY).gap


def test_a_library_that_counts_nothing_yet_has_no_figure(db):
    factories.branch("本館")
    factories.item(acquired_on=TODAY)
    for name in ("loans", "holds", "cards", "books", "days_open"):
        assert number(name, date(2026, 11, 1), TODAY) is None
    assert months.keep(now=NOW) == {} and not MonthFigure.select().exists()


def test_months_to_come_have_no_figure(main):
    fact(main, TODAY)
    by_month = rows("loans", "month", date(2026, 4, 1), date(2027, 3, 31))
    assert (by_month[date(2026, 11, 1)], by_month[date(2026, 12, 1)]) == (1, None)
    assert number("loans", date(2026, 12, 1), date(2026, 12, 31)) is None


def test_a_day_of_years_ago_has_no_figure_as_facts_lose_their_day(main):
    fact(main, date(2023, 3, 1))
    assert number("loans", date(2023, 3, 1), date(2023, 3, 1)) is None
    assert number("loans", date(2023, 3, 1), date(2023, 3, 31)) == 1


# -- copies ------------------------------------------------------------------------------------------------------------
@pytest.fixture
def stock(main):
    book, child = factories.title(), factories.title(audience="児童", ndc="480")
    last, first = date(2026, 3, 31), date(2026, 4, 1)
    factories.item(book, acquired_on=last)
    factories.item(book, acquired_on=first)
    factories.item(child, acquired_on=date(2025, 4, 1), state="missing")
    factories.item(child, acquired_on=date(2025, 3, 31), state="lost")
    factories.item(book, acquired_on=None)
    factories.item(book, acquired_on=date(2020, 1, 1), state="withdrawn", withdrawn_on=last)
    factories.item(book, acquired_on=date(2020, 1, 1), state="withdrawn", withdrawn_on=first)
    factories.item(book, acquired_on=date(2020, 1, 1), state="withdrawn", withdrawn_on=None)
    factories.item(factories.title(material_type="雑誌"), acquired_on=date(2025, 9, 9))
    factories.item(book, material_type="CD", acquired_on=date(2025, 9, 9))
    return main


def test_copies_are_counted_on_the_morning_after_the_last_day(stock):
    MonthFigure.create(month=date(2026, 2, 1), branch=stock, name="days_open", number=1)  # then it is counted now
    found = {name: number(name) for name in ("books", "books_juvenile", "magazines", "audiovisual")}
    # of 31 March, 2 for children, without a day, withdrawn on 1 April
    assert found == {"books": 5, "books_juvenile": 2, "magazines": 1, "audiovisual": 1}
    assert rows("books", "class")["4"] == 2 and rows("books", "class")["9"] == 3


def test_accessions_and_withdrawals_count_by_their_day(stock):
    assert (number("received"), number("received_juvenile"), number("withdrawn")) == (2, 1, 1)
    assert (number("received_undated"), number("withdrawn_undated")) == (1, 1)
    assert number("received", date(2026, 4, 1), date(2026, 4, 1)) == 1
    Item.update(acquired_how="寄贈", withdrawn_reason="汚損・破損").execute()
    assert rows("received", "how") == {"寄贈": 2}
    assert rows("withdrawn", "reason") == {"汚損・破損": 1}


def test_the_turnover_is_that_of_books(stock):
    MonthFigure.create(month=date(2026, 2, 1), branch=stock, name="days_open", number=1)
    for _ in range(6):
        fact(stock, date(2025, 6, 1), material_type="図書", ndc="480")
    fact(stock, date(2025, 6, 1), material_type="CD")
    assert number("turnover") == 1.2
    assert (rows("turnover", "class")["4"], rows("turnover", "class")["9"], rows("turnover", "class")["0"]) == (
        3,
        0,
        None,
    )


# -- cards -------------------------------------------------------------------------------------------------------------
@pytest.fixture
def cards(main):
    policy.put("group_categories", ["団体"])
    day = date(2026, 3, 31)
    factories.patron(registered_on=day, expires_on=date(2026, 4, 1), residence="outside")
    factories.patron(registered_on=date(2026, 4, 1))
    factories.patron(registered_on=date(2020, 1, 1), expires_on=day)
    factories.patron(registered_on=None, state="suspended", birth_date=date(2019, 4, 1))  # 小学2年 on 1 April 2026
    factories.patron(state="closed", closed_on=day)
    factories.patron(state="closed", closed_on=date(2026, 4, 1), birth_date=date(2019, 4, 2))  # 小学1年
    factories.patron(birth_date=date(2019, 4, 3), branch=None)
    factories.patron(birth_date=date(2013, 4, 1))  # 中学1年
    factories.patron(category="団体", birth_date=None)
    return main


def test_cards_valid_on_the_morning_count(cards):
    MonthFigure.create(month=date(2026, 2, 1), branch=cards, name="days_open", number=1)
    found = {name: number(name) for name in ("cards", "cards_child", "cards_outside", "groups", "new_cards")}
    assert found | {"new_cards": None} == {
        "cards": 5, "cards_child": 3, "cards_outside": 1, "groups": 1, "new_cards": None,
    }  # fmt: skip
    assert number("new_cards", date(2026, 3, 1), date(2026, 3, 31)) == 1
    YearFigure.create(year=2025, name="population", number=40)
    assert number("registration_rate") == 12.5


# -- frozen ------------------------------------------------------------------------------------------------------------
def frozen(*, month=date(2026, 3, 1)):
    rows = MonthFigure.select().where(MonthFigure.month == month)
    return {(row.branch.name, row.name, row.word): row.number for row in rows if row.number}


def test_a_frozen_month_survives_erasing_and_deletion(cards):
    RecordedSince.update(day=date(2026, 3, 1)).execute()
    factories.item(acquired_on=date(2026, 3, 3))
    assert keep(date(2026, 4, 1))["frozen"] == 1
    before = {name: number(name, date(2026, 3, 1), date(2026, 3, 31)) for name in definitions.FIGURES}
    assert (before["cards"], before["new_cards"], before["books"], before["days_open"]) == (5, 1, 1, 31)
    Patron.delete().execute()
    Item.delete().execute()
    after = {name: number(name, date(2026, 3, 1), date(2026, 3, 31)) for name in definitions.FIGURES}
    assert after | {"received": 1} == before


def test_a_month_is_frozen_once_and_all_months_after_a_pause(main):
    RecordedSince.update(day=date(2026, 1, 15)).execute()
    factories.item(acquired_on=date(2026, 2, 28))
    assert keep(date(2026, 4, 5)) == {"frozen": 3, "summed": 3}
    assert keep(date(2026, 4, 6)) == {"frozen": 0, "summed": 0}
    assert [number("books", day, day) for day in (date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31))] == [0, 1, 1]
    assert [number("books", day, day) for day in (date(2025, 12, 31), date(2026, 2, 15))] == [None, None]
    gaps = [counts.count("books", day, day, today=TODAY).gap for day in (date(2025, 12, 31), date(2026, 2, 15))]
    assert gaps == [
        "この月末には、まだ数えていませんでした。", "月の途中の数は残していません。月末の日を選んでください。",
    ]  # fmt: skip
    assert rows("days_open", "month")[date(2026, 1, 1)] == 17  # since the 15th


def test_a_branch_opened_and_given_up_within_the_year_counts_while_it_was_there(main):
    RecordedSince.update(day=date(2025, 4, 1)).execute()
    west = factories.branch("西部")
    ClosedDay.create(branch=west, day=date(2025, 5, 2))
    Branch.update(closed_on=date(2025, 6, 11)).where(Branch.id == west.id).execute()
    keep(date(2025, 8, 1))
    east = factories.branch("東部")
    factories.item(branch=east, acquired_on=date(2025, 8, 9))
    keep(date(2025, 10, 1))
    by_month = rows("days_open", "month", branch=west.id)
    assert [by_month[date(2025, month, 1)] for month in (4, 5, 6, 7)] == [30, 30, 10, 0]
    assert rows("books", "branch", last=date(2025, 7, 31)) == {main.id: 0, west.id: None, east.id: None}
    assert rows("books", "branch", last=date(2025, 9, 30)) == {main.id: 0, west.id: None, east.id: 1}
    assert rows("days_open", "branch", date(2025, 7, 1), date(2025, 9, 30)) == {main.id: 92, east.id: 61}


def test_facts_of_a_month_are_summed_again_after_a_late_one(acts):
    keep(date(2025, 6, 3))
    summed = counts.count("loans", date(2025, 5, 1), date(2025, 5, 31), today=TODAY)
    assert (summed.total, "month_figure" in summed.query) == (3, True)
    use_facts.of_loan(factories.loan(factories.patron(), lent_on=date(2025, 5, 20)), channel="offline", at=None)
    late = counts.count("loans", date(2025, 5, 1), date(2025, 5, 31), today=TODAY)
    assert (late.total, "month_figure" in late.query) == (4, False)
    assert keep(date(2025, 6, 4))["summed"] == 1
    assert number("loans", date(2025, 5, 1), date(2025, 5, 31)) == 4


def test_sums_of_months_give_what_the_facts_give(acts):
    fact(acts[0], date(2026, 3, 31), stage="小", ndc="007")
    fact(acts[0], date(2026, 4, 1), stage="小", ndc="007")
    names = [figure.name for figure in definitions.FIGURES.values() if figure.source is definitions.FACTS]
    spans = (YEAR, (date(2025, 5, 10), date(2026, 4, 1)), (date(2026, 3, 1), date(2026, 4, 30)))

    def all_rows():
        return [
            [counts.count(name, *span, by=by, today=TODAY).rows for name in names if name != "library_users"]
            for span in spans for by in ("branch", "month", "class")
        ]  # fmt: skip

    before = all_rows()
    keep(TODAY)
    assert all_rows() == before


def test_copies_borrowed_in_a_month_count_after_its_sum_too(main):
    partner, day = Partner.create(name="県立図書館"), date(2025, 5, 20)
    wanted = Wanted.create(
        title_text="北海の漁村", key="北海の漁村", state="arrived", made_at=datetime(2025, 5, 1, tzinfo=UTC)
    )
    Borrowing.create(
        wanted=wanted, partner=partner, branch=main, item=factories.item(owner=partner), state="arrived", asked_on=day,
        arrived_on=day, due_on=day,
    )  # fmt: skip
    assert keep(date(2025, 6, 3))["summed"] > 0
    assert (number("borrowings"), rows("borrowings", "month")[date(2025, 5, 1)]) == (1, 1)


def test_the_last_day_of_a_month_is_summed_when_nothing_of_it_can_be_undone(main):
    RecordedSince.update(day=date(2026, 3, 1)).execute()
    assert keep(date(2026, 4, 1)) == {"frozen": 1, "summed": 0}
    assert keep(date(2026, 4, 2)) == {"frozen": 0, "summed": 1}


# -- by hand -----------------------------------------------------------------------------------------------------------
def test_a_year_with_an_empty_month_is_not_known(main):
    spring = date(2026, 4, 1), date(2026, 6, 30)
    for month, people in ((4, 100), (5, 0)):
        MonthFigure.create(month=date(2026, month, 1), branch=main, name="visitors", number=people)
    counted = counts.count("visitors", *spring, today=TODAY, by="month")
    assert counted.total is None and [number for _, number in counted.rows if number is not None] == [100, 0]
    assert counted.gap == "3か月のうち、1か月分がまだ入力されていません。"
    MonthFigure.create(month=date(2026, 6, 1), branch=main, name="visitors", number=5)
    assert number("visitors", *spring) == 105


def test_users_of_the_library_are_borrowers_and_those_who_came_to_gatherings(acts):
    may = date(2025, 5, 1), date(2025, 5, 31)
    assert number("library_users", *may) is None
    for branch in acts:
        MonthFigure.create(month=may[0], branch=branch, name="gatherings", number=20)
    assert number("library_users", *may) == 43


def test_magazines_that_are_bought_count_once(main):
    east = factories.branch("東部", position=1)
    Branch.update(position=0).where(Branch.id == main.id).execute()

    def taken(*branches, **given):
        usual = {"name": "月刊", "interval": "monthly", "acquired_how": "購入", "began_on": date(2020, 4, 1)}
        row = Serial.create(**usual | given)
        for branch in branches:
            SerialCopies.create(serial=row, branch=branch, number=2)

    taken(main, east)
    taken(east)
    taken(east, ended_on=date(2026, 4, 1))
    taken(main, ended_on=date(2026, 3, 31))
    taken(main, began_on=date(2026, 4, 1))
    taken(main, acquired_how="寄贈")
    taken(main, interval="daily")
    plain = (
        "SELECT COUNT(DISTINCT s.id) FROM serial s JOIN serial_copies c ON c.serial_id = s.id WHERE s.acquired_how = '購入'"
        " AND s.interval <> 'daily' AND s.began_on <= '2026-03-31' AND COALESCE(s.ended_on, '2099-01-01') > '2026-03-31'"
    )
    assert engine.run(plain).fetchone() == (3,)
    assert number("serials") == 3
    assert rows("serials", "branch") == {main.id: 1, east.id: 2}
    sheet = surveys.fill(surveys.SURVEYS["jla"], 2026, None, rules=policy.read(), today=TODAY)
    assert {line.label: line.number for _, lines in sheet for line in lines}["雑誌購入種数"] == 3
