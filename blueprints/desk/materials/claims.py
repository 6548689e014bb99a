"""確認中の資料: loans about which something is unsettled."""

from flask import Blueprint, url_for

from library import dates, wording
from library.lending import troubles
from models import Loan
from web import access, htmx

bp = Blueprint("claims", __name__)


@bp.get("")
@access.staff_required
def index() -> access.Reply:
    """List what is unsettled, the oldest first: 返しました, 紛失, 汚損."""
    return htmx.page("desk/claims/index.html", rows=[_claim(loan) for loan in troubles.unsettled()])


def _claim(loan: Loan) -> dict:
    copy = loan.item
    return {
        "trouble": wording.TROUBLES[loan.trouble],
        "barcode": copy.barcode,
        "title": copy.title.full_name,
        "place": " ".join(part for part in (copy.shelf, copy.call_number) if part),
        "lent_on": dates.with_weekday(loan.lent_on),
        "item_url": url_for("desk.items.show", barcode=copy.barcode),
    }
