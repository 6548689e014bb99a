"""検査数字: the last character of a number, derived from the others, which shows most mistakes of hand and scanner.

The rules are those of libraries and their label printers. Rules on digits ignore letters and signs.
"""

from collections.abc import Callable
from itertools import cycle

NW7 = "0123456789-$:/.+ABCD"  # the value of a character is its position (JIS X 0506)
CODE39 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%"  # likewise (JIS X 0503)
OF_BARS = ("m16", "m43")  # rules whose check digit may be a letter or a sign


def digit(rule: str, payload: str, letter: str = "A") -> str | None:
    """Return the check character for a payload; None if the rule has none. ``letter``: start and stop of m16."""
    if rule in OF_BARS:
        return _m16(payload, letter) if rule == "m16" else _m43(payload)
    digits = [int(each) for each in payload if each in "0123456789"]
    return str(_OF_DIGITS[rule](digits)) if digits else None


def is_right(rule: str, number: str, letter: str = "A") -> bool:
    """Tell whether the last character of a number is right; always for the empty rule."""
    return not rule or digit(rule, number[:-1], letter) == number[-1:]


# -- by weights --------------------------------------------------------------------------------------------------------
def _products(digits: list[int], *weights: int) -> list[int]:
    """Return each digit times its weight, from the right; the weights repeat."""
    return [digit * weight for digit, weight in zip(reversed(digits), cycle(weights), strict=False)]


def _m10w21s(digits: list[int]) -> int:
    return -sum(sum(divmod(product, 10)) for product in _products(digits, 2, 1)) % 10


def _m10w21(digits: list[int]) -> int:
    return -sum(_products(digits, 2, 1)) % 10


def _m10w31(digits: list[int]) -> int:
    return -sum(_products(digits, 3, 1)) % 10


def _m11(digits: list[int]) -> int:
    rest = 11 - sum(_products(digits, 2, 3, 4, 5, 6, 7)) % 11
    return rest if rest < 10 else 0


# -- by division -------------------------------------------------------------------------------------------------------
def _number(digits: list[int]) -> int:
    return int("".join(map(str, digits)))


_OF_DIGITS: dict[str, Callable[[list[int]], int]] = {
    "m10w21s": _m10w21s,
    "m10w21": _m10w21,
    "m10w31": _m10w31,
    "m11": _m11,
    "7dr": lambda digits: _number(digits) % 7,
    "9dr": lambda digits: _number(digits) % 9,
    "7dsr": lambda digits: 7 - _number(digits) % 7,
    "9dsr": lambda digits: 9 - _number(digits) % 9,
}
RULES = ("", *_OF_DIGITS, *OF_BARS)


# -- by the values of the bars -----------------------------------------------------------------------------------------
def _m16(payload: str, letter: str) -> str | None:
    if not payload or not set(payload) <= set(NW7[:16]):
        return None
    return NW7[-sum(map(NW7.index, f"{letter}{payload}{letter}")) % 16]


def _m43(payload: str) -> str | None:
    if not payload or not set(payload) <= set(CODE39):
        return None
    return CODE39[sum(map(CODE39.index, payload)) % 43]
