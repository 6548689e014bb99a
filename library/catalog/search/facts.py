"""The facts of all titles that a search needs, as arrays: for counts, limits and order without asking the database.

Titles stand in order of their ids; a *row* is an index in that order.
"""

import itertools
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

import numpy as np
from peewee import fn

from library import holdings
from library.catalog import heading_names, removed_titles
from library.catalog.codes import accessible
from library.catalog.fulltext import index
from library.catalog.search import frequent_words
from library.catalog.search.frequent_words import FrequentWords
from library.catalog.series import volumes
from library.store import engine, numbers
from library.store.numbers import Lists
from models import Branch, Title

PART = 100_000  # titles that are read at a time
MORE_WORDS = 0.01  # when this part of the titles has come or gone, frequent words are counted again
NO_CLASS = 0xFFFFFFFF
_CLASS = re.compile(r"[A-Za-z]*([0-9.]*)")
_DAY = "coalesce(CAST(replace(CAST(accession_date AS TEXT), '-', '') AS INTEGER), 0)"  # 20261125
_EPOCH = date(1970, 1, 1).toordinal()
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_next_number = itertools.count().__next__


@dataclass
class Snapshot:
    """The facts of all titles at one moment.

    ``positions``: for each sort, the position of each row; ``relevance`` is the one among titles of equal rank.
    ``words``: the word of each code of material, audience and language. ``removed``: titles that no reader finds
    (``library.catalog.removed_titles``). ``changed_at``: the latest change of any title, ISO 8601.
    """

    version: int
    ids: np.ndarray
    rows: np.ndarray  # the row of each id, -1 for an id without a title; the last entry, -1, is for all higher ids
    years: np.ndarray  # 0 where unknown
    classes: np.ndarray  # the eight digits of the first NDC as a number, NO_CLASS when there is none
    more_classes: tuple[np.ndarray, np.ndarray]  # further classes: the rows, and a class of each
    decades: np.ndarray  # the years without their last digit
    divisions: np.ndarray  # the first digit of the NDC, more than 9 when there is none
    codes: dict[str, np.ndarray]
    words: dict[str, list[str]]
    branches: Lists
    branch_names: dict[str, str]  # by code, in the order of the places in ``branches``
    creators: Lists
    formats: Lists
    format_codes: list[str]
    lendable: np.ndarray  # copies that can be lent
    positions: dict[str, np.ndarray]
    arrived: np.ndarray  # the day of accession as in ``date.toordinal``, 0 when unknown
    removed: np.ndarray
    changed_at: str
    frequent: FrequentWords
    cached: dict = field(default_factory=dict)  # counts that were made from these facts
    number: int = field(default_factory=_next_number)  # unique in this process

    def rows_of(self, title_ids: np.ndarray) -> np.ndarray:
        """Return the rows of these ids; ids that have none are left out."""
        rows = self.rows_or_missing(title_ids)
        return rows[rows >= 0]

    def row_of(self, title_id: int) -> int | None:
        """Return the row of one id; None when it has none."""
        row = self.rows[title_id] if 0 < title_id < len(self.rows) else -1
        return None if row < 0 else int(row)

    def in_class(self, digits: str, rows: np.ndarray | slice = slice(None)) -> np.ndarray:
        """Return the mask over ``rows`` (default: all) of those in a class of up to eight digits or below it."""
        first = int(digits.ljust(8, "0"))
        after = first + 10 ** (8 - len(digits))
        found = (self.classes[rows] >= first) & (self.classes[rows] < after)
        further, classes = self.more_classes
        if not len(further):
            return found
        others = np.zeros(len(self.ids), bool)
        others[further[(classes >= first) & (classes < after)]] = True
        return found | others[rows]

    def has_word(self, name: str, *words: str, rows: np.ndarray | slice = slice(None)) -> np.ndarray:
        """Return the mask over ``rows`` (default: all) of those that have one of the words as ``name``: material,
        audience or language.
        """
        return np.isin(self.codes[name][rows], [code for code, word in enumerate(self.words[name]) if word in words])

    def without_removed(self, rows: np.ndarray) -> np.ndarray:
        """Return the rows (numbers) that readers find."""
        return rows[~self.removed[rows]]

    def with_removals(self, known: Iterable[tuple[int, bool]]) -> "Snapshot":
        """Return these facts updated by pairs of (title id, is it removed); ``self`` when nothing differs."""
        pairs = np.array(list(known), np.int64).reshape(-1, 2)
        rows = self.rows_or_missing(pairs[:, 0])
        rows, is_removed = rows[rows >= 0], pairs[rows >= 0, 1].astype(bool)
        if (self.removed[rows] == is_removed).all():
            return self
        changed = self.removed.copy()
        changed[rows] = is_removed
        return self._with_removed(changed)

    def for_staff(self) -> "Snapshot":
        """Return these facts for a search by the staff: no title counts as removed."""
        if "staff" not in self.cached:
            self.cached["staff"] = self._with_removed(np.zeros(len(self.ids), bool)) if self.removed.any() else self
        return self.cached["staff"]

    def _with_removed(self, mask: np.ndarray) -> "Snapshot":
        return replace(self, removed=mask, cached={}, number=_next_number())

    def rows_or_missing(self, title_ids: np.ndarray) -> np.ndarray:
        """Return the row of each of these ids, -1 for an id that has none."""
        return self.rows[np.minimum(title_ids, len(self.rows) - 1)]


