"""本棚: shelves on which patrons put titles together, for themselves or for whoever has the link."""

import secrets
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from peewee import JOIN, fn

from library import errors
from library.reading.shelved import AS_BACK
from library.store import database, positions
from library.store.queries import Query, blank
from models import Shelf, ShelvedTitle, Title

MOST = 100
LONGEST_NAME, LONGEST_DESCRIPTION = 50, 500  # characters
TO_READ = "今度読みたい本"  # the shelf that 読みたい puts titles on
DRAWN, BOOKS_DRAWN = 3, 20  # at a glance: shelves, and books of each


class Overview(NamedTuple):
    """A shelf at a glance; ``backs`` of the first books of the first shelves: title id, title, volume, author, NDC, call number."""

    id: int
    name: str
    is_public: bool
    count: int
    backs: tuple[tuple, ...] = ()


def _ask_overview():
    size = ShelvedTitle.alias("size")
    count = size.select(fn.MAX(size.position)).where(size.shelf == Shelf.id)
    drawn = (ShelvedTitle.shelf == Shelf.id) & (Shelf.position <= DRAWN) & (ShelvedTitle.position <= BOOKS_DRAWN)
    return (
        Shelf.select(Shelf.id, Shelf.name, Shelf.token != "", count, *AS_BACK)
        .join(ShelvedTitle, JOIN.LEFT_OUTER, on=drawn)
        .join(Title, JOIN.LEFT_OUTER, on=ShelvedTitle.title == Title.id)
        .where(Shelf.patron == blank("patron"), Shelf.position <= blank("first"))
        .order_by(Shelf.position, ShelvedTitle.position)
        .tuples()
    )


_OVERVIEW = Query(_ask_overview)


def overview(patron, first: int = MOST) -> list[Overview]:
    """The patron's shelves in their order, or so many of them: one question, however many there are."""
    found = []
    for (shelf_id, name, is_public, count), rows in groupby(
        _OVERVIEW.rows(patron=patron.id, first=first), itemgetter(0, 1, 2, 3)
    ):
        backs = tuple(row[4:] for row in rows if row[5] is not None) if len(found) < DRAWN else ()
        found.append(Overview(shelf_id, name, is_public, count or 0, backs))
    return found


def of_patron(patron) -> list[Shelf]:
    return list(Shelf.select().where(_of(patron)).order_by(Shelf.position))


def _of(patron):
    return Shelf.patron == patron.id


def creation_refusals(patron, name: str) -> dict:
    """By field, why no shelf of this name can be made."""
    if not name:
        return {"shelf_name": [errors.ShelfNameMissing()]}
    if Shelf.select().where(_of(patron), Shelf.name == name).exists():
        return {"shelf_name": [errors.ShelfNameTaken()]}
    if positions.last(Shelf, _of(patron)) >= MOST:
        return {"shelf_name": [errors.ShelfLimitReached(limit=MOST)]}
    return {}


def create(patron, name: str, description: str = "") -> Shelf:
    """棚作成: a shelf behind the others. RefusedTogether without a name, with one that another has, and beyond MOST."""
    with database.writing():
        if refused := creation_refusals(patron, name):
            raise errors.RefusedTogether(refused)
        place = positions.last(Shelf, _of(patron)) + 1
        return Shelf.create(patron=patron, name=name, description=description, position=place)


def to_read(patron) -> Shelf:
    """今度読みたい本, made at its first use. RefusedTogether when it would be one too many."""
    with database.writing():
        kept = Shelf.get_or_none(_of(patron), Shelf.name == TO_READ)
        return kept or create(patron, TO_READ)


def describe(shelf, name: str, description: str):
    """Change what a shelf is called and what is said of it. RefusedTogether without a name, and with that of another."""
    with database.writing():
        if not name:
            raise errors.RefusedTogether({"shelf_name": [errors.ShelfNameMissing()]})
        if Shelf.select().where(_of(shelf.patron), Shelf.name == name, Shelf.id != shelf.id).exists():
            raise errors.RefusedTogether({"shelf_name": [errors.ShelfNameTaken()]})
        Shelf.update(name=name, description=description).where(Shelf.id == shelf.id).execute()


def show(shelf, *, as_list: bool):
    """As a list, or as spines; kept until it is chosen otherwise."""
    with database.writing():
        Shelf.update(as_list=as_list).where(Shelf.id == shelf.id).execute()


def move(shelf, to: int) -> int:
    """Put a shelf at a place among the patron's, from 1; its place now."""
    with database.writing():
        return positions.move(shelf, _of(shelf.patron), to)


def delete(shelf):
    """With all that stands on it. Its link is dead."""
    with database.writing():
        positions.remove(shelf, _of(shelf.patron))


# -- for whoever has the link ----------------------------------------------------------------------------------------
def publish(shelf) -> bool:
    """Give it a link; whether it had none."""
    return _link(shelf, Shelf.token == "", secrets.token_urlsafe(16))


def renew(shelf) -> bool:
    """Another link, if it has one: who has the old one sees nothing any more. Whether it had one."""
    return _link(shelf, Shelf.token != "", secrets.token_urlsafe(16))


def withdraw(shelf) -> bool:
    """Nobody sees it but its patron; whether somebody could."""
    return _link(shelf, Shelf.token != "", "")


def _link(shelf, before, token):
    with database.writing():
        return bool(Shelf.update(token=token).where(Shelf.id == shelf.id, before).execute())


def public(token: str) -> Shelf | None:
    """The shelf with this link."""
    return Shelf.get_or_none(Shelf.token == token) if token else None
