"""借りたことがある資料: loans of patrons who chose 残す. Only the patron's own pages read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import starmap
from typing import Any, NamedTuple

from peewee import ModelSelect, fn

from library import policy
from library.patrons import homes
from library.store import database
from library.store.queries import Query, blank
from models import HistoryEntry, Item, Loan, Patron, Title

SHOWN = 1000  # records; the file has all
MOST_OF_TODAY = 100  # which are read beside them
WARNED_FROM = 900
LONGEST_MEMO = 500


class Record(NamedTuple):
    """One loan as it was recorded; ``lent_on`` as YYYY-MM-DD. ``title_id`` is None when the title is gone."""

    id: int
    lent_on: str
    title: str
    author: str
    branch: str
    ndc: str
    title_id: int | None
    memo: str
    rating: int

    @property
    def day(self) -> date:
        return date.fromisoformat(self.lent_on)

    @property
    def year(self) -> int:
        return int(self.lent_on[:4])


class Listed(NamedTuple):
    """A patron's ``records`` that are shown, the number of all of them, and of those that are shown from tomorrow."""

    records: list[Record]
    total: int
    of_today: int


# -- written at check-out ----------------------------------------------------------------------------------------------
def record(patron: Patron, title: Title, *, branch: str, lent_on: date, rules: policy.Policy | None = None) -> None:
    """Record a loan, if its patron keeps a history and is no 団体: as text, readable when the title is gone, with the
    patron's earlier memo and rating of the title. ``rules``: if already read.
    """
    if not patron.keep_history or homes.is_group(patron.category, rules):
        return
    noted = HistoryEntry.get_or_none(HistoryEntry.patron == patron, HistoryEntry.title == title.id)
    HistoryEntry.create(
        patron=patron,
        title=title,
        title_text=title.full_name,
        author_text=title.author,
        branch_text=branch,
        ndc_text=title.ndc,
        lent_on=lent_on,
        memo=noted.memo if noted else "",
        rating=noted.rating if noted else 0,
    )


def undo_record(loan: Loan) -> None:
    """Delete the record of a check-out that is undone.

    No column links a record to its loan. Where the title was borrowed more often on that day at that branch than
    recorded, the setting was switched in between; then the last loan has a record only if the setting is on now.
    """
    entries = HistoryEntry.select().where(
        HistoryEntry.patron == loan.patron_id,
        HistoryEntry.title == loan.item.title_id,
        HistoryEntry.lent_on == loan.lent_on,
        HistoryEntry.branch_text == loan.branch.name,
    )
    alike = (
        Loan.select()
        .join(Item)
        .where(
            Loan.patron == loan.patron_id,
            Loan.lent_on == loan.lent_on,
            Loan.branch == loan.branch_id,
            Item.title == loan.item.title_id,
        )
    )
    newest = entries.order_by(HistoryEntry.id.desc()).first()
    if newest and ((loan.patron and loan.patron.keep_history) or entries.count() == alike.count()):
        newest.delete_instance()


# -- read by its patron ------------------------------------------------------------------------------------------------
def _newest_first(*more: Any) -> ModelSelect[HistoryEntry]:
    columns = (
        HistoryEntry.id, HistoryEntry.lent_on.cast("text"), HistoryEntry.title_text, HistoryEntry.author_text,
        HistoryEntry.branch_text, HistoryEntry.ndc_text, HistoryEntry.title, HistoryEntry.memo, HistoryEntry.rating,
    )  # fmt: skip
    found = HistoryEntry.select(*columns, *more).where(HistoryEntry.patron == blank("patron"))
    return found.order_by(HistoryEntry.lent_on.desc(), HistoryEntry.id.desc()).tuples()


_ALL = Query(lambda: _newest_first().where(HistoryEntry.lent_on < blank("today")))
_NEWEST = Query(lambda: _newest_first(fn.COUNT(HistoryEntry.id).over()).limit(SHOWN + MOST_OF_TODAY))


def listed(patron: Patron, *, today: date) -> Listed:
    """Return the records that are shown: at most SHOWN, the newest first. Loans of today are shown from tomorrow."""
    rows = _NEWEST.rows(patron=patron.id)
    every, records = rows[0][-1] if rows else 0, [Record(*row[:-1]) for row in rows]
    shown = [record for record in records if record.day < today]
    of_today = len(records) - len(shown)
    return Listed(shown[:SHOWN], every - of_today, of_today)


def everything(patron: Patron, *, today: date) -> list[Record]:
    """Return all records, the newest first, for the file. Loans of today are in it from tomorrow."""
    return list(starmap(Record, _ALL.rows(patron=patron.id, today=today)))


# -- noted by its patron -----------------------------------------------------------------------------------------------
def note(entry: HistoryEntry, *, memo: str, rating: int) -> None:
    """Store memo and 評価 (1 to 5; 0 for none) on all records that the patron has of this record's title."""
    if entry.title_id:
        same = HistoryEntry.title == entry.title_id
    else:
        same = (HistoryEntry.title_text == entry.title_text) & (HistoryEntry.author_text == entry.author_text)
    with database.writing():
        HistoryEntry.update(memo=memo, rating=rating).where(HistoryEntry.patron == entry.patron_id, same).execute()


def merge(kept_id: int, other_id: int) -> None:
    """Give the records of the other title to the kept one, in the caller's transaction. A patron's memos of both are
    joined on all records.
    """
    noted: dict[tuple[int | None, int | None], dict[int | None, HistoryEntry]] = {}
    for row in HistoryEntry.select().where(HistoryEntry.title.in_((kept_id, other_id))):
        noted.setdefault((row.patron_id, row.sealed_for_id), {})[row.title_id] = row
    for (patron, sealed_for), notes in noted.items():
        if len(notes) == 2:
            one, other = notes[kept_id], notes[other_id]
            memo = "\n".join(dict.fromkeys(filter(None, (one.memo, other.memo))))
            HistoryEntry.update(memo=memo, rating=one.rating or other.rating).where(
                HistoryEntry.patron == patron,
                HistoryEntry.sealed_for == sealed_for,
                HistoryEntry.title.in_((kept_id, other_id)),
            ).execute()
    HistoryEntry.update(title=kept_id).where(HistoryEntry.title == other_id).execute()


# -- deleted by its patron ---------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Choice:
    """The records to delete: by their ids, all lent before a day, or everything, also those not shown yet."""

    entries: tuple = ()
    before: date | None = None
    everything: bool = False


def chosen(patron: Patron, choice: Choice) -> list[HistoryEntry]:
    """Return the patron's own records of a choice, the newest first; ids of other patrons' records are left out."""
    return list(_chosen(patron, choice).order_by(HistoryEntry.lent_on.desc(), HistoryEntry.id.desc()))


def delete(patron: Patron, choice: Choice) -> int:
    """Delete records, also from the bytes of the file (``secure_delete``); return their number. Only older backups have
    them.
    """
    with database.writing():
        ids = _chosen(patron, choice).select(HistoryEntry.id)
        return HistoryEntry.delete().where(HistoryEntry.id.in_(ids)).execute()


def _chosen(patron: Patron, choice: Choice) -> ModelSelect[HistoryEntry]:
    mine = HistoryEntry.select().where(HistoryEntry.patron == patron)
    if choice.everything:
        return mine
    if choice.before:
        return mine.where(HistoryEntry.lent_on < choice.before)
    return mine.where(HistoryEntry.id.in_(choice.entries))
