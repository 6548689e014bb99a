"""Nobody's reading can be told from the facts: not by what is shown, nor by the rows once they are unlinked."""

from collections import Counter
from datetime import date, timedelta
from itertools import combinations

import pytest

from library import clock, policy
from library.account import retention
from library.counting import report_spans, reports
from library.counting.figures import counts, definitions
from library.facts import use_facts
from library.lending import loans, returns
from library.lending.holds import holds
from library.patrons import patrons
from models import Hold, Loan, Patron, UseFact
from tests import factories

DAY = date(2025, 5, 10)
LATER = date(2026, 11, 25)
WHO = ("stage", "age_group", "residence", "category")
CHILD, ADULT = {"birth_date": date(2016, 5, 1)}, {"birth_date": date(1980, 5, 1)}


@pytest.fixture
def branch(db):
    use_facts.begin(date(2025, 4, 1))
    return factories.branch("本館")


def lend(patron, branch, ndc, day=DAY, hour=10, item=None):
    item = item or factories.item(factories.title(ndc=ndc, material_type="図書"))
    return loans.check_out(patron, item, branch=branch, now=clock.at(day, hour), by="desk").loan


def return_and_unlink(branch, day=DAY):
    for loan in Loan.select().where(Loan.returned_on.is_null()):
        returns.give_back(loan.item, at=branch, now=clock.at(day, 18))
    retention.unlink_returned(now=clock.at(day + timedelta(days=1), 3))


# -- what is shown ---------------------------------------------------------------------------------------------------
def everything_shown(branch):
    """Return all that pages, files and the command show: of a day, its month and its year, by each part."""
    spans = [
        report_spans.read(*asked, today=LATER)
        for asked in (("day", "2025-05-10"), ("month", "2025-05"), ("year", "2025"))
    ]
    found = {}
    for span in spans:
        for place in (None, branch.id):
            report = reports.make(span, place, rules=policy.read(), today=LATER)
            found[span.code, place] = reports.table(report, dict.fromkeys(counts.CLASSES, "")), report.points
            for figure in definitions.FIGURES.values():
                for by in figure.source.groups:
                    given = counts.count(figure.name, span.first, span.end, branch=place, by=by, today=LATER)
                    found[span.code, place, figure.name, by] = given.rows, given.total
    found["crossing"] = reports.crossing(spans[-1], patrons.residences(policy.read()))
    return found


@pytest.mark.parametrize(
    "one, other",
    [
        (CHILD | {"residence": "living"}, CHILD | {"residence": "outside"}),
        (CHILD, {"birth_date": date(2019, 1, 1)}),
        (ADULT | {"residence": "living"}, ADULT | {"residence": "working"}),
        (ADULT, {"birth_date": date(1950, 5, 1)}),
        (ADULT | {"category": "一般"}, ADULT | {"category": "職員"}),
        (CHILD, ADULT),
    ],
)
def test_two_who_exchange_their_reading_change_nothing_shown(branch, one, other):
    """The only two loans of a day and year: whoever knows both readers can't tell which of the two read what."""
    people = [factories.patron(**one), factories.patron(**other)]
    copies = [factories.item(factories.title(ndc=ndc, material_type="図書")) for ndc in ("493.7", "913.6")]
    shown = []
    for readers in (people, people[::-1]):
        for patron, item in zip(readers, copies, strict=True):
            lend(patron, branch, "", item=item)
        return_and_unlink(branch)
        shown.append(everything_shown(branch))
        UseFact.delete().execute()
        Patron.update(borrowed_in=0).execute()
    differing = [key for key in shown[0] if shown[0][key] != shown[1][key]]
    assert differing == []


def test_no_figure_crosses_who_with_what_or_who():
    """The one table of 学校段階 and 居住 shows no sums but that of all and of 小: nothing can be subtracted."""
    for figure in definitions.FIGURES.values():
        assert not any(word in column for word in WHO for column in figure.source.groups.values()), figure.name
        if who := [word for word in (*WHO, "opens_visit", "first_in_year") if f"use_fact.{word}" in figure.condition]:
            assert set(who) <= {"stage", "opens_visit", "first_in_year"}
            assert set(figure.source.groups) == {"branch", "day", "month"}


