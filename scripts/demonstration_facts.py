"""Invent what the list of works doesn't say of a book: publisher, year, pages, size, price, ISBN, subjects.

Everything follows from the number of the work and its class. The publishers don't exist, and the ISBN begin with 979-4,
which belongs to nobody; demonstration_classes.tsv says for each class (K: for children) what is likely there, the
longest class first.
"""

import csv
import random
from pathlib import Path

CLASSES = Path(__file__).with_name("demonstration_classes.tsv")
SUBJECTS = Path(__file__).with_name("demonstration_subjects.txt")
PREFIX = "979-4"
FIRST_YEAR, LAST_YEAR = 1981, 2023  # from when books have an ISBN to before the first copy came in
LONG = {
    "大菩薩峠", "源氏物語", "三国志", "宮本武蔵", "夜明け前", "細雪", "カラマゾフの兄弟", "レ・ミゼラブル", "ジャン・クリストフ", "南国太平記",
}  # fmt: skip
# cm → yen for the binding, and for a page
PRICES = {15: (300, 1.4), 19: (900, 3), 21: (1200, 4), 22: (900, 3.5), 26: (1200, 6)}


def read_classes() -> dict[str, dict[str, str]]:
    """Return the row of each class, by column."""
    with open(CLASSES, encoding="utf-8", newline="") as file:
        return {row["class"]: row for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)}


def read_subjects() -> dict[str, str]:
    """Return the second subject of each title."""
    subjects = {}
    for line in SUBJECTS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            subject, _, titles = line.partition("：")
            subjects |= dict.fromkeys(titles.split("／"), subject)
    return subjects


class Facts:
    """The invented facts of any work of the list."""

    def __init__(self) -> None:
        self._classes, self._subjects = read_classes(), read_subjects()
        names = {name for row in self._classes.values() for name in (row["publishers"] or "").split()}
        self.publishers = sorted(names)

    def invent(self, book: dict[str, str]) -> dict[str, str]:
        """Return the columns to add to a row that has number, title, class and audience."""
        chance = random.Random(book["source_id"])  # noqa: S311 (the same book every time)
        publisher = chance.choice(self._likely(book, "publishers").split())
        year = max(chance.randint(FIRST_YEAR, LAST_YEAR) for _ in range(2))
        pages = 8 * chance.randint(*(int(number) // 8 for number in self._likely(book, "pages").split("-")))
        pages = pages * 5 // 2 if book["title"] in LONG else pages
        size = int(chance.choice(self._likely(book, "size").split()))
        binding, page = PRICES[size]
        return {
            "publisher": publisher,
            "year": str(year),
            "isbn": isbn(self.publishers.index(publisher) + 31, int(book["source_id"])),
            "subjects": "；".join((self._likely(book, "subject"), self._subjects[book["title"]])),
            "extent": f"{pages}p ; {size}cm",
            "price": f"{round((binding + page * pages) / 50) * 50:,}円",
        }

    def _likely(self, book: dict[str, str], column: str) -> str:
        """Return the value of the longest class that has one in the column."""
        for mark in ("K", "") if book["audience"] == "児童" else ("",):
            for length in (3, 2, 1, 0):
                if text := (self._classes.get(mark + book["ndc"][:length]) or {}).get(column):
                    return text
        raise KeyError(book["ndc"], column)


def isbn(publisher: int, number: int) -> str:
    """Return the ISBN of a book of a publisher, with hyphens and its check digit."""
    parts = (PREFIX, f"{publisher:02}", f"{number:06}")
    digits = "".join(parts).replace("-", "")
    check = -sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10
    return f"{'-'.join(parts)}-{check}"
