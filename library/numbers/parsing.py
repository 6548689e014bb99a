"""Numbers as typed, scanned or in a file, and the spellings under which they may be stored.

The desk, sign-in and files read them alike. Spellings come in steps; the first step with a stored number counts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from library import invisible
from library.numbers.formats import LONGEST, SIGNS, Form

T = TypeVar("T")
Steps = tuple[tuple[str, ...], ...]  # the spellings of each step, without those of earlier steps

DASHES = re.compile("[‐‑‒–—―−ー]")
_PAIR = re.compile(r"[A-D](.+)[A-D]|\*(.+)\*")  # start and stop of NW-7 and Code39: some scanners send them
_SCANNED = re.compile(r"[A-D][0-9]+[A-D]")
_WHOLE = re.compile(rf"(?=.*[0-9])[0-9A-Z{re.escape(SIGNS)}]{{1,{LONGEST}}}")
LAST = "\U0010ffff"  # sorts after every character of a key
_READ = 100  # characters of a text that are read


def fold(text: str) -> str:
    """Return a number in half-width capitals, without spaces and invisible characters, each dash as ``-``."""
    folded = unicodedata.normalize("NFKC", invisible.drop(text))
    return DASHES.sub("-", "".join(folded.split()).upper())


def reversed_key(text: str) -> str:
    """Return the digits and letters of a number in reverse: numbers are found by their last digits."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", text) if letter.isalnum())[::-1].upper()


def spellings(text: str, known: Iterable[Form]) -> Steps:
    """Return the spellings of a text in steps: as it is; without hyphens; without start and stop (A–D, ``*``); padded.

    ``known``: the forms that may pad with zeros.
    """
    typed = fold(text[:_READ])
    if not typed.isprintable():
        return ()
    plain = typed.replace("-", "")
    bare = without_pair(typed), without_pair(plain)
    padded = [form.padded(number) for form in known for number in dict.fromkeys((plain, *bare))]
    return _steps([typed], [plain], bare, padded)


def typed_by_patron(text: str, known: Sequence[Form]) -> Steps:
    """Return the steps of ``spellings`` and one more: the only number that it can be with its lost first zeros."""
    steps = spellings(text, known)
    return _steps(*steps, [with_lost_zeros(flat(steps), known)])


def with_lost_zeros(numbers: Iterable[str], known: Sequence[Form]) -> str | None:
    """Return the only good number that these can be with their lost zeros; None if the forms give none or several."""
    wholes = {whole for number in numbers for form in known if (whole := form.with_lost_zeros(number))}
    return wholes.pop() if len(wholes) == 1 else None


def without_pair(number: str) -> str:
    """Return a number without the start and stop of its bars."""
    found = _PAIR.fullmatch(number)
    return (found[1] or found[2]) if found else number


def _steps(*found: Iterable[str | None]) -> Steps:
    """Return the steps, each without spellings of earlier steps; empty steps are left out."""
    seen: set[str] = set()
    steps = []
    for step in found:
        if new := tuple(number for number in dict.fromkeys(step) if number and number not in seen):
            steps.append(new)
            seen.update(new)
    return tuple(steps)


def first_stored(steps: Steps, stored: Callable[[str], T | None]) -> list[T]:
    """Return the values of ``stored`` in the first step that has any: one, several if ambiguous, or []."""
    return next((found for step in steps if (found := [row for number in step if (row := stored(number))])), [])


def flat(steps: Steps) -> list[str]:
    """Return the spellings of all steps in one list."""
    return [number for step in steps for number in step]


def as_new(text: str, known: Sequence[Form]) -> str:
    """Return the spelling under which a new number is stored, without judging it: as it is, if no form fits.

    Forms with a length come before others, right check digits before wrong ones.
    """
    steps = spellings(text, known)
    if not steps:
        return ""
    typed = steps[0][0]
    if _SCANNED.fullmatch(typed):  # or a form with letters of any length would take start and stop as part of it
        steps = ((without_pair(typed),), *steps)
    by_length = sorted(known, key=lambda form: form.length is None)
    for is_good in (Form.is_good, Form.fits):
        for form in by_length:
            for number in flat(steps):
                if is_good(form, number):
                    return number
    return steps[0][0]


def is_number(number: str) -> bool:
    """Tell whether a folded text can be a number: 1 to 20 digits, capitals and signs, with one digit or more."""
    return _WHOLE.fullmatch(number) is not None
