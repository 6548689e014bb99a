"""引っ越し: a library from one database into another, new one; and a server's library into a file, as its copy."""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

from peewee import Database, SqliteDatabase
from playhouse.pool import PooledDatabase

from library.store import copying, database, engine, locks, ownership, versions
from library.store.copying import Copied, NotCopied, Progress
from library.store.lock import FileLock
from models import database as connection

# of a file that is filled in any order and looked at as a whole when it is there
_UNCHECKED = {"foreign_keys": 0, "synchronous": 0, "journal_mode": "memory", "cache_size": -64_000}
_DRAFT = {"foreign_keys": 1, "synchronous": 0}  # it is flushed as a whole when it is done, and gone when that fails


def into_file(path: Path) -> None:
    """Put what stands in the library's database at this moment into a new file, while others go on writing. Raises: NotCopied."""
    draft = upgrade(path)
    with draft.connection_context(), draft.atomic():
        with database.one_moment():
            readings = copying.fill(connection.obj, draft)
        copying.compare(readings, draft)


def upgrade(path: Path) -> Database:
    """Bring a file that nobody uses, or a new one, to this version of the tables, and return it."""
    draft = SqliteDatabase(str(path), pragmas=_DRAFT, autoconnect=False)
    with draft.connection_context():
        versions.migrate(draft)
    return draft


def draft_of(path: Path) -> SqliteDatabase:
    """Return a file that nobody else uses, to be filled without a check of what its rows refer to."""
    return SqliteDatabase(str(path), pragmas=_UNCHECKED, autoconnect=False)


def add_rows(draft: SqliteDatabase, table: str, columns: list[str], rows: list[list]) -> None:
    """Add rows to a table of a draft, as SQLite stores them."""
    names, blanks = ", ".join(f'"{name}"' for name in columns), ", ".join("?" * len(columns))
    draft.connection().executemany(f'INSERT INTO "{table}" ({names}) VALUES ({blanks})', rows).close()  # noqa: S608 (looked at)


def orphans(draft: SqliteDatabase) -> list[str]:
    """Return the tables of a draft with rows that refer to what is not there."""
    return sorted({name for name, *_ in draft.execute_sql("PRAGMA foreign_key_check").fetchall()})


def install_file(made: Path, target: str, *, instance: Path, finish: Callable[[], object]) -> None:
    """Make a file with all rows of a library the one of a ``target`` where nothing is. Else as ``move``, whose ``finish`` it has. Raises: NotCopied."""
    former = connection.obj
    with ExitStack() as held:
        held.callback(lambda: connection.initialize(former))
        _hold_files(held, instance, target)
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
    """Copy a library from one database to another, in which nothing is yet, in one transaction. Nobody may be serving either, nor from
    ``instance``. ``finish()`` makes there what follows from the rows; ``make_empty()`` takes away what is there, or refuses to. Raises: NotCopied,
    Unusable.
    """
    if (_file(source) or source) == (_file(target) or target):
        raise NotCopied("写し元と写し先が同じです。")
    former = connection.obj
    with ExitStack() as held:
        held.callback(lambda: connection.initialize(former))
        _hold_files(held, instance, source, target)
        opened = _open_source(source)
        held.callback(_close, opened)
        _require_library(source)
        _hold_server(held, instance)
        held.enter_context(opened.connection_context())
        _require_sound()
        held.callback(_close, database.open_database(target))
        if make_empty is None:
            _require_nothing(target)
        _hold_server(held, instance)
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


# -- what must be so -----------------------------------------------------------------------------------------------------
def _hold_files(held: ExitStack, instance: Path, *urls: str) -> None:
    """Keep everybody from beginning to serve from these files, or refuse where somebody does."""
    others = {path.parent / "server.lock" for path in map(_file, urls) if path}
    for lock in {instance.resolve() / "server.lock", *filter(Path.exists, others)}:
        _hold(held, FileLock(lock))


def _hold_server(held: ExitStack, instance: Path) -> None:
    """Do the same for the server that is open, if it is one."""
    if engine.is_server():
        _hold(held, locks.serving_lock(instance))


def _hold(held: ExitStack, lock: AbstractContextManager[bool]) -> None:
    if not held.enter_context(lock):
        raise NotCopied("サーバーが動いています。止めてから実行してください。")


def _open_source(url: str) -> Database:
    """Open a database that has a library, and change nothing of it: a file may be a copy, whose age counts."""
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
    """Refuse a server that doesn't answer, or where nothing is."""
    if _file(url):
        return  # which was looked at
    with database.glance(url) as is_there:
        if not is_there:
            raise NotCopied("写し元に図書館がありません。")


def _require_sound() -> None:
    """Refuse a library that is damaged, or that is not of this version."""
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
    """Refuse a database that is not empty."""
    with database.glance(url) as is_there:
        if is_there:
            raise NotCopied("写し先は空ではありません。何も変更していません。")


def _file(url: str) -> Path | None:
    path = database.file_of(url)
    return path and path.resolve()


def _close(opened: Database) -> None:
    """Close the connections that a database keeps."""
    if isinstance(opened, PooledDatabase):
        opened.close_all()
