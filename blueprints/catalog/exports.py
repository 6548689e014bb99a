"""結果を書き出す: the results of a search, or one title, as CSV, RIS or BibTeX."""

from flask import Response, abort, redirect, request, url_for

from blueprints.catalog.blueprint import bp
from library.catalog import removed_titles
from library.catalog.query import query as queries
from library.catalog.shown import results as searches
from library.discovery import citations
from library.store import queries as stored
from models import Title
from web import access
from web.parts import references


@bp.get(f"/search.{references.PATTERN}")
@access.public
def results_file(kind: str) -> access.Reply:
    """Send the first 2,000 titles of a search as a file, in the order of the results."""
    query = queries.parse(request.args).without("page")
    return references.file(searches.find(query, size=citations.MOST).ids, kind, "search")


@bp.get(f"/titles/<row_id:title_id>.{references.PATTERN}")
@access.public
def title_file(title_id: int, kind: str) -> access.Reply:
    """Send one title as a file; a merged one leads to the other, a deleted one is answered 410."""
    found = stored.tuples(Title.select(removed_titles.is_removed()).where(Title.id == title_id))
    was = None if found else removed_titles.deleted_row(title_id) or abort(404)
    if was and was.merged_into_id:
        return redirect(url_for("catalog.title_file", title_id=was.merged_into_id, kind=kind), 301)
    if was or found[0][0]:
        return Response("410 Gone\n", 410, mimetype="text/plain")
    return references.file([title_id], kind, f"title-{title_id}")