def read(last_read: Snapshot | None = None) -> Snapshot:
    """Return the facts read from the database, in the caller's transaction. The frequent words of ``last_read`` are
    used again while the number of titles is about the same.
    """
    version = index.version()
    last = engine.run("SELECT coalesce(max(id), 0) FROM title").fetchone()[0]
    ids = _column("id", np.int32, last)
    count = len(ids)
    rows = np.full(last + 2, -1, np.int32)
    rows[ids] = np.arange(count, dtype=np.int32)
    years = _column("CASE WHEN year < 0 THEN 0 WHEN year > 9999 THEN 9999 ELSE coalesce(year, 0) END", np.uint16, last)
    classes, more_classes = _classes(rows, count, last)
    codes, words = {}, {}
    for name, column in (("material", "material_type"), ("audience", "audience"), ("language", "language")):
        codes[name], words[name] = _coded(column, last)
    branches, branch_names, lendable = _holdings(rows, count, last)
    return Snapshot(
        version=version,
        ids=ids,
        rows=rows,
        years=years,
        decades=(years // 10).astype(np.uint16),
        classes=classes,
        more_classes=more_classes,
        divisions=np.minimum(classes // 10**7, 10).astype(np.uint8),
        codes=codes,
        words=words,
        branches=branches,
        branch_names=branch_names,
        creators=_creators(rows, count, last),
        formats=_formats(rows, count),
        format_codes=list(accessible.FORMATS),
        lendable=lendable,
        positions=_positions(rows, years, count) | {"relevance": _by_default(rows, years, branches.sizes() > 0, last)},
        arrived=_ordinals(_column(_DAY, np.int32, last)),
        removed=_removed(rows, count, last),
        changed_at=(Title.select(fn.MAX(Title.changed_at)).scalar() or _NEVER).isoformat(),
        frequent=last_read.frequent
        if last_read and abs(len(last_read.ids) - count) < count * MORE_WORDS
        else frequent_words.count_in_sample(ids),
    )


def _numbers(last: int, kind: type, columns: Sequence[str], source: str, values: Sequence = ()) -> list[np.ndarray]:
    """Return an array for each column of a select; ``{part}`` in ``source`` stands for the condition on the title's id.

    PART titles are read at a time, which keeps the texts of ``numbers`` small.
    """
    joined = ", ".join(map(numbers.joined, columns))
    found = []
    for first in range(1, last + 1, PART):
        sql = f"SELECT {joined} FROM ({source.format(part=f'BETWEEN {first} AND {first + PART - 1}')}) AS part"  # noqa: S608
        found.append([numbers.parsed(text, kind) for text in engine.run(sql, values).fetchone()])
    return [np.concatenate(parts) for parts in zip(*found, strict=True)] or [np.zeros(0, kind) for _ in columns]


def _column(expression: str, kind: type, last: int, values: Sequence = ()) -> np.ndarray:
    source = f"SELECT {expression} AS n FROM title WHERE id {{part}} ORDER BY id"  # noqa: S608
    return _numbers(last, kind, "n", source, values)[0]


def _classes(rows: np.ndarray, count: int, last: int) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray]]:
    """Return the first class of each row, and the rows and classes of further ones. Titles are grouped by their text of
    classes, of which there are few.
    """
    classes = np.full(count, NO_CLASS, np.uint32)
    further, others = [np.zeros(0, np.int32)], [np.zeros(0, np.uint32)]
    for first in range(1, last + 1, PART):
        sql = f"SELECT ndc, count(*), {numbers.joined('id')} FROM title WHERE id BETWEEN ? AND ? GROUP BY 1"  # noqa: S608
        found = engine.run(sql, (first, first + PART - 1)).fetchall()
        read = np.array([_class(ndc) for ndc, _, _ in found], np.uint32)
        titles = numbers.parsed(",".join([ids for _, _, ids in found]), np.int32)
        classes[rows[titles]] = np.repeat(read, [size for _, size, _ in found])
        for several, _, ids in found:
            for other in several.split(" ")[1:]:
                further.append(rows[numbers.parsed(ids, np.int32)])
                others.append(np.full(len(further[-1]), _class(other), np.uint32))
    return classes, (np.concatenate(further), np.concatenate(others))


