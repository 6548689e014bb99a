"""名前の表示: whether My Library calls its patron by name or by the number of the card."""

from flask import Blueprint, redirect, request
from flask_login import current_user

from blueprints import access, answers, htmx
from blueprints.links import url_for
from library import patrons

bp = Blueprint("display", __name__)


@bp.get("", endpoint="index")
@access.patron_required
def show():
    patron = current_user.patron
    return htmx.page("my/display.html", said=answers.take("display"), shown=patron.show_name, name=patron.name)


@bp.post("")
@access.patron_required
def change():
    shown = request.form.get("shown") == "y"
    patrons.show_name(current_user.patron, shown)
    called = "お名前" if shown else "カードの番号"
    answers.keep("display", level="good", title=f"見出しに、{called}を表示します", text="")
    return redirect(url_for("display.index"), 303)
