#!/usr/bin/env python3
"""Copy a library's nightly copies to where its service can't reach them. Run by root (keep@.timer); Python's own
library alone.

    keep.py NAME [--instance DIR] [--to DIR]

NAME is the library's file in /etc/madoguchi, which names its folder. Copies go to /var/backups/madoguchi/NAME, for root
alone, and are gone when 30 days are over. Whoever has broken into the service can write in the library's folder: so no
link is followed there, a file that is none or somebody else's is left, what was copied once is never replaced, and a
gigabyte of the disk stays free.
"""

import argparse
import contextlib
import errno
import fcntl
import hashlib
import os
import re
import shutil
import stat
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

KEPT_DAYS = 30
LATE_DAYS = 2  # since the day of the newest copy: somebody must look
LEFT_FREE = 1_000_000_000  # bytes
SETTINGS, COPIES = Path("/etc/madoguchi"), Path("/var/backups/madoguchi")
ZONE = "Asia/Tokyo"
_COPY = re.compile(r"madoguchi-(\d{4}-\d\d-\d\d)\.sqlite3")
_SQLITE = b"SQLite format 3\0"
_PART = 1 << 20  # bytes that are read at a time


class Refused(Exception):
    """Something is not as it must be; the message says what."""


def main(arguments: list[str]) -> int:
    """Copy what is new, remove what is old, and return 0; 1 with a sentence where somebody must look."""
    parser = argparse.ArgumentParser(description="図書館の毎日の控えを、root だけが読める場所に写します。")
    parser.add_argument("name", metavar="NAME", help="図書館の名前（/etc/madoguchi/NAME.toml）")
    parser.add_argument(
        "--instance", type=Path, metavar="DIR", help="図書館のフォルダ（書かないと、設定ファイルの INSTANCE）"
    )
    parser.add_argument("--to", type=Path, default=COPIES, metavar="DIR", help=f"写す先（{COPIES}）")
    options = parser.parse_args(arguments)
    try:
        complaints = keep(options.name, options.instance, options.to)
    except (Refused, OSError) as problem:
        complaints = [str(problem)]
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    return 1 if complaints else 0


def keep(name: str, instance: Path | None, copies: Path) -> list[str]:
    """Keep the copies of one library; return a sentence for each thing that is wrong. Raises: Refused, OSError."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", name):
        raise Refused(f"{name} は図書館の名前ではありません。")
    settings = settings_of(name)
    today = today_in(settings.get("TIMEZONE", ZONE), name)
    found = instance or settings.get("INSTANCE")
    if not found or not isinstance(found, (str, Path)):
        raise Refused(f"{SETTINGS / name}.toml に INSTANCE がありません。--instance で指定してください。")
    target = private_folder(copies, name)
    complaints = []
    with held(target):
        remove_old(target, today)  # even where nothing can be copied
        with opened_folder(Path(found)) as source:
            for each in sorted(new_names(source, target, today)):
                try:
                    copy(source, each, target)
                except (Refused, OSError) as problem:
                    complaints.append(f"{each} を写せません。{problem}")
        newest = max((day_of(each) for each in os.listdir(target)), default=date.min)
        if (today - newest).days >= LATE_DAYS:
            complaints.append(f"{target} の控えが、{newest if newest > date.min else 'はじめ'} から増えていません。")
    return complaints


def settings_of(name: str) -> dict:
    """Return the settings of the library's file in /etc/madoguchi; none where it has no file. Raises:
    Refused, OSError.
    """
    import tomllib

    file = SETTINGS / f"{name}.toml"
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:  # no UTF-8, or no TOML
        raise Refused(f"{file} を読めません（{error}）。") from error


def today_in(zone: str, name: str) -> date:
    """Return the day that it is in the library's zone. Raises: Refused."""
    try:
        return datetime.now(ZoneInfo(zone)).date()
    except (ValueError, KeyError, TypeError, OSError) as error:  # as ZoneInfo refuses names
        raise Refused(f"{SETTINGS / name}.toml の TIMEZONE（{zone}）が分かりません。") from error


