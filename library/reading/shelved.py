"""本棚の資料: the titles on a shelf, in an order, each with a note and the day on which it was read."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from peewee import JOIN, Expression, chunked, fn

from library import errors
from library.access import undos
from library.store import database, positions
from library.store.queries import Query, blank, tuples
from models import Item, Patron, Shelf, ShelvedTitle, Title, full_name

MOST = 1_000  # titles on one shelf
LONGEST_NOTE = 500  # characters
ASKED = 500  # ids in one query


class Book(NamedTuple):
    """A title on a shelf, as the catalogue has it now; a deleted one (``title_id`` is None) as it was."""

    id: int
    title_id: int | None
    title: str
    volume: str
    author: str
    ndc: str
    call_number: str
    position: int
    note: str
    read_on: date | None
    isbn: str = ""

    @property
    def name(self) -> str:
        """Return the title with its volume."""
        return full_name(self.title, self.volume)


class Answer(NamedTuple):
    """The outcome of putting one title on a shelf: its refusal, or None."""

    title: Title
    reason: errors.Refused | None = None


_AS_THEY_ARE = (
    "title_id", "position", "title_text", "volume_text", "author_text", "ndc", "call_number", "note",
)  # fmt: skip
AS_BACK = (
    Title.id,
    *(
        fn.COALESCE(current, stored).coerce(False)
        for current, stored in (
            (Title.title, ShelvedTitle.title_text),
            (Title.volume, ShelvedTitle.volume_text),
            (Title.author, ShelvedTitle.author_text),
            (Title.ndc, ShelvedTitle.ndc),
        )
    ),
    ShelvedTitle.call_number,
)
AS_BOOK = (
    ShelvedTitle.id, *AS_BACK, ShelvedTitle.position, ShelvedTitle.note, ShelvedTitle.read_on, Title.isbn,
)  # fmt: skip
_BOOKS = Query(
    lambda: (
        ShelvedTitle.select(*AS_BOOK)
        .join(Title, JOIN.LEFT_OUTER)
        .where(
            ShelvedTitle.shelf == blank("shelf"),
            ShelvedTitle.position > blank("after"),
            ShelvedTitle.position <= blank("to"),
        )
        .order_by(ShelvedTitle.position)
        .tuples()
    )
)


def _on(shelf: Shelf) -> Expression:
    return ShelvedTitle.shelf == shelf.id


def count(shelf: Shelf) -> int:
    return positions.last(ShelvedTitle, _on(shelf))


def books(shelf: Shelf, after: int = 0, size: int = MOST) -> list[Book]:
    """Return the books on a shelf in its order, ``size`` of them behind the position ``after``."""
    return [Book(*row) for row in _BOOKS.rows(shelf=shelf.id, after=after, to=after + size)]


_SHELVES_WITH = Query(
    lambda: (
        Shelf.select(Shelf.id, Shelf.name)
        .join(ShelvedTitle)
        .where(Shelf.patron == blank("patron"), ShelvedTitle.title == blank("title"))
        .order_by(Shelf.position)
        .tuples()
    )
)


def shelves_with(patron: Patron, title_id: int) -> list[tuple[int, str]]:
    """Return the patron's shelves with this title: (id, name)."""
    return _SHELVES_WITH.rows(patron=patron.id, title=title_id)


# -- putting on and taking off ---------------------------------------------------------------------------------------
def refusals(shelf: Shelf, titles: Iterable[Title]) -> list[Answer]:
    """Return the answers that ``put`` would return; nothing is stored."""
    inside = {number for (number,) in tuples(ShelvedTitle.select(ShelvedTitle.title).where(_on(shelf)))}
    free, answers = MOST - count(shelf), []
    for title in titles:
        if title.id in inside:
            answers.append(Answer(title, errors.OnShelfAlready()))
        elif free <= 0:
            answers.append(Answer(title, errors.ShelfFull(n=MOST)))
        else:
            free -= 1
            inside.add(title.id)
            answers.append(Answer(title))
    return answers


