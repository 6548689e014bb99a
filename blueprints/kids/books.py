"""A book: is it there, where does it stand, and what stands beside it; the same on a sheet to be printed."""

from datetime import date
from typing import Any, NamedTuple

from flask import request, url_for
from flask_login import current_user

from blueprints.kids import shown
from blueprints.kids.blueprint import bp, lost, way_back
from library import clock
from library.discovery import availability, childrens_places, childrens_titles
from library.discovery.availability import Availability, Copy
from library.discovery.childrens_titles import Collection
from web import access, htmx
from web.parts import stored_policy, title_rows

BEFORE, AROUND = 4, 10  # books before this one, and all books of となりの ほん


class Standing(NamedTuple):
    """A copy's branch in kana, its state (in, out, none), and the day on which it is due."""

    branch: str
    state: str
    due_on: date | None


@bp.get("/books/<row_id:title_id>")
@access.public
def book(title_id: int) -> access.Reply:
    titles = shown.collection()
    if not titles.has(title_id):
        return lost()
    facts, at = _read(title_id)
    action, outcome = _action(title_id)
    back = way_back(url_for(".shelf", title_id=title_id))
    return htmx.page(
        "kids/book.html",
        **facts,
        others=[_standing(copy) for copy in at.copies if copy is not _nearest(at)],
        action=action,
        outcome=outcome,
        spines=shown.spines(_beside(titles, title_id), here=back, current=title_id),
        sheet=url_for(".sheet", title_id=title_id, **shown.coming_from(back)),
        walk=url_for(".shelf", title_id=title_id),
        back=back,
    )


@bp.get("/books/<row_id:title_id>/print")
@access.public
def sheet(title_id: int) -> access.Reply:
    """かみに いんさつ: show what a child takes along to the shelf."""
    if not shown.collection().has(title_id):
        return lost()
    back = url_for(".book", title_id=title_id, **shown.coming_from(request.args.get("from")))
    return htmx.page("kids/sheet.html", **_read(title_id)[0], back=back)


def _read(title_id: int) -> tuple[dict[str, Any], Availability]:
    """Return the values of a title that both pages show, and its copies, those of the patron's branch first."""
    patron, own = current_user.patron, stored_policy.read().get("kids_shelves")
    near = patron.pickup_branch_id if patron and patron.pickup_branch_id else availability.NOWHERE
    at = availability.for_titles([title_id], near=near)[title_id]
    (row,), copy = childrens_titles.facts([title_id]), _nearest(at)
    values = {
        "book": shown.book(row, at, ""),
        "standing": _standing(copy),
        "next_back": back.due_on if (back := at.next_back(clock.today())) else None,
        "place": childrens_places.of_copy(copy.shelf, copy.call_number, own),
    }
    return values, at


def _nearest(at: Availability) -> Copy:
    """Return the copy that a child is led to: the first that is in, else the first of all."""
    return next(iter([*at.of_kind("in"), *at.copies]))


def _standing(copy: Copy) -> Standing:
    names = {row.id: childrens_places.name_of_branch(row) for row in stored_policy.branches_in_order()}
    due_on = copy.due_on if copy.due_on and copy.due_on >= clock.today() else None
    return Standing(names.get(copy.branch_id, copy.branch), copy.kind if copy.kind in ("in", "out") else "none", due_on)


def _action(title_id: int) -> tuple[str, str]:
    """Return the act for the patron (add; cart, held, borrowed where that is done; ask for the desk's help), and the
    outcome of the press before.
    """
    if current_user.patron is None or current_user.locked_to_first_password:
        return "ask", ""
    ((_, action),) = title_rows.with_actions([title_id], current_user.patron, stored_policy.read())
    done = {"add": "add", "cart": "cart", "held": "held", "borrowed": "borrowed", "renew": "borrowed"}
    return done.get(action.kind, "ask"), (action.outcome or {}).get("done", "")


def _beside(titles: Collection, title_id: int) -> list[int]:
    """Return the books around one on the shelf, in order, it among them."""
    ids = titles.ids(titles.on_shelf())
    first = max(0, min(ids.index(title_id) - BEFORE, len(ids) - AROUND))
    return ids[first : first + AROUND]
