"""Opening the database, migrating it, and the one way to write to it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path

import peewee
from peewee import SqliteDatabase, sqlite3  # pyright: ignore[reportAttributeAccessIssue] (the stubs lack it)
from playhouse.pool import PooledSqliteDatabase

from library.store import engine, ownership, server, versions, writer_queue
from library.store.lease import TermOver as TermOver, require_terms
from models import database

# SQLite before this can lose commits in WAL mode when a checkpoint resets the log (fixed in 3.51.3).
FIRST_SAFE_WAL = (3, 51, 3)
BUSY, READERS_WAITED_FOR = 10, 1_000  # seconds, milliseconds
SIDES = ("-wal", "-shm")  # the files that SQLite keeps beside its own
# Errors of the engine: the second while a connection is opened, the third where a message quotes a damaged name.
ENGINE_ERRORS = (peewee.DatabaseError, sqlite3.DatabaseError, UnicodeDecodeError)
UNREADABLE = (*ENGINE_ERRORS, peewee.InterfaceError)  # the last: no connection
# Errors that pass: a full disk, a writer that takes too long, a server that is gone or read-only, an idle transaction.
NOT_NOW = (peewee.OperationalError, peewee.InternalError, peewee.InterfaceError)


class Unusable(Exception):
    """The database can't be used; the message says why, for whoever starts the server."""


class Damaged(Unusable):
    """The file is damaged, or no database."""

    def __init__(self) -> None:
        super().__init__("データベースが壊れています。")


class OfBeforeFirst(Unusable):
    """The library or backup is of a version before 1.0.0; only its pack can be read."""

    def __init__(self) -> None:
        super().__init__(
            "この図書館は 1.0.0 より前のものです。前の版の引っ越しパックで書き出して、取り込んでください。"
        )


def file_of(url: str) -> Path | None:
    """Return the path of an SQLite URL; None for a server."""
    path = url.removeprefix("sqlite:///")
    return None if "://" in path else Path(path)


def file_in_use() -> Path | None:
    """Return the path of the open database; None for a server."""
    return Path(database.obj.database) if isinstance(database.obj, SqliteDatabase) else None


def open_database(url: str) -> peewee.Database:
    """Bind the models to the database of ``url`` (a path means SQLite) and return it, unconnected. Raises: Unusable."""
    path, scheme = file_of(url), url.partition(":")[0]
    if path is None and scheme not in server.SCHEMES:
        raise Unusable(
            f"DATABASE_URL の {scheme} にはつなげません。SQLite のときは空にするか、ファイルの場所を書いてください。"
            "PostgreSQL のときは postgresql://… と書いてください。"
        )
    with _refusals():
        opened = _file(path) if path is not None else server.opened(url)
    if isinstance(database.obj, server.Server):
        database.obj.close_idle()
    database.initialize(opened)
    return opened


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except server.UnfitServer as error:
        raise Unusable(str(error)) from error


def _file(path: Path) -> PooledSqliteDatabase:
    """Return an SQLite database that keeps its connections, as opening is slow (docs/adr/0040-connections.md)."""
    journal = "wal" if sqlite3.sqlite_version_info >= FIRST_SAFE_WAL else "delete"
    return PooledSqliteDatabase(
        str(path),
        max_connections=None,  # pyright: ignore[reportArgumentType] (its documentation: None for no limit)
        check_same_thread=False,  # threads take turns
        autoconnect=False,
        lock_type="IMMEDIATE",
        timeout=BUSY,
        pragmas={
            "journal_mode": journal,
            "synchronous": "full",
            "foreign_keys": 1,
            "secure_delete": 1,
            "journal_size_limit": 64 * 1024 * 1024,
            "cache_size": -16_000,
        },
    )


@contextmanager
def writing() -> Iterator[None]:
    """Write everything inside together or not at all, one writer at a time; reads inside stay true until the end.

    A writer waits at most BUSY seconds for its turn. On SQLite the transaction is IMMEDIATE: a reader that becomes a
    writer would fail with "database is locked". On a server a lock is taken first. Raises: TermOver, for a job that
    another process has taken over.
    """
    if engine.is_server():
        is_outer = not database.in_transaction()
        with server.transaction_lock(server.WRITING) if is_outer else database.atomic():
            if is_outer:
                require_terms()
            yield
        return
    with ExitStack() as transaction:
        file = None if database.in_transaction() else file_in_use()
        with writer_queue.waiting(file) if file else nullcontext():
            transaction.enter_context(writer_queue.in_line(BUSY) if file else nullcontext())
            transaction.enter_context(database.atomic())
        yield


@contextmanager
def writing_counters() -> Iterator[None]:
    """Write counters like ``writing``, on a server under their own lock; it must stand around them inside ``writing``,
    too."""
    if engine.is_server():
        with server.transaction_lock(server.COUNTING):
            yield
    else:
        with nullcontext() if database.in_transaction() else writing():
            yield


@contextmanager
def one_statement() -> Iterator[None]:
    """Write by a single statement that is right whatever others write; on a server it takes no turn."""
    with nullcontext() if engine.is_server() else writing():
        yield


@contextmanager
def one_moment(opened: peewee.Database | None = None) -> Iterator[None]:
    """Read everything as of one moment, in a database (default: ours), without stopping writers.

    Within a transaction it does nothing.
    """
    source = database.obj if opened is None else opened
    alone = not source.in_transaction()
    if alone:
        begin = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY" if engine.is_server(source) else "BEGIN"
        source.execute_sql(begin).close()
    try:
        yield
    finally:
        if alone:
            source.execute_sql("COMMIT").close()


def give_way() -> None:
    """Let waiting writers in, between two transactions of a long job; a server needs no help."""
    if file := file_in_use():
        writer_queue.give_way(file)


