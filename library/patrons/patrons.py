"""利用者: a patron's card, addresses and initial password."""

import secrets
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from library import audit, errors, patron_columns, policy
from library.access import one_time_links, passwords, seals, sessions
from library.access.guessing import tries
from library.mail import outbox
from library.store import database
from library.store.queries import Models, blank, tuples
from models import Audit, Draft, FormerAddress, MailPreference, OneTimeLink, OutboxMail, Patron, PatronAddress

MAIL_KINDS = ("registration", "hold", "sdi", "due")
SWITCHED = ("registration", "due")  # with 配信/停止; holds and SDI are switched one by one
CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without 0/O, 1/I: it is typed from paper
CODE_LENGTH = 10
PHONES = patron_columns.PHONES
IDS_AT_ONCE = 500  # in one query
TICKED = ((PatronAddress.kind == "pc") & MailPreference.to_pc) | (
    (PatronAddress.kind == "mobile") & MailPreference.to_mobile
)  # on an address joined with a preference: its kind is ticked


def addresses(patron: Patron) -> list[PatronAddress]:
    """Return the mail addresses of a patron in their order."""
    return _ADDRESSES.rows(patron=patron.id)


_ADDRESSES = Models(
    PatronAddress, {}, lambda rows: rows.where(PatronAddress.patron == blank("patron")).order_by(PatronAddress.position)
)
_PREFERENCES = Models(MailPreference, {}, lambda rows: rows.where(MailPreference.patron == blank("patron")))


def remove_addresses(patron: Patron, rows: Iterable[PatronAddress]) -> None:
    """Delete mail addresses without remembering them as former ones, in the caller's transaction. Links mailed to them
    are dead, and queued mails are cancelled.
    """
    taken = [row.address for row in rows]
    for model in (PatronAddress, OneTimeLink):
        model.delete().where(model.patron == patron.id, model.address.in_(taken)).execute()
    waiting = (OutboxMail.state == "queued") & OutboxMail.address.in_(taken)
    OutboxMail.update(state="cancelled").where(OutboxMail.patron == patron.id, waiting).execute()


def names_titles(patron: Patron, address: str) -> bool:
    """Tell whether a mail to this address may name titles: the patron wants it so, and titles are not hidden at the
    address (``family.addresses``).
    """
    off = (PatronAddress.patron == patron.id) & (PatronAddress.address == address) & PatronAddress.titles_off
    return patron.titles_in_mail and not PatronAddress.select().where(off).exists()


def preferences(patron: Patron) -> dict[str, MailPreference]:
    """Return kind of mail → preference; a kind without a row is off, with nothing ticked."""
    stored = {row.kind: row for row in _PREFERENCES.rows(patron=patron.id)}
    return {kind: stored.get(kind) or MailPreference(patron=patron, kind=kind) for kind in MAIL_KINDS}


def deliverable(patron: Patron, kind: str) -> list[PatronAddress]:
    """Return the addresses for mail of this kind: ticked, and not known to be undeliverable.

    A hold asks for mail itself: where nothing is ticked, that mail goes to the first address.
    """
    wanted = preferences(patron)[kind]
    ticked = {"pc": wanted.to_pc, "mobile": wanted.to_mobile}
    reached = [row for row in addresses(patron) if row.undeliverable_at is None]
    if kind == "hold" and not any(ticked.values()):
        return reached[:1]
    return [row for row in reached if ticked[row.kind]]


def mail_ways(patron: Patron) -> dict[str, set[str]]:
    """Return kind of mail → kinds of address that it goes to as the patron has set it, deliverable or not."""
    rows, ways = addresses(patron), {}
    for kind, wanted in preferences(patron).items():
        ticked = {name for name, is_ticked in (("pc", wanted.to_pc), ("mobile", wanted.to_mobile)) if is_ticked}
        if kind == "hold" and not ticked:
            ticked = {row.kind for row in rows[:1]}
        is_sent = wanted.active or kind not in SWITCHED
        ways[kind] = {row.kind for row in rows if row.kind in ticked and is_sent}
    return ways


def ticked_addresses(patron_ids: Iterable[int], kind: str) -> dict[int, list]:
    """Return patron id → list of (address, pc or mobile) that mail of this kind goes to by its ticks. Patrons with
    none, or with 配信 stopped, are absent.
    """
    ids, found = sorted(patron_ids), {}
    wanted = MailPreference.active | MailPreference.kind.not_in(SWITCHED)
    rows = (
        PatronAddress.select(PatronAddress.patron, PatronAddress.address, PatronAddress.kind)
        .join(MailPreference, on=(MailPreference.patron == PatronAddress.patron))
        .where(MailPreference.kind == kind, wanted, TICKED, PatronAddress.undeliverable_at.is_null())
        .order_by(PatronAddress.patron, PatronAddress.position)
    )
    for first in range(0, len(ids), IDS_AT_ONCE):
        some = rows.where(PatronAddress.patron.in_(ids[first : first + IDS_AT_ONCE]))
        for patron, *address in tuples(some):
            found.setdefault(patron, []).append(tuple(address))
    return found


