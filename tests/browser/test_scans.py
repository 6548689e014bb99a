"""A scan while no text field has the focus: it goes where it belongs, and its Enter presses nothing."""

import pytest
from playwright.sync_api import expect

from library import clock
from models import Item, Loan, Patron
from tests import factories

BY_HAND = 0.08  # seconds from key to key: somebody who types very well
IN_TURN = """([text, key]) => {
  for (const letter of [...text, "Enter"]) {
    const init = key === "Process" && letter !== "Enter" ? { key, code: `Digit${letter}` } : { key: letter };
    document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { ...init, bubbles: true, cancelable: true }));
  }
}"""


@pytest.fixture
def clerk(visit):
    return visit().be_at_desk("madoguchi")


@pytest.fixture
def lent(library, patron):
    """Two copies that the patron has."""
    with library.rows():
        return [factories.loan(patron, title=factories.title(name)).item.barcode for name in ("山の音", "雪国")]


def give_back_one(clerk, barcode):
    clerk.go("/desk/returns")
    clerk.scan(barcode)
    expect(clerk.main.locator("tbody tr")).to_have_count(1)
    clerk.page.wait_for_load_state()


def is_out(library, barcode):
    with library.rows():
        return Loan.select().join(Item).where(Item.barcode == barcode, Loan.returned_on.is_null()).exists()


def in_menu(clerk):
    return clerk.page.get_by_role("navigation", name="窓口のメニュー").get_by_role("link", name="延長", exact=True)


# Where the focus may be on the page of returns.
PLACES = {
    "the button that undoes the last return": lambda clerk: clerk.button("最後の返却を取り消す"),
    "a link": lambda clerk: clerk.main.locator("tbody a").first,
    "the menu": in_menu,
    "a date": lambda clerk: clerk.field("返却日"),
    "the button of the text size": lambda clerk: clerk.text_size("大"),
}


@pytest.mark.parametrize("place", [*PLACES, "nothing"])
def test_a_scan_reaches_the_field_of_the_page_from_everywhere(clerk, library, lent, place):
    give_back_one(clerk, lent[0])
    day = clerk.field("返却日").input_value()
    if place == "nothing":
        clerk.page.evaluate("document.activeElement.blur()")
    else:
        PLACES[place](clerk).focus()
        expect(PLACES[place](clerk)).to_be_focused()
    clerk.scan(f"A{lent[1]}A")
    expect(clerk.main.locator("tbody tr")).to_have_count(2)
    expect(clerk.main.locator(".came-title")).to_contain_text("雪国")
    assert clerk.path == "/desk/returns" and clerk.field("返却日").input_value() == day
    assert not is_out(library, lent[0]) and not is_out(library, lent[1])
    assert clerk.page.locator("html").get_attribute("class") == "size-m"


def test_a_scan_on_a_folded_group_of_the_menu_opens_nothing(visit, library, lent):
    clerk = visit(width=390).be_at_desk("madoguchi", "/desk/returns")
    group = clerk.page.locator(".desk-menu summary").first
    group.focus()
    expect(group).to_be_focused()
    clerk.scan(lent[0])
    expect(clerk.main.locator("tbody tr")).to_have_count(1)
    assert clerk.page.locator(".desk-menu details[open]").count() == 0 and not is_out(library, lent[0])


@pytest.mark.parametrize("key", ["", "Process"])
def test_full_width_digits_and_those_of_an_input_method_are_read(clerk, library, lent, key):
    give_back_one(clerk, lent[0])
    clerk.button("最後の返却を取り消す").focus()
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in lent[1])
    clerk.page.evaluate(IN_TURN, [lent[1] if key else wide, key])
    expect(clerk.main.locator("tbody tr")).to_have_count(2)


@pytest.mark.parametrize(("label", "by"), [("区分", "select"), ("書名を載せる", "tick")])
def test_a_scan_where_no_field_waits_opens_what_has_the_number(clerk, library, patron, label, by):
    with library.rows():
        copy = factories.item(factories.title("夜明け前"))
    for number, heading in ((copy.barcode, "夜明け前"), (patron.card_number, "図書 花子 さん")):
        clerk.go("/desk/patrons/new")
        field = clerk.field(label)
        before = field.input_value(), by == "tick" and field.is_checked()
        field.focus()
        clerk.scan(number)
        expect(clerk.h1).to_have_text(heading)
        clerk.page.go_back()
        assert (clerk.field(label).input_value(), by == "tick" and clerk.field(label).is_checked()) == before


