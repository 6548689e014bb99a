"""The star of a title in a list: one press puts the title on 今度読みたい本, another removes it (spec 12, 4)."""

from datetime import date
from typing import Any

from peewee import fn

from library import errors
from library.reading import shelved, shelves
from library.store import database
from models import Patron, Shelf, ShelvedTitle, Title


def is_on_shelf(patron: Patron, title: Title) -> bool:
    """Tell whether a title is on a shelf of the patron."""
    return bool(shelved.shelves_with(patron, title.id))


def starred_column(patron_id: Any) -> Any:
    """Return the column ``marked`` for a select of titles: true for titles on a shelf of this patron (id or blank)."""
    mine = shelves.owned_by(patron_id)
    on_it = ShelvedTitle.select(ShelvedTitle.id).join(Shelf).where(mine, ShelvedTitle.title == Title.id)
    return fn.EXISTS(on_it).alias("marked")


def put(patron: Patron, title: Title, *, today: date) -> None:
    """Put a title on 今度読みたい本, unless it is on a shelf already.

    Raises: Refusals when that shelf is full, or would be one shelf too many.
    """
    with database.writing():
        if is_on_shelf(patron, title):
            return
        try:
            shelf = shelves.to_read_shelf(patron)
        except errors.RefusedTogether as refused:
            raise errors.Refusals(refused.by_field["shelf_name"]) from refused
        (answer,) = shelved.put(shelf, [title], today=today)
        if answer.reason:
            raise errors.Refusals([answer.reason])


def take_off(patron: Patron, title: Title) -> bool:
    """Remove a title from 今度読みたい本. Return False, and do nothing, where another press could not bring all back: it is on
    other shelves, has a note, or was read.
    """
    with database.writing():
        found = ShelvedTitle.select(ShelvedTitle, Shelf).join(Shelf)
        books = list(found.where(shelves.owned_by(patron), ShelvedTitle.title == title.id))
        if any(book.shelf.name != shelves.TO_READ or book.note or book.read_on for book in books):
            return False
        for book in books:
            shelved.remove(book.shelf, [book])
    return True