def test_a_small_number_looks_the_same_as_another():
    for pair in combinations((0, 1, 2), 2):
        shown = {tuple(reports.masked([40, 7, *numbers, 9])) for numbers in (pair, pair[::-1])}
        assert len(shown) == 1 and "3未満" in shown.pop()


# -- the rows --------------------------------------------------------------------------------------------------------
def test_the_order_of_the_rows_is_not_that_of_the_acts(branch):
    patron = factories.patron()
    policy.put("loan_limit", 100)
    for number in range(40):
        lend(patron, branch, f"{number:03}")
    order = [fact.ndc for fact in UseFact.select().order_by(UseFact.id)]
    turned = sum(first > second for first, second in combinations(order, 2))
    assert 780 * 0.2 < turned < 780 * 0.8


def marked():
    return Counter(fact.ndc for fact in UseFact.select().where(UseFact.opens_visit, UseFact.first_in_year))


def test_a_first_loan_cannot_be_told_once_it_is_unlinked(branch):
    """Cards that are new that day, of which the registration tells the day: the marks stay as many, and elsewhere."""
    policy.put("loan_limit", 100)
    for _ in range(20):
        patron = factories.patron(**CHILD, registered_on=DAY)
        lend(patron, branch, "493.7"), lend(patron, branch, "913.6")
    assert marked() == {"493.7": 20}
    before = [counts.count(name, DAY, DAY, today=LATER).rows for name in ("borrowers", "borrowers_child", "users")]
    return_and_unlink(branch)
    assert set(marked()) == {"4", "9"} and marked().total() == 20
    after = [counts.count(name, DAY, DAY, today=LATER).rows for name in ("borrowers", "borrowers_child", "users")]
    assert after == before == [[(branch.id, 20)]] * 3


def test_no_card_tells_that_it_borrowed_in_a_year_that_is_over(branch):
    reader, other = factories.patron(**CHILD), factories.patron(**CHILD)
    lend(reader, branch, "493.7")
    return_and_unlink(branch)
    for day, years in ((date(2026, 4, 20), {2025, 0}), (date(2026, 5, 2), {0})):
        use_facts.coarsen(now=clock.at(day, 3))
        assert {patron.borrowed_in for patron in Patron.select()} == years
    lend(other, branch, "913.6", date(2026, 5, 3))
    assert UseFact.select().where(UseFact.first_in_year).count() == 2


def test_a_fact_does_not_lead_back_to_its_title(branch):
    """A loan that is unlinked keeps its title and nothing of who; its fact who, and no more than the class."""
    for person, ndc in ((CHILD | {"residence": "outside"}, "910.268"), (ADULT, "913.6")):
        lend(factories.patron(**person), branch, ndc)
    return_and_unlink(branch)
    assert {(loan.patron, loan.category, loan.age_group) for loan in Loan.select()} == {(None, "", "")}
    for fact in UseFact.select():
        same = [
            loan for loan in Loan.select()
            if (loan.lent_on, loan.branch) == (fact.day, fact.branch) and loan.item.title.ndc.startswith(fact.ndc)
        ]  # fmt: skip
        assert len(same) == 2 and fact.loan is None


def test_a_fact_of_a_hold_goes_on_without_it(branch):
    patron, item = factories.patron(), factories.item()
    holds.place(patron, item.title, pickup_branch=branch, now=clock.at(DAY, 9))
    loans.check_out(patron, item, branch=branch, now=clock.at(DAY, 10), by="desk")
    return_and_unlink(branch)
    assert not Hold.select().exists()
    assert {(fact.act, fact.loan_id, fact.hold_id) for fact in UseFact.select()} == {
        ("loan", None, None),
        ("hold", None, None),
    }


def test_old_facts_of_a_month_are_alike(branch):
    policy.put("loan_limit", 100)
    for day, hour in ((DAY, 10), (DAY, 15), (date(2025, 5, 1), 9), (date(2025, 5, 30), 17)):
        lend(factories.patron(**CHILD), branch, "913.6", day, hour)
        return_and_unlink(branch, day)
    use_facts.coarsen(now=clock.at(date(2029, 4, 1), 3))
    columns = (UseFact.day, UseFact.hour, UseFact.stage, UseFact.ndc, UseFact.opens_visit, UseFact.first_in_year)
    assert len(set(UseFact.select(*columns).tuples())) == 1
    assert counts.count("loans", DAY, DAY, today=date(2029, 4, 1)).total is None
