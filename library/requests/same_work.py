"""The same work: that by which requests for one meet, and the library's holdings of it and of its author."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import fn

from library import dates, holdings
from library.catalog import isbn
from library.catalog.folding import fold
from library.catalog.query.query import Row
from library.catalog.search import matching, snapshot
from library.requests import states
from models import Item, Loan, Title, Wanted

GONE = ("withdrawn", "lost", "missing")  # copies that nobody can have
LOOKED_AT = 50  # titles of one name


@dataclass(frozen=True)
class Wish:
    """A work as somebody asks for it, in their words."""

    title_text: str
    author: str = ""
    publisher: str = ""
    year_text: str = ""
    isbn: str = ""
    volume: str = ""


def key(wish: Wish | Wanted) -> str:
    """Return the key of a work: its folded title, volume and author."""
    return "\t".join(map(fold.strict, (wish.title_text, wish.volume, wish.author)))


def is_same(wish: Wish | Wanted) -> Any:
    """Return the condition that a wanted work is this: of the same ISBN, or of the same key where one has no ISBN."""
    number, alike = isbn.normalise(wish.isbn), Wanted.key == key(wish)
    return (Wanted.isbn == number) | (alike & (Wanted.isbn == "")) if number else alike


def wanted(wish: Wish) -> Wanted | None:
    """Return the open work that others have asked for; None if nobody has."""
    rows = Wanted.select().where(is_same(wish), Wanted.state.in_(states.OPEN))
    return rows.order_by(Wanted.isbn.desc(), Wanted.id).first()


def is_had(title: Title) -> bool:
    """Tell whether a title has a copy of the library's own that can be had."""
    return Title.select().where(Title.id == title.id, _has_copy()).exists()


def _has_copy() -> Any:
    had = (Item.title == Title.id) & holdings.is_own() & Item.state.not_in(GONE)
    return fn.EXISTS(Item.select(Item.id).where(had))


def owned_title(wish: Wish | Wanted) -> Title | None:
    """Return the title of the catalogue that is this work and has a copy; None if the library has it not."""
    return _record(wish, _ids(wish), _has_copy())


def record(wish: Wish | Wanted) -> Title | None:
    """Return the title of the catalogue that is this work, whatever copies it has; None if there is none."""
    return _record(wish, _ids(wish, with_removed=True))


def _ids(wish: Wish | Wanted, *, with_removed: bool = False) -> list[int]:
    return [] if isbn.normalise(wish.isbn) else _found(_named(wish), with_removed=with_removed)[0]


def _named(wish: Wish | Wanted) -> Row:
    return Row(wish.title_text, "title", "equals")


def _found(*rows: Row, with_removed: bool = False) -> list[list[int]]:
    """Return the ids of the titles that each of these rows finds."""
    shot = snapshot.current(with_removed=with_removed)
    return [shot.ids[found != matching.MISS].tolist() for found in matching.rank_rows_each(rows, shot)]


def _record(wish: Wish | Wanted, named: list[int], *conditions: Any) -> Title | None:
    number = isbn.normalise(wish.isbn)
    alike = Title.isbn == number if number else Title.id.in_(named)
    rows = Title.select().where(alike, *conditions).order_by(Title.id).limit(LOOKED_AT)
    return next((each for each in rows if matches(each, wish)), None)


def matches(row: Title, wish: Wish | Wanted) -> bool:
    """Tell whether a title of the catalogue is this work. An author that is not told may be any."""
    if number := isbn.normalise(wish.isbn):
        return row.isbn == number
    title, volume, author = map(fold.strict, (wish.title_text, wish.volume, wish.author))
    return (fold.strict(row.title), fold.strict(row.volume)) == (title, volume) and author in fold.strict(row.author)


def is_wanted(row: Title, wanted: Wanted) -> bool:
    """Tell whether a title of the catalogue is a wanted work."""
    return row.id == wanted.title_id if wanted.title_id else matches(row, wanted)


def evidence(wish: Wish | Wanted, *, today: date) -> tuple[Title | None, int, int]:
    """Return the title as ``owned_title`` does, and the numbers of its author's titles and their loans in a year."""
    named, of_author = _found(_named(wish), Row(wish.author, "author"))
    recent = Loan.select(fn.COUNT(Loan.id)).join(Item).where(Loan.lent_on > dates.year_before(today))
    loans = recent.where(Item.title.in_(of_author[:LOOKED_AT])).scalar()
    return _record(wish, named, _has_copy()), len(of_author), loans
