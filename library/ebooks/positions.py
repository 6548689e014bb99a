"""読んだところ: the part and paragraph up to which a loan was read. It is forgotten with the loan."""

from datetime import date
from typing import NamedTuple

from library.store import database
from models import Ebook, EbookLoan, Patron, ReadingPosition, Title

LAST = 10_000_000  # paragraphs; a part has fewer


class Place(NamedTuple):
    """``paragraph`` 0: the beginning of the part."""

    part: int
    paragraph: int


START = Place(1, 0)


def loan_of(patron: Patron, number: int, *, today: date) -> EbookLoan | None:
    """Return the patron's open loan of this id, with e-book and title; None if not theirs or over."""
    mine = (EbookLoan.id == number) & (EbookLoan.patron == patron)
    goes_on = EbookLoan.returned_on.is_null() & (EbookLoan.due_on >= today)
    return EbookLoan.select(EbookLoan, Ebook, Title).join(Ebook).join(Title).where(mine, goes_on).first()


def of_loan(loan: EbookLoan) -> Place:
    """Return the place of a loan; the beginning of part 1 if it was never read."""
    row = ReadingPosition.get_or_none(ReadingPosition.loan == loan.id)
    return Place(row.part, row.paragraph) if row else START


def mark(loan: EbookLoan, place: Place) -> None:
    """Remember the place instead of the former one; nothing for a loan that has ended meanwhile."""
    with database.writing():
        if not EbookLoan.select().where(EbookLoan.id == loan.id, EbookLoan.returned_on.is_null()).exists():
            return
        marked = ReadingPosition.insert(loan=loan.id, part=place.part, paragraph=place.paragraph)
        newer = [ReadingPosition.part, ReadingPosition.paragraph]
        marked.on_conflict(conflict_target=[ReadingPosition.loan], preserve=newer).execute()
