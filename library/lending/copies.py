"""資料 entered by hand: a copy is added or its columns are changed; for its state see ``item_states``."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from library import audit, branches, dates, errors
from library.catalog import changes
from library.catalog.fulltext import shelf_order
from library.lending.holds import hold_queue
from library.numbers import formats, parsing
from library.store import database
from models import Item, ItemSet, Title

TEXTS = ("shelf", "call_number", "material_type", "note", "acquired_how", "supplier", "budget_word")
LONGEST = 255
HIGHEST = 99_999_999  # yen
LONGEST_NOTE = 60  # letters: read at a glance with the copy in the hand


def read(typed: dict, item: Item | None = None) -> dict:
    """Return the columns of a copy from typed texts; ``item``: the copy to change. Raises: RefusedTogether by field."""
    problems: dict[str, Sequence[errors.Refused]] = {}
    values: dict[str, Any] = {name: " ".join(typed[name].split()) for name in TEXTS}
    try:
        values["barcode"] = _barcode(typed["barcode"], item)
    except errors.Refused as refusal:
        problems["barcode"] = [refusal]
    number = typed["branch"]
    values["branch"] = (
        branches.find(int(number)) if number.isascii() and number.isdigit() and len(number) < 10 else None
    )
    if values["branch"] is None:
        problems["branch"] = [errors.ChoiceUnknown()]
    try:
        values["acquired_on"] = dates.parse(typed["acquired_on"]) if typed["acquired_on"].strip() else None
    except ValueError:
        problems["acquired_on"] = [errors.DateMalformed()]
    try:
        values["price"] = yen(typed["price"])
    except ValueError:
        problems["price"] = [errors.PriceMalformed()]
    if problems:
        raise errors.RefusedTogether(problems)
    return values


def yen(text: str) -> int | None:
    """Return the yen in a text (1,980円, ¥1980); None for an empty one. Raises: ValueError."""
    digits = re.sub(r"[¥\\,、\s円]|税込|税抜", "", unicodedata.normalize("NFKC", text))
    if digits and not (digits.isascii() and digits.isdigit() and int(digits) <= HIGHEST):
        raise ValueError(text)
    return int(digits) if digits else None


def _barcode(text: str, item: Item | None) -> str:
    """Return the number to store. A new one must have a form; the number that the copy already has may stay."""
    known = formats.items()
    number = parsing.as_new(text, known)
    if not number:
        raise errors.FieldEmpty()
    if item is not None and item.barcode in (number, "".join(text.split()), parsing.fold(text)):
        return item.barcode
    if item is not None and item.state == "withdrawn":
        raise errors.NumberOfWithdrawn()
    formats.require(number, known)
    return number


def add(title: Title, values: dict, *, by: str, today: date, now: datetime) -> Item:
    """Add a copy to a title; waiting holds may get it at once. Raises: RefusedTogether (BarcodeTaken)."""
    with database.writing():
        _require_free(values["barcode"])
        item = Item.create(title=title, **values | {"acquired_on": values["acquired_on"] or today})
        _settle(item, now)
        audit.record("item.added", actor=by, now=now, barcode=item.barcode)
    return item


def change(item: Item, values: dict, *, by: str, now: datetime) -> Item:
    """Change columns of a copy, as ``read`` returns them. Raises: RefusedTogether (BarcodeTaken)."""
    with database.writing():
        item = Item.get_by_id(item.id)
        if values["barcode"] != item.barcode:
            _require_free(values["barcode"])
        changed = [name for name, value in values.items() if getattr(item, name) != value]
        for name in changed:
            setattr(item, name, values[name])
        if changed:
            item.save(only=changed)
            _settle(item, now)
            audit.record("item.changed", actor=by, now=now, barcode=item.barcode, columns=changed)
    return item


def _require_free(barcode: str) -> None:
    if other := Item.get_or_none(Item.barcode == barcode):
        reason = errors.NumberOfWithdrawn() if other.state == "withdrawn" else errors.BarcodeTaken(barcode=barcode)
        raise errors.RefusedTogether({"barcode": [reason]})
    if ItemSet.get_or_none(ItemSet.barcode == barcode):
        raise errors.RefusedTogether({"barcode": [errors.NumberOfSet()]})


def _settle(item: Item, now: datetime) -> None:
    shelf_order.write_keys([item.title_id])
    changes.note_copies([item.title_id], now=now)
    hold_queue.advance(item.title_id, now=now)
