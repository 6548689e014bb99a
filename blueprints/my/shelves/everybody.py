"""A shelf for whoever has its link: its name, what is said of it, its titles. Nothing of its patron, no note."""

from flask import abort, request

from blueprints.my.shelves import bp
from library.reading import shelves
from web import access, forms, htmx, paging
from web.links import url_for
from web.parts import shelf_rows


@bp.get("/shelves/<token>")
@access.public
def public(token):
    shelf = shelves.public(token) or abort(404)
    page, pages, count, books = shelf_rows.paged(shelf, forms.number(request.args.get("page")), shelf_rows.SPINES)
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
