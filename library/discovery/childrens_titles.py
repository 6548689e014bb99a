"""児童の資料: the titles for children of which the library has a copy that can be lent, and the lists that children see.

Nothing else is ever shown at /kids. A list is an array of rows of the snapshot, in order; a page shows SIZE of them,
and nobody is shown more than MANY: a second picture narrows.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from library.catalog import ndc
from library.catalog.query.query import Query
from library.catalog.search import facets, matching, search, snapshot
from library.catalog.search.snapshot import Snapshot
from library.discovery import motifs, rankings
from library.discovery.motifs import Motif
from library.store import engine
from library.store.queries import Query as Compiled, among, listed
from models import Title

SIZE, MANY = 12, 60  # covers of a page; titles of a list that are not too many
NEW_DAYS = 92
KANA = (
    "あいうえお",
    "かきくけこ",
    "さしすせそ",
    "たちつてと",
    "なにぬねの",
    "はひふへほ",
    "まみむめも",
    "や ゆ よ",
    "らりるれろ",
    "わ   を",
)
LETTERS = {letter for row in KANA for letter in row if letter != " "}
NO_KANA = "ほか"  # titles that begin with a digit or a Latin letter
_FACTS = """
    SELECT title.id, title.title, title.title_kana, substr(title.sort_key, 1, 1), title.material_type,
        (SELECT min(call_number) FROM item WHERE item.title_id = title.id AND call_number <> '')
    FROM title WHERE audience = ?
"""
_SUBJECTS = """
    SELECT title_subject.title_id, subject.name FROM title_subject
    JOIN subject ON subject.id = title_subject.subject_id JOIN title ON title.id = title_subject.title_id
    WHERE title.audience = ?
