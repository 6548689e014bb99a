"""The third step: the changes and their consequences; and the record of all changes."""

from flask import redirect, url_for
from flask_login import current_user

from blueprints.my.profile.blueprint import bp
from library import clock, wording
from library.lending import notices
from library.patrons import changes, profile
from models import Audit, OutboxMail
from web import access, htmx


@bp.get("/done")
@access.patron_required
def done() -> access.Reply:
    receipt = changes.last_receipt(current_user.patron, now=clock.now())
    if receipt is None:
        return redirect(url_for(".edit"), 303)
    return htmx.page("profile/done.html", moment=receipt.at, count=len(receipt.details["fields"]), **_follow(receipt))


def _follow(receipt: Audit) -> dict:
    """Return the consequences of the change: mailed addresses by kind, and facts by changed field."""
    patron, details = current_user.patron, receipt.details
    mails = {}
    for mail in OutboxMail.select().where(OutboxMail.cause == receipt).order_by(OutboxMail.id):
        mails.setdefault(mail.kind, []).append(mail.address)
    follow = {name for name in ("keep_history", "password") if name in details["fields"]}
    if "due" in details["fields"] and profile.stored(patron)["due_active"]:
        follow.add("due_now" if notices.has_some_to_announce(patron, today=clock.today()) else "due")
    return {
        "mails": mails,
        "follow": follow,
        "history_from": changes.history_shown_from(receipt) if patron.keep_history else None,
        "history_deleted": details.get("history_deleted"),
        "holds_updated": details.get("holds_updated"),
    }


@bp.get("/changes", endpoint="changes")
@access.patron_required
def list_changes() -> access.Reply:
    """変更の記録: list which fields were changed when, without their values."""
    listed = [
        {
            "at": row.at,
            "via": wording.PLACES[row.details.get("via", "site")],
            "fields": [wording.field_word(code) for code in row.details["fields"]],
        }
        for row in changes.past_changes(current_user.patron)
    ]
    return htmx.page("profile/changes.html", changes=listed)
