"""並べかえる: one is chosen, then a button says where to; or it is drawn there (static/shelves.js). For books and for shelves."""

from flask import make_response, redirect, render_template, request
from flask_login import current_user

from blueprints import access, answers, fields, htmx, paging, shelf_rows
from blueprints.links import url_for
from blueprints.shelves import ONE, ROOT, book_of_mine, bp, mine, told
from library import shelved, shelves

STEPS = {"before": -1, "after": 1}
WAYS = ("first", *STEPS, "last", "place")


@bp.get(f"{ROOT}/order")
@access.patron_required
def order_shelves():
    rows = shelves.of_patron(current_user.patron)
    books = [{"id": row.id, "name": row.name} for row in rows]
    return _page(books, None, 0, len(rows), heading="本棚の並べかえ", back=("本棚一覧", url_for("shelves.index")))


@bp.post(f"{ROOT}/order")
@access.patron_required
def move_shelf():
    last = len(shelves.of_patron(current_user.patron))
    to, refusal = _wanted(last)
    address = url_for("shelves.order_shelves")
    if refusal:
        return _answer(address, refusal, last=last)
    shelf = mine(fields.number(request.form["book"]))
    return _answer(address, "moved", shelves.move(shelf, to(shelf.position)), last=last)


@bp.get(f"{ONE}/order")
@access.patron_required
def order_books(shelf_id):
    shelf = mine(shelf_id)
    page, pages, count, books = shelf_rows.paged(shelf, fields.number(request.args.get("page")), shelf_rows.SPINES)
    return _page(
        shelf_rows.spines(books, linked=False),
        shelf,
        (page - 1) * shelf_rows.SPINES,
        count,
        heading=f"「{shelf.name}」の並べかえ",
        back=(shelf.name, url_for("shelves.show", shelf_id=shelf_id)),
        **paging.links(page, pages, lambda number: url_for("shelves.order_books", shelf_id=shelf_id, page=number)),
    )


@bp.post(f"{ONE}/order")
@access.patron_required
def move_book(shelf_id):
    shelf = mine(shelf_id)
    last = shelved.count(shelf)
    to, refusal = _wanted(last)
    if refusal:
        return _answer(url_for("shelves.order_books", shelf_id=shelf_id), refusal, shelf=shelf, last=last)
    book = book_of_mine(shelf_id, fields.number(request.form["book"]))
    place = shelved.move(book, to(book.position))
    was, is_now = ((each - 1) // shelf_rows.SPINES + 1 for each in (book.position, place))
    address = url_for("shelves.order_books", shelf_id=shelf_id, page=is_now)
    return _answer(address, "moved", place, here=was == is_now, shelf=shelf, last=last)


def _page(books, shelf, first, count, **facts):
    answer = answers.take("order")
    return htmx.page(
        "shelves/order.html",
        books=books,
        shelf=shelf,
        first=first,
        count=count,
        said=told.moved(answer, shelf, count),
        chosen=answer.get("book"),
        pressed=answer.get("pressed"),
        **facts,
    )


def _wanted(last):
    """What makes the new place of the old one, or the code of why that can't be said."""
    if fields.number(request.form.get("book")) is None:
        return None, "not_chosen"
    way, typed = request.form.get("way"), request.form.get("place", "").translate(_NARROW).strip()
    if way in STEPS:
        return lambda place: place + STEPS[way], None
    if way in ("first", "last"):
        return lambda _: 1 if way == "first" else last, None
    place = fields.number(typed)
    return (lambda _: place, None) if place and place <= last else (None, "place_unknown")


_NARROW = str.maketrans("０１２３４５６７８９", "0123456789")


def _answer(address, done, place=0, *, here=True, shelf=None, last):
    """In a line: as a part, where the page with it is still the right one; else on the page."""
    book, way = fields.number(request.form.get("book")), request.form.get("way")
    answer = {"done": done, "book": book, "place": place}
    if htmx.asks_for_part() and here:
        moved = book if done == "moved" else None
        return render_template("shelves/_moved.html", said=told.moved(answer, shelf, last), place=place, book=moved)
    answers.keep("order", **answer, pressed=way if way in WAYS else None)
    if htmx.asks_for_part():
        answer = make_response("")
        answer.headers["HX-Redirect"] = address
        return answer
    return redirect(address, 303)
