"""表示の設定: whether My Library calls its patron by name or by card number, whether mails name titles, and their
language.
"""

from flask import Blueprint, request
from flask_login import current_user

from library.patrons import patrons
from web import access, flash, htmx
from web.parts import language

bp = Blueprint("display", __name__)


@bp.get("", endpoint="index")
@access.patron_required
def show() -> access.Reply:
    patron = current_user.patron
    return htmx.page(
        "my/display.html",
        messages=flash.take("display.index"),
        shown=patron.show_name,
        titles=patron.titles_in_mail,
        notice_language=patron.notice_language,
        name=patron.name,
    )


@bp.post("")
@access.patron_required
def change() -> access.Reply:
    ticked = {name: request.form.get(name) == "y" for name in ("shown", "titles")}
    spoken = request.form.get("notice_language", "")
    patrons.choose_display(
        current_user.patron,
        show_name=ticked["shown"],
        titles_in_mail=ticked["titles"],
        notice_language=spoken if spoken in language.offered() else "",
    )
    return flash.leave("display.index", done="saved")
