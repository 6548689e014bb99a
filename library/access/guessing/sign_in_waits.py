"""ログインの状況: the waits and the care that are on now, and ending them."""

from dataclasses import dataclass
from datetime import datetime

from library import audit
from library.access.guessing import limits, tries
from library.store import database
from models import Guess, Patron, Staff


@dataclass(frozen=True)
class Standing:
    """One wait or care. ``kind``: its line of the table of limits; ``card`` and ``login``: the one that is tried, if it
    is known.

    ``place``: mark, terminal, signed_in or address; ``address``: set where ``place`` is address; ``tried``: card,
    login, setup or empty.
    """

    row_id: int
    kind: str
    tried: str
    card: str
    login: str
    place: str
    address: str
    failures: int
    until: datetime


def waits(*, now: datetime) -> list[Standing]:
    """Return the waits of sources, and of sources at one card or login; the one that ends last comes first."""
    return _standings(tries.waits(now=now))


def care(*, now: datetime) -> list[Standing]:
    """Return the cards and logins at which strangers need a proof; care with all strangers comes first."""
    return _standings(tries.care(now=now))


def end(row_id: int, *, by: str, now: datetime) -> None:
    """End a wait or a care. One that is over already is left alone."""
    with database.writing():
        row = Guess.get_or_none(Guess.id == row_id, Guess.until > now, Guess.kind.in_(limits.WAITS + limits.CAREFUL))
        if row is None:
            return
        (standing,) = _standings([row])
        tries.end(row)
        patron = Patron.get_or_none(Patron.card_number == standing.card) if standing.card else None
        login = {"login": standing.login} if standing.login else {}
        audit.record("signing_in.wait_ended", actor=by, now=now, patron=patron, kind=row.kind, **login)


def _standings(rows: list[Guess]) -> list[Standing]:
    logins = {tries.login_counter(staff.login): staff.login for staff in Staff.select(Staff.login)}
    return [_standing(row, logins) for row in rows]


def _standing(row: Guess, logins: dict[str, str]) -> Standing:
    tried, _, name = row.who.partition(" ")
    place = row.source.partition(" ")[0]
    is_address = place not in ("mark", "terminal", "signed", "")
    return Standing(
        row_id=row.id,
        kind=row.kind,
        tried=tried,
        card=name if tried == "card" and not name.startswith("#") else "",
        login=logins.get(row.who, ""),
        place="address" if is_address else {"signed": "signed_in"}.get(place, place),
        address=row.source if is_address else "",
        failures=row.failures,
        until=row.until,
    )
