"""通知: mails and pushes that were sent, wait or failed; never their texts, which are a reading record."""

from typing import Any

from flask import Blueprint, redirect, request, url_for

from library import errors, wording
from library.mail import outbox
from models import OutboxMail, Patron
from web import access, flash, forms, htmx
from web.desk import counter

bp = Blueprint("notices", __name__)

PAGE, SIZE = "desk.notices.index", 50
LOOKS = {"sent": "in", "failed": "late", "queued": "soon", "sending": "soon", "cancelled": "out"}


@bp.get("")
@access.staff_required
def index() -> access.Reply:
    """List mails and pushes, the latest first: of one state, kind and channel, or of all."""
    wanted = {name: request.args.get(name, "") for name in ("state", "kind", "channel")}
    before = forms.number(request.args.get("before"))
    rows = OutboxMail.select(OutboxMail, Patron.id, Patron.card_number).left_outer_join(Patron)
    if wanted["state"] in wording.MAIL_STATES:
        rows = rows.where(OutboxMail.state == wanted["state"])
    if wanted["kind"] in outbox.KINDS:
        rows = rows.where(OutboxMail.kind == wanted["kind"])
    if wanted["channel"] in wording.CHANNELS:
        rows = rows.where(OutboxMail.channel == wanted["channel"])
    if before:
        rows = rows.where(OutboxMail.id < before)
    shown = list(rows.order_by(OutboxMail.id.desc()).limit(SIZE + 1))
    older: dict[str, Any] = {name: value for name, value in wanted.items() if value}
    return htmx.page(
        "desk/notices/index.html",
        rows=[_mail(row) for row in shown[:SIZE]],
        older_url=url_for(PAGE, **older, before=shown[SIZE - 1].id) if len(shown) > SIZE else None,
        state=forms.FieldView(
            "choice", "state", "状態", wanted["state"], (("", wording.ALL), *wording.MAIL_STATES.items())
        ),
        kind=forms.FieldView("choice", "kind", "種類", wanted["kind"], (("", wording.ALL), *outbox.KINDS.items())),
        channel=forms.FieldView(
            "choice", "channel", "送り方", wanted["channel"], (("", wording.ALL), *wording.CHANNELS.items())
        ),
        narrowed=bool(older) or bool(before),
        messages=flash.take(PAGE),
    )


def _mail(row: OutboxMail) -> dict:
    failed = row.state == "failed"
    refusals = outbox.repeat_refusals(row) if failed else []
    return {
        "id": row.id,
        "at": row.sent_at or row.created_at,
        "kind": outbox.KINDS.get(row.kind, row.kind),
        "address": outbox.shortened(row.address) if row.channel == outbox.MAIL else wording.CHANNELS[outbox.PUSH],
        "state": wording.MAIL_STATES[row.state],
        "look": LOOKS[row.state],
        "why": outbox.masked(row.error) if failed or row.state == "queued" else "",
        "failed": failed,
        "refusal": refusals[0].sentence if refusals else "",
        "card_number": row.patron.card_number if failed and row.patron else "",
        "patron_url": url_for("desk.patrons.show", patron_id=row.patron_id) if failed and row.patron_id else "",
    }


@bp.post("/<row_id:mail_id>/again")
@access.staff_required
def send_again(mail_id: int) -> access.Reply:
    """Send a failed mail again, or say why it can't be."""
    row = access.row_or_404(OutboxMail, mail_id)
    try:
        outbox.send_again(row, **counter.acting())
        flash.keep(PAGE, done="queued")
    except errors.Refused as refusal:
        flash.keep(PAGE, done="refused", refusal=refusal.sentence)
    return redirect(url_for(PAGE, state="failed"), 303)
