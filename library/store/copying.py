"""写し: all rows of one database into another, between both engines (``flask db copy``, and backups of a server).

Each table is read as one text, equal on both engines and in packs: CSV with headings, ``\\N`` for nothing, texts in
quotation marks. Its SHA-256 shows whether everything read was written.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import repeat
from typing import Any, NamedTuple

from peewee import (
    BigIntegerField,
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

BATCH = 1_000  # rows in one query
LARGEST = 2**31  # from here on a number is too large for a column on a server
# not copied, as their rows may have been ended or used since; an older version lacks some of these tables
SHORT_LIVED = (
    "session", "one_time_link", "draft", "desk_search", "held_form", "reset_request", "check_number", "challenge",
    "proved_browser",
)  # fmt: skip
# triggers fill these tables; their rows are replaced by those read
_MADE_BY_TRIGGERS = ("card_number",)

Progress = Callable[[int, int], object]  # (rows done, rows in all)


class NotCopied(Exception):
    """Nothing was copied; the message says why."""


class Differs(NotCopied):
    """The written rows differ from those read; ``copied`` says in which tables."""

    def __init__(self, copied: "list[Copied]") -> None:
        self.copied = copied
        names = "、".join(each.table for each in copied if not each.is_same)
        super().__init__(f"写し元と写し先が違ったので、写しを取り消しました（{names}）。")


class Counted(NamedTuple):
    """The number of rows of a table, and the SHA-256 of its text."""

    rows: int
    digest: str


@dataclass(frozen=True)
class Copied:
    """One copied table: as read, as written, and the rows (``mended``) that lost a NUL."""

    table: str
    read: Counted
    written: Counted
    mended: list[str]

    @property
    def is_same(self) -> bool:
        return self.read == self.written


@dataclass(frozen=True)
class Part:
    """The part of a table to read: rows of a condition; ``instead``: column → SQL read in its place."""

    where: str = "TRUE"
    instead: Mapping[str, str] = field(default_factory=dict)


# a copy gets its own installation id, and holds its mails until the administrator says so (``installation``)
PARTS = {"setting": Part("name <> 'installation_id'")}
_WHOLE = Part()
_WRONG_TYPE = (ValueError, TypeError, AttributeError)


# -- values ------------------------------------------------------------------------------------------------------------
class Conversion(NamedTuple):
    """The conversions of a column's values: from SQLite to Python, back, and to the text."""

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
    (BigIntegerField, Conversion(_number, _as_it_is, str)),  # as large as a file's on a server, too
    (IntegerField, _NUMBER),  # ids too
)


def _conversion(field: Field) -> Conversion:
    while isinstance(field, ForeignKeyField):
        field = field.rel_field
    return next((conversion for types, conversion in _CONVERSIONS if isinstance(field, types)), _TEXT)


# -- one table ---------------------------------------------------------------------------------------------------------
class Reading:
    """The rows of one table in the order of their key, read in batches; ``counted``: so far.

    ``for_server``: with values for PostgreSQL, which has no NUL in texts: it is dropped, and ``mended`` has the rows.
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
        self._conversions = [_conversion(field) for field in meta.sorted_fields]
        self._key = [self.columns.index(field.column_name) for field in meta.get_primary_keys()]
        self._is_file = isinstance(source, SqliteDatabase)
        self.headings = f"{','.join(self.columns)}\r\n"
        self._rows, self._digest = 0, hashlib.sha256(self.headings.encode())

    @property
    def counted(self) -> Counted:
        return Counted(self._rows, self._digest.hexdigest())

    def __iter__(self) -> Iterator[list]:
        """Yield each row as a list of Python values. Raises: NotCopied, where a value can't be written."""
        for columns, _ in self._read():
            yield from map(list, zip(*columns, strict=True))

    def texts(self) -> Iterator[bytes]:
        """Yield the text of the table: headings first, then many rows at a time. Raises: NotCopied."""
        yield self.headings.encode()
        for _, text in self._read():
            yield text

    def _read(self) -> Iterator[tuple[Sequence[Sequence], bytes]]:
        """Yield (columns of values, text) of many rows; reading by column takes half the time of reading by row."""
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
            where = f"{always} AND {beyond}"
            sql = f'SELECT {names} FROM "{self.name}" WHERE {where} ORDER BY {key} LIMIT {BATCH}'  # noqa: S608
            batch = self._source.execute_sql(sql, last).fetchall()
            if batch:
                yield batch
            if len(batch) < BATCH:
                return
            last = tuple(batch[-1][place] for place in self._key)

    def _columns(self, batch: list[tuple]) -> list[tuple[Sequence, list[str]]]:
        """Return (values, texts) of each column. Raises: NotCopied, naming the first row with a wrong value."""
        columns: list[tuple[Sequence, list[str]]] = []
        for conversion, stored in zip(self._conversions, zip(*batch, strict=True), strict=True):
            try:
                values = self._values(conversion, stored, batch)
                columns.append((values, ["\\N" if value is None else conversion.text(value) for value in values]))
            except _WRONG_TYPE as error:
                for row in batch if len(batch) > 1 else ():
                    self._columns([row])
                name = self.columns[len(columns)]
                raise NotCopied(f"{self._place(batch[0])} の {name} の値は、写せません。") from error
        return columns

    def _values(self, conversion: Conversion, stored: Sequence, batch: list[tuple]) -> Sequence:
        if self._is_file and conversion.from_file is not _as_it_is:
            stored = [None if value is None else conversion.from_file(value) for value in stored]
        if not self._for_server:
            return stored
        if conversion is _NUMBER and not all(value is None or -LARGEST <= value < LARGEST for value in stored):
            raise ValueError
        if conversion is _TEXT and "\0" in "".join(filter(None, stored)):
            self.mended += [self._place(row) for row, text in zip(batch, stored, strict=True) if text and "\0" in text]
            return [text and text.replace("\0", "") for text in stored]
        return stored

    def _place(self, row: tuple) -> str:
        return " ".join([self.name, *[str(row[place]) for place in self._key]])


