"""The e-books of the library: their files in a folder of the instance, their licences, and their withdrawal."""

import hashlib
import os
import secrets
import shutil
import time
from datetime import date, datetime
from pathlib import Path

from library import audit, dates, errors, policy
from library.catalog import changes, editing, statements
from library.catalog.fulltext import index
from library.catalog.records import Contributor, Record
from library.ebooks import epub, lending
from library.store import database
from library.store.queries import tuples
from models import Ebook, EbookLoan, Title

FOLDER = "ebooks"  # in the instance folder; nothing serves it but a loan
EXTENSIONS = {"image/jpeg": ".jpg", "image/png": ".png"}
CANDIDATES = 10
LANGUAGES = {
    "ja": "jpn", "en": "eng", "zh": "chi", "ko": "kor", "fr": "fre",
    "de": "ger", "es": "spa", "it": "ita", "ru": "rus", "pt": "por",
}  # fmt: skip
LICENCES, DAYS = (1, 1000), (1, 365)
LEFT_OVER = 24 * 60 * 60  # seconds after which a file that belongs to nothing goes


def inspect(path: Path) -> epub.Book:
    """Return the book in a file. Raises: the Refused of a damaged file, or EpubThereAlready."""
    with path.open("rb") as file:
        book = epub.read(file)
    _require_new(_digest(path))
    return book


def _require_new(digest: str) -> None:
    if Ebook.select().where(Ebook.digest == digest, Ebook.withdrawn_at.is_null()).exists():
        raise errors.EpubThereAlready()


def candidates(book: epub.Book) -> list[Title]:
    """Return titles that this may be an e-book of, by ISBN or title; none that have an e-book already."""
    having = Ebook.select(Ebook.title).where(Ebook.withdrawn_at.is_null())
    same = Title.title == book.title
    if book.isbn:
        same |= Title.isbn == book.isbn
    return list(Title.select().where(same, Title.id.not_in(having)).order_by(Title.id).limit(CANDIDATES))


def record_of(book: epub.Book) -> Record:
    """Return the record of a new title, taken from the book."""
    people = [Contributor(name, kana, role) for name, kana, role in book.people]
    return Record(
        title=book.title,
        title_kana=book.title_kana,
        contributors=people,
        author=statements.compose(people),
        publisher=book.publisher,
        year=dates.year_of(book.date),
        year_text=book.date[:4],
        isbns=[book.isbn] if book.isbn else [],
        material_type=lending.KIND,
        language=LANGUAGES.get(book.language.partition("-")[0], ""),
        contents=book.description,
        subjects=[(heading, "") for heading in book.subjects],
    )


def add(
    path: Path,
    folder: Path,
    *,
    title_id: int | None,
    licences: int | None,
    days: int | None,
    by: str,
    today: date,
    now: datetime,
) -> Ebook:
    """Lend the file from now on as an e-book of a title, or of a new title made from it. Raises: as ``inspect``.

    It is copied into ``folder``; the file at ``path`` stays.
    """
    book, stem, digest = inspect(path), secrets.token_hex(16), _digest(path)
    _put(path, book, folder, stem)
    try:
        with database.writing():
            _require_new(digest)
            title = _title(book, title_id, by=by, today=today, now=now)
            ebook = Ebook.create(
                title=title, file=stem, size=path.stat().st_size, digest=digest, cover=book.cover_type,
                identifier=book.identifier, licences=licences, days=days, added_at=now,
                accessibility=book.accessibility,
            )  # fmt: skip
            changes.note_copies([title.id], now=now)
            audit.record("ebook.added", actor=by, now=now, title=title.id)
    except BaseException:
        _remove(folder, stem)
        raise
    return ebook


def _title(book: epub.Book, title_id: int | None, *, by: str, today: date, now: datetime) -> Title:
    if title_id is None:
        if lending.KIND not in (kinds := policy.get("material_types")):
            policy.put("material_types", [*kinds, lending.KIND])
        return editing.add(record_of(book), by=by, today=today, now=now)
    title = Title.get_or_none(Title.id == title_id)
    if title is None:
        raise errors.TitleNotThere()
    if Ebook.select().where(Ebook.title == title, Ebook.withdrawn_at.is_null()).exists():
        raise errors.TitleHasEbook()
    return title


