"""パスキー of a patron: adding, removing, and signing in without a password.

A passkey proves as much as the password, never more: the password stays, and a new one asks for it. Passkeys end with a
password (a new initial one, a reset, 心当たりがありません) and with a lost or closed card. Those that were there long before an
unproved password stay: each is a key to the records that it sealed.
"""

from datetime import datetime

from library import audit, errors
from library.access import seals, sessions
from library.access.factors import challenges, passkeys
from library.access.guessing import sources, tries
from library.patrons import patrons, signing_in
from library.store import database
from models import Passkey, Patron

LONGEST_NAME = 40


def add(patron: Patron, place: passkeys.Site, answer: str, browser: str, name: str, *, now: datetime) -> Passkey:
    """Store a passkey from a browser under a free name; the addresses on file get a mail. Raises: PasskeyRefused,
    TooManyPasskeys.
    """
    made = passkeys.judge_new(patron, place, answer, browser, now=now)
    with database.writing():
        row = passkeys.store(patron, made, _free_name(patron, name), now=now)
        _note(patron, "added", now)
        return row


def _free_name(patron: Patron, name: str) -> str:
    """Return the name, with a number where another passkey of the patron has it: devices make names, so none is
    refused.
    """
    taken = {row.name for row in passkeys.of_account(patron)}
    names = (name, *(f"{name}（{number}）" for number in range(2, passkeys.MOST_OF_PATRON + 2)))
    return next(free for free in names if free not in taken)


def remove(patron: Patron, row: Passkey, *, now: datetime) -> None:
    """Delete a passkey; the addresses on file get a mail."""
    with database.writing():
        if Passkey.delete().where(Passkey.id == row.id, Passkey.patron == patron.id).execute():
            _note(patron, "removed", now)


def _note(patron: Patron, what: str, now: datetime) -> None:
    """Record and mail that a passkey was added or removed, in the caller's transaction."""
    code = f"passkey_{what}"
    cause = audit.record(f"passkey.{what}", actor="patron", now=now, patron=patron, fields=[code], via="site")
    patrons.tell_of_change(patron, code, [], cause=cause, now=now)


def sign_in(
    place: passkeys.Site,
    answer: str,
    asked: passkeys.SignInChallenge | None,
    *,
    client: str = "",
    origin: sources.Origin = sources.NOWHERE,
    now: datetime,
) -> signing_in.SignedIn:
    """Begin a session of the patron whose passkey signed the challenge ``asked``, which is used up. Not for terminals.

    Nobody guesses a signature, so waits and care don't apply; a wrong signature of a known passkey is recorded as a
    wrong password is. Raises: PasskeySignInRefused for any fault, also for a closed card.
    """
    try:
        credential, row, patron = passkeys.read_signature(answer)
    except errors.PasskeyRefused:
        raise errors.PasskeySignInRefused() from None
    if asked is None or asked.until <= now:
        raise errors.PasskeySignInRefused()
    try:
        uses = passkeys.judge_signature(row, credential, place, asked)
    except errors.PasskeyRefused:
        _note_failure(patron, origin, now)
        raise errors.PasskeySignInRefused() from None
    with database.writing():
        patron = Patron.get_by_id(patron.id)
        may_enter = bool(patron.password_hash) and patron.state != "closed"
        if not may_enter or not challenges.use_once(patron, asked.value, until=asked.until):
            raise errors.PasskeySignInRefused()
        if not passkeys.note_use(row, uses, now=now):
            raise errors.PasskeySignInRefused()
        opening = seals.make_key_link(patron, mark=origin.mark, passkey=row, now=now)
        device = signing_in.remember(patron, origin, now)
        return signing_in.SignedIn(patron, "full", sessions.begin(patron, client=client, now=now), device, opening)


def _note_failure(patron: Patron, origin: sources.Origin, now: datetime) -> None:
    wrong = tries.Try(tries.card_counter(patron), sources.of_card(patron, origin, now=now), b"")
    with database.writing():
        if recorded := tries.note_failure(wrong, now=now):
            audit.record("patron.sign_in_failed", actor="system", now=now, patron=patron, **recorded)
