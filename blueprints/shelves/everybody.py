"""A shelf for whoever has its link: its name, what is said of it, its titles. Nothing of its patron, no note."""

from flask import abort, request

from blueprints import access, fields, htmx, paging, shelf_rows
from blueprints.links import url_for
from blueprints.shelves import bp
from library.reading import shelves


@bp.get("/shelves/<token>")
@access.public
def public(token):
    shelf = shelves.public(token) or abort(404)
    page, pages, count, books = shelf_rows.paged(shelf, fields.number(request.args.get("page")), shelf_rows.SPINES)
    answer = htmx.page(
        "shelves/public.html",
        name=shelf.name,
        description=shelf.description,
        count=count,
        spines=shelf_rows.spines(books),
        **paging.links(page, pages, lambda number: url_for("shelves.public", token=token, page=number)),
    )
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers["Cache-Control"] = "no-store"
    return answer
