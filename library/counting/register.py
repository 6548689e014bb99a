"""図書原簿: all copies that the library ever took in, by number or by day, withdrawn ones too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from peewee import ModelSelect

from library import holdings, wording
from models import Branch, Item, Title

HEADINGS = (
    "登録番号", "受入日", "受入区分", "書名", "著者", "出版者", "出版年", "価格", "受入先", "請求記号", "館", "除籍日", "除籍理由",
)  # fmt: skip
ON_A_SHEET = 20


class Entry(NamedTuple):
    """A line of the register, in the order of HEADINGS; ``volume``: of the title."""

    barcode: str
    acquired_on: date | None
    acquired_how: str
    title: str
    author: str
    publisher: str
    year: str
    price: int | None
    supplier: str
    call_number: str
    branch: str
    withdrawn_on: date | None
    withdrawn_reason: str
    volume: str

    def cells(self) -> list[str]:
        """Return the texts of the line."""
        title = f"{self.title} {self.volume}".strip()
        row = self._replace(title=title)[: len(HEADINGS)]
        return ["" if cell is None else str(cell) for cell in row]


class Subtotal(NamedTuple):
    """The foot of a sheet: copies, (受入区分, copies) of each, yen, and how many are withdrawn."""

    copies: int
    ways: list[tuple[str, int]]
    yen: int
    withdrawn: int


_COLUMNS = (
    Item.barcode, Item.acquired_on, Item.acquired_how, Title.title, Title.author, Title.publisher, Title.year_text,
    Item.price, Item.supplier, Item.call_number, Branch.name, Item.withdrawn_on, Item.withdrawn_reason, Title.volume,
)  # fmt: skip


def by_number(first: str, last: str) -> ModelSelect[Any]:
    """Return the query for copies from a number to another, as texts; an empty one sets no limit."""
    rows = _rows().order_by(Item.barcode)
    rows = rows.where(Item.barcode >= first) if first else rows
    return rows.where(Item.barcode <= last) if last else rows


def by_day(first: date, last: date) -> ModelSelect[Any]:
    """Return the query for copies that came in from a day to another."""
    return _rows().where(Item.acquired_on.between(first, last)).order_by(Item.acquired_on, Item.barcode)


def _rows() -> ModelSelect[Any]:
    return (
        Item.select(*_COLUMNS).join(Title).switch(Item).join(Branch, on=Item.branch).where(holdings.is_own()).tuples()
    )


def entries(rows: Iterable[tuple[Any, ...]]) -> list[Entry]:
    """Return the lines of a query, or of a part of it."""
    return [Entry(*row) for row in rows]


def sheets(lines: list[Entry]) -> list[tuple[list[Entry], Subtotal]]:
    """Return the lines of each sheet of paper with their subtotal."""
    parts = [lines[start : start + ON_A_SHEET] for start in range(0, len(lines), ON_A_SHEET)]
    return [(part, subtotal(part)) for part in parts]


def subtotal(lines: Iterable[Entry]) -> Subtotal:
    lines = list(lines)
    ways = Counter(each.acquired_how for each in lines)
    return Subtotal(
        len(lines),
        [(way, ways[way]) for way in wording.ACQUISITIONS if ways[way]],
        sum(each.price or 0 for each in lines),
        sum(each.withdrawn_on is not None or bool(each.withdrawn_reason) for each in lines),
    )
