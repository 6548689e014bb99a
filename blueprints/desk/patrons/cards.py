"""カード: the barcode of a card on paper."""

from flask import Blueprint, url_for

from library.counting import labels
from library.numbers import formats
from web import access, htmx
from web.desk import barcodes, patron_pages

bp = Blueprint("cards", __name__)


@bp.get("/<row_id:patron_id>/card")
@access.staff_required
def show(patron_id: int) -> access.Reply:
    """Show the barcode of a card, to be printed and put on it."""
    row = patron_pages.opened(patron_id)
    return htmx.page(
        "desk/cards/show.html",
        number=row.card_number,
        name=row.name,
        label=barcodes.bars_of(row.card_number, labels.SHEETS["24"], formats.cards()),
        patron_url=url_for("desk.patrons.show", patron_id=row.id),
    )
