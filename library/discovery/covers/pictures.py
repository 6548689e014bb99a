"""The pictures of covers: files in the instance folder by ISBN, each with its row, up to MOST bytes in all."""

import os
from datetime import datetime
from pathlib import Path

from peewee import fn

from library.store import database
from library.store.queries import tuples
from models import Cover, Title

FOLDER = "covers"  # in the instance folder
KIND = "image/webp"
MOST = 500_000_000  # bytes of all
AT_ONCE = 500  # rows that are deleted by one statement
ARRIVED = fn.MAX(Title.id)  # of the titles of an ISBN: they are numbered as they come


def path(folder: Path, isbn: str) -> Path:
    return folder / f"{isbn}.webp"


def is_there(folder: Path, isbn: str) -> bool:
    return bool(isbn) and os.path.exists(f"{folder}/{isbn}.webp")  # without a Path: each row of a list asks


def put(folder: Path, isbn: str, content: bytes) -> None:
    """Store a cover, to be shown from now on; beyond MOST bytes the pictures of the oldest titles are removed."""
    folder.mkdir(mode=0o700, exist_ok=True)
    written = folder / f"{isbn}.new"
    written.write_bytes(content)
    written.replace(path(folder, isbn))
    _note(isbn, size=len(content), again_at=None)
    while total() > MOST and (first := oldest()):
        remove(folder, [first[0]])


def note_absence(isbn: str, *, again_at: datetime) -> None:
    """Note that the source has no cover of this ISBN, and when to ask again."""
    _note(isbn, size=0, again_at=again_at)


def _note(isbn: str, **columns: object) -> None:
    with database.writing():
        Cover.insert(isbn=isbn, **columns).on_conflict(conflict_target=[Cover.isbn], update=columns).execute()


def clear(folder: Path) -> int:
    """Remove all pictures and their rows; return the number of pictures."""
    count = Cover.select().where(Cover.size > 0).count()
    with database.writing():
        Cover.delete().execute()
    for entry in os.scandir(folder) if folder.is_dir() else ():
        os.unlink(entry.path)
    return count


def remove(folder: Path, isbns: list[str]) -> None:
    for isbn in isbns:
        path(folder, isbn).unlink(missing_ok=True)
    for first in range(0, len(isbns), AT_ONCE):
        with database.writing():
            Cover.delete().where(Cover.isbn.in_(isbns[first : first + AT_ONCE])).execute()


def is_full(size: int) -> bool:
    """Tell whether pictures of ``size`` bytes in all leave hardly any room for another."""
    return size > MOST * 0.999


def total() -> int:
    """Return the bytes of all pictures."""
    return Cover.select(fn.SUM(Cover.size)).scalar() or 0


def oldest() -> tuple[str, int] | None:
    """Return the ISBN of the picture whose title came first, and that title's id; None without pictures."""
    pictured = Cover.select(Cover.isbn, ARRIVED).join(Title, on=Title.isbn == Cover.isbn).where(Cover.size > 0)
    return next(iter(tuples(pictured.group_by(Cover.isbn).order_by(ARRIVED).limit(1))), None)


def counts() -> tuple[int, int, int]:
    """Return the number of pictures, their bytes, and the number of ISBNs for which there is none."""
    pictured, size, asked = Cover.select(
        fn.COUNT(fn.NULLIF(Cover.size, 0)), fn.SUM(Cover.size), fn.COUNT(Cover.isbn)
    ).scalar(as_tuple=True)
    return pictured, size or 0, asked - pictured