def _class(ndc: str) -> int:
    """Return the first eight digits of a class as a number, filled up with zeros; NO_CLASS for a text
    without digits.
    """
    found = _CLASS.match(ndc)
    digits = found[1].replace(".", "")[:8] if found else ""
    return int(digits.ljust(8, "0")) if digits else NO_CLASS


def _ordinals(days: np.ndarray) -> np.ndarray:
    """Return days (20261125) as in ``date.toordinal``; 0 stays."""
    months = ((days // 10_000 - 1970) * 12 + days // 100 % 100 - 1).astype("M8[M]")
    found = months.astype("M8[D]").astype(np.int64) + days % 100 - 1 + _EPOCH
    return np.where(days, found, 0).astype(np.int32)


def _coded(column: str, last: int) -> tuple[np.ndarray, list[str]]:
    """Return a code for each row, and the word of each code."""
    words = [row[0] for row in engine.run(f"SELECT {column} FROM title GROUP BY 1 ORDER BY 1").fetchall()]  # noqa: S608
    cases = " ".join(f"WHEN ? THEN {code}" for code in range(len(words)))
    return _column(f"CASE {column} {cases} ELSE 0 END" if words else "0", np.uint16, last, words), words


def _holdings(rows: np.ndarray, count: int, last: int) -> tuple[Lists, dict[str, str], np.ndarray]:
    branches = list(Branch.select(Branch.id, Branch.code, Branch.name).order_by(Branch.position, Branch.id))
    columns = "title_id, branch_id, count(*) FILTER (WHERE state = 'available') AS free"
    source = f"SELECT {columns} FROM item WHERE title_id {{part}} AND {holdings.IN_STOCK} GROUP BY 1, 2"  # noqa: S608
    titles, places, free = _numbers(last, np.int32, ("title_id", "branch_id", "free"), source)
    known = rows[titles]
    place_of = np.zeros(max((branch.id for branch in branches), default=0) + 1, np.uint16)
    place_of[[branch.id for branch in branches]] = np.arange(len(branches))
    lendable = np.bincount(known, weights=free, minlength=count).astype(np.uint16)
    names = {branch.code: branch.name for branch in branches}
    return Lists.gathered(known, place_of[places], count), names, lendable


def _removed(rows: np.ndarray, count: int, last: int) -> np.ndarray:
    source = f"SELECT DISTINCT title_id FROM item WHERE title_id {{part}} AND NOT ({holdings.IN_STOCK})"  # noqa: S608
    titles = _numbers(
        last, np.int32, ("title_id",), f"{source} AND NOT {removed_titles.THERE.format('item.title_id')}"
    )[0]
    found = np.zeros(count, bool)
    found[rows[titles]] = True
    return found


def _creators(rows: np.ndarray, count: int, last: int) -> Lists:
    source = "SELECT title_id, author_id FROM contributor WHERE title_id {part} GROUP BY 1, 2"
    titles, authors = _numbers(last, np.int32, ("title_id", "author_id"), source)
    return Lists.gathered(*_as_creators(rows[titles], authors), count)


def _formats(rows: np.ndarray, count: int) -> Lists:
    """Return the accessible formats of each title and its e-book, as indexes of accessible.FORMATS."""
    place_of = {code: place for place, code in enumerate(accessible.FORMATS)}
    found: list[tuple[np.ndarray, int]] = []
    sql = f"SELECT formats, {numbers.joined('id')} FROM title WHERE formats <> '' GROUP BY formats"  # noqa: S608
    for formats, ids in engine.run(sql).fetchall():
        titles = rows[numbers.parsed(ids, np.int32)]
        found += [(titles, place_of[code]) for code in accessible.codes(formats)]
    sql = "SELECT title_id, accessibility FROM ebook WHERE withdrawn_at IS NULL AND accessibility IS NOT NULL"
    for title_id, facts in engine.run(sql).fetchall():
        found += [(rows[[title_id]], place_of[code]) for code in accessible.codes(json.loads(facts).get("formats", ""))]
    if not found:
        return Lists.gathered(np.zeros(0, np.int32), np.zeros(0, np.uint8), count)
    titles = np.concatenate([titles for titles, _ in found])
    places = np.concatenate([np.full(len(titles), place, np.uint8) for titles, place in found])
    pairs = np.unique(np.stack((titles, places.astype(np.int32))), axis=1)
    return Lists.gathered(pairs[0], pairs[1].astype(np.uint8), count)


def _as_creators(titles: np.ndarray, forms: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return pairs of title and creator from pairs of title and form of a name, each pair once."""
    others = heading_names.creators_of_forms_under_others()
    if not others or not len(forms):
        return titles, forms
    creator_of = np.arange(max(int(forms.max()), *others) + 1, dtype=np.int32)
    creator_of[list(others)] = list(others.values())
    pairs = np.unique(np.stack((titles, creator_of[forms])), axis=1)
    return pairs[0], pairs[1]


def _positions(rows: np.ndarray, years: np.ndarray, count: int) -> dict[str, np.ndarray]:
    """Return, for each sort, the position of each row: by year (unknown ones last), title, author and call number."""
    backwards = np.arange(count)[::-1]
    orders = {
        "newest": backwards[np.argsort(-years[::-1].astype(np.int32), kind="stable")],
        "oldest": np.lexsort((years, years == 0)),
    }
    for name, column in (("title", "sort_key"), ("author", "author_sort_key"), ("call_number", "shelf_key")):
        orders[name] = _ordered(column, rows, count)
    positions = {}
    for name, order in orders.items():
        positions[name] = np.empty(count, np.int32)
        positions[name][order] = np.arange(count, dtype=np.int32)
    return positions


def _by_default(rows: np.ndarray, years: np.ndarray, held: np.ndarray, last: int) -> np.ndarray:
    """Return the position of each row among titles of equal rank: those with copies first, then the newest, volumes of
    a work in their order.
    """
    latest, first, place = years.astype(np.int32), np.arange(len(years)), np.zeros(len(years), np.int32)
    for members in _volumes_of_works(rows, last).values():
        ordered = [row for _, row in sorted(members)]
        latest[ordered], first[ordered] = latest[ordered].max(), max(ordered)
        place[ordered] = np.arange(len(ordered))
    order = np.lexsort((place, -first, -latest, ~held))
    positions = np.empty(len(years), np.int32)
    positions[order] = np.arange(len(years), dtype=np.int32)
    return positions


def _volumes_of_works(rows: np.ndarray, last: int) -> dict[tuple[str, str], list[tuple[tuple[int, ...], int]]]:
    """Return (work, publisher) → [(numbers of a volume, row)] of the titles that are volumes."""
    found: dict[tuple[str, str], list[tuple[tuple[int, ...], int]]] = {}
    sql = (
        "SELECT id, CASE WHEN work_key = '' THEN title ELSE work_key END, publisher, volume FROM title "
        "WHERE id BETWEEN ? AND ? AND volume <> '' ORDER BY id"
    )
    for begin in range(1, last + 1, PART):
        for title_id, work, publisher, volume in engine.run(sql, (begin, begin + PART - 1)).fetchall():
            found.setdefault((work, publisher), []).append((volumes.numbers_in(volume), int(rows[title_id])))
    return found


def _ordered(column: str, rows: np.ndarray, count: int) -> np.ndarray:
    """Return the rows in order of a key, those without one last. Read in parts, as SQLite sorts in memory."""
    # the keys of every 499th title set the bounds of the parts
    tried = engine.run(f"SELECT {column} FROM title WHERE id % 499 = 0 ORDER BY 1").fetchall()  # noqa: S608
    bounds = [key for (key,) in tried[:: max(1, PART * len(tried) // max(count, 1))]][1:]
    parts = []
    for low, high in zip(["", *bounds], [*bounds, None], strict=True):
        until, values = ("", (low,)) if high is None else (f"AND {column} < ?", (low, high))
        sql = f"SELECT {numbers.joined('id')} FROM (SELECT id FROM title WHERE {column} >= ? {until} ORDER BY {column}, id) AS part"  # noqa: S608
        parts.append(numbers.parsed(engine.run(sql, values).fetchone()[0], np.int32))
    empty = engine.run(f"SELECT count(*) FROM title WHERE {column} = ''").fetchone()[0]  # noqa: S608
    return np.roll(rows[np.concatenate(parts)], -empty)
