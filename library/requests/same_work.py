"""The same work: the key by which requests for one meet, and what the library has of it and of its author."""

from collections.abc import Iterable
from datetime import date

from peewee import Expression, fn

from library import dates
from library.catalog import isbn
from library.catalog.folding import fold
from library.catalog.query import query as queries
from library.catalog.shown import results
from models import Item, Loan, Title, Wanted

GONE = ("withdrawn", "lost", "missing")  # copies that nobody can have
LOOKED_AT = 50  # titles of one name


def key(title: str, *, volume: str, author: str, number: str) -> str:
    """Return the key of a work: its ISBN of 13 digits, else its folded title, volume and author."""
    found = isbn.normalise(number)
    return found or "\t".join(map(fold.strict, (title, volume, author)))


def has_copy(title_ids: Iterable[int]) -> set[int]:
    """Return the titles among these with a copy of the library's own that can be had."""
    return {item.title_id for item in Item.select(Item.title).where(Item.title.in_(list(title_ids)), _is_had())}


def _is_had() -> Expression:
    return Item.owner.is_null() & Item.state.not_in(GONE)


def owned_title(title: str, *, volume: str, author: str, number: str) -> Title | None:
    """Return the title of the catalogue that is this work and has a copy; None if the library has it not."""
    if found := isbn.normalise(number):
        alike = Title.isbn == found
    else:
        row = queries.Row(title, "title", "equals")
        alike = Title.id.in_(results.find(queries.Query(rows=(row,)), size=LOOKED_AT).ids)
    rows = Title.select().join(Item).where(alike, _is_had()).distinct().order_by(Title.id)
    return next((each for each in rows if matches(each, title, volume, author, number)), None)


def matches(row: Title, title: str, volume: str, author: str, number: str) -> bool:
    """Tell whether a title of the catalogue is this work. An author that is not told may be any."""
    if found := isbn.normalise(number):
        return row.isbn == found
    same = fold.strict(row.title) == fold.strict(title) and fold.strict(row.volume) == fold.strict(volume)
    return same and fold.strict(author) in fold.strict(row.author)


def is_wanted(row: Title, wanted: Wanted) -> bool:
    """Tell whether a title of the catalogue is a wanted work."""
    if wanted.title_id:
        return row.id == wanted.title_id
    return matches(row, wanted.title_text, wanted.volume, wanted.author, wanted.isbn)


def of_author(author: str, *, today: date) -> tuple[int, int]:
    """Return the numbers of titles of an author and of their loans within a year; 0 without an author."""
    if not author.strip():
        return 0, 0
    found = results.find(queries.Query(rows=(queries.Row(author, "author"),)), size=LOOKED_AT)
    lent = Loan.select(fn.COUNT(Loan.id)).join(Item)
    return found.total, lent.where(Item.title.in_(found.ids), Loan.lent_on > dates.year_before(today)).scalar()
