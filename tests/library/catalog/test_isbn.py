import pytest

from library.catalog import isbn

KOKORO = "9784101010137"


@pytest.mark.parametrize(
    "typed",
    [
        "9784101010137",
        "978-4-10-101013-7",
        "978 4 10 101013 7",
        "９７８－４－１０－１０１０１３－７",
        "4101010137",
        "4-10-101013-7",
        "ISBN 4-10-101013-7",
        "ISBN978-4-10-101013-7 (pbk.) : 400円",
        "978‐4‐10‐101013‐7",
        "1234567890 4-10-101013-7",
        "9784101010137 400",
    ],
)
def test_every_spelling_gives_the_same_thirteen_digits(typed):
    assert isbn.normalise(typed) == KOKORO


@pytest.mark.parametrize(
    "typed", ["80-01-61851-x", "80-01-61851-X", "８０－０１－６１８５１－Ｘ", "ISBN 80 01 61851 x"]
)
def test_the_check_digit_x_is_read_small_and_large(typed):
    assert isbn.normalise(typed) == "9788001618516"


@pytest.mark.parametrize(
    "typed", ["", "9784101010138", "4101010138", "978410101013", "97841010101377", "ISSN 0027-9153", "なし", "一二三"]
)
def test_a_text_that_is_no_isbn_gives_nothing(typed):
    assert isbn.normalise(typed) == ""


def test_the_lower_barcode_of_a_japanese_book_is_known():
    assert isbn.is_second_barcode("1920193004000")
    assert isbn.is_second_barcode("192-0193-004000")
    assert not isbn.is_second_barcode(KOKORO)
    assert not isbn.is_second_barcode("4101010137")
