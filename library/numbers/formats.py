"""番号の形式: the forms of new card and item numbers, one to five of each. Stored numbers are never judged by them.

They are the settings ``card_forms`` and ``item_forms``; ``library.policy`` has the default ones.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from library import audit, errors, policy, wording
from library.language.sentences import Sentence
from library.numbers import check_digits
from library.store import database

KINDS = ("card", "item")
SHORTEST, LONGEST = 4, 20  # characters of a form with a length; any number has 1 to 20
MOST = 5  # forms of a kind
SIGNS = "-.$:/+"
BARS = ("auto", "nw7", "code39")
LETTERS = "ABCD"  # start and stop of NW-7
_DIGITS = "0123456789"
_ALL = _DIGITS + "ABCDEFGHIJKLMNOPQRSTUVWXYZ" + SIGNS

_WORDS = {  # with a prefix, with a length: of digits, of letters
    (True, True): ("{prefix}で始まる{length}桁の数字", "{prefix}で始まる{length}桁の英数字と記号"),
    (True, False): ("{prefix}で始まる1〜{most}文字の数字", "{prefix}で始まる1〜{most}文字の英数字と記号"),
    (False, True): ("{length}桁の数字", "{length}桁の英数字と記号"),
    (False, False): ("1〜{most}文字の数字", "1〜{most}文字の英数字と記号"),
}


@dataclass(frozen=True)
class Form:
    """One form of numbers.

    ``length``: all characters with check digit, None for any length. ``letters``: letters and signs may follow the
    ``prefix``, else digits only. ``pads``: a number that lost its first zeros is found. ``is_for_new``: the next free
    number has this form, from ``first`` on. ``letter``: start and stop of NW-7 bars.
    """

    id: int = 0
    prefix: str = ""
    length: int | None = None
    letters: bool = False
    check: str = ""
    pads: bool = False
    bars: str = "auto"
    letter: str = "A"
    is_for_new: bool = False
    first: str = ""

    def fits(self, number: str) -> bool:
        """Tell whether a number has this form, apart from its check digit."""
        long = len(number) == self.length if self.length else 1 <= len(number) <= LONGEST
        body = self.body(number)
        check = number[-1:] if self.check else ""
        return (
            long
            and number.startswith(self.prefix)
            and bool(body)
            and set(body) <= set(_ALL if self.letters else _DIGITS)
            and set(check) <= set(_ALL)
        )

    def body(self, number: str) -> str:
        """Return the part between prefix and check digit."""
        return number[len(self.prefix) : len(number) - bool(self.check)]

    def is_checked(self, number: str) -> bool:
        """Tell whether the check digit is right, or the form has none."""
        return check_digits.is_right(self.check, number, self.letter)

    def is_good(self, number: str) -> bool:
        """Tell whether a number has this form and a right check digit."""
        return self.fits(number) and self.is_checked(number)

    def padded(self, number: str) -> str | None:
        """Return a shorter number filled with zeros, its check digit unchecked; None if the form doesn't pad."""
        rest = number.removeprefix(self.prefix)
        digits = rest[:-1] if self.check in check_digits.OF_BARS else rest
        is_one = number.startswith(self.prefix) and digits.isascii() and digits.isdigit()
        if not self.pads or self.length is None or not is_one or len(number) >= self.length:
            return None
        return self.prefix + rest.zfill(self.length - len(self.prefix))

    def with_lost_zeros(self, number: str) -> str | None:
        """Return a shorter number filled with zeros if that is good, whether or not the form pads; else None."""
        rest = number.removeprefix(self.prefix)
        if self.length is None or not (rest.isascii() and rest.isdigit()) or len(number) >= self.length:
            return None
        filled = self.prefix + rest.zfill(self.length - len(self.prefix))
        return filled if self.is_good(filled) else None

    def nth_number(self, place: int, width: int | None = None) -> str | None:
        """Return the number whose body is ``place``; None if it is too long or has no check digit.

        ``width``: all characters, for a form without length.
        """
        digits = (self.length or width or LONGEST) - len(self.prefix) - bool(self.check)
        payload = f"{self.prefix}{place:0{max(digits, 1)}}"
        number = payload + (check_digits.digit(self.check, payload, self.letter) or "" if self.check else "")
        return number if len(str(place)) <= digits and self.is_good(number) else None

    @property
    def words(self) -> str:
        """Return the form in a few words, for a refusal."""
        digits, letters = _WORDS[bool(self.prefix), bool(self.length)]
        facts = {"prefix": self.prefix, "length": self.length, "most": LONGEST}
        return Sentence(letters if self.letters else digits, **facts)


# -- all forms ---------------------------------------------------------------------------------------------------------
def of_kind(kind: str) -> list[Form]:
    """Return the forms of ``card`` or ``item`` numbers."""
    return [Form(**row) for row in policy.get(f"{kind}_forms")]


def cards() -> list[Form]:
    return of_kind("card")


def items() -> list[Form]:
    return of_kind("item")


def for_new(known: Sequence[Form]) -> Form:
    """Return the form for the next free number."""
    return next((form for form in known if form.is_for_new), known[0])


