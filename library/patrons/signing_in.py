"""Signing in with a card: own password, initial password, forgotten password.

Unknown card, wrong password and closed card take the same way: one hash, one sentence.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from library import audit, errors, policy
from library.access import birth_dates, marks, one_time_links, passwords, seals, sessions
from library.access.factors import passkeys
from library.access.guessing import check_numbers, limits, remembered, sources, tries
from library.numbers import cards, parsing
from library.patrons import patrons
from library.store import database
from models import Audit, OneTimeLink, Patron, PatronAddress

VERIFY_LINK = timedelta(hours=24)


@dataclass(frozen=True)
class SignedIn:
    """A session that has begun. ``device``: the browser's mark; ``opening``: token of the link that opens sealed
    records, with a key.
    """

    patron: Patron
    scope: str
    token: str
    device: str | None
    opening: str | None = None


def sign_in(
    card: str,
    password: str,
    *,
    check: str = "",
    client: str = "",
    origin: sources.Origin = sources.NOWHERE,
    terminal: bool = False,
    now: datetime,
) -> SignedIn:
    """Begin a session; at a terminal a short one, without a mark.

    Raises: SignInRefused (whatever was wrong), SignInTooOften, SignInBusy, CheckMissing where 確認番号 is asked for,
    RefusedTogether for an empty field.
    """
    patron, scope = _try(card, password, check, origin, now)
    with database.writing():
        if scope == "full" and passwords.needs_rehash(patron.password_hash):
            Patron.update(password_hash=passwords.hash_password(password)).where(Patron.id == patron.id).execute()
        opening = seals.make_key_link(patron, mark=origin.mark, now=now) if scope == "full" else None
        if check:
            check_numbers.use_up(patron, check, origin.key)
        device = remember(patron, origin, now) if scope == "full" and not terminal else None
        token = sessions.begin(patron, scope=scope, client=client, terminal=terminal, now=now)
    return SignedIn(patron, scope, token, device, opening)


def remember(patron: Patron, origin: sources.Origin, now: datetime) -> str:
    """Remember browser and network of a sign-in, in the caller's transaction; return the browser's mark."""
    marks.remember_network(patron, origin.address, origin.key, now=now)
    is_proved = bool(patron.password_hash) and patron.unproved_since is None
    may_be_key = is_proved and not sources.is_at_desk(origin.address)
    return marks.remember(patron, origin.mark, may_be_key=may_be_key, now=now)


def _try(card: str, password: str, check: str, origin: sources.Origin, now: datetime) -> tuple[Patron, str]:
    """Return patron and scope of a right password. A try counts before it is judged, unless a field is empty."""
    passwords.require_typed("card", parsing.fold(card).strip("-"), errors.CardMissing, password)
    patron, unknown = cards.by_number(card), tries.unknown_card_counter(card)
    who = tries.card_counter(patron) if patron else unknown
    source = sources.of_card(patron, origin, now=now)
    typed = passwords.fold(password)
    is_initial = _may_be_initial(typed, patron, source)
    attempt = tries.begin(
        who, source, value=(typed, _state(patron)), initial=is_initial, proof=check_numbers.fold(check), now=now
    )
    scope = tries.judge(attempt, lambda: _scope(patron, password, check, attempt.is_guarded, origin.key, now), now=now)
    if patron is None or not scope:
        _note_failure(attempt, patron, now, is_initial=is_initial)
        raise errors.CheckedSignInRefused() if attempt.is_guarded or check else errors.SignInRefused()
    return patron, scope


def _may_be_initial(typed: str, patron: Patron | None, source: sources.Source) -> bool:
    """Tell whether a try may be at an initial password: a day, typed at any card, so that nothing tells which cards
    have one.

    Not in a browser that knows a card with its own password: there that is no secret any more.
    """
    own = patron is not None and bool(patron.password_hash) and source.pair is limits.PAIR_BY_MARK
    return not own and birth_dates.is_day(typed) and policy.get("first_password_mode") == "birthday"


def _state(patron: Patron | None) -> str:
    """Return the facts by which a password is judged, as text: a wrong value may be right once they change."""
    if patron is None:
        return ""
    parts = (patron.state, patron.password_hash, patron.initial_code_hash, patron.initial_issued_at, patron.birth_date)
    return repr(parts)


def check_program(card: str, password: str, *, origin: sources.Origin = sources.NOWHERE, now: datetime) -> Patron:
    """Return the patron of a program that sends card and password with each request. No session begins, and an initial
    password is refused.

    A right pair is remembered for some minutes. Raises: SignInRefused, SignInTooOften, SignInBusy; CheckMissing, where
    only an address of the patron's own helps; RefusedTogether for an empty field.
    """
    patron = cards.by_number(card)
    pair = remembered.digest("program", origin.address, passwords.fold(password), parsing.fold(card), _state(patron))
    if patron is not None and remembered.RIGHT.has(pair, now=now):
        return patron
    patron, scope = _try(card, password, "", origin, now)
    if scope != "full":
        raise errors.SignInRefused()
    remembered.RIGHT.add(pair, now=now)
    with database.writing():
        marks.remember_network(patron, origin.address, origin.key, now=now)
    return patron


def check_current(patron: Patron, password: str, *, now: datetime) -> None:
    """Check the patron's current password; a wrong one counts. Raises: CurrentPasswordWrong, CurrentPasswordTooOften,
    SignInBusy.
    """
    attempt = tries.begin(
        tries.card_counter(patron),
        sources.SIGNED_IN,
        value=(passwords.fold(password), patron.password_hash),
        too_often=errors.CurrentPasswordTooOften,
        now=now,
    )
    if not tries.judge(attempt, lambda: passwords.verify(patron.password_hash, password), now=now):
        raise errors.CurrentPasswordWrong()


def set_first_password(
    patron: Patron,
    new: str,
    again: str,
    *,
    client: str = "",
    origin: sources.Origin = sources.NOWHERE,
    terminal: bool = False,
    not_mine: Collection[str] = (),
    now: datetime,
) -> SignedIn:
    """Replace the initial password by the patron's own; every session ends and a full one begins. ``not_mine``: the
    doubtful addresses to remove, which get a mail.

    Raises: RefusedTogether by field; InitialPasswordOver where there is an own password already.
    """
    require_good(new, again, patron)
    hashed = passwords.hash_password(new)
    with database.writing():
        if Patron.get_by_id(patron.id).password_hash:
            raise errors.InitialPasswordOver()
        gone = [row for row in doubtful_addresses(patron) if row.address in not_mine]
        seals.seal(patron, now=now)  # the records since the initial password was issued
        patrons.remove_addresses(patron, gone)
        cause = _store_password(patron, hashed, "first_password", now=now)
        patrons.tell_of_change(patron, "address", ["email1"] if gone else [], to=gone, cause=cause, now=now)
        device = None if terminal else remember(patron, origin, now)
        opening = None if terminal else seals.make_key_link(patron, mark=origin.mark, now=now)
        token = sessions.begin(patron, client=client, terminal=terminal, now=now)
    return SignedIn(patron, "full", token, device, opening)


def doubtful_addresses(patron: Patron) -> list[PatronAddress]:
    """Return the addresses that a patron with a new initial password must confirm as theirs. With nothing sealed, an
    earlier holder of the password may have added them, and as older addresses they would later prove the owner.
    """
    if not patron.has_chosen_password or seals.is_sealed(patron):
        return []
    return [row for row in patrons.addresses(patron) if row.since and not row.at_desk]


def open_reset(token: str, *, now: datetime) -> OneTimeLink:
    """Return the reset link behind a token. Raises: LinkDead."""
    return _live_link(token, "reset", now)


def reset(token: str, new: str, again: str, *, now: datetime) -> None:
    """Set a new password by a mailed link, which is used up. Every session of the patron ends. Raises: LinkDead;
    RefusedTogether by field.
    """
    link = _live_link(token, "reset", now)
    require_good(new, again, link.patron)
    hashed = passwords.hash_password(new)
    with database.writing():
        one_time_links.use_up(link, now=now)
        if not seals.is_key_address(link.patron, link.address, now=now):
            seals.seal(link.patron, now=now)
        elif seals.is_sealed(link.patron):  # it stays sealed until the patron opens it
            seals.end_newer_passkeys(link.patron, link.patron.unproved_since or now)
        else:
            seals.lift(link.patron)
            marks.forget(link.patron)
            passkeys.forget(link.patron)
        _store_password(link.patron, hashed, "reset", now=now)
        tries.start_anew(tries.card_counter(link.patron))


def verify_address(token: str, *, by: Patron | None = None, now: datetime, apply: bool) -> tuple[str, bool]:
    """Return the address of a mailed link, and True if it is verified: by this call with ``apply`` or ``by`` its own
    patron, who is signed in, or by that patron's earlier call. Without either nothing is stored. Raises: LinkDead.
    """
    if by and (address := _verified_by(token, by)):
        return address, True
    link = _live_link(token, "verify", now)
    apply = apply or (by is not None and link.patron.id == by.id)
    if apply:
        with database.writing():
            one_time_links.use_up(link, now=now)
            for row in link.patron.addresses:
                if row.address == link.address:
                    row.verified_at = now
                    row.save()
    return link.address, apply


def _verified_by(token: str, patron: Patron) -> str:
    """Return the address that this patron verified by this link, while it is on file; else ""."""
    mine = (OneTimeLink.purpose == "verify") & (OneTimeLink.patron == patron.id) & OneTimeLink.used_at.is_null(False)
    link = OneTimeLink.get_or_none(OneTimeLink.token_hash == sessions.hash_token(token), mine)
    verified = [row.address for row in patrons.addresses(patron) if row.verified_at]
    return link.address if link and link.address in verified else ""


def mail_verification(row: PatronAddress, *, now: datetime, cause: Audit | None = None) -> None:
    """Mail the link that verifies an address, in the caller's transaction."""
    token = one_time_links.make(row.patron, row.address, "verify", now + VERIFY_LINK)
    patrons.mail(row, "verify", sessions.hash_token(token), facts={"token": token}, now=now, cause=cause)


