"""The fields of the desk that wait for the scanner: each scan begins anew, whatever was scanned before."""

import pytest
from playwright.sync_api import expect

from tests import factories

UNKNOWN = ("9990000000001", "9990000000002", "9990000000003")


@pytest.fixture(params=[True, False], ids=["script", "plain"])
def clerk(request, visit):
    return visit(js=request.param).be_at_desk("madoguchi")


@pytest.fixture
def scripted(visit):
    return visit().be_at_desk("madoguchi")


def scan(visitor, text):
    """As a scanner does: letter by letter into whatever has the focus, then Enter."""
    visitor.page.keyboard.type(text)
    visitor.page.keyboard.press("Enter")


def is_ready(visitor, label):
    """The next scan replaces what is in the field."""
    field = visitor.field(label)
    expect(field).to_be_focused()
    return field.evaluate("it => it.value.slice(it.selectionStart, it.selectionEnd) === it.value")


@pytest.mark.parametrize("page", ["checkout", "renewals"])
def test_an_unknown_card_is_not_in_the_way_of_the_next_scan(clerk, library, patron, page):
    clerk.go(f"/desk/{page}")
    expect(clerk.field("利用者番号")).to_be_focused()
    for number in UNKNOWN:
        scan(clerk, number)
        expect(clerk.announcement).to_contain_text(number)
        assert is_ready(clerk, "利用者番号")
    scan(clerk, patron.card_number)
    expect(clerk.announcement).to_have_text("図書 花子さんの手続きを始めます。")
    expect(clerk.field("資料番号")).to_be_focused()


@pytest.mark.parametrize(
    ("page", "label"), [("patrons", "利用者を探す"), ("titles", "書誌を探す"), ("items", "資料番号")]
)
def test_a_number_that_is_not_found_is_replaced_by_the_next(clerk, page, label):
    clerk.go(f"/desk/{page}")
    expect(clerk.field(label)).to_be_focused()
    for number in UNKNOWN:
        scan(clerk, number)
        expect(clerk.announcement).to_contain_text(number)
        assert is_ready(clerk, label)


def test_words_that_were_asked_for_stay_and_can_be_made_longer(scripted):
    scripted.go("/desk/patrons")
    expect(scripted.field("利用者を探す")).to_be_focused()
    scan(scripted, "ふめい")
    expect(scripted.announcement).to_contain_text("「ふめい」")
    expect(scripted.field("利用者を探す")).to_have_value("ふめい")
    expect(scripted.field("利用者を探す")).to_be_focused()
    scripted.page.keyboard.press("End")
    scan(scripted, "の")
    expect(scripted.announcement).to_contain_text("「ふめいの」")


def test_a_scan_that_begins_before_the_script_has_come_loses_no_digit(scripted):
    number = UNKNOWN[1]

    def begin(script):
        expect(scripted.field("資料番号")).to_be_focused()
        scripted.page.keyboard.type(number[:6])
        script.continue_()

    scripted.page.route("**/desk.js*", begin, times=1)
    scripted.go(f"/desk/items?item={UNKNOWN[0]}")
    scan(scripted, number[6:])
    expect(scripted.announcement).to_contain_text(number)


def test_escape_empties_the_field_and_then_leads_to_the_next_person(scripted, patron):
    keys = scripted.page.keyboard
    for label in ("利用者番号", "資料番号"):
        expect(scripted.field(label)).to_be_focused()
        keys.type("12")
        keys.press("Escape")
        expect(scripted.field(label)).to_have_value("")
        if label == "利用者番号":
            scan(scripted, patron.card_number)
    expect(scripted.field("利用者番号")).to_have_value(patron.card_number)
    keys.press("Escape")
    expect(scripted.field("利用者番号")).to_have_value("")
    expect(scripted.field("利用者番号")).to_be_focused()
    scripted.go("/desk/patrons/new")
    scripted.field("利用者番号").focus()
    keys.press("Escape")
    expect(scripted.field("利用者番号")).to_have_value("")


def test_a_field_is_selected_by_keyboard_and_mouse_and_a_second_click_sets_the_caret(scripted):
    scripted.go("/desk/patrons/new")
    field = scripted.field("利用者番号")
    chosen = "it => it.selectionEnd - it.selectionStart"
    number = field.input_value()
    scripted.field("氏名").focus()
    scripted.page.keyboard.press("Shift+Tab")
    expect(field).to_be_focused()
    assert field.evaluate(chosen) == len(number)
    scripted.field("氏名").click()
    field.click()
    assert field.evaluate(chosen) == len(number)
    field.click()
    assert field.evaluate(chosen) == 0
    scripted.field("氏名").click()
    field.click()
    scan(scripted, "9990000000009")
    expect(scripted.field("利用者番号")).to_have_value("9990000000009")


def test_a_card_and_its_copies_are_scanned_without_waiting_for_an_answer(scripted, library, patron):
    with library.rows():
        barcodes = [factories.item(factories.title(f"急ぐ本{number}")).barcode for number in range(3)]
    expect(scripted.field("利用者番号")).to_be_focused()
    for text in (patron.card_number, *barcodes):
        scan(scripted, text)
    expect(scripted.main.locator("tbody tr")).to_have_count(3)
    expect(scripted.announcement).to_contain_text("「急ぐ本2」を 図書 花子さん に貸し出しました。")
    expect(scripted.field("利用者番号")).to_have_value(patron.card_number)


def test_a_scan_whose_answer_never_came_stands_in_its_field_again(scripted, library, patron):
    with library.rows():
        barcode = factories.item().barcode
    for label, text in (("利用者番号", patron.card_number), ("資料番号", barcode)):
        expect(scripted.field(label)).to_be_focused()
        scripted.context.set_offline(True)
        scan(scripted, text)
        expect(scripted.main.get_by_text("通信できませんでした")).to_be_visible()
        expect(scripted.field(label)).to_have_value(text)
        scripted.context.set_offline(False)
        scripted.complaints.clear()
        scripted.field(label).press("Enter")
    expect(scripted.main.locator("tbody tr")).to_have_count(1)