def put(shelf: Shelf, titles: Iterable[Title], *, today: date, notes: dict[int, str] | None = None) -> list[Answer]:
    """Put titles at the end of a shelf, in their order; return an answer for each. ``notes``: title id → note."""
    with database.writing():
        answers = refusals(shelf, titles)
        added = [answer.title for answer in answers if answer.reason is None]
        numbers, end = _call_numbers(added), count(shelf)
        rows = [
            {
                "shelf": shelf.id,
                "title": title.id,
                "position": position,
                "title_text": title.title,
                "volume_text": title.volume,
                "author_text": title.author,
                "ndc": title.ndc[:255],
                "call_number": numbers.get(title.id, ""),
                "note": (notes or {}).get(title.id, ""),
                "added_on": today,
            }
            for position, title in enumerate(added, start=end + 1)
        ]
        for some in chunked(rows, ASKED // len(rows[0]) if rows else 1):
            ShelvedTitle.insert_many(some).execute()
    return answers


def _call_numbers(titles: Iterable[Title]) -> dict[int, str]:
    """Return title id → the call number of its first copy."""
    found = {}
    for some in chunked([title.id for title in titles], ASKED):
        rows = Item.select(Item.title, Item.call_number).where(Item.title.in_(list(some)), Item.call_number != "")
        for title_id, number in tuples(rows.order_by(Item.id.desc())):
            found[title_id] = number
    return found


def remove(shelf: Shelf, books: Iterable[ShelvedTitle]) -> None:
    """Remove books from a shelf, with their notes, for good."""
    with database.writing():
        for book in books:
            positions.remove(book, _on(shelf))


# -- taking off, and back --------------------------------------------------------------------------------------------
def remove_with_undo(shelf: Shelf, books: Iterable[ShelvedTitle], *, now: datetime) -> None:
    """Remove books from a shelf, with their notes; the patron can undo it for some minutes."""
    with database.writing():
        there = ShelvedTitle.select().where(ShelvedTitle.id.in_([book.id for book in books]), _on(shelf))
        taken = list(there.order_by(ShelvedTitle.position))
        remove(shelf, taken)
        if taken:
            facts = {"shelf": shelf.id, "books": [_as_facts(book) for book in taken]}
            undos.remember(shelf.patron_id, "shelf", facts, now=now)


def _as_facts(book: ShelvedTitle) -> dict[str, Any]:
    """Return the columns of a book for JSON."""
    row = {name: getattr(book, name) for name in _AS_THEY_ARE} | {"added_on": book.added_on.isoformat()}
    return row | {"read_on": book.read_on and book.read_on.isoformat()}


def put_back(patron: Patron, facts: dict[str, Any]) -> None:
    """Undo a removal: put the books back in their places, in the caller's transaction. Raises: UndoChanged, when the
    shelf is gone or full, or has one of them again.
    """
    shelf = Shelf.get_or_none(Shelf.id == facts["shelf"], Shelf.patron == patron.id)
    if shelf is None or count(shelf) + len(facts["books"]) > MOST:
        raise errors.UndoChanged()
    titles = [row["title_id"] for row in facts["books"] if row["title_id"]]
    if ShelvedTitle.select().where(_on(shelf), ShelvedTitle.title.in_(titles)).exists():
        raise errors.UndoChanged()
    there = {number for (number,) in tuples(Title.select(Title.id).where(Title.id.in_(titles)))}
    for row in facts["books"]:  # in their order, so that each finds its place
        days = {name: row[name] and date.fromisoformat(row[name]) for name in ("added_on", "read_on")}
        at = positions.make_room(ShelvedTitle, _on(shelf), row["position"])
        title_id = row["title_id"] if row["title_id"] in there else None  # the catalogue may have lost it
        ShelvedTitle.create(**row | days | {"shelf": shelf.id, "title_id": title_id, "position": at})


def move(book: ShelvedTitle, to: int) -> int:
    """Move a book to a position on its shelf, from 1; return its position."""
    with database.writing():
        return positions.move(book, _on(book.shelf), to)


def annotate(book: ShelvedTitle, *, note: str, read_on: date | None) -> None:
    """Store the note of a book and the day on which it was read (None for unread)."""
    with database.writing():
        ShelvedTitle.update(note=note, read_on=read_on).where(ShelvedTitle.id == book.id).execute()


def set_read_on(book: ShelvedTitle, *, read_on: date | None) -> None:
    """Store the day on which a book was read (読んだ); None for unread."""
    with database.writing():
        ShelvedTitle.update(read_on=read_on).where(ShelvedTitle.id == book.id).execute()
