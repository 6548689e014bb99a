"""The patron's requests in their states, and cancelling one."""

from flask_login import current_user

from blueprints.my.requests.blueprint import bp
from library import clock, errors
from library.requests import letters, receipt
from models import PatronRequest
from web import access, flash, htmx
from web.parts import seal_facts, stored_policy
from web.parts.rows import request_rows

PAGE = "requests.index"


@bp.get("")
@access.patron_required
def index() -> access.Reply:
    rows = list(request_rows.mine().order_by(PatronRequest.asked_at.desc(), PatronRequest.id.desc()))
    asked = letters.partners([row.wanted_id for row in rows])
    answer, named = flash.take(PAGE), {row.id: row.wanted.full_name for row in rows}
    drawn = [request_rows.row(row, asked.get(row.wanted_id, "")) for row in rows]
    standing = receipt.standing_of(current_user.patron, today=clock.today(), rules=stored_policy.read())
    return htmx.page(
        "requests/index.html",
        rows=[row for row in drawn if not row["ended_on"]],
        over=[row for row in drawn if row["ended_on"]],
        standing=standing,
        reasons=[reason.sentence for reason in standing.reasons],
        pause=request_rows.pause(),
        messages=answer | {"name": named.get(answer.get("request"), "")},
        **seal_facts.read(),
    )


# -- cancelling ------------------------------------------------------------------------------------------------------
@bp.get("/<row_id:request_id>/cancel")
@access.patron_required
def ask_cancel(request_id: int) -> access.Reply:
    row = access.mine_or_404(request_rows.mine().where(PatronRequest.id == request_id))
    reasons = [reason.sentence for reason in receipt.cancel_refusals(row)]
    return htmx.page("requests/cancel.html", row=request_rows.row(row), reasons=reasons)


@bp.post("/<row_id:request_id>/cancel")
@access.patron_required
def cancel(request_id: int) -> access.Reply:
    row = access.mine_or_404(request_rows.mine().where(PatronRequest.id == request_id))
    try:
        receipt.cancel(row, now=clock.now())
    except errors.Refusals as refused:
        return flash.leave(PAGE, done="refused", refused=refused.reasons)
    return flash.leave(PAGE, done="cancelled", request=row.id)