"""


@dataclass
class Facts:
    """A title as a cover shows it."""

    id: int
    title: str
    title_kana: str
    title_latin: str
    volume: str
    volume_kana: str
    kana_source: str
    author: str
    author_kana: str
    ndc: str
    isbn: str


@dataclass(frozen=True)
class Collection:
    """The titles for children at one moment. ``rows``: those of the snapshot, sorted; ``marks``: of each row of the
    snapshot the pictures that it has, a bit each; ``initials``: of each title its first kana.
    """

    shot: Snapshot
    motifs: tuple[Motif, ...]
    rows: np.ndarray
    marks: np.ndarray
    initials: dict[str, np.ndarray]

    def has(self, title_id: int) -> bool:
        """Tell whether a title is one of them."""
        row = self.shot.row_of(title_id)
        return row is not None and bool(np.isin(row, self.rows))

    def ids(self, rows: np.ndarray) -> list[int]:
        """Return the ids of titles in the order of their rows."""
        return self.shot.ids[rows].tolist()

    def motif(self, slug: str) -> Motif | None:
        """Return a picture that the library offers."""
        return next((each for each in self.motifs if each.slug == slug), None)

    def are_books(self, rows: np.ndarray) -> bool:
        """Tell whether all of these rows are books, and none a CD or a DVD."""
        return not self.shot.has_word("material", *motifs.NO_BOOKS, rows=rows).any()

    # -- lists --
    def with_pictures(self, rows: np.ndarray, slugs: Iterable[str]) -> np.ndarray:
        """Return the rows that have all of these pictures, in their order."""
        wanted = sum(self._bit(slug) for slug in set(slugs))
        return rows[(self.marks[rows] & wanted) == wanted]

    def pictured(self) -> np.ndarray:
        """Return all rows as a picture lists them, those first that a search without words would show first."""
        return self._ordered("relevance", self.rows)

    def beginning(self, initial: str) -> np.ndarray:
        """Return the rows whose reading begins with a kana (が and か alike), in order of their readings."""
        return self._ordered("title", self.initials.get(initial, self.rows[:0]))

    def on_shelf(self, digit: str = "") -> np.ndarray:
        """Return the rows in order of call numbers; of one main class, or of all."""
        found = self.rows[self.shot.in_class(digit, self.rows)] if digit else self.rows
        return self._ordered("call_number", found)

    def searched(self, text: str) -> tuple[np.ndarray, str]:
        """Return the rows that a text finds, the best first, and the text that was looked for in place of one that
        finds nothing; empty if that was not needed.
        """
        found = search.find(Query(q=text), self.shot)
        if found.ranks is None:
            return self.rows[:0], ""
        rows = self.rows[found.ranks[self.rows] != matching.MISS]
        keys = found.ranks[rows] * np.int64(len(self.shot.ids)) + self.shot.positions["relevance"][rows]
        return rows[np.argsort(keys)], found.instead if len(rows) else ""

    def popular(self) -> np.ndarray:
        """Return the rows of 貸出ベスト for children, the most lent first."""
        best = rankings.best("loans", span="half", audience="child") or rankings.best(
            "loans", span="year", audience="child"
        )
        rows = self.shot.rows_of(np.array(best, np.int64))
        return rows[np.isin(rows, self.rows)]

    def new(self, *, today: date) -> np.ndarray:
        """Return the rows of the titles acquired last but issues of serials, the latest first; of NEW_DAYS, and no more
        than MANY.
        """
        books = self.rows[facets.issues(self.shot)[0][self.rows] == 0]
        first = (today - timedelta(days=NEW_DAYS - 1)).toordinal()
        rows = books[(self.shot.arrived[books] >= first) & (self.shot.arrived[books] <= today.toordinal())]
        return rows[np.lexsort((-rows, -self.shot.arrived[rows]))][:MANY]

    # -- what narrows --
    def narrowing(self, rows: np.ndarray, chosen: Sequence[str] = ()) -> list[tuple[Motif, int]]:
        """Return the pictures that lead from a list to a shorter one that is not empty, each with its number of titles:
        the kinds of material, then the motifs with the most.
        """
        counts = self.counts(rows)
        left = [(each, counts[each.slug]) for each in self.motifs if each.slug not in chosen]
        some = [(each, count) for each, count in left if 0 < count < len(rows)]
        return sorted(some, key=lambda pair: (not pair[0].is_kind, 0 if pair[0].is_kind else -pair[1]))

    def counts(self, rows: np.ndarray) -> dict[str, int]:
        """Return the number of these rows that have each picture."""
        marks = self.marks[rows]
        return {each.slug: int(np.count_nonzero(marks & self._bit(each.slug))) for each in self.motifs}

    def _bit(self, slug: str) -> int:
        return next((1 << place for place, each in enumerate(self.motifs) if each.slug == slug), 1 << 31)

    def _ordered(self, sort: str, rows: np.ndarray) -> np.ndarray:
        return rows[np.argsort(self.shot.positions[sort][rows])]


def current(changed: Mapping[str, Any]) -> Collection:
    """Return the titles for children as they are now, made once for a snapshot of the catalogue. ``changed``: what the
    library changed of the pictures.
    """
    shot, shown = snapshot.current(), tuple(each for each in motifs.every(changed) if each.is_shown)
    kept = shot.cached.get("children")
    if kept is None or kept.motifs != shown:
        shot.cached["children"] = kept = _make(shot, shown)
    return kept


_TITLES = Compiled(
    lambda: Title.select(*(getattr(Title, name) for name in Facts.__annotations__)).where(Title.id.in_(among("titles")))
)


def facts(title_ids: Sequence[int]) -> list[Facts]:
    """Return the facts of titles in this order, in one query."""
    found = {row.id: Facts(*row) for row in _TITLES.rows(titles=listed(title_ids))}
    return [found[each] for each in title_ids if each in found]


# -- how they are made -------------------------------------------------------------------------------------------------
def _make(shot: Snapshot, shown: tuple[Motif, ...]) -> Collection:
    there = shot.has_word("audience", rankings.CHILDREN) & (shot.lendable > 0) & ~shot.removed
    headings: dict[int, set[str]] = {}
    for title_id, name in engine.run(_SUBJECTS, (rankings.CHILDREN,)).fetchall():
        headings.setdefault(title_id, set()).add(name.partition("--")[0].strip())
    marks, initials = np.zeros(len(shot.ids), np.uint32), {}
    by_class = {slug: _in_classes(shot, each.classes) for slug, each in _by_slug(shown).items()}
    tell = _Teller(shown, by_class)
    for title_id, title, kana, initial, material, call_number in engine.run(_FACTS, (rankings.CHILDREN,)).fetchall():
        row = shot.row_of(title_id)
        if row is None or not there[row]:
            continue
        mark = ndc.split_call_number(call_number or "")[0]
        marks[row] = tell.marks(row, {*headings.get(title_id, ()), material}, mark, title, kana, material)
        initials.setdefault(initial if initial in LETTERS else NO_KANA, []).append(row)
    by_letter = {letter: np.array(rows, np.int64) for letter, rows in initials.items()}
    return Collection(shot, shown, np.flatnonzero(there), marks, by_letter)


def _by_slug(shown: Iterable[Motif]) -> dict[str, Motif]:
    return {each.slug: each for each in shown}


def _in_classes(shot: Snapshot, classes: Iterable[str]) -> np.ndarray:
    """Return the mask over all rows of those in one of the classes that are numbers."""
    found = np.zeros(len(shot.ids), bool)
    for each in classes:
        if each[0] in ndc.DIGITS:
            found |= shot.in_class(each.replace(".", ""))
    return found


class _Teller:
    """The pictures that a title has, as bits in the order of the pictures."""

    def __init__(self, shown: tuple[Motif, ...], by_class: dict[str, np.ndarray]) -> None:
        self.places = {each.slug: place for place, each in enumerate(shown)}
        self.shown, self.by_class, self.words = _by_slug(shown), by_class, motifs.Words(shown)

    def marks(self, row: int, headings: set[str], mark: str, title: str, kana: str, material: str) -> int:
        slugs = self.words.found(title, kana)
        slugs |= {slug for slug, each in self.shown.items() if self._has(each, row, headings, mark)}
        kinds = [] if material in motifs.NO_BOOKS else [slug for slug in motifs.KINDS if slug in slugs][:1]
        return sum(1 << self.places[slug] for slug in (slugs - set(motifs.KINDS)).union(kinds))

    def _has(self, motif: Motif, row: int, headings: set[str], mark: str) -> bool:
        by_mark = bool(mark) and mark in motif.classes
        return by_mark or bool(self.by_class[motif.slug][row]) or not headings.isdisjoint(motif.subjects)
