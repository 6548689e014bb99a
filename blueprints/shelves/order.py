"""並べかえる: one is chosen, then a button says where to; or it is drawn there (static/shelves.js). For books and for shelves."""

from flask import make_response, redirect, render_template, request
from flask_login import current_user

from blueprints import access, answers, fields, htmx, paging, shelf_rows
from blueprints.links import url_for
from blueprints.shelves import ONE, ROOT, book_of_mine, bp, mine
from library import errors, shelved, shelves

STEPS = {"before": -1, "after": 1}


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
    if refusal:
        return _told(url_for("shelves.order_shelves"), refusal=refusal)
    shelf = mine(fields.number(request.form["book"]))
    place = shelves.move(shelf, to(shelf.position))
    return _told(url_for("shelves.order_shelves"), shelf.name, place, shelf.id, True)


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
    to, refusal = _wanted(shelved.count(shelf))
    if refusal:
        return _told(url_for("shelves.order_books", shelf_id=shelf_id), refusal=refusal)
    book = book_of_mine(shelf_id, fields.number(request.form["book"]))
    place = shelved.move(book, to(book.position))
    was, is_now = ((each - 1) // shelf_rows.SPINES + 1 for each in (book.position, place))
    address = url_for("shelves.order_books", shelf_id=shelf_id, page=is_now)
    return _told(address, shelf_rows.name_of(book), place, book.id, was == is_now)


def _page(books, shelf, first, count, **facts):
    answer = answers.take("order")
    return htmx.page(
        "shelves/order.html",
        books=books,
        shelf=shelf,
        first=first,
        count=count,
        said=answer.get("said"),
        chosen=answer.get("chosen"),
        pressed=answer.get("pressed"),
        **facts,
    )


def _wanted(last):
    """What makes the new place of the old one, or why that can't be said."""
    if fields.number(request.form.get("book")) is None:
        return None, errors.BookNotChosen()
    way, typed = request.form.get("way"), request.form.get("place", "").translate(_NARROW).strip()
    if way in STEPS:
        return lambda place: place + STEPS[way], None
    if way in ("first", "last"):
        return lambda _: 1 if way == "first" else last, None
    place = fields.number(typed)
    return (lambda _: place, None) if place and place <= last else (None, errors.PlaceUnknown(last=last))


_NARROW = str.maketrans("０１２３４５６７８９", "0123456789")


def _told(address, name="", place=0, chosen=None, here=True, refusal=None):
    """In a line: as a part, where the page with it is still the right one; else on the page."""
    said = {"level": "care", "title": refusal.sentence} if refusal else None
    said = said or {"level": "good", "title": f"「{name}」を{place}番目にしました"}
    if htmx.asks_for_part() and here:
        return render_template("shelves/_moved.html", said=said, place=place, book=chosen)
    chosen = chosen or fields.number(request.form.get("book"))
    answers.keep("order", said=said, chosen=chosen, pressed=request.form.get("way"))
    if htmx.asks_for_part():
        answer = make_response("")
        answer.headers["HX-Redirect"] = address
        return answer
    return redirect(address, 303)
