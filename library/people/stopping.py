"""心当たりがありません: the press in the mail about a new password that its patron knows nothing of."""

from datetime import datetime

from library import audit
from library.access import one_time_links, seals, sessions
from library.access.factors import passkeys
from library.mail import outbox
from library.people import patrons
from library.store import database
from models import CalendarLink, EbookLink, FormerAddress, KnownDevice, OneTimeLink, OutboxMail, Patron, PatronAddress


def check(token: str, *, now: datetime) -> None:
    """Refuse a link that does nothing any more. Raises: LinkDead."""
    one_time_links.live(token, "stop", now=now)


def stop(token: str, *, admin_mail: str = "", now: datetime) -> None:
    """End the password, every session, every open link, and the addresses and secret addresses that came since that password; tell the
    administrator. Of the links in several mails the first does it. Raises: LinkDead.
    """
    link = one_time_links.live(token, "stop", now=now)
    patron, seal = link.patron, seals.of_patron(link.patron)
    since = link.expires_at - seals.STOP_LINK
    with database.writing():
        one_time_links.use_up(link, now=now)
        OneTimeLink.delete().where(OneTimeLink.patron == patron, OneTimeLink.id != link.id).execute()
        begun = min(since, seal.sealed_at) if seal else since
        _take_off_addresses(patron, begun)
        CalendarLink.delete().where(CalendarLink.patron == patron, CalendarLink.created_at >= begun).execute()
        EbookLink.delete().where(EbookLink.patron == patron, EbookLink.made_at >= begun).execute()
        ended = {"password_hash": "", "initial_code_hash": "", "initial_issued_at": None}
        Patron.update(ended).where(Patron.id == patron.id).execute()
        sessions.end_others(patron)
        patrons.forget_old_password(patron)
        passkeys.forget(patron)
        if seal:
            newer = KnownDevice.known_since >= seal.sealed_at
            KnownDevice.delete().where(KnownDevice.patron == patron, newer).execute()
        cause = audit.record(
            "password.stopped", actor="patron", now=now, patron=patron, fields=["password"], via="mail"
        )
        if admin_mail:
            facts = {"what": "password_stopped"}
            outbox.put(outbox.TO_ADMIN, f"admin:password_stopped:{cause.id}", address=admin_mail, now=now, facts=facts)


def _take_off_addresses(patron: Patron, moment: datetime) -> None:
    """Take the addresses that came from a moment on off the file, for good: they prove nothing, and no mail to them is sent."""
    newer = PatronAddress.select().where(PatronAddress.patron == patron, PatronAddress.since >= moment)
    taken = [row.address for row in newer]
    for model in (PatronAddress, FormerAddress):
        model.delete().where(model.patron == patron, model.since >= moment).execute()
    waiting = (OutboxMail.state == "queued") & OutboxMail.address.in_(taken)
    OutboxMail.update(state="cancelled").where(OutboxMail.patron == patron, waiting).execute()
