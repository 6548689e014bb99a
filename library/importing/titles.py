"""書誌の取り込み: the records of a catalogue file, whatever its format, with the copies that it tells of.

A title is found again by the id of its source, or by ISBN, title and volume where one side has no such id
(docs/adr/0051-source-records.md).
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from datetime import date

from library import clock, errors
from library.catalog import isbn, records, series, spoken
from library.catalog.headings import people
from library.catalog.readers import formats, title_tables
from library.catalog.readers.entries import Entry
from library.catalog.records import Holding, InSeries, Record
from library.catalog.search import index
from library.catalog.store import Store, add_items, blanks, draw_up, next_id
from library.files.report import CHANGED, NEW, REFUSED, SAME, Finding, Report
from library.files.spreadsheets import Column
from library.importing import batches, words
from library.importing.branches import Branches
from library.numbers import reading
from library.store import engine
from models import Branch, Item, Title

Copy = tuple[str, Branch, Holding]  # a barcode that is new, its branch, what the record says of it
PART = batches.ROWS  # records that are written together: the index makes a part of itself of them
ADDED, KNOWN = "追加した資料（登録番号）", "すでにある資料（登録番号。変更していません）"
MERGED = "ほかの書誌にまとめた書誌の記録（まとめた先の書誌は変更していません）"
NOWHERE = "館が分からず加えなかった資料"


def read_in(
    catalogue: formats.Catalogue,
    *,
    report: Report,
    today: date,
    adding: words.Adding = words.NOTHING,
    dry_run: bool = False,
    progress: batches.Progress = None,
) -> None:
    """Add new titles and change known ones. What is known of copies, loans and holds is left alone.

    A new title came in ``today`` where its record says no day. A row of a table leaves what it says nothing of.
    """
    intake = Intake(report, today, catalogue.table.columns if catalogue.table else {}, dry_run)
    if catalogue.table:
        closed = words.closed(intake.branches.words, "material_type", "branch")
        batches.survey(catalogue.table, closed, adding, report, dry_run=dry_run, progress=progress)
    with engine.repeatable():
        batches.carry_out_together(
            catalogue, intake.put, part=PART, report=report, dry_run=dry_run, identity=_identity, progress=progress,
            prepare=intake.open,
        )  # fmt: skip
    if not dry_run:
        index.settle()


@dataclass
class _Title:
    """A title that is there: its id, and what tells whether a record is this one, and whether it is as it was."""

    id: int
    digest: str
    has_id: bool
    merged: bool = False  # the record is of another one, which was merged into this


class Intake:
    def __init__(self, report: Report, today: date | None, columns: dict[str, Column], dry_run: bool) -> None:
        self.report, self.today, self.columns, self.dry_run = report, today, columns, dry_run
        self.branches, self.store = Branches(), Store()
        self._wait()

    def open(self, batch: list[Entry]) -> None:
        """Read those records that are not as they were: what takes most of the time, and no transaction."""
        known = _by_id(batch)
        for entry in batch:
            found = known.get((entry.source, entry.source_id))
            if found is None or found.digest != entry.digest:
                entry.open()
        draw_up([entry.record for entry in batch if entry.record and not entry.partial])

    def put(self, part: list[Entry]) -> list[tuple[Entry, str]]:
        self._begin(part)
        return self._together(part, self._put)

    def put_again(self, part: list[Entry], stored: dict[int, Record]) -> dict[int, str]:
        """Store what the records of some titles say otherwise than is ``stored``, in the caller's transaction; return their outcomes by id."""
        self._begin(part)
        self.stored = stored
        outcomes = self._together(part, self._put_again)
        return {entry.number: outcome for entry, outcome in outcomes}

    def _together(self, part: list[Entry], put: Callable[[Entry], str]) -> list[tuple[Entry, str]]:
        outcomes = [(entry, self._outcome(entry, put)) for entry in part]
        self._write()
        return outcomes

    def _outcome(self, entry: Entry, put: Callable[[Entry], str]) -> str:
        try:
            if entry.refused:
                raise entry.refused
            outcome = put(entry)
            if entry.cells and (entry.record or entry.cells.row.odd):
                batches.tell_notes(entry.cells, self.report, self.columns, entry.source_id)
            elif entry.record:
                self._tell_remarks(entry, entry.record)
            return outcome
        except errors.RefusedTogether as refused:
            self.report.refuse(refused, entry.number, self.columns, entry.source_id, entry.cells and entry.cells.row)
            return REFUSED

    def _tell_remarks(self, entry: Entry, record: Record) -> None:
        """Tell what somebody should look at in a record that is no row of a table."""
        for note in record.remarks:
            label, reason = title_tables.LABELS[note.name], f"{note.words}（{note.example}）"
            finding = Finding(entry.number, label, reason, note.kind, entry.source_id, note.example, "件目")
            self.report.remark(finding, note.words)

    # -- what is there, and what waits to be written -----------------------------------------------------------------
    def _begin(self, part: list[Entry]) -> None:
        if self.dry_run:
            self.store.forget()  # what the last batch did is undone
        self.known = _by_id(part)
        self.alike = _alike(
            [entry.record for entry in part if entry.record and (entry.source, entry.source_id) not in self.known]
        )
        partial = [self.known.get((entry.source, entry.source_id)) for entry in part if entry.partial and entry.record]
        self.stored = records.load([title.id for title in partial if title])
        self.barcodes = _barcodes(part)
        self.next = next_id("title")
        self._wait()

    def _wait(self) -> None:
        self.new: list[tuple[int, Record, str | None]] = []
        self.changed: list[tuple[int, Record, str | None]] = []
        self.copies: list[tuple] = []
        self.touched: set[int] = set()

    def _write(self) -> None:
        now = clock.now()  # of this part: a file takes minutes
        self._keep_readings()
        for write, waiting in ((self.store.add, self.new), (self.store.change, self.changed)):
            if waiting:
                write(
                    [(title_id, record) for title_id, record, _ in waiting],
                    [digest for _, _, digest in waiting],
                    now=now,
                )
        add_items(self.copies, now=now)
        self._wait()

    def _keep_readings(self) -> None:
        """Leave the readings of titles that were typed at the desk."""
        ids = [title_id for title_id, _, _ in self.changed]
        typed = Title.select(Title.id, Title.title_kana, Title.subtitle_kana)
        rows = {row.id: row for row in typed.where(Title.id.in_(ids), Title.kana_source == spoken.DESK)} if ids else {}
        for title_id, record, _ in self.changed:
            if row := rows.get(title_id):
                record.title_kana, record.subtitle_kana, record.kana_source = (
                    row.title_kana,
                    row.subtitle_kana,
                    spoken.DESK,
                )
                record.row = record.pieces = None

    # -- one record --------------------------------------------------------------------------------------------------
    def _put(self, entry: Entry) -> str:
        title = self.known.get((entry.source, entry.source_id)) if entry.source_id else None
        if title and title.merged:
            self.report.more[MERGED] += 1
            self._add_copies(entry, title.id, self._new_copies(entry, entry.holdings or entry.opened().holdings))
            return SAME
        if title and title.digest == entry.digest:
            self._add_copies(entry, title.id, self._new_copies(entry, entry.holdings))
            return SAME
        record = entry.opened()
        copies = self._new_copies(entry, entry.holdings or record.holdings)
        if (title := title or self._find_alike(record, entry.digest)) is None:
            title, outcome = self._add(entry, record), NEW
        elif title.digest and title.digest == entry.digest:
            outcome = SAME
        else:
            outcome = self._change(title, entry, record)
        self._add_copies(entry, title.id, copies)
        return outcome

    def _add(self, entry: Entry, record: Record) -> _Title:
        record.accession_date = record.accession_date or self.today
        title = _Title(self.next, entry.digest, bool(record.source_id))
        self.next += 1
        self.new.append((title.id, record, entry.digest))
        self.touched.add(title.id)
        self._remember(title, record)
        return title

    def _change(self, title: _Title, entry: Entry, record: Record) -> str:
        """Make the title say what the record says; same when it says that already."""
        if title.id in self.touched:
            self._write()  # what is changed twice is written in turn
            self.stored.pop(title.id, None)
        digest = entry.digest or None
        if entry.partial or (title.has_id and not record.source_id):
            stored = self.stored.get(title.id) or records.load([title.id])[title.id]
            record = records.merged(stored, record)
            if stored.format not in ("", entry.format):
                record.raw, digest = b"", None
            if _same(stored, record):
                return SAME
        self.changed.append((title.id, record, digest))
        self.touched.add(title.id)
        title.digest, title.has_id = digest or title.digest, bool(record.source_id)
        self._remember(title, record)
        return CHANGED

    def _put_again(self, entry: Entry) -> str:
        stored, read = self.stored[entry.number], entry.opened()
        record = records.merged(stored, read) if entry.format == "csv" else read
        record.accession_date = record.accession_date or stored.accession_date
        copies = self._new_copies(entry, read.holdings)
        self._add_copies(entry, entry.number, copies)
        if _same(stored, record) and people.are_noted(record.contributors):
            return SAME
        self.changed.append((entry.number, record, entry.digest))
        return CHANGED

    def _remember(self, title: _Title, record: Record) -> None:
        if record.source_id:
            self.known[record.source, record.source_id] = title
        self.alike.setdefault(_likeness(record), []).append(title)

    def _find_alike(self, record: Record, digest: str) -> _Title | None:
        """Find a title of the same ISBN, title and volume; without an ISBN also of the same author, publisher and year. An id on one
        side at most.

        A row that a program of another version read is known by its digest.
        """
        found = (*self.alike.get(_likeness(record), ()), *self.alike.get(digest, ()))
        return next((title for title in found if not (title.has_id and record.source_id)), None)

    # -- copies ------------------------------------------------------------------------------------------------------
    def _new_copies(self, entry: Entry, holdings: list[Holding]) -> list[Copy]:
        """Return each copy whose barcode is new. In a table an unknown branch refuses the row."""
        found = []
        for holding in holdings:
            barcode = reading.fold(holding.barcode)
            branch = self.branches.find(holding.branch) if holding.branch else None
            if barcode in self.barcodes:
                self.report.more[KNOWN] += 1
            elif branch:
                found.append((barcode, branch, holding))
            elif entry.partial:
                reason = errors.BranchUnknown(branch=holding.branch[:40]) if holding.branch else errors.CellMissing()
                raise errors.RefusedTogether({"branch": [reason]})
            else:
                reason = errors.HoldingWithoutBranch(barcode=barcode[:40], branch=holding.branch[:40])
                self.report.refuse(errors.RefusedTogether({"": [reason]}), entry.number, {}, entry.source_id)
                self.report.more[NOWHERE] += 1
        return found

    def _add_copies(self, entry: Entry, title_id: int, copies: list[Copy]) -> None:
        day = entry.record.accession_date if entry.record else None
        for barcode, branch, holding in copies:
            if barcode not in self.barcodes:
                self.barcodes.add(barcode)
                row = (title_id, barcode, branch.id, holding.shelf, holding.call_number, "", day and day.isoformat())
                self.copies.append(row)
                self.report.more[ADDED] += 1


