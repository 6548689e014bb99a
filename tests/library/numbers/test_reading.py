"""Reading a number: what is typed, scanned or stands in a file, and what is found by it."""

import pytest

from library.numbers import parsing
from library.numbers.formats import Form

EIGHT = Form(length=8, pads=True)
TEN = Form(length=10, pads=True)


@pytest.mark.parametrize(
    ("typed", "folded"),
    [(" ００１２ ３４", "001234"), ("a‐12—b", "A-12-B"), ("\ufeff12\u200b3", "123"), ("", "")],
)
def test_a_number_has_one_spelling(typed, folded):
    assert parsing.fold(typed) == folded


@pytest.mark.parametrize(
    ("typed", "steps"),
    [
        ("0000001234", (("0000001234",),)),
        ("1234", (("1234",), ("00001234", "0000001234"))),
        ("12-34", (("12-34",), ("1234",), ("00001234", "0000001234"))),
        ("a12-34b", (("A12-34B",), ("A1234B",), ("12-34", "1234"), ("00001234", "0000001234"))),
        ("*K12*", (("*K12*",), ("K12",))),
        ("A12", (("A12",),)),
        ("  ", ()),
        ("12\x00", ()),
    ],
)
def test_a_number_is_looked_for_in_steps(typed, steps):
    assert parsing.spellings(typed, [EIGHT, TEN]) == steps


def test_the_first_step_with_something_counts():
    stored = {"1234": "one", "00001234": "two", "0000001234": "three"}
    assert parsing.first_stored(parsing.spellings("12-34", [EIGHT, TEN]), stored.get) == ["one"]
    del stored["1234"]
    assert parsing.first_stored(parsing.spellings("12-34", [EIGHT, TEN]), stored.get) == ["two", "three"]
    assert parsing.first_stored(parsing.spellings("99", [EIGHT, TEN]), stored.get) == []


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("00-001234", "00001234"),
        ("A00001234A", "00001234"),
        ("1234", "00001234"),
        ("k-12", "K-12"),
        ("A0100245871A", "0100245871"),
        ("A123456789012A", "123456789012"),
    ],
)
def test_a_new_number_is_stored_as_a_form_has_it(typed, number):
    assert parsing.as_new(typed, [Form(letters=True), EIGHT]) == number


def test_a_new_number_with_the_right_check_digit_comes_first():
    known = [Form(length=8, check="m10w31"), Form(prefix="A", length=8, check="m43", letters=True)]
    assert parsing.as_new("A000012D", known) == "A000012D"


@pytest.mark.parametrize(
    ("number", "can_be"), [("A-1.$:/+", True), ("", False), ("あ", False), ("1" * 21, False), ("a", False)]
)
def test_a_number_has_signs_that_a_number_can_have(number, can_be):
    assert parsing.is_number(number) is can_be