def fitting(number: str, known: Iterable[Form]) -> Form | None:
    """Return the form that a number is good in, one with a length first; None if there is none."""
    fit = [form for form in known if form.is_good(number)]
    return min(fit, key=lambda form: form.length is None, default=None)


def has_wrong_digit(number: str, known: Iterable[Form]) -> bool:
    """Tell whether a number is wrong in its check digit only."""
    fit = [form for form in known if form.fits(number)]
    return bool(fit) and not any(form.is_checked(number) for form in fit)


def lacks_zeros(number: str, known: Sequence[Form]) -> str | None:
    """Return the number filled with zeros if it is shorter than every form that digits alone can have and one pads;
    else None.

    A form of any length has no number that is too short.
    """
    of_digits = [form.length for form in known if form.length and set(form.prefix) <= set(_DIGITS)]
    shortest = min(of_digits, default=1)
    is_short = number.isascii() and number.isdigit() and len(number) < shortest
    return next((whole for form in known if (whole := form.padded(number))), None) if is_short else None


def require(number: str, known: Sequence[Form]) -> None:
    """Refuse a new number without a form. Raises: NumberHasNoForm, CheckDigitWrong."""
    if fitting(number, known):
        return
    if has_wrong_digit(number, known):
        raise errors.CheckDigitWrong()
    raise errors.NumberHasNoForm(forms="、".join(dict.fromkeys(form.words for form in known)))


# -- changing them -----------------------------------------------------------------------------------------------------
def read(typed: dict, kind: str, form: Form) -> Form:
    """Return the form with typed texts and ticks; ``form``: as it was. Raises: RefusedTogether by field."""
    problems: dict[str, Sequence[errors.Refused]] = {}
    texts = {name: "".join(typed[name].split()).upper() for name in ("prefix", "length", "first")}
    length = int(texts["length"]) if texts["length"].isascii() and texts["length"].isdigit() else None
    is_any = kind == "item" and not texts["length"]
    if not is_any and (length is None or not SHORTEST <= length <= LONGEST):
        problems["length"] = [errors.NumberOutOfRange(low=SHORTEST, high=LONGEST)]
        length = None
    if not set(texts["prefix"]) <= set(_ALL):
        problems["prefix"] = [errors.PrefixMalformed()]
    for name, values in (("check", check_digits.RULES), ("bars", BARS), ("letter", tuple(LETTERS))):
        if typed[name] not in values:
            problems[name] = [errors.ChoiceUnknown()]
    made = dataclasses.replace(
        form,
        **{name: typed[name] for name in ("letters", "check", "pads", "bars", "letter", "is_for_new")},
        prefix=texts["prefix"],
        length=length,
        first=texts["first"] if typed["is_for_new"] else "",
    )
    if not problems:
        problems = _problems(made)
    if problems:
        raise errors.RefusedTogether(problems)
    return made


def _problems(made: Form) -> dict[str, Sequence[errors.Refused]]:
    if len(made.prefix) + 1 + bool(made.check) > (made.length or LONGEST):
        return {"prefix": [errors.PrefixTooLong()]}
    if made.pads and made.length is None:
        return {"pads": [errors.PadsWithoutLength()]}
    if made.check in check_digits.OF_BARS and check_digits.digit(made.check, f"{made.prefix}0", made.letter) is None:
        return {"check": [errors.CheckDigitCantSay()]}
    if not made.first:
        return {}
    if not made.fits(made.first) or not made.body(made.first).isdigit():
        return {"first": [errors.FirstNumberHasNoForm(form=made.words)]}
    return {} if made.is_checked(made.first) else {"first": [errors.CheckDigitWrong()]}


def put(kind: str, made: Form, *, by: str, now: datetime) -> Form:
    """Store a form and return it; id 0: a new one. If it is for new numbers, no other is.

    Raises: TooManyForms, RefusedTogether.
    """
    with database.writing():
        rows = of_kind(kind)
        if not made.id and len(rows) >= MOST:
            raise errors.TooManyForms(most=MOST)
        made = dataclasses.replace(made, id=made.id or max(row.id for row in rows) + 1)
        others = [row for row in rows if row.id != made.id]
        if made.is_for_new:
            others = [dataclasses.replace(row, is_for_new=False, first="") for row in others]
        elif not any(row.is_for_new for row in others):
            raise errors.RefusedTogether({"is_for_new": [errors.NoFormForNew()]})
        _store(kind, sorted([*others, made], key=lambda row: row.id), by=by, now=now)
    return made


def drop(kind: str, form: Form, *, by: str, now: datetime) -> None:
    """Delete a form; numbers of this form stay. Raises: FormIsForNew."""
    with database.writing():
        rows = of_kind(kind)
        if any(row.id == form.id and row.is_for_new for row in rows):
            raise errors.FormIsForNew()
        _store(kind, [row for row in rows if row.id != form.id], by=by, now=now)


def _store(kind: str, rows: Iterable[Form], *, by: str, now: datetime) -> None:
    policy.put(f"{kind}_forms", [dataclasses.asdict(row) for row in rows])
    audit.record("numbers.changed", actor=by, now=now, of=wording.KINDS_OF_NUMBERS[kind])
