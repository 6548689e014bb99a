"""ラベル: what is drawn is what a scanner reads, and lies on its place."""

from datetime import date

import pytest
from hypothesis import given, strategies as st

from library.counting import bars as drawing, labels
from tests import factories

# bars and spaces of each character, narrow 0 and wide 1 (JIS X 0506), written down apart from the drawing
TABLE = {
    "0000011": "0", "0000110": "1", "0001001": "2", "1100000": "3", "0010010": "4", "1000010": "5", "0100001": "6",
    "0100100": "7", "0110000": "8", "1001000": "9", "0001100": "-", "0011000": "$", "1000101": ":", "1010001": "/",
    "1010100": ".", "0010101": "+", "0011010": "A",
}  # fmt: skip


def read_back(bars):
    """Return the text that a scanner reads from the bars and the white between them."""
    widths, end = [], None
    for place, width in bars.black:
        widths += [width] if end is None else [place - end, width]
        end = place + width
    wide = "".join("1" if width > drawing.NARROW else "0" for width in widths)
    return "".join(TABLE[wide[begin : begin + 7]] for begin in range(0, len(wide), 8))


@given(st.text("0123456789-$:/.+", min_size=1, max_size=20))
def test_a_drawn_number_is_read_back(number):
    bars = drawing.nw7(number)
    assert read_back(bars) == f"A{number}A"
    last, width = bars.black[-1]
    assert bars.black[0][0] == drawing.QUIET * drawing.NARROW == bars.units - last - width


@pytest.mark.parametrize("number", ["", "K12", "12A", "１２", "あ"])
def test_a_number_that_can_not_be_drawn_is_left_out(number):
    assert drawing.nw7(number) is None


def test_labels_begin_at_the_place_that_is_free_and_go_on_on_the_next_sheet():
    sheet = labels.SHEETS["24"]
    first, second = sheet.laid_out(list(range(5)), 22)
    assert first == [None] * 21 + [0, 1, 2] and second == [3, 4]
    assert labels.SHEETS["65"].laid_out([], 1) == []


@pytest.mark.parametrize("sheet", labels.SHEETS.values(), ids=lambda sheet: sheet.code)
def test_a_barcode_fits_its_label_and_is_not_too_fine(sheet):
    units = drawing.nw7("0000002377570").units
    width = sheet.bar_width(units)
    assert width <= sheet.width - 2 * labels.EDGE
    assert width / units * drawing.NARROW >= 0.19


def test_scanned_copies_come_in_their_order_and_unknown_numbers_are_named(db):
    one, two = factories.item(barcode="0100000001"), factories.item(barcode="K-2")
    rows, unknown = labels.scanned(["K-2", "", "A0100000001A", "999"])
    assert (rows, unknown) == ([two, one], ["999"])


def test_copies_that_came_in_since_a_day_at_one_branch(db):
    there = factories.branch("東部")
    factories.item(acquired_on=date(2026, 11, 1), branch=there)
    new = factories.item(acquired_on=date(2026, 11, 20), branch=there)
    here = factories.item(acquired_on=date(2026, 11, 25))
    assert labels.added_since(date(2026, 11, 20), None) == [new, here]
    assert labels.added_since(date(2026, 11, 20), there) == [new]
