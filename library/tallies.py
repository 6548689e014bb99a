"""A table of counts, for statistics and a patron's year of reading."""

from dataclasses import dataclass

NO_CLASS = "分類なし"


@dataclass(frozen=True)
class Count:
    """One table. ``rows``: (word or day, number) in the order shown; ``by_time``: they are days or months."""

    name: str
    heading: str
    unit: str
    rows: list[tuple]
    by_time: bool = False

    @property
    def total(self) -> int:
        """Return the sum of all rows."""
        return sum(number for _, number in self.rows)
