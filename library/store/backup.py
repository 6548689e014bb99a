"""控え: backups of the database as an SQLite file, made while it is in use, and restoring one.

Copying the file would miss SQLite's log; ``VACUUM INTO`` doesn't. A server's library is written into a new file. A
backup counts only once it was checked.
"""

import contextlib
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from itertools import chain, count
from pathlib import Path

from library import clock
from library.store import copying, database, engine, ownership, transfer, versions
from models import database as connection

# Days until a backup is removed, and with the last one that has it, anything deleted meanwhile. Privacy pages name the
# number; ``deploy/keep``, which is no Python, repeats it.
KEPT_DAYS = 30
NAME = "madoguchi-{day}.sqlite3"
ENCRYPTED = f"{NAME}.*.age"  # of versions that had one lie ready for another machine
REPLACED = "before-restore-"  # + moment: the former database, kept beside it
DRAFTS_LAST = 24 * 60 * 60  # seconds: an older draft is of a process that was killed
RESTORED = "restored"  # installation id of a restored database


class NoBackup(Exception):
    """A backup can't be made or used; the message says why."""


def write(target: Path) -> Path:
    """Write a backup to ``target``, private to its owner, and its SHA-256 beside it; return ``target``.

    A file that is there is replaced only after the new one was checked. Raises: NoBackup.
    """
    draft = target.with_name(f".{target.name}.part")
    draft.unlink(missing_ok=True)
    database.make_private(draft)
    try:
        _copy_to(draft)
        if problems := problems_of(draft):
            raise NoBackup(problems[0])
        _flush(draft)
        checksum = _sha256(draft)
        checksum_file(target).unlink(missing_ok=True)  # it is of another backup
        draft.replace(target)
        _note_sum(target, checksum)
        _flush(target.parent)
    finally:
        draft.unlink(missing_ok=True)
    return target


def checksum_file(copy: Path) -> Path:
    """Return the path of a backup's SHA-256, in the format of ``sha256sum``; older backups have no such file."""
    return copy.with_name(f"{copy.name}.sha256")


def _note_sum(copy: Path, checksum: str) -> None:
    draft = copy.with_name(f".{copy.name}.sha256.part")  # in one step: half a sum would make a good backup look damaged
    database.make_private(draft)
    draft.write_text(f"{checksum}  {copy.name}\n", encoding="utf-8")
    _flush(draft)
    draft.replace(checksum_file(copy))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_changed(copy: Path) -> bool:
    """Tell whether a backup differs from its SHA-256; False without one, as SQLite alone can judge it then."""
    try:
        noted = checksum_file(copy).read_text(encoding="utf-8").partition(" ")[0]
    except (OSError, UnicodeDecodeError):
        return False
    return _sha256(copy) != noted


def _copy_to(draft: Path) -> None:
    if not engine.is_server():
        connection.execute_sql("VACUUM INTO ?", (str(draft),))
        return
    try:
        transfer.into_file(draft)
    except copying.NotCopied as error:
        raise NoBackup(f"控えを作れませんでした。{error}") from error


def folder(instance: str) -> Path:
    """Return the folder of the nightly backups of a library."""
    return Path(instance) / "backup"


def newest(folder: Path, *, today: date = date.max) -> Path | None:
    """Return the latest nightly backup; None if there is none.

    Dead links and days after ``today`` (a wrong clock) don't count.
    """
    made: dict[Path, float] = {}
    for path in folder.glob(NAME.format(day="*")):
        with contextlib.suppress(OSError):
            if day_of(path, today) <= today:
                made[path] = path.stat().st_mtime
    return max(made, key=made.__getitem__, default=None)


def newest_good(folder: Path) -> Path | None:
    """Return the backup of the latest day without problems; None if there is none."""
    names = sorted(folder.glob(NAME.format(day="*")), reverse=True)
    return next((path for path in names if not problems_of(path)), None)


def nightly(folder: Path, *, now: datetime) -> dict[str, int]:
    """Make today's backup if missing, after removing old ones. Return {"copies": 0 or 1, "removed": number}."""
    folder.mkdir(mode=0o700, exist_ok=True)
    today = clock.day_of(now)
    removed = _remove_old(folder, today) + remove_drafts(folder, ".madoguchi-*", now=now)
    target = folder / NAME.format(day=today)
    made = 0 if target.exists() else 1
    if made:
        write(target)
    return {"copies": made, "removed": removed}


def _remove_old(folder: Path, today: date) -> int:
    """Remove backups of KEPT_DAYS and more, with their sums and encrypted copies; return their number."""
    copies = [path for names in (NAME, ENCRYPTED) for path in folder.glob(names.format(day="*"))]
    old = [path for path in copies if (today - day_of(path, today)).days >= KEPT_DAYS]
    for path in old:
        path.unlink()
        checksum_file(path).unlink(missing_ok=True)
    return len(old)


def remove_drafts(folder: Path, names: str, *, now: datetime) -> int:
    """Remove the files of a pattern that a killed process left half-written a day ago; return their number."""
    return sum(_removed(path) for path in folder.glob(names) if _age(path, now) > DRAFTS_LAST)


