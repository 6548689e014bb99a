"""言語: all languages that the site speaks, and who has read them."""

from flask import Blueprint

from library.language import own
from web import access, htmx
from web.parts import language

bp = Blueprint("languages", __name__)


@bp.get("/languages")
@access.public
def index() -> access.Reply:
    """Show each language with its button, and whether somebody of a library has read it."""
    offered = [language.named(code) for code in language.offered()]
    return htmx.page(
        "languages/index.html",
        spoken=[{"code": one.code, "name": one.name, "read_by": one.fact(own.READ_BY)} for one in offered],
    )
