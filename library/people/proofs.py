"""もう一度確認します: a member of staff who is signed in proves it once more, before what harms or gives away."""

from datetime import datetime

from library import audit, errors
from library.access import sessions
from library.people import staff
from library.store import database
from models import Session, Staff

MOST_WRONG = 5  # wrong proofs in a row end the session


def prove(session: Session, who: Staff, password: str, *, address: str, now: datetime) -> None:
    """Note a right proof. RefusedTogether by field; ProvedWronglyTooOften when the session is over because of it."""
    try:
        staff.check_current(who, password, address=address, now=now)
    except errors.CurrentPasswordWrong as refusal:
        if sessions.count_wrong_proof(session) >= MOST_WRONG:
            _end(session, who, now)
            raise errors.ProvedWronglyTooOften() from None
        raise errors.RefusedTogether({"again_password": [refusal]}) from None
    except errors.Refused as refusal:
        raise errors.RefusedTogether({"again_password": [refusal]}) from None
    sessions.note_authenticated(session, now=now)


def _end(session: Session, who: Staff, now: datetime) -> None:
    sessions.end(session)
    with database.writing():
        audit.record("staff.proof_failed", actor=f"staff:{who.login}", now=now, failures=MOST_WRONG)
