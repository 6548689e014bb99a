"""家族のカードを並べる: the viewer's card and those that children let them show, for the scanner of the desk, or on paper."""

from datetime import date

from flask_login import current_user

from blueprints.my.family.blueprint import bp
from library import clock
from library.counting import bars, qr
from library.patrons.family import ties
from models import Patron
from web import access, htmx
from web.parts import stored_policy


@bp.get("/cards", endpoint="cards")
@access.patron_required
def show() -> access.Reply:
    if current_user.session.terminal:
        return htmx.page("my/no_card.html", 403)
    viewer, today = current_user.patron, clock.today()
    shown = [tie for tie in ties.of_viewer(viewer) if tie.may_card]
    ties.note_look(shown, today=today)
    cards = [_card(viewer, "", 0, today)]
    cards += [_card(tie.child, ties.badge_letter(tie, tie.child.name), tie.colour, today) for tie in shown if tie.child]
    return htmx.page("family/cards.html", cards=cards)


def _card(patron: Patron, initial: str, colour: int, today: date) -> dict:
    return {
        "name": patron.name,
        "number": patron.card_number,
        "initial": initial,
        "colour": colour,
        "bars": bars.draw(patron.card_number, stored_policy.number_forms("card")),
        "squares": qr.squares(patron.card_number),
        "expires_on": patron.expires_on,
        "expired": bool(patron.expires_on and patron.expires_on < today),
        "suspended": patron.state == "suspended",
    }
