"""The belongings of a title besides copies and holds (carts, shelves, 特集, lists, e-books), moved to another title."""

from typing import Any

from peewee import fn

from library.reading import history
from library.store import positions
from models import CartRow, Ebook, FeatureBook, Ranking, RankingOfMonth, SdiTitle, ShelvedTitle, Wanted

# (table, keys): a title has at most one row among those with equal columns of a key
ONCE = (
    (CartRow, [("patron",), ("sealed_for",)]),
    (SdiTitle, [("condition",)]),
    (Ranking, [("name", "span", "audience")]),
    (RankingOfMonth, [("month", "span", "audience")]),
)


def move(title_id: int, other_id: int) -> None:
    """Move the belongings of the other title to the first, without duplicates, in the caller's transaction."""
    history.merge(title_id, other_id)
    _join_shelved(title_id, other_id)
    _join_features(title_id, other_id)
    for model, keys in ONCE:
        _move_once(model, keys, title_id, other_id)
    for model in (ShelvedTitle, FeatureBook, Ebook, Wanted):
        model.update(title=title_id).where(model.title == other_id).execute()


def _move_once(model: Any, keys: list[tuple[str, ...]], title_id: int, other_id: int) -> None:
    """Move the rows of a table, except duplicates of rows of the first title, which are deleted."""
    there = model.alias()
    for columns in keys:
        alike = [getattr(there, name) == getattr(model, name) for name in columns]
        doubled = there.select(there.title).where(there.title == title_id, *alike)
        model.delete().where(model.title == other_id, fn.EXISTS(doubled)).execute()
    model.update(title=title_id).where(model.title == other_id).execute()


def _joined(*texts: str) -> str:
    """Return the different texts, a line each."""
    return "\n".join(dict.fromkeys(filter(None, texts)))


def _join_shelved(title_id: int, other_id: int) -> None:
    """On a shelf with both titles, keep the first row, with the notes of both."""
    table = ShelvedTitle
    for stays, goes in _pairs(table, table.shelf, title_id, other_id):
        stays.note, stays.added_on = _joined(stays.note, goes.note), min(stays.added_on, goes.added_on)
        stays.read_on = stays.read_on or goes.read_on
        positions.remove(goes, table.shelf == goes.shelf)
        stays.save(only=[table.note, table.read_on, table.added_on])


def _join_features(title_id: int, other_id: int) -> None:
    """In a 特集 with both titles, keep the first row, with the comments of both."""
    for stays, goes in _pairs(FeatureBook, FeatureBook.feature, title_id, other_id):
        stays.comment = _joined(stays.comment, goes.comment)
        goes.delete_instance()
        stays.save(only=[FeatureBook.comment])


def _pairs(table: Any, owner: Any, title_id: int, other_id: int) -> list[list[Any]]:
    """Return, for each list with both titles, their two rows in its order."""
    pairs: dict[int, list[Any]] = {}
    for row in table.select().where(table.title.in_((title_id, other_id))).order_by(owner, table.position):
        pairs.setdefault(getattr(row, owner.object_id_name), []).append(row)
    return [pair for pair in pairs.values() if len(pair) == 2]
