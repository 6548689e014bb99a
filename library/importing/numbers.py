"""Card and copy numbers in files: the stored row that one means, and the spelling of a new one."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from peewee import Model

from library import errors
from library.files.cells import Cells
from library.files.report import WARNING, Report
from library.numbers import formats, parsing, proposals
from library.patrons import names
from models import ItemSet

T = TypeVar("T", bound=Model)
PADDED = "先頭の0を補いました"
PHONE_PADDED = "電話番号の先頭の0を補いました"
AREA_CODE_ADDED = "市外局番を補いました"
LOCAL = re.compile("[1-9][0-9]{0,3}-?[0-9]{4}")  # as it is dialled in its own town
LONGEST_PHONE = 11  # digits of a number in Japan
REMARK = re.compile(r" *\([^()0-9]+\)\Z")  # 0575-22-6101(母)
WITHOUT_REMARK = "番号だけを入れました。添えられた言葉は、電話番号に入れません"
SHORTER = "{length}桁より短い、数字だけの番号（例：{example}）。先頭の0が消えていないか、お確かめください"
NO_FORM = "どの番号の形式にも合いません"
WRONG_DIGIT = "番号の検査数字が合いません"


@dataclass
class Numbers(Generic[T]):
    """The numbers of one file. ``known``: the library's forms; ``load``: numbers → stored rows by number.

    ``lengths``: counts by length of new all-digit numbers that fit no form; ``seen``: all new numbers.
    """

    known: list[formats.Form]
    load: Callable[[Iterable[str]], Mapping[str, T]]
    pad_zeros: bool = False
    lengths: Counter[int] = field(default_factory=Counter)
    example: dict[int, str] = field(default_factory=dict)
    seen: proposals.Seen = field(default_factory=proposals.Seen)
    of_sets: set[str] = field(default_factory=lambda: {row.barcode for row in ItemSet.select()})
    # id of a stored row → its number and line in this file
    met: dict[int, tuple[str, int]] = field(default_factory=dict)

    def fold(self, text: str) -> str:
        """Return the spelling that tells the rows of a file apart, with lost zeros put back."""
        number = self._as_new(text)
        return formats.lacks_zeros(number, self.known) or number

    def _as_new(self, text: str) -> str:
        """Return the spelling to store for a new number, lost zeros not put back."""
        plain = parsing.fold(text)
        for number in (plain, parsing.without_pair(plain)):  # start and stop are no part of a number of a known length
            if any(form.length and form.fits(number) for form in self.known):
                return number
        if any(form.fits(plain) for form in self.known) or formats.lacks_zeros(plain, self.known):
            return plain
        return parsing.as_new(text, self.known)

    def begin(self, texts: Iterable[str]) -> None:
        """Look up the stored rows of these texts in one query, and those left by other spellings in a second."""
        texts = set(texts)
        self.found: dict[str, list[T]] = {}
        stored = self.load({parsing.fold(text) for text in texts})
        for text in texts:
            if (row := stored.get(parsing.fold(text))) is not None:
                self.found[text] = [row]
        steps = {text: parsing.spellings(text, self.known) for text in texts if text and text not in self.found}
        if steps:
            stored = self.load({number for each in steps.values() for number in parsing.flat(each)})
            for text, each in steps.items():
                self.found[text] = parsing.first_stored(each, stored.get)

    def stored(self, read: Cells, name: str, *, once: bool = False) -> T | None:
        """Return the stored row that this cell means; None if there is none. A cell that could mean two refuses the
        row.

        ``once``: so does a number that another row of the file spelled differently.
        """
        found = self.found.get(read.raw(name), [])
        if len(found) > 1:
            read.refuse(name, errors.NumberMeansTwo())
        if len(found) != 1:
            return None
        if once:
            number, line = self.met.setdefault(found[0].get_id(), (self.fold(read.raw(name)), read.row.line))
            if number != self.fold(read.raw(name)):
                read.refuse(name, errors.NumberOtherwiseTwice(line=f"{line:,}"))
        return found[0]

    def new(self, read: Cells, name: str) -> str:
        """Return the number for something new; refuse the row if it is impossible, or lost zeros that may not be put
        back.
        """
        text = read.raw(name)
        number = self._as_new(text)
        if name in read.problems:
            return ""
        if not text or not parsing.is_number(number):
            read.refuse(name, errors.CardNumberMalformed() if text else errors.CellMissing())
            return ""
        if whole := formats.lacks_zeros(number, self.known):
            if not self.pad_zeros:
                read.refuse(name, errors.ZerosLost(number=number, padded=whole))
                return ""
            read.mend(name, PADDED, f"{number} → {whole}")
            number = whole
        if number in self.of_sets:
            read.refuse(name, errors.NumberOfSet())
            return ""
        form = formats.fitting(number, self.known)
        if form is not None and form.length is None and number.isdigit():
            self.lengths[len(number)] += 1
            self.example.setdefault(len(number), number)
        is_slip = form is None and formats.has_wrong_digit(number, self.known)
        self.seen.add(number, is_known=form is not None or is_slip)
        if form is None:
            read.warn(name, WRONG_DIGIT if is_slip else NO_FORM)
        return number

    def tell_shorter(self, report: Report) -> None:
        """Report the count of numbers shorter than most, which may have lost zeros, and the form proposed for the
        numbers.
        """
        report.proposal = self.seen.proposal()
        length, most = next(iter(self.lengths.most_common(1)), (0, 0))
        shorter = {each: count for each, count in self.lengths.items() if each < length}
        if shorter and 2 * most > self.lengths.total():
            report.shorter = sum(shorter.values())
            words = SHORTER.format(length=length, example=self.example[min(shorter)])
            report.more[f"{WARNING}：{words}"] += report.shorter


def phone(read: Cells, name: str, *, pad_zeros: bool, area_code: str = "") -> str | None:
    """Return a phone number, a local one with the ``area_code``; None if empty or refused.

    A lost leading 0 refuses the row, unless ``pad_zeros`` puts it back. A remark behind it is left out.
    """
    text = names.typed(read.raw(name)).strip("-")
    if remark := REMARK.search(text):
        text = text[: remark.start()]
        read.warn(name, WITHOUT_REMARK)
    if area_code and LOCAL.fullmatch(text):
        read.mend(name, AREA_CODE_ADDED, f"{text} → {area_code}-{text}")
        text = f"{area_code}-{text}"
    try:
        number = names.phone(text)
        if number.startswith("0") and sum(map(str.isdigit, number)) > LONGEST_PHONE:
            raise errors.PhoneMalformed()
    except errors.PhoneMalformed as refusal:
        read.refuse(name, refusal)
        return None
    if names.lacks_zero(number):
        if not pad_zeros:
            read.refuse_row(name, errors.ZerosLost(number=number, padded=f"0{number}"))
            return None
        read.mend(name, PHONE_PADDED, f"{number} → 0{number}")
        number = f"0{number}"
    return number or None
