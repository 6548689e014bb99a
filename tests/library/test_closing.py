"""カードの廃止: what it lets go of, and what stands in its way."""

import pytest

from library import errors
from library.access import sessions
from library.account import account_closing
from library.lending import loans, returns, troubles
from library.lending.holds import cart, hold_states, holds
from library.mail import outbox
from library.patrons import patrons
from models import Audit, CartRow, HistoryEntry, Hold, OutboxMail, Patron, Session
from tests import factories
from tests.conftest import NOW

BY = {"by": "staff:suzuki", "now": NOW}


def close(patron):
    account_closing.close(patron, **BY)
    return Patron.get_by_id(patron.id)


def why_not(patron):
    with pytest.raises(errors.Refusals) as caught:
        account_closing.close(patron, **BY)
    return [type(reason).__name__ for reason in caught.value.reasons]


def place(patron, title, **given):
    return holds.place(patron, title, pickup_branch=factories.branch("本館"), now=NOW, **given)


def mailed():
    patron = factories.patron()
    factories.address(patron, f"p{patron.id}@example.jp")
    factories.preference(patron, "hold", to_pc=True)
    return patron


def kept_for(patron, **given):
    """A hold of the patron that waits on the shelf."""
    copy = factories.loan(factories.patron()).item
    hold = place(patron, copy.title, **given)
    returns.give_back(copy, at=copy.branch, now=NOW)
    assert Hold.get_by_id(hold.id).state == "ready"
    return Hold.get_by_id(hold.id)


def test_a_closed_card_opens_nothing_and_leaves_nothing_that_only_its_owner_saw(patron):
    patron.keep_history, patron.desk_note = True, "大きな声で"
    patron.save()
    factories.history(patron)
    factories.cart_row(patron)
    token = sessions.begin(patron, now=NOW)
    closed = close(patron)
    assert (closed.state, closed.closed_on, closed.keep_history, closed.desk_note) == (
        "closed",
        NOW.date(),
        False,
        "",
    )
    assert sessions.find(token, now=NOW) is None
    assert [table.select().count() for table in (CartRow, HistoryEntry, Session)] == [0, 0, 0]
    assert patrons.card_refusals(closed, today=NOW.date()) == [errors.CardClosed()]
    assert Audit.select().where(Audit.action == "patron.closed").count() == 1
    assert why_not(closed) == ["CardClosed"]


def test_a_copy_set_aside_for_a_closed_card_goes_to_the_next_who_is_told_once(db):
    leaving, staying = mailed(), mailed()
    ready = kept_for(leaving, contact_method="mail")
    waiting = place(staying, ready.title, contact_method="mail")
    OutboxMail.delete().execute()
    close(leaving)
    assert (Hold.get_by_id(ready.id).state, hold_states.REASONS[Hold.get_by_id(ready.id).reason]) == (
        "cancelled",
        "図書館カードを廃止したため",
    )
    assert (Hold.get_by_id(waiting.id).state, Hold.get_by_id(waiting.id).item) == ("ready", ready.item)
    assert [(mail.kind, mail.patron) for mail in OutboxMail.select()] == [("hold_ready", staying)]
    assert "hold_ready" in outbox.KINDS


def test_volumes_in_order_are_all_cancelled_and_no_pull_list_names_them(patron):
    titles = [factories.item().title for _ in range(3)]
    chosen = {"pickup_branch": factories.branch("本館"), "contact_method": "none", "order": "in_order"}
    for title in titles:
        factories.cart_row(patron, title)
    cart.place(patron, titles, now=NOW, **chosen)
    others = [place(factories.patron(), title) for title in titles]
    close(patron)
    assert {hold.state for hold in Hold.select().where(Hold.patron == patron)} == {"cancelled"}
    assert {Hold.get_by_id(hold.id).state for hold in others} == {"preparing"}


def test_not_while_something_of_the_library_is_out_or_unsettled(patron):
    loan = factories.loan(patron)
    hold = place(patron, factories.item().title)
    assert why_not(patron) == ["PatronHasLoans"]
    assert Hold.get_by_id(hold.id).state == "preparing"
    troubles.report_damage(loan, **BY)
    assert why_not(patron) == ["PatronHasLoans"]
    troubles.settle(loan, item_state="withdrawn", **BY)
    assert close(patron).state == "closed"


def test_a_return_of_a_closed_card_is_not_undone(patron):
    copy = factories.item()
    loan = loans.check_out(patron, copy, branch=copy.branch, **BY).loan
    back = returns.give_back(copy, at=copy.branch, now=NOW)
    close(patron)
    assert returns.undo_refusals(back.loan, today=NOW.date()) == [errors.UndoNotLast()]
    assert loan == back.loan


# -- asked for by the patron -----------------------------------------------------------------------------------------
def test_a_request_is_one_is_mailed_to_all_addresses_and_ends_with_the_card(patron):
    factories.address(patron, "old@example.jp")
    factories.address(patron, "mobile@example.com", "mobile", 2)
    for _ in range(2):
        account_closing.request(patron, now=NOW)
    assert {(mail.kind, mail.address) for mail in OutboxMail.select()} == {
        ("security", "old@example.jp"),
        ("security", "mobile@example.com"),
    }
    assert [row.patron for row in account_closing.requests()] == [patron]
    close(patron)
    assert account_closing.requests() == []


def test_a_request_can_be_withdrawn_and_made_again(patron):
    account_closing.request(patron, now=NOW)
    account_closing.withdraw(patron, now=NOW)
    assert account_closing.request_of(patron) is None
    account_closing.request(patron, now=NOW)
    told = [row.action for row in Audit.select().order_by(Audit.id)]
    assert told == ["closing.requested", "closing.withdrawn", "closing.requested"]


def test_a_request_is_refused_while_something_is_out(patron):
    factories.loan(patron)
    with pytest.raises(errors.Refusals) as caught:
        account_closing.request(patron, now=NOW)
    assert caught.value.reasons == [errors.PatronHasLoans(n=1)]
    assert account_closing.request_of(patron) is None
