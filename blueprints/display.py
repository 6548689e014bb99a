"""名前の表示: whether My Library calls its patron by name or by the number of the card."""

from flask import Blueprint, redirect, request
from flask_login import current_user

from blueprints import access, answers, htmx
from blueprints.links import url_for
from library import patrons

bp = Blueprint("display", __name__)
DONE = {
    "name": ("good", "見出しに、お名前を表示します", ""),
    "number": ("good", "見出しに、カードの番号を表示します", ""),
}


@bp.get("", endpoint="index")
@access.patron_required
def show():
    patron = current_user.patron
    said = answers.said(answers.take("display"), DONE)
    return htmx.page("my/display.html", said=said, shown=patron.show_name, name=patron.name)


@bp.post("")
@access.patron_required
def change():
    shown = request.form.get("shown") == "y"
    patrons.show_name(current_user.patron, shown)
    answers.keep("display", done="name" if shown else "number")
    return redirect(url_for("display.index"), 303)
