"""Rules for every page and state: nothing axe objects to, nothing to scroll sideways, a quiet console,
no other host.
"""

import os
import re
from itertools import product
from urllib.parse import unquote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser import screens, serving, walking
from tests.browser.screens import record
from tests.routes import SCREENS

ROUTE_OF = {screen: endpoint for endpoint, screen in SCREENS.items()}

WIDTHS = (320, 390, 1280)
SIZES = ("小", "中", "大")
AREAS = ("desk, ", "reference, ")  # whose screens are pages of their own
AT_THE_COUNTER = {
    f"desk, {page}"
    for page in ("checkout", "returns", "renewals", "holds", "patrons", "patrons/1", "titles", "offline")
}
WIDEST_AT_DESK = {"desk, branches", "desk, e-books"}  # with letters far apart
HARDEST = ((320, "大"), (1280, "大"), (390, "中"))  # at every run; all nine in the long one
MODES = {
    "day": {"color_scheme": "light", "forced_colors": "none"},
    "night": {"color_scheme": "dark", "forced_colors": "none"},
    "forced colours": {"color_scheme": "light", "forced_colors": "active"},
}
# nine ways to look in which each width meets each size and each mode, and each size each mode
WAYS = [(width, size, list(MODES)[(x + y) % 3]) for x, width in enumerate(WIDTHS) for y, size in enumerate(SIZES)]
ALL_WAYS = bool(os.environ.get("ALL_WAYS"))  # make test-all-ways: every width, size and mode together, before a release
if ALL_WAYS:
    WAYS = list(product(WIDTHS, SIZES, MODES))
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# preload: no rule of these looks into style sheets; to read them once more takes half of the time
OPTIONS = {"runOnly": {"type": "tag", "values": STANDARD}, "resultTypes": ["violations"], "preload": False}
TOO_WIDE = """() => {
    const over = document.documentElement.scrollWidth - innerWidth;
    if (over <= 0) return null;
    const wide = [...document.querySelectorAll("body *")].filter((e) => e.checkVisibility() && e.getBoundingClientRect().right > innerWidth + 1);
    return `${over}px: ` + wide.slice(0, 3).map((e) => e.outerHTML.slice(0, 80)).join(" | ");
}"""
UNRUBIED = """(heading) => {
    if (!heading.querySelector("rt")) return heading.innerText;
    const bare = heading.cloneNode(true);
    for (const reading of bare.querySelectorAll("rt, rp")) reading.remove();
    return bare.textContent.trim();
}"""
SMALL = """() => [...document.querySelectorAll("a.button, button, select, input:not([type=hidden])")]
    .filter((e) => e.getAttribute("aria-hidden") !== "true")
    .map((e) => [e, (e.closest("label") || e).getBoundingClientRect()])
    .filter(([, box]) => box.width && (box.height < 43.5 || box.width < 24))
    .map(([e, box]) => `${Math.round(box.width)}x${Math.round(box.height)} ${e.outerHTML.slice(0, 80)}`)"""

