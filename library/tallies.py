"""A count by something: what statistics and a year of reading are made of."""

from dataclasses import dataclass

NO_CLASS = "分類なし"


@dataclass(frozen=True)
class Count:
    """``rows``: (what is counted, how many), in the order in which they are shown. ``by_time``: they are days or months."""

    name: str
    heading: str
    unit: str
    rows: list[tuple]
    by_time: bool = False

    @property
    def total(self) -> int:
        """Return the sum of all rows."""
        return sum(number for _, number in self.rows)
