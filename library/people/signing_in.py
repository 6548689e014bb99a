"""Signing in with a card: password of one's own, initial password, forgotten password.

Unknown card, wrong password and closed card take the same way: one hash, one sentence.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from library import audit, cards, clock, errors, policy
from library.access import birth_dates, one_time_links, passwords, seals, sessions, throttle
from library.mail import outbox
from library.people import patrons
from library.store import database
from models import Audit, OneTimeLink, Patron, PatronAddress

INITIAL_TRIES = 5  # wrong tries on one card, then its initial password is dead
INITIAL_TRIES_A_DAY = 100  # wrong tries of the birthday mode on the whole site, then it is off until midnight
RESET_LINK = timedelta(hours=1)
RESETS_OF_A_CARD, RESETS_OF_A_CLIENT = 3, 20  # in an hour; what is more is answered alike and mailed nothing
VERIFY_LINK = timedelta(hours=24)


@dataclass(frozen=True)
class SignedIn:
    patron: Patron
    scope: str
    token: str
    device: str | None


def sign_in(
    card: str,
    password: str,
    *,
    client: str = "",
    address: str = "",
    device: str | None = None,
    terminal: bool = False,
    admin_mail: str = "",
    now: datetime,
) -> SignedIn:
    """Begin a session; a short one at a terminal, which is no device of the patron's. SignInRefused (whatever was wrong),
    SignInTooOften, RefusedTogether where a field is empty.
    """
    known = sessions.knows_device(patrons.by_card(card), device)
    patron, scope = _try(card, password, address, known, admin_mail, now)
    throttle.forgive(card, address, known_device=known, now=now)
    with database.writing():
        if scope == "full" and passwords.needs_rehash(patron.password_hash):
            Patron.update(password_hash=passwords.hash_password(password)).where(Patron.id == patron.id).execute()
        if scope == "full":
            seals.open_by_device(patron, device, now=now)
        may_know = scope == "full" and not terminal
        device = sessions.remember_device(patron, device, now=now) if may_know else None
        token = sessions.begin(patron, scope=scope, client=client, terminal=terminal, now=now)
    return SignedIn(patron, scope, token, device)


def _try(card: str, password: str, address: str, known: bool, admin_mail: str, now: datetime) -> tuple[Patron, str]:
    """Return the patron and the scope that the password opens. A try counts before it is judged, unless a field is empty."""
    passwords.require_typed("card", cards.fold(card), errors.CardMissing, password)
    throttle.admit(card, address, known_device=known, now=now)
    patron = patrons.by_card(card)
    scope = _scope(patron, password, now)
    if patron is None or scope is None:
        _note_failure(patron, password, admin_mail, now)
        raise errors.SignInRefused()
    return patron, scope


def check_program(card: str, password: str, *, address: str = "", admin_mail: str = "", now: datetime) -> Patron:
    """Return the patron of a program that sends card and password with each request: no session begins, and an initial
    password opens nothing. SignInRefused, SignInTooOften, RefusedTogether where one is empty.
    """
    patron, scope = _try(card, password, address, False, admin_mail, now)
    if scope != "full":
        raise errors.SignInRefused()
    throttle.forgive(card, address, known_device=False, now=now)
    return patron


def check_current(patron: Patron, password: str, *, address: str = "", now: datetime) -> None:
    """Check the password once more; a wrong one counts: CurrentPasswordWrong, then CurrentPasswordTooOften."""
    throttle.admit(patron.card_number, address, known_device=True, now=now, refusal=errors.CurrentPasswordTooOften)
    if not passwords.verify(patron.password_hash, password):
        raise errors.CurrentPasswordWrong()
    throttle.forgive(patron.card_number, address, known_device=True, now=now)


def set_first_password(
    patron: Patron,
    new: str,
    again: str,
    *,
    client: str = "",
    device: str | None = None,
    terminal: bool = False,
    now: datetime,
) -> SignedIn:
    """Replace the initial password by one of the patron's own; every session ends and a full one begins. Once: of two at
    the same time the second is refused with InitialPasswordOver.
    """
    _require_good(new, again, patron)
    hashed = passwords.hash_password(new)
    with database.writing():
        if Patron.get_by_id(patron.id).password_hash:
            raise errors.InitialPasswordOver()
        seals.seal_first_password(patron, device, now=now)
        _store_password(patron, hashed, "first_password", now=now)
        device = None if terminal else sessions.remember_device(patron, device, now=now)
        token = sessions.begin(patron, client=client, terminal=terminal, now=now)
    return SignedIn(patron, "full", token, device)


def ask_reset(card: str, address: str, *, client: str = "", now: datetime) -> None:
    """Mail a one-time link to a verified address of the card. Says and takes the same either way: each request is counted."""
    patron = patrons.by_card(card)
    with database.writing():
        hour = now + timedelta(hours=1)
        of_card = throttle.count(f"reset:{throttle.card_name(card)}", now=now, until=hour)
        of_client = throttle.count(f"reset:{throttle.client_network(client)}", now=now, until=hour)
        if of_card > RESETS_OF_A_CARD or of_client > RESETS_OF_A_CLIENT:
            return
        for row in patrons.addresses(patron) if patron and patron.state != "closed" else ():
            if row.address.casefold() == address.strip().casefold() and row.verified_at is not None:
                token = one_time_links.make(row.patron, row.address, "reset", now + RESET_LINK)
                patrons.mail(row, "reset", sessions.hashed(token), facts={"token": token}, now=now)


def open_reset(token: str, *, now: datetime) -> OneTimeLink:
    """Return the link behind a token while it can be used; LinkDead otherwise."""
    return _live_link(token, "reset", now)


def reset(token: str, new: str, again: str, *, now: datetime) -> None:
    """Set a new password by a mailed link, which is used up. Every session of the patron ends."""
    link = _live_link(token, "reset", now)
    _require_good(new, again, link.patron)
    hashed = passwords.hash_password(new)
    with database.writing():
        one_time_links.use_up(link, now=now)
        if seals.is_proved(link.patron, link.address, now=now):
            seals.forget_devices(link.patron)
        else:
            seals.seal(link.patron, at_desk=False, now=now)
        _store_password(link.patron, hashed, "reset", now=now)
    throttle.release(link.patron.card_number)


def verify_address(token: str, *, now: datetime, apply: bool) -> str:
    """Return the address behind a mailed link; with ``apply`` it counts as verified from now on. LinkDead otherwise."""
    link = _live_link(token, "verify", now)
    if apply:
        with database.writing():
            OneTimeLink.update(used_at=now).where(OneTimeLink.id == link.id).execute()
            for row in link.patron.addresses:
                if row.address == link.address:
                    row.verified_at = now
                    row.save()
    return link.address


def mail_verification(row: PatronAddress, *, now: datetime, cause: Audit | None = None) -> None:
    """Send the link that proves the address. In the caller's transaction."""
    token = one_time_links.make(row.patron, row.address, "verify", now + VERIFY_LINK)
    patrons.mail(row, "verify", sessions.hashed(token), facts={"token": token}, now=now, cause=cause)


