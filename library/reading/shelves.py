"""本棚: shelves on which patrons put titles together, for themselves or for whoever has the link."""

from __future__ import annotations

import secrets
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from peewee import JOIN, Expression, ModelSelect, fn

from library import errors
from library.reading.shelved import AS_BACK
from library.store import database, positions
from library.store.queries import Query, blank
from models import Patron, Shelf, ShelvedTitle, Title

MOST = 100
LONGEST_NAME, LONGEST_DESCRIPTION = 50, 500  # characters
TO_READ = "今度読みたい本"  # the shelf of the mark 本棚に入れる
SHOWN, BOOKS_SHOWN = 3, 20  # shelves with books in the overview, and books of each


class Overview(NamedTuple):
    """A shelf at a glance; ``backs`` of the first books of the first shelves: title id, title, volume, author, NDC,
    call number.
    """

    id: int
    name: str
    is_public: bool
    size: int
    backs: tuple[tuple, ...] = ()


def _select_overview() -> ModelSelect[Shelf]:
    all_of_it = ShelvedTitle.alias("size")
    size = all_of_it.select(fn.MAX(all_of_it.position)).where(all_of_it.shelf == Shelf.id)
    shown = (ShelvedTitle.shelf == Shelf.id) & (Shelf.position <= SHOWN) & (ShelvedTitle.position <= BOOKS_SHOWN)
    return (
        Shelf.select(Shelf.id, Shelf.name, Shelf.token != "", size, *AS_BACK)
        .join(ShelvedTitle, JOIN.LEFT_OUTER, on=shown)
        .join(Title, JOIN.LEFT_OUTER, on=ShelvedTitle.title == Title.id)
        .where(Shelf.patron == blank("patron"), Shelf.position <= blank("first"))
        .order_by(Shelf.position, ShelvedTitle.position)
        .tuples()
    )


_OVERVIEW = Query(_select_overview)


def overview(patron: Patron, first: int = MOST) -> list[Overview]:
    """Return the patron's shelves in their order, ``first`` of them at most, by one query."""
    found = []
    for (shelf_id, name, is_public, size), rows in groupby(
        _OVERVIEW.rows(patron=patron.id, first=first), itemgetter(0, 1, 2, 3)
    ):
        backs = tuple(row[4:] for row in rows if row[5] is not None) if len(found) < SHOWN else ()
        found.append(Overview(shelf_id, name, is_public, size or 0, backs))
    return found


def of_patron(patron: Patron) -> list[Shelf]:
    return list(Shelf.select().where(owned_by(patron)).order_by(Shelf.position))


def owned_by(patron: Any) -> Expression:
    """Return the SQL condition for the shelves of a patron, by row, id or blank. Sealed shelves have no patron."""
    return Shelf.patron == patron


def creation_refusals(patron: Patron, name: str) -> dict:
    """Return the refusals of making a shelf of this name, by field."""
    if not name:
        return {"shelf_name": [errors.ShelfNameMissing()]}
    if Shelf.select().where(owned_by(patron), Shelf.name == name).exists():
        return {"shelf_name": [errors.ShelfNameTaken()]}
    if positions.last(Shelf, owned_by(patron)) >= MOST:
        return {"shelf_name": [errors.ShelfLimitReached(n=MOST)]}
    return {}


def create(patron: Patron, name: str, description: str = "") -> Shelf:
    """棚作成: make a shelf behind the others. Raises: RefusedTogether without a name, with a taken one,
    and beyond MOST.
    """
    with database.writing():
        if refused := creation_refusals(patron, name):
            raise errors.RefusedTogether(refused)
        position = positions.last(Shelf, owned_by(patron)) + 1
        return Shelf.create(patron=patron, name=name, description=description, position=position)


def to_read_shelf(patron: Patron) -> Shelf:
    """Return the shelf 今度読みたい本, made at its first use. Raises: RefusedTogether when it would be one too many."""
    with database.writing():
        return Shelf.get_or_none(owned_by(patron), Shelf.name == TO_READ) or create(patron, TO_READ)


def describe(shelf: Shelf, name: str, description: str) -> None:
    """Set name and description of a shelf. Raises: RefusedTogether without a name, and with a taken one."""
    with database.writing():
        if not name:
            raise errors.RefusedTogether({"shelf_name": [errors.ShelfNameMissing()]})
        if Shelf.select().where(owned_by(shelf.patron), Shelf.name == name, Shelf.id != shelf.id).exists():
            raise errors.RefusedTogether({"shelf_name": [errors.ShelfNameTaken()]})
        Shelf.update(name=name, description=description).where(Shelf.id == shelf.id).execute()


def set_view(shelf: Shelf, *, as_list: bool) -> None:
    """Store the view of a shelf: as a list, or as spines."""
    with database.writing():
        Shelf.update(as_list=as_list).where(Shelf.id == shelf.id).execute()


def move(shelf: Shelf, to: int) -> int:
    """Move a shelf to a position among the patron's, from 1; return its position."""
    with database.writing():
        return positions.move(shelf, owned_by(shelf.patron), to)


def delete(shelf: Shelf) -> None:
    """Delete a shelf with all books on it. Its link ends."""
    with database.writing():
        positions.remove(shelf, owned_by(shelf.patron))


# -- for whoever has the link ----------------------------------------------------------------------------------------
def publish(shelf: Shelf) -> bool:
    """Give a shelf a link. Return False when it had one."""
    return _link(shelf, Shelf.token == "", secrets.token_urlsafe(16))


def renew(shelf: Shelf) -> bool:
    """Give a shelf another link, and end the old one. Return False when it had none."""
    return _link(shelf, Shelf.token != "", secrets.token_urlsafe(16))


def withdraw(shelf: Shelf) -> bool:
    """Remove the link of a shelf, so that only its patron sees it. Return False when it had none."""
    return _link(shelf, Shelf.token != "", "")


def _link(shelf: Shelf, before: Expression, token: str) -> bool:
    with database.writing():
        return bool(Shelf.update(token=token).where(Shelf.id == shelf.id, before).execute())


def by_token(token: str) -> Shelf | None:
    """Return the shelf with this token in its link; None where there is none."""
    return Shelf.get_or_none(Shelf.token == token) if token else None
