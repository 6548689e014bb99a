"""引き継ぎ and the days of カレンダー, by keyboard and without a script."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from library import clock, dates
from models import Branch, ClosedDay, DeskNote

NEXT = dates.first_of_month(clock.today(), 1)
FIRST, LAST = NEXT + timedelta(days=9), NEXT + timedelta(days=11)


@pytest.fixture
def clean(library):
    with library.rows():
        DeskNote.delete().execute()
    yield
    with library.rows():
        DeskNote.delete().execute()
        ClosedDay.delete().where(ClosedDay.day.between(FIRST, LAST)).execute()


def press(visitor, control):
    expect(control).to_be_visible()
    visitor.page.wait_for_load_state()
    control.focus()
    visitor.page.keyboard.press("Enter")


@pytest.mark.parametrize("js", [True, False])
def test_a_note_is_written_in_place_and_two_at_once_lose_nothing(visit, library, clean, js):
    visitor = visit(js=js)
    visitor.be_at_desk("madoguchi", "/desk/")
    press(visitor, visitor.link("書く （引き継ぎ）"))
    field = visitor.main.get_by_role("textbox", name="伝言")
    expect(field).to_be_focused()
    field.fill("鍵は2番です。")
    with library.rows():
        DeskNote.create(branch=Branch.get(Branch.position == 0), text="先の伝言", by="staff:kanri", at=clock.now())
    press(visitor, visitor.button("保存する"))
    expect(visitor.main.locator("#error-summary")).to_contain_text("先に書き換えました")
    expect(visitor.main.locator(".memo")).to_contain_text("先の伝言")
    expect(field).to_have_value("鍵は2番です。")
    field.fill("先の伝言\n鍵は2番です。")
    press(visitor, visitor.button("保存する"))
    expect(visitor.main.locator(".memo")).to_contain_text("鍵は2番です。")
    expect(visitor.main.get_by_text("引き継ぎを保存しました。")).to_be_visible()


@pytest.mark.parametrize("js", [True, False])
def test_days_are_pressed_by_keyboard_and_closed(visit, library, clean, js):
    visitor = visit(js=js)
    visitor.be_at_desk("kanri", "/desk/calendar")
    press(visitor, visitor.link("次の月"))
    for day in (FIRST, LAST):
        button = visitor.main.locator(f'button[value="{day}"]')
        press(visitor, button)
        expect(button).to_have_attribute("aria-pressed", "true")
        expect(button).to_be_focused()
    expect(visitor.main.locator(".pick-box")).to_contain_text("3日間")
    expect(visitor.main.locator(".moves")).to_contain_text("返却期限")
    visitor.field("理由").fill("特別整理")
    press(visitor, visitor.main.locator(".pick-box").get_by_role("button", name="確認へ"))
    expect(visitor.h1).to_have_text("休館の確認")
    press(visitor, visitor.button("休館にする"))
    expect(visitor.h1).to_have_text("カレンダー")
    expect(visitor.main.locator(f'button[value="{LAST}"]')).to_contain_text("特別整理")
    with library.rows():
        assert ClosedDay.select().where(ClosedDay.day.between(FIRST, LAST)).count() == 3
