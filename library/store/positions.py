"""Rows in an order that a reader chooses, numbered 1, 2, 3 without gaps, so the last number is their count.

``among``: the condition for the rows of one order. All but ``last`` need ``database.writing()``.
"""

from peewee import Expression, fn

from models import Feature, Shelf, ShelvedTitle

Row = Feature | Shelf | ShelvedTitle


def last(model: type[Row], among: Expression) -> int:
    """Return the last position, which is the number of rows."""
    return model.select(fn.MAX(model.position)).where(among).scalar() or 0


def move(row: Row, among: Expression, to: int) -> int:
    """Move a row to position ``to``, at most to an end, and return its position; rows between close the gap."""
    model, here = type(row), type(row).get_by_id(row.id).position
    to = min(max(to, 1), last(model, among))
    if to != here:
        first, step = (here + 1, -1) if to > here else (to, 1)
        between = model.position.between(first, first + abs(to - here) - 1)
        model.update(position=model.position + step).where(among, between).execute()
        model.update(position=to).where(model.id == row.id).execute()
    return to


def remove(row: Row, among: Expression) -> None:
    """Delete a row, if it is still there; later rows close the gap."""
    model = type(row)
    if now := model.get_or_none(model.id == row.id):
        now.delete_instance()
        model.update(position=model.position - 1).where(among, model.position > now.position).execute()


def make_room(model: type[Row], among: Expression, at: int) -> int:
    """Move the rows from position ``at`` on to the next one; return the free position, at most one after the last."""
    at = min(max(at, 1), last(model, among) + 1)
    model.update(position=model.position + 1).where(among, model.position >= at).execute()
    return at
