"""借り受けた資料 (相互貸借): until when and how a copy of another library may be lent here."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from models import Borrowing, Item

DAYS_ON_THE_WAY = 5  # from the last day of a patron to that of the lender


class Terms(NamedTuple):
    """``latest``: the last day on which a patron may have the copy; ``no_renewal``: 延長不可; ``in_house``: 館内利用のみ."""

    latest: date
    no_renewal: bool
    in_house: bool


def latest(due_on: date) -> date:
    """Return the last day for a patron of a copy that is due at its owner on ``due_on``."""
    return due_on - timedelta(days=DAYS_ON_THE_WAY)


def terms(copies: Iterable[Item]) -> dict[int, Terms]:
    """Return copy id → terms of the borrowed ones among these copies."""
    ids = [copy.id for copy in copies if copy.owner_id]
    rows = Borrowing.select().where(Borrowing.item.in_(ids), Borrowing.state == "arrived") if ids else ()
    return {
        row.item_id: Terms(latest(row.due_on), row.no_renewal, row.in_house)
        for row in rows
        if row.item_id and row.due_on
    }


def within(item: Item, day: date, *, today: date) -> date:
    """Return a due day, or the last one that the owner of a borrowed copy allows; never a day before today."""
    found = terms([item]).get(item.id)
    return max(today, min(day, found.latest)) if found else day
