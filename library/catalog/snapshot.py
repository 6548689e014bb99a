"""What a search needs to know of every title, as arrays in memory: for counts, limits and order, without asking the database.

Titles stand in order of their ids; a *row* is a place in that order. Made anew when something changed: at once in a small library;
in a large one in a thread of its own, while searches go on with what they have.
"""

import itertools
import threading
import time
from dataclasses import dataclass, field

import numpy as np

from library.catalog import index
from models import Branch
from models import database as connection

SMALL = 20_000  # titles that are read in less time than anybody notices
WAIT = 0.05  # seconds that a search waits for a thread that makes a new one
REST = 5  # a snapshot is made again after so many times the time that the last took: not all the time during an import
_PARSED = 100_000  # letters of numbers that are parsed at a stroke; then other threads may go on
NO_CLASS = 0xFFFFFFFF
JULIAN = 1721424.5  # the day before the first of Python's calendar


class Lists:
    """Several numbers for each row (branches, authors): those of row n stand from ``begins[n]`` to ``begins[n + 1]``."""

    def __init__(self, rows, values, count):
        self.begins = np.concatenate(([0], np.cumsum(np.bincount(rows, minlength=count)))).astype(np.int32)
        self.values = values[np.argsort(rows, kind="stable")]

    def of(self, rows):
        """The numbers of these rows, and for each number the place of its row among them."""
        sizes = self.begins[rows + 1] - self.begins[rows]
        places = np.repeat(np.arange(len(rows)), sizes)
        first = np.cumsum(sizes) - sizes
        return self.values[np.arange(len(places)) + np.repeat(self.begins[rows] - first, sizes)], places

    def have(self, rows, wanted):
        """Which of these rows have one of the wanted numbers."""
        values, places = self.of(rows)
        found = np.zeros(len(rows), bool)
        found[places[np.isin(values, wanted)]] = True
        return found


@dataclass
class Snapshot:
    """``positions`` say for each sort where each row stands; ``words`` what a code of material, audience or language means."""

    version: int
    ids: np.ndarray
    rows: np.ndarray  # of each id, -1 where there is none, as for all ids from the last one here on
    years: np.ndarray  # 0 where unknown
    classes: np.ndarray  # the eight digits of an NDC as a number, NO_CLASS where there is none
    decades: np.ndarray  # of the years, without their last digit
    divisions: np.ndarray  # the first digit of each NDC, more than 9 where there is none
    codes: dict
    words: dict
    branches: Lists
    branch_codes: list
    branch_names: list
    authors: Lists
    lendable: np.ndarray  # copies that can be lent
    positions: dict
    arrived: np.ndarray  # the day of accession as in ``date.toordinal``, 0 where unknown
    kept: dict = field(default_factory=dict)  # what was counted of it once
    number: int = field(default_factory=itertools.count().__next__)  # another one for each

    def rows_of(self, title_ids):
        """Rows of the ids that are here."""
        rows = self.every_row(title_ids)
        return rows[rows >= 0]

    def row_of(self, title_id):
        """The row of one id; None when it is not here."""
        row = self.rows[title_id] if 0 < title_id < len(self.rows) else -1
        return None if row < 0 else int(row)

    def every_row(self, title_ids):
        """Rows of all these ids, -1 for what is not here."""
        return self.rows[np.minimum(title_ids, len(self.rows) - 1)]


def current() -> Snapshot:
    """The newest there is, of a small library that of now."""
    return _keeper.current()


def prepare():
    """Begin to make one in a thread of its own, so that the first search after a start does not wait so long for it."""
    threading.Thread(target=_keeper.first, name="catalogue snapshot", daemon=True).start()


class _Keeper:
    def __init__(self):
        self.lock = threading.Lock()
        self.database = self.snapshot = self.thread = None
        self.next_time = 0.0

    def current(self):
        version = index.version()
        snapshot = self.snapshot if self.database is connection.obj else None
        if snapshot is not None and snapshot.version == version:
            return snapshot
        if snapshot is None or len(snapshot.ids) <= SMALL:
            with self.lock:
                if self.snapshot is None or self.database is not connection.obj or self.snapshot.version != version:
                    self._make()
                return self.snapshot
        thread = self._begin()
        if thread is not None:
            thread.join(WAIT)
        return self.snapshot

    def first(self):
        with connection.connection_context():
            self.current()

    def _begin(self):
        """The thread that makes a new one; None when it was made a moment ago."""
        with self.lock:
            if (self.thread is None or not self.thread.is_alive()) and time.monotonic() >= self.next_time:
                self.thread = threading.Thread(target=self._make_beside, name="catalogue snapshot", daemon=True)
                self.thread.start()
                return self.thread
            return self.thread if self.thread is not None and self.thread.is_alive() else None

    def _make_beside(self):
        began = time.monotonic()
        with connection.connection_context():
            self._make()
        self.next_time = time.monotonic() + REST * (time.monotonic() - began)

    def _make(self):
        opened = connection.obj
        made = _read()
        self.database, self.snapshot = opened, made


_keeper = _Keeper()


def _read() -> Snapshot:
    """All arrays, of one moment of the database."""
    alone = not connection.in_transaction()
    if alone:
        connection.execute_sql("BEGIN").close()
    try:
        return _arrays()
    finally:
        if alone:
            connection.execute_sql("COMMIT").close()


