"""The mark of a row: one press puts a title on 今度読みたい本, another takes it off again (spec 12, 4)."""

from datetime import date
from typing import Any

from peewee import fn

from library import errors
from library.reading import shelved, shelves
from library.store import database
from models import Patron, Shelf, ShelvedTitle, Title


def stands(patron: Patron, title: Title) -> bool:
    """Tell whether a title stands on a shelf of the patron."""
    return bool(shelved.shelves_with(patron, title.id))


def mark(patron_id: Any) -> Any:
    """Return a column ``marked`` for a select of titles: whether each stands on a shelf of the patron with this id, or of a blank."""
    mine = shelves.owned(patron_id)
    on_it = ShelvedTitle.select(ShelvedTitle.id).join(Shelf).where(mine, ShelvedTitle.title == Title.id)
    return fn.EXISTS(on_it).alias("marked")


def put(patron: Patron, title: Title, *, today: date) -> None:
    """Put a title on 今度読みたい本, unless it stands on a shelf already.

    Raises: Refusals when that shelf is full, and when it would be one shelf too many.
    """
    with database.writing():
        if stands(patron, title):
            return
        try:
            shelf = shelves.to_read(patron)
        except errors.RefusedTogether as refused:
            raise errors.Refusals(refused.by_field["shelf_name"]) from refused
        (answer,) = shelved.put(shelf, [title], today=today)
        if answer.reason:
            raise errors.Refusals([answer.reason])


def take_off(patron: Patron, title: Title) -> bool:
    """Take a title off 今度読みたい本. False, and nothing is done, where more would be lost than another press brings back: it stands
    on other shelves, has a note, or was read.
    """
    with database.writing():
        found = ShelvedTitle.select(ShelvedTitle, Shelf).join(Shelf)
        books = list(found.where(shelves.mine(patron), ShelvedTitle.title == title.id))
        if any(book.shelf.name != shelves.TO_READ or book.note or book.read_on for book in books):
            return False
        for book in books:
            shelved.take_off(book.shelf, [book])
    return True
