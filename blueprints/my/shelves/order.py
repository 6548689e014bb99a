"""並べかえる: one is chosen, then a button says where to; or it is drawn there (static/shelves.js). For books and for
shelves.
"""

from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask_login import current_user

from blueprints.my.shelves import messages
from blueprints.my.shelves.blueprint import ONE, ROOT, book_or_404, bp, shelf_or_404
from library import errors
from library.reading import shelved, shelves
from models import Shelf
from web import access, flash, forms, htmx
from web.parts.rows import shelf_rows

WAYS = ("first", "before", "after", "last", "place")


@bp.get(f"{ROOT}/order")
@access.patron_required
def order_shelves() -> access.Reply:
    rows = shelves.of_patron(current_user.patron)
    books = [{"id": row.id, "name": row.name} for row in rows]
    return _page(books, None, first=0, count=len(rows))


@bp.post(f"{ROOT}/order")
@access.patron_required
def move_shelf() -> access.Reply:
    address, last = url_for("shelves.order_shelves"), len(shelves.of_patron(current_user.patron))
    try:
        shelf = shelf_or_404(_chosen())
        place = shelves.move(shelf, _wanted(shelf.position, last))
    except errors.Refused as refusal:
        return _answer(address, refusal=refusal)
    return _answer(address, place=place)


@bp.get(f"{ONE}/order")
@access.patron_required
def order_books(shelf_id: int) -> access.Reply:
    shelf = shelf_or_404(shelf_id)
    books, list_facts = shelf_rows.paged(
        shelf, shelf_rows.SPINES, lambda number: url_for("shelves.order_books", shelf_id=shelf_id, page=number)
    )
    return _page(shelf_rows.spines(books, linked=False), shelf, **list_facts)


@bp.post(f"{ONE}/order")
@access.patron_required
def move_book(shelf_id: int) -> access.Reply:
    shelf = shelf_or_404(shelf_id)
    try:
        book = book_or_404(shelf_id, _chosen())
        place = shelved.move(book, _wanted(book.position, shelved.count(shelf)))
    except errors.Refused as refusal:
        return _answer(url_for("shelves.order_books", shelf_id=shelf_id), shelf, refusal=refusal)
    was, is_now = ((each - 1) // shelf_rows.SPINES + 1 for each in (book.position, place))
    address = url_for("shelves.order_books", shelf_id=shelf_id, page=is_now)
    return _answer(address, shelf, place=place, here=was == is_now)


def _page(books: list[dict], shelf: Shelf | None, **facts: Any) -> access.Reply:
    answer = flash.take("order")
    return htmx.page(
        "shelves/order.html",
        books=books,
        shelf=shelf,
        messages=messages.with_names(answer, shelf),
        chosen=answer.get("book"),
        pressed=answer.get("pressed"),
        **facts,
    )


def _chosen() -> int:
    """Return the id of the chosen book or shelf. Raises: BookNotChosen."""
    number = forms.number(request.form.get("book"))
    if number is None:
        raise errors.BookNotChosen()
    return number


def _wanted(here: int, last: int) -> int:
    """Return the place, from 1 to ``last``, to which the button moves what stands ``here``. Raises: PlaceUnknown."""
    way = request.form.get("way")
    ways = {"first": 1, "before": here - 1, "after": here + 1, "last": last}
    if way in ways:
        return ways[way]
    place = forms.number(request.form.get("place", "").translate(_NARROW).strip())
    if not place or place > last:
        raise errors.PlaceUnknown(last=last)
    return place


_NARROW = str.maketrans("０１２３４５６７８９", "0123456789")


def _answer(
    address: str,
    shelf: Shelf | None = None,
    *,
    place: int = 0,
    refusal: errors.Refused | None = None,
    here: bool = True,
) -> access.Reply:
    """Tell the outcome in a line: as a part, where the page with it is still right; else on the page."""
    book, way = forms.number(request.form.get("book")), request.form.get("way")
    answer = {"done": "refused" if refusal else "moved", "book": book, "place": place}
    if htmx.asks_for_part() and here:
        moved = None if refusal else book
        facts = messages.with_names(answer | {"why": refusal.sentence if refusal else ""}, shelf)
        return render_template("shelves/_moved.html", messages=facts, shelf=shelf, place=place, book=moved)
    flash.keep("order", **answer, refused=[refusal] if refusal else [], pressed=way if way in WAYS else None)
    if htmx.asks_for_part():
        answer = make_response("")
        answer.headers["HX-Redirect"] = address
        return answer
    return redirect(address, 303)