SPACED = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
        p { margin-block-end: 2em !important; }`);
    document.adoptedStyleSheets = [sheet];
}"""
# what app.js does when the server has answered to 小, 中 or 大 (test_text_size.py)
SIZED = """size => {
    document.documentElement.className = `size-${{ 小: "s", 中: "m", 大: "l" }[size]}`; // on pages for children, too
    for (const button of document.querySelectorAll("#text-size button")) {
        const pressed = button.textContent.trim() === size;
        button.setAttribute("aria-pressed", pressed);
    }
}"""
# words that a box cuts off, or that lie on other words; what only decorates, and what is for screen readers alone, may
LOST = """() => {
    const decor = ".unseen, .skip, [aria-hidden=true], .spine, rt, svg, select, noscript"; // ruby stands close to its letters
    const shown = (e) => e.checkVisibility({ visibilityProperty: true }) && !e.closest(decor) && !clipped(e);
    const clipped = (e) => e !== null && (getComputedStyle(e).clipPath !== "none" || clipped(e.parentElement));
    const outside = (box, e) => { // of what scrolls
        for (; e && e !== document.body; e = e.parentElement) {
            const around = e.getBoundingClientRect();
            const away = box.right <= around.left || box.left >= around.right || box.bottom <= around.top || box.top >= around.bottom;
            if (away && /auto|scroll/.test(getComputedStyle(e).overflow)) return true;
        }
        return false;
    };
    const clamped = (box, e) => { // behind the three dots of a row that is to stay low
        for (; e && e !== document.body; e = e.parentElement) {
            if (getComputedStyle(e).webkitLineClamp !== "none" && box.top >= e.getBoundingClientRect().bottom - 4) return true;
        }
        return false;
    };
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), words = [], lost = [];
    for (let text; (text = texts.nextNode()); ) {
        if (!text.data.trim() || !shown(text.parentElement)) continue;
        const range = document.createRange();
        range.selectNodeContents(text);
        for (const box of range.getClientRects()) {
            if (box.width > 1 && !outside(box, text.parentElement) && !clamped(box, text.parentElement)) words.push([box, text]);
        }
    }
    const sticky = (text) => text.parentElement.closest(".walk-card");
    const short = (text) => text.data.trim().slice(0, 30);
    for (const [box, text] of words) {
        for (let e = text.parentElement; e && e !== document.body; e = e.parentElement) {
            if (!/hidden|clip/.test(getComputedStyle(e).overflow)) continue;
            const around = e.getBoundingClientRect();
            if (box.right > around.right + 2 || box.bottom > around.bottom + 4 || box.left < around.left - 2) {
                lost.push(`cut off: ${short(text)}`);
            }
            break;
        }
    }
    words.sort(([one], [other]) => one.top - other.top);
    words.forEach(([box, text], place) => {
        for (let next = place + 1; next < words.length && words[next][0].top < box.bottom; next++) {
            const [other, on] = words[next];
            if (sticky(text) !== sticky(on)) continue; // what scrolls comes out from under it
            if (text === on && Math.abs(box.top - other.top) < 1) continue; // the rest of a line that ends in three dots
            const across = Math.min(box.right, other.right) - Math.max(box.left, other.left);
            const down = Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top);
            const ruby = [text, on].some((each) => each.parentElement.closest("ruby")); // may reach over a bracket
            if (across > (ruby ? 12 : 3) && down > Math.min(box.height, other.height) * 0.35) lost.push(`${short(text)} lies on ${short(on)}`);
        }
    });
    return [...new Set(lost)];
}"""


# days and numbers that are parted between two lines; an address, or a title that no line has room for, parts where it
# must
PARTED = """() => {
    const parted = [], texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
    for (let text; (text = texts.nextNode()); ) {
        const around = text.parentElement;
        if (/^\\s*https?:/.test(text.data)) continue;
        if (!around.checkVisibility() || around.closest(".unseen, select, noscript, svg, .mail-text, .mail-body, .row-title a, details:not([open])")) continue;
        for (const found of text.data.matchAll(/(?:\\d+年)?\\d+月\\d+日\\(.\\)|(?<!\\d)\\d{1,4}(?!\\d)/g)) {
            const range = document.createRange();
            range.setStart(text, found.index);
            range.setEnd(text, found.index + found[0].length);
            if (new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size > 1) parted.push(found[0]);
        }
    }
    return parted;
}"""


# words of katakana or of Latin letters and digits in two lines, though one has the room: kanji and hiragana part into
# words in many ways, and names that come from records may be of any length
UNDER_COVER = """() => [...document.querySelectorAll("li .row-title")]
    .map((title) => [title, title.closest("li").querySelector(".cover")])
    .filter(([title, cover]) => cover?.checkVisibility())
    .filter(([title, cover]) => title.getBoundingClientRect().left < cover.getBoundingClientRect().right)
    .map(([title]) => title.textContent.trim())"""
BROKEN = """() => {
    const broken = [], texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const set = "a[href^=http], .row-title, code, select, noscript, svg, .unseen, .mail-text, .mail-body, .cover, .spine, [aria-hidden=true]";
    for (let text; (text = texts.nextNode()); ) {
        const around = text.parentElement;
        if (around.closest(set) || !around.checkVisibility() || /:\\/\\/|@/.test(text.data)) continue;
        for (const found of text.data.replace(/「[^」]*」?/g, (name) => "　".repeat(name.length)).matchAll(/[ァ-ヺー]{2,}|[A-Za-z0-9]{2,}/g)) {
            const range = document.createRange();
            range.setStart(text, found.index);
            range.setEnd(text, found.index + found[0].length);
            const boxes = [...range.getClientRects()].filter((box) => box.width > 1);
            if (new Set(boxes.map((box) => Math.round(box.top))).size < 2) continue;
            let block = around;
            while (getComputedStyle(block).display === "inline") block = block.parentElement;
            const { paddingLeft, paddingRight } = getComputedStyle(block);
            const room = block.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
            if (boxes.reduce((sum, box) => sum + box.width, 0) < room) broken.push(`${found[0]}: ${text.data.trim().slice(0, 40)}`);
        }
    }
    return broken;
}"""
MAIN_BUTTONS = """() => [...document.querySelectorAll("main button.main, main .button.main")]
    .filter((e) => e.checkVisibility()).map((e) => e.innerText)"""
# an action of a row has a border once: what else a row offers is a link, a mark or folded away
BORDERED = """() => [...document.querySelectorAll("main .rows > li, main .row")]
    .map((row) => [...row.querySelectorAll(".button:not(.plain, .fold *)")].filter((e) => e.checkVisibility()).map((e) => e.innerText))
    .filter((buttons) => buttons.length > 1)"""
# letters that the box of words in the header shows
ROOM_TO_TYPE = """() => {
    const box = document.querySelector("header [name=q]");
    if (!box || !box.checkVisibility()) return null;
    const { paddingLeft, paddingRight, fontSize } = getComputedStyle(box);
    return (box.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight)) / parseFloat(fontSize);
}"""


@pytest.fixture(scope="module")
def library(demonstration, tmp_path_factory):
    """One library for all screens, which bring patrons of their own; it shows the sheet of parts too."""
    with serving.running(demonstration, tmp_path_factory.mktemp("screens"), DEVELOPMENT=1) as running:
        yield running


def is_seen_each_time(name):
    """Each page of a reader, each at the counter and each refusal is looked at at every run; all others, and a page's
    other states, in the long one.
    """
    area = next((area for area in AREAS if name.startswith(area)), "")
    page = ", " not in name.removeprefix(area)
    return "refused" in name or (name in AT_THE_COUNTER | WIDEST_AT_DESK if area == "desk, " else page)


LEAST_TO_TYPE = 8  # letters
LONGER_THAN_A_LINE = ("この端末からはいまログインできません",)  # a phrase that no line of the notice has room for
STORED = {"desk, offline/shell"}  # a service worker shows it, where scripts run
# without a script, and without 文字サイズ to choose
PLAIN = {"by its ISBN", *(name for name in screens.ALL if name.startswith("kids"))}
AWAY = pytest.mark.sqlite("a table that is away: a server calls it a mistake of the program")
ALL = [pytest.param(name, marks=AWAY if name.startswith("503") else ()) for name in screens.ALL]
SEEN = [each for each in ALL if is_seen_each_time(each.values[0])]


@pytest.fixture(params=ALL)
def screen(request, visit, library):
    """A page in one of its states, in a window of a desktop."""
    visitor = visit()
    screens.reach(request.param, visitor, library)
    return visitor


def put_axe_into(visitor):
    """Once, however often the page is looked at."""
    visitor.page.evaluate(Axe().axe_script)


def objections(visitor, *, contrast=True):
    """Return the findings of axe, which is in the page."""
    options = OPTIONS | {"rules": {"color-contrast": {"enabled": contrast}}}
    found = visitor.page.evaluate("options => axe.run(options).then(results => results.violations)", options)
    return [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"] if not has_equal(one, node)]


def has_equal(one, node):
    """Tell whether a small target has an equal way on its page (WCAG 2.5.8): a plate of 読書の一年 leads to its books."""
    return one["id"] == "target-size" and 'class="thin spine' in node["html"]


def resize(visitor, width):
    size = {"width": width, "height": 844 if width < 600 else 900}
    if visitor.page.viewport_size != size:  # to set it once more takes as long as most checks
        visitor.page.set_viewport_size(size)


def wrong(visitor, *checks):
    """Return the findings of all checks, in one question to the browser."""
    found = visitor.page.evaluate(f"() => [{', '.join(f'({check})()' for check in checks)}]")
    return [each for each in found if each]


def check_frame(visitor):
    """One heading, which the title repeats; Japanese; one main."""
    expect(visitor.h1).to_have_count(1)
    expect(visitor.page).to_have_title(re.compile(rf"^(エラー: )?{re.escape(visitor.h1.evaluate(UNRUBIED))} \| \S"))
    expect(visitor.page.locator("html")).to_have_attribute("lang", "ja")
    expect(visitor.main).to_have_count(1)


def check_width(visitor, ways):
    for width, size in ways:
        look_at(visitor, width, size)
        assert wrong(visitor, TOO_WIDE, PARTED) == [], f"{width} px, {size}"


def check_words(visitor, name):
    """On a reader's page no word is broken, no title under its cover, no row crowded, at the narrowest with the largest
    letters; one main button.
    """
    if name.startswith(("desk", "styleguide")):
        return
    look_at(visitor, 320, "大")
    broken = visitor.page.evaluate(BROKEN)
    assert [one for one in broken if not any(phrase in one for phrase in LONGER_THAN_A_LINE)] == []
    assert wrong(visitor, UNDER_COVER, BORDERED) == []
    letters = visitor.page.evaluate(ROOM_TO_TYPE)
    assert letters is None or letters >= LEAST_TO_TYPE
    assert len(visitor.page.evaluate(MAIN_BUTTONS)) <= 1


def look_at(visitor, width, size):
    visitor.page.evaluate(SIZED, size)
    resize(visitor, width)


def press_size(visitor, size):
    """Choose letters as one does without script: the page comes again with them."""
    unfold_sizes(visitor)
    with visitor.page.expect_navigation():
        visitor.text_size(size).click()
    unfold_sizes(visitor)
    expect(visitor.text_size(size)).to_have_attribute("aria-pressed", "true")


def unfold_sizes(visitor):
    """Open 文字と紙, where the reader of e-books has the sizes."""
    for fold in visitor.page.locator("details:not([open]):has(#text-size) > summary").all():
        fold.click()


def check_spacing(visitor):
    """Letters, lines and paragraphs as far apart as a reader may set them, in a window enlarged four times."""
    visitor.page.evaluate(SPACED)
    for size in ("中", "大"):
        look_at(visitor, 320, size)
        assert visitor.page.evaluate(TOO_WIDE) is None, f"spaced, {size}"
    assert visitor.page.evaluate(LOST) == []
    visitor.page.evaluate("document.adoptedStyleSheets = []")


def check_route(visitor, name, app):
    """The screen that stands for a route in tests/routes is at its address."""
    if route := ROUTE_OF.get(name):
        addresses = app.url_map.bind("localhost")
        assert addresses.match(unquote(urlsplit(visitor.page.url).path))[0] == route


def check_once(visitor, name, app):
    """Check all that one way of looking tells."""
    check_frame(visitor)
    check_route(visitor, name, app)
    check_words(visitor, name)
    check_spacing(visitor)
    look_at(visitor, 390, "中")
    assert visitor.page.evaluate(SMALL) == []


@pytest.mark.parametrize("screen", SEEN, indirect=True)
def test_every_screen_fits_and_is_accessible(screen, request, made_app):
    check_once(screen, request.node.callspec.params["screen"], made_app[0])
    check_width(screen, HARDEST)
    put_axe_into(screen)
    assert objections(screen) == []


def walked(name):
    """Return the widths at which Tab goes through a screen, with large letters: that of its people, and both before a
    release.
    """
    if ALL_WAYS:
        return 320, 1280
    return (1280,) if name.startswith("desk") else (320,)


@pytest.mark.long
def test_every_screen_is_accessible_in_every_size_by_day_by_night_and_in_forced_colours(
    screen, request, record_property, made_app
):
    name = request.node.callspec.params["screen"]
    same_row_again = "hundred" in name
    ways = WAYS[::4] if same_row_again else WAYS
    put_axe_into(screen)
    record.note(record_property, name, screen, ways)
    check_once(screen, name, made_app[0])
    for width, size, mode in ways:
        screen.page.emulate_media(**MODES[mode])
        look_at(screen, width, size)
        # small letters need the most contrast, and to look for it takes three quarters of axe's time
        assert objections(screen, contrast=ALL_WAYS or size == "小") == [], f"{width} px, {size}, {mode}"
        assert wrong(screen, TOO_WIDE, LOST, PARTED) == [], f"{width} px, {size}, {mode}"
    check_width(screen, HARDEST if same_row_again else ())
    for width in () if same_row_again else walked(name):
        look_at(screen, width, "大")
        walking.check(screen)


@pytest.mark.long
@pytest.mark.parametrize("name", [each for each in ALL if each.values[0] not in STORED | PLAIN])
def test_every_screen_is_reached_and_fits_without_script(name, visit, library):
    visitor = visit(js=False, width=390, height=844)
    screens.reach(name, visitor, library)
    check_frame(visitor)
    check_width(visitor, product(WIDTHS, SIZES))
    press_size(visitor, "大")
    check_width(visitor, product(WIDTHS, ["大"]))
