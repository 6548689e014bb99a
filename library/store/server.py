"""PostgreSQL, for a library too large for one file (docs/adr/0006-one-process.md): connecting, locks, and the schema.

Everything else runs as on SQLite. The driver is imported only where it is used: most libraries have no server.
"""

import os
import threading
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any

import peewee
from playhouse.pool import PooledPostgresqlDatabase

import models
from models import Table, database

SCHEMES = ("postgresql", "postgres")
FIRST_VERSION = 15
ENCRYPTED = ("require", "verify-ca", "verify-full")
LOOPBACK = ("localhost", "127.", "::1", "/", "@")  # beginnings of hosts on this machine: addresses, folders of sockets
WRITING = 0x4D61646F
COUNTING = WRITING + 16  # numbers of the two locks of writers
WAIT = 10  # seconds for a lock
IDLE = 60  # seconds: an idle transaction is ended then, as a process that hangs would block all writers
DAMAGE = ("XX001", "XX002", "58030")  # SQLSTATE: corrupted data or index, unreadable file
_INVALID_INDEXES = (
    "SELECT indexrelid::regclass::text FROM pg_index JOIN pg_class ON pg_class.oid = indrelid "
    "WHERE relnamespace = current_schema()::regnamespace AND NOT indisvalid"
)
_UNCHECKED = (
    "SELECT conname FROM pg_constraint WHERE connamespace = current_schema()::regnamespace AND NOT convalidated"
)
_OPTIONS = f"-c lock_timeout={WAIT}s -c idle_in_transaction_session_timeout={IDLE}s -c timezone=UTC"
# Our queries take milliseconds, less than compiling them; 100,000 hits of a common word fit into this memory
_OPTIONS += " -c jit=off -c work_mem=32MB"
# Readers wait meanwhile: we give up a server that doesn't connect after 3 seconds, that takes no data after 5 (in
# milliseconds), that vanished after 20. Options in the address come first.
_WAITS = {
    "connect_timeout": 3,
    "tcp_user_timeout": 5000,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
}
_LONG = 1  # seconds: after a longer failed try, waiting threads fail too
_OPTIONS_OF_LOCK = (
    f"{_OPTIONS} -c idle_session_timeout=0 "
    "-c tcp_keepalives_idle=20 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3"
)


class UnfitServer(Exception):
    """The database server can't be used; the message says why, for whoever starts ours."""


class InDoubt(peewee.OperationalError):
    """The connection broke during a commit: nobody can tell whether it succeeded."""


