"""もう一度確認します: a member of staff who is signed in proves it once more, before what harms or gives away."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from library import audit, errors
from library.access import sessions
from library.access.factors import passkeys, second_factor
from library.patrons import staff
from library.store import database
from models import Session, Staff

MOST_WRONG = 5  # wrong proofs in a row end the session


@dataclass(frozen=True)
class Asked:
    """A member of staff who proves it, in which session (``token``: that of its browser), and what the library checks it by."""

    who: Staff
    session: Session
    token: str
    key: str
    place: passkeys.Site | None


def prove(asked: Asked, password: str, code: str, *, now: datetime) -> str:
    """Note a right password, with a right code for who has a second factor; return the new token of the session. RefusedTogether by
    field; ProvedWronglyTooOften when the session is over because of it.
    """
    with_code = asked.who.second_factor_at is not None
    if with_code and password and not code.strip():
        raise errors.RefusedTogether({"again_code": [errors.CodeMissing()]})
    _judge(asked, "again_password", lambda: staff.check_current(asked.who, password, now=now), now)
    if with_code:
        _judge(asked, "again_code", lambda: second_factor.give_code(asked.who, code, asked.key, now=now), now)
    return sessions.renew(asked.session, now=now)


def prove_by_passkey(asked: Asked, answer: str, *, now: datetime) -> str:
    """Note a right signature of a passkey; return and refuse as ``prove`` does."""

    def take() -> None:
        if asked.place is None:
            raise errors.PasskeyRefused()
        passkeys.prove(asked.who, asked.place, "prove", answer, asked.token, now=now)

    _judge(asked, "again_passkey", take, now)
    return sessions.renew(asked.session, now=now)


def _judge(asked: Asked, field: str, judge: Callable[[], None], now: datetime) -> None:
    """Count what is wrong; what is missing or has to wait is refused and counts nowhere."""
    try:
        judge()
    except (errors.CurrentPasswordWrong, errors.CodeWrong, errors.PasskeyRefused) as refusal:
        if sessions.count_wrong_proof(asked.session) >= MOST_WRONG:
            _end(asked, now)
            raise errors.ProvedWronglyTooOften() from None
        raise errors.RefusedTogether({field: [refusal]}) from None
    except errors.Refused as refusal:
        raise errors.RefusedTogether({field: [refusal]}) from None


def _end(asked: Asked, now: datetime) -> None:
    sessions.end(asked.session)
    with database.writing():
        audit.record("staff.proof_failed", actor=f"staff:{asked.who.login}", now=now, failures=MOST_WRONG)
