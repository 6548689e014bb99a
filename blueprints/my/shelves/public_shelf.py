"""A shelf for whoever has its link: its name, description and titles; nothing of its patron, no note."""

from flask import abort, url_for

from blueprints.my.shelves.blueprint import bp
from library.reading import shelves
from web import access, htmx
from web.parts.rows import shelf_rows


@bp.get("/shelves/<token>")
@access.public
def public(token: str) -> access.Reply:
    """Show a shelf to whoever has its link; 404 for a link that was ended."""
    shelf = shelves.by_token(token) or abort(404)
    books, list_facts = shelf_rows.paged(
        shelf, shelf_rows.SPINES, lambda number: url_for("shelves.public", token=token, page=number)
    )
    answer = htmx.page(
        "shelves/public.html",
        name=shelf.name,
        description=shelf.description,
        spines=shelf_rows.spines(books),
        **list_facts,
    )
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers["Cache-Control"] = "no-store"
    return answer