def _same(stored: Record, record: Record) -> bool:
    return _compared(stored, stored.in_series) == _compared(record, series.all_of(record))


def _compared(record: Record, in_series: list[InSeries]) -> Record:
    """Leave out what is no part of a title, and the romanisation of names: it belongs to the name, whoever told it first."""
    people = [(each.name, each.kana, each.role) for each in record.contributors]
    return replace(record, raw=b"", format="", holdings=[], contributors=people, in_series=in_series)


_NAMED = "source = ? AND source_id IN ({0}) AND source_id <> ''"
_BY_ID = (
    f"SELECT source_id, id, digest, 0 FROM title WHERE {_NAMED} UNION ALL "  # noqa: S608
    f"SELECT source_id, merged_into_id, '', 1 FROM deleted_title WHERE {_NAMED} AND merged_into_id IS NOT NULL"
)


# -- queries for many records at once; an index that is partial serves where its condition is written out ------------
def _by_id(part: list[Entry]) -> dict[tuple[str, str], _Title]:
    """Return the titles that these entries name by an id, in one query a source."""
    ids: dict[str, list[str]] = {}
    for entry in part:
        if entry.source_id:
            ids.setdefault(entry.source, []).append(entry.source_id)
    found = {}
    for source, named in ids.items():
        rows = engine.run(_BY_ID.format(blanks(named)), [source, *named, source, *named]).fetchall()
        for source_id, title_id, digest, merged in rows:
            found[source, source_id] = _Title(title_id, digest, True, bool(merged))
    return found


