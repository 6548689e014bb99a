"""お知らせの記録: every mail and push to this patron, its outcome, and its text while it is kept."""

from flask import Blueprint, url_for
from flask_login import current_user

from library import wording
from library.account import retention
from library.language import languages
from library.mail import outbox
from models import OutboxMail
from web import access, htmx, paging
from web.parts import language

bp = Blueprint("notices", __name__)
SIZE = 20
LOOKS = {"sent": "in", "failed": "late", "queued": "soon", "sending": "soon", "cancelled": "out"}


@bp.get("")
@access.patron_required
def index() -> access.Reply:
    """List the patron's mails and pushes, the newest first."""
    mine = OutboxMail.select().where(OutboxMail.patron == current_user.patron)
    ordered = mine.order_by(OutboxMail.created_at.desc(), OutboxMail.id.desc())
    cut = paging.cut(ordered, SIZE, url_for("notices.index"))
    mails = [_mail(row) for row in cut.pop("rows")]
    return htmx.page("notices/index.html", mails=mails, days=_days_kept(), **cut)


def _days_kept() -> int:
    return next(rule.period.days for rule in retention.RETENTION if rule.name == "mail_texts")


def _mail(row: OutboxMail) -> dict:
    return {
        "kind": outbox.KINDS.get(row.kind, row.kind),
        "subject": language.quote(row.subject, row.language or languages.JAPANESE),
        "at": row.sent_at or row.created_at,
        "address": row.address,
        "address_kind": wording.ADDRESS_KINDS[row.address_kind]
        if row.channel == outbox.MAIL
        else wording.CHANNELS[outbox.PUSH],
        "channel": row.channel,
        "state": row.state,
        "words": wording.MAIL_STATES[row.state],
        "look": LOOKS[row.state],
        "url": url_for("notices.mail", mail_id=row.id) if row.text else "",
        "erased": row.state == "sent" and not row.text,
    }


@bp.get("/<row_id:mail_id>")
@access.patron_required
def mail(mail_id: int) -> access.Reply:
    """Show a mail; none whose text is erased."""
    mine = (OutboxMail.patron == current_user.patron) & (OutboxMail.text != "")
    row = access.mine_or_404(OutboxMail.select().where(OutboxMail.id == mail_id, mine))
    text = language.quote(row.text, row.language or languages.JAPANESE)
    return htmx.page("notices/mail.html", mail=_mail(row), text=text, days=_days_kept())
