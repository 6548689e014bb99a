"""Reading a number: what was typed, scanned or stands in a file, and the spellings under which it may be stored.

The same at the desk, at sign-in and in files. The spellings come in steps; the first step at which something is stored counts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from library import invisible
from library.numbers.formats import LONGEST, SIGNS, Form

T = TypeVar("T")
Steps = tuple[tuple[str, ...], ...]  # of each step the spellings that are none of a step before

_DASHES = re.compile("[‐‑‒–—―−ー]")
_PAIR = re.compile(r"[A-D](.+)[A-D]|\*(.+)\*")  # start and stop of NW-7 and of Code39, which some scanners send
_SCANNED = re.compile(r"[A-D][0-9]+[A-D]")
_WHOLE = re.compile(rf"[0-9A-Z{re.escape(SIGNS)}]{{1,{LONGEST}}}")
LAST = "\U0010ffff"  # above every letter of a key
_READ = 100  # characters of a text that are looked at


def fold(text: str) -> str:
    """Return a number without full width, small letters, spaces and what can't be seen. Zeros and signs stay, each dash is ``-``."""
    folded = unicodedata.normalize("NFKC", invisible.drop(text))
    return _DASHES.sub("-", "".join(folded.split()).upper())


def reversed_key(text: str) -> str:
    """Return the digits (and letters) of a number from the last one on: the last digits of a number begin its key."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", text) if letter.isalnum())[::-1].upper()


def spellings(text: str, known: Iterable[Form]) -> Steps:
    """Return the numbers that are meant by a text, in the steps in which they are looked for: as it is; without hyphens; without a pair
    of A–D or ``*`` at the ends; with the zeros of each form that pads. ``known``: the forms.
    """
    typed = fold(text[:_READ])
    if not typed.isprintable():
        return ()
    plain = typed.replace("-", "")
    bare = _without_pair(typed), _without_pair(plain)
    padded = [form.padded(number) for form in known for number in dict.fromkeys((plain, *bare))]
    return _steps([typed], [plain], bare, padded)


def typed_by_patron(text: str, known: Sequence[Form]) -> Steps:
    """Return the same with one step more: the number that digits without their first zeros can only be."""
    steps = spellings(text, known)
    return _steps(*steps, [with_lost_zeros(flat(steps), known)])


def with_lost_zeros(numbers: Iterable[str], known: Sequence[Form]) -> str | None:
    """Return the good number that these are without their first zeros; None where the forms make none or several of them."""
    wholes = {whole for number in numbers for form in known if (whole := form.with_lost_zeros(number))}
    return wholes.pop() if len(wholes) == 1 else None


def _without_pair(number: str) -> str:
    found = _PAIR.fullmatch(number)
    return (found[1] or found[2]) if found else number


def _steps(*found: Iterable[str | None]) -> Steps:
    """Return the spellings of each step without those of the steps before; a step without any is left out."""
    seen: set[str] = set()
    steps = []
    for step in found:
        if new := tuple(number for number in dict.fromkeys(step) if number and number not in seen):
            steps.append(new)
            seen.update(new)
    return tuple(steps)


def first_stored(steps: Steps, stored: Callable[[str], T | None]) -> list[T]:
    """Return what is stored at the first step at which something is: one, several where two are meant, or none."""
    return next((found for step in steps if (found := [row for number in step if (row := stored(number))])), [])


def flat(steps: Steps) -> list[str]:
    return [number for step in steps for number in step]


def as_new(text: str, known: Sequence[Form]) -> str:
    """Return the spelling under which a number is stored that nobody has yet: the first one that a form knows, those of one length
    before others, with the right check digit before others. As it is, where no form knows it. It is not judged.
    """
    steps = spellings(text, known)
    if not steps:
        return ""
    typed = steps[0][0]
    if _SCANNED.fullmatch(typed):  # so that a form of any number doesn't take in start and stop
        steps = ((_without_pair(typed),), *steps)
    by_length = sorted(known, key=lambda form: form.length is None)
    for is_good in (Form.is_good, Form.fits):
        for form in by_length:
            for number in flat(steps):
                if is_good(form, number):
                    return number
    return steps[0][0]


def is_number(number: str) -> bool:
    """Tell if a folded text can be a number at all: 1 to 20 digits, large letters and signs."""
    return _WHOLE.fullmatch(number) is not None
