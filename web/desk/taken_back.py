"""Copies that were given in at the desk, whether lent, in transit, fetched or to be put back."""

from datetime import date

from flask import url_for
from peewee import JOIN

from library import branches, clock, wording
from library.interlibrary import temporary_numbers
from library.lending import returns
from library.lending.sets import set_loans
from models import Branch, Item, ItemSet, SetRow, Title
from web.desk import counter


def take(item: Item, *, at: Branch, returned_on: date | None = None) -> dict:
    """Give a copy back at this branch; return a row for the session: ids (item, loan, hold, to), ``what`` to do,
    ``late``.

    ``trouble``: lost, claimed or damaged, as its loan was; ``found``: missing or lost, as a copy without a loan was.
    """
    back = returns.give_back(item, at=at, returned_on=returned_on, now=clock.now())
    return {
        "at": counter.time_of_day(),
        "item": item.id,
        "loan": back.loan.id if back.loan else None,
        "what": back.what,
        "late": back.late,
        "hold": back.hold.id if back.hold else None,
        "to": back.to.id if back.to else None,
        "trouble": back.trouble,
        "found": back.found,
    }


def in_words(stored: list[dict]) -> list[dict]:
    """Return the rows of the session as pages show them, newest first."""
    wanted = [row["item"] for row in stored]
    rows = Item.select(Item, Title, SetRow, ItemSet).join(Title).join_from(Item, SetRow, JOIN.LEFT_OUTER, attr="of_set")
    found = {item.id: item for item in rows.join(ItemSet, JOIN.LEFT_OUTER).where(Item.id.in_(wanted))}
    names = branches.names()
    shown = [_in_words(row, found[row["item"]], names) for row in reversed(stored) if row["item"] in found]
    return [shown[0] | _of_set(found[shown[0]["item"]]), *shown[1:]] if shown else []


def _of_set(item: Item) -> dict:
    """Return the set of a copy that came in, and the number of those that are missing; {} for a copy of none."""
    row = getattr(item, "of_set", None)
    if row is None:
        return {}
    url = url_for("desk.sets.show", set_id=row.item_set_id)
    return {"set": {"name": row.item_set.name, "url": url, "missing": set_loans.missing(row.item_set)}}


def _in_words(row: dict, item: Item, names: dict[int, str]) -> dict:
    return row | {
        "barcode": temporary_numbers.before(item) if item.owner_id else item.barcode,
        "title": item.title.full_name,
        "to_name": names.get(row["to"], ""),
        "was": wording.ITEM_STATES.get(row.get("found", ""), ""),
        "state": wording.ITEM_STATES[item.state],
        "shelf": item.shelf,
        "item_url": url_for("desk.items.show", barcode=item.barcode),
        "slip_url": url_for("desk.holds.slip", hold_id=row["hold"]) if row["hold"] else None,
        "place": item.aside_at,
        "note": item.note,
        "place_url": url_for("desk.holds.name_place", item_id=item.id)
        if row["what"] == "hold" and item.aside
        else None,
    }
