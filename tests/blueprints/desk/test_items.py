"""資料 at the desk: one copy, its state, and what is unsettled."""

import pytest

from library import clock, policy
from models import Item, Loan
from tests import factories
from tests.pages import announced


@pytest.fixture
def copy(desk):
    return factories.item(shelf="一般", call_number="913.6 ナ")


def test_a_copy_is_found_by_its_number(desk, copy):
    desk.get("/desk/items")
    assert desk.get(f"/desk/items?item=A{copy.barcode}A").location == f"/desk/items/{copy.barcode}"
    desk.get(f"/desk/items/{copy.barcode}")
    assert "貸出可" in desk.text() and "一般 913.6 ナ" in desk.text()
    desk.get("/desk/items?item=777")
    assert "この資料番号の資料はありません" in desk.text()
    assert desk.get("/desk/items/777").status_code == 404


@pytest.mark.parametrize("state", ["reference", "repair", "missing", "lost"])
def test_its_state_is_changed(desk, scan, copy, state):
    scan(f"/desk/items/{copy.barcode}/state", state=state)
    assert Item.get().state == state


def test_a_copy_that_is_lent_out_keeps_its_state(desk, card, copy):
    factories.loan(card, item=copy)
    desk.get(f"/desk/items/{copy.barcode}")
    assert "貸出中" in desk.text() and "佐藤" not in desk.text()
    assert desk.post(f"/desk/items/{copy.barcode}/state", {"state": "repair"}).status_code == 409
    assert desk.post(f"/desk/items/{copy.barcode}/state", {"state": "eaten"}).status_code == 422
    assert Item.get().state == "available"


def test_a_claim_is_recorded_listed_and_rejected(desk, scan, card, copy):
    factories.loan(card, item=copy)
    scan(f"/desk/items/{copy.barcode}/claimed")
    assert Loan.get().trouble == "claimed"
    desk.get("/desk/claims")
    assert "返しましたの申し出" in desk.text() and copy.barcode in desk.text()
    scan(f"/desk/items/{copy.barcode}/rejected")
    assert Loan.get().trouble == ""


def test_a_lost_copy_is_replaced_and_withdrawn(desk, scan, card, copy):
    factories.loan(card, item=copy)
    scan(f"/desk/items/{copy.barcode}/lost")
    assert (Loan.get().trouble, Item.get().state) == ("lost", "lost")
    assert desk.post(f"/desk/items/{copy.barcode}/settled", {"state": "lost"}).status_code == 422
    scan(f"/desk/items/{copy.barcode}/settled", state="withdrawn")
    assert (Loan.get().trouble, Loan.get().returned_on, Item.get().state) == ("", clock.today(), "withdrawn")


def test_damage_is_recorded_as_long_as_the_last_borrower_is_known(desk, scan, card, copy):
    factories.loan(card, item=copy, returned_on=clock.today())
    scan(f"/desk/items/{copy.barcode}/damaged")
    assert (Loan.get().trouble, Item.get().state) == ("damaged", "repair")
    Loan.update(patron=None, trouble="").execute()
    desk.get(f"/desk/items/{copy.barcode}")
    assert "最後の貸出" not in desk.text()
    assert desk.post(f"/desk/items/{copy.barcode}/damaged").status_code == 422


def test_a_loan_that_is_over_is_neither_lost_nor_claimed(desk, card, copy):
    factories.loan(card, item=copy, returned_on=clock.today())
    desk.get(f"/desk/items/{copy.barcode}")
    assert desk.post(f"/desk/items/{copy.barcode}/lost").status_code == 409


@pytest.mark.parametrize("barcode", ["K/12", "..", ".", "A-1.$:/+", "K~1"])
def test_a_copy_of_any_number_has_a_page_of_its_own(desk, barcode):
    item = factories.item(barcode=barcode)
    desk.get(desk.get("/desk/items", query_string={"item": barcode}).location)
    assert item.title.title in desk.text() and barcode in desk.text()
    form = desk.page.find("form", action=lambda action: action and action.endswith("/state"))
    assert desk.post(form["action"], {"state": "repair"}).status_code == 303
    desk.get(form["action"].replace("/state", "/edit"))
    assert desk.page.find("input", id="barcode")["value"] == barcode


def test_a_number_that_two_copies_may_have_is_asked_for_in_full(desk):
    policy.put(
        "item_forms", [{"id": 1, "length": 8, "pads": True, "is_for_new": True}, {"id": 2, "length": 10, "pads": True}]
    )
    factories.item(barcode="00000034")
    factories.item(barcode="0000000034")
    assert desk.get("/desk/items?item=34").status_code == 422 and "0も省かずに" in desk.text()
    assert desk.get("/desk/items?item=00000034").status_code == 302


def test_a_note_on_a_copy_is_shown_as_it_is_lent_and_comes_back(desk, scan, card, copy):
    address = f"/desk/items/{copy.barcode}/edit"
    desk.get(address)
    desk.post(address, desk.form(address) | {"note": "ディスク2枚、地図1枚"})
    desk.get(f"/desk/items/{copy.barcode}")
    assert "ディスク2枚、地図1枚" in desk.text()
    assert "資料メモ：ディスク2枚、地図1枚" in announced(
        scan("/desk/checkout", card=card.card_number, item=copy.barcode).page
    )
    assert "資料メモ ディスク2枚、地図1枚" in announced(scan("/desk/returns", item=copy.barcode).page)


def test_a_note_has_sixty_letters_at_most(desk, copy):
    address = f"/desk/items/{copy.barcode}/edit"
    desk.get(address)
    assert desk.post(address, desk.form(address) | {"note": "付" * 61}).status_code == 422
    assert "60文字以内" in desk.text() and Item.get_by_id(copy.id).note == ""
