"""バーコード: a decoder from elsewhere reads back what is drawn for each form of numbers."""

import numpy
import pytest
import zxingcpp

from library.counting import bars, labels
from library.numbers.formats import Form

TALL, ENLARGED = 60, 2  # pixels of a picture, and of a unit in it


def read(drawn):
    """Return the kind and the text of what a decoder sees on a picture of these bars."""
    row = numpy.full(drawn.units * ENLARGED, 255, numpy.uint8)
    for place, width in drawn.black:
        row[place * ENLARGED : (place + width) * ENLARGED] = 0
    (seen,) = zxingcpp.read_barcodes(numpy.tile(row, (TALL, 1)))
    return f"{seen.format}:{seen.text}"


@pytest.mark.parametrize(
    ("form", "number", "read_back"),
    [
        (Form(length=13), "0000002377570", "Codabar:A0000002377570A"),
        (Form(length=13, letter="D"), "0000002377570", "Codabar:D0000002377570D"),
        (Form(length=10, bars="nw7", letter="B"), "0100245871", "Codabar:B0100245871B"),
        (Form(length=8, letters=True), "12-$:/.+", "Codabar:A12-$:/.+A"),
        (Form(length=10, bars="code39"), "0100245871", "Code 39:0100245871"),
        (Form(prefix="K", length=8), "K0000012", "Code 39:K0000012"),
        (Form(prefix="A", length=8, check="m43"), "A000012D", "Code 39:A000012D"),
        (Form(letters=True, bars="nw7"), "K-1.$/+Z", "Code 39:K-1.$/+Z"),
        (Form(length=20), "01234567890123456789", "Codabar:A01234567890123456789A"),
        (Form(length=20, letters=True), "K1234567890123456789", "Code 39:K1234567890123456789"),
    ],
)
def test_a_scanner_reads_each_form(form, number, read_back):
    assert form.fits(number)
    assert read(bars.draw(number, [form])) == read_back


def test_letters_with_a_colon_are_said_by_no_bars():
    assert bars.draw("K:1", [Form(letters=True)]) is None and bars.draw("12:1", [Form(letters=True, bars="code39")])


def test_bars_of_a_number_without_a_form_are_chosen_by_themselves():
    assert bars.draw("12", []).units == bars.nw7("12").units and bars.draw("K", []).units == bars.code39("K").units


def test_a_bar_too_fine_for_a_label_has_no_room():
    drawn = bars.code39("K1234567890123456789")
    assert not labels.SHEETS["65"].has_room(drawn.units) and labels.SHEETS["24"].has_room(drawn.units)
    assert labels.SHEETS["65"].has_room(bars.nw7("0000002377570").units)
