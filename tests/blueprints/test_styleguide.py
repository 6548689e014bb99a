"""The sheet of parts: there in development alone, and nothing that pages are made of is missing from it."""

import re
from pathlib import Path

import pytest

from library.lending.holds import hold_states

ROOT = Path(__file__).resolve().parents[2]
SHEETS = ("/styleguide", "/styleguide/desk")
PARTS = {
    "ui": "ui.html", "inputs": "inputs.html", "links": "links.html", "mailing": "profile/_mail_rows.html",
    "books": "catalog/_book.html", "states": "catalog/_state.html", "acts": "catalog/_action.html",
    "marks": "catalog/_mark.html",
    "backs": "catalog/_spine.html", "narrow": "catalog/_facets.html",
    "parts": "desk/_parts.html", "arrived": "desk/_came_in.html",
    "loan_row": "loans/_row.html", "hold_row": "holds/_row.html",
    "cart_row": "cart/_row.html",
    "shelf_row": "shelves/_row.html", "history_row": "history/_row.html",
}  # fmt: skip


def source(folder):
    return "".join(path.read_text(encoding="utf-8") for path in (ROOT / "templates" / folder).glob("*.html"))


def test_the_sheet_is_not_there_in_a_library(browse):
    assert [browse.get(address).status_code for address in SHEETS] == [404, 404]


@pytest.mark.parametrize("address", SHEETS)
def test_in_development_it_is_a_page_as_others_are(address, app, browse, signed_in):
    app.config["DEVELOPMENT"] = True
    for browser in (browse, signed_in):
        assert browser.get(address).status_code == 200


UNDER_WAY = [known for known, _ in hold_states.UNDER_WAY.values()]


@pytest.mark.parametrize("said", [hold_states.PLACE, hold_states.SUSPENDED[-1], *UNDER_WAY, hold_states.READY])
def test_a_hold_is_drawn_in_each_state(said, app, browse):
    app.config["DEVELOPMENT"] = True
    rows = browse.get("/styleguide").page.select(".hold-say")
    words = re.sub(r"{\w+}", ".*", said)
    assert any(re.match(words, row.get_text()) for row in rows)


def test_every_macro_of_the_parts_is_drawn():
    """By the sheet itself, by what stands around it, or by another part or list that it draws."""
    files = [*PARTS.values(), "base.html", "catalog/_rows.html", "catalog/_nothing.html"]
    text = source("styleguide") + "".join((ROOT / "templates" / file).read_text(encoding="utf-8") for file in files)
    called = set(re.findall(r"\b(\w+)\(", re.sub(r"macro \w+\(", "", text)))
    for file in PARTS.values():
        macros = set(re.findall(r"macro (\w+)\(", (ROOT / "templates" / file).read_text(encoding="utf-8")))
        assert macros - called == set(), file
