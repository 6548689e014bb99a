"""A day at the desk besides lending: by keyboard and scanner alone."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from library import clock
from library.demonstration import desk
from library.lending import loans
from library.lending.holds import holds
from models import ClosedDay, Hold, Item, Loan, Patron
from tests import factories

DESK = "staff:madoguchi"


@pytest.fixture
def sit_down(visit):
    """A member of staff who has just signed in and touches no mouse."""

    def sit_down(login="madoguchi"):
        visitor = visit()
        visitor.go("/desk/login")
        visitor.field("ログインID").fill(login)
        visitor.field("パスワード").fill(desk.PASSWORD)
        visitor.page.keyboard.press("Enter")
        visitor.arrives_at("/desk/", "今日の仕事")
        menu(visitor, "貸出")
        waits_for(visitor, "利用者番号")
        return visitor

    return sit_down


@pytest.fixture
def clerk(sit_down):
    return sit_down()


def scan(visitor, text):
    visitor.page.keyboard.insert_text(text)
    visitor.page.keyboard.press("Enter")


def waits_for(visitor, label):
    """The field has the focus, on a page that is whole: nothing takes it away any more."""
    expect(visitor.field(label)).to_be_focused()
    visitor.page.wait_for_load_state()


def press(visitor, control):
    expect(control).to_be_visible()
    visitor.page.wait_for_load_state()
    control.focus()
    visitor.page.keyboard.press("Enter")


def menu(visitor, label):
    press(
        visitor,
        visitor.page.get_by_role("navigation", name="窓口のメニュー").get_by_role("link", name=label, exact=True),
    )


def side(visitor):
    return visitor.main.get_by_role("region", name="利用者", exact=True)


def reserved_and_out(patron):
    """A copy that somebody else has and the patron waits for."""
    copy = factories.item(factories.title(f"それから{patron.id}"))
    factories.loan(factories.patron(), item=copy)
    holds.place(patron, copy.title, pickup_branch=copy.branch, now=clock.now())
    return copy


def test_a_reserved_book_comes_back_is_given_a_place_and_found_there(clerk, library, patron):
    with library.rows():
        copy = reserved_and_out(patron)
    menu(clerk, "返却")
    waits_for(clerk, "資料番号")
    scan(clerk, f"A{copy.barcode}A")
    expect(clerk.main.locator(".came-in")).to_contain_text("予約棚へ")
    expect(clerk.field("資料番号")).to_be_focused()
    for _ in range(2):
        clerk.page.keyboard.press("Tab")
    expect(clerk.field("取り置きの棚")).to_be_focused()
    scan(clerk, "Ａ－12")
    expect(clerk.main.locator(".came-in")).to_contain_text("棚 A-12")
    expect(clerk.field("資料番号")).to_be_focused()
    menu(clerk, "貸出")
    waits_for(clerk, "利用者番号")
    scan(clerk, patron.card_number)
    expect(side(clerk)).to_contain_text("A-12")
    expect(clerk.field("資料番号")).to_be_focused()
    scan(clerk, copy.barcode)
    expect(clerk.main.locator("tbody tr")).to_have_count(1)
    with library.rows():
        assert Hold.get(Hold.patron == patron).state == "collected"
        assert Item.get_by_id(copy.id).aside_at == ""


def test_a_refused_clerk_hears_every_reason(clerk, library, patron):
    with library.rows():
        copy = reserved_and_out(factories.patron())
        Loan.delete().where(Loan.item == copy).execute()
        Hold.update(state="ready", item=copy.id).where(Hold.title == copy.title_id).execute()
        Item.update(aside=True).where(Item.id == copy.id).execute()
        patron.state = "suspended"
        patron.save()
        factories.loan(patron, clock.today() - timedelta(days=3))
    scan(clerk, "".join(chr(ord(digit) + 0xFEE0) for digit in patron.card_number))  # an IME was on
    expect(clerk.field("資料番号")).to_be_focused()
    scan(clerk, copy.barcode)
    expect(clerk.main.locator(".refusal").get_by_role("listitem")).to_have_text(
        [
            "利用停止中です（理由の記録はありません）。",
            "返却期限を過ぎた資料があります。返却されるまで、貸出・予約・延長はできません。",
            "ほかの方の予約のために取り置いている資料です。",
        ]
    )
    with library.rows():
        assert Loan.select().where(Loan.item == copy).count() == 0


def test_somebody_new_is_registered_from_the_card_and_borrows(clerk, library):
    with library.rows():
        number = f"{9_000_000_000_000 + factories.branch().id:013}"
        barcode = factories.item().barcode
    scan(clerk, f"A{number}A")
    press(clerk, clerk.link("この番号で利用者を登録する"))
    expect(clerk.field("利用者番号")).to_have_value(number)
    waits_for(clerk, "氏名")
    for text in ("新町 実", "しんまち みのる", "平成2年5月6日"):
        clerk.page.keyboard.insert_text(text)
        clerk.page.keyboard.press("Tab")
    press(clerk, clerk.button("登録する"))
    expect(clerk.h1).to_have_text("利用者を登録しました")
    press(clerk, clerk.button("この方に貸し出す"))
    expect(side(clerk)).to_contain_text("シンマチ ミノル")
    waits_for(clerk, "資料番号")
    scan(clerk, barcode)
    expect(clerk.main.locator("tbody tr")).to_have_count(1)


def test_a_lost_card_is_replaced_and_the_old_one_refused(clerk, library, patron):
    menu(clerk, "利用者")
    waits_for(clerk, "利用者を探す")
    scan(clerk, patron.card_number)
    press(clerk, clerk.link("なくしたので番号を替える"))
    waits_for(clerk, "新しい番号")
    number = clerk.field("新しい番号").input_value()
    clerk.page.keyboard.press("Enter")
    expect(clerk.h1).to_have_text("紛失したカードの番号を替える")
    press(clerk, clerk.button("番号を替える"))
    expect(clerk.h1).to_have_text("図書 花子 さん")
    expect(clerk.main.get_by_text(number, exact=True).first).to_be_visible()
    menu(clerk, "貸出")
    waits_for(clerk, "利用者番号")
    scan(clerk, patron.card_number)
    expect(clerk.main.locator(".refusal")).to_contain_text("紛失の届けが出ています")
    scan(clerk, number)
    expect(side(clerk)).to_contain_text(number)


def test_a_card_that_is_given_back_is_closed(clerk, library, patron):
    with library.rows():
        copy = reserved_and_out(patron)
    clerk.go(f"/desk/patrons/{patron.id}")
    press(clerk, clerk.link("利用を停止・廃止する"))
    press(clerk, clerk.link("カードを廃止する"))
    expect(clerk.main).to_contain_text("予約1点を取り消します")
    press(clerk, clerk.button("このカードを廃止する"))
    expect(clerk.main.get_by_text("廃止したカードです")).to_be_visible()
    menu(clerk, "貸出")
    waits_for(clerk, "利用者番号")
    scan(clerk, patron.card_number)
    expect(side(clerk)).to_contain_text("もう使われていません")
    with library.rows():
        assert Patron.get_by_id(patron.id).state == "closed"
        assert Hold.get(Hold.title == copy.title_id).state == "cancelled"


def test_a_closure_is_shown_and_then_moves_what_is_due(sit_down, library, patron):
    with library.rows():
        loan = loans.check_out(patron, factories.item(), branch=factories.branch("龍田"), now=clock.now(), by=DESK).loan
        before = loan.due_on
    admin = sit_down("kanri")
    admin.go("/desk/branches")
    press(admin, admin.link("カレンダー").first)
    expect(admin.h1).to_have_text("カレンダー")
    admin.main.get_by_role("region", name="休館・臨時開館を加える").get_by_label("館", exact=True).select_option(
        label="龍田"
    )
    admin.field("いつから").fill(before.isoformat())
    admin.field("いつから").press("Enter")
    expect(admin.main).to_contain_text(patron.card_number)
    with library.rows():
        assert Loan.get_by_id(loan.id).due_on == before
    press(admin, admin.button("休館にする"))
    expect(admin.h1).to_have_text("カレンダー")
    with library.rows():
        assert Loan.get_by_id(loan.id).due_on > before
        assert ClosedDay.select().where(ClosedDay.day == before).exists()
