"""The preview of a file before anything is written: its columns, and one row of it as it would be stored."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from library import dates, errors, wording
from library.calendar import hours
from library.catalog import records
from library.catalog.readers.entries import Entry
from library.files.cells import Cells
from library.files.headings import AND, NEVER_TAKEN, NOTHING, OPEN, Column, fold, names
from library.files.report import NEW, REFUSED, SKIPPED, Finding, Report
from library.files.spreadsheets import Row, Table, cleaned
from library.importing import items, kinds, patrons
from library.importing.assignments import Assignments
from library.importing.kinds import Kind
from library.importing.numbers import Numbers
from library.numbers import formats
from library.patrons import patrons as people
from models import (
    Branch,
    CardNumber,
    ClosingRule,
    Hold,
    Item,
    Loan,
    LoanNotice,
    MailPreference,
    Patron,
    PatronAddress,
    Title,
    full_name,
)

SHOWN, LOOKED_AT = 3, 50  # rows whose cells are shown, and among which an example is found
TRIED = 200  # rows, among which one is found that fills many columns
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


def preview(
    kind: Kind, path: Path, assigned: Assignments, remembered: Assignments, encoding: str, most: int = 0
) -> Preview:
    """Return the preview of a file; columns may be missing or unclear. Up to ``most`` rows are counted. Raises: a Refused
    for a wrong kind of file.
    """
    given = {"mapping": assigned.headings, "remembered": remembered.headings, "encoding": encoding, "strict": False}
    given["until"] = kinds.look_ends_at()
    with kind.opened(path, given) as file:
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


def learned(kind: Kind, path: Path, assigned: Assignments, before: Assignments, encoding: str) -> dict[str, str]:
    """Return the headings of ``assigned`` that later files can't match by themselves, to be remembered."""
    own: dict[str, list[str]] = {}
    for column in preview(kind, path, Assignments(), before, encoding).columns:
        own.setdefault(column.chosen, []).append(column.name)
    said = {name: headings.split(AND) for name, headings in assigned.headings.items()}
    anew = {heading for headings in said.values() for heading in headings}
    left_out = [each for each in before.headings.get(NOTHING, "").split(AND) if each and each not in anew]
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
    """One row of a file, tried by itself. ``unit``: 行目, or 件目 of a file that is no table."""

    line: int
    unit: str
    outcome: str
    cells: list[Cell]
    reasons: list[str]


def one_row(kind: Kind, file: Any, line: int | None, refused: Mapping[int, list[str]], **given: Any) -> OneRow | None:
    """Import one row in a transaction that is undone, and return what it made; None for a number that no row has.

    Without ``line`` it is a row that fills many columns. ``refused``: line → reasons, of the whole file. Raises: as
    the import does.
    """
    table: Table | None = file.table if kind.name == "titles" else file
    if line is None:
        line = _telling_line(table, refused) if table else 1
    (table or file).only = line
    told, seen = list[Finding](), list[tuple[str, Mapping[str, Any]]]()

    def watch(row: Any, outcome: str) -> None:
        is_in = outcome not in (REFUSED, SKIPPED)
        seen.append((outcome, STORED[kind.name](row, outcome) if is_in else {}))

    kind.read_in(file, report=Report(tell=told.append, watch=watch), dry_run=True, **given)
    if not seen:
        return None
    outcome, stored = (REFUSED, {}) if line in refused else seen[0]
    row, words = next(iter(table)) if table else Row(line, {}), _words(kind)
    cells = [
        Cell(
            column.label,
            table.headings_of(column.name) if table else [],
            row.written(column.name),
            _text(stored.get(column.name), words.get(column.name, {})),
            [finding.reason for finding in told if finding.column == column.label],
        )
        for column in kind.columns
        if (table.has(column.name) if table else stored.get(column.name))
    ]
    reasons = refused.get(line) or [each.reason for each in told if not each.column or outcome == SKIPPED]
    return OneRow(line, "行目" if table else "件目", outcome, cells, reasons)


def _telling_line(table: Table, refused: Mapping[int, list[str]]) -> int:
    """Return the number of a row that goes in and fills many columns."""
    rows = [row for row in islice(table, TRIED) if not (row.left_out or row.problems or row.line in refused)]
    return max(rows, key=lambda row: sum(map(bool, row.cells.values()))).line if rows else 0


def _words(kind: Kind) -> dict[str, dict[Any, str]]:
    """Return the words of the values that a column has, by column."""
    return {
        "state": dict(kinds.STATES.get(kind.name, {})),
        "residence": people.residences(),
        "contact_method": wording.CONTACT_METHODS,
        "contact_phone": wording.CONTACT_PHONES,
        "keep_history": wording.HISTORY,
        "titles_in_mail": wording.TITLES_IN_MAIL,
    }


def _text(value: Any, words: Mapping[Any, str]) -> str:
    if isinstance(value, str | bool) and value in words:
        return words[value]
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, datetime):
        return dates.moment(value)
    if isinstance(value, date):
        return dates.without_weekday(value)
    return value.name if isinstance(value, Branch) else "" if value is None else str(value)


