"""From the top of a page to its end with the Tab key alone."""

import pytest
from playwright.sync_api import expect

from tests.browser import screens, walking
from tests.browser.visitor import CONFIRM, DONE, EDIT

WALKED = ("front page", "sign-in", "first password, refused", "My Library, overdue", "loans, overdue",
    "devices, several",
          "edit, everything refused", "edit, test mail sent", "edit, new password kept", "confirm", "done",
          "reference, refused")  # fmt: skip
SHORT = ("sign-in", "edit, everything refused", "confirm")


@pytest.mark.parametrize(
    ("name", "width"),
    [
        pytest.param(name, width, marks=() if name in SHORT and width == 1280 else pytest.mark.long)
        for name in WALKED
        for width in (390, 1280)
    ],
)
def test_tab_reaches_everything_in_order_and_shows_where_it_is(visit, library, name, width):
    visitor = visit(width=width, height=844 if width < 600 else 900)
    screens.ALL[name](visitor, library)
    walking.check_order(walking.check(visitor))


def test_the_skip_link_leads_to_the_content(visitor):
    visitor.go(EDIT)
    visitor.page.keyboard.press("Tab")
    expect(visitor.focused).to_have_text("本文へ移動")
    visitor.page.keyboard.press("Enter")
    expect(visitor.main).to_be_focused()
    visitor.page.keyboard.press("Tab")
    expect(visitor.main.locator(":focus")).to_have_count(1)


def test_the_wizard_is_walked_by_keyboard_alone(visitor):
    visitor.go(EDIT)
    keys = visitor.page.keyboard
    visitor.field("予約受取館").focus()
    keys.type("龍田")
    keys.press("Tab")
    visitor.group("貸出履歴").get_by_role("checkbox", name="残す").focus()
    keys.press("Space")
    for _ in range(3):
        keys.press("Tab")
    expect(visitor.button("更新")).to_be_focused()
    keys.press("Enter")
    visitor.arrives_at(CONFIRM)
    visitor.button("更新").focus()
    keys.press("Space")
    visitor.arrives_at(DONE)
