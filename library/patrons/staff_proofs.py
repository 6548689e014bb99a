"""もう一度確認します: a member of staff who is signed in gives a proof once more, before an act that harms or gives away."""

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
class ProofRequest:
    """A member of staff (``who``) who is to give a proof, the session with its ``token``, the library's ``key``, and
    the site of passkeys.
    """

    who: Staff
    session: Session
    token: str
    key: str
    place: passkeys.Site | None


def prove(request: ProofRequest, password: str, code: str, *, now: datetime) -> str:
    """Check a password, and a code of an account with a second factor; return the new token of the session.

    Raises: RefusedTogether by field; ProvedWronglyTooOften, when that ends the session.
    """
    with_code = request.who.second_factor_at is not None
    if with_code and password and not code.strip():
        raise errors.RefusedTogether({"again_code": [errors.CodeMissing()]})
    _judge(request, "again_password", lambda: staff.check_current(request.who, password, now=now), now)
    if with_code:
        _judge(request, "again_code", lambda: second_factor.give_code(request.who, code, request.key, now=now), now)
    return sessions.renew(request.session, now=now)


def prove_by_passkey(request: ProofRequest, answer: str, *, now: datetime) -> str:
    """Check the signature of a passkey; return the new token of the session. Raises: RefusedTogether;
    ProvedWronglyTooOften.
    """

    def take() -> None:
        if request.place is None:
            raise errors.PasskeyRefused()
        passkeys.prove(request.who, request.place, "prove", answer, request.token, now=now)

    _judge(request, "again_passkey", take, now)
    return sessions.renew(request.session, now=now)


def _judge(request: ProofRequest, field: str, judge: Callable[[], None], now: datetime) -> None:
    """Run ``judge``; count a wrong proof, but not a missing one or one that has to wait."""
    try:
        judge()
    except (errors.CurrentPasswordWrong, errors.CodeWrong, errors.PasskeyRefused) as refusal:
        if sessions.count_wrong_proof(request.session) >= MOST_WRONG:
            _end(request, now)
            raise errors.ProvedWronglyTooOften() from None
        raise errors.RefusedTogether({field: [refusal]}) from None
    except errors.Refused as refusal:
        raise errors.RefusedTogether({field: [refusal]}) from None


def _end(request: ProofRequest, now: datetime) -> None:
    sessions.end(request.session)
    with database.writing():
        audit.record("staff.proof_failed", actor=f"staff:{request.who.login}", now=now, failures=MOST_WRONG)
