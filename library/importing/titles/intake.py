"""書誌の取り込み: the records of a catalogue file in any format, with their copies.

A title is matched by its source id, else by ISBN, title and volume (docs/adr/0051-source-records.md).
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial

from library import clock, errors
from library.catalog import records
from library.catalog.fulltext import index
from library.catalog.readers import formats, title_tables
from library.catalog.readers.entries import Entry
from library.catalog.records import Holding, Record
from library.catalog.store import Store, add_items, next_id, prepare
from library.files import cells
from library.files.report import CHANGED, NEW, REFUSED, SAME, SKIPPED, Finding, Report
from library.files.spreadsheets import Column
from library.importing import batches, words
from library.importing.branches import Branches
from library.importing.titles import compared, known as known_titles
from library.importing.titles.known import Known
from library.importing.titles.met import Met
from library.numbers import parsing
from library.store import engine
from models import Branch

Copy = tuple[str, Branch, Holding]  # a barcode that is new, its branch, what the record says of it
PART = batches.ROWS  # records that are written together: the index makes a part of itself of them
ADDED, KNOWN = "追加した資料（登録番号）", "すでにある資料（登録番号。変更していません）"
MERGED = "ほかの書誌にまとめた書誌の記録（まとめた先の書誌は変更していません）"
NOWHERE = "館が分からず加えなかった資料"
BY_ID = batches.Key("source_id", str, title_tables.row_key, (*title_tables.OF_A_COPY, "accession_date"))
BY_BARCODE = batches.Key("barcode", parsing.fold)


def read_in(
    catalogue: formats.Catalogue,
    *,
    report: Report,
    today: date,
    adding: words.Adding = words.NOTHING,
    dry_run: bool = False,
    progress: batches.Progress = None,
) -> None:
    """Add new titles and change known ones; known copies, loans and holds stay as they are. Raises: SourceMissing.

    A new title arrives ``today`` unless its record has a day. An empty cell of a table changes nothing. Rows or records
    of one id that differ are all refused.
    """
    intake = Intake(report, today, catalogue.table.columns if catalogue.table else {}, dry_run)
    if table := catalogue.table:
        closed = words.closed(intake.branches, "material_type", "branch")
        key = replace(BY_ID, name=partial(title_tables.row_key, source=catalogue.source or title_tables.SOURCE))
        if table.has("barcode"):
            intake.copies_twice = batches.survey(table, (), words.NOTHING, report, key=BY_BARCODE, dry_run=dry_run)
        intake.twice = batches.survey(table, closed, adding, report, key=key, dry_run=dry_run, progress=progress)
        intake.types = words.spelled("material_type")
    else:
        intake.twice = _look_through(catalogue)
    with engine.quick_commits():
        batches.carry_out_together(
            catalogue, intake.put, part=PART, report=report, dry_run=dry_run, progress=progress, prepare=intake.open,
        )  # fmt: skip
    if not dry_run:
        index.tidy()


def _look_through(catalogue: formats.Catalogue) -> dict[str, str]:
    """Return name → numbers in the file of the records with one id that differ."""
    digests: dict[int, str] = {}
    places: dict[str, list[int]] = {}
    nameless = 0
    for entry in catalogue:
        nameless += bool(entry.source_id and not entry.source and not entry.refused)
        if entry.source_id and digests.setdefault(hash(_name(entry)), entry.digest) != entry.digest:
            places[_name(entry)] = []
    if nameless:
        raise errors.SourceMissing(count=nameless)
    for entry in catalogue if places else ():
        if _name(entry) in places:
            places[_name(entry)].append(entry.number)
    return {name: "と ".join(f"{number:,}件目" for number in found) for name, found in places.items()}


def _name(entry: Entry) -> str:
    """Return the source and id of a record as a key."""
    return title_tables.record_key(entry.source, entry.source_id)


class Intake:
    def __init__(self, report: Report, today: date | None, columns: dict[str, Column], dry_run: bool) -> None:
        self.report, self.today, self.columns, self.dry_run = report, today, columns, dry_run
        self.branches, self.store, self.full_ids = Branches(), Store(), known_titles.FullIds()
        self.first_new = next_id("title")
        self.met, self.added = Met(self.first_new), set[str]()
        self.twice: dict[str, str] = {}  # name of a record → where else in the file it is otherwise
        self.copies_twice: dict[str, str] = {}
        self.types = words.spelled("material_type")
        self._wait()

    def open(self, batch: list[Entry]) -> None:
        """Read the records that changed: this takes most of the time and needs no transaction."""
        known = known_titles.by_id(batch)
        lost = self.full_ids.lost(batch, known, before=self.first_new)
        for entry in batch:
            if entry.cells and entry.cells.row.left_out:
                continue
            name = entry.source, entry.source_id
            found = known.get(name)
            if full := lost.get(name):
                entry.refused = errors.RefusedTogether({"source_id": [errors.IdLacksZeros(full=full)]})
            elif found is None or found.digest != entry.digest:
                self.read(entry)
        prepare([entry.record for entry in batch if entry.record and not entry.partial])

    def read(self, entry: Entry) -> Record | None:
        """Return the record of an entry, a row's 資料区分 in the library's spelling; None if it is refused."""
        entry.parse()
        if entry.record and entry.format == "csv":
            word = entry.record.material_type
            entry.record.material_type = self.types.get(cells.fold(word), word)
        return entry.record

    def put(self, part: list[Entry]) -> list[tuple[Entry, str]]:
        self._begin(part)
        return self._together(part, self._put)

    def put_again(self, part: list[Entry], stored: dict[int, Record]) -> dict[int, str]:
        """Store reread records that differ from ``stored``; return outcomes by title id. In the caller's
        transaction.
        """
        self._begin(part)
        self.stored = stored
        outcomes = self._together(part, self._put_again)
        return {entry.number: outcome for entry, outcome in outcomes}

    def _together(self, part: list[Entry], put: Callable[[Entry], str]) -> list[tuple[Entry, str]]:
        outcomes = [(entry, self._outcome(entry, put)) for entry in part]
        self._write()
        return outcomes

    def _outcome(self, entry: Entry, put: Callable[[Entry], str]) -> str:
        if entry.cells and entry.cells.row.left_out:
            batches.tell_left_out(entry.cells.row, self.report, self.columns, entry.source_id)
            return SKIPPED
        try:
            self._check_once(entry)
            if entry.refused:
                raise entry.refused
            is_again = self.met.has(entry)
            outcome = put(entry)
            if is_again and entry.cells:  # of its title the first row told, of its copy it may tell
                entry.cells.notes[:] = [note for note in entry.cells.notes if note.name in BY_ID.others]
                entry.cells.row.odd[:] = [name for name in entry.cells.row.odd if name in BY_ID.others]
            if entry.cells and (entry.record or entry.cells.row.odd or is_again):
                batches.tell_notes(entry.cells, self.report, self.columns, entry.source_id)
            elif entry.record:
                self._tell_remarks(entry, entry.record)
            return outcome
        except errors.RefusedTogether as refused:
            self.report.refuse(refused, entry.number, self.columns, entry.source_id, entry.cells and entry.cells.row)
            return REFUSED

    def _check_once(self, entry: Entry) -> None:
        """Refuse a record or copy that another of the file contradicts, as nobody knows which is right."""
        copy = parsing.fold(entry.holdings[0].barcode) if entry.holdings and self.copies_twice else ""
        for name, number, lines in (
            ("source_id", entry.source_id, self.twice.get(_name(entry))),
            ("barcode", copy, self.copies_twice.get(copy)),
        ):
            if lines and number:
                label = title_tables.LABELS[name]
                raise errors.RefusedTogether({name: [errors.KeyTwiceInFile(label=label, key=number, lines=lines)]})

    def _tell_remarks(self, entry: Entry, record: Record) -> None:
        """Report doubtful parts of a record that is no row of a table."""
        for note in record.remarks:
            label, reason = title_tables.LABELS[note.name], f"{note.words}（{note.example}）"
            finding = Finding(entry.number, label, reason, note.kind, entry.source_id, note.example, "件目")
            self.report.remark(finding, note.words)

    # -- what is there, and what waits to be written -----------------------------------------------------------------
    def _begin(self, part: list[Entry]) -> None:
        if self.dry_run:
            self.store.forget()  # what the last batch did is undone
        self.known = known_titles.by_id(part)
        self.alike = known_titles.alike(
            [entry.record for entry in part if entry.record and (entry.source, entry.source_id) not in self.known]
        )
        known = [self.known.get((entry.source, entry.source_id)) for entry in part if entry.record]
        self.stored = records.load([title.id for title in known if title])
        self.barcodes = known_titles.barcodes(part) | self.added
        self.next = next_id("title")
        self._wait()

    def _wait(self) -> None:
        self.new: list[tuple[int, Record, str | None]] = []
        self.changed: list[tuple[int, Record, str | None]] = []
        self.copies: list[tuple] = []
        self.touched: set[int] = set()

    def _write(self) -> None:
        now = clock.now()  # of this part: a file takes minutes
        for write, waiting in ((self.store.add, self.new), (self.store.change, self.changed)):
            if waiting:
                write(
                    [(title_id, record) for title_id, record, _ in waiting],
                    [digest for _, _, digest in waiting],
                    now=now,
                )
        add_items(self.copies, now=now)
        self._wait()

    # -- one record --------------------------------------------------------------------------------------------------
    def _put(self, entry: Entry) -> str:
        title = self.known.get((entry.source, entry.source_id)) if entry.source_id else None
        if title and title.merged:
            self.report.more[MERGED] += 1
            self._add_copies(entry, title.id, self._new_copies(entry, entry.holdings or entry.parsed().holdings))
            return SAME
        if entry.source_id and (self.met.has(entry) or (title and title.digest == entry.digest)):
            if self.met.has(entry) and entry.cells and not self.read(entry):  # for the notes on its copy
                entry.parsed()
            self._add_copies(entry, title and title.id, self._new_copies(entry, entry.holdings))
            self.met.note(entry, title, entry.record)
            return SAME
        record = self.read(entry) or entry.parsed()
        copies = self._new_copies(entry, entry.holdings or record.holdings)
        title, outcome = self._taken(title or self._find_alike(record, entry.digest), entry, record)
        self._add_copies(entry, title and title.id, copies)
        self.met.note(entry, title, record)
        return outcome

    def _taken(self, title: Known | None, entry: Entry, record: Record) -> tuple[Known | None, str]:
        """Add a record, or change its title; return title and outcome. No title if only the rehearsal has it."""
        before = self.met.like(record)
        if not record.source_id and before is not None:
            return title, SAME  # the first row of a title without an id says what it is
        if title is None and before is False and self.dry_run:
            return None, CHANGED  # it gets its id now
        if title is None:
            return self._add(entry, record), NEW
        if title.digest and title.digest == entry.digest:
            return title, SAME
        return title, self._change(title, entry, record)

    def _add(self, entry: Entry, record: Record) -> Known:
        record.accession_date = record.accession_date or self.today
        title = Known(self.next, entry.digest, bool(record.source_id))
        self.next += 1
        self.new.append((title.id, record, entry.digest))
        self.touched.add(title.id)
        self._remember(title, record)
        return title

    def _change(self, title: Known, entry: Entry, record: Record) -> str:
        """Change the title to its record; same if it agrees already."""
        if title.id in self.touched:
            self._write()  # what is changed twice is written in turn
            self.stored.pop(title.id, None)
        digest = entry.digest or None
        stored = self.stored.get(title.id) or records.load([title.id])[title.id]
        if entry.partial or (title.has_id and not record.source_id):
            tells = entry.cells is not None and "isbn" in entry.cells.row.cells
            if record.source_id and not entry.named and known_titles.is_another(stored, record, tells_isbn=tells):
                raise errors.RefusedTogether({"source_id": [errors.TitleIsAnotherNow()]})
            record = records.merged(stored, compared.new_parts(stored, record))
            if stored.format not in ("", entry.format):
                record.raw, digest = b"", None
        compared.keep_ours(stored, record)
        if compared.is_same(stored, record):
            return SAME
        self.changed.append((title.id, record, digest))
        self.touched.add(title.id)
        title.digest, title.has_id = digest or title.digest, bool(record.source_id)
        self._remember(title, record)
        return CHANGED

    def _put_again(self, entry: Entry) -> str:
        stored, read = self.stored[entry.number], entry.parsed()
        record = records.merged(stored, read) if entry.format == "csv" else read
        compared.keep_ours(stored, record)
        copies = self._new_copies(entry, read.holdings)
        self._add_copies(entry, entry.number, copies)
        if compared.is_same(stored, record):
            return SAME
        self.changed.append((entry.number, record, entry.digest))
        return CHANGED

    def _remember(self, title: Known, record: Record) -> None:
        if record.source_id:
            self.known[record.source, record.source_id] = title
        self.alike.setdefault(known_titles.likeness(record), []).append(title)

    def _find_alike(self, record: Record, digest: str) -> Known | None:
        """Return a title of the same ISBN, title and volume, or without ISBN of the same author, publisher and year
        too. A row read by another version is matched by its digest. Only one of both may have a source id.
        """
        found = (*self.alike.get(known_titles.likeness(record), ()), *self.alike.get(digest, ()))
        return next((title for title in found if self.met.may_be(title, record)), None)

    # -- copies ------------------------------------------------------------------------------------------------------
    def _new_copies(self, entry: Entry, holdings: list[Holding]) -> list[Copy]:
        """Return each copy with a new barcode. In a table an unknown branch refuses the row."""
        found = []
        for holding in holdings:
            barcode = parsing.fold(holding.barcode)
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

    def _add_copies(self, entry: Entry, title_id: int | None, copies: list[Copy]) -> None:
        """Add new copies; without a title, in a rehearsal, only count them."""
        record, row = entry.record, entry.cells
        day = record.accession_date if record else row.day("accession_date") if row else None
        for barcode, branch, holding in copies:
            if barcode not in self.barcodes:
                self.barcodes.add(barcode)
                self.added.add(barcode)
                row = (title_id, barcode, branch.id, holding.shelf, holding.call_number, "", day and day.isoformat())
                self.copies += [row] if title_id else []
                self.report.more[ADDED] += 1
