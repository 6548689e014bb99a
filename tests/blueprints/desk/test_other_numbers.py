"""ほかの番号 at the desk: old cards and マイキーID of a person."""

import pytest

from library.numbers import cards
from models import Audit, CardNumber
from tests import factories


@pytest.fixture
def address(card):
    return f"/desk/patrons/{card.id}/numbers"


def test_an_old_card_is_added_serves_and_is_taken_off(desk, card, address, scan):
    desk.get(f"/desk/patrons/{card.id}/family")
    assert desk.page.find("a", href=address).get_text() == "ほかの番号"
    desk.get(address)
    assert desk.h1() == "ほかの番号"
    answer = desk.post(address, {"old_number": "ｋ-12"})
    desk.get(answer.location)
    assert "番号を加えました。" in desk.text() and "K-12" in desk.page.select_one("table").get_text()
    assert scan("/desk/checkout", card="*K-12*").status_code == 200 and "佐藤 花子" in desk.text()
    row = cards.other_numbers(card)[0]
    desk.get(address)
    desk.get(desk.post(f"{address}/{row.id}/removal").location)
    assert "番号を外しました。" in desk.text() and not cards.other_numbers(card)
    assert scan("/desk/checkout", card="K-12").status_code == 422


def test_a_mykey_needs_its_owners_word_and_shows_its_end_alone(desk, card, address, scan):
    desk.get(address)
    answer = desk.post(address, {"mykey": "ab12cd34"})
    assert (
        answer.status_code == 422 and "本人の申し出を確かめました" in desk.page.select_one("#error-summary").get_text()
    )
    assert desk.page.find(id="mykey")["value"] == "ab12cd34"
    desk.get(desk.post(address, {"mykey": "ab12cd34", "confirmed": "y"}).location)
    assert "******34" in desk.text() and "AB12CD34" not in desk.text()
    assert scan("/desk/checkout", card="AB12CD34").status_code == 200 and "佐藤 花子" in desk.text()
    assert "AB12CD34" not in str([row.details for row in Audit.select()])


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"old_number": ""}, "入力してください"),
        ({"old_number": "あいう"}, "20文字まで"),
        ({"old_number": "own"}, "すでに登録されています"),
        ({"mykey": "123456789012", "confirmed": "y"}, "個人番号（マイナンバー）は入力しないでください"),
    ],
)
def test_a_text_that_can_not_be_a_number_is_refused_beside_its_field(desk, card, address, typed, said):
    typed = {name: card.card_number if value == "own" else value for name, value in typed.items()}
    desk.get(address)
    answer = desk.post(address, typed)
    name, value = next(iter(typed.items()))
    assert answer.status_code == 422 and said in desk.page.find(id=f"{name}-messages").get_text()
    assert desk.page.find(id=name)["value"] == value and not cards.other_numbers(card)


def test_five_are_the_most(desk, card, address):
    for number in range(5):
        CardNumber.create(number=f"K-{number}", patron=card, kind="old")
    desk.get(address)
    assert "ほかの番号は5個までです。" in desk.text() and not desk.page.find(id="old_number")
    assert desk.post(address, {"old_number": "K-9"}).status_code == 422


def test_a_closed_card_gets_none(desk, address, card):
    type(card).update(state="closed").execute()
    desk.get(address)
    assert not desk.page.find(id="old_number")
    assert desk.post(address, {"old_number": "K-9"}).status_code == 422 and not cards.other_numbers(card)


def test_two_cards_that_may_be_meant_are_asked_about(desk, scan):
    from library import policy

    rows = [{"id": 1, "length": 8, "pads": True, "is_for_new": True}, {"id": 2, "length": 10, "pads": True}]
    policy.put("card_forms", rows)
    factories.patron(card_number="00000034", name="図書 花子")
    two = factories.patron(card_number="0000000034", name="図書 太郎")
    item = factories.item()
    answer = scan("/desk/checkout", card="34", item=item.barcode)
    assert answer.status_code == 422 and "どちらのカードですか" in desk.text()
    choices = [form for form in desk.page.select(".refusal form") if "太郎" in form.get_text()]
    data = {field["name"]: field["value"] for field in choices[0].select("input")}
    assert (data["card"], data["item"]) == (two.card_number, item.barcode)
    assert (
        scan("/desk/checkout", **{name: value for name, value in data.items() if name != "csrf_token"}).status_code
        == 200
    )
    assert "図書 太郎" in desk.text()
    assert scan("/desk/renewals", card="34").status_code == 422 and "どちらのカードですか" in desk.text()
