"""利用者カード: the card on the screen of a phone, for the scanner of the desk."""

from flask import Blueprint
from flask_login import current_user

from library import clock
from library.counting import bars, qr
from library.numbers import formats
from web import access, htmx

bp = Blueprint("card", __name__)


@bp.get("/card", endpoint="index")
@access.patron_required
def show() -> access.Reply:
    if current_user.session.terminal:
        return htmx.page("my/no_card.html", 403)
    patron = current_user.patron
    return htmx.page(
        "my/card.html",
        bars=bars.draw(patron.card_number, formats.cards()),
        squares=qr.squares(patron.card_number),
        expires_on=patron.expires_on,
        expired=bool(patron.expires_on and patron.expires_on < clock.today()),
        suspended=patron.state == "suspended",
    )
