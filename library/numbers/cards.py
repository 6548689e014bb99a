"""利用者番号: the patron of a card's number, and a patron's other numbers: 旧カード and マイキーID.

Current, lost, old numbers and マイキーID are rows of one table, so no number is given twice.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from library import audit, errors, wording
from library.numbers import formats, parsing
from library.store import database
from library.store.queries import Models, Query, among_texts, blank, listed
from models import Branch, CardNumber, ItemSet, Patron

OTHERS = ("old", "mykey")
MOST_OTHERS = 5  # of a patron
MOST_ENDINGS = 200  # numbers with the same last digits
SHOWN = 2  # last characters of a マイキーID
_MYKEY = re.compile("[A-Z0-9]{8}")

_STORED = Query(
    lambda: CardNumber.select(CardNumber.number, CardNumber.patron, CardNumber.kind).where(
        CardNumber.number.in_(among_texts("numbers"))
    )
)
_WITH_PATRONS = Models(
    CardNumber,
    {"patron": Patron},
    lambda rows: rows.left_outer_join(Patron).where(CardNumber.number.in_(among_texts("numbers"))),
)
_PATRON = Models(
    Patron,
    {"branch": Branch},
    lambda rows: rows.left_outer_join(Branch, on=Patron.branch).where(Patron.id == blank("id")),
)


# -- whose number ------------------------------------------------------------------------------------------------------
def matching_rows(text: str, known: Sequence[formats.Form] | None = None, *, at_desk: bool = False) -> list[Any]:
    """Return the rows (number, patron_id, kind) that a number can mean, lost ones too; several if it is ambiguous.

    ``known``: the forms of card numbers, if already read. Only ``at_desk`` a マイキーID counts; only a patron may leave out
    first zeros. The query is the same for an unknown number, so that its time doesn't give it away.
    """
    return _matching(_STORED, text, known, at_desk=at_desk)


def _matching(query: Query, text: str, known: Sequence[formats.Form] | None, *, at_desk: bool) -> list[Any]:
    read = parsing.spellings if at_desk else parsing.typed_by_patron
    steps = read(text, formats.cards() if known is None else known)
    found = {row.number: row for row in query.rows(numbers=listed(parsing.flat(steps)))}
    return parsing.first_stored(steps, {n: row for n, row in found.items() if at_desk or row.kind != "mykey"}.get)


def ending_in(digits: str) -> list[Any]:
    """Return the rows (number, patron_id, kind) of lost and old numbers with these last digits."""
    key = parsing.reversed_key(digits)
    of_number = (CardNumber.key >= key) & (CardNumber.key < key + parsing.LAST) & CardNumber.patron.is_null(False)
    rows = CardNumber.select(CardNumber.number, CardNumber.patron.alias("patron_id"), CardNumber.kind).where(of_number)
    return list(rows.order_by(CardNumber.id).limit(MOST_ENDINGS).namedtuples())


def by_number(text: str, known: Sequence[formats.Form] | None = None, *, at_desk: bool = False) -> Patron | None:
    """Return the patron of a card's number; None if it is lost, unknown or ambiguous."""
    rows = _matching(_WITH_PATRONS, text, known, at_desk=at_desk)
    return next(row.patron for row in rows if row.kind != "lost") if len(_ids(rows)) == 1 else None


def by_id(number: int) -> Patron | None:
    """Return the patron with this id, with the branch of registration; None if there is none."""
    return _PATRON.first(id=number)


def meant(text: str, *, at_desk: bool = False) -> list[Patron]:
    """Return all patrons whose card this number can mean."""
    ids = _ids(matching_rows(text, at_desk=at_desk))
    return list(Patron.select().where(Patron.id.in_(ids)).order_by(Patron.card_number)) if ids else []


def _ids(rows: list[Any]) -> list[int]:
    return list(dict.fromkeys(row.patron_id for row in rows if row.kind != "lost"))


def refusal(text: str, *, at_desk: bool = False) -> errors.Refused:
    """Return the refusal for a number that isn't one patron's card: ambiguous, reported lost, or unknown."""
    rows = matching_rows(text, at_desk=at_desk)
    if len(ids := _ids(rows)) > 1:
        return errors.WhichCard(cards=_named(ids)) if at_desk else errors.CardAmbiguous()
    return errors.CardReportedLost() if rows else errors.PatronUnknown()


def _named(ids: list[int]) -> str:
    rows = Patron.select().where(Patron.id.in_(ids)).order_by(Patron.card_number)
    return "、".join(f"{row.card_number}（{row.name}）" for row in rows)


def looks_like_card(text: str) -> bool:
    """Tell whether a number without a copy is a card's: a patron's, a lost one, or in a form that only cards have."""
    if matching_rows(text, at_desk=True):
        return True
    known, of_copies = formats.cards(), [form for form in formats.items() if form.length]
    number = parsing.as_new(text, known)
    return bool(formats.fitting(number, known)) and not formats.fitting(number, of_copies)


