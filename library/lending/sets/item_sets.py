"""セット: a name, a number of its own, and its copies. A copy is in one set; a withdrawn copy is in none, until its
withdrawal is taken back.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from peewee import JOIN, ModelSelect, fn

from library import audit, branches, dates, errors
from library.lending import items, loans
from library.numbers import cards, formats, parsing
from library.store import database
from library.store.queries import tuples
from models import Item, ItemSet, Loan, SetRow

LONGEST, MOST = 60, 200  # letters of a name; copies of a set
_IS_THERE = Item.state != "withdrawn"


# -- found -----------------------------------------------------------------------------------------------------------
def by_barcode(text: str) -> ItemSet | None:
    """Return the set whose number is scanned or typed; None where none has it."""
    wanted = parsing.flat(parsing.spellings(text, formats.items()))
    return ItemSet.select().where(ItemSet.barcode.in_(wanted)).order_by(ItemSet.id).first() if wanted else None


def of_copy(item_id: int) -> ItemSet | None:
    """Return the set of a copy; None for a copy of none."""
    rows = ItemSet.select().join(SetRow).join(Item)
    return rows.where(SetRow.item == item_id, _IS_THERE).first()


def copies(item_set: ItemSet) -> list[Item]:
    """Return the copies of a set in its order, with titles and branches."""
    rows = items.with_titles().join_from(Item, SetRow)
    return list(rows.where(SetRow.item_set == item_set.id, _IS_THERE).order_by(SetRow.position, SetRow.id))


def open_loans(item_sets: Iterable[ItemSet]) -> list[Loan]:
    """Return the open loans of the copies of sets, with titles and patrons, in the order of their copies."""
    ids = [each.id for each in item_sets]
    rows = loans.with_titles().join_from(Item, SetRow)
    rows = rows.where(SetRow.item_set.in_(ids), Loan.returned_on.is_null())
    return list(rows.order_by(SetRow.item_set, SetRow.position, SetRow.id))


def counted() -> list[tuple[ItemSet, int, int]]:
    """Return all sets by name, each with the number of its copies, and of those that are out."""
    rows = (
        SetRow.select(SetRow.item_set_id, fn.COUNT(SetRow.id), fn.COUNT(Loan.id))
        .join(Item)
        .join(Loan, JOIN.LEFT_OUTER, on=(Loan.item == Item.id) & Loan.returned_on.is_null())
        .where(_IS_THERE)
        .group_by(SetRow.item_set_id)
    )
    numbers = {each: (every, out) for each, every, out in tuples(rows)}
    return [(each, *numbers.get(each.id, (0, 0))) for each in ItemSet.select().order_by(ItemSet.name, ItemSet.id)]


# -- kept ------------------------------------------------------------------------------------------------------------
def save(item_set: ItemSet | None, typed: dict[str, str], *, by: str, now: datetime) -> ItemSet:
    """Make a set, or change its name, number or branch. Raises: RefusedTogether by field."""
    with database.writing():
        values, problems = _read(typed, item_set)
        if problems:
            raise errors.RefusedTogether(problems)
        if item_set is None:
            item_set = ItemSet.create(**values)
        else:
            ItemSet.update(values).where(ItemSet.id == item_set.id).execute()
        audit.record("set.saved", actor=by, now=now, barcode=values["barcode"])
    return ItemSet.get_by_id(item_set.id)


def _read(typed: dict[str, str], item_set: ItemSet | None) -> tuple[dict[str, Any], dict[str, list[errors.Refused]]]:
    name, number = " ".join(typed["name"].split()), parsing.without_pair(parsing.fold(typed["barcode"]))
    branch = branches.find(int(typed["branch"])) if typed["branch"].isdigit() else None
    problems: dict[str, list[errors.Refused]] = {}
    if not name or len(name) > LONGEST:
        problems["name"] = [errors.FieldTooLong(maximum=LONGEST) if name else errors.FieldEmpty()]
    if refusal := _number_refusal(number, item_set):
        problems["barcode"] = [refusal]
    if branch is None:
        problems["branch"] = [errors.ChoiceUnknown()]
    return {"name": name, "barcode": number, "branch": branch}, problems


def _number_refusal(number: str, item_set: ItemSet | None) -> errors.Refused | None:
    if not number:
        return errors.FieldEmpty()
    if not parsing.is_number(number):
        return errors.OtherNumberMalformed(longest=formats.LONGEST)
    other = by_barcode(number)
    if other and (item_set is None or other.id != item_set.id):
        return errors.SetNumberTaken()
    if items.meant(number):
        return errors.SetNumberOfCopy()
    return errors.SetNumberOfCard() if cards.looks_like_card(number) else None


def add(item_set: ItemSet, item: Item, *, by: str, now: datetime) -> None:
    """Add a copy at the end of a set. Raises: CopyInSet, CopyWithdrawnBefore, CopyIsLent, SetFull."""
    with database.writing():
        item = Item.get_by_id(item.id)
        if other := of_copy(item.id):
            raise errors.CopyInSet(name=other.name)
        if item.state == "withdrawn":
            raise errors.CopyWithdrawnBefore()
        _require_in([item.id])
        count, last = tuples(_rows(item_set, fn.COUNT(SetRow.id), fn.MAX(SetRow.position)))[0]
        if count >= MOST:
            raise errors.SetFull(most=MOST)
        SetRow.create(item_set=item_set, item=item, position=(last or 0) + 1)
        audit.record("set.copy_added", actor=by, now=now, barcode=item_set.barcode, copy=item.barcode)


def remove(item_set: ItemSet, item_id: int, *, by: str, now: datetime) -> Item | None:
    """Remove a copy from a set and return it; None where it isn't there. Raises: CopyIsLent."""
    with database.writing():
        row = _rows(item_set).where(SetRow.item == item_id).first()
        if row is None:
            return None
        _require_in([item_id])
        SetRow.delete().where(SetRow.id == row.id).execute()
        audit.record("set.copy_removed", actor=by, now=now, barcode=item_set.barcode, copy=row.item.barcode)
    return row.item


def delete(item_set: ItemSet, *, by: str, now: datetime) -> None:
    """Delete a set; its copies stay. Raises: CopyIsLent while one of them is out."""
    with database.writing():
        _require_in([row.item_id for row in _rows(item_set)])
        if ItemSet.delete().where(ItemSet.id == item_set.id).execute():
            audit.record("set.deleted", actor=by, now=now, barcode=item_set.barcode)


def _rows(item_set: ItemSet, *columns: Any) -> ModelSelect[SetRow]:
    return SetRow.select(*columns).where(SetRow.item_set == item_set.id)


def _require_in(ids: list[int]) -> None:
    """Refuse while one of these copies is out: its return would tick nothing off. Raises: CopyIsLent."""
    rows = Loan.select().where(Loan.item.in_(ids), Loan.returned_on.is_null())
    if loan := rows.order_by(Loan.due_on, Loan.id).first():
        raise errors.CopyIsLent(due=dates.with_weekday(loan.due_on, year=False))
