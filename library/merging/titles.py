"""書誌をまとめる: one of two records of the same book is kept, and everything of the other moves to it.

The address of the other leads to the kept title for ever. So does its number at its source: an import of that record
changes the kept title if it has no such number itself, else is reported (``library.importing.titles``).
"""

from dataclasses import dataclass
from datetime import datetime

from peewee import fn

from library import audit, errors
from library.catalog import changes, editing, records
from library.catalog.fulltext import index, shelf_order
from library.catalog.records import Record
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
    """The effects of a merge: the counts of what moves to ``kept``.

    ``doubled``: patrons with holds on both; ``taken``: fields to be filled; ``takes_number``: with the number at the
    source; ``seen``: a mark of both records, to notice changes. Reading histories are not counted, for privacy.
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
    """Return the ids of titles that may be the same book: first with the same ISBN, then of the same work."""
    columns = (Title.id, Title.isbn)
    same = (Title.isbn == title.isbn) & (Title.isbn != "") | (Title.work_key == title.work_key) & (Title.work_key != "")
    found = Title.select(*columns).where(same, Title.id != title.id).order_by(Title.id).limit(10 * MOST)
    return [row.id for row in sorted(found, key=lambda row: row.isbn != title.isbn or not row.isbn)][:MOST]


def plan(kept_id: int, other_id: int) -> Plan:
    """Return the effects of merging two titles; nothing is written. Raises: TitleNotThere, TwoTitlesWanted."""
    kept, other = _both(kept_id, other_id)
    loaded = records.load([kept.id, other.id])
    lent = Loan.select(fn.COUNT(Loan.id)).join(Item).where(Item.title == other, Loan.returned_on.is_null())
    return Plan(
        kept,
        other,
        copies=Item.select().where(Item.title == other).count(),
        lent=lent.scalar(),
        holds=Hold.select().where(Hold.title == other, Hold.state.in_(hold_states.OPEN)).count(),
        doubled=lines.count_in_both(kept.id, other.id),
        ebooks=Ebook.select().where(Ebook.title == other, Ebook.withdrawn_at.is_null()).count(),
        features=FeatureBook.select().where(FeatureBook.title == other).count(),
        taken=complete(loaded[kept.id], loaded[other.id])[1],
        takes_number=_takes_number(kept, other),
        seen=_seen(loaded[kept.id], loaded[other.id]),
    )


def refusals(kept: Title, other: Title) -> list[errors.Refused]:
    """Return the reasons against merging two titles: both have an e-book."""
    with_ebooks = {
        row.title_id
        for row in Ebook.select(Ebook.title).where(Ebook.withdrawn_at.is_null(), Ebook.title.in_((kept, other)))
    }
    return [errors.BothHaveEbooks()] if len(with_ebooks) == 2 else []


def merge(kept_id: int, other_id: int, *, seen: str, by: str, now: datetime) -> Title:
    """Merge the other title into the kept one, and return that. ``seen``: from the plan.

    Raises: TitleNotThere, TwoTitlesWanted, TitlesChangedMeanwhile; Refusals with all reasons.
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
        shelf_order.write_keys([kept.id])
        changes.note_copies([kept.id], now=now)
        lines.serve_next(line, kept.id, now=now)
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
    return "-".join(map(editing.version_of, loaded))


def _takes_number(kept: Title, other: Title) -> bool:
    """Tell whether the kept title takes over the other's number at its source: it was typed, without any record."""
    is_typed = not kept.source_id and not SourceRecord.select().where(SourceRecord.title == kept).exists()
    return is_typed and bool(other.source_id)


def _join_works(kept: Title, other: Title, by: str, now: datetime) -> None:
    """Join the works of both, unless the desk fixed the work of the kept title."""
    editions = Title.select().where(Title.work_key == other.work_key, Title.id != other.id)
    if kept.work_key != other.work_key and not kept.work_fixed and editions.exists():
        work_joins.join([kept.id, other.id], by=by, now=now)


def _branches(title: Title) -> str:
    """Return the sets of the branches with a copy: harvesters by branch are told of the deletion."""
    codes = Branch.select(Branch.code).join(Item, on=Item.branch == Branch.id).where(Item.title == title).distinct()
    return " ".join(sorted(harvest.set_of(code) for (code,) in queries.tuples(codes)))


def _leave(kept: Title, other: Title, branches: str, now: datetime) -> None:
    """Delete the other title; its address and numbers lead to the kept one."""
    takes = _takes_number(kept, other)
    if takes:
        SourceRecord.update(title=kept).where(SourceRecord.title == other).execute()
    DeletedTitle.update(merged_into=kept).where(DeletedTitle.merged_into == other).execute()
    DeletedTitle.create(
        title_id=other.id, deleted_at=changes.to_second(now), merged_into=kept, branches=branches,
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
