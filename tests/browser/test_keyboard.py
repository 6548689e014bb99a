"""From the top of a page to its end with the Tab key alone."""

from itertools import pairwise

import pytest
from playwright.sync_api import expect

from tests.browser import screens
from tests.browser.visitor import CONFIRM, DONE, EDIT

WALKED = ("front page", "sign-in", "first password, refused", "My Library, overdue", "loans, overdue", "devices, several",
          "edit, everything refused", "edit, test mail sent", "edit, new password kept", "confirm", "done",
          "reference, refused")  # fmt: skip
SHORT = ("sign-in", "edit, everything refused", "confirm")
MARK = """() => {
    const groups = new Set();
    let count = 0;
    for (const e of document.querySelectorAll("a[href], button, input, select, textarea, [tabindex]")) {
        if (e.tabIndex < 0 || e.disabled || e.type === "hidden" || !e.checkVisibility()) continue;
        if (e.type === "radio" && groups.has(e.name)) continue;
        if (e.type === "radio") groups.add(e.name);
        (e.type === "radio" ? e.closest("fieldset") : e).dataset.stop = count++;
    }
    return count;
}"""
STOP = """() => {
    const e = document.activeElement;
    if (!e || e === document.body) return null;
    const style = getComputedStyle(e), box = e.getBoundingClientRect();
    const x = Math.min(innerWidth - 1, Math.max(0, box.left + box.width / 2));
    const y = Math.min(innerHeight - 1, Math.max(0, box.top + box.height / 2));
    const there = document.elementFromPoint(x, y);
    return {
        name: (e.tagName + " " + (e.getAttribute("aria-label") || e.innerText || e.id || e.name)).slice(0, 40),
        ring: (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none",
        inView: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
        covered: !(there && (e.contains(there) || there.contains(e) || e.closest("label")?.contains(there))),
        top: box.top + scrollY, bottom: box.bottom + scrollY, left: box.left, right: box.right,
    };
}"""


def walk(visitor):
    """Each place where Tab stops, once around."""
    wanted = visitor.page.evaluate(MARK)
    stops = []
    while len(stops) < wanted + 5:
        visitor.page.keyboard.press("Tab")
        stop = visitor.page.evaluate(STOP)
        if stop is None:
            break
        stops.append(stop)
    return wanted, stops


def is_before(one, other):
    """As the eye goes: further right in the same line, a line further down, or the next column."""
    same_line = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"]) > 4
    if same_line:
        return one["left"] < other["left"]
    return one["top"] < other["bottom"] or one["right"] <= other["left"]


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
    visitor.page.evaluate("document.activeElement.blur(), scrollTo(0, 0), getSelection().removeAllRanges()")
    visitor.page.evaluate(
        "(top => (document.body.prepend(top), top.focus(), top.remove()))"
        "(Object.assign(document.createElement('span'), {tabIndex: -1}))"
    )
    wanted, stops = walk(visitor)
    assert "本文へ移動" in stops[0]["name"]
    assert [stop["name"] for stop in stops if not stop["ring"]] == []
    assert [stop["name"] for stop in stops if not stop["inView"] or stop["covered"]] == []
    assert len(stops) == wanted
    out_of_order = [(one["name"], other["name"]) for one, other in pairwise(stops[1:]) if not is_before(one, other)]
    assert out_of_order == []


def test_the_skip_link_leads_to_the_content(visitor):
    visitor.go(EDIT)
    visitor.page.keyboard.press("Tab")
    expect(visitor.focused).to_have_text("本文へ移動")
    visitor.page.keyboard.press("Enter")
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
