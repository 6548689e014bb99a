"""言語: all languages that the site speaks, and who has read them."""

from flask import Blueprint, current_app

from library.language import registry
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
        spoken=[
            {
                "code": one.code,
                "name": one.name,
                "read_by": registry.read_by(current_app.instance_path, one.code),
                "faults": registry.faults(one.code),
            }
            for one in offered
        ],
    )
