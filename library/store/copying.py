"""写し: all rows of one database into another, from either engine to either (``flask db copy``, and the copies of a server).

Each table is read as one text that is the same on both engines, the one that a pack has of it: CSV with its columns above, ``\\N`` for
nothing, texts in quotation marks. The SHA-256 of this text tells whether all that was read was written.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import repeat
from typing import Any, NamedTuple

from peewee import (
    BlobField,
    BooleanField,
    Database,
    DateField,
    DateTimeField,
    Field,
    ForeignKeyField,
    IntegerField,
    SqliteDatabase,
)

import models
from library.store import server
from models import Table

BATCH = 1_000  # rows that are read at a time
LARGEST = 2**31  # a number from here on has no room in a column of a server
# what was ended or used up since must not live again in a copy; one of an older version has not all of them
SHORT_LIVED = (
    "session", "one_time_link", "draft", "desk_search", "held_form", "reset_request", "check_number", "challenge", "proved_browser",
)  # fmt: skip
# rows that came with those of another table, and come as they were read
_MADE_BY_TRIGGERS = ("card_number",)

Progress = Callable[[int, int], object]  # rows that are done, of how many


class NotCopied(Exception):
    """Nothing was copied; the message says why."""


class Differs(NotCopied):
    """The copy is another than what was read; ``copied`` tells of which tables."""

    def __init__(self, copied: "list[Copied]") -> None:
        self.copied = copied
        names = "、".join(each.table for each in copied if not each.is_same)
        super().__init__(f"写し元と写し先が違ったので、写しを取り消しました（{names}）。")


class Counted(NamedTuple):
    """The rows of a table, and the SHA-256 of their text."""

    rows: int
    digest: str


@dataclass(frozen=True)
class Copied:
    """One table that was copied: what was read, what stands there now, and where NUL was dropped."""

    table: str
    read: Counted
    written: Counted
    mended: list[str]

    @property
    def is_same(self) -> bool:
        return self.read == self.written


@dataclass(frozen=True)
class Part:
    """The part of a table that is read: the rows of a condition, and SQL ``instead`` of columns, by their names."""

    where: str = "TRUE"
    instead: Mapping[str, str] = field(default_factory=dict)


# whose library this is, which a copy has to be told (``installation``): its mails are held until then
PARTS = {"setting": Part("name <> 'installation_id'")}
_WHOLE = Part()
_OF_ANOTHER_KIND = (ValueError, TypeError, AttributeError)


# -- values ------------------------------------------------------------------------------------------------------------
class Conversion(NamedTuple):
    """The ways of the values of a column: from what SQLite has to Python, from there to SQLite, and to the text."""

    from_file: Callable[[Any], Any]
    to_file: Callable[[Any], Any]
    text: Callable[[Any], str]


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def _number(value: Any) -> int:
    if type(value) is not int:
        raise ValueError(value)
    return value


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _as_it_is(value: Any) -> Any:
    return value


_TEXT = Conversion(_as_it_is, _as_it_is, _quoted)
_NUMBER = Conversion(_number, _as_it_is, str)
_CONVERSIONS: tuple[tuple[type[Field], Conversion], ...] = (
    (DateTimeField, Conversion(_moment, lambda moment: moment.isoformat(" "), lambda moment: f"{moment.isoformat()}Z")),
    (DateField, Conversion(date.fromisoformat, date.isoformat, date.isoformat)),
    (BooleanField, Conversion(bool, int, lambda value: "true" if value else "false")),
    (BlobField, Conversion(bytes, _as_it_is, lambda content: hashlib.sha256(content).hexdigest())),
    (IntegerField, _NUMBER),  # the numbers of rows among them
)


def _kind(field: Field) -> Conversion:
    while isinstance(field, ForeignKeyField):
        field = field.rel_field
    return next((kind for kinds, kind in _CONVERSIONS if isinstance(field, kinds)), _TEXT)


# -- one table ---------------------------------------------------------------------------------------------------------
class Reading:
    """Reads the rows of one table in the order of their key, a batch at a time. ``counted`` is what was read so far.

    ``for_server``: as a server takes them. It has no NUL in texts, which nobody sees: it is dropped, and ``mended`` names the rows.
    """

    def __init__(
        self,
        source: Database,
        table: type[Table],
        steps: "Steps | None" = None,
        *,
        for_server: bool = False,
        parts: Mapping[str, Part] = PARTS,
    ) -> None:
        meta = table._meta
        self.name, self.mended = meta.table_name, list[str]()
        self.columns = [field.column_name for field in meta.sorted_fields]
        self._source, self._steps, self._for_server = source, steps, for_server
        self._part = parts.get(self.name, _WHOLE)
        self._conversions = [_kind(field) for field in meta.sorted_fields]
        self._key = [self.columns.index(field.column_name) for field in meta.get_primary_keys()]
        self._is_file = isinstance(source, SqliteDatabase)
        self.headings = f"{','.join(self.columns)}\r\n"
        self._rows, self._digest = 0, hashlib.sha256(self.headings.encode())

    @property
    def counted(self) -> Counted:
        return Counted(self._rows, self._digest.hexdigest())

    def __iter__(self) -> Iterator[list]:
        """Yield the Python values of each row. Raises: NotCopied, where one can't be written."""
        for columns, _ in self._read():
            yield from map(list, zip(*columns, strict=True))

    def texts(self) -> Iterator[bytes]:
        """Yield the text of the table, its headings first, then of many rows at a time. Raises: NotCopied."""
        yield self.headings.encode()
        for _, text in self._read():
            yield text

    def _read(self) -> Iterator[tuple[Sequence[Sequence], bytes]]:
        """Yield the values of many rows, a column beside the other, and their text. A column at a time takes half the time of a row."""
        for batch in self._batches():
            columns, cells = zip(*self._columns(batch), strict=True)
            text = "".join([f"{','.join(row)}\r\n" for row in zip(*cells, strict=True)]).encode()
            self._digest.update(text)
            self._rows += len(batch)
            yield columns, text
            if self._steps:
                self._steps.add(len(batch))

    def _batches(self) -> Iterator[list[tuple]]:
        instead = self._part.instead
        names = ", ".join(f'{instead[name]} AS "{name}"' if name in instead else f'"{name}"' for name in self.columns)
        key = _listed([self.columns[place] for place in self._key])
        blanks = ", ".join(repeat(self._source.param, len(self._key)))
        always = self._part.where
        last: tuple = ()
        while True:
            beyond = f"({key}) > ({blanks})" if last else "TRUE"
            sql = f'SELECT {names} FROM "{self.name}" WHERE {always} AND {beyond} ORDER BY {key} LIMIT {BATCH}'  # noqa: S608
            batch = self._source.execute_sql(sql, last).fetchall()
            if batch:
                yield batch
            if len(batch) < BATCH:
                return
            last = tuple(batch[-1][place] for place in self._key)

    def _columns(self, batch: list[tuple]) -> list[tuple[Sequence, list[str]]]:
        """Return the values of each column of these rows, and their texts. Raises: NotCopied, by the first row that has one of another kind."""
        columns: list[tuple[Sequence, list[str]]] = []
        for kind, stored in zip(self._conversions, zip(*batch, strict=True), strict=True):
            try:
                values = self._values(kind, stored, batch)
                columns.append((values, ["\\N" if value is None else kind.text(value) for value in values]))
            except _OF_ANOTHER_KIND as error:
                for row in batch if len(batch) > 1 else ():
                    self._columns([row])
                name = self.columns[len(columns)]
                raise NotCopied(f"{self._place(batch[0])} の {name} の値は、写せません。") from error
        return columns

    def _values(self, kind: Conversion, stored: Sequence, batch: list[tuple]) -> Sequence:
        if self._is_file and kind.from_file is not _as_it_is:
            stored = [None if value is None else kind.from_file(value) for value in stored]
        if not self._for_server:
            return stored
        if kind is _NUMBER and not all(value is None or -LARGEST <= value < LARGEST for value in stored):
            raise ValueError
        if kind is _TEXT and "\0" in "".join(filter(None, stored)):
            self.mended += [self._place(row) for row, text in zip(batch, stored, strict=True) if text and "\0" in text]
            return [text and text.replace("\0", "") for text in stored]
        return stored

    def _place(self, row: tuple) -> str:
        return " ".join([self.name, *[str(row[place]) for place in self._key]])


