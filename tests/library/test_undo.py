"""元に戻す: for ten minutes, all of it or nothing, and only as it was left."""

from datetime import timedelta

import pytest

from library import clock, errors, policy
from library.access import seals, undos
from library.account import account_closing, own_data, retention, undoing
from library.lending import renewals, returns
from library.lending.holds import cart
from library.reading import shelved, shelves
from models import CartRow, Loan, ShelvedTitle, Undo
from tests import factories
from tests.conftest import NOW

MINUTES = timedelta(minutes=10)


@pytest.fixture
def today(moved_clock):
    return clock.today()


def refused(patron, row, now=NOW):
    with pytest.raises(errors.Refused) as found:
        undoing.take_back(patron, row.id, now=now)
    return type(found.value).__name__


# -- renewals --------------------------------------------------------------------------------------------------------
@pytest.fixture
def renewed(patron, today):
    """Two loans that the patron renewed, and what takes it back."""
    loans = [factories.loan(patron, today + timedelta(days=left)) for left in (2, 3)]
    renewals.renew_all(loans, now=NOW, by="patron")
    return loans, Undo.get()


def test_renewals_are_taken_back_together(patron, renewed):
    loans, row = renewed
    undoing.take_back(patron, row.id, now=NOW + MINUTES - timedelta(seconds=1))
    for loan in loans:
        now = Loan.get_by_id(loan.id)
        assert (now.due_on, now.renewals) == (loan.due_on, 0)
    assert refused(patron, row) == "UndoOver"


def test_after_ten_minutes_it_is_over(patron, renewed):
    assert undos.of_patron(patron, "renewals", now=NOW + MINUTES) == []
    assert refused(patron, renewed[1], now=NOW + MINUTES) == "UndoOver"


def test_a_library_sets_the_minutes(patron, today):
    policy.put("undo_minutes", 3)
    renewals.renew(factories.loan(patron, today), now=NOW, by="desk")
    assert not Undo.select().exists()  # what the desk renews the desk sets right
    renewals.renew_all([factories.loan(patron, today)], now=NOW, by="patron")
    assert Undo.get().until == NOW + timedelta(minutes=3)


@pytest.mark.parametrize("change", ["returned", "renewed", "lost", "moved"])
def test_a_loan_changed_since_is_not_taken_back_nor_is_the_rest(patron, renewed, change):
    (first, second), row = renewed
    if change == "returned":
        returns.give_back(second.item, at=second.branch, now=NOW)
    else:
        values = {"renewed": {"renewals": 2}, "lost": {"trouble": "lost"}, "moved": {"due_on": second.due_on}}[change]
        Loan.update(values).where(Loan.id == second.id).execute()
    assert refused(patron, row) == "UndoChanged"
    assert Loan.get_by_id(first.id).renewals == 1


def test_another_patron_takes_nothing_back(renewed):
    assert refused(factories.patron(), renewed[1]) == "UndoOver"


def test_nothing_renewed_leaves_nothing_to_take_back(patron, today):
    renewals.renew_all([factories.loan(patron, today, renewals=1)], now=NOW, by="patron")
    assert not Undo.select().exists()


# -- the cart and the shelves ----------------------------------------------------------------------------------------
def test_a_title_taken_out_of_the_cart_comes_back_to_its_place(patron, today):
    titles = [factories.title(name) for name in ("一", "二", "三")]
    for title in titles:
        cart.add(patron, title, now=NOW)
    cart.take_out(patron, cart.rows(patron)[1], now=NOW)
    assert [row.title for row in cart.rows(patron)] == [titles[0], titles[2]]
    undoing.take_back(patron, Undo.get().id, now=NOW)
    assert [row.title for row in cart.rows(patron)] == titles


def test_a_cart_that_has_the_title_again_or_is_full_stays(patron, today):
    title = factories.title()
    cart.add(patron, title, now=NOW)
    cart.take_out(patron, cart.rows(patron)[0], now=NOW)
    row = Undo.get()
    cart.add(patron, title, now=NOW)
    assert refused(patron, row) == "UndoChanged"
    cart.remove(patron, [title])
    policy.put("cart_limit", 0)
    assert refused(patron, row) == "UndoChanged"
    assert CartRow.select().count() == 0


def test_books_come_back_to_the_shelf_with_their_notes(patron, today):
    titles = [factories.title(name) for name in ("一", "二", "三", "四")]
    shelf = factories.shelf(patron, titles=titles)
    books = list(ShelvedTitle.select().order_by(ShelvedTitle.position))
    shelved.annotate(books[1], note="雨の日に", read_on=today)
    shelved.remove_with_undo(shelf, [books[3], books[1]], now=NOW)
    assert [book.title for book in shelved.books(shelf)] == ["一", "三"]
    undoing.take_back(patron, Undo.get().id, now=NOW)
    again = shelved.books(shelf)
    assert [(book.title, book.position) for book in again] == [("一", 1), ("二", 2), ("三", 3), ("四", 4)]
    assert (again[1].note, again[1].read_on) == ("雨の日に", today)


def test_a_shelf_that_is_gone_or_has_the_book_again_stays(patron, today):
    title = factories.title()
    shelf = factories.shelf(patron, titles=[title])
    shelved.remove_with_undo(shelf, list(ShelvedTitle.select()), now=NOW)
    row = Undo.get()
    shelved.put(shelf, [title], today=today)
    assert refused(patron, row) == "UndoChanged"
    shelves.delete(shelf)
    assert refused(patron, row) == "UndoChanged"


# -- erased ----------------------------------------------------------------------------------------------------------
def test_it_is_erased_when_it_is_over_by_the_job_and_by_the_next(patron, today, renewed):
    assert retention.clean_up(now=NOW + MINUTES)["undos"] == 0
    renewals.renew_all([factories.loan(patron, today)], now=NOW + MINUTES, by="patron")
    assert Undo.select().count() == 1
    assert retention.clean_up(now=NOW + 2 * MINUTES + timedelta(seconds=1))["undos"] == 1


def test_a_new_password_and_a_closed_card_leave_none(patron, today):
    factories.cart_row(patron)
    cart.take_out(patron, cart.rows(patron)[0], now=NOW)
    seals.seal(patron, now=NOW)
    assert not Undo.select().exists()
    factories.cart_row(patron)
    cart.take_out(patron, cart.rows(patron)[0], now=NOW)
    account_closing.close(patron, by="desk", now=NOW)
    assert not Undo.select().exists()


def test_it_is_part_of_ones_own_data(patron, renewed):
    assert '"undos"' in own_data.as_json(patron, now=NOW).decode()
