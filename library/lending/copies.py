"""資料 by hand: a copy is added to a title, or what is known of it is changed. Its state is the matter of ``item_states``."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from peewee import fn

from library import audit, branches, cards, dates, errors
from library.catalog.search import index, shelf_order
from library.lending import items
from library.lending.holds import hold_queue
from library.store import database
from library.store.queries import tuples
from models import Item, Title

TEXTS = ("shelf", "call_number", "material_type")
LONGEST = 255
LOOKED_AT = 50  # barcodes from the highest down, until one is a number
_BARCODE = re.compile(r"[0-9A-Za-z\-$:/.+]{1,40}\Z")


def barcode_of(text: str) -> str:
    """Return a 資料番号 as it is stored: without the start and stop letters that a scanner sends, zeros as they are."""
    plain = items.barcode_of(text)
    folded = cards.fold(plain)
    return folded if re.fullmatch(r"[A-D][0-9]+[A-D]", plain) else plain


def next_barcode() -> str:
    """Return the number after the highest of as many digits as the copy that came last has; ten digits in the beginning."""
    latest = (row[0] for row in tuples(Item.select(Item.barcode).order_by(Item.id.desc()).limit(LOOKED_AT)))
    length = next((len(each) for each in latest if each.isascii() and each.isdigit()), None)
    if length is None:
        return f"{1:010}"
    within = (Item.barcode >= "0" * length) & (Item.barcode <= "9" * length)
    rows = Item.select(Item.barcode).where(within, fn.length(Item.barcode) == length).order_by(Item.barcode.desc())
    highest = next(row[0] for row in tuples(rows.limit(LOOKED_AT)) if row[0].isascii() and row[0].isdigit())
    return f"{int(highest) + 1:0{length}}"


def read(typed: dict) -> dict:
    """Return the columns of a copy that was typed. Raises: RefusedTogether by field."""
    problems: dict[str, Sequence[errors.Refused]] = {}
    values: dict[str, Any] = {name: " ".join(typed[name].split()) for name in TEXTS}
    values["barcode"] = barcode_of(typed["barcode"])
    if not values["barcode"]:
        problems["barcode"] = [errors.FieldEmpty()]
    elif not _BARCODE.match(values["barcode"]):
        problems["barcode"] = [errors.BarcodeMalformed()]
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
    if problems:
        raise errors.RefusedTogether(problems)
    return values


def add(title: Title, values: dict, *, by: str, today: date, now: datetime) -> Item:
    """Add a copy; whoever waits for the title may have it at once. Raises: RefusedTogether (BarcodeTaken)."""
    with database.writing():
        _require_free(values["barcode"])
        item = Item.create(title=title, **values | {"acquired_on": values["acquired_on"] or today})
        _settle(item, now)
        audit.record("item.added", actor=by, now=now, barcode=item.barcode)
    return item


def change(item: Item, values: dict, *, by: str, now: datetime) -> Item:
    """Change number, shelf, kind and day; a copy that was on its shelf is on the shelf of the new branch. Raises: RefusedTogether."""
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
    if Item.select().where(Item.barcode == barcode).exists():
        raise errors.RefusedTogether({"barcode": [errors.BarcodeTaken(barcode=barcode)]})


def _settle(item: Item, now: datetime) -> None:
    shelf_order.keep([item.title_id])
    index.items_changed()
    hold_queue.advance(item.title_id, now=now)
