"""The tables of titles beside these modules, and the records of their rows.

titles.tsv has real titles, invented.tsv invented ones (books for children, 紙芝居, CD, DVD), editions.tsv accessible
editions. Several authors or subjects in a cell are separated by ``；``; the reading of a subject follows ``｜``, the role
of an author ``／``. A second author without a role is the illustrator.
"""

import csv
from datetime import date
from pathlib import Path
from typing import Any

from library.catalog.codes import accessible
from library.catalog.records import Contributor, Record

FOLDER = Path(__file__).parent
BETWEEN, BEFORE_READING, BEFORE_ROLE = "；", "｜", "／"
ROLES = {1: ("著",), 2: ("文", "絵")}  # by how many they are
NUMBERS = {"夏目漱石": (("NDL", "00054222"),)}


def read(name: str) -> list[dict[str, Any]]:
    """Return the rows of a table as dicts by column."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def record(row: dict[str, Any], *, source: str, day: date, **more: Any) -> Record:
    """Return the record of a row, acquired on this day; ``more``: further fields."""
    people, roles = _creators(row["author"])
    with_roles = len(people) > 1 or BEFORE_ROLE in row["author"]
    known = row | {
        "source": source,
        "author": ", ".join(map(" ".join, zip(people, roles, strict=True))) if with_roles else row["author"],
        "contributors": list(map(contributor, people, row["author_kana"].split(BETWEEN), roles)),
        "year_text": row["year"],
        "year": int(row["year"]),
        "isbns": [row["isbn"]],
        "subjects": list(map(_subject, row["subjects"].split(BETWEEN))),
        "contents": "\n".join(filter(None, row.get("contents", "").split(BETWEEN))),
        "language": "jpn",
        "accession_date": day,
    }
    del known["author_kana"], known["isbn"]
    made = Record(**known | more)
    accessible.add_mentioned(made)
    return made


def contributor(name: str, kana: str, role: str = "著") -> Contributor:
    return Contributor(name, kana, role, identifiers=NUMBERS.get(name, ()))


def _creators(text: str) -> tuple[list[str], list[str]]:
    """Return the names in a cell, and their roles."""
    names, roles = [], []
    several = text.split(BETWEEN)
    for one, usual in zip(several, ROLES[len(several)], strict=True):
        name, _, role = one.partition(BEFORE_ROLE)
        names.append(name)
        roles.append(role or usual)
    return names, roles


def _subject(text: str) -> tuple[str, str]:
    name, _, kana = text.partition(BEFORE_READING)
    return name, kana
