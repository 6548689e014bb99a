"""From the top of a page to its end with the Tab key alone."""

from itertools import pairwise

MARK = """() => {
    const groups = new Set();
    let count = 0;
    for (const e of document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")) {
        if (e.tabIndex < 0 || e.disabled || e.type === "hidden" || !e.checkVisibility({ visibilityProperty: true })) continue;
        if (e.type === "radio" && groups.has(e.name)) continue;
        if (e.type === "radio") groups.add(e.name);
        (e.type === "radio" && e.closest("fieldset") || e).dataset.stop = count++;
    }
    return count;
}"""
STOP = """() => {
    const e = document.activeElement;
    if (!e || e === document.body) return null;
    const style = getComputedStyle(e), box = e.getBoundingClientRect();
    const [line = box] = e.getClientRects(); // the first of a link: of some, a row shows no other
    const x = Math.min(innerWidth - 1, Math.max(0, line.left + line.width / 2));
    const y = Math.min(innerHeight - 1, Math.max(0, line.top + line.height / 2));
    const there = document.elementFromPoint(x, y);
    let scrolled = 0; // of a row that goes on to the side
    for (let around = e.parentElement; around; around = around.parentElement) scrolled += around.scrollLeft;
    return {
        number: (e.type === "radio" && e.closest("fieldset") || e).dataset.stop,
        name: (e.tagName + " " + (e.getAttribute("aria-label") || e.innerText || e.id || e.name)).slice(0, 40),
        ring: (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none",
        inView: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
        covered: !(there && (e.contains(there) || there.contains(e) || e.closest("label")?.contains(there))),
        top: box.top + scrollY, bottom: box.bottom + scrollY, left: box.left + scrolled, right: box.right + scrolled,
    };
}"""


def walk(visitor):
    """Each place where Tab stops, once around. A date takes three presses: year, month and day are one place."""
    wanted = visitor.page.evaluate(MARK)
    stops = []
    for _ in range(wanted + 3 * visitor.page.locator("[type=date]").count() + 5):
        visitor.page.keyboard.press("Tab")
        stop = visitor.page.evaluate(STOP)
        if stop is None:
            break
        if not stops or stop["number"] != stops[-1]["number"]:
            stops.append(stop)
    return wanted, stops


def is_before(one, other):
    """As the eye goes: further right in the same line, a line further down, or the next column."""
    same_line = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"]) > 4
    if same_line:
        return one["left"] < other["left"]
    return one["top"] < other["bottom"] or one["right"] <= other["left"]


def check(visitor):
    """Tab reaches everything and shows where it is, from the top of the page; the stops, the way into the content
    first.
    """
    visitor.page.evaluate("document.activeElement.blur(), scrollTo(0, 0), getSelection().removeAllRanges()")
    visitor.page.evaluate(
        "(top => (document.body.prepend(top), top.focus(), top.remove()))"
        "(Object.assign(document.createElement('span'), {tabIndex: -1}))"
    )
    wanted, stops = walk(visitor)
    assert any(words in stops[0]["name"] for words in ("本文へ移動", "なかみへ"))  # in kana for children
    assert all(stop["ring"] for stop in stops), [stop["name"] for stop in stops if not stop["ring"]]
    hidden = [stop["name"] for stop in stops if not stop["inView"] or stop["covered"]]
    assert not hidden, hidden
    assert len(stops) == wanted
    return stops


def check_order(stops):
    out_of_order = [(one["name"], other["name"]) for one, other in pairwise(stops[1:]) if not is_before(one, other)]
    assert out_of_order == []
