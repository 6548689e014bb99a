"""The library's photographs. Their addresses name their content, so that a browser asks once a year."""

from flask import Blueprint, Response, abort, request

from library.files import photographs
from library.site import pictures
from web import access, static_files

bp = Blueprint("pictures", __name__)


@bp.get("/pictures/<name>.<any(jpg, png):kind>")
@access.public
def show(name: str, kind: str) -> access.Reply:
    content = pictures.content(name)
    if content is None or photographs.is_png(content) != (kind == "png"):
        abort(404)
    answer = Response(
        content,
        mimetype="image/png" if kind == "png" else "image/jpeg",
        headers={"Cache-Control": static_files.FOR_A_YEAR},
    )
    answer.set_etag(name)
    return answer.make_conditional(request)