class Server(PooledPostgresqlDatabase):
    """A PostgreSQL database that keeps its connections; peewee tries each before using it and replaces dead ones."""

    def __init__(self, url: str, parts: Collection[str] = ()) -> None:
        """``parts``: the connection options in the address."""
        import psycopg

        self._driver = psycopg
        self._connecting = threading.Lock()
        self._gave_up_at = 0.0
        self._waits: dict[str, Any] = {name: value for name, value in _WAITS.items() if name not in parts}
        super().__init__(
            url,
            max_connections=None,  # pyright: ignore[reportArgumentType] (its documentation: None for no limit)
            autoconnect=False,
            prefer_psycopg3=True,
            isolation_level="READ COMMITTED",
            cursor_factory=psycopg.ClientCursor,  # then the server needs no types of values
            options=_OPTIONS,
            **self._waits,
        )

    def connect(self, reuse_if_open: bool = False) -> bool:
        """Connect this thread. If the server doesn't answer, all waiting threads fail together, not one after the
        other.
        """
        if not self.is_closed():
            return super().connect(reuse_if_open)
        asked = time.monotonic()
        with self._connecting:
            if asked < self._gave_up_at:
                raise peewee.OperationalError("the server does not answer")
            began = time.monotonic()
            try:
                return super().connect(reuse_if_open)
            except peewee.OperationalError:
                if time.monotonic() - began > _LONG:
                    self._gave_up_at = time.monotonic()
                raise

    def session_of_its_own(self) -> Any:
        """Return a connection outside the pool, for a lock; each statement is a transaction.

        The server drops it when its machine vanishes. Raises: peewee.OperationalError.
        """
        with self.raised_as_peewee():
            return self._driver.connect(self.database, autocommit=True, options=_OPTIONS_OF_LOCK, **self._waits)

    def fill(self, table: str, columns: Iterable[str], rows: Iterable[Sequence]) -> None:
        """Write many rows into a table, in the open transaction."""
        names = ", ".join(f'"{name}"' for name in columns)
        with (
            self.raised_as_peewee(),
            self.connection().cursor() as cursor,
            cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy,
        ):
            for row in rows:
                copy.write_row(row)

    def number_on(self, table: str) -> None:
        """Let new ids of a table follow after its highest id."""
        sequence = f"pg_get_serial_sequence('{table}', 'id')"
        self.execute_sql(f'SELECT setval({sequence}, max(id)) FROM "{table}"').close()  # noqa: S608 (names of tables)

    @contextmanager
    def raised_as_peewee(self) -> Iterator[None]:
        """Raise errors of the driver, where it is used directly, as peewee's."""
        try:
            yield
        except self._driver.Error as error:
            names = (kind.__name__ for kind in type(error).__mro__ if issubclass(kind, self._driver.Error))
            kinds = (getattr(peewee, name, None) for name in names)
            raise next(filter(None, kinds), peewee.DatabaseError)(*error.args) from error


def opened(url: str) -> Server:
    """Return the database of an address, unconnected. Raises: UnfitServer."""
    try:
        from psycopg import ProgrammingError, conninfo
    except ImportError as error:
        raise UnfitServer(
            "PostgreSQL につなぐためのドライバーが入っていません。pip install -r requirements-postgres.txt で入ります。"
        ) from error
    try:
        parts = conninfo.conninfo_to_dict(url)
    except ProgrammingError as error:
        raise UnfitServer("DATABASE_URL が PostgreSQL のアドレスとして読めません。") from error
    _require_encryption(parts)
    return Server(url, parts)


def _require_encryption(parts: dict[str, Any]) -> None:
    """Refuse an unencrypted connection over a network. Raises: UnfitServer."""
    hosts = str(parts.get("hostaddr") or parts.get("host") or os.environ.get("PGHOST", "")).split(",")
    if all(not host or host.startswith(LOOPBACK) for host in hosts):
        return
    if (parts.get("sslmode") or os.environ.get("PGSSLMODE")) not in ENCRYPTED:
        raise UnfitServer(
            "ほかの機械の PostgreSQL には、暗号化してつなぎます。"
            "DATABASE_URL の終わりに ?sslmode=verify-full（または require）を書いてください。"
        )


def check(db: peewee.Database) -> None:
    """Refuse a server that is too old, has another encoding or only reads. Raises: UnfitServer."""
    version, encoding, standby = db.execute_sql(
        "SELECT current_setting('server_version_num')::int, current_setting('server_encoding'), pg_is_in_recovery()"
    ).fetchone()
    if version < FIRST_VERSION * 10_000:
        raise UnfitServer(f"PostgreSQL {FIRST_VERSION} 以上が要ります（いまは {version // 10_000}）。")
    if encoding != "UTF8":
        raise UnfitServer(
            f"データベースの文字コードが {encoding} です。UTF8 で作り直してください（createdb -E UTF8 -T template0）。"
        )
    if standby:
        raise UnfitServer("この PostgreSQL は複製（読むだけ）です。書ける方につないでください。")


