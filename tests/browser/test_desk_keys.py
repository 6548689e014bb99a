"""The keys that the desk presses all day, besides scans and typed words: nothing needs the mouse."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from library import clock
from models import Hold, Loan, Patron
from tests import factories


class Keys:
    """The keys that were pressed, a chord counted as one."""

    def __init__(self, visitor):
        self.visitor, self.count = visitor, 0

    def press(self, *keys):
        for key in keys:
            self.visitor.page.wait_for_load_state()
            self.visitor.page.keyboard.press(key)
            self.count += 1

    def press_with_alt(self, letter):
        """Press an access key: the browser looks at the letter that the key would have typed alone."""
        session = self.visitor.context.new_cdp_session(self.visitor.page)
        typed = {"modifiers": 1, "key": letter, "text": letter, "unmodifiedText": letter}
        session.send("Input.dispatchKeyEvent", {"type": "keyDown", **typed})
        session.send("Input.dispatchKeyEvent", {"type": "keyUp", "modifiers": 1, "key": letter})
        session.detach()
        self.count += 1

    def type(self, text):
        self.visitor.page.keyboard.insert_text(text)


@pytest.fixture
def clerk(visit):
    return visit().be_at_desk("madoguchi")


@pytest.fixture
def keys(clerk):
    return Keys(clerk)


def waits_for(clerk, control):
    expect(control).to_be_focused()
    clerk.page.wait_for_load_state()


def test_the_slip_of_due_dates_takes_two_keys(clerk, library, patron, keys):
    with library.rows():
        barcode = factories.item().barcode
    waits_for(clerk, clerk.field("利用者番号"))
    clerk.scan(patron.card_number)
    waits_for(clerk, clerk.field("資料番号"))
    clerk.scan(barcode)
    expect(clerk.main.locator("tbody tr")).to_have_count(1)
    clerk.page.add_init_script("window.print = () => { document.title = 'printed'; }")
    keys.press_with_alt("p")
    waits_for(clerk, clerk.button("印刷する"))
    keys.press("Enter")
    expect(clerk.page).to_have_title("printed")
    assert keys.count <= 2


def test_a_card_that_is_read_leads_to_the_name_without_a_key(clerk, keys):
    clerk.go("/desk/patrons/new")
    waits_for(clerk, clerk.field("利用者番号"))
    clerk.scan("0000009990017")
    waits_for(clerk, clerk.field("氏名"))
    assert keys.count == 0


def test_an_address_is_changed_with_four_keys(clerk, library, patron, keys):
    clerk.go(f"/desk/patrons/{patron.id}")
    waits_for(clerk, clerk.button("この方に貸し出す"))
    keys.press("Tab", "Enter")
    waits_for(clerk, clerk.field("郵便番号"))
    keys.press("Tab")
    keys.type("すずかけ市中央一丁目2番3号")
    keys.press("Enter")
    expect(clerk.announcement).to_have_text("住所を変更しました。")
    waits_for(clerk, clerk.button("この方に貸し出す"))
    assert keys.count <= 4
    with library.rows():
        assert Patron.get_by_id(patron.id).address == "すずかけ市中央一丁目2番3号"


def test_a_card_that_has_run_out_is_renewed_on_the_way_with_two_keys(clerk, library, patron, keys):
    with library.rows():
        patron.expires_on = clock.today() - timedelta(days=3)
        patron.save()
        barcode = factories.item().barcode
    waits_for(clerk, clerk.field("利用者番号"))
    clerk.scan(patron.card_number)
    waits_for(clerk, clerk.field("資料番号"))
    keys.press_with_alt("u")
    waits_for(clerk, clerk.button("更新する"))
    keys.press("Enter")
    expect(clerk.announcement).to_contain_text("有効期限を延ばしました。")
    waits_for(clerk, clerk.field("資料番号"))
    assert keys.count <= 2
    clerk.scan(patron.card_number)
    clerk.scan(barcode)
    expect(clerk.main.locator("tbody tr")).to_have_count(1)


def test_a_held_book_is_handed_over_to_somebody_without_a_card_with_six_keys(clerk, library, keys):
    with library.rows():
        patron = factories.patron(name="受取 待子", name_kana="ウケトリ マチコ")
        copy = factories.item(factories.title("武蔵野"), aside=True, aside_at="サ-07")
        factories.hold(patron, copy.title, state="ready", item=copy)
    waits_for(clerk, clerk.field("利用者番号"))
    keys.press_with_alt("6")
    waits_for(clerk, clerk.field("利用者を探す"))
    keys.type("受取待子")
    keys.press("Enter")
    expect(clerk.main.get_by_label("気をつけること")).to_contain_text("「武蔵野」があります。")
    waits_for(clerk, clerk.button("この方に貸し出す"))
    keys.press("Enter")
    waits_for(clerk, clerk.field("資料番号"))
    clerk.scan(copy.barcode)
    expect(clerk.announcement).to_contain_text("「武蔵野」を 受取 待子さん に貸し出しました。")
    assert keys.count <= 6
    with library.rows():
        assert Hold.get(Hold.patron == patron.id).state == "collected"


def test_a_hold_by_telephone_takes_four_keys(clerk, library, patron, keys):
    with library.rows():
        factories.catalogued("電話で頼まれた本", copies=1)
    clerk.go(f"/desk/patrons/{patron.id}")
    waits_for(clerk, clerk.button("この方に貸し出す"))
    keys.press("Tab", "Tab", "Enter")
    waits_for(clerk, clerk.field("書名、ISBN、資料番号"))
    keys.type("電話で頼まれた本")
    keys.press("Enter")
    expect(clerk.announcement).to_contain_text("「電話で頼まれた本」を予約しました。")
    waits_for(clerk, clerk.button("この方に貸し出す"))
    assert keys.count <= 4


def test_ticked_loans_are_counted_on_the_button(clerk, library, patron):
    with library.rows():
        due = clock.today() + timedelta(days=1)
        for name in ("山の音", "雪国"):
            factories.loan(patron, due, title=factories.title(name))
    clerk.go(f"/desk/patrons/{patron.id}")
    expect(clerk.button("選んだ0点を延長する")).to_be_disabled()
    for name in ("山の音", "雪国"):
        clerk.main.get_by_label(f"「{name}」を選ぶ").check()
    clerk.press("選んだ2点を延長する")
    expect(clerk.announcement).to_have_text("2点を延長しました。")
    with library.rows():
        assert all(loan.due_on > due for loan in Loan.select().where(Loan.patron == patron.id))