def put_back() -> None:
    """Return this thread's connection to the pool; an open transaction is undone and its connection closed."""
    if not database.in_transaction():
        database.close()
        return
    while database.in_transaction():  # peewee doesn't close a connection within one
        database.pop_transaction()
    database.manual_close()


def empty_log() -> None:
    """Write back and cut SQLite's log, which still has erased data; on a server, free their room.

    Outside of transactions. Readers are waited for only briefly, as nobody can write meanwhile.
    """
    if engine.is_server():
        server.vacuum(database.obj)
        return
    database.execute_sql(f"PRAGMA busy_timeout = {READERS_WAITED_FOR}")
    database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    database.execute_sql(f"PRAGMA busy_timeout = {BUSY * 1000}")


def is_empty() -> bool:
    """Tell whether the database has no table. Raises: Unusable if the file is no database."""
    try:
        return not database.get_tables()
    except ENGINE_ERRORS as error:
        raise Damaged from error


def migrate() -> list[str]:
    """Bring the schema to this version; return the names of the migrations that ran."""
    return versions.migrate(database.obj)


def is_missing(url: str) -> bool:
    """Tell whether there is no library: no file, or no table in it."""
    with glance(url) as there:
        return not there


@contextmanager
def glance(url: str) -> Iterator[bool]:
    """Connect for a look and yield True if a library exists; no connection stays open. Raises: Unusable."""
    path = file_of(url)
    if path is not None and (not path.exists() or path.stat().st_size == 0):
        yield False
        return
    # else SQLite calls files of other users damaged, or fails at the first write
    for file in [Path(f"{path}{side}") for side in ("", *SIDES)] if path else ():
        if file.exists() and not ownership.is_ours(file):
            raise Unusable(ownership.refusal(file))
    try:
        with _connected():
            is_there = not is_empty()
            if is_there:
                _require_of_first()
            yield is_there
    finally:
        if path is not None:
            database.close_all()


@contextmanager
def founding(url: str, made: Path | None = None) -> Iterator[None]:
    """Connect to a new database with the schema of this version, which counts only if everything inside succeeds.

    On a server it is one transaction. A file (``made`` or an empty one) is moved to its place at the end, so a start
    that is killed leaves nothing; only SQLite opens it afterwards. Raises: Unusable.
    """
    path = file_of(url)
    if path is None:
        with database.connection_context(), writing():
            migrate()
            yield
        return
    if not path.parent.is_dir():
        raise Unusable(f"データベース {path} を作れません。フォルダ {path.parent} がありません。")
    draft = path.with_name(f".{path.name}.new")
    _remove(draft)
    shutil.move(made, draft) if made else make_private(draft)
    open_database(str(draft))
    try:
        with database.connection_context():
            migrate()
            yield
        database.close_all()
        draft.replace(path)
    finally:
        database.close_all()
        _remove(draft)
        open_database(url)


def _remove(path: Path) -> None:
    for side in ("", *SIDES):
        Path(f"{path}{side}").unlink(missing_ok=True)


@contextmanager
def reached() -> Iterator[None]:
    """Connect inside. Raises: Unusable, where a server doesn't answer."""
    try:
        yield
    except peewee.OperationalError as error:
        if not engine.is_server():
            raise
        raise Unusable(f"データベースのサーバーにつながりません（{str(error).strip()}）。") from error


@contextmanager
def _connected() -> Iterator[None]:
    """Connect inside. Raises: Unusable, where a server doesn't answer or is unfit."""
    with reached():
        database.connect(reuse_if_open=True)
    try:
        if engine.is_server():
            with _refusals():
                server.check(database.obj)
        yield
    finally:
        database.close()


def pending() -> list[str]:
    """Return the names of the migrations that the database lacks."""
    return versions.pending(database.obj)


def check_usable() -> None:
    """Refuse a database that is damaged, newer than the program, or from before 1.0.0. Raises: Unusable."""
    try:
        damage = [] if engine.is_server() else _file_damage("quick_check(3)")
    except ENGINE_ERRORS as error:
        raise Damaged from error
    if damage:
        raise Damaged
    if unknown := sorted(_require_of_first() - versions.known()):
        raise Unusable(
            f"データベースは新しい版の Madoguchi で作られています（{unknown[-1]}）。プログラムを新しくしてください。"
        )


def _require_of_first() -> set[str]:
    """Return the migrations that the database has had. Raises: OfBeforeFirst; Damaged, if they can't be read."""
    try:
        names = versions.applied(database.obj)
    except ENGINE_ERRORS as error:
        raise Damaged from error
    if versions.is_of_before_first(names):
        raise OfBeforeFirst
    return names


def damage_and_orphans() -> list[str]:
    """Return the findings of a full check of integrity and foreign keys, as sentences; [] if all is well."""
    if engine.is_server():
        return server.findings(database.obj)  # a server never breaks foreign keys
    findings = _file_damage("integrity_check")
    for table, row_id, parent, _ in database.execute_sql("PRAGMA foreign_key_check").fetchall():
        findings.append(f"{table} {row_id}: {parent} にない行を指しています。")
    return findings


def _file_damage(check: str) -> list[str]:
    return [row[0] for row in database.execute_sql(f"PRAGMA {check}").fetchall() if row[0] != "ok"]


def require_sessions() -> None:
    """Refuse a server behind a pool that can't hold locks. Raises: Unusable."""
    if engine.is_server():
        with reached(), _refusals():
            server.require_sessions(database.obj)


def make_private(path: Path) -> None:
    """Create a file readable by its owner alone; SQLite's side files take the same mode."""
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    path.chmod(0o600)
