"""記録の取り込み: loans and returns made without the server, applied in order of time, with the day on which they happened.

A loan is recorded whatever rules it broke (非常時の貸出). The impossible, and what needs the staff, is a conflict and listed
until it is settled. Each entry has a key; one that came before does nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from peewee import JOIN, ModelSelect

from library import audit, clock, errors
from library.lending import items
from library.offline import acts
from library.store import database, queries
from models import Branch, Item, OfflineEntry, Patron, Title

MOST = 200  # entries in one upload, as in static/offline/upload.js
LONGEST = 100  # characters of a number
LONGEST_WHY = 200
KEPT = timedelta(days=365)  # the key of a settled entry
OLDEST = timedelta(days=14)  # before its arrival; an older entry is a conflict for good


@dataclass(frozen=True)
class Entry:
    """One act (``loan`` or ``return``) at a moment, with numbers as read. ``due_on``: as told to the patron."""

    key: str
    kind: str
    at: datetime
    barcode: str
    card: str = ""
    why: str = ""
    due_on: date | None = None
    branch: str = ""  # its code


class Taken(NamedTuple):
    """Numbers of entries: recorded now, in conflict now, and taken in before."""

    recorded: int
    listed: int
    known: int


# -- reading -----------------------------------------------------------------------------------------------------------
def read(sent: Any) -> list[Entry]:
    """Return the entries of a browser's list. Raises: EntriesUnreadable, TooManyEntries; none is taken in then."""
    if not isinstance(sent, list):
        raise errors.EntriesUnreadable()
    if len(sent) > MOST:
        raise errors.TooManyEntries(most=MOST)
    try:
        return [_read_one(row) for row in sent]
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
        raise errors.EntriesUnreadable() from error


def _read_one(row: dict) -> Entry:
    kind, at, due = row["kind"], datetime.fromisoformat(row["at"]), row.get("due") or ""
    if kind not in ("loan", "return") or at.tzinfo is None:
        raise ValueError(kind)
    return Entry(
        key=str(uuid.UUID(row["id"])),
        kind=kind,
        at=at.astimezone(clock.now().tzinfo),
        barcode=_line(row["item"], LONGEST),
        card=_line(row.get("card") or "", LONGEST),
        why=_line(row.get("why") or "", LONGEST_WHY),
        due_on=date.fromisoformat(due) if due else None,
        branch=_line(row.get("branch") or "", LONGEST),
    )


def _line(text: str, longest: int) -> str:
    """Return the printable part of a text. Raises: TypeError if it is none."""
    if not isinstance(text, str):
        raise TypeError(text)
    return "".join(letter for letter in text[:longest] if letter.isprintable()).strip()


# -- taking in ---------------------------------------------------------------------------------------------------------
def take(entries: Iterable[Entry], *, at: Branch, by: str, now: datetime) -> Taken:
    """Take in entries, the earliest first, and retry conflicts of their copies. ``at``: branch of entries that name
    none.

    Each entry is a transaction of its own; a take-in that was cut off can be sent again.
    """
    ordered = sorted(entries, key=lambda entry: (entry.at, entry.key))
    branches = {row.code: row for row in Branch.select()}
    taking = acts.Taking(by, now)
    done = [_take_one(entry, branches.get(entry.branch, at), taking) for entry in ordered]
    new = [row for row in done if row is not None]
    _try_waiting(_copies(ordered, new, taking), taking)
    if new:
        listed = OfflineEntry.select().where(OfflineEntry.id.in_([row.id for row in new if row.conflict]))
        waiting = listed.where(OfflineEntry.conflict != "").count()
        with database.writing():
            audit.record("offline.taken", actor=by, now=now, count=len(new), conflicts=waiting)
        return Taken(len(new) - waiting, waiting, len(done) - len(new))
    return Taken(0, 0, len(done))


def _copies(sent: list[Entry], new: list[OfflineEntry], taking: acts.Taking) -> set[int]:
    """Return the ids of copies of new entries and, if conflicts wait, of known ones: a take-in may have been cut."""
    found = {row.item_id for row in new if row.item_id}
    if len(new) < len(sent) and _are_waiting():
        copies = (items.by_barcode(barcode, taking.items) for barcode in {entry.barcode for entry in sent})
        found |= {item.id for item in copies if item}
    return found


def _are_waiting() -> bool:
    return OfflineEntry.select().where(OfflineEntry.conflict.in_(acts.WAITING)).exists()


