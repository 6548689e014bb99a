"""The kinds of files that can be imported: 館, 書誌, 所蔵, 利用者, 貸出, 予約, each with its columns and its rule."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from library import clock, policy, wording
from library.catalog.readers import formats, title_tables
from library.files import spreadsheets
from library.files.headings import Column, fold
from library.importing import branches, holds, items, loans, patrons, titles, words
from library.importing.assignments import Assignments
from library.patrons.patrons import residences
from models import Branch

SECONDS = 10  # of the processor that a look at a file may take a page
AHEAD = 2  # headings by which a file must fit its kind better than any other


@dataclass(frozen=True)
class Kind:
    """``offers``: choices beside the columns; ``either``: columns of which one must be there; ``after``: the kinds that
    its rows name, and so come before it.
    """

    name: str
    label: str
    columns: Sequence[Column]
    command: str
    either: Sequence[str] = ()
    offers: Sequence[str] = ()
    after: Sequence[str] = ()

    def opened(
        self, path: Path, given: Mapping[str, Any], holdings: Mapping | None = None, source: str = ""
    ) -> AbstractContextManager[Any]:
        """Open a file with its choices (encoding, mapping, remembered, values); ``source``: for records that name
        none.
        """
        if self.name == "titles":
            return formats.opened(path, holdings=holdings, source=source, **given)
        return spreadsheets.opened(path, self.columns, either=self.either, **given)

    def read_in(self, file: Any, *, now: datetime, chosen: Mapping[str, Any], **given: Any) -> None:
        """Import the file by its rule. ``chosen``: pad_zeros, with_consent, area_code, adding."""
        own = {name: chosen[name] for name in self.offers if name in chosen}
        day = {"titles": {"today": clock.day_of(now)}, "patrons": {"now": now, "today": clock.day_of(now)}}
        RULES[self.name](
            file, **own, **day.get(self.name, {"now": now} if self.name in ("loans", "holds") else {}), **given
        )


RULES: dict[str, Callable[..., None]] = {
    "branches": branches.read_in, "titles": titles.read_in, "items": items.read_in,
    "patrons": patrons.read_in, "loans": loans.read_in, "holds": holds.read_in,
}  # fmt: skip
KINDS = {
    kind.name: kind
    for kind in (
        Kind("branches", "館", branches.COLUMNS, "branches import", offers=("pad_zeros",)),
        Kind("titles", "書誌", title_tables.COLUMNS, "catalog import", (), ("adding", "source"), ("branches",)),
        Kind(
            "items",
            "所蔵",
            items.COLUMNS,
            "items import",
            items.TITLE_BY,
            ("pad_zeros", "adding"),
            ("branches", "titles"),
        ),
        Kind(
            "patrons",
            "利用者",
            patrons.COLUMNS,
            "patrons import",
            offers=("pad_zeros", "with_consent", "area_code", "adding"),
            after=("branches",),
        ),
        Kind("loans", "貸出", loans.COLUMNS, "loans import", after=("branches", "items", "patrons")),
        Kind(
            "holds",
            "予約",
            holds.COLUMNS,
            "holds import",
            holds.TITLE_BY,
            after=("branches", "titles", "items", "patrons", "loans"),
        ),
    )
}


def meanings(kind: str, column: str) -> list[tuple[str, str]]:
    """Return (value, label) of each value that a word in this column can be mapped to, in the library's order."""
    if column in words.SETTINGS:
        return [(word, word) for word in policy.get(words.SETTINGS[column])]
    if column == "state":
        return list(STATES[kind].items())
    if column in items.CHOICES:
        return [(word, word) for word in dict.fromkeys(items.CHOICES[column].values())]
    if column in ("residence", "contact_method"):
        return list((residences() if column == "residence" else wording.CONTACT_METHODS).items())
    return [(row.code, row.name) for row in Branch.select().order_by(Branch.position, Branch.id)]


def proposal(kind: str, column: str, word: str) -> str:
    """Return the value that a word seems to have, empty where none does: the strictest of joined states, and the one
    branch whose name has the word in it.
    """
    if kind == "items" and column == "state":
        known = [items.STATES.get(fold(part)) for part in word.split()]
        return next((state for state in STRICTEST if None not in known and state in known), "")
    if column in ("branch", "pickup_branch"):
        found = [code for code, name in meanings(kind, column) if fold(word) in fold(name)]
        return found[0] if len(found) == 1 else ""
    return ""


STRICTEST = ("withdrawn", "lost", "missing", "repair", "reference", "available")
STATES = {
    "items": wording.ITEM_STATES,
    "patrons": {"active": "有効", "suspended": "停止", "closed": "廃止（取り込まない）"},
    "holds": {"waiting": "予約中", "ready": "取置済", "over": "取り込まない"},
}


FILE_NAMES = {  # as ``fold`` spells them
    "branches": ("館マスタ", "館一覧"),
    "titles": ("書誌", "タイトル", "shoshi"),
    "items": ("所蔵", "蔵書", "shozo", "zosho"),
    "patrons": ("利用者", "riyosha"),
    "loans": ("貸出", "kashidashi"),
    "holds": ("予約", "yoyaku"),
}


def look_ends_at() -> float:
    """Return the processor time of this thread at which a page stops reading a file (``bounded``)."""
    return time.thread_time() + SECONDS


def count(file: Any, most: int) -> int:
    """Return the number of rows or records in a file; ``most`` + 1 if there are more."""
    rows: Iterator = file.records() if isinstance(file, spreadsheets.Table) else iter(file)
    if not isinstance(file, spreadsheets.Table) and file.table is not None:
        rows = file.table.records()
    return sum(1 for _ in islice(rows, most + 1))


# -- the kind of a file ------------------------------------------------------------------------------------------------
def recognise(path: Path, remembered: Callable[[str], Assignments]) -> tuple[str, bool]:
    """Return the kind of a file by its headings, empty where others fit it as well, and whether it is a table.

    Raises: a Refused for a file that nothing reads.
    """
    given: dict[str, Any] = {"strict": False, "until": look_ends_at()}
    known = {}
    for kind in sorted(KINDS.values(), key=lambda kind: kind.name != "titles"):
        with kind.opened(path, given | {"remembered": remembered(kind.name).headings}) as file:
            table = file.table if kind.name == "titles" else file
            if table is None:
                return kind.name, False
            known[kind.name] = _known(kind, table)
    first, second, *_ = sorted(known, key=lambda name: -known[name])
    return (first if known[first] - known[second] >= AHEAD else ""), True


def offered(name: str) -> str:
    """Return the kind that the name of a file alone tells; empty where it tells none or several."""
    folded = fold(name)
    found = [kind for kind, words in FILE_NAMES.items() if any(word in folded for word in words)]
    return found[0] if len(found) == 1 else ""


def _known(kind: Kind, table: spreadsheets.Table) -> int:
    """Return the number of headings that belong to a kind, and one more if none is missing; 0 if more are missing than
    others are there.
    """
    missing = sum(column.required and not table.has(column.name) for column in kind.columns)
    missing += bool(kind.either) and not any(map(table.has, kind.either))
    known = sum(map(bool, table.headings)) - len(table.unknown)
    return 0 if missing > len(table.unknown) else known + (not missing)