def _write(target: Database, reading: Reading, kinds: list[Conversion]) -> None:
    if isinstance(target, server.Server):
        target.fill(reading.name, reading.columns, reading)
        if "id" in reading.columns:
            target.number_on(reading.name)
        return
    places = [(place, kind.to_file) for place, kind in enumerate(kinds) if kind.to_file is not _as_it_is]
    sql = f'INSERT INTO "{reading.name}" ({_listed(reading.columns)}) VALUES ({", ".join(repeat("?", len(kinds)))})'  # noqa: S608
    target.connection().executemany(sql, (_for_file(row, places) for row in reading)).close()


def _for_file(row: list, places: list[tuple[int, Callable]]) -> list:
    for place, convert in places:
        if row[place] is not None:
            row[place] = convert(row[place])
    return row


def _listed(names: list[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


# -- all tables --------------------------------------------------------------------------------------------------------
def tables() -> list[type[Table]]:
    """Return the tables that are copied, each after those that it refers to."""
    return [table for table in server.in_order(models.ALL) if table._meta.table_name not in SHORT_LIVED]


class Steps:
    """The steps of a copy: every row is read at one place, and then (the second of ``passes``) at the other."""

    def __init__(
        self, source: Database, progress: Progress, of: Iterable[type[Table]] | None = None, *, passes: int = 2
    ) -> None:
        names = [table._meta.table_name for table in (tables() if of is None else of)]
        counts = (source.execute_sql(f'SELECT count(*) FROM "{name}"') for name in names)  # noqa: S608 (names of ours)
        self._done, self._all = 0, passes * sum(cursor.fetchone()[0] for cursor in counts)
        self._progress = progress

    def add(self, rows: int) -> None:
        """Tell of so many rows more."""
        self._done += rows
        self._progress(self._done, self._all)


def fill(source: Database, target: Database, steps: Steps | None = None) -> list[Reading]:
    """Write the rows of ``source``, which stands still meanwhile, into the empty tables of ``target``, inside its transaction; the index of
    the search is left to be made. Returns what was read. Raises: NotCopied.
    """
    readings = []
    if not isinstance(
        target, server.Server
    ):  # a row may refer to a later one of its own table, which COPY looks at in the end, too
        target.execute_sql("PRAGMA defer_foreign_keys = ON").close()
    for table in tables():
        if table._meta.table_name in _MADE_BY_TRIGGERS:
            target.execute_sql(f'DELETE FROM "{table._meta.table_name}"')  # noqa: S608
        readings.append(reading := Reading(source, table, steps, for_server=isinstance(target, server.Server)))
        _write(target, reading, [_kind(field) for field in table._meta.sorted_fields])
    request_index(target)
    return readings


def request_index(target: Database) -> None:
    """Note in a library that its index of the search is to be made."""
    target.execute_sql("UPDATE search_state SET version = version + 1, indexed_to = 0").close()


def compare(readings: list[Reading], target: Database, steps: Steps | None = None) -> list[Copied]:
    """Return what was read, and what stands in ``target`` now. Raises: Differs."""
    copied = [
        Copied(reading.name, reading.counted, counted(target, table, steps), reading.mended)
        for reading, table in zip(readings, tables(), strict=True)
    ]
    if not all(each.is_same for each in copied):
        raise Differs(copied)
    return copied


def counted(source: Database, table: type[Table], steps: Steps | None = None) -> Counted:
    """Read a whole table, and return what was read."""
    reading = Reading(source, table, steps)
    for _ in reading:
        pass
    return reading.counted