def _scope(patron: Patron | None, password: str, now: datetime) -> str | None:
    """Return full, first_password, or None for a refusal; one hash is computed whatever the case."""
    if patron is None:
        passwords.verify("", password)
        return None
    if patron.password_hash:
        right = passwords.verify(patron.password_hash, password)
        return "full" if right and patron.state != "closed" else None
    right = passwords.verify(patron.initial_code_hash, password)
    if not patron.initial_code_hash:
        right = birth_dates.names(password, patron.birth_date)
    return "first_password" if right and _initial_password_opens(patron, now) else None


def _initial_password_opens(patron: Patron, now: datetime) -> bool:
    until = patrons.initial_password_until(patron)
    if patron.state == "closed" or until is None or now >= until or patron.initial_failures >= INITIAL_TRIES:
        return False
    if patron.initial_code_hash:
        return True
    mode_on = policy.get("first_password_mode") == "birthday"
    return mode_on and throttle.counted("initial", now=now) < INITIAL_TRIES_A_DAY


def _note_failure(patron: Patron | None, password: str, admin_mail: str, now: datetime) -> None:
    """Count against the initial password, unless what was typed is no date and no guess at one. Every refusal writes, so
    that its time does not tell which cards have one.
    """
    midnight = clock.at(clock.day_of(now) + timedelta(days=1))
    with database.writing():
        throttle.count("refused", now=now, until=midnight)
        if patron is None or patron.password_hash or patron.initial_issued_at is None:
            return
        if not patron.initial_code_hash and birth_dates.names(password, patron.birth_date) is None:
            return
        Patron.update(initial_failures=Patron.initial_failures + 1).where(Patron.id == patron.id).execute()
        if patron.initial_code_hash:
            return
        if throttle.count("initial", now=now, until=midnight) == INITIAL_TRIES_A_DAY:
            audit.record("signing_in.birthday_mode_off", actor="system", now=now, failures=INITIAL_TRIES_A_DAY)
            if admin_mail:
                key = f"admin:birthday_mode_off:{clock.day_of(now)}"
                outbox.put("admin", key, address=admin_mail, now=now, facts={"what": "birthday_mode_off"})


def _require_good(new: str, again: str, patron: Patron) -> None:
    if refused := passwords.refusals(new, again, passwords.weaknesses(new, patron)):
        raise errors.RefusedTogether(refused)


def _store_password(patron: Patron, hashed: str, what: str, *, now: datetime) -> None:
    """Store a password, in the caller's transaction. Sessions and what hung on the old one end; the addresses get a mail."""
    patron.password_hash, patron.initial_code_hash, patron.initial_failures = hashed, "", 0
    patron.save(only=[Patron.password_hash, Patron.initial_code_hash, Patron.initial_failures])
    sessions.end_others(patron)
    patrons.forget_old_password(patron)
    cause = audit.record(f"password.{what}", actor="patron", now=now, patron=patron, fields=["password"], via="site")
    patrons.tell_of_new_password(patron, what, cause=cause, now=now)


def _live_link(token: str, purpose: str, now: datetime) -> OneTimeLink:
    """Return the link behind a token while it can be used and its address is on file. Raises: LinkDead."""
    link = one_time_links.live(token, purpose, now=now)
    if not any(row.address == link.address for row in link.patron.addresses):
        raise errors.LinkDead()
    return link
