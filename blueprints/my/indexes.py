"""お知らせの設定, ログインと安全, 記録とデータ: pages that lead on, with one line of state for each page behind."""

from flask import Blueprint
from flask_login import current_user

from library import clock
from library.access import sessions
from library.access.factors import passkeys
from library.patrons import changes
from library.site import questions
from models import OutboxMail, Question
from web import access, entrance, htmx
from web.parts import notice_settings as notices, seal_facts

bp = Blueprint("indexes", __name__)


@bp.get("/notices/settings")
@access.patron_required
def notice_settings() -> access.Reply:
    return notices.page()


@bp.get("/security")
@access.patron_required
def security() -> access.Reply:
    patron = current_user.patron
    return htmx.page(
        "indexes/security.html",
        passkeys=len(passkeys.of_account(patron)) if entrance.passkey_site() else None,
        sessions=len(sessions.of_patron(patron, now=clock.now())),
        **seal_facts.read(),
    )


@bp.get("/records")
@access.patron_required
def records() -> access.Reply:
    patron = current_user.patron
    changed, asked = changes.past_changes(patron), Question.select().where(Question.patron == patron)
    return htmx.page(
        "indexes/records.html",
        sent=OutboxMail.select().where(OutboxMail.patron == patron).count(),
        changed_at=changed[0].at if changed else None,
        asked=asked.count(),
        waiting=asked.where(Question.state.in_(questions.OPEN)).count(),
        **seal_facts.read(),
    )