def require_new(text: str) -> str:
    """Return the number for a new card, in the spelling to store.

    Raises: FieldEmpty, CardReportedLost, CardNumberTaken, NumberHasNoForm, CheckDigitWrong.
    """
    known = formats.cards()
    number = parsing.as_new(text, known)
    if not number:
        raise errors.FieldEmpty()
    _require_free(number, errors.CardNumberTaken)
    formats.require(number, known)
    return number


def _require_free(number: str, taken: type[errors.Refused]) -> None:
    row = CardNumber.get_or_none(CardNumber.number == number)
    if row is not None:
        raise errors.CardReportedLost() if row.kind == "lost" else taken()
    if ItemSet.get_or_none(ItemSet.barcode == number):
        raise errors.NumberOfSet()


# -- numbers of a patron -----------------------------------------------------------------------------------------------
def all_of(patron: Patron) -> list[str]:
    """Return all numbers that a patron has or had."""
    return [row.number for row in CardNumber.select(CardNumber.number).where(CardNumber.patron == patron)]


def other_numbers(patron: Patron) -> list[CardNumber]:
    """Return the rows of a patron's 旧カード and マイキーID, first one first."""
    rows = CardNumber.select().where(CardNumber.patron == patron, CardNumber.kind.in_(OTHERS))
    return list(rows.order_by(CardNumber.id))


def shown(row: CardNumber) -> str:
    """Return a number as the desk sees it: of a マイキーID only the last two characters."""
    return row.number if row.kind != "mykey" else "*" * (len(row.number) - SHOWN) + row.number[-SHOWN:]


def add_old(patron: Patron, text: str, *, by: str, now: datetime) -> CardNumber:
    """Add a 旧カード of a patron.

    Raises: FieldEmpty, OtherNumberMalformed, NumberOfSomebody, CardReportedLost, OtherNumbersFull.
    """
    number = parsing.as_new(text, formats.cards())
    if number and not parsing.is_number(number):
        raise errors.OtherNumberMalformed(longest=formats.LONGEST)
    return _add(patron, "old", number, by, now)


def add_mykey(patron: Patron, text: str, *, is_confirmed: bool, by: str, now: datetime) -> CardNumber:
    """Add the マイキーID that a patron told at the desk; ``is_confirmed``: the desk ticked its consent.

    Raises: MykeyMalformed, MykeyNotConfirmed; FieldEmpty, NumberOfSomebody, CardReportedLost, OtherNumbersFull.
    """
    number = parsing.fold(text)
    if number and not _MYKEY.fullmatch(number):
        raise errors.MykeyMalformed()
    if number and not is_confirmed:
        raise errors.MykeyNotConfirmed()
    return _add(patron, "mykey", number, by, now)


def _add(patron: Patron, kind: str, number: str, by: str, now: datetime) -> CardNumber:
    if not number:
        raise errors.FieldEmpty()
    with database.writing():
        _require_free(number, errors.NumberOfSomebody)
        if len(other_numbers(patron)) >= MOST_OTHERS:
            raise errors.OtherNumbersFull(most=MOST_OTHERS)
        key = parsing.reversed_key(number) if kind == "old" else ""
        row = CardNumber.create(number=number, patron=patron, kind=kind, since=now, key=key)
        audit.record("patron.number_added", actor=by, now=now, patron=patron, of=wording.NUMBER_KINDS[kind])
    return row


def remove(patron: Patron, row_id: int, *, by: str, now: datetime) -> None:
    """Delete a 旧カード or マイキーID of a patron, if it is still there."""
    with database.writing():
        row = CardNumber.get_or_none(CardNumber.id == row_id, CardNumber.patron == patron, CardNumber.kind.in_(OTHERS))
        if row is not None:
            row.delete_instance()
            audit.record("patron.number_removed", actor=by, now=now, patron=patron, of=wording.NUMBER_KINDS[row.kind])


def erase_mykey(patron: Patron) -> None:
    """Delete the マイキーID of a patron whose card is closed, in the caller's transaction; 旧カード stay."""
    CardNumber.delete().where(CardNumber.patron == patron, CardNumber.kind == "mykey").execute()


def replace(patron: Patron, number: str, keys: dict[str, str], *, now: datetime) -> None:
    """Give a patron a new card number, in the caller's transaction; the former one is lost from now.

    ``keys``: the columns of the patron that are derived from the number.
    """
    former = CardNumber.update(kind="lost", until=now, key=parsing.reversed_key(patron.card_number))
    former.where(CardNumber.patron == patron, CardNumber.kind == "current").execute()
    Patron.update(card_number=number, **keys).where(Patron.id == patron.id).execute()
    CardNumber.update(since=now).where(CardNumber.number == number).execute()
