"""所蔵の取り込み: copies, each under a title that is there already."""

from collections import Counter
from typing import Any

from peewee import SQL, Node, fn

from library import errors
from library.catalog import isbn
from library.catalog.search import index, shelf_order
from library.files import cells
from library.files.report import CHANGED, NEW, SAME, Report
from library.files.spreadsheets import Column, Row, Table
from library.importing import batches
from library.importing.branches import Branches
from library.numbers import reading
from models import Item, Title

COLUMNS = (
    Column("barcode", ("登録番号", "資料番号", "資料コード"), required=True),
    Column("title_id", ("書誌ID",)),
    Column("source_id", ("書誌番号",)),
    Column("isbn", ("ISBN",)),
    Column("branch", ("所蔵館",), required=True),
    Column("shelf", ("配架場所",)),
    Column("call_number", ("請求記号",)),
    Column("material_type", ("資料区分",)),
    Column("state", ("状態",)),
    Column("acquired_on", ("受入日",)),
)
ZERO_MISSING = "番号の先頭の0がないようです（表計算ソフトで消えていないか、お確かめください）"
NEARLY_ALL = 0.9  # of the numbers are of one length where it is fixed
TITLE_BY = ("title_id", "source_id", "isbn")  # of these one column must be there, and one cell say something
STATES = {
    "貸出可": "available", "在架": "available", "禁帯出": "reference", "館内": "reference", "館内のみ": "reference",
    "修理": "repair", "修理中": "repair", "不明": "missing", "紛失": "lost", "除籍": "withdrawn",
    **{state: state for state in ("available", "reference", "repair", "missing", "lost", "withdrawn")},
}  # fmt: skip


def read_in(table: Table, *, report: Report, dry_run: bool = False, progress: batches.Progress = None) -> None:
    """Add new items and change known ones, by barcode. An empty cell leaves what is stored."""
    branches, titles, width = Branches(), Titles(), _width(table)

    def put(row: Row) -> str:
        outcome = _put(cells.Cells(row, branches.find), titles)
        barcode = reading.fold(row.cells["barcode"])
        if _is_number(barcode) and len(barcode) < width:
            report.warn(row, table.columns["barcode"], ZERO_MISSING, f"{barcode} → {barcode.zfill(width)}")
        return outcome

    key = batches.Key("barcode", reading.fold)
    batches.carry_out(table, put, report=report, dry_run=dry_run, key=key, progress=progress)


def _width(table: Table) -> int:
    """Return how many digits numbers of copies have, here and in the file: those with a 0 in front, else nearly all; 0 if unclear."""
    numbers = filter(_is_number, (reading.fold(row.cells.get("barcode", "")) for row in table))
    lengths = Counter((number.startswith("0"), len(number)) for number in numbers)
    for zero, first, end in ((True, "0", "1"), (False, "1", ":")):
        stored = Item.select(fn.LENGTH(Item.barcode), fn.COUNT(Item.id)).where(
            Item.barcode >= first, Item.barcode < end
        )
        for length, count in stored.group_by(fn.LENGTH(Item.barcode)).tuples().iterator():
            lengths[zero, int(length)] += count
    padded = Counter({length: count for (zero, length), count in lengths.items() if zero})
    if padded:
        return padded.most_common(1)[0][0]
    ((_, length), count), *_ = lengths.most_common(1) or [((False, 0), 0)]
    return length if count >= NEARLY_ALL * lengths.total() else 0


def _is_number(barcode: str) -> bool:
    return barcode.isascii() and barcode.isdigit()


def place_of(read: cells.Cells) -> dict[str, Any]:
    """Read where a copy stands."""
    return {"branch": read.branch("branch"), "shelf": read.text("shelf"), "call_number": read.text("call_number")}


def _put(read: cells.Cells, titles: "Titles") -> str:
    read.required("barcode", "branch")
    values = place_of(read) | {
        "title": titles.named_by(read),
        "material_type": read.text("material_type"),
        "state": read.choice("state", STATES),
        "acquired_on": read.day("acquired_on"),
    }
    read.text("barcode")
    read.check()
    barcode = reading.fold(read.raw("barcode"))
    item = Item.get_or_none(Item.barcode == barcode)
    before = {item.title_id} if item else set()
    if item and not cells.update(item, values):
        return SAME
    item = item or Item.create(barcode=barcode, **cells.given(values))
    shelf_order.keep(before | {item.title_id})
    index.items_changed()
    return CHANGED if before else NEW


class Titles:
    """Find the title that a row names."""

    def __init__(self) -> None:
        self._sources = [row.source for row in Title.select(Title.source).distinct()]

    def named_by(self, read: cells.Cells) -> Title | None:
        """Return the title by the first of title_id, source_id and isbn that says something; refuse unless it is exactly one."""
        name = next((name for name in TITLE_BY if read.raw(name)), None)
        if name is None:
            read.refuse("", errors.TitleNotNamed())
            return None
        titles = Title.select(Title.id).where(*self._named(name, read.raw(name)))
        found = list(titles.limit(2))
        if not found:
            read.refuse(name, errors.TitleUnknown())
        elif len(found) > 1:
            read.refuse(name, errors.TitleAmbiguous(count=titles.count()))
        return found[0] if len(found) == 1 else None

    def _named(self, name: str, text: str) -> list[Node]:
        if name == "title_id":
            return [Title.id == (int(text) if text.isdecimal() and len(text) < 19 else 0)]
        if name == "source_id":
            # the sources are named, and the condition written out, so that the index of both serves
            return [Title.source.in_(self._sources), Title.source_id == text, SQL("source_id <> ''")]
        return [Title.isbn == (isbn.normalise(text) or text)]
