"""Rows that a person puts in an order: numbered 1, 2, 3 without a gap, so that the last number is how many there are.

``among`` is the condition that holds for the rows of one order. All but ``last`` inside ``database.writing()``.
"""

from peewee import Expression, fn

from models import Feature, Shelf, ShelvedTitle

Row = Feature | Shelf | ShelvedTitle


def last(model: type[Row], among: Expression) -> int:
    """Return the last number, which is how many rows there are."""
    return model.select(fn.MAX(model.position)).where(among).scalar() or 0


def move(row: Row, among: Expression, to: int) -> int:
    """Move a row to place ``to``, or to the nearest end; return its place now. Those between move up by one."""
    model, here = type(row), type(row).get_by_id(row.id).position
    to = min(max(to, 1), last(model, among))
    if to != here:
        first, step = (here + 1, -1) if to > here else (to, 1)
        between = model.position.between(first, first + abs(to - here) - 1)
        model.update(position=model.position + step).where(among, between).execute()
        model.update(position=to).where(model.id == row.id).execute()
    return to


def remove(row: Row, among: Expression) -> None:
    """Delete a row, unless somebody was quicker; those behind it move up."""
    model = type(row)
    if now := model.get_or_none(model.id == row.id):
        now.delete_instance()
        model.update(position=model.position - 1).where(among, model.position > now.position).execute()


def make_room(model: type[Row], among: Expression, at: int) -> int:
    """Move the rows from place ``at`` on down by one; return the place that is free then, behind the last where there are fewer."""
    at = min(max(at, 1), last(model, among) + 1)
    model.update(position=model.position + 1).where(among, model.position >= at).execute()
    return at