def _alike(made: list[Record]) -> dict[Hashable, list[_Title]]:
    """Return titles that may be these records without having their id, by likeness and by digest."""
    numbers = [number for record in made if (number := _number(record))]
    texts = [record.title for record in made if not _number(record)]
    rows = []
    for condition, values in (("isbn", numbers), ("source_id = '' AND isbn = '' AND title", texts)):
        if values:
            sql = f"SELECT id, digest, source_id, isbn, {', '.join(_LIKE)} FROM title WHERE {condition} IN ({blanks(values)}) ORDER BY id"  # noqa: S608
            rows += engine.run(sql, values).fetchall()
    found: dict[Hashable, list[_Title]] = {}
    for title_id, digest, source_id, number, *like in rows:
        key = (number, *like[:2]) if number else tuple(like)
        title = _Title(title_id, digest, bool(source_id))
        for each in filter(None, (key, digest)):
            found.setdefault(each, []).append(title)
    return found


_LIKE = ("title", "volume", "author", "publisher", "year_text")


def _likeness(record: Record) -> tuple:
    number = _number(record)
    return (number, record.title, record.volume) if number else tuple(getattr(record, name) for name in _LIKE)


def _number(record: Record) -> str:
    return next(filter(None, map(isbn.normalise, record.isbns)), "") if record.isbns else ""


def _barcodes(part: list[Entry]) -> set[str]:
    """Return which of the barcodes of these entries are there."""
    named = {
        reading.fold(holding.barcode)
        for entry in part
        for holding in entry.holdings or (entry.record.holdings if entry.record else ())
    }
    return {item.barcode for item in Item.select(Item.barcode).where(Item.barcode.in_(named))} if named else set()


def _identity(entry: Entry) -> tuple:
    """Return what makes two new records of one file the same title."""
    return (entry.source, entry.source_id) if entry.source_id else _likeness(entry.opened())
