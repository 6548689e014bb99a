"""Every page of readers in each language: nothing axe objects to, nothing to scroll sideways, no broken word."""

import pytest
from playwright.sync_api import expect

from library.language import registry
from tests.browser import screens, serving
from tests.browser.test_screens import (
    BROKEN,
    LOST,
    MODES,
    PLAIN,
    STORED,
    TOO_WIDE,
    UNDER_COVER,
    is_seen_each_time,
    look_at,
    objections,
    put_axe_into,
    wrong,
)
from tests.long import in_the_long_run

LANGUAGES = {"ja": "on", "ja-simple": "on", "en": ""}  # with ふりがな where there is one
LOOKS = ((320, "大", "day"), (390, "中", "night"), (1280, "小", "forced colours"))
OF_OTHERS = ("desk", "styleguide", "kids")  # speak Japanese alone
# whose words are parted where no style helps: katakana beside ruby; a row with a name of 27 letters in it
PARTED = ("accessibility results", "family")
AT_EACH_RUN = ("front page", "title", "guide", "sign-in", "My Library", "loans", "holds", "edit")


def is_spoken(name):
    """Tell whether a screen is a page of readers, with the choice of languages above it."""
    return not name.startswith(OF_OTHERS) and name not in STORED | PLAIN and "503" not in name


SPOKEN = [name for name in screens.ALL if is_spoken(name)]
NOW = [name for name in SPOKEN if name in AT_EACH_RUN]
LATER = in_the_long_run(*(name for name in SPOKEN if name not in AT_EACH_RUN and is_seen_each_time(name)))


@pytest.fixture(scope="module")
def library(demonstration, tmp_path_factory):
    with serving.running(demonstration, tmp_path_factory.mktemp("languages"), DEVELOPMENT=1) as running:
        yield running


@pytest.mark.parametrize("name", [*NOW, *LATER])
def test_a_page_fits_and_is_accessible_in_each_language(name, visit, library):
    visitor = visit()
    screens.reach(name, visitor, library)
    address = visitor.page.url
    for code, furigana in LANGUAGES.items():
        choices = {"lang": code, "furigana": furigana}
        visitor.context.add_cookies([{"name": kind, "value": of, "url": library.url} for kind, of in choices.items()])
        visitor.page.goto(address)
        expect(visitor.page.locator("html")).to_have_attribute("lang", code)
        put_axe_into(visitor)
        for width, size, mode in LOOKS:
            visitor.page.emulate_media(**MODES[mode])
            look_at(visitor, width, size)
            checks = (
                TOO_WIDE,
                LOST,
                *([BROKEN, UNDER_COVER] if size == "大" and name not in PARTED else []),
            )
            assert wrong(visitor, *checks) == [], f"{code}, {width} px, {size}"
            assert objections(visitor, contrast=size == "小") == [], f"{code}, {width} px, {size}, {mode}"


@pytest.mark.parametrize("js", [True, False], ids=["script", "plain"])
def test_a_reader_chooses_a_language_on_a_phone_and_reads_on(js, visit):
    visitor = visit(js=js, width=390, height=844)
    visitor.go("/search?q=猫")
    for code in ("en", "ja-simple", "ja"):
        visitor.page.locator(".speak-fold > summary").click()
        visitor.page.locator(".speak-panel").get_by_role("button", name=registry.NAMES[code], exact=True).click()
        expect(visitor.page.locator("html")).to_have_attribute("lang", code)
        assert "q=" in visitor.page.url


@pytest.mark.parametrize("js", [True, False], ids=["script", "plain"])
def test_a_patron_chooses_the_language_of_notices_apart_from_that_of_the_screen(js, visit, patron):
    visitor = visit(js=js)
    visitor.be(patron.card_number, "/my/display")
    expect(visitor.field("お知らせの言語")).to_have_value("")
    visitor.field("お知らせの言語").select_option("English")
    visitor.press("保存する")
    expect(visitor.main).to_contain_text("お知らせの言語は、Englishです。")
    expect(visitor.field("お知らせの言語")).to_have_value("en")
    expect(visitor.page.locator("html")).to_have_attribute("lang", "ja")


def test_the_strip_stays_a_small_part_of_a_phone_with_large_letters(visit, patron):
    visitor = visit(width=390, height=844)
    visitor.be(patron.card_number, "/my/")
    look_at(visitor, 390, "大")
    assert visitor.page.locator("header").evaluate("header => header.offsetHeight") <= 844 * 0.3
