"""2段階認証: the staff who need a second factor, setting it up, and giving it at sign-in."""

import re
import secrets
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta

from peewee import Expression

from library import audit, clock, errors, policy
from library.access import passwords, sessions, throttle
from library.access.factors import authenticators, browsers, challenges, passkeys, recovery_codes
from library.access.guessing import hashing
from library.store import database
from models import Challenge, Passkey, RecoveryCode, Session, Staff

GRACE = timedelta(days=7)
STEP = timedelta(minutes=10)  # from a right password to the second factor
MOST_WRONG = 5  # codes after one right password
WRONG_A_DAY = 20  # wrong codes of the app; then only a recovery code or a passkey helps


# -- who needs one ---------------------------------------------------------------------------------------------------
def is_required(staff: Staff, *, https: bool) -> bool:
    """Tell whether an account needs a second factor: an admin's where the site has ``https``, and all where the rules
    say so.
    """
    return (https and staff.role == "admin") or policy.get("staff_second_factor")


def is_overdue(staff: Staff, *, https: bool, now: datetime) -> bool:
    """Tell whether the time to set up a second factor is over, so that no other page is open to this
    member of staff.
    """
    by = staff.second_factor_by
    return staff.second_factor_at is None and by is not None and now >= by and is_required(staff, https=https)


def deadline(staff: Staff, *, https: bool, now: datetime) -> datetime | None:
    """Return the end of the week in which a second factor must be set up; it begins with the first call. None where one
    is set up or none is needed.
    """
    if staff.second_factor_at or not is_required(staff, https=https):
        return None
    if staff.second_factor_by is None:
        staff.second_factor_by = now + GRACE
        with database.writing():
            Staff.update(second_factor_by=now + GRACE).where(Staff.id == staff.id).execute()
    return staff.second_factor_by


# -- the step after a right password -----------------------------------------------------------------------------------
def is_asked(staff: Staff, browser: str | None, *, now: datetime) -> bool:
    """Tell whether signing in takes the second factor in this browser now."""
    return staff.second_factor_at is not None and not browsers.knows(staff, browser, now=now)


def begin(staff: Staff, *, now: datetime) -> str:
    """Note a right password; return the token for giving the second factor. Nobody is signed in yet."""
    token = secrets.token_urlsafe(32)
    hashed = sessions.hash_token(token)
    with database.writing():
        Challenge.create(value=hashed, purpose="sign_in", staff=staff, browser=hashed, expires_at=now + STEP)
        challenges.delete_oldest(staff, "sign_in")
    return token


@dataclass(frozen=True)
class Step:
    """The step between a right password and the second factor."""

    staff: Staff
    value: str


def begun(token: str, *, now: datetime) -> Step | None:
    """Return the step of a token; None where it is over or the account is disabled."""
    row = Challenge.get_or_none(_row(sessions.hash_token(token)) & (Challenge.expires_at > now))
    staff = Staff.get_or_none(Staff.id == row.staff_id, Staff.disabled_at.is_null()) if row else None
    return Step(staff, row.value) if row and staff else None


def _row(value: str) -> Expression:
    return (Challenge.value == value) & (Challenge.purpose == "sign_in")


def take_step(step: Step, code: str, key: str, *, now: datetime) -> None:
    """Take a code at the step. Raises: CodeMissing, CodeWrong, CodesTooOften; SecondFactorFailed when
    the step is over.
    """
    try:
        give_code(step.staff, code, key, now=now)
    except errors.CodeWrong:
        with database.writing():
            Challenge.update(wrong=Challenge.wrong + 1).where(_row(step.value)).execute()
            over = Challenge.delete().where(_row(step.value), Challenge.wrong >= MOST_WRONG).execute()
            if over:
                audit.record("staff.second_factor_failed", actor="system", now=now, login=step.staff.login)
        if over:
            raise errors.SecondFactorFailed() from None
        raise


def finish(step: Step, *, now: datetime) -> str:
    """Use up the step; return the mark of this browser. Raises: SecondFactorFailed where another request used it up."""
    with database.writing():
        if not Challenge.delete().where(_row(step.value)).execute():
            raise errors.SecondFactorFailed()
        return browsers.remember(step.staff, now=now)


def end_other_sessions(staff: Staff, session: Session, *, with_mark: bool, now: datetime) -> str | None:
    """End every session of this account but ``session``, as its factors changed. Return a new mark of this browser, or
    None without ``with_mark``.
    """
    with database.writing():
        sessions.end_others(staff, session)
        return browsers.remember(staff, now=now) if with_mark else None


def give_code(staff: Staff, code: str, key: str, *, in_turn: bool = False, now: datetime) -> None:
    """Use up a code of the app or of the paper. Raises: CodeMissing, CodeWrong, CodesTooOften; SignInBusy, unless the
    caller already has a turn in the queue of hashes (``in_turn``).
    """
    typed = _folded(code)
    if not typed:
        raise errors.CodeMissing()
    if not typed[0].isdigit():
        turn = nullcontext() if in_turn else hashing.QUEUE.turn(f"code of staff {staff.id}", comes_first=True)
        with turn:
            found = recovery_codes.find(staff, typed)
        return _use_up(found, staff, now)
    counter = f"code staff {staff.id}"
    with database.writing():
        if throttle.counted(counter, now=now) >= WRONG_A_DAY:
            raise errors.CodesTooOften()
        right = authenticators.use(staff, typed, key, now=now)
        if not right:
            throttle.count(counter, now=now, until=clock.at(clock.day_of(now) + timedelta(days=1)))
    if not right:
        raise errors.CodeWrong()
    return None