def _found(numbers: Numbers[Any], row: Row, name: str) -> Any:
    """Return the stored row that the number in this cell means."""
    text = row.cells.get(name, "")
    numbers.begin([text])
    return next(iter(numbers.found.get(text, ())), None) if text else None


def _copy(row: Row) -> Item | None:
    return _found(Numbers(formats.items(), items.load), row, "barcode")


def _card(row: Row) -> Patron:
    return _found(Numbers(formats.cards(), patrons.load), row, "card_number")


def _values(kind: str, row: Any, more: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a stored row by column."""
    return {column.name: getattr(row, column.name, None) for column in kinds.KINDS[kind].columns} | dict(more)


def _branch(row: Row, outcome: str) -> dict[str, Any]:
    branch = Branch.get(Branch.code == row.cells["code"])
    rules = [each.rule for each in ClosingRule.select().where(ClosingRule.branch == branch).order_by(ClosingRule.id)]
    weekdays = "・".join(dates.WEEKDAYS[int(day)] for day in branch.closed_weekdays)
    shown = {
        "hours": "、".join(hours.in_general(branch)),
        "closed_weekdays": weekdays,
        "closed_days": "、".join([weekdays, *rules]),
    }
    return _values("branches", branch, shown)


def _item(row: Row, outcome: str) -> dict[str, Any]:
    item = _copy(row)
    return _values("items", item, dict.fromkeys(items.TITLE_BY, item and item.title.full_name))


def _patron(row: Row, outcome: str) -> dict[str, Any]:
    patron = _card(row)
    mails = list(PatronAddress.select().where(PatronAddress.patron == patron).order_by(PatronAddress.position))
    shown = {"note": patron.desk_note}
    for number, mail in enumerate(mails, start=1):
        shown |= {f"email{number}": mail.address, f"email{number}_kind": wording.ADDRESS_KINDS[mail.kind]}
    if due := MailPreference.get_or_none(MailPreference.patron == patron, MailPreference.kind == "due"):
        to = [wording.ADDRESS_KINDS[kind] for kind, is_on in (("pc", due.to_pc), ("mobile", due.to_mobile)) if is_on]
        shown |= {"due_notice_to": "、".join(to), "due_notice_days": wording.days_before(due.days_before)}
    old = CardNumber.select().where(CardNumber.patron == patron, CardNumber.kind == "old")
    return _values("patrons", patron, shown | {"old_number": "、".join(each.number for each in old)})


def _loan(row: Row, outcome: str) -> dict[str, Any]:
    item, patron = _copy(row), _card(row)
    loan = Loan.get(Loan.item == item, Loan.returned_on.is_null())
    notices = list(LoanNotice.select().where(LoanNotice.loan == loan))
    asked = max((each.stage for each in notices if each.kind == "overdue"), default=0)
    shown = {
        "barcode": f"{loan.item.barcode}（{loan.item.title.full_name}）",
        "card_number": _named(patron),
        "asked": f"{asked}日目までの督促は済み" if asked else "なし",
        "told": any(each.kind == "due" for each in notices),
    }
    return _values("loans", loan, shown)


def _hold(row: Row, outcome: str) -> dict[str, Any]:
    patron, copy, titles = _card(row), _copy(row), items.Titles()
    titles.begin([row])
    title = titles.named_by(Cells(row)) or (copy and copy.title_id)
    hold = Hold.select().where(Hold.patron == patron, Hold.title == title).order_by(Hold.id.desc()).first()
    shown = dict.fromkeys(items.TITLE_BY, hold.title.full_name)
    return _values("holds", hold, shown | {"card_number": _named(patron), "barcode": hold.item and hold.item.barcode})


def _named(patron: Patron) -> str:
    return f"{patron.card_number}（{patron.name}）"


def _title(entry: Entry, outcome: str) -> dict[str, Any]:
    title = Title.get_or_none(Title.source == entry.source, Title.source_id == entry.source_id, Title.source_id != "")
    if title is None and outcome == NEW:
        title = Title.select().order_by(Title.id.desc()).first()
    record = records.load([title.id])[title.id] if title else entry.parsed()
    names = {kind: "、".join(name.name for name in record.names if name.kind == kind) for kind in ("別書名", "原題")}
    by = record.contributors
    shown = {
        "other_titles": names["別書名"],
        "original_title": names["原題"],
        "author_kana": "、".join(each.kana for each in by if each.kana),
        "contributors": "、".join(f"{each.name}（{each.role}）" if each.role else each.name for each in by),
        "year": record.year_text,
        "isbn": "、".join(record.isbns),
        "subjects": "、".join(heading for heading, _ in record.subjects),
        "language": record.language,
    }
    item = _copy(entry.cells.row) if entry.cells else None
    place = {name: getattr(item, name) for name in ("barcode", "branch", "shelf", "call_number")} if item else {}
    return _values("titles", record, shown | place | ({"book_mark": item.call_number} if item else {}))


STORED: dict[str, Callable[[Any, str], Mapping[str, Any]]] = {
    "branches": _branch, "titles": _title, "items": _item, "patrons": _patron, "loans": _loan, "holds": _hold,
}  # fmt: skip
