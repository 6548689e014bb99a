"""結果を書き出す: what a search found, or one title, as CSV, RIS and BibTeX."""

from flask import abort, request

from blueprints.catalog import bp
from library.catalog.search import query as queries, search as searches
from library.discovery import citations
from models import Title
from web import access
from web.parts import references


@bp.get(f"/search.{references.PATTERN}")
@access.public
def results_file(kind):
    """Its first 2,000 titles, in their order."""
    query = queries.parse(request.args).without("page")
    return references.file(searches.find(query, size=citations.MOST).ids, kind, "search")


@bp.get(f"/titles/<row_id:title_id>.{references.PATTERN}")
@access.public
def title_file(title_id, kind):
    if not Title.select().where(Title.id == title_id).exists():
        abort(404)
    return references.file([title_id], kind, f"title-{title_id}")
