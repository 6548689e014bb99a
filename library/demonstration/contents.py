"""The contents of some books, and their other titles, from contents.tsv, in our own words or as generally known.

Parts of a cell are separated by ``；``; another title is ``原題：…`` with its reading after ``｜``.
"""

import csv
from collections.abc import Mapping
from pathlib import Path

from library.catalog.records import OtherTitle, Record

LIST = Path(__file__).with_name("contents.tsv")
BETWEEN, BEFORE_NAME, BEFORE_READING = "；", "：", "｜"


def add(made: Mapping[tuple[str, str], Record]) -> None:
    """Add contents and other titles to records, keyed by title and author."""
    with LIST.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            record = made[row["title"], row["author"]]
            record.contents = "\n".join(filter(None, row["contents"].split(BETWEEN)))
            record.names += map(_other_title, filter(None, row["other_titles"].split(BETWEEN)))


def _other_title(text: str) -> OtherTitle:
    kind, _, rest = text.partition(BEFORE_NAME)
    name, _, kana = rest.partition(BEFORE_READING)
    return OtherTitle(kind, name, kana)