# -- where copies go
# -----------------------------------------------------------------------------------------------------
def private_folder(copies: Path, name: str) -> Path:
    """Return the folder of a library's copies, made where it isn't there. Refused where anybody else
    could change it.
    """
    for folder in (copies, copies / name):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        about = folder.lstat()
        if not stat.S_ISDIR(about.st_mode) or about.st_uid != os.geteuid():
            raise Refused(f"{folder} の持ち主が root ではありません。「sudo chown root: {folder}」で直してください。")
        if about.st_mode & 0o077:
            folder.chmod(0o700)
    return copies / name


@contextlib.contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold a folder for this process alone."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def remove_old(target: Path, today: date) -> None:
    """Remove the copies whose time is over, their sums, and what a process that was killed left."""
    for each in os.listdir(target):
        day = day_of(each.removesuffix(".sha256"))
        if (each.startswith(".") and each.endswith(".part")) or (day > date.min and (today - day).days >= KEPT_DAYS):
            (target / each).unlink()


def day_of(name: str) -> date:
    """Return the day of a copy; the first of all days for other names."""
    found = _COPY.fullmatch(name)
    with contextlib.suppress(ValueError):
        return date.fromisoformat(found[1]) if found else date.min
    return date.min


# -- where they come from
# ------------------------------------------------------------------------------------------------
@contextlib.contextmanager
def opened_folder(instance: Path) -> Iterator[int]:
    """Open the folder of the nightly copies, which belongs to whom the library's folder belongs to and is no link."""
    above = os.open(instance, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        source = os.open("backup", os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=above)
        try:
            if os.fstat(source).st_uid != os.fstat(above).st_uid:
                raise Refused(f"{instance / 'backup'} の持ち主が、図書館のフォルダと違います。")
            yield source
        finally:
            os.close(source)
    finally:
        os.close(above)


def new_names(source: int, target: Path, today: date) -> set[str]:
    """Return the copies of the last days that are not in ``target`` yet; none of a day to come."""
    return {
        name
        for name in os.listdir(source)
        if 0 <= (today - day_of(name)).days < KEPT_DAYS and not (target / name).exists()
    }


def opened(source: int, name: str) -> tuple[int, os.stat_result]:
    """Open a regular file of the folder's owner, without following a link or waiting for a pipe. Raises: Refused,
    OSError.
    """
    try:
        file = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=source)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise Refused("ファイルではなく、リンクです。") from error
        raise
    about = os.fstat(file)
    if not stat.S_ISREG(about.st_mode) or about.st_nlink != 1 or about.st_uid != os.fstat(source).st_uid:
        os.close(file)
        raise Refused("図書館のふつうのファイルではありません。")
    return file, about


def copy(source: int, name: str, target: Path) -> None:
    """Copy one file, whole and checked, and write its sum beside it; nothing is left of one that isn't good."""
    file, about = opened(source, name)
    part = target / f".{name}.part"
    try:
        if about.st_size > shutil.disk_usage(target).free - LEFT_FREE:
            raise Refused("ディスクの空きが足りません。")
        sha256 = copied(file, part, about.st_size)
        noted = sum_of(source, name)
        if noted and noted != sha256:
            raise Refused("作ったときと中身が違います（SHA-256）。")
        write_sum(target / f"{name}.sha256", f"{sha256}  {name}\n")
        part.rename(target / name)
        flush(target)
    finally:
        part.unlink(missing_ok=True)
        os.close(file)


def copied(file: int, part: Path, size: int) -> str:
    """Copy as many bytes as the file had when it was opened, and return their SHA-256. Raises: Refused, for what is no
    database.
    """
    digest, left = hashlib.sha256(), size
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as writing:
        while left and (read := os.read(file, min(left, _PART))):
            if left == size and not read.startswith(_SQLITE):
                raise Refused("SQLite のファイルではありません。")
            digest.update(read)
            writing.write(read)
            left -= len(read)
        writing.flush()
        os.fsync(writing.fileno())
    if left or not size:
        raise Refused("途中で切れています。")
    return digest.hexdigest()


def sum_of(source: int, name: str) -> str:
    """Return the SHA-256 that the library noted of a copy; empty where it noted none."""
    try:
        file, _ = opened(source, f"{name}.sha256")
    except FileNotFoundError:
        return ""
    try:
        return os.read(file, 64).decode("ascii", "replace")
    finally:
        os.close(file)


def write_sum(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(text)


def flush(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


if __name__ == "__main__":
    os.umask(0o077)
    sys.exit(main(sys.argv[1:]))
