"""What holds for every page and state: nothing axe objects to, nothing to scroll sideways, a quiet console, no other host."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser import screens, serving

WIDTHS = (320, 390, 1280)
SIZES = ("小", "中", "大")
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
OPTIONS = {"runOnly": {"type": "tag", "values": STANDARD}, "resultTypes": ["violations"]}
TOO_WIDE = """() => {
    const over = document.documentElement.scrollWidth - innerWidth;
    if (over <= 0) return null;
    const wide = [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > innerWidth + 1);
    return `${over}px: ` + wide.slice(0, 3).map((e) => e.outerHTML.slice(0, 80)).join(" | ");
}"""
SMALL = """() => [...document.querySelectorAll("a.button, button, select, input:not([type=hidden])")]
    .filter((e) => e.getAttribute("aria-hidden") !== "true")
    .map((e) => [e, (e.closest("label") || e).getBoundingClientRect()])
    .filter(([, box]) => box.width && (box.height < 43.5 || box.width < 24))
    .map(([e, box]) => `${Math.round(box.width)}x${Math.round(box.height)} ${e.outerHTML.slice(0, 80)}`)"""


@pytest.fixture(scope="module")
def library(demonstration, tmp_path_factory):
    """One library for all screens, which bring patrons of their own; it shows the sheet of parts too."""
    with serving.running(demonstration, tmp_path_factory.mktemp("screens"), DEVELOPMENT=1) as running:
        yield running


@pytest.fixture(params=screens.ALL)
def screen(request, visit, library):
    """A page in one of its states, in a window of a desktop."""
    screens.forget_failures(library)
    visitor = visit()
    screens.ALL[request.param](visitor, library)
    return visitor


def objections(visitor):
    """What axe finds. It is put into a page once, however often the page is looked at."""
    if not visitor.page.evaluate("'axe' in window"):
        visitor.page.evaluate(Axe().axe_script)
    found = visitor.page.evaluate("options => axe.run(options).then(results => results.violations)", OPTIONS)
    return [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]]


def resize(visitor, width):
    visitor.page.set_viewport_size({"width": width, "height": 844 if width < 600 else 900})


def check_frame(visitor):
    """One heading, which the title repeats; Japanese; one main."""
    expect(visitor.h1).to_have_count(1)
    expect(visitor.page).to_have_title(re.compile(rf"^(エラー: )?{re.escape(visitor.h1.inner_text())} \| \S"))
    expect(visitor.page.locator("html")).to_have_attribute("lang", "ja")
    expect(visitor.main).to_have_count(1)


def check_width(visitor):
    for size in SIZES:
        visitor.choose_text_size(size)
        for width in WIDTHS:
            resize(visitor, width)
            assert visitor.page.evaluate(TOO_WIDE) is None, f"{width} px, {size}"


def test_every_screen_fits_and_is_accessible(screen):
    check_frame(screen)
    check_width(screen)
    resize(screen, 390)
    screen.choose_text_size("中")
    assert objections(screen) == []
    assert screen.page.evaluate(SMALL) == []


@pytest.mark.long
def test_every_screen_is_accessible_in_every_size_by_day_and_by_night(screen):
    for size in SIZES:
        screen.choose_text_size(size)
        for width in (390, 1280):
            resize(screen, width)
            assert objections(screen) == [], f"{width} px, {size}"
    screen.page.emulate_media(color_scheme="dark")
    assert objections(screen) == [], "by night"


@pytest.mark.long
@pytest.mark.parametrize("name", screens.ALL)
def test_every_screen_is_reached_and_fits_without_script(name, visit, library):
    screens.forget_failures(library)
    visitor = visit(js=False, width=390, height=844)
    screens.ALL[name](visitor, library)
    check_frame(visitor)
    check_width(visitor)
