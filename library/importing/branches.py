"""館の取り込み: the branches of the library; and finding one by what a file calls it."""

import re
import unicodedata

from peewee import fn

from library import dates, errors
from library.files import cells
from library.files.report import CHANGED, NEW, SAME, Report
from library.files.spreadsheets import Column, Row, Table
from library.importing import batches
from models import Branch

COLUMNS = (
    Column("code", ("館コード",), required=True),
    Column("name", ("館名",), required=True),
    Column("name_kana", ("館名カナ", "館名ヨミ")),
    Column("address", ("住所", "所在地")),
    Column("phone", ("電話", "電話番号")),
    Column("position", ("表示順", "順番")),
    Column("pickup", ("受取可",)),
    Column("closed_weekdays", ("休館曜日", "定休日")),
)
ENGLISH_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NO_WEEKDAYS = ("なし", "無し", "無休", "none")


class Branches:
    """All branches by code and by name, read once."""

    def __init__(self) -> None:
        rows = list(Branch.select())
        self._names = {cells.fold(row.name): row for row in rows}
        self._codes = {cells.fold(row.code): row for row in rows}

    def find(self, text: str) -> Branch | None:
        return self._codes.get(cells.fold(text)) or self._names.get(cells.fold(text))


def read_in(table: Table, *, report: Report, dry_run: bool = False, progress: batches.Progress = None) -> None:
    """Add new branches and change known ones, by code. An empty cell leaves what is stored."""
    key = batches.Key("code", str)
    batches.carry_out(table, _put, report=report, dry_run=dry_run, key=key, progress=progress)


def _put(row: Row) -> str:
    read = cells.Cells(row)
    read.required("code", "name")
    values = {
        "name": read.text("name"),
        "name_kana": read.text("name_kana"),
        "address": read.text("address"),
        "phone": read.text("phone"),
        "position": read.number("position", 0, 9999),
        "pickup": read.yes("pickup"),
        "closed_weekdays": _weekdays(read),
    }
    code = read.text("code")
    namesake = Branch.get_or_none(Branch.name == values["name"], Branch.code != code)
    if namesake:
        read.refuse("name", errors.BranchNameTaken(code=namesake.code))
    read.check()
    if branch := Branch.get_or_none(Branch.code == code):
        return CHANGED if cells.update(branch, values) else SAME
    # without a column of its own the order of the file is the library's order
    behind = (Branch.select(fn.MAX(Branch.position)).scalar() or 0) + 1
    Branch.create(code=code, **({"position": behind} | cells.given(values)))
    return NEW


def _weekdays(read: cells.Cells) -> str | None:
    """Read ``月``, ``月・火``, ``月曜日``, ``mon,tue``, or digits with Monday 0, as digits; なし as none."""
    text = unicodedata.normalize("NFKC", read.raw("closed_weekdays")).casefold()
    if not text:
        return None
    if text in NO_WEEKDAYS:
        return ""
    days = re.sub(r"曜日?|[\s、,・/]", "", text)
    for number, (japanese, english) in enumerate(zip(dates.WEEKDAYS, ENGLISH_WEEKDAYS, strict=True)):
        days = days.replace(english, str(number)).replace(japanese, str(number))
    if not re.fullmatch("[0-6]+", days):
        read.refuse("closed_weekdays", errors.CellIsNoWeekdays())
    return "".join(sorted(set(days)))