def _arrays():
    version = index.version()
    ids = _numbers("SELECT group_concat(id) FROM (SELECT id FROM title ORDER BY id)", np.int32)
    rows = np.full(int(ids.max(initial=0)) + 2, -1, np.int32)
    rows[ids] = np.arange(len(ids), dtype=np.int32)
    years = _column("max(0, min(9999, ifnull(year, 0)))", np.uint16)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    digits = f"replace(ltrim(ndc, '{letters}'), '.', '')"
    classes = _column(
        f"CASE WHEN {digits} GLOB '[0-9]*' THEN CAST(substr({digits} || '00000000', 1, 8) AS INTEGER) ELSE {NO_CLASS} END",
        np.uint32,
    )
    codes, words = {}, {}
    for name, column in (("material", "material_type"), ("audience", "audience"), ("language", "language")):
        codes[name], words[name] = _coded(column)
    branches, branch_codes, branch_names, lendable = _holdings(rows, len(ids))
    return Snapshot(
        version, ids, rows, years, classes, (years // 10).astype(np.uint16), np.minimum(classes // 10**7, 10).astype(np.uint8), codes, words, branches, branch_codes, branch_names, _authors(rows, len(ids)),
        lendable, _positions(rows, years, len(ids)), _column(f"ifnull(CAST(julianday(accession_date) - {JULIAN} AS INTEGER), 0)", np.int32),
    )  # fmt: skip


def _numbers(sql, kind):
    """The numbers that a query gives as one text. So SQLite works alone, and Python is held up only to parse them."""
    text = connection.execute_sql(sql).fetchone()[0]
    return parsed(text, kind)


def parsed(text, kind):
    """The numbers of a text with commas between them."""
    if not text:
        return np.zeros(0, kind)
    if len(text) <= _PARSED:
        return np.fromstring(text, kind, sep=",")
    parts, begin = [], 0
    while begin < len(text):
        end = text.find(",", begin + _PARSED)
        end = len(text) if end < 0 else end
        parts.append(np.fromstring(text[begin:end], kind, sep=","))
        begin = end + 1
    return np.concatenate(parts)


def _column(expression, kind):
    return _numbers(f"SELECT group_concat(n) FROM (SELECT {expression} AS n FROM title ORDER BY id)", kind)  # noqa: S608


def _coded(column):
    """A code for each row, and the word of each code."""
    words = [row[0] for row in connection.execute_sql(f"SELECT {column} FROM title GROUP BY 1 ORDER BY 1")]  # noqa: S608
    cases = " ".join(f"WHEN ? THEN {code}" for code in range(len(words)))
    if not words:
        return np.zeros(0, np.uint16), []
    sql = f"SELECT group_concat(n) FROM (SELECT CASE {column} {cases} END AS n FROM title ORDER BY id)"  # noqa: S608
    return parsed(connection.execute_sql(sql, words).fetchone()[0], np.uint16), words


def _holdings(rows, count):
    branches = list(Branch.select(Branch.id, Branch.code, Branch.name).order_by(Branch.position, Branch.id).tuples())
    sql = (
        "SELECT group_concat(title_id), group_concat(branch_id), group_concat(free) FROM (SELECT title_id, branch_id, "
        "count(*) FILTER (WHERE state = 'available') AS free FROM item WHERE state <> 'withdrawn' GROUP BY 1, 2)"
    )
    titles, places, free = (parsed(text, np.int32) for text in connection.execute_sql(sql).fetchone())
    known = rows[titles]
    place_of = np.zeros(max((branch[0] for branch in branches), default=0) + 1, np.uint16)
    place_of[[branch[0] for branch in branches]] = np.arange(len(branches))
    lendable = np.bincount(known, weights=free, minlength=count).astype(np.uint16)
    codes, names = [branch[1] for branch in branches], [branch[2] for branch in branches]
    return Lists(known, place_of[places], count), codes, names, lendable


def _authors(rows, count):
    sql = (
        "SELECT group_concat(title_id), group_concat(author_id) FROM "
        "(SELECT title_id, author_id FROM contributor GROUP BY 1, 2)"
    )
    titles, authors = (parsed(text, np.int32) for text in connection.execute_sql(sql).fetchone())
    return Lists(rows[titles], authors, count)


def _positions(rows, years, count):
    """Where each row stands by year (unknown ones last), title, author and call number."""
    backwards = np.arange(count)[::-1]
    unknown = years == 0
    orders = {
        "newest": backwards[np.argsort(-years[::-1].astype(np.int32), kind="stable")],
        "oldest": np.lexsort((np.arange(count), years, unknown)),
    }
    for name, column in (("title", "sort_key"), ("author", "author_sort_key"), ("call_number", "shelf_key")):
        sql = f"SELECT group_concat(id) FROM (SELECT id FROM title ORDER BY {column} = '', {column}, id)"  # noqa: S608
        orders[name] = rows[_numbers(sql, np.int32)]
    positions = {}
    for name, order in orders.items():
        positions[name] = np.empty(count, np.int32)
        positions[name][order] = np.arange(count, dtype=np.int32)
    return positions
