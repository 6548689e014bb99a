"""ラベル: the copies to label, and their arrangement on sheets of A4."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from library import holdings
from library.lending import items
from library.store.queries import tuples
from models import Branch, Item

MOST = 1_000  # labels at once
THICKEST, FINEST = 0.33, 0.15  # mm, of a narrow bar
EDGE = 1.0  # mm of margin on each side of a barcode


@dataclass(frozen=True)
class Sheet:
    """A kind of A4 sheet with ``across`` × ``down`` labels; the style sheet has its other measures, by ``code``."""

    code: str
    name: str
    across: int
    down: int
    width: float  # mm of one label

    @property
    def capacity(self) -> int:
        return self.across * self.down

    def laid_out(self, labels: list, first: int) -> list[list]:
        """Return one list for each sheet, the first label in cell ``first`` (from 1); None is an empty cell."""
        cells = [None] * ((first - 1) % self.capacity) + labels
        return [cells[begin : begin + self.capacity] for begin in range(0, len(cells), self.capacity)]

    def bar_width(self, units: int) -> float:
        """Return the width in mm of a barcode of so many units (two to a narrow bar)."""
        return round(min(THICKEST * units / 2, self.width - 2 * EDGE), 2)

    def has_room(self, units: int) -> bool:
        """Tell whether a barcode of so many units can be printed wide enough for a scanner."""
        return 2 * self.bar_width(units) / units >= FINEST


SHEETS = {
    sheet.code: sheet
    for sheet in (
        Sheet("24", "24面（3列×8段、70×33.9mm）", 3, 8, 70),
        Sheet("44", "44面（4列×11段、48.3×25.4mm）", 4, 11, 48.3),
        Sheet("65", "65面（5列×13段、38.1×21.2mm）", 5, 13, 38.1),
    )
}


def scanned(lines: list[str]) -> tuple[list[Item], list[str]]:
    """Return the copies of these numbers, in their order, and the numbers that mean no copy or several."""
    asked = [line for line in lines if line.strip()][:MOST]
    rows, unknown = [], []
    for line, found in zip(asked, items.meant_each(asked, items.with_titles()), strict=True):
        if len(found) == 1:
            rows += found
        else:
            unknown.append(line)
    return rows, unknown


def added_since(day: date, branch: Branch | None) -> list[Item]:
    """Return the copies acquired on a day or later, in order of entry, without withdrawn ones."""
    rows = items.with_titles().where(Item.acquired_on >= day, holdings.is_in_stock())
    if branch:
        rows = rows.where(Item.branch == branch)
    return list(rows.order_by(Item.id).limit(MOST))


def for_title(title_id: int) -> list[str]:
    """Return the numbers of a title's copies, without withdrawn ones."""
    rows = Item.select(Item.barcode).where(Item.title == title_id, holdings.is_in_stock())
    return [row[0] for row in tuples(rows.order_by(Item.id).limit(MOST))]
