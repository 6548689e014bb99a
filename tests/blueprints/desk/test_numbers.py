"""番号の形式: forms of numbers are listed, added, changed and deleted by 管理; an example shows their bars."""

import pytest

from library import policy
from library.numbers import formats
from models import Item, Patron
from tests import factories

CARD = "/desk/numbers/card"


@pytest.fixture
def admin(browse, app):
    factories.branch("本館", position=0)
    browse.be(factories.staff("admin", login="kanri"))
    return browse


def fill(admin, address, **typed):
    """Fill in the form of a page, as a browser would, and send it."""
    admin.get(address)
    data = admin.form(address) | typed
    return admin.post(address, {name: value for name, value in data.items() if value is not None and name != "preview"})


def test_the_page_lists_the_forms_with_an_example_and_the_next_number(admin):
    factories.patron(card_number="0000002377570")
    admin.get("/desk/numbers")
    assert admin.h1() == "番号の形式"
    tables = admin.page.select("table")
    assert "13桁の数字" in tables[0].get_text() and "1〜20文字の英数字と記号" in tables[1].get_text()
    assert tables[0].select_one("svg path") and "0000002377571" in admin.text()


def test_a_form_is_added_and_new_numbers_are_of_it(admin):
    answer = fill(
        admin, f"{CARD}/new", prefix="k", length="10", check="m10w31", pads="y", is_for_new="y", first="k000000501"
    )
    assert (
        answer.status_code == 422
        and "番号の検査数字が合いません。" in admin.page.select_one("#error-summary").get_text()
    )
    assert admin.form(f"{CARD}/new")["first"] == "k000000501"
    answer = fill(
        admin, f"{CARD}/new", prefix="k", length="10", check="m10w31", pads="y", is_for_new="y", first="K000000505"
    )
    assert answer.location == "/desk/numbers"
    admin.get(answer.location)
    assert "「Kで始まる10桁の数字」を保存しました。" in admin.text() and "K000000505" in admin.text()
    assert [form.is_for_new for form in formats.cards()] == [False, True]
    admin.get("/desk/patrons/new")
    assert admin.form("/desk/patrons/new")["card_number"] == "K000000505"


def test_an_example_is_shown_before_anything_is_stored(admin):
    admin.get(f"{CARD}/new")
    data = admin.form(f"{CARD}/new") | {"prefix": "A", "length": "8", "check": "m43", "preview": "1"}
    answer = admin.post(f"{CARD}/new", data)
    assert answer.status_code == 200 and "A000001" in admin.page.select_one(".number-example").get_text()
    assert admin.form(f"{CARD}/new")["prefix"] == "A" and len(formats.cards()) == 1


def test_a_form_that_no_bars_can_say_is_told(admin):
    admin.get("/desk/numbers/item/new")
    data = admin.form("/desk/numbers/item/new") | {"prefix": "K:", "length": "8", "letters": "letters", "preview": "1"}
    admin.post("/desk/numbers/item/new", data)
    assert "バーコードにできません" in admin.text()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"length": "3"}, "桁数：4から20までの数字で"),
        ({"prefix": "あ"}, "はじめの文字："),
        ({"length": ""}, "桁数："),
        ({"prefix": "K", "check": "m16"}, "検査数字："),
        ({"is_for_new": None}, "新しい番号に使う："),
    ],
)
def test_a_wrong_format_is_named_and_nothing_typed_is_lost(admin, typed, said):
    answer = fill(admin, f"{CARD}/1", **typed)
    assert answer.status_code == 422 and said in admin.page.select_one("#error-summary").get_text()
    for name, value in typed.items():
        assert admin.form(f"{CARD}/1").get(name) == value
    assert policy.get("card_forms") == policy.DEFAULTS["card_forms"]


def test_a_form_is_deleted_but_the_one_for_new_numbers(admin):
    fill(admin, f"{CARD}/new", length="8")
    admin.get("/desk/numbers")
    assert not admin.page.find("form", action=f"{CARD}/1/removal")
    assert admin.post(f"{CARD}/1/removal").status_code == 409 and "削除できません" in admin.text()
    assert admin.post(f"{CARD}/2/removal").location == "/desk/numbers"
    assert [form.length for form in formats.cards()] == [13]


def test_there_is_room_for_five_forms(admin):
    for length in range(4, 8):
        fill(admin, f"{CARD}/new", length=str(length))
    admin.get("/desk/numbers")
    assert not admin.page.find("a", href=f"{CARD}/new") and "形は5つまでです" in admin.text()
    assert admin.get(f"{CARD}/new").status_code == 409
    assert admin.get(f"{CARD}/99").status_code == 404


# -- what the forms judge --------------------------------------------------------------------------------------------
def test_a_new_card_must_have_a_right_check_digit_and_an_old_one_is_edited_whatever_it_is(admin):
    stored = factories.patron(card_number="0000002377570")
    fill(admin, f"{CARD}/1", check="m10w31")
    admin.get("/desk/patrons/new")
    data = admin.form("/desk/patrons/new") | {
        "card_number": "0000002377582",
        "name": "森 一",
        "birth_date": "1990-01-01",
    }
    assert admin.post("/desk/patrons/new", data | {"card_number": "0000002377581"}).status_code == 422
    assert "番号の検査数字が合いません。" in admin.text()
    assert admin.post("/desk/patrons/new", data).status_code == 200
    address = f"/desk/patrons/{stored.id}/edit"
    admin.get(address)
    assert admin.post(address, admin.form(address) | {"name": "図書 桜子"}).location == f"/desk/patrons/{stored.id}"
    assert Patron.get_by_id(stored.id).name == "図書 桜子"


def test_a_copy_keeps_its_number_whatever_the_forms_say(admin):
    item = factories.item(barcode="k-1/9")
    fill(admin, "/desk/numbers/item/1", length="10", letters="digits")
    address = "/desk/items/k-1~19/edit"
    admin.get(address)
    data = admin.form(address)
    assert admin.post(address, data | {"shelf": "児童"}).status_code == 303
    assert Item.get_by_id(item.id).shelf == "児童"
    assert admin.post(address, data | {"barcode": "12"}).status_code == 422 and "10桁の数字" in admin.text()
