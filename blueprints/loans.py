"""借りている資料: what the patron has, until when, and what the library will say before."""

from flask import Blueprint
from flask_login import current_user

from blueprints import access, htmx
from library import clock, dates, loans, notices, patrons

bp = Blueprint("loans", __name__)


@bp.get("")
@access.patron_required
def index():
    patron, today = current_user.patron, clock.today()
    open_loans = loans.open_loans(patron)
    preference = patrons.preferences(patron)["due"]
    addresses = patrons.addresses(patron)
    reminders = notices.reminders(patron, open_loans, preference, addresses, today=today)
    rows = [_row(loan, reminders[loan.id].sentence, today) for loan in open_loans]
    return htmx.page(
        "loans/index.html",
        loans=rows,
        count=len(rows),
        can_borrow=loans.places_left(patron, open_loans, today=today),
        blocked=_blocked(patron, open_loans, today),
        today=today,
    )


def _row(loan, reminder, today):
    title = loan.item.title
    days = (loan.due_on - today).days
    return {
        "title": title.title,
        "volume": title.volume,
        "author": title.author,
        "ndc": title.ndc,
        "branch": loan.branch.name,
        "lent_on": loan.lent_on,
        "due_on": loan.due_on,
        "level": "late" if days < 0 else "soon" if days <= loans.SOON_DAYS else "ok",
        "days_left": dates.days_left(loan.due_on, today),
        "reminder": reminder,
        "renewals": loan.renewals,
    }


def _blocked(patron, open_loans, today):
    if patron.state == "suspended":
        return "図書館カードの利用が止まっているため、新しく借りることができません。窓口へお問い合わせください。"
    if not patrons.may_borrow(patron, today=today):
        return "図書館カードの有効期限が切れているため、新しく借りることができません。窓口で更新できます。"
    if any(loans.is_overdue(loan, today=today) for loan in open_loans):
        return "返却期限を過ぎた資料があるため、新しく借りることができません。"
    return None
