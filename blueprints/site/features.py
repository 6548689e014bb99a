"""特集: the library's recommendations, each title with its action."""

from collections.abc import Sequence
from functools import lru_cache

from flask import Blueprint, abort, url_for
from flask_login import current_user
from markupsafe import Markup

from library import clock
from library.catalog import spine
from library.site import features, markup, pictures
from web import access, htmx, paging
from web.parts import language, references, stored_policy, title_rows

bp = Blueprint("features", __name__)
LISTS, SIZE = 10, 20  # on a page: 特集 among all, titles of one
DRAWN = 12  # backs of one in the list of all


@bp.get("/features")
@access.public
def index() -> access.Reply:
    shown = paging.cut(features.shown(today=clock.today()), LISTS, url_for("features.index"))
    found = shown.pop("rows")
    ids = [feature.id for feature in found]
    counts, boards, photographs = features.counts(), features.first_books(ids, DRAWN), pictures.of_features(ids)
    return htmx.page(
        "features/index.html",
        features=[
            {
                "title": feature.title,
                "url": url_for("features.show", slug=feature.slug),
                "until": feature.last,
                "picture": photographs.get(feature.id),
                "count": counts.get(feature.id, 0),
                "backs": _backs(boards.get(feature.id, ())),
            }
            for feature in found
        ],
        **shown,
    )


def _backs(board: Sequence[tuple[features.Book, str]]) -> tuple[tuple[spine.Spine, str], ...]:
    return tuple(
        (_back(book.name, book.author, ndc), url_for("catalog.title", title_id=book.title_id)) for book, ndc in board
    )


@lru_cache(maxsize=500)
def _back(name: str, author: str, ndc: str) -> spine.Spine:
    return spine.make(name, author, ndc)


@bp.get("/features/<slug>")
@access.public
def show(slug: str) -> access.Reply:
    feature = features.find(slug, today=clock.today()) or abort(404)
    shown = paging.cut(features.books(feature), SIZE, url_for("features.show", slug=slug))
    return htmx.page(
        "features/show.html",
        heading=feature.title,
        until=feature.last,
        text=Markup(markup.html(str(language.own(feature.text)))),  # noqa: S704 (markup lets no HTML through)
        picture=pictures.of_features([feature.id]).get(feature.id),
        exports=references.links(lambda kind: url_for("features.titles_file", slug=slug, kind=kind)),
        listed=_rows(shown.pop("rows")),
        **shown,
    )


@bp.get(f"/features/<slug>.{references.PATTERN}")
@access.public
def titles_file(slug: str, kind: str) -> access.Reply:
    """Send the titles of a 特集 that the catalogue has, as a file."""
    feature = features.find(slug, today=clock.today()) or abort(404)
    return references.file(features.titles(features.books(feature)), kind, "feature")


def _rows(books: list[features.Book]) -> list[tuple]:
    """Return each book with its row and action; both None where the catalogue has it no more."""
    rows = {
        row.id: (row, action)
        for row, action in title_rows.with_actions(features.titles(books), current_user.patron, stored_policy.read())
    }
    return [(book, *rows.get(book.title_id or 0, (None, None))) for book in books]
