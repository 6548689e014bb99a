"""Facts of loans, renewals and holds: what is written with the act, what an undo and an unlinking leave."""

from datetime import UTC, date, datetime, timedelta

import pytest

from library import clock
from library.access import undos
from library.account import retention
from library.facts import stages, use_facts
from library.lending import loans, renewals, returns
from library.lending.holds import cart, holds
from models import Patron, UseFact
from tests import factories

NOW = datetime(2026, 11, 25, 1, 42, tzinfo=UTC)


def facts(act="loan"):
    return list(UseFact.select().where(UseFact.act == act).order_by(UseFact.loan, UseFact.hold))


def lend(patron, branch, now=NOW, **of):
    return loans.check_out(patron, factories.item(**of), branch=branch, now=now, by="desk").loan


@pytest.fixture
def branch(db):
    return factories.branch()


# -- 学校段階 ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "born, today, stage",
    [
        (date(2019, 4, 2), date(2026, 3, 31), "幼"),
        (date(2019, 4, 2), date(2026, 4, 1), "小"),
        (date(2019, 4, 1), date(2025, 4, 1), "小"),  # early born: a 学年 before those of the next day
        (date(2019, 4, 1), date(2025, 3, 31), "幼"),
        (date(2014, 4, 1), date(2026, 4, 1), "中"),
        (date(2014, 4, 2), date(2026, 4, 1), "小"),
        (date(2011, 4, 1), date(2026, 11, 25), "高"),
        (date(2008, 4, 2), date(2026, 11, 25), "高"),
        (date(2008, 4, 1), date(2026, 11, 25), "一般"),
        (date(1950, 1, 1), date(2026, 11, 25), "一般"),
        (date(2026, 11, 25), date(2026, 11, 25), "幼"),
        (None, date(2026, 11, 25), ""),
    ],
)
def test_a_stage_follows_the_school_year(born, today, stage):
    assert stages.stage(born, today=today) == stage


# -- written with the act ----------------------------------------------------------------------------------------------
def test_a_loan_is_written_as_it_was(branch):
    patron = factories.patron(birth_date=date(2016, 5, 1), category="一般", residence="living")
    loan = lend(patron, branch, of=factories.title(ndc="913.6", audience="児童", material_type="図書"))
    (fact,) = facts()
    assert (fact.day, fact.hour, fact.branch_id, fact.channel) == (date(2026, 11, 25), 10, branch.id, "desk")
    assert (fact.category, fact.is_group, fact.stage, fact.age_group) == ("一般", False, "小", "7-12")
    assert (fact.residence, fact.material_type, fact.audience, fact.ndc) == ("living", "図書", "児童", "913.6")
    assert (fact.opens_visit, fact.first_in_year, fact.loan_id) == (True, True, loan.id)


def test_later_acts_change_no_fact(branch):
    patron = factories.patron(birth_date=date(2016, 5, 1), residence="living")
    lend(patron, branch)
    Patron.update(residence="outside", birth_date=None, category="団体").execute()
    (fact,) = facts()
    assert (fact.residence, fact.stage) == ("living", "小")


def test_a_visit_is_opened_once_a_day_and_branch(branch):
    patron, other = factories.patron(), factories.branch("東部")
    places = [branch, branch, other, branch]
    days = [NOW, NOW, NOW, NOW + timedelta(days=1)]
    for place, now in zip(places, days, strict=True):
        lend(patron, place, now)
    assert [fact.opens_visit for fact in facts()] == [True, False, True, True]
    assert [fact.first_in_year for fact in facts()] == [True, False, False, False]


def test_a_card_is_new_again_on_the_first_of_april(branch):
    patron = factories.patron()
    for day in (date(2027, 1, 1), date(2027, 3, 31), date(2027, 4, 1)):
        loan = lend(patron, branch, clock.at(day, 10))
        returns.give_back(loan.item, at=branch, now=clock.at(day, 11))
        retention.unlink_returned(now=clock.at(day + timedelta(days=1), 3))
    assert sorted((fact.day, fact.first_in_year) for fact in facts()) == [
        (date(2027, 1, 1), True), (date(2027, 3, 31), False), (date(2027, 4, 1), True),
    ]  # fmt: skip


def test_a_form_sent_twice_writes_one_fact(branch):
    patron, item = factories.patron(), factories.item()
    for _ in range(2):
        loans.check_out(patron, item, branch=branch, now=NOW, by="desk", request="once")
    assert len(facts()) == 1


