"""A patron's e-books: those that are lent, and the places in the lines of others."""

from __future__ import annotations

from datetime import date
from typing import Any

from peewee import ModelSelect, fn

from library.store.queries import Models, blank
from models import Ebook, EbookHold, EbookLoan, Patron, Title


def lent_to(patron: Patron, *, today: date) -> list[EbookLoan]:
    """Return the open loans of a patron, first due first, with e-book and title."""
    return _LENT.rows(patron=patron.id, today=today)


def places_of(patron: Patron) -> list[Any]:
    """Return a patron's places in lines, the oldest first, those that are over too, with e-book and title; ``before``
    of each is the number of patrons who wait before it.
    """
    return _HELD.rows(patron=patron.id)


def _count_before() -> ModelSelect[EbookHold]:
    """Return a subquery that counts the patrons before a place in its line."""
    other = EbookHold.alias()
    before = (other.placed_at < EbookHold.placed_at) | (
        (other.placed_at == EbookHold.placed_at) & (other.id < EbookHold.id)
    )
    return other.select(fn.count(other.id)).where(other.ebook == EbookHold.ebook, other.state == "waiting", before)


_LENT = Models(
    EbookLoan,
    {"ebook": Ebook, "ebook.title": Title},
    lambda rows: (
        rows.join(Ebook)
        .join(Title)
        .where(EbookLoan.patron == blank("patron"), EbookLoan.returned_on.is_null(), EbookLoan.due_on >= blank("today"))
        .order_by(EbookLoan.due_on, EbookLoan.id)
    ),
)
_HELD = Models(
    EbookHold,
    {"ebook": Ebook, "ebook.title": Title},
    lambda rows: (
        rows.join(Ebook)
        .join(Title)
        .where(EbookHold.patron == blank("patron"))
        .order_by(EbookHold.placed_at, EbookHold.id)
    ),
    before=_count_before(),
)