def _scope(patron: Patron | None, password: str, check: str, is_guarded: bool, key: str, now: datetime) -> str | None:
    """Return full, first_password, or None for a refusal; one hash is computed in every case."""
    is_checked = check_numbers.is_right(patron, check, key, now=now) or not is_guarded
    if patron is None:
        passwords.verify("", password)
        return None
    if patron.password_hash:
        right = passwords.verify(patron.password_hash, password)
        return "full" if right and is_checked and patron.state != "closed" else None
    right = passwords.verify(patron.initial_code_hash, password)
    if not patron.initial_code_hash:
        right = patron.birth_date is not None and birth_dates.matches_birthday(password, patron.birth_date)
    return "first_password" if right and is_checked and _initial_password_opens(patron, check, key, now) else None


def _initial_password_opens(patron: Patron, check: str, key: str, now: datetime) -> bool:
    """Tell whether the initial password is still good; after INITIAL_FAILURES only with the number from the desk."""
    until = patrons.initial_password_until(patron)
    if patron.state == "closed" or until is None or now >= until:
        return False
    is_worn = patron.initial_failures >= limits.INITIAL_FAILURES
    if is_worn and not check_numbers.is_of_desk(patron, check, key, now=now):
        return False
    return bool(patron.initial_code_hash) or policy.get("first_password_mode") == "birthday"