def require_sessions(db: Server) -> None:
    """Refuse a pool that gives each transaction another session: a lock would pass to somebody else.

    Raises: UnfitServer.
    """
    ask = "SELECT pg_backend_pid()"
    with db.raised_as_peewee(), db.session_of_its_own() as one, db.session_of_its_own() as other:
        first = one.execute(ask).fetchone()
        with other.transaction():  # such a pool gives it the session that is free now
            between = other.execute(ask).fetchone()
            if between == first or one.execute(ask).fetchone() != first:
                raise UnfitServer(
                    "PostgreSQL の前に、トランザクションごとに接続を切り替えるプール（pgbouncer の transaction など）があります。"
                    "サーバーに直接つなぐか、セッションごとのプール（pool_mode = session）にしてください。"
                )


@contextmanager
def transaction_lock(number: int) -> Iterator[None]:
    """Hold the lock of a ``number`` (WRITING, COUNTING) until the end of the open transaction, else of one made here.

    Raises: InDoubt.
    """
    is_outer, is_done = not database.in_transaction(), False
    try:
        with database.atomic() if is_outer else nullcontext():
            database.execute_sql("SELECT pg_advisory_xact_lock(%s)", (number,)).close()
            yield
            is_done = True
    except peewee.OperationalError as error:
        if is_outer and is_done:
            raise InDoubt(*error.args) from error
        raise


# -- the schema --------------------------------------------------------------------------------------------------------
def order_by_code_points(db: Server) -> None:
    """Sort texts as SQLite does, whatever the locale of the database, except in the list of migrations."""
    for table, column in db.execute_sql(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema() "
        "AND table_name <> 'schema_migration' "
        "AND data_type IN ('text', 'character varying') AND collation_name IS DISTINCT FROM 'C'"
    ).fetchall():
        db.execute_sql(f'ALTER TABLE "{table}" ALTER COLUMN "{column}" TYPE text COLLATE "C"').close()


def in_order(tables: tuple[type[Table], ...]) -> Iterator[type[Table]]:
    """Yield these tables, each after those that it refers to."""
    left = list(tables)
    while left:
        free = [
            table
            for table in left
            if not any(key.rel_model in left for key in table._meta.refs if key.rel_model is not table)
        ]
        yield from free
        left = [table for table in left if table not in free]


def empty(tables: Iterable[type[Table]]) -> None:
    """Delete all rows of these tables and restart their ids at 1, in the open transaction."""
    names = ", ".join(f'"{table._meta.table_name}"' for table in tables)
    database.execute_sql(f"TRUNCATE {names} RESTART IDENTITY").close()


# -- upkeep ------------------------------------------------------------------------------------------------------------
def vacuum(db: peewee.Database) -> None:
    """Free the room of erased rows, outside of transactions; nobody waits for it."""
    names = ", ".join(f'"{table._meta.table_name}"' for table in models.ALL)
    db.execute_sql(f"VACUUM (SKIP_LOCKED) {names}").close()


def is_damage(error: Exception) -> bool:
    """Tell whether the server found its files damaged or unreadable."""
    causes = (error, getattr(error, "orig", None), error.__cause__)
    return any(getattr(cause, "sqlstate", None) in DAMAGE for cause in causes)


def findings(db: peewee.Database) -> list[str]:
    """Read all rows, so that damage shows, and return sentences on invalid indexes, constraints and id sequences."""
    found = [
        f"索引 {name} は使えません。REINDEX で作り直してください。" for (name,) in db.execute_sql(_INVALID_INDEXES)
    ]
    found += [f"制約 {name} は確かめられていません。" for (name,) in db.execute_sql(_UNCHECKED)]
    for table in models.ALL:
        name = table._meta.table_name
        db.execute_sql(f'SELECT max(length(each::text)) FROM "{name}" each').fetchone()  # noqa: S608 (names of tables)
        if isinstance(table._meta.primary_key, peewee.AutoField):
            sequence = f"pg_sequence_last_value(pg_get_serial_sequence('{name}', 'id')::regclass)"
            behind = f'SELECT max(id) > coalesce({sequence}, 0) FROM "{name}"'  # noqa: S608 (names of tables)
            if db.execute_sql(behind).fetchone()[0]:
                found.append(f"{name}: 次の番号が、もう使われています。")
    return found