def _write(target: Database, reading: Reading, conversions: list[Conversion]) -> None:
    if isinstance(target, server.Server):
        target.fill(reading.name, reading.columns, reading)
        if "id" in reading.columns:
            target.number_on(reading.name)
        return
    places = [
        (place, conversion.to_file)
        for place, conversion in enumerate(conversions)
        if conversion.to_file is not _as_it_is
    ]
    blanks = ", ".join(repeat("?", len(conversions)))
    sql = f'INSERT INTO "{reading.name}" ({_listed(reading.columns)}) VALUES ({blanks})'  # noqa: S608
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
    """Return the tables to copy, each after those that it refers to."""
    return [table for table in server.in_order(models.ALL) if table._meta.table_name not in SHORT_LIVED]


class Steps:
    """The progress of a copy: each row counts once for each of ``passes`` (reading and checking)."""

    def __init__(
        self, source: Database, progress: Progress, of: Iterable[type[Table]] | None = None, *, passes: int = 2
    ) -> None:
        names = [table._meta.table_name for table in (tables() if of is None else of)]
        counts = (source.execute_sql(f'SELECT count(*) FROM "{name}"') for name in names)  # noqa: S608 (names of ours)
        self._done, self._all = 0, passes * sum(cursor.fetchone()[0] for cursor in counts)
        self._progress = progress

    def add(self, rows: int) -> None:
        """Count rows as done and report the progress."""
        self._done += rows
        self._progress(self._done, self._all)


def fill(source: Database, target: Database, steps: Steps | None = None) -> list[Reading]:
    """Copy all rows of ``source`` into the empty tables of ``target``, in its transaction; return the readings.

    ``source`` must not change meanwhile; the index of the search is made later. Raises: NotCopied.
    """
    readings = []
    if not isinstance(
        target, server.Server
    ):  # rows may refer to later ones of their table; COPY checks at its end anyway
        target.execute_sql("PRAGMA defer_foreign_keys = ON").close()
    for table in tables():
        if table._meta.table_name in _MADE_BY_TRIGGERS:
            target.execute_sql(f'DELETE FROM "{table._meta.table_name}"')  # noqa: S608
        readings.append(reading := Reading(source, table, steps, for_server=isinstance(target, server.Server)))
        _write(target, reading, [_conversion(field) for field in table._meta.sorted_fields])
    request_index(target)
    return readings


def request_index(target: Database) -> None:
    """Note in a database that the index of the search is to be made anew; the search does so later."""
    target.execute_sql("UPDATE search_state SET version = version + 1, indexed_to = 0").close()


def compare(readings: list[Reading], target: Database, steps: Steps | None = None) -> list[Copied]:
    """Read the copied tables in ``target`` and return the comparison. Raises: Differs."""
    copied = [
        Copied(reading.name, reading.counted, counted(target, table, steps), reading.mended)
        for reading, table in zip(readings, tables(), strict=True)
    ]
    if not all(each.is_same for each in copied):
        raise Differs(copied)
    return copied


def counted(source: Database, table: type[Table], steps: Steps | None = None) -> Counted:
    """Return the number of rows and the SHA-256 of a table, by reading it."""
    reading = Reading(source, table, steps)
    for _ in reading:
        pass
    return reading.counted
