"""The draft of a library: a SQLite file with the rows of a pack, migrated from its version to this one."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from peewee import SqliteDatabase

from library import errors
from library.packs import contents, ebook_files, rows
from library.packs.sources import Source
from library.store import copying, database, engine, transfer, versions
from library.store.copying import Progress

DRAFT, DRAFT_EBOOKS = ".pack.sqlite3", ".pack.ebooks"


@contextmanager
def made(source: Source, room: Path, progress: Progress) -> Iterator[Path]:
    """Yield a SQLite file with all rows of the pack in this version's tables; its e-books lie beside it."""
    path, ebooks = room / DRAFT, room / DRAFT_EBOOKS
    _clear(path, ebooks)  # of one that was killed
    try:
        database.make_private(path)
        source.check_other_files()
        _fill(source, path, progress)
        ebook_files.put(source, ebooks)
        yield path
    finally:
        _clear(path, ebooks)


def _clear(path: Path, ebooks: Path) -> None:
    for side in ("", "-journal", *database.SIDES):
        Path(f"{path}{side}").unlink(missing_ok=True)
    shutil.rmtree(ebooks, ignore_errors=True)


def _fill(source: Source, path: Path, progress: Progress) -> None:
    """Write the rows into tables of the pack's version, and migrate them. Raises: PackFileBroken, PackDiffers."""
    draft = transfer.draft_of(path)
    tables = tables_of(source)
    with draft.connection_context():
        versions.migrate(draft, to=source.version)
        if not set(tables) <= set(draft.get_tables()):
            raise errors.PackFileBroken(file=contents.MANIFEST)
        with draft.atomic():
            done, of = 0, sum(each["rows"] for each in tables.values())
            for name in tables:
                engine.erase_rows(name, draft)  # what migrations or triggers put there
                for row_count in _fill_table(source, draft, name):
                    progress(done + row_count, of)
                done += tables[name]["rows"]
        _require_rows(draft, tables)
        is_of_this_version = not versions.migrate(draft)
        _require_same(draft, tables if is_of_this_version else {})
        for name in contents.LEFT_OUT:  # of which a pack that we wrote has nothing
            engine.erase_rows(name, draft)


def tables_of(source: Source) -> dict[str, Any]:
    """Return table name → entry of the manifest. Raises: PackFileBroken."""
    tables = source.manifest.get("tables")
    if not isinstance(tables, dict) or not all(name.replace("_", "").isalnum() for name in tables):
        raise errors.PackFileBroken(file=contents.MANIFEST)
    return tables


def _fill_table(source: Source, draft: SqliteDatabase, name: str) -> Iterator[int]:
    """Write the rows of one table; yield the number so far. Raises: PackFileBroken."""
    schema = contents.schema_file(name)
    try:
        described = source.json(schema)
        columns = rows.kinds(described)
        there = {column.name for column in draft.get_columns(name)}
    except rows.Broken as error:
        raise errors.PackFileBroken(file=schema) from error
    if not set(columns) <= there:
        raise errors.PackFileBroken(file=schema)
    with ExitStack() as files:
        blobs = None
        if "blob" in columns.values():
            blobs = rows.read_blobs(iter(files.enter_context(source.file(contents.blob_file(name)))))
        file = files.enter_context(source.file(contents.table_file(name)))
        try:
            yield from _insert(draft, name, columns, rows.read(file, columns, blobs, second=rows.titles(described)))
        except rows.BrokenBlob as error:
            raise errors.PackFileBroken(file=contents.blob_file(name)) from error


def _insert(draft: SqliteDatabase, name: str, columns: dict[str, str], values: Iterator[list[Any]]) -> Iterator[int]:
    count = 0
    try:
        while part := list(islice(values, copying.BATCH)):
            transfer.add_rows(draft, name, list(columns), part)
            count += len(part)
            yield count
    except (*database.ENGINE_ERRORS, OverflowError) as error:  # a row that no library has
        raise errors.PackDiffers(table=name) from error


def _require_rows(draft: SqliteDatabase, tables: dict[str, Any]) -> None:
    """Check the number of rows and their references. Raises: PackDiffers."""
    for name in transfer.orphans(draft):
        raise errors.PackDiffers(table=name)
    for name, said in tables.items():
        if engine.count_rows(name, draft) != said["rows"]:
            raise errors.PackDiffers(table=name)


def _require_same(draft: SqliteDatabase, tables: dict[str, Any]) -> None:
    """Compare all values with the manifest's digests, for a pack of this version; an older one has other tables.

    Raises: PackDiffers; copying.NotCopied, for a value that no column allows.
    """
    for table in copying.tables():
        name, found = table._meta.table_name, copying.counted(draft, table)
        if name in tables and found.digest != tables[name]["sha256"]:
            raise errors.PackDiffers(table=name)
