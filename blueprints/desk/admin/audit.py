"""操作の記録: the acts of staff, patrons and jobs."""

from flask import Blueprint, request, url_for

from library import audit_words
from models import Audit, Patron
from web import access, htmx

bp = Blueprint("audit", __name__)
SIZE = 50  # records on a page


@bp.get("")
@access.staff_required(role="admin")
def index() -> access.Reply:
    """操作の記録: list the acts of staff, patrons and jobs, the latest first."""
    before = request.args.get("before", "")
    rows = Audit.select(Audit, Patron.card_number).left_outer_join(Patron).order_by(Audit.id.desc()).limit(SIZE + 1)
    if before.isascii() and before.isdigit() and len(before) < 16:
        rows = rows.where(Audit.id < int(before))
    shown = list(rows)
    older = url_for("desk.audit.index", before=shown[SIZE - 1].id) if len(shown) > SIZE else None
    return htmx.page("desk/audit/index.html", rows=[_operation(row) for row in shown[:SIZE]], older_url=older)


def _operation(row: Audit) -> dict:
    return {
        "at": row.at,
        "actor": audit_words.actor(row.actor),
        "action": audit_words.action_word(row.action),
        "patron": row.patron.card_number if row.patron else "",
        "details": audit_words.details(row.details),
    }
