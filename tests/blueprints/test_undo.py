"""元に戻す on the pages where something was done."""

from datetime import timedelta

import pytest

from library import clock
from library.lending.holds import cart
from models import CartRow, Loan, ShelvedTitle, Undo
from tests import factories
from tests.conftest import NOW


@pytest.fixture
def today(moved_clock):
    return clock.today()


def button(browse):
    """The one button that takes back, and its form's address."""
    (form,) = browse.page.select("form[action*='/my/undo/']")
    return form.find("button").get_text(strip=True), form["action"]


def is_offered(browse):
    return bool(browse.page.select("form[action*='/my/undo/']"))


def test_renewals_are_taken_back_from_the_loans_and_from_my_library(signed_in, patron, today, moved_clock):
    loan = factories.loan(patron, today + timedelta(days=2))
    signed_in.post("/my/loans/renewals", {"all": "1"})
    signed_in.get("/my/loans")
    minute = clock.local(NOW + timedelta(minutes=10))
    words = f"元に戻す（{minute.hour}時{minute.minute:02d}分まで）"
    assert button(signed_in)[0] == words
    assert signed_in.text().count("「こころ」を延長しました。") == 1
    signed_in.get("/my/")
    assert "「こころ」を延長しました。" in signed_in.text()
    assert button(signed_in)[0] == words
    signed_in.post(button(signed_in)[1], {})
    signed_in.get("/my/loans")
    assert "元に戻しました。" in signed_in.page.find(id="answer").get_text()
    assert Loan.get_by_id(loan.id).due_on == loan.due_on
    assert not is_offered(signed_in)


def test_a_row_that_changed_since_is_refused_with_a_sentence(signed_in, patron, today):
    loan = factories.loan(patron, today + timedelta(days=2))
    signed_in.post(f"/my/loans/{loan.id}/renewal", {})
    signed_in.get("/my/loans")
    Loan.update(renewals=2).where(Loan.id == loan.id).execute()
    signed_in.post(button(signed_in)[1], {})
    signed_in.get("/my/loans")
    assert "そのあとに変わったため、元に戻せません。" in signed_in.text()


def test_after_its_time_the_button_is_gone_and_a_late_press_says_so(signed_in, patron, today, moved_clock):
    loan = factories.loan(patron, today + timedelta(days=2))
    signed_in.post(f"/my/loans/{loan.id}/renewal", {})
    signed_in.get("/my/loans")
    address = button(signed_in)[1]
    moved_clock.now = NOW + timedelta(minutes=10)
    signed_in.get("/my/loans")
    assert not is_offered(signed_in)
    signed_in.post(address, {})
    signed_in.get("/my/loans")
    assert "元に戻せる時間が過ぎたか、もう元に戻してあります。" in signed_in.text()


def test_a_title_comes_back_into_the_cart(signed_in, patron, today):
    row = factories.cart_row(patron)
    signed_in.post(f"/my/cart/{row.id}/removal", {})
    signed_in.get("/my/cart")
    assert "「こころ」を予約かごから外しました。" in signed_in.text()
    signed_in.post(button(signed_in)[1], {})
    signed_in.get("/my/cart")
    assert "元に戻しました。" in signed_in.text()
    assert cart.count(patron) == CartRow.select().count() == 1


def test_books_come_back_onto_the_shelf(signed_in, patron, today):
    shelf = factories.shelf(patron, titles=[factories.title()])
    book = ShelvedTitle.get()
    signed_in.post(f"/my/shelves/{shelf.id}/books/{book.id}/removal", {})
    signed_in.get(f"/my/shelves/{shelf.id}")
    assert "「こころ」を本棚から出しました。" in signed_in.text()
    signed_in.post(button(signed_in)[1], {})
    signed_in.get(f"/my/shelves/{shelf.id}")
    assert "元に戻しました。" in signed_in.text()
    assert ShelvedTitle.select().count() == 1


def test_an_act_of_another_is_not_taken_back(signed_in, patron, today, browse):
    other = factories.patron()
    factories.cart_row(other)
    cart.take_out(other, cart.rows(other)[0], now=NOW)
    signed_in.post(f"/my/undo/cart/{Undo.get().id}", {})
    assert CartRow.select().count() == 0