def _take_one(entry: Entry, branch: Branch, taking: acts.Taking) -> OfflineEntry | None:
    """Return the row of an entry, applied or in conflict; None if it was taken in before."""
    now = taking.now
    with database.writing():
        if OfflineEntry.select().where(OfflineEntry.key == entry.key).exists():
            return None
        row = OfflineEntry.create(
            key=entry.key,
            kind=entry.kind,
            at=min(max(entry.at, now - 100 * KEPT), now + 100 * KEPT),
            branch=branch,
            arrived_at=now,
            card=entry.card,
            barcode=entry.barcode,
            why=entry.why,
            due_on=entry.due_on,
        )
        return _apply(row, taking)


def _apply(row: OfflineEntry, taking: acts.Taking) -> OfflineEntry:
    """Apply an entry in the caller's transaction; the returned row has its copy's id, even if the table has not."""
    if row.at > taking.now + acts.CLOCKS_DIFFER:
        row.conflict = "time"
    elif row.at < row.arrived_at - OLDEST:
        row.conflict = "old"
    else:
        acts.apply(row, taking)
    item_id = row.item_id
    if not row.conflict:
        _erase(row)
    row.save()
    row.item_id = item_id
    return row


def _try_waiting(copies: set[int], taking: acts.Taking) -> None:
    """Retry the conflicts of these copies in order of time, as long as a success may help another."""
    rows = OfflineEntry.select(OfflineEntry.item, OfflineEntry.id).where(
        OfflineEntry.item.in_(copies), OfflineEntry.conflict.in_(acts.WAITING)
    )
    by_copy = queries.tuples(rows.order_by(OfflineEntry.item, OfflineEntry.at, OfflineEntry.key))
    for _, waiting in groupby(by_copy, itemgetter(0)):
        _try_in_turn([row_id for _, row_id in waiting], taking)


def _try_in_turn(waiting: list[int], taking: acts.Taking) -> None:
    """Retry the conflicts of one copy until all are settled, or each has failed since the last success."""
    settled, tried = 0, {}
    while any(tried.get(row_id) != settled for row_id in waiting):
        for row_id in list(waiting):
            if tried.get(row_id) == settled:
                continue
            with database.writing():
                row = OfflineEntry.get_or_none(OfflineEntry.id == row_id, OfflineEntry.conflict != "")
                if row is not None and _apply(row, taking).conflict:
                    tried[row_id] = settled
                    continue
            settled += 1
            waiting.remove(row_id)


def _erase(row: OfflineEntry) -> None:
    """Erase patron, copy and reason of an entry; its key and loan stay."""
    row.card = row.barcode = row.why = ""
    row.due_on = row.patron = row.item = None


# -- conflicts ---------------------------------------------------------------------------------------------------------
def conflicts() -> int:
    """Return the number of conflicts."""
    return OfflineEntry.select().where(OfflineEntry.conflict != "").count()


def waiting() -> ModelSelect[OfflineEntry]:
    """Select the conflicts in order of time, with branches, patrons, copies and titles."""
    rows = OfflineEntry.select(OfflineEntry, Branch, Patron, Item, Title).join(Branch)
    for key in (OfflineEntry.patron, OfflineEntry.item):
        rows = rows.switch(OfflineEntry).join(key.rel_model, JOIN.LEFT_OUTER, on=key)
    rows = rows.join(Title, JOIN.LEFT_OUTER)
    return rows.where(OfflineEntry.conflict != "").order_by(OfflineEntry.at, OfflineEntry.id)


def try_again(row_id: int, *, by: str, now: datetime) -> OfflineEntry:
    """もう一度取り込む: retry a conflict after the staff mended its cause. Raises: EntrySettled, StillInConflict."""
    taking = acts.Taking(by, now)
    with database.writing():
        row = _waiting(row_id)
        if row.conflict in acts.RECORDED:
            raise errors.EntrySettled()
        row = _apply(row, taking)
    if row.conflict and row.conflict not in acts.RECORDED:
        raise errors.StillInConflict()
    if row.item_id:
        _try_waiting({row.item_id}, taking)
    return row


def resolve(row_id: int, *, by: str, now: datetime) -> None:
    """解決: mark a conflict as settled by the staff, and erase the entry's content. Raises: EntrySettled."""
    with database.writing():
        row = _waiting(row_id)
        audit.record("offline.resolved", actor=by, now=now, patron=row.patron_id)
        row.conflict = ""
        _erase(row)
        row.save()


def _waiting(row_id: int) -> OfflineEntry:
    row = OfflineEntry.get_or_none(OfflineEntry.id == row_id, OfflineEntry.conflict != "")
    if row is None:
        raise errors.EntrySettled()
    return row