def _note_failure(attempt: tries.Try, patron: Patron | None, now: datetime, *, is_initial: bool) -> None:
    """Record a wrong try. Every refusal writes, so that its time does not tell which cards there are."""
    if attempt.is_known_wrong:
        return
    with database.writing():
        recorded = tries.note_failure(attempt, now=now)
        counts = is_initial or (patron is not None and bool(patron.initial_code_hash))
        number = patron.id if patron is not None and not patron.password_hash and counts else marks.NOBODY
        Patron.update(initial_failures=Patron.initial_failures + 1).where(Patron.id == number).execute()
        if patron is not None and recorded:
            audit.record("patron.sign_in_failed", actor="system", now=now, patron=patron, **recorded)


def require_good(new: str, again: str, patron: Patron) -> None:
    """Refuse a new password that is weak or typed differently twice. Raises: RefusedTogether by field."""
    if refused := passwords.refusals(new, again, passwords.weaknesses(new, patron)):
        raise errors.RefusedTogether(refused)


def _store_password(patron: Patron, hashed: str, what: str, *, now: datetime) -> Audit:
    """Store a password, in the caller's transaction; return its audit row. Sessions, reset links and the draft end; the
    addresses get a mail.
    """
    patron.password_hash, patron.initial_code_hash, patron.initial_failures = hashed, "", 0
    patron.has_chosen_password = True
    columns = (Patron.password_hash, Patron.initial_code_hash, Patron.initial_failures, Patron.has_chosen_password)
    patron.save(only=columns)
    sessions.end_others(patron)
    patrons.forget_old_password(patron)
    cause = audit.record(f"password.{what}", actor="patron", now=now, patron=patron, fields=["password"], via="site")
    patrons.tell_of_new_password(patron, what, cause=cause, now=now)
    return cause


def _live_link(token: str, purpose: str, now: datetime) -> OneTimeLink:
    """Return the link behind a token while its address is on file. Raises: LinkDead."""
    link = one_time_links.live(token, purpose, now=now)
    if not any(row.address == link.address for row in link.patron.addresses):
        raise errors.LinkDead()
    return link