def remove_replaced(file: Path | None, *, now: datetime) -> int:
    """Remove databases that restores moved aside KEPT_DAYS ago, and half-written files; return their number.

    ``file``: the database; None on a server, where there are none.
    """
    if file is None:
        return 0
    today = clock.day_of(now)
    moved = re.compile(re.escape(f"{file.name}.{REPLACED}") + r"(\d{4})(\d\d)(\d\d)-\d{6}[-\w]*")
    removed = remove_drafts(file.parent, f".{file.name}.*", now=now)
    for path in file.parent.glob(f"{file.name}.{REPLACED}*"):
        found = moved.fullmatch(path.name)
        with contextlib.suppress(ValueError):  # no date: not one of our files
            if found and (today - date(*map(int, found.groups()))).days >= KEPT_DAYS:
                removed += _removed(path)
    return removed


def _removed(path: Path) -> int:
    path.unlink(missing_ok=True)
    return 1


def _age(path: Path, now: datetime) -> float:
    with contextlib.suppress(FileNotFoundError):
        return now.timestamp() - path.stat().st_mtime
    return 0.0


def restore(source: Path, target: Path) -> Path | None:
    """Put a checked backup in place of the database; return the path of the former one, None if there was none.

    Mails are held afterwards, as the backup may have mails that were sent since. Nobody is signed in, and no mailed
    link or draft is valid. The server must not run. Raises: NoBackup.
    """
    require_restorable(source)
    draft = target.with_name(f".{target.name}.restored")
    database.make_private(draft)
    shutil.copyfile(source, draft)
    _make_harmless(draft)
    ownership.copy_owner(draft, target if target.exists() else target.parent)
    _flush(draft)
    old = _move_aside(target)
    draft.replace(target)  # in one step, so that there is always a database
    _flush(target.parent)
    return old


@contextmanager
def of_this_version(source: Path, folder: Path) -> Iterator[Path]:
    """Yield a temporary copy of a checked backup, migrated to this version. Raises: NoBackup."""
    require_restorable(source)
    draft = folder / f".{source.name}.restored"
    database.make_private(draft)
    try:
        shutil.copyfile(source, draft)
        transfer.upgrade(draft)
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def require_restorable(path: Path) -> None:
    """Refuse a file that is no good backup, or has tables, views or triggers of its own. Raises: NoBackup."""
    if problems := problems_of(path):
        raise NoBackup(problems[0])
    with contextlib.closing(database.sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as opened:
        names = _migrations(opened)
    if differences := versions.differences(path, names):
        raise NoBackup(
            f"{path} には、この版の Madoguchi が作っていないか、作ったときと違うものがあります（{'、'.join(differences[:5])}）。"
        )


def _migrations(opened: database.sqlite3.Connection) -> set[str]:
    return {name for (name,) in opened.execute("SELECT name FROM schema_migration")}


def problems_of(path: Path) -> list[str]:
    """Return the reasons why a file is no good backup; [] for a good one."""
    if not path.is_file():
        return [f"{path} というファイルはありません。"]
    if not path.stat().st_size:
        return [f"{path} は空のファイルです。"]
    if _is_changed(path):
        return [f"{path} は、作ったときと中身が違います（SHA-256）。途中で切れているか、壊れています。"]
    try:
        opened = database.sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        try:
            broken = [row[0] for row in opened.execute("PRAGMA integrity_check(1)") if row[0] != "ok"]
            orphans = opened.execute("PRAGMA foreign_key_check").fetchall()
            names = _migrations(opened)
        finally:
            opened.close()
    except database.ENGINE_ERRORS as error:
        return [f"{path} は Madoguchi の控えではありません（{engine.words(error)}）。"]
    if broken or orphans:
        return [f"{path} は壊れています。"]
    if versions.is_of_before_first(names):
        return [str(database.OfBeforeFirst())]
    newer = sorted(names - versions.known())
    return [f"{path} は新しい版の Madoguchi の控えです（{newer[-1]}）。"] if newer else []


def _make_harmless(path: Path) -> None:
    """Detach a restored database from its installation (``installation.release``) and empty its short-lived tables."""
    opened = database.sqlite3.connect(str(path))
    with opened:
        there = {name for (name,) in opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        for table in there.intersection(copying.SHORT_LIVED):  # a backup of an older version may lack some
            opened.execute(f"DELETE FROM {table}")  # noqa: S608 (names of ours)
        opened.execute(
            "INSERT OR REPLACE INTO setting (name, value) VALUES ('installation_id', ?)", (json.dumps(RESTORED),)
        )
    opened.close()


def _move_aside(target: Path) -> Path | None:
    """Rename the old database with the moment in its name and return the path; its log is merged or kept beside it."""
    if not target.exists():
        return None
    old = _free_name(target.with_name(f"{target.name}.{REPLACED}{clock.local(clock.now()):%Y%m%d-%H%M%S}"))
    with contextlib.suppress(*database.ENGINE_ERRORS):  # a damaged database keeps its log
        opened = database.sqlite3.connect(str(target))
        try:
            opened.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        finally:
            opened.close()
    os.link(target, old)
    for side in database.SIDES:
        if (left := Path(f"{target}{side}")).exists():
            left.replace(f"{old}{side}")
    return old


def _free_name(path: Path) -> Path:
    """Return the path, with a number after it if it is taken: two restores may be in one second."""
    numbered = (path.with_name(f"{path.name}-{number}") for number in count(2))
    return next(name for name in chain([path], numbered) if not name.exists())


def day_of(path: Path, today: date) -> date:
    """Return the day in a backup's name (madoguchi-2026-12-01…); ``today`` if it has none, so that it counts as new."""
    try:
        return date.fromisoformat(path.name.removeprefix("madoguchi-")[:10])
    except ValueError:
        return today  # not one of our names: the file counts as new and stays


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
