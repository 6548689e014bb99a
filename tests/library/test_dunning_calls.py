"""督促の電話: noted by day and result, about loans that are still out, and gone with them."""

from datetime import timedelta

import pytest

from library import clock, policy
from library.account import own_parts, retention
from library.counting import waiting
from library.lending import loans, overdue
from models import Branch, DunningCall, Loan
from tests import factories


@pytest.fixture
def late(patron):
    return factories.loan(patron, ago(30))


def ago(days):
    return clock.today() - timedelta(days=days)


def call(patron, result="spoke", days_ago=0):
    return overdue.note_call(patron.id, result, by="staff:suzuki", today=ago(days_ago), now=clock.now())


def to_call():
    """Return the number of patrons whom the desk has to call today."""
    branch = Branch.select().first()
    return waiting.at(branch, rules=policy.read(), now=clock.now()).get("overdue", waiting.Work()).number


def test_a_call_is_about_all_that_is_overdue_and_nothing_else(patron, late):
    second, _, _ = (
        factories.loan(patron, ago(8)),
        factories.loan(patron),
        factories.loan(patron, ago(9), trouble="lost"),
    )
    assert call(patron) == 2
    assert {(row.loan, row.stage, row.result) for row in DunningCall} == {(late, 28, "spoke"), (second, 7, "spoke")}
    assert overdue.calls([late, second]) == [(patron.id, clock.today(), "spoke")]


def test_the_last_result_of_a_day_stays_and_none_removes_it(patron, late):
    call(patron, "missed", days_ago=1), call(patron, "missed"), call(patron, "message")
    assert [row.result for row in overdue.calls([late])] == ["message", "missed"]
    call(patron, None)
    assert [row.called_on for row in overdue.calls([late])] == [ago(1)]


def test_a_patron_with_nothing_overdue_has_no_call(patron):
    factories.loan(patron)
    assert call(patron) == 0 and not DunningCall.select().exists()


def test_a_call_before_a_renewal_is_not_shown_when_the_loan_is_late_again(patron, late):
    call(patron, days_ago=10)
    Loan.update(due_on=ago(5)).execute()
    assert overdue.calls([Loan.get()]) == []


def test_a_called_patron_is_no_work_until_another_loan_is_due_for_a_call(patron, late):
    assert to_call() == 1
    call(patron)
    assert to_call() == 0
    factories.loan(patron, ago(28))
    assert to_call() == 1


def test_a_call_at_an_earlier_stage_leaves_the_one_of_the_last_as_work(patron, late):
    call(patron, days_ago=10)
    assert to_call() == 1


def test_a_call_is_erased_with_the_patron_on_the_day_after_the_return(patron, late):
    kept = factories.loan(patron, ago(8))
    call(patron)
    loans.give_back(late, today=clock.today())
    retention.unlink_returned(now=clock.now())
    assert DunningCall.select().count() == 2
    retention.unlink_returned(now=clock.now() + timedelta(days=1))
    assert [row.loan for row in DunningCall] == [kept]


def test_a_call_is_among_a_patron_s_own_data_without_a_title(patron, late):
    call(patron, "message")
    (part,) = [part for part in own_parts.PARTS if part.name == "dunning_calls"]
    assert DunningCall.select().where(part.mine(patron)).count() == 1
    assert not any("title" in path for path in part.columns)