def mail(
    row: PatronAddress | FormerAddress,
    kind: str,
    subject: object,
    *,
    facts: dict | None = None,
    now: datetime,
    cause: Audit | None = None,
) -> None:
    """Queue a mail to this address, in the caller's transaction, unless there is one of the kind about the same subject
    (any text).
    """
    outbox.put(
        kind,
        f"{kind}:{subject}:{row.address}",
        address=row.address,
        address_kind=row.kind,
        patron=row.patron,
        facts=facts,
        now=now,
        cause=cause,
    )


def tell_of_change(
    patron: Patron,
    what: str,
    fields: list[str],
    *,
    to: Iterable[PatronAddress | FormerAddress] | None = None,
    cause: Audit,
    now: datetime,
) -> None:
    """Queue 変更のお知らせ about ``what`` and ``fields`` (codes) to every address on file, or to ``to``, in the caller's
    transaction.
    """
    for row in addresses(patron) if to is None else to:
        mail(
            row,
            "security",
            cause.id,
            facts={"what": what, "fields": fields, "at": now.isoformat()},
            cause=cause,
            now=now,
        )


def tell_of_new_password(patron: Patron, what: str, *, cause: Audit, now: datetime) -> None:
    """Queue the mail about a new password or about sealed records, in the caller's transaction. While records are
    sealed, it goes to the older addresses too, with a link that ends the password.
    """
    if not seals.is_sealed(patron):
        tell_of_change(patron, what, ["password"], cause=cause, now=now)
        return
    older = seals.older_addresses(patron, now=now)
    for row in {row.address: row for row in [*older, *addresses(patron)]}.values():
        token = one_time_links.make(patron, row.address, "stop", now + seals.STOP_LINK)
        facts = {"what": what, "at": now.isoformat(), "token": token}
        mail(row, "sealed", cause.id, facts=facts, cause=cause, now=now)


def forget_old_password(patron: Patron) -> None:
    """Delete reset links, and the draft, which may hold another password, in the caller's transaction."""
    OneTimeLink.delete().where(OneTimeLink.patron == patron, OneTimeLink.purpose == "reset").execute()
    Draft.delete().where(Draft.patron == patron).execute()


def residences(rules: policy.Policy | None = None) -> dict[str, str]:
    """Return code → words of 居住の別; the last is the library's own: 市外, 町外, 村外."""
    return {
        "living": "在住",
        "working": "在勤",
        "studying": "在学",
        "outside": (rules or policy).get("residence_outside"),
    }


def may_borrow(patron: Patron, *, today: date) -> bool:
    """Tell whether the card can borrow, hold and renew: it is active and not past its last day."""
    return patron.state == "active" and (patron.expires_on is None or patron.expires_on >= today)


def card_refusals(patron: Patron, *, today: date) -> list:
    """Return the refusals of using this card at the desk now; [] where it can be used."""
    if patron.state == "closed":
        return [errors.CardClosed()]
    reasons = [errors.CardSuspended()] if patron.state == "suspended" else []
    return reasons + ([] if patron.expires_on is None or patron.expires_on >= today else [errors.CardExpired()])


def choose_display(patron: Patron, *, show_name: bool, titles_in_mail: bool, notice_language: str) -> None:
    """Set whether the patron's pages show the name or the card number, whether mails name titles, and お知らせの言語:
    the language of mails and pushes, "" for that of the screen.
    """
    chosen = {"show_name": show_name, "titles_in_mail": titles_in_mail, "notice_language": notice_language}
    with database.writing():
        Patron.update(**chosen).where(Patron.id == patron.id).execute()


def issue_initial_password(patron: Patron, *, now: datetime) -> str | None:
    """Replace the password by month and day of birth, or by a code; return the code, which is stored nowhere, or None.

    A 団体, or a patron without a birth date, gets a code.
    """
    code = None
    of_code = patron.birth_date is None or patron.category in policy.get("group_categories")
    if of_code or policy.get("first_password_mode") == "code":
        code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
    patron.password_hash = ""
    patron.initial_code_hash = passwords.hash_password(code) if code else ""
    patron.initial_issued_at = now
    patron.initial_failures = 0
    columns = (Patron.password_hash, Patron.initial_code_hash, Patron.initial_issued_at, Patron.initial_failures)
    patron.save(only=columns)
    return code


def initial_password_until(patron: Patron) -> datetime | None:
    """Return the moment at which the initial password ends; None when there is none."""
    if patron.password_hash or patron.initial_issued_at is None:
        return None
    days = policy.get("first_code_days" if patron.initial_code_hash else "first_password_days")
    return patron.initial_issued_at + timedelta(days=days)


def reissue(patron: Patron, *, by: str, now: datetime) -> str | None:
    """再発行: issue the initial password again; return the one-time code where the library uses codes, else None.

    The old password, every session, open reset links and waits at the card end. Records until now are sealed
    (``seals.seal``). The addresses on file get a mail.
    """
    with database.writing():
        seals.seal(patron, now=now)
        code = issue_initial_password(patron, now=now)
        sessions.end_others(patron)
        forget_old_password(patron)
        cause = audit.record("password.reissued", actor=by, now=now, patron=patron, fields=["password"], via="desk")
        tell_of_new_password(patron, "reissued", cause=cause, now=now)
        tries.start_anew(tries.card_counter(patron))
    return code
