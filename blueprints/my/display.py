"""表示の設定: whether My Library calls its patron by name or by card number, and whether mails name titles."""

from flask import Blueprint, redirect, request
from flask_login import current_user

from library.people import patrons
from web import access, flash, htmx
from web.links import url_for

bp = Blueprint("display", __name__)
DONE = {"saved": ("good", "保存しました。", "見出しには{heading}を、メールには{mail}を載せます。")}


@bp.get("", endpoint="index")
@access.patron_required
def show():
    patron = current_user.patron
    names = {
        "heading": "お名前" if patron.show_name else "カードの番号",
        "mail": "書名" if patron.titles_in_mail else "点数だけ",
    }
    return htmx.page(
        "my/display.html",
        messages=flash.messages(flash.take("display"), DONE, **names),
        shown=patron.show_name,
        titles=patron.titles_in_mail,
        name=patron.name,
    )


@bp.post("")
@access.patron_required
def change():
    ticked = {name: request.form.get(name) == "y" for name in ("shown", "titles")}
    patrons.choose_display(current_user.patron, show_name=ticked["shown"], titles_in_mail=ticked["titles"])
    flash.keep("display", done="saved")
    return redirect(url_for("display.index"), 303)