def test_a_scan_on_the_page_of_a_person_opens_the_next_and_presses_no_act(clerk, library, patron):
    with library.rows():
        other = factories.patron(name="次の 人")
    clerk.go(f"/desk/patrons/{patron.id}/renew")
    expect(clerk.button("更新する")).to_be_focused()
    clerk.scan(other.card_number)
    expect(clerk.h1).to_have_text("次の 人 さん")
    with library.rows():
        assert Patron.get_by_id(patron.id).expires_on == patron.expires_on


def test_a_scan_in_the_reason_of_a_suspension_opens_the_next_person_and_suspends_nobody(clerk, library, patron):
    with library.rows():
        other = factories.patron(name="次の 人")
    clerk.go(f"/desk/patrons/{patron.id}/suspend")
    expect(clerk.field("理由")).to_be_focused()
    clerk.scan(other.card_number)
    expect(clerk.h1).to_have_text("次の 人 さん")
    with library.rows():
        assert Patron.get_by_id(patron.id).state == "active"


def test_a_scan_loses_nothing_that_was_typed(clerk, library, patron):
    clerk.go("/desk/patrons/new")
    clerk.field("氏名").fill("新町 実")
    clerk.field("区分").focus()
    clerk.scan(patron.card_number)
    expect(clerk.button("開く")).to_be_focused()
    expect(clerk.main.get_by_role("alert")).to_contain_text(patron.card_number)
    expect(clerk.field("氏名")).to_have_value("新町 実")
    clerk.page.keyboard.press("Enter")
    expect(clerk.h1).to_have_text("図書 花子 さん")


def test_an_unknown_number_is_said_and_can_be_registered(clerk):
    clerk.go("/desk/status")
    number = f"{clock.now():%y%m%d%H%M%S}7"
    clerk.scan(f"A{number}A")
    expect(clerk.announcement).to_contain_text(f"{number} は登録されていません")
    clerk.follow("この番号で利用者を登録する")
    expect(clerk.field("利用者番号")).to_have_value(number)


def test_a_text_field_keeps_a_number_that_comes_as_fast_as_a_scan(clerk, patron):
    clerk.go(f"/desk/patrons/{patron.id}/note")
    memo = clerk.field("メモ")
    memo.focus()
    clerk.scan(patron.card_number)
    expect(memo).to_have_value(f"{patron.card_number}\n")


def test_keys_at_the_speed_of_a_person_do_what_they_always_do(clerk, library, lent):
    give_back_one(clerk, lent[0])
    clerk.button("最後の返却を取り消す").focus()
    clerk.scan("0123456789", every=BY_HAND)
    expect(clerk.main).to_contain_text("の返却を取り消しました。")
    assert is_out(library, lent[0])


def test_without_script_the_field_that_waits_has_the_focus(visit, lent):
    clerk = visit(js=False).be_at_desk("madoguchi", "/desk/returns")
    expect(clerk.field("資料番号")).to_be_focused()
    clerk.scan(lent[0])
    expect(clerk.main.locator("tbody tr")).to_have_count(1)


def test_the_field_of_the_bar_opens_a_person_from_any_page(clerk, patron):
    clerk.go("/desk/status")
    field = clerk.page.get_by_label("探す", exact=True)
    expect(field).to_have_attribute("accesskey", "/")
    field.focus()
    clerk.scan(patron.card_number)
    expect(clerk.h1).to_have_text("図書 花子 さん")


def test_a_card_read_at_the_work_of_today_opens_its_person(clerk, patron):
    clerk.go("/desk/")
    clerk.scan(patron.card_number)
    expect(clerk.h1).to_have_text("図書 花子 さん")


def test_the_menu_of_ones_own_name_closes_with_escape_and_when_it_is_left(clerk):
    own = clerk.page.get_by_role("banner").locator("details")
    own.locator("summary").press("Enter")
    expect(own.get_by_role("button", name="ログアウト")).to_be_visible()
    clerk.page.keyboard.press("Escape")
    expect(own.get_by_role("button", name="ログアウト")).to_be_hidden()
    expect(own.locator("summary")).to_be_focused()
    own.locator("summary").press("Enter")
    clerk.page.keyboard.press("Shift+Tab")
    expect(own.get_by_role("button", name="ログアウト")).to_be_hidden()
