"""職員: accounts of the staff."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime

from library import audit, errors
from library.access import marks, passwords, sessions
from library.access.factors import browsers, second_factor
from library.access.guessing import sources, tries
from library.store import database
from models import Challenge, Session, Staff

LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,39}\Z")
PASSWORD_MINIMUM = 15  # characters: staff see what patrons borrow
# without letters and digits that look alike
ONE_TIME_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
ONE_TIME_LENGTH = 20


def add(login: str, role: str, *, password: str | None = None, actor: str, now: datetime) -> str | None:
    """Make an account. Without a ``password`` return a one-time password, to be changed at the first sign-in; else
    None.

    Raises: LoginMalformed, LoginTaken (whatever the case of letters), StaffPasswordTooShort, FieldTooLong,
    PasswordHasControl.
    """
    if not LOGIN.match(login):
        raise errors.LoginMalformed()
    if password is not None and (found := _weaknesses(password, login)):
        raise found[0]
    one_time = password is None
    password = _one_time() if password is None else password
    hashed = passwords.hash_password(password)
    with database.writing():
        if any(row.login.casefold() == login.casefold() for row in Staff.select(Staff.login)):
            raise errors.LoginTaken(login=login)
        Staff.create(login=login, role=role, password_hash=hashed, must_change_password=one_time, created_at=now)
        audit.record("staff.added", actor=actor, now=now, login=login, role=role)
    return password if one_time else None


def add_first_admin(login: str, new: str, again: str, *, now: datetime) -> None:
    """Make the first account of a library, an admin's. Raises: RefusedTogether by field; LoginTaken where there is an
    account.
    """
    refused = {} if LOGIN.match(login) else {"login": [errors.LoginMalformed()]}
    if refused := refused | _refusals(new, again, login):
        raise errors.RefusedTogether(refused)
    hashed = passwords.hash_password(new)
    with database.writing():
        if has_accounts():
            raise errors.LoginTaken(login=login)
        Staff.create(login=login, role="admin", password_hash=hashed, must_change_password=False, created_at=now)
        audit.record("staff.added", actor="setup", now=now, login=login, role="admin")


@dataclass(frozen=True)
class SignedIn:
    """A session that has begun, or the step to the second factor. ``scope``: full, first_password or second_factor."""

    staff: Staff
    scope: str
    token: str
    device: str | None = None


@dataclass(frozen=True)
class Second:
    """The second factor of a sign-in: the mark of a ``browser`` that gave it before, or a ``code``; ``key``: the
    library's.
    """

    browser: str | None = None
    code: str = ""
    key: str = ""


NO_SECOND = Second()


def sign_in(
    login: str,
    password: str,
    *,
    client: str = "",
    origin: sources.Origin = sources.NOWHERE,
    second: Second = NO_SECOND,
    terminal: bool = False,
    now: datetime,
) -> SignedIn:
    """Begin a session at the desk; with a one-time password its scope is first_password. At a terminal the browser gets
    no mark.

    Where this browser must give the second factor, no session begins: scope and token are those of the step. While the
    library has care, strangers give the code here instead.

    Raises: StaffSignInRefused (unknown login, wrong password, disabled account), SignInTooOften, SignInBusy;
    StaffProofMissing, where strangers need a code; RefusedTogether for an empty field, which counts nowhere.
    """
    passwords.require_typed("login", login.strip(), errors.LoginMissing, password)
    staff, who = _by_login(login), tries.login_counter(login)
    value = (passwords.fold(password), f"{staff.password_hash} {staff.disabled_at}" if staff else "")
    source = sources.of_login(staff, origin)
    code = second.code.strip()
    attempt = tries.begin(who, source, value=value, proof=code, needed=errors.StaffProofMissing, now=now)
    code = code if attempt.is_guarded else ""  # without care the second factor has a step of its own
    if not tries.judge(attempt, lambda: _is_right(staff, password, attempt, second, now), now=now) or staff is None:
        _note_failure(attempt, staff, now)
        raise errors.StaffCodeSignInRefused() if code else errors.StaffSignInRefused()
    if not code and second_factor.is_asked(staff, second.browser, now=now):
        return SignedIn(staff, "second_factor", second_factor.begin(staff, now=now))
    return begin(staff, client=client, origin=origin, terminal=terminal, now=now)


def _is_right(staff: Staff | None, password: str, attempt: tries.Try, second: Second, now: datetime) -> bool:
    """Tell whether the password is right and, where a proof is needed, the code of the second factor,
    which is used up.
    """
    hashed = staff.password_hash if staff and not staff.disabled_at else ""
    right = passwords.verify(hashed, password)
    if not (right and staff and attempt.is_guarded):
        return right
    try:
        second_factor.give_code(staff, second.code, second.key, in_turn=True, now=now)
    except errors.Refused:
        return False
    return True


def begin(
    staff: Staff,
    *,
    client: str = "",
    origin: sources.Origin = sources.NOWHERE,
    terminal: bool = False,
    now: datetime,
) -> SignedIn:
    """Begin a session after all proofs; the browser gets the mark of those who signed in there."""
    scope = "first_password" if staff.must_change_password else "full"
    with database.writing():
        device = None if terminal else marks.remember(staff, origin.mark, now=now)
        token = sessions.begin_at_desk(staff, scope=scope, client=client, now=now)
        audit.record("staff.signed_in", actor=_actor(staff), now=now)
    return SignedIn(staff, scope, token, device)


def check_current(staff: Staff, password: str, *, now: datetime) -> None:
    """Check a member of staff's password once more. Raises: CurrentPasswordMissing, CurrentPasswordWrong,
    CurrentPasswordTooOften, SignInBusy.
    """
    if not password:
        raise errors.CurrentPasswordMissing()
    value = (passwords.fold(password), staff.password_hash)
    attempt = tries.begin(
        tries.login_counter(staff.login),
        sources.SIGNED_IN,
        value=value,
        too_often=errors.CurrentPasswordTooOften,
        now=now,
    )
    if not tries.judge(attempt, lambda: passwords.verify(staff.password_hash, password), now=now):
        _note_failure(attempt, staff, now)
        raise errors.CurrentPasswordWrong()


def _note_failure(attempt: tries.Try, staff: Staff | None, now: datetime) -> None:
    """Count a wrong password; some are recorded. An unknown login counts but is not recorded: it may be a password."""
    if attempt.is_known_wrong:
        return
    with database.writing():
        recorded = tries.note_failure(attempt, now=now)
        if staff and recorded:
            audit.record("staff.sign_in_failed", actor="system", now=now, login=staff.login, **recorded)


def release(login: str, *, actor: str, now: datetime) -> None:
    """End the waits at a login, even while somebody goes on guessing. Raises: StaffUnknown."""
    staff = named(login)
    with database.writing():
        tries.release(tries.login_counter(staff.login), now=now)
        audit.record("staff.released", actor=actor, now=now, login=staff.login)


def set_password(staff: Staff, new: str, again: str, *, client: str = "", now: datetime) -> SignedIn:
    """Set an own password. Every session of the account ends and a new one begins. Raises: RefusedTogether by field."""
    if refused := _refusals(new, again, staff.login):
        raise errors.RefusedTogether(refused)
    hashed = passwords.hash_password(new)
    with database.writing():
        Staff.update(password_hash=hashed, must_change_password=False).where(Staff.id == staff.id).execute()
        _end_sessions(staff)
        audit.record("staff.password", actor=_actor(staff), now=now, login=staff.login)
        token = sessions.begin_at_desk(staff, scope="full", client=client, now=now)
    return SignedIn(staff, "full", token)


def give_one_time_password(staff: Staff, *, by: Staff, now: datetime) -> str:
    """Return a new one-time password for somebody who lost theirs. Their sessions and waits end."""
    one_time = _one_time()
    hashed = passwords.hash_password(one_time)
    with database.writing():
        Staff.update(password_hash=hashed, must_change_password=True).where(Staff.id == staff.id).execute()
        _end_sessions(staff)
        browsers.forget(staff)
        tries.release(tries.login_counter(staff.login), now=now)
        audit.record("staff.one_time_password", actor=_actor(by), now=now, login=staff.login)
    return one_time


def set_role(staff: Staff, role: str, *, by: Staff, now: datetime) -> None:
    """Set the role of an account. Raises: LastAdmin."""
    with database.writing():
        if role != "admin":
            _require_another_admin(staff)
        Staff.update(role=role).where(Staff.id == staff.id).execute()
        audit.record("staff.role", actor=_actor(by), now=now, login=staff.login, role=role)


def disable(staff: Staff, *, by: Staff, now: datetime) -> None:
    """Disable an account and end its sessions. Raises: LastAdmin."""
    with database.writing():
        _require_another_admin(staff)
        Staff.update(disabled_at=now).where(Staff.id == staff.id, Staff.disabled_at.is_null()).execute()
        _end_sessions(staff)
        audit.record("staff.disabled", actor=_actor(by), now=now, login=staff.login)


def enable(staff: Staff, *, by: Staff, now: datetime) -> None:
    with database.writing():
        Staff.update(disabled_at=None).where(Staff.id == staff.id).execute()
        audit.record("staff.enabled", actor=_actor(by), now=now, login=staff.login)


def end_sessions(staff: Staff, *, by: Staff, now: datetime) -> None:
    """End every session of an account."""
    with database.writing():
        _end_sessions(staff)
        audit.record("staff.sessions_ended", actor=_actor(by), now=now, login=staff.login)


def named(login: str) -> Staff:
    """Return the account of a login. Raises: StaffUnknown."""
    staff = _by_login(login)
    if staff is None:
        raise errors.StaffUnknown(login=login)
    return staff


def accounts() -> list[Staff]:
    """Return all accounts by login, disabled ones last."""
    return list(Staff.select().order_by(Staff.disabled_at.is_null(False), Staff.login))


def has_accounts() -> bool:
    """Tell whether there is any account. A library without one is opened by the code that the server prints."""
    return Staff.select().exists()


def _by_login(login: str) -> Staff | None:
    wanted = login.strip().casefold()
    return next((row for row in Staff.select() if row.login.casefold() == wanted), None)


def _end_sessions(staff: Staff) -> None:
    """End all sessions, and the steps at which the second factor is missing."""
    Session.delete().where(Session.staff == staff).execute()
    Challenge.delete().where(Challenge.staff == staff).execute()


def _require_another_admin(staff: Staff) -> None:
    admins = Staff.select().where(Staff.role == "admin", Staff.disabled_at.is_null())
    if not admins.where(Staff.id != staff.id).exists():
        raise errors.LastAdmin()


def _actor(staff: Staff) -> str:
    return f"staff:{staff.login}"


def _refusals(new: str, again: str, login: str) -> dict[str, list[errors.Refused]]:
    return passwords.refusals(new, again, _weaknesses(new, login))


def _weaknesses(password: str, login: str) -> list[errors.Refused]:
    found = passwords.weaknesses_of_any(password, PASSWORD_MINIMUM, [(errors.PasswordIsLogin, [login])])
    too_short = errors.StaffPasswordTooShort(minimum=PASSWORD_MINIMUM)
    return [too_short if isinstance(one, errors.PasswordTooShort) else one for one in found]


def _one_time() -> str:
    return "".join(secrets.choice(ONE_TIME_LETTERS) for _ in range(ONE_TIME_LENGTH))
