"""引っ越し: a library from one database into a new one; also a server's library into a file, for its backup."""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

from peewee import Database, SqliteDatabase
from playhouse.pool import PooledDatabase

from library.store import copying, database, engine, locks, ownership, versions
from library.store.copying import Copied, NotCopied, Progress
from library.store.lock import FileLock
from models import database as connection

# for a file that is filled in any order and checked as a whole afterwards
_UNCHECKED = {"foreign_keys": 0, "synchronous": 0, "journal_mode": "memory", "cache_size": -64_000}
_DRAFT = {"foreign_keys": 1, "synchronous": 0}  # flushed at the end, deleted on failure


def into_file(path: Path) -> None:
    """Copy the library, as of one moment, into a new SQLite file; others go on writing. Raises: NotCopied."""
    draft = upgrade(path)
    with draft.connection_context(), draft.atomic():
        with database.one_moment():
            readings = copying.fill(connection.obj, draft)
        copying.compare(readings, draft)


def upgrade(path: Path) -> Database:
    """Migrate an unused or new SQLite file to this version, and return it, unconnected."""
    draft = SqliteDatabase(str(path), pragmas=_DRAFT, autoconnect=False)
    with draft.connection_context():
        versions.migrate(draft)
    return draft


def draft_of(path: Path) -> SqliteDatabase:
    """Return an unused SQLite file, unconnected, to be filled without checks of foreign keys."""
    return SqliteDatabase(str(path), pragmas=_UNCHECKED, autoconnect=False)


def add_rows(draft: SqliteDatabase, table: str, columns: list[str], rows: list[list]) -> None:
    """Add rows to a table of a draft, with values as SQLite stores them."""
    names, blanks = ", ".join(f'"{name}"' for name in columns), ", ".join("?" * len(columns))
    sql = f'INSERT INTO "{table}" ({names}) VALUES ({blanks})'  # noqa: S608 (checked names)
    draft.connection().executemany(sql, rows).close()


def orphans(draft: SqliteDatabase) -> list[str]:
    """Return the names of tables with rows that refer to missing rows."""
    return sorted({name for name, *_ in draft.execute_sql("PRAGMA foreign_key_check").fetchall()})


def install_file(made: Path, target: str, *, instance: Path, finish: Callable[[], object]) -> None:
    """Make a complete SQLite file the database at ``target``, where none is; run ``finish()``. Raises: NotCopied."""
    former = connection.obj
    with ExitStack() as exits:
        exits.callback(lambda: connection.initialize(former))
        _lock_files(exits, instance, target)
        _require_nothing(target)
        with database.founding(target, made):
            with database.writing():
                copying.request_index(connection.obj)
            finish()


def move(
    source: str,
    target: str,
    *,
    instance: Path,
    finish: Callable[[], object],
    progress: Progress,
    make_empty: Callable[[], object] | None = None,
) -> list[Copied]:
    """Copy a library into a database without one, in one transaction, while nobody serves either; return the tables.

    ``finish()`` makes the derived data at the target; ``make_empty()`` empties the target, or refuses to. Raises:
    NotCopied, Unusable.
    """
    if (_file(source) or source) == (_file(target) or target):
        raise NotCopied("写し元と写し先が同じです。")
    former = connection.obj
    with ExitStack() as exits:
        exits.callback(lambda: connection.initialize(former))
        _lock_files(exits, instance, source, target)
        opened = _open_source(source)
        exits.callback(_close, opened)
        _require_library(source)
        _lock_server(exits, instance)
        exits.enter_context(opened.connection_context())
        _require_sound()
        exits.callback(_close, database.open_database(target))
        if make_empty is None:
            _require_nothing(target)
        _lock_server(exits, instance)
        with database.founding(target):
            with database.writing():
                if make_empty:
                    make_empty()
                with database.one_moment(opened):
                    steps = copying.Steps(opened, progress)
                    readings = copying.fill(opened, connection.obj, steps)
                copied = copying.compare(readings, connection.obj, steps)
            finish()
    return copied


# -- conditions --------------------------------------------------------------------------------------------------------
def _lock_files(exits: ExitStack, instance: Path, *urls: str) -> None:
    """Lock these files and the instance against serving. Raises: NotCopied where somebody serves."""
    others = {path.parent / "server.lock" for path in map(_file, urls) if path}
    for lock in {instance.resolve() / "server.lock", *filter(Path.exists, others)}:
        _lock(exits, FileLock(lock))


def _lock_server(exits: ExitStack, instance: Path) -> None:
    """Lock the open database against serving, if it is a server. Raises: NotCopied where somebody serves."""
    if engine.is_server():
        _lock(exits, locks.serving_lock(instance))


def _lock(exits: ExitStack, lock: AbstractContextManager[bool]) -> None:
    if not exits.enter_context(lock):
        raise NotCopied("サーバーが動いています。止めてから実行してください。")


def _open_source(url: str) -> Database:
    """Open the source without changing it: a file may be a backup, whose age counts. Raises: NotCopied."""
    path = _file(url)
    if path is None:
        return database.open_database(url)
    if not path.is_file() or not path.stat().st_size:
        raise NotCopied("写し元に図書館がありません。")
    if not ownership.is_ours(path):
        raise NotCopied(ownership.refusal(path))
    opened = SqliteDatabase(str(path), pragmas={"query_only": 1}, autoconnect=False, timeout=database.BUSY)
    connection.initialize(opened)
    return opened


def _require_library(url: str) -> None:
    """Refuse a server that has no library. Raises: NotCopied; Unusable where it doesn't answer."""
    if _file(url):
        return  # ``_open_source`` checked the file
    with database.glance(url) as is_there:
        if not is_there:
            raise NotCopied("写し元に図書館がありません。")


def _require_sound() -> None:
    """Refuse a library that is damaged or not of this version. Raises: NotCopied."""
    try:
        database.check_usable()
        findings = database.damage_and_orphans()
    except database.Damaged as error:
        raise NotCopied("写し元のデータベースが壊れています。") from error
    if findings:
        raise NotCopied(f"写し元のデータベースに異常があります（{findings[0]}）。")
    if database.pending():
        raise NotCopied("写し元のデータベースは古い版のままです。先に db upgrade で新しい版にしてください。")


def _require_nothing(url: str) -> None:
    """Refuse a database with a library. Raises: NotCopied."""
    with database.glance(url) as is_there:
        if is_there:
            raise NotCopied("写し先は空ではありません。何も変更していません。")


def _file(url: str) -> Path | None:
    path = database.file_of(url)
    return path and path.resolve()


def _close(opened: Database) -> None:
    """Close all connections that a database keeps."""
    if isinstance(opened, PooledDatabase):
        opened.close_all()
