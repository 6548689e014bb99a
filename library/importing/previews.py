"""The preview of a file before anything is written: its columns, and one row of it as it would be stored."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import models
from library import dates, errors, wording
from library.calendar import hours
from library.catalog import records
from library.catalog.readers.entries import Entry
from library.files.cells import Cells
from library.files.headings import AND, NEVER_TAKEN, NOTHING, OPEN, Column, fold, names
from library.files.report import REFUSAL, REFUSED, SKIPPED, Finding, FindingFile, Report
from library.files.spreadsheets import Row, Table, cleaned
from library.importing import items, kinds
from library.importing.kinds import Kind
from library.lending import items as lending
from library.numbers import cards
from library.patrons import patrons as people
from models import full_name

SHOWN, LOOKED_AT = 3, 50  # rows whose cells are shown, and among which an example is found
FINDINGS = 50  # of each kind that are shown
TRIED = 200  # rows, among which one is found that fills many columns
CANDIDATES = 9  # of those, tried until one goes in
TITLES = 5  # first records of a file that is no table


@dataclass(frozen=True)
class FileColumn:
    """A column of a file with its first cells. ``chosen``: the column of ours that takes it, NOTHING, or OPEN."""

    name: str
    cells: list[str]
    chosen: str
    is_never_taken: bool


@dataclass(frozen=True)
class Joined:
    """A column of ours that takes several of the file: their ``names``, and ``example``, the cell of a real row."""

    column: Column
    names: list[str]
    example: str


@dataclass
class Preview:
    """``columns``: those of the file; for a file that is no table ``titles`` of the first records.

    ``charset``: name of the encoding, empty for UTF-8; ``rows``: their number, 0 where they weren't counted.
    """

    columns: list[FileColumn] = field(default_factory=list)
    joined: list[Joined] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    charset: str = ""
    rows: int = 0

    @property
    def open(self) -> int:
        """Return the number of columns for which nothing is chosen yet."""
        return sum(column.chosen == OPEN for column in self.columns)


def preview(kind: Kind, file: Any, most: int) -> Preview:
    """Return the preview of an open file; up to ``most`` rows are counted."""
    table = file.table if kind.name == "titles" else file
    if table is None:
        return Preview(titles=[_title_of(entry) for entry in islice(file, TITLES)], charset=file.charset)
    rows = [(cells, table.row(line, cells)) for line, cells, bad in islice(table.records(), LOOKED_AT) if not bad]
    columns = [
        FileColumn(
            name,
            [cleaned(cells[place]) if place < len(cells) else "" for cells, _ in rows[:SHOWN]],
            NOTHING if (never := fold(heading) in map(fold, NEVER_TAKEN)) else table.chosen[place],
            never,
        )
        for place, (name, heading) in enumerate(zip(names(table.headings), table.headings, strict=True))
    ]
    joined, counted = list(_joined(kind, columns, rows)), kinds.count(table, most) if most else 0
    return Preview(columns, joined, [], table.before, table.charset, counted)


def _joined(kind: Kind, columns: Sequence[FileColumn], rows: Sequence[tuple[list[str], Row]]) -> Iterator[Joined]:
    """Yield the columns of ours that take several of the file, with the first cell that is made of most of them."""
    for column in kind.columns:
        places = [place for place, each in enumerate(columns) if each.chosen == column.name]
        if len(places) > 1:
            filled = [
                (sum(bool(cell.strip()) for at, cell in enumerate(cells) if at in places), row) for cells, row in rows
            ]
            most, row = max(filled, key=lambda each: each[0], default=(0, None))
            example = row.cells[column.name] if row and most > 1 else ""
            yield Joined(column, [columns[place].name for place in places], example)


def assigned(kind: Kind, columns: Sequence[FileColumn], chosen: Sequence[str]) -> dict[str, str]:
    """Return column of ours → headings, by the choice for each column of a file; also those of NOTHING and OPEN."""
    known, headings = {NOTHING, *(column.name for column in kind.columns)}, dict[str, list[str]]()
    for column, choice in zip(columns, chosen, strict=False):
        name = NOTHING if column.is_never_taken else choice if choice in known else OPEN
        headings.setdefault(name, []).append(column.name)
    return {name: AND.join(said) for name, said in headings.items()}


def learned(found: Sequence[FileColumn], assigned: Mapping[str, str], before: Mapping[str, str]) -> dict[str, str]:
    """Return the headings of ``assigned`` that later files can't match by themselves, to be remembered.

    ``found``: the columns as they are without it; ``before``: remembered headings.
    """
    own: dict[str, list[str]] = {}
    for column in found:
        own.setdefault(column.chosen, []).append(column.name)
    said = {name: headings.split(AND) for name, headings in assigned.items()}
    anew = {heading for headings in said.values() for heading in headings}
    left_out = [each for each in before.get(NOTHING, "").split(AND) if each and each not in anew]
    said[NOTHING] = [*left_out, *said.get(NOTHING, ())]
    return {
        name: AND.join(headings)
        for name, headings in said.items()
        if name != OPEN and headings and (name == NOTHING or headings != own.get(name))
    }


def _title_of(entry: Entry) -> str:
    try:
        record = entry.parsed()
    except errors.RefusedTogether as refused:
        return "".join(reason.sentence for reasons in refused.by_field.values() for reason in reasons)
    return full_name(record.title, record.volume)


def found_in(report: Path) -> dict[str, list[list[str]]]:
    """Return the first findings of a report by their kind (種類)."""
    found: dict[str, list[list[str]]] = {}
    if report.exists():
        for row in FindingFile.read(report):
            rows = found.setdefault(row[1], [])
            if len(rows) < FINDINGS:
                rows.append(row)
    return found


# -- one row -----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Cell:
    """A cell of a row: our column, its headings in the file, the text there, the text as stored, and what was said."""

    label: str
    headings: list[str]
    text: str
    stored: str
    remarks: list[str]


@dataclass(frozen=True)
class OneRow:
    """One row of a file, tried by itself."""

    line: int
    outcome: str
    cells: list[Cell]
    reasons: list[str]


def one_row(kind: Kind, file: Any, line: int | None, report: Path, **given: Any) -> OneRow | None:
    """Import one row in a transaction that is undone, and return the row with its stored values; None for a number that
    no row has, and for a file that is no table.

    Without ``line`` it is a row that fills many columns. ``report``: of the whole file, which knows
    what is refused because of other rows. Raises: as the import does.
    """
    table: Table | None = file.table if kind.name == "titles" else file
    if table is None:
        return None
    refused = _refused(report)
    tried = (
        _one(kind, file, table, each, refused, given)
        for each in ([line] if line is not None else _telling_lines(table, refused))
    )
    found = list(islice((each for each in tried if each and (line is not None or each.outcome != SKIPPED)), 1))
    return found[0] if found else None


def _one(
    kind: Kind, file: Any, table: Table, line: int, refused: Mapping[int, list[str]], given: Mapping[str, Any]
) -> OneRow | None:
    table.only = line
    told, seen = list[Finding](), list[tuple[str, Mapping[str, Any]]]()

    def watch(row: Any, outcome: str) -> None:
        seen.append((outcome, {} if outcome in (REFUSED, SKIPPED) else STORED[kind.name](row)))

    kind.read_in(file, report=Report(tell=told.append, watch=watch), dry_run=True, **given)
    for outcome, stored in seen[:1]:
        outcome, stored = (REFUSED, {}) if line in refused else (outcome, stored)
        row, reasons = next(iter(table)), [each.reason for each in told if not each.column or outcome == SKIPPED]
        cells = [
            Cell(
                column.label,
                table.headings_of(column.name),
                row.written(column.name),
                _text(stored.get(column.name), kind, column.name),
                [finding.reason for finding in told if finding.column == column.label],
            )
            for column in kind.columns
            if table.has(column.name)
        ]
        return OneRow(line, outcome, cells, refused.get(line, reasons))
    return None


def _refused(report: Path) -> dict[int, list[str]]:
    """Return line → reasons of the refused rows in a report."""
    refused: dict[int, list[str]] = {}
    for line, kind, column, _, _, reason in FindingFile.read(report) if report.exists() else ():
        if kind == REFUSAL:
            refused.setdefault(int(line), []).append(f"{column}：{reason}" if column else reason)
    return refused


def _telling_lines(table: Table, refused: Mapping[int, list[str]]) -> list[int]:
    """Return the numbers of a few rows that are not refused, those that fill most columns first."""
    rows = [row for row in islice(table, TRIED) if not (row.left_out or row.line in refused)]
    return [row.line for row in sorted(rows, key=lambda row: -sum(map(bool, row.cells.values())))[:CANDIDATES]]


def _text(value: Any, kind: Kind, column: str) -> str:
    """Return a stored value as the desk writes it."""
    words = {"state": kinds.STATES.get(kind.name, {}), "residence": people.residences(), **WORDS}.get(column)
    if words and value in words:
        return words[value]
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, date):
        return dates.moment(value) if isinstance(value, datetime) else dates.without_weekday(value)
    return "" if value is None else value.name if isinstance(value, models.Branch) else str(value)


WORDS: dict[str, dict[Any, str]] = {
    "contact_method": wording.CONTACT_METHODS, "contact_phone": wording.CONTACT_PHONES,
    "keep_history": wording.HISTORY, "titles_in_mail": wording.TITLES_IN_MAIL,
}  # fmt: skip


def _copy(row: Row) -> Any:
    """Return the copy that a row names; None where it names none."""
    return lending.by_barcode(text) if (text := row.cells.get("barcode")) else None


def _card(row: Row) -> Any:
    return cards.by_number(row.cells["card_number"], at_desk=True)


def _values(kind: str, row: Any, **more: Any) -> dict[str, Any]:
    """Return the values of a stored row by column."""
    return {column.name: getattr(row, column.name, None) for column in kinds.KINDS[kind].columns} | more


def _branch(row: Row) -> dict[str, Any]:
    branch = models.Branch.get(models.Branch.code == row.cells["code"])
    rules = [each.rule for each in models.ClosingRule.select().where(models.ClosingRule.branch == branch)]
    weekdays = "・".join(dates.WEEKDAYS[int(day)] for day in branch.closed_weekdays)
    closed = "、".join(filter(None, [weekdays, *rules]))
    open_at = "、".join(hours.in_general(branch))
    return _values("branches", branch, hours=open_at, closed_weekdays=weekdays, closed_days=closed)


def _item(row: Row) -> dict[str, Any]:
    item = _copy(row)
    return _values("items", item, **dict.fromkeys(items.TITLE_BY, item.title.full_name))


def _patron(row: Row) -> dict[str, Any]:
    patron, more = _card(row), dict[str, Any]()
    for mail in models.PatronAddress.select().where(models.PatronAddress.patron == patron):
        more |= {f"email{mail.position}": mail.address}
        more |= {f"email{mail.position}_kind": wording.ADDRESS_KINDS[mail.kind]}
    for due in patron.mail_preferences.where(models.MailPreference.kind == "due"):
        to = [wording.ADDRESS_KINDS[kind] for kind in ("pc", "mobile") if getattr(due, f"to_{kind}")]
        more |= {"due_notice_to": "、".join(to), "due_notice_days": wording.days_before(due.days_before)}
    old = "、".join(each.number for each in cards.other_numbers(patron) if each.kind == "old")
    return _values("patrons", patron, note=patron.desk_note, old_number=old, **more)


def _loan(row: Row) -> dict[str, Any]:
    loan = models.Loan.get(models.Loan.item == _copy(row), models.Loan.returned_on.is_null())
    notices = models.LoanNotice.select().where(models.LoanNotice.loan == loan)
    stages = {each.kind: each.stage for each in notices}
    more = {"barcode": f"{loan.item.barcode}（{loan.item.title.full_name}）", "card_number": _named(_card(row))}
    asked = f"{stages['overdue']}日目までの督促は済み" if "overdue" in stages else "なし"
    return _values("loans", loan, **more, asked=asked, told="due" in stages)


def _hold(row: Row) -> dict[str, Any]:
    copy, patron, titles = _copy(row), _card(row), items.Titles()
    titles.begin([row])
    title = titles.named_by(Cells(row)) or copy.title_id
    asked = models.Hold.select().where(models.Hold.patron == patron, models.Hold.title == title)
    hold = asked.order_by(models.Hold.id.desc()).get()
    more = dict.fromkeys((*items.TITLE_BY, "barcode"), hold.title.full_name)
    if hold.item:
        more["barcode"] = f"{hold.item.barcode}（{hold.title.full_name}）"
    return _values("holds", hold, **more, card_number=_named(patron))


def _named(patron: models.Patron) -> str:
    return f"{patron.card_number}（{patron.name}）"


def _title(entry: Entry) -> dict[str, Any]:
    table = models.Title
    stored = table.get_or_none(table.source == entry.source, table.source_id == entry.source_id, table.source_id != "")
    record = records.load([stored.id])[stored.id] if stored else entry.parsed()
    lists = {
        "other_titles": [name.name for name in record.names if name.kind == "別書名"],
        "original_title": [name.name for name in record.names if name.kind == "原題"],
        "author_kana": [each.kana for each in record.contributors if each.kana],
        "contributors": [f"{each.name}（{each.role}）" if each.role else each.name for each in record.contributors],
        "isbn": record.isbns,
        "subjects": [heading for heading, _ in record.subjects],
    }
    more = {name: "、".join(texts) for name, texts in lists.items()} | {"year": record.year_text}
    if item := _copy(entry.cells.row) if entry.cells else None:
        more |= {name: getattr(item, name) for name in ("barcode", "branch", "shelf", "call_number")}
        more |= {"book_mark": item.call_number}
    return _values("titles", record, **more)


STORED: dict[str, Callable[[Any], Mapping[str, Any]]] = {
    "branches": _branch, "titles": _title, "items": _item, "patrons": _patron, "loans": _loan, "holds": _hold,
}  # fmt: skip