def change(ebook: Ebook, *, licences: int | None, days: int | None, by: str, now: datetime) -> None:
    """Change the licences, and the days of later loans. The line is served at once."""
    with database.writing():
        Ebook.update(licences=licences, days=days).where(Ebook.id == ebook.id).execute()
        audit.record("ebook.changed", actor=by, now=now, title=ebook.title_id)
        lending.advance(Ebook.get_by_id(ebook.id), now=now)


def withdraw(ebook: Ebook, folder: Path, *, by: str, now: datetime) -> None:
    """貸出の終了: lend it no more and end its line; loans go on to their last day, after which ``sweep`` erases the file."""
    with database.writing():
        if Ebook.update(withdrawn_at=now).where(Ebook.id == ebook.id, Ebook.withdrawn_at.is_null()).execute():
            lending.end_line(ebook, now=now)
            changes.note_copies([ebook.title_id], now=now)
            audit.record("ebook.withdrawn", actor=by, now=now, title=ebook.title_id)
    sweep(folder)


# -- files -----------------------------------------------------------------------------------------------------------
def file_of(ebook: Ebook, folder: Path) -> Path:
    return folder / f"{ebook.file}.epub"


def cover_of(ebook: Ebook, folder: Path) -> Path | None:
    return folder / f"{ebook.file}{EXTENSIONS[ebook.cover]}" if ebook.cover else None


def missing(folder: Path) -> list[Ebook]:
    """Return the e-books without their file, as after restoring a backup of the database without the files."""
    unerased = Ebook.select(Ebook, Title).join(Title).where(~Ebook.erased).order_by(Ebook.id)
    return [ebook for ebook in unerased if not file_of(ebook, folder).is_file()]


def reread_accessibility(folder: Path, *, again: bool = False) -> dict[str, int]:
    """Read accessibility metadata from files that were never read for it, with ``again`` from all; return their
    number.
    """
    lent = Ebook.select().where(Ebook.withdrawn_at.is_null())
    found = {}
    for ebook in list(lent if again else lent.where(Ebook.accessibility.is_null())):
        try:
            with file_of(ebook, folder).open("rb") as file:
                found[ebook.id] = epub.read(file).accessibility
        except (OSError, errors.Refused):
            found[ebook.id] = {}  # a missing file is told elsewhere
    with database.writing():
        for ebook_id, accessibility in found.items():
            Ebook.update(accessibility=accessibility).where(Ebook.id == ebook_id).execute()
        if found:
            index.copies_changed()
    return {"looked": len(found)}


def sweep(folder: Path) -> dict[str, int]:
    """Erase files of withdrawn e-books without loans, and leftovers of interrupted uploads; return their number."""
    out = EbookLoan.select(EbookLoan.ebook).where(EbookLoan.returned_on.is_null())
    done = Ebook.withdrawn_at.is_null(False) & Ebook.id.not_in(out) & ~Ebook.erased
    gone = 0
    for ebook in list(Ebook.select().where(done)):
        _remove(folder, ebook.file)
        with database.writing():
            Ebook.update(erased=True).where(Ebook.id == ebook.id).execute()
        gone += 1
    known = {row[0] for row in tuples(Ebook.select(Ebook.file).where(~Ebook.erased))}
    old = time.time() - LEFT_OVER
    left = [path for path in folder.glob("*.*") if path.stem not in known and path.stat().st_mtime < old]
    for path in left:
        path.unlink(missing_ok=True)
    return {"files": gone + len(left)}


def _put(path: Path, book: epub.Book, folder: Path, stem: str) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    _write(folder / f"{stem}.epub", path)
    if book.cover:
        _write(folder / f"{stem}{EXTENSIONS[book.cover_type]}", book.cover)


def _write(target: Path, content: bytes | Path) -> None:
    """Write a file readable by its owner only, complete on disk before any row names it."""
    database.make_private(target)
    with target.open("wb") as file:
        if isinstance(content, bytes):
            file.write(content)
        else:
            with content.open("rb") as source:
                shutil.copyfileobj(source, file)
        file.flush()
        os.fsync(file.fileno())


def _remove(folder: Path, stem: str) -> None:
    for extension in (".epub", *EXTENSIONS.values()):
        (folder / f"{stem}{extension}").unlink(missing_ok=True)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
