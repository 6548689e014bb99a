"""Pictures of covers, fetched before anybody looked at them; asked for at our own address alone."""

from flask import abort, current_app, send_file

from blueprints.catalog.blueprint import bp
from library.discovery.covers import pictures
from web import access, terminals
from web.parts import title_rows

SECONDS = 24 * 60 * 60  # a picture may go with its title, or with its source


@bp.get("/covers/<string(length=13):isbn>.webp")
@access.public
def cover(isbn: str) -> access.Reply:
    """Send the picture of a cover; 404 without one. A terminal may not store it: it would tell what was looked at."""
    path = pictures.path(title_rows.covers_folder(), isbn)
    if not current_app.config["COVERS_URL"] or not path.is_file():
        abort(404)
    answer = send_file(path, mimetype=pictures.KIND, max_age=SECONDS)
    if terminals.is_one():
        answer.headers["Cache-Control"] = "no-store"
    return answer
