"""検査数字: each rule, by the examples of the spec and by what printers of labels give."""

import pytest

from library.numbers import check_digits


@pytest.mark.parametrize(
    ("rule", "digit"),
    [
        ("m10w21s", "0"), ("m10w21", "2"), ("m10w31", "5"), ("m11", "8"), ("7dr", "2"), ("9dr", "4"), ("7dsr", "5"),
         ("9dsr", "5"),
        ("m16", "1"),
    ],
)  # fmt: skip
def test_each_rule_gives_its_digit(rule, digit):
    assert check_digits.digit(rule, "000000237757") == digit
    assert check_digits.is_right(rule, f"000000237757{digit}")
    assert not check_digits.is_right(rule, f"000000237757{(int(digit) + 1) % 10}")


def test_code39_gives_a_letter_on_letters():
    assert check_digits.digit("m43", "A000012") == "D"


def test_m16_counts_start_and_stop():
    assert [check_digits.digit("m16", "000000237757", letter) for letter in "ABCD"] == ["1", "+", "/", "$"]


def test_ten_and_eleven_are_zero_under_m11():
    assert {check_digits.digit("m11", f"{number:04}") for number in range(200)} == set("0123456789")
    assert check_digits.digit("m11", "0000") == "0" and check_digits.digit("m11", "0006") == "0"


def test_a_remainder_of_none_is_seven_or_nine_when_it_is_taken_off():
    assert (check_digits.digit("7dsr", "14"), check_digits.digit("9dsr", "18")) == ("7", "9")


def test_rules_of_digits_pass_over_letters_and_those_of_bars_say_what_they_can_not():
    assert check_digits.digit("m10w31", "K-000000237757") == "5" and check_digits.digit("m10w31", "K") is None
    assert (
        check_digits.digit("m16", "K12") is None
        and check_digits.digit("m43", "A:1") is None
        and check_digits.digit("m43", "") is None
    )


def test_no_rule_wants_nothing():
    assert check_digits.is_right("", "12") and "" in check_digits.RULES
