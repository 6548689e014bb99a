"""Rows of a patron's shelves and their titles."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from flask import url_for

from library.catalog import spine
from library.reading import shelved, shelves
from models import Patron, Shelf, ShelvedTitle, full_name
from web import paging

SPINES, LISTED = 300, 20  # on one page


def spines(books: Iterable[Any], *, linked: bool = True) -> list[dict[str, Any]]:
    """Return id, spine and, if ``linked``, url of each book."""
    return [
        {
            "id": book.id,
            "spine": spine.make(book.name, book.author, book.ndc, book.call_number),
            "url": url_for("catalog.title", title_id=book.title_id) if linked and book.title_id else None,
        }
        for book in books
    ]


def name_of(book: ShelvedTitle) -> str:
    """Return the name of a shelved title, as stored when it was added."""
    return full_name(book.title_text, book.volume_text)


def paged(shelf: Shelf, size: int, address: Callable[[int], str]) -> tuple[list[Any], dict[str, Any]]:
    """Return the books of the requested page, and a dict: ``count``, ``first`` (books before it), ``shown``, pager
    links.
    """
    count = shelved.count(shelf)
    page, pages = paging.asked_for(count, size)
    first = (page - 1) * size
    facts = {"count": count, "first": first, "shown": paging.shown(page, size, count)}
    return shelved.books(shelf, first, size), facts | paging.links(page, pages, address)


def glance(patron: Patron, most: int = shelves.MOST) -> dict[str, Any]:
    """Return a patron's first ``most`` shelves: ``shelves``, those with books as ``seen``, the rest ``by_name``."""
    root = url_for("shelves.index")
    overview = shelves.overview(patron, most + 1)
    more, overview = len(overview) > most, overview[:most]
    return {
        "shelves": overview,
        "more_shelves": more,
        "seen": [
            (f"{root}/{shelf.id}", shelf.name, shelf.size, shelf.is_public, _backs(shelf.backs))
            for shelf in overview
            if shelf.backs
        ],
        "by_name": [
            (f"{root}/{shelf.id}", shelf.name, shelf.size, shelf.is_public) for shelf in overview if not shelf.backs
        ],
    }


@lru_cache(maxsize=1000)
def _backs(backs: tuple[tuple[Any, ...], ...]) -> tuple[tuple[Any, None], ...]:
    """Return the spine of each book, without an address: the shelf is one stop for the Tab key, its name leads to all.

    The same tuple for the same books, so that they are drawn once.
    """
    return tuple(
        (spine.make(full_name(title, volume), author, ndc, call_number), None)
        for _, title, volume, author, ndc, call_number in backs
    )
