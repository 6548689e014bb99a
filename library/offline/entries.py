"""記録の取り込み: what was lent and given back without the server, applied in order of time, on the day when it happened.

What happened is recorded, whatever rules it broke (非常時の貸出). What can't be, or asks for something to be done, is a conflict, and listed
until somebody settles it (``conflicts``). Each entry has a key of its own, and one that came before does nothing.
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

MOST = 200  # entries that come at once; static/offline/upload.js sends so many
LONGEST = 100  # letters of a number
LONGEST_WHY = 200
KEPT = timedelta(days=365)  # how long the key of a settled entry is remembered
OLDEST = timedelta(days=14)  # before it arrives; what is older is listed, and never applied


@dataclass(frozen=True)
class Entry:
    """One act: a ``loan`` or a ``return``, at a moment, with the numbers as they were read. ``due_on``: what the patron was told."""

    key: str
    kind: str
    at: datetime
    barcode: str
    card: str = ""
    why: str = ""
    due_on: date | None = None
    branch: str = ""  # its code


class Taken(NamedTuple):
    """Counts of entries: recorded now, listed now, and those that came before."""

    recorded: int
    listed: int
    known: int


# -- reading -----------------------------------------------------------------------------------------------------------
def read(sent: Any) -> list[Entry]:
    """Return what a browser sent, a list of objects. Raises: EntriesUnreadable, TooManyEntries: nothing of it is taken then."""
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
    """Return what can be seen of a text. Raises: TypeError for what is none."""
    if not isinstance(text, str):
        raise TypeError(text)
    return "".join(letter for letter in text[:longest] if letter.isprintable()).strip()


# -- taking in ---------------------------------------------------------------------------------------------------------
def take(entries: Iterable[Entry], *, at: Branch, by: str, now: datetime) -> Taken:
    """Take entries in, the first that happened first, and then try anew what waited for one of them: a return that came before its
    loan. ``at``: the branch of those that name none. Each is one transaction; what broke off in the middle goes on when it is sent again.
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
    """Return the copies of new entries and, where any entry waits, of those that came before: whoever took them in may have been killed."""
    found = {row.item_id for row in new if row.item_id}
    if len(new) < len(sent) and _are_waiting():
        copies = (items.by_barcode(barcode, taking.items) for barcode in {entry.barcode for entry in sent})
        found |= {item.id for item in copies if item}
    return found


def _are_waiting() -> bool:
    return OfflineEntry.select().where(OfflineEntry.conflict.in_(acts.WAITING)).exists()


def _take_one(entry: Entry, branch: Branch, taking: acts.Taking) -> OfflineEntry | None:
    """Return the row of an entry, done or in conflict; None for one that came before."""
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
    """Do what an entry tells of, in the caller's transaction; return the row, which still knows its copy although that is erased."""
    if row.at > taking.now + acts.CLOCKS_DIFFER:
        row.conflict = "time"
    elif row.at < row.arrived_at - OLDEST:
        row.conflict = "old"
    else:
        acts.do(row, taking)
    item_id = row.item_id
    if not row.conflict:
        _erase(row)
    row.save()
    row.item_id = item_id
    return row


def _try_waiting(copies: set[int], taking: acts.Taking) -> None:
    """Try anew what waits for these copies, in order of time, as long as one of them makes a difference to another."""
    rows = OfflineEntry.select(OfflineEntry.item, OfflineEntry.id).where(
        OfflineEntry.item.in_(copies), OfflineEntry.conflict.in_(acts.WAITING)
    )
    by_copy = queries.tuples(rows.order_by(OfflineEntry.item, OfflineEntry.at, OfflineEntry.key))
    for _, waiting in groupby(by_copy, itemgetter(0)):
        _try_in_turn([row_id for _, row_id in waiting], taking)


def _try_in_turn(waiting: list[int], taking: acts.Taking) -> None:
    """Try the entries of one copy until all are settled, or each was tried since the last one was."""
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
    """Erase who, what and why of an entry; its key, and the loan that came of it, stay."""
    row.card = row.barcode = row.why = ""
    row.due_on = row.patron = row.item = None


# -- conflicts ---------------------------------------------------------------------------------------------------------
def conflicts() -> int:
    """Return the number of entries that wait for somebody."""
    return OfflineEntry.select().where(OfflineEntry.conflict != "").count()


def waiting() -> ModelSelect[OfflineEntry]:
    """Select the entries that wait for somebody, with their patrons, copies and titles, in order of time."""
    rows = OfflineEntry.select(OfflineEntry, Branch, Patron, Item, Title).join(Branch)
    for key in (OfflineEntry.patron, OfflineEntry.item):
        rows = rows.switch(OfflineEntry).join(key.rel_model, JOIN.LEFT_OUTER, on=key)
    rows = rows.join(Title, JOIN.LEFT_OUTER)
    return rows.where(OfflineEntry.conflict != "").order_by(OfflineEntry.at, OfflineEntry.id)


def try_again(row_id: int, *, by: str, now: datetime) -> OfflineEntry:
    """もう一度取り込む: after a card or a copy was registered, or the copy was given back. Raises: EntrySettled, StillInConflict."""
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
    """解決: somebody has seen to it; what stands in the entry is erased. Raises: EntrySettled."""
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
