"""The form that the numbers of a file share, if no form of the library fits: proposed, and accepted by somebody."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from library import errors, policy, wording
from library.numbers import check_digits, formats
from library.store import database
from library.store.queries import tuples
from models import CardNumber

WORTH = 0.05  # share of a file's numbers: fewer of one length are mistakes
ALL_BUT = 0.02  # share of these numbers whose check digits may be mistakes
ENOUGH = 20  # numbers: with fewer, a check digit can be right by chance
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SAYING = [(rule, letter) for rule in check_digits.RULES[1:] for letter in (formats.LETTERS if rule == "m16" else "A")]


class _Alike:
    """The numbers of one length. ``wrong``: (rule, letter) → number of wrong check digits."""

    def __init__(self, number: str) -> None:
        self.count, self.begin = 0, number[: len(number) - len(number.lstrip(_LETTERS))]
        self.has_digits_alone = self.has_digits_first = True
        self.wrong: Counter[tuple[str, str]] = Counter()

    def add(self, number: str) -> None:
        self.count += 1
        while not number.startswith(self.begin):
            self.begin = self.begin[:-1]
            self.has_digits_alone = self.has_digits_first = False  # earlier numbers have the letter that was cut off
        rest = number[len(self.begin) :]
        self.has_digits_alone &= rest.isdigit()
        self.has_digits_first &= rest[:-1].isdigit()
        for rule, letter in _SAYING:
            if self.wrong[rule, letter] <= ENOUGH + self.count * ALL_BUT:
                self.wrong[rule, letter] += not check_digits.is_right(rule, number, letter)

    def form(self, length: int) -> formats.Form:
        right = [each for each in _SAYING if self.count >= ENOUGH and self.wrong[each] <= self.count * ALL_BUT]
        rule, letter = min(right, key=lambda each: self.wrong[each], default=("", "A"))
        is_plain = self.has_digits_alone or (bool(rule) and self.has_digits_first)
        begin = self.begin if is_plain and len(self.begin) + 1 + bool(rule) <= length else ""
        return formats.Form(prefix=begin, length=length, letters=not is_plain, check=rule, letter=letter)


class Seen:
    """The numbers of a file; ``known``: the count of those with a form of the library."""

    def __init__(self) -> None:
        self.known, self.total = 0, 0
        # lengths of numbers of digits: the shortest without a form, the longest that begins with 0
        self.shortest, self.with_zeros = formats.LONGEST, 0
        self._alike: dict[int, _Alike] = {}

    def add(self, number: str, *, is_known: bool) -> None:
        """Count a number; ``is_known``: the library has a form for it."""
        self.total += 1
        self.known += is_known
        if number.isdigit():
            self.shortest = self.shortest if is_known else min(self.shortest, len(number))
            self.with_zeros = max(self.with_zeros, len(number) if number[0] == "0" else 0)
        if not is_known and len(number) >= formats.SHORTEST:
            self._alike.setdefault(len(number), _Alike(number)).add(number)

    def proposal(self) -> dict[str, Any]:
        """Return {"form", "is_alone", "said"} for the numbers of the most frequent length without a form; {} if they
        are few.

        The form pads if some numbers are shorter; {} if these numbers are those that lost their zeros.
        """
        length, alike = max(self._alike.items(), key=lambda each: each[1].count, default=(0, None))
        if alike is None or alike.count < self.total * WORTH:
            return {}
        form = alike.form(length)
        if not form.letters and not form.prefix:
            if length < self.with_zeros:
                return {}
            form = dataclasses.replace(form, pads=self.shortest < length)
        is_alone = not self.known and alike.count > self.total / 2
        check = f"、検査数字は{wording.CHECK_DIGITS[form.check]}" if form.check else ""
        fits = "、先頭の0を補う形" if form.pads else "の形"
        said = f"どの番号の形式にも合わない番号が{alike.count:,}件あります。{form.words}{check}{fits}が合います。"
        return {"form": dataclasses.asdict(form), "is_alone": is_alone, "said": said}


def take(proposal: Mapping[str, Any], *, by: str, now: datetime) -> formats.Form:
    """Add a proposed form to those of cards; return it. If it ``is_alone``, new cards get it. Raises: TooManyForms."""
    form = formats.Form(**proposal["form"])
    with database.writing():
        known = formats.cards()
        if form in [dataclasses.replace(each, id=0, is_for_new=False, first="") for each in known]:
            return form  # the button was pressed twice
        stay = expected(proposal)
        made = formats.put("card", dataclasses.replace(form, is_for_new=proposal["is_alone"]), by=by, now=now)
        for each in known:
            if each not in stay:
                formats.drop("card", each, by=by, now=now)
    return made


def expected(proposal: Mapping[str, Any]) -> list[formats.Form]:
    """Return the forms of cards after ``take``, the proposed one last. Raises: TooManyForms.

    If it ``is_alone``, the default form is dropped, unless a card has it.
    """
    known, is_shipped = formats.cards(), policy.get("card_forms") == policy.DEFAULTS["card_forms"]
    if len(known) >= formats.MOST:
        raise errors.TooManyForms(most=formats.MOST)
    goes = proposal["is_alone"] and is_shipped and _is_unused(known[0])
    return [*(() if goes else known), formats.Form(**proposal["form"])]


def _is_unused(form: formats.Form) -> bool:
    return not any(form.fits(number) for (number,) in tuples(CardNumber.select(CardNumber.number)))
