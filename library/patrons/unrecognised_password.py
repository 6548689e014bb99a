"""心当たりがありません: the button in the mail about a new password that its patron does not recognise."""

from datetime import datetime

from library import audit
from library.access import marks, one_time_links, seals, sessions
from library.access.factors import passkeys
from library.mail import outbox
from library.patrons import additions, patrons
from library.store import database
from models import OneTimeLink, Patron


def check(token: str, *, now: datetime) -> None:
    """Refuse a link that does nothing any more. Raises: LinkDead."""
    one_time_links.live(token, "stop", now=now)


def stop(token: str, *, admin_mail: str = "", now: datetime) -> None:
    """End the password, all sessions and open links, and every addition since that password; mail the administrator.

    From an older address all marks and passkeys end too: then the desk lets the patron in again, and that address opens
    the sealed records. Only the first link used of several mails works. Raises: LinkDead.
    """
    link = one_time_links.live(token, "stop", now=now)
    patron, since = link.patron, link.expires_at - seals.STOP_LINK
    is_owners = seals.is_key_address(patron, link.address, now=now)  # else an intruder may want the keys gone
    with database.writing():
        one_time_links.use_up(link, now=now)
        OneTimeLink.delete().where(OneTimeLink.patron == patron, OneTimeLink.id != link.id).execute()
        additions.end(patron, min(since, patron.unproved_since or since), now=now)
        ended = {"password_hash": "", "initial_code_hash": "", "initial_issued_at": None, "sealed_until": None}
        Patron.update(ended).where(Patron.id == patron.id).execute()
        seals.seal(patron, now=now)
        sessions.end_others(patron)
        patrons.forget_old_password(patron)
        if is_owners:
            marks.forget(patron)
            passkeys.forget(patron)
        cause = audit.record(
            "password.stopped", actor="patron", now=now, patron=patron, fields=["password"], via="mail"
        )
        if admin_mail:
            facts = {"what": "password_stopped"}
            outbox.put(outbox.TO_ADMIN, f"admin:password_stopped:{cause.id}", address=admin_mail, now=now, facts=facts)
