"""The library's photographs. Their addresses name their content, so that a browser asks once a year."""

from flask import Blueprint, Response, abort, request

from library.site import pictures
from web import access, static_files

bp = Blueprint("pictures", __name__)


@bp.get("/pictures/<name>.jpg")
@access.public
def show(name):
    content = pictures.content(name)
    if content is None:
        abort(404)
    answer = Response(content, mimetype="image/jpeg", headers={"Cache-Control": static_files.FOR_A_YEAR})
    answer.set_etag(name)
    return answer.make_conditional(request)
