"""ほんだなを あるく: twelve books of the shelf at a time, in order of call numbers, both ways."""

import numpy as np
from flask import url_for

from blueprints.kids import shown
from blueprints.kids.blueprint import bp, lost
from library.discovery import childrens_places
from library.discovery.childrens_titles import SIZE, Collection
from web import access, htmx, links


@bp.get("/classes/<digit>")
@access.public
def one_class(digit: str) -> access.Reply:
    """Show the beginning of the shelf of a main class."""
    titles, words = shown.collection(), childrens_places.CLASSES.get(digit)
    rows = titles.on_shelf(digit) if words else titles.rows[:0]
    return _board(titles, int(rows[0]), f"{digit} {words}") if len(rows) else lost()


@bp.get("/shelf/<row_id:title_id>")
@access.public
def shelf(title_id: int) -> access.Reply:
    """Show the shelf from a title on."""
    titles = shown.collection()
    row = titles.shot.row_of(title_id)
    return _board(titles, row, "ほんだなを あるく") if row is not None and titles.has(title_id) else lost()


def _board(titles: Collection, row: int, heading: str) -> access.Reply:
    order = titles.on_shelf()
    first = int(np.flatnonzero(order == row)[0])
    here, before, after = order[first : first + SIZE], order[max(0, first - SIZE) : first], order[first + SIZE :]
    return htmx.page(
        "kids/shelf.html",
        heading=heading,
        spines=shown.spines(titles.ids(here), here=links.this_address()),
        previous=url_for(".shelf", title_id=titles.ids(before)[0]) if len(before) else "",
        next=url_for(".shelf", title_id=titles.ids(after)[0]) if len(after) else "",
        back=url_for(".classes"),
    )
