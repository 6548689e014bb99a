"""書誌をまとめる: one of two records of the same book stays, and everything of the other goes over to it.

The address of the one that goes leads to the other for ever, and so does its number at its source: an import of that record afterwards
changes the one that stays where it has no number of its own, and is told of otherwise (``library.importing.titles``).
"""

from dataclasses import dataclass
from datetime import datetime

from peewee import fn

from library import audit, errors
from library.catalog import changes, editing, records
from library.catalog.records import Record
from library.catalog.search import index, shelf_order
from library.catalog.store import Store
from library.catalog.works import work_joins
from library.discovery.exchange import harvest
from library.lending.holds import hold_states
from library.merging import belongings, lines
from library.merging.completed import complete
from library.store import database, queries
from models import Branch, DeletedTitle, Ebook, FeatureBook, Hold, Item, Loan, SourceRecord, Title

MOST = 20  # titles that may be the same book


@dataclass(frozen=True)
class Plan:
    """All that becomes of two titles: the numbers of what the other gives to the one that is kept. ``doubled``: patrons who hold both;
    ``taken``: fields of the record that are filled; ``takes_number``: the number at the source, too; ``seen`` tells whether a record
    changed since. Of what patrons keep of their reading there are no numbers.
    """

    kept: Title
    other: Title
    copies: int
    lent: int
    holds: int
    doubled: int
    ebooks: int
    features: int
    taken: list[str]
    takes_number: bool
    seen: str


def alike(title: Title) -> list[int]:
    """Return which titles may be the same book: those with the same ISBN, then those of the same work."""
    columns = (Title.id, Title.isbn)
    same = (Title.isbn == title.isbn) & (Title.isbn != "") | (Title.work_key == title.work_key) & (Title.work_key != "")
    found = Title.select(*columns).where(same, Title.id != title.id).order_by(Title.id).limit(10 * MOST)
    return [row.id for row in sorted(found, key=lambda row: row.isbn != title.isbn or not row.isbn)][:MOST]


def plan(kept_id: int, other_id: int) -> Plan:
    """Return what merging two titles does. Raises: TitleNotThere, TwoTitlesWanted."""
    kept, other = _both(kept_id, other_id)
    loaded = records.load([kept.id, other.id])
    lent = Loan.select(fn.COUNT(Loan.id)).join(Item).where(Item.title == other, Loan.returned_on.is_null())
    return Plan(
        kept,
        other,
        copies=Item.select().where(Item.title == other).count(),
        lent=lent.scalar(),
        holds=Hold.select().where(Hold.title == other, Hold.state.in_(hold_states.OPEN)).count(),
        doubled=lines.doubled(kept.id, other.id),
        ebooks=Ebook.select().where(Ebook.title == other, Ebook.withdrawn_at.is_null()).count(),
        features=FeatureBook.select().where(FeatureBook.title == other).count(),
        taken=complete(loaded[kept.id], loaded[other.id])[1],
        takes_number=_takes_number(kept, other),
        seen=_seen(loaded[kept.id], loaded[other.id]),
    )


def refusals(kept: Title, other: Title) -> list[errors.Refused]:
    """Return why two titles can't be merged: either has an e-book that is lent."""
    lent = {
        row.title_id
        for row in Ebook.select(Ebook.title).where(Ebook.withdrawn_at.is_null(), Ebook.title.in_((kept, other)))
    }
    return [errors.BothHaveEbooks()] if len(lent) == 2 else []


def merge(kept_id: int, other_id: int, *, seen: str, by: str, now: datetime) -> Title:
    """Make one title of two, and return it. ``seen``: as the plan has it. Raises: TitleNotThere, TwoTitlesWanted, TitlesChangedMeanwhile;
    Refusals with all reasons.
    """
    with database.writing():
        kept, other = _both(kept_id, other_id)
        loaded = records.load([kept.id, other.id])
        if _seen(loaded[kept.id], loaded[other.id]) != seen:
            raise errors.TitlesChangedMeanwhile()
        if reasons := refusals(kept, other):
            raise errors.Refusals(reasons)
        _join_works(kept, other, by, now)
        branches = _branches(other)
        line = lines.join(kept.id, other.id, now=now)
        copies = Item.update(title=kept).where(Item.title == other).execute()
        belongings.move(kept.id, other.id)
        _leave(kept, other, branches, now)
        _complete(kept.id, *complete(loaded[kept.id], loaded[other.id]), now=now)
        shelf_order.keep([kept.id])
        changes.note_copies([kept.id], now=now)
        lines.settle(line, kept.id, now=now)
        audit.record(
            "title.merged", actor=by, now=now, title=kept.id, merged=other.id, copies=copies, of=other.full_name
        )
    return Title.get_by_id(kept_id)


def _both(kept_id: int, other_id: int) -> tuple[Title, Title]:
    if kept_id == other_id:
        raise errors.TwoTitlesWanted()
    found = {row.id: row for row in Title.select().where(Title.id.in_((kept_id, other_id)))}
    if len(found) < 2:
        raise errors.TitleNotThere()
    return found[kept_id], found[other_id]


def _seen(*loaded: Record) -> str:
    return "-".join(map(editing.mark, loaded))


def _takes_number(kept: Title, other: Title) -> bool:
    """Tell whether the one that is kept goes on under the number of the other: it was typed, so that no record speaks for it."""
    is_typed = not kept.source_id and not SourceRecord.select().where(SourceRecord.title == kept).exists()
    return is_typed and bool(other.source_id)


def _join_works(kept: Title, other: Title, by: str, now: datetime) -> None:
    """Keep the editions of either beside the one book, unless the desk has said that it is no edition of them."""
    editions = Title.select().where(Title.work_key == other.work_key, Title.id != other.id)
    if kept.work_key != other.work_key and not kept.work_fixed and editions.exists():
        work_joins.join([kept.id, other.id], by=by, now=now)


def _branches(title: Title) -> str:
    """Return the sets of the branches that had a copy: those who read of us by branch are told that it is gone."""
    codes = Branch.select(Branch.code).join(Item, on=Item.branch == Branch.id).where(Item.title == title).distinct()
    return " ".join(sorted(harvest.set_of(code) for (code,) in queries.tuples(codes)))


def _leave(kept: Title, other: Title, branches: str, now: datetime) -> None:
    """Delete the row of the other title; its numbers lead to the one that is kept, and so does what led to it."""
    takes = _takes_number(kept, other)
    if takes:
        SourceRecord.update(title=kept).where(SourceRecord.title == other).execute()
    DeletedTitle.update(merged_into=kept).where(DeletedTitle.merged_into == other).execute()
    DeletedTitle.create(
        title_id=other.id, deleted_at=changes.moment(now), merged_into=kept, branches=branches,
        source="" if takes else other.source, source_id="" if takes else other.source_id,
    )  # fmt: skip
    index.remove([other.id])
    Title.delete().where(Title.id == other.id).execute()
    if takes:
        numbers = {"source": other.source, "source_id": other.source_id, "digest": other.digest}
        Title.update(edited=True, **numbers).where(Title.id == kept.id).execute()


def _complete(title_id: int, record: Record, taken: list[str], *, now: datetime) -> None:
    if taken:
        stored = Title.select(Title.source, Title.source_id).where(Title.id == title_id).get()
        record.source, record.source_id = stored.source, stored.source_id
        Store().change([(title_id, record)], [None], now=now)
        Title.update(edited=True).where(Title.id == title_id).execute()