def test_a_hold_is_written_at_its_pickup_branch(branch):
    patron, title = factories.patron(), factories.item().title
    hold = holds.place(patron, title, pickup_branch=branch, now=NOW)
    (fact,) = facts("hold")
    assert (fact.branch_id, fact.channel, fact.hold_id, fact.opens_visit) == (branch.id, "site", hold.id, None)
    holds.cancel(hold, by="patron", now=NOW)
    assert len(facts("hold")) == 1  # it was placed


# -- taken back --------------------------------------------------------------------------------------------------------
def test_an_undone_loan_hands_its_marks_on(branch):
    patron = factories.patron()
    first, second = lend(patron, branch), lend(patron, branch)
    loans.undo(first, by="desk", now=NOW)
    (fact,) = facts()
    assert (fact.loan_id, fact.opens_visit, fact.first_in_year) == (second.id, True, True)


def test_an_undone_only_loan_leaves_the_card_unused(branch):
    patron = factories.patron()
    loans.undo(lend(patron, branch), by="desk", now=NOW)
    assert facts() == []
    lend(patron, branch)
    (fact,) = facts()
    assert (fact.opens_visit, fact.first_in_year) == (True, True)


def test_a_returned_loan_counts_once_when_the_return_is_undone(branch):
    loan = lend(factories.patron(), branch)
    returns.give_back(loan.item, at=branch, now=NOW)
    returns.undo(loan, by="desk", now=NOW)
    assert len(facts()) == 1


def test_a_renewal_taken_back_leaves_no_fact(branch):
    patron = factories.patron()
    loan = lend(patron, branch, NOW - timedelta(days=5))
    renewals.renew_all([loan], now=NOW, by="patron")
    assert [fact.channel for fact in facts("renewal")] == ["site"]
    (undo,) = undos.of_patron(patron, "renewals", now=NOW)
    renewals.take_back(patron, undo.facts)
    assert facts("renewal") == []


@pytest.mark.parametrize("order", [("staff", "patron"), ("patron", "staff")])
def test_of_two_renewals_of_an_hour_the_one_that_was_taken_back_goes(branch, order):
    patron = factories.patron()
    loan = lend(patron, branch)
    for by in order:
        use_facts.of_renewal(loan, by=by, now=NOW)
    use_facts.forget_renewal(loan.id, channel="site")
    assert [fact.channel for fact in facts("renewal")] == ["desk"]


def test_holds_taken_back_leave_no_fact(branch):
    patron, titles = factories.patron(), [factories.item().title for _ in range(2)]
    for title in titles:
        factories.cart_row(patron, of=title)
    cart.place(patron, titles, pickup_branch=branch, contact_method="none", now=NOW)
    assert len(facts("hold")) == 2
    cart.take_back(patron, cart.latest(patron, now=NOW), now=NOW)
    assert facts("hold") == []


# -- unlinked, and made coarse -----------------------------------------------------------------------------------------
def test_a_fact_is_unlinked_with_its_loan(branch):
    loan = lend(factories.patron(), branch)
    returns.give_back(loan.item, at=branch, now=NOW)
    retention.unlink_returned(now=NOW + timedelta(days=1))
    (fact,) = facts()
    assert (fact.loan_id, fact.day) == (None, date(2026, 11, 25))


def test_the_hour_goes_after_thirteen_months(branch):
    lend(factories.patron(), branch)
    use_facts.coarsen(now=clock.at(date(2027, 12, 25), 3))
    assert facts()[0].hour == 10
    use_facts.coarsen(now=clock.at(date(2027, 12, 27), 3))
    assert (facts()[0].hour, facts()[0].day) == (None, date(2026, 11, 25))


def test_the_day_becomes_its_month_after_three_years(branch):
    lend(factories.patron(), branch)
    use_facts.coarsen(now=clock.at(date(2030, 3, 31), 3))
    assert facts()[0].day == date(2026, 11, 25)
    counts = use_facts.coarsen(now=clock.at(date(2030, 4, 1), 3))
    assert (facts()[0].day, counts) == (date(2026, 11, 1), {"hours": 0, "days": 1})


def test_counting_begins_once(db):
    use_facts.begin(date(2026, 4, 1))
    use_facts.begin(date(2026, 5, 1))
    assert use_facts.since() == {"loans": date(2026, 4, 1), "facts": date(2026, 4, 1)}
