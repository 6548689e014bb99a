"""雑誌 at the desk: a clerk receives ten magazines with ten presses and ten scans, and leaves a row with Esc."""

from playwright.sync_api import expect

from library import clock
from models import Branch, Issue, Item, Serial, SerialCopies
from tests.browser.screens.desk import sit_down
from tests.browser.screens.serials import awaited

NAMES = [f"月刊 {letter}" for letter in "あいうえおかきくけこ"]


def test_ten_magazines_take_ten_presses_and_ten_scans(library, visitor):
    serials = [awaited(library, name, days=40 - number) for number, name in enumerate(NAMES)]
    sit_down(visitor)
    page = visitor.page
    visitor.go("/desk/serials")
    page.get_by_role("button", name=f"「{NAMES[0]} 2027年1月号」を受け入れる").focus()
    presses = scans = 0
    for number, name in enumerate(NAMES):
        expect(page.locator(":focus")).to_have_accessible_name(f"「{name} 2027年1月号」を受け入れる")
        page.keyboard.press("Enter")
        presses += 1
        expect(page.get_by_label("2027年1月号のバーコードを読んでください。")).to_be_focused()
        page.keyboard.type(f"88990000{number:02}")
        page.keyboard.press("Enter")
        scans += 1
        expect(page.locator(".flash")).to_contain_text(f"『{name}』2027年1月号を受け入れました。")
    assert (presses, scans) == (10, 10)
    with library.rows():
        assert Issue.select().where(Issue.serial.in_(serials), Issue.name == "2027年1月号").count() == 10
        assert Item.select().where(Item.barcode.startswith("88990000")).count() == 10


def test_copies_of_an_issue_come_in_as_fast_as_they_are_scanned(library, visitor):
    with library.rows():
        serial = Serial.create(name="山と川", interval="monthly", began_on=clock.today())
        SerialCopies.create(serial=serial, branch=Branch.get(), number=4)
    sit_down(visitor)
    visitor.go(f"/desk/serials?open={serial.id}")
    visitor.page.keyboard.insert_text("2027年1月号")
    for number in range(4):
        visitor.page.keyboard.type(f"88991000{number:02}")
        visitor.page.keyboard.press("Enter")
    expect(visitor.page.locator(".flash")).to_contain_text("8899100003。")
    with library.rows():
        numbers = Item.select(Item.barcode).where(Item.barcode.startswith("88991000")).order_by(Item.id)
        assert [item.barcode for item in numbers] == [f"88991000{number:02}" for number in range(4)]


def test_a_scan_never_goes_into_a_name_that_was_refused(library, visitor):
    number = awaited(library, "港の暮らし", days=20)
    sit_down(visitor)
    visitor.go(f"/desk/serials?open={number}&as=name")
    visitor.field("号の名前").fill("長" * 101)
    visitor.page.locator("#barcode").focus()
    for barcode in ("8899200001", "8899200002"):
        visitor.page.keyboard.type(barcode)
        visitor.page.keyboard.press("Enter")
    expect(visitor.main.locator("#name-messages .error")).to_be_visible()
    expect(visitor.field("号の名前")).to_be_focused()
    expect(visitor.field("号の名前")).to_have_value("長" * 101)
    with library.rows():
        assert Issue.select().where(Issue.serial == number).count() == 1


def test_esc_leaves_an_open_row_and_receives_nothing(library, visitor):
    number = awaited(library, "園芸手帖", days=20)
    sit_down(visitor)
    page = visitor.page
    visitor.go(f"/desk/serials?open={number}")
    expect(page.locator("#barcode")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("form.got")).to_have_count(0)
    with library.rows():
        assert Issue.select().where(Issue.serial == number).count() == 1


def test_a_receipt_is_undone_with_a_press(library, visitor):
    number = awaited(library, "短歌の庭", days=20)
    sit_down(visitor)
    page = visitor.page
    visitor.go(f"/desk/serials?open={number}")
    page.keyboard.type("8899000099")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="元に戻す").click()
    expect(page.locator("#answer")).to_contain_text("受け入れを取り消しました。")
    with library.rows():
        assert Issue.select().where(Issue.serial == number).count() == 1


def test_the_first_issue_takes_a_name_by_hand_and_the_scan_beside_it(library, visitor):
    with library.rows():
        serial = Serial.create(name="若葉の郷土", interval="irregular", began_on=clock.today())
        SerialCopies.create(serial=serial, branch=Branch.get(), number=1)
    sit_down(visitor)
    page = visitor.page
    visitor.go(f"/desk/serials?open={serial.id}")
    expect(page.get_by_label("号の名前")).to_be_focused()
    page.keyboard.insert_text("第12号")
    page.keyboard.type("8899000098")
    page.keyboard.press("Enter")
    expect(page.locator(".flash")).to_contain_text("『若葉の郷土』第12号を受け入れました。")
