"""心当たりがありません: the press in the mail about a new password that its patron knows nothing of."""

from datetime import datetime

from library import audit
from library.access import one_time_links, seals, sessions
from library.access.factors import passkeys
from library.mail import outbox
from library.people import patrons
from library.store import database
from models import KnownDevice, OneTimeLink, Patron


def check(token: str, *, now: datetime) -> None:
    """Refuse a link that does nothing any more. Raises: LinkDead."""
    one_time_links.live(token, "stop", now=now)


def stop(token: str, *, admin_mail: str = "", now: datetime) -> None:
    """End the password and every session; tell the administrator. Of the links in several mails the first does it. Raises: LinkDead."""
    link = one_time_links.live(token, "stop", now=now)
    patron = link.patron
    with database.writing():
        one_time_links.use_up(link, now=now)
        OneTimeLink.delete().where(
            OneTimeLink.patron == patron, OneTimeLink.purpose == "stop", OneTimeLink.id != link.id
        ).execute()
        ended = {"password_hash": "", "initial_code_hash": "", "initial_issued_at": None}
        Patron.update(ended).where(Patron.id == patron.id).execute()
        sessions.end_others(patron)
        patrons.forget_old_password(patron)
        passkeys.forget(patron)
        if seal := seals.of_patron(patron):
            newer = KnownDevice.known_since >= seal.sealed_at
            KnownDevice.delete().where(KnownDevice.patron == patron, newer).execute()
        cause = audit.record(
            "password.stopped", actor="patron", now=now, patron=patron, fields=["password"], via="mail"
        )
        if admin_mail:
            facts = {"what": "password_stopped"}
            outbox.put(outbox.TO_ADMIN, f"admin:password_stopped:{cause.id}", address=admin_mail, now=now, facts=facts)
