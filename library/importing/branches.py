"""館の取り込み: the branches of the library; and the branch that a file means."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from typing import Any, TypeVar

from peewee import fn

from library import branches, dates, errors
from library.calendar import closing_rules, hours
from library.files import cells
from library.files.report import CHANGED, NEW, SAME, Report
from library.files.spreadsheets import Column, Row, Table
from library.importing import batches, words
from library.importing.numbers import phone
from library.numbers import postal_codes
from library.patrons import names
from library.site import branch_editing
from models import Branch, ClosingRule

C = TypeVar("C")

COLUMNS = (
    Column("code", ("館コード",), required=True),
    Column("name", ("館名", "館名称"), required=True),
    Column("name_kana", ("館名カナ", "館名称カナ", "カナ")),
    Column("postal_code", ("郵便番号",)),
    Column("address", ("住所", "所在地", "住所1", "住所2"), joined=" "),
    Column("phone", ("電話", "電話番号", "TEL")),
    Column("position", ("表示順", "順番")),
    Column("pickup", ("受取可",)),
    Column("closed_weekdays", ("休館曜日", "定休日")),
    Column("map_url", ("地図", "地図のリンク")),
    Column("hours", ("開館時間",)),
    Column("closed_days", ("休館日",)),
)
REQUIRED = ("code", "name")
ENGLISH_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NO_WEEKDAYS = ("なし", "無し", "無休", "none")


class Branches:
    """All branches by code, with or without leading zeros, and by name, read once."""

    def __init__(self) -> None:
        rows = branches.in_order()
        codes = {cells.fold(row.code): row for row in rows}
        without = Counter(code.lstrip("0") for code in codes if code.isdecimal())
        self._shorter = {code.lstrip("0"): row for code, row in codes.items() if without[code.lstrip("0")] == 1}
        self._words = {cells.fold(row.name): row for row in rows} | codes

    def __contains__(self, text: str) -> bool:
        return self.find(text) is not None

    def find(self, text: str) -> Branch | None:
        folded = cells.fold(text)
        found = self._words.get(text) or self._words.get(folded)
        return found or (self._shorter.get(folded.lstrip("0")) if folded.isdecimal() else None)


def read_in(
    table: Table, *, report: Report, pad_zeros: bool = False, dry_run: bool = False, progress: batches.Progress = None
) -> None:
    """Add new branches and change known ones, by code. An empty cell changes nothing."""
    key = batches.Key("code", str)
    twice = batches.survey(table, (), words.NOTHING, report, key=key, dry_run=dry_run)
    batches.carry_out(
        table, _Intake(pad_zeros), report=report, dry_run=dry_run, key=key, twice=twice, progress=progress
    )


class _Intake:
    """Takes in each branch by itself, as there are few."""

    def __init__(self, pad_zeros: bool) -> None:
        self.pad_zeros = pad_zeros
        # of the library and of the rows so far, of which a rehearsal stores none
        self.codes = {row.name: row.code for row in branches.in_order()}

    def begin(self, rows: list[Row]) -> None:
        """Look nothing up ahead."""

    def write(self) -> None:
        """Write nothing: each row is written already."""

    def put(self, row: Row) -> tuple[str, cells.Cells]:
        read = cells.Cells(row, required=REQUIRED)
        read.required(*REQUIRED)
        values = self._values(read)
        weekdays, rules = _closed_days(read)
        if weekdays is not None:
            values["closed_weekdays"] = weekdays
        code = read.text("code")
        if (taken := self.codes.get(str(values["name"]), code)) != code:
            read.refuse("name", errors.BranchNameTaken(code=taken))
        read.check()
        self.codes[str(values["name"])] = str(code)
        if branch := Branch.get_or_none(Branch.code == code):
            changed = cells.update(branch, values)
            return CHANGED if _put_rules(branch, rules) or changed else SAME, read
        # without a column of its own the order of the file is the library's order
        behind = (Branch.select(fn.MAX(Branch.position)).scalar() or 0) + 1
        branch = Branch.create(code=code, **({"position": behind} | cells.given(values)))
        _put_rules(branch, rules)
        return NEW, read

    def _values(self, read: cells.Cells) -> dict[str, Any]:
        return {
            "name": read.text("name"),
            "name_kana": names.kana(read.text("name_kana") or "") or None,
            "address": read.text("address"),
            "phone": phone(read, "phone", pad_zeros=self.pad_zeros),
            "position": read.number("position", 0, 9999),
            "pickup": read.yes("pickup"),
            "postal_code": _read(read, "postal_code", postal_codes.read),
            "map_url": _read(read, "map_url", branch_editing.map_link),
            "hours": _read(read, "hours", hours.parse),
            "closed_weekdays": _weekdays(read),
        }


def _read(read: cells.Cells, name: str, rule: Callable[[str], C]) -> C | None:
    """Return a cell's value by a rule; None if it is empty or refused."""
    try:
        return rule(read.raw(name)) if read.raw(name) else None
    except errors.Refused as refusal:
        read.refuse(name, refusal)
        return None


def _closed_days(read: cells.Cells) -> tuple[str | None, list[str] | None]:
    """Return the weekdays (digits) and the rules in ``月曜日、第4金曜日、12/29-1/3``; None, None for an empty cell."""
    text = unicodedata.normalize("NFKC", read.raw("closed_days"))
    if not text:
        return None, None
    weekdays, rules = set(), []
    for part in re.split(r"[、,;\n]", re.sub(r"年末年始[(:]?([0-9][^)、,;]*)\)?", r"\1", text)):
        plain = re.sub(r"\s|^毎週", "", part)
        if not plain or plain.casefold() in NO_WEEKDAYS:
            continue
        if re.fullmatch("(?:[月火水木金土日](?:曜日?)?[・/]?)+", plain):
            weekdays |= {str(dates.WEEKDAYS.index(day)) for day in re.sub("曜日?|[・/]", "", plain)}
            continue
        try:
            rules.append(closing_rules.parse(plain).text)
        except errors.ClosingRuleUnreadable as refusal:
            read.refuse("closed_days", refusal)
            return None, None
    return "".join(sorted(weekdays)), rules


def _put_rules(branch: Branch, rules: list[str] | None) -> bool:
    """Replace the branch's own rules of closing; tell whether that changed them. None leaves them."""
    own = {row.rule for row in ClosingRule.select().where(ClosingRule.branch == branch)}
    if rules is None or own == set(rules):
        return False
    ClosingRule.delete().where(ClosingRule.branch == branch, ClosingRule.rule.not_in(rules)).execute()
    for rule in dict.fromkeys(rules):
        if rule not in own:
            ClosingRule.create(branch=branch, rule=rule)
    return True


def _weekdays(read: cells.Cells) -> str | None:
    """Return ``月``, ``月・火``, ``月曜日``, ``mon,tue`` or digits (Monday 0) as digits; なし as none."""
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