def _use_up(found: RecoveryCode | None, staff: Staff, now: datetime) -> None:
    if found is None:
        raise errors.CodeWrong()
    with database.writing():
        if not recovery_codes.use_up(found):
            raise errors.CodeWrong()
        left = recovery_codes.count_unused(staff)
        audit.record("staff.recovery_code_used", actor=_actor(staff), now=now, count=left)


def _folded(code: str) -> str:
    """Return a code in one spelling: no spaces, one kind of hyphen, small letters."""
    return re.sub(r"\s", "", re.sub("[‐‑–—―−ー]", "-", passwords.fold(code))).casefold()


# -- setting up and taking away ----------------------------------------------------------------------------------------
def confirm_app(staff: Staff, code: str, key: str, *, now: datetime) -> list[str]:
    """Take a new app into use; return the recovery codes where it is the first factor, else []. Raises: CodeMissing,
    CodeWrong.
    """
    typed = _folded(code)
    if not typed:
        raise errors.CodeMissing()
    drawn = _drawn_for(staff)
    with database.writing():
        if not authenticators.confirm(staff, typed, key, now=now):
            raise errors.CodeWrong()
        return _added(staff, "app", drawn, now)


def add_passkey(
    staff: Staff, place: passkeys.Site, answer: str, browser: str, name: str, *, now: datetime
) -> list[str]:
    """Store a passkey; return the recovery codes where it is the first factor, else []. Raises: PasskeyRefused,
    TooManyPasskeys.
    """
    made = passkeys.judge_new(staff, place, answer, browser, now=now)
    drawn = _drawn_for(staff)
    with database.writing():
        passkeys.store(staff, made, name, now=now)
        return _added(staff, "passkey", drawn, now)


def _drawn_for(staff: Staff) -> dict[str, str]:
    """Return the recovery codes that come with a first factor; {} where there is a factor already."""
    return {} if staff.second_factor_at else recovery_codes.new_codes()


def _added(staff: Staff, kind: str, drawn: dict[str, str], now: datetime) -> list[str]:
    audit.record("staff.factor_added", actor=_actor(staff), now=now, kind=kind)
    if not drawn:
        return []
    codes = recovery_codes.store(staff, drawn)
    Staff.update(second_factor_at=now).where(Staff.id == staff.id).execute()
    staff.second_factor_at = now
    return codes


def renew_codes(staff: Staff, *, now: datetime) -> list[str]:
    """Return ten new recovery codes; the old ones are good no more."""
    drawn = recovery_codes.new_codes()
    with database.writing():
        audit.record("staff.recovery_codes", actor=_actor(staff), now=now)
        return recovery_codes.store(staff, drawn)


def remove_app(staff: Staff, *, https: bool, now: datetime) -> None:
    """Delete the app. Raises: LastSecondFactor where a factor is required."""
    with database.writing():
        _require_another(staff, bool(passkeys.of_account(staff)), https)
        authenticators.remove(staff)
        _removed(staff, "app", now)


def remove_passkey(staff: Staff, row: Passkey, *, https: bool, now: datetime) -> None:
    """Delete a passkey. Raises: LastSecondFactor where a factor is required."""
    with database.writing():
        others = [one for one in passkeys.of_account(staff) if one.id != row.id]
        _require_another(staff, bool(others) or authenticators.is_set_up(staff), https)
        row.delete_instance()
        _removed(staff, "passkey", now)


def _require_another(staff: Staff, has_another: bool, https: bool) -> None:
    if not has_another and is_required(staff, https=https):
        raise errors.LastSecondFactor()


def _removed(staff: Staff, kind: str, now: datetime) -> None:
    audit.record("staff.factor_removed", actor=_actor(staff), now=now, kind=kind)
    if not passkeys.of_account(staff) and not authenticators.is_set_up(staff):
        _forget(staff)
        Staff.update(second_factor_at=None, second_factor_by=None).where(Staff.id == staff.id).execute()


def reset(staff: Staff, *, by: str, now: datetime) -> None:
    """Delete all factors of an account and end its sessions. Where a factor is required, the next sign-in sets up
    another.
    """
    with database.writing():
        _forget(staff)
        Staff.update(second_factor_at=None, second_factor_by=now).where(Staff.id == staff.id).execute()
        Session.delete().where(Session.staff == staff.id).execute()
        audit.record("staff.factors_reset", actor=by, now=now, login=staff.login)


def reset_of_another(staff: Staff, *, by: Staff, now: datetime) -> None:
    """Reset the factors of a colleague. Raises: OwnSecondFactor."""
    if staff.id == by.id:
        raise errors.OwnSecondFactor()
    reset(staff, by=_actor(by), now=now)


def _forget(staff: Staff) -> None:
    authenticators.remove(staff)
    browsers.forget(staff)
    for model in (Passkey, RecoveryCode, Challenge):
        model.delete().where(model.staff == staff.id).execute()


def _actor(staff: Staff) -> str:
    return f"staff:{staff.login}"
