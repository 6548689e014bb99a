"""引っ越しパックを書く: the library of one moment, as a folder or a zip, while others go on writing.

A pack gets its name when it is complete. An encrypted zip is encrypted as it is written, never in clear on a disk.
"""

import base64
import codecs
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import chain
from pathlib import Path
from typing import IO, Any, NamedTuple

from library import clock
from library.cutover import figures
from library.ebooks import stock
from library.files import age
from library.packs import contents, descriptions, rows, targets
from library.store import copying, database, versions
from library.store.copying import Progress, Reading
from models import Ebook, Table, Title, database as connection

KEY_FILE = "key.age"
BLOCK = 1 << 20


@dataclass(frozen=True)
class Origin:
    """The library of a pack: its name, the version of the program, and the folder of its e-books."""

    library: str
    version: str
    ebooks: Path


class Made(NamedTuple):
    """A finished pack: its path, number of rows and figures, and the titles of e-books without their file."""

    path: Path
    rows: int
    figures: dict[str, int]
    missing: list[str]


# -- a place for it ----------------------------------------------------------------------------------------------------
def to_folder(path: Path, origin: Origin, *, now: datetime, progress: Progress) -> Made:
    """Write a pack into a new folder, without what patrons read and ask. Raises: PackPlaceTaken, copying.NotCopied."""
    with targets.draft(path) as draft:
        draft.mkdir(mode=0o700)
        made = _write(targets.Folder(draft), origin, with_reading=False, now=now, progress=progress)
    return Made(path, *made)


def to_plain_zip(path: Path, origin: Origin, *, now: datetime, progress: Progress) -> Made:
    """Write a pack into a zip in clear, without what patrons read and ask. Raises: as ``to_folder``."""
    with targets.draft(path) as draft:
        database.make_private(draft)
        with open(draft, "wb") as stream:
            made = _zipped(stream, origin, with_reading=False, now=now, progress=progress)
            stream.flush()
            os.fsync(stream.fileno())
    return Made(path, *made)


def to_encrypted_zip(path: Path, passphrase: str, origin: Origin, *, now: datetime, progress: Progress) -> Made:
    """Write the whole pack encrypted to ``path`` (…zip.age), and beside it its key, under the passphrase.

    Raises: as ``to_folder``, and PassphraseShort, PassphraseTooEasy.
    """
    passphrase, key = age.require_passphrase(passphrase), age.new_key()
    with (
        targets.draft(path) as draft,
        targets.draft(path.with_name(KEY_FILE)) as key_draft,
    ):  # the key takes its place first
        database.make_private(key_draft)
        key_draft.write_bytes(age.lock_key(key.secret, passphrase))
        with age.encrypting(draft, key.recipient) as stream:
            made = _zipped(stream, origin, with_reading=True, now=now, progress=progress)
    return Made(path, *made)


def _zipped(stream: IO[bytes], origin: Origin, **given: Any) -> tuple[int, dict[str, int], list[str]]:
    target = targets.Zip(stream)
    try:
        made = _write(target, origin, **given)
    except BaseException:
        with suppress(Exception):  # its list of files has no place any more
            target.archive.close()
        raise
    target.archive.close()
    return made


# -- what is in it -----------------------------------------------------------------------------------------------------
class _Pack:
    """A pack being written, with the SHA-256 of each file."""

    def __init__(self, target: targets.Target) -> None:
        self._target = target
        self.sums: dict[str, str] = {}

    def put(self, name: str, blocks: Iterable[bytes]) -> int:
        """Write a file, and return its length in bytes."""
        digest, length = hashlib.sha256(), 0
        with self._target.file(name) as file:
            for block in blocks:
                file.write(block)
                digest.update(block)
                length += len(block)
        self.sums[name] = digest.hexdigest()
        return length

    def put_json(self, name: str, value: dict[str, Any]) -> None:
        self.put(name, [json.dumps(value, ensure_ascii=False, indent=1).encode(), b"\n"])


def _write(
    target: targets.Target, origin: Origin, *, with_reading: bool, now: datetime, progress: Progress
) -> tuple[int, dict[str, int], list[str]]:
    """Write all files of a pack; return its number of rows, its figures, and the titles of missing e-books."""
    pack = _Pack(target)
    pack.put(contents.FORMAT_FILE, [contents.FORMAT_TEXT.read_bytes()])
    tables, day = contents.tables(with_reading=with_reading), clock.day_of(now)
    with ExitStack() as moment:
        if not connection.in_transaction():
            moment.enter_context(database.one_moment())
        steps = copying.Steps(connection.obj, progress, tables, passes=1)
        present = {table._meta.table_name for table in tables}
        written = {table._meta.table_name: _put_table(pack, table, present, with_reading, steps) for table in tables}
        counted = figures.counted(today=day)
        books = list(Ebook.select(Ebook, Title).join(Title).where(~Ebook.erased).order_by(Ebook.id))
    missing: list[str] = []
    ebooks = list(_put_ebooks(pack, books, origin.ebooks, missing))
    manifest = {
        "format": contents.FORMAT,
        "program": f"Madoguchi {origin.version}",
        "schema": max(versions.known()),
        "library": origin.library,
        "made_at": now.isoformat(),
        "has_reading": with_reading,
        "left_out": contents.words_left_out(with_reading=with_reading),
        "tables": written,
        "ebooks": ebooks,
        "ebooks_missing": missing,
        "figures": {"day": day.isoformat(), **counted},
    }
    pack.put_json(contents.MANIFEST, manifest)
    lines = [f"{digest}  {name}\n".encode() for name, digest in sorted(pack.sums.items())]
    pack.put(contents.SUMS, lines)
    return sum(each["rows"] for each in written.values()), counted, missing


def _put_table(
    pack: _Pack, table: type[Table], present: set[str], with_reading: bool, steps: copying.Steps
) -> dict[str, Any]:
    """Write description and rows of a table, and return its entry in the manifest."""
    parts = contents.parts(with_reading=with_reading)
    reading = Reading(connection.obj, table, steps, parts=parts)
    schema, texts = descriptions.schema(table, present), reading.texts()
    pack.put_json(contents.schema_file(reading.name), schema)
    headings = (codecs.BOM_UTF8, next(texts), rows.titles(schema).encode())
    pack.put(contents.table_file(reading.name), chain(headings, texts))
    count, digest = reading.counted
    if places := contents.blobs_of(table):
        again = Reading(connection.obj, table, parts=parts)
        pack.put(contents.blob_file(reading.name), _blobs(again, places))
    return {"rows": count, "sha256": digest}


def _blobs(rows: Iterable[list], places: list[int]) -> Iterator[bytes]:
    """Yield a line for each value, in the order of the rows."""
    yield b"sha256,base64\r\n"
    for row in rows:
        for content in (row[place] for place in places if row[place] is not None):
            yield hashlib.sha256(content).hexdigest().encode() + b"," + base64.b64encode(content) + b"\r\n"


def _put_ebooks(pack: _Pack, books: Iterable[Ebook], folder: Path, missing: list[str]) -> Iterator[dict[str, Any]]:
    """Write the e-books and their covers; yield the manifest's entries. Titles without a file are added to
    ``missing``.
    """
    for book in books:
        paths = [stock.file_of(book, folder), stock.cover_of(book, folder)]
        for path in filter(None, paths):
            try:
                with open(path, "rb") as file:
                    name = f"{contents.EBOOKS}/{path.name}"
                    size = pack.put(name, iter(partial(file.read, BLOCK), b""))
            except FileNotFoundError:
                missing.append(book.title.full_name)
                continue
            yield {"file": name, "size": size, "sha256": pack.sums[name]}
