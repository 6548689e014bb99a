"""リクエストする: a patron asks for a work, or the desk for them; and cancels it while nothing is decided."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import NamedTuple

from peewee import JOIN, ModelSelect

from library import audit, clock, errors, policy
from library.catalog import isbn
from library.facts import use_facts
from library.lending.holds import hold_states, holds
from library.requests import same_work, states
from library.requests.same_work import Wish
from library.store import database
from models import Branch, Hold, Patron, PatronRequest, Wanted

MOST = holds.MOST_REQUESTS
LONGEST, LONGEST_NOTE = 300, 500  # letters
TOLD = ("title_text", "author", "publisher", "year_text", "isbn", "volume")  # of a work


def open_of(patron: Patron) -> ModelSelect[PatronRequest]:
    return PatronRequest.select().where(PatronRequest.patron == patron.id, PatronRequest.ended_at.is_null())


class Standing(NamedTuple):
    """The reasons against any request of a patron, the number of open ones, and of those that may still be made."""

    reasons: list[errors.Refused]
    asked: int
    places: int


def standing_of(patron: Patron, *, today: date, rules: policy.Policy | None = None) -> Standing:
    """Return the standing of a patron: as for holds, among which requests count. ``rules``: if already read."""
    rules = rules or policy.read()
    of_holds = holds.Standing(patron, today=today, rules=rules)
    asked = of_holds.used - len(of_holds.holds)
    reasons: list[errors.Refused] = [] if rules.get("requests_taken") else [errors.RequestsPaused()]
    reasons += of_holds.own_refusals
    if asked >= MOST:
        reasons.append(errors.RequestLimitReached(n=MOST))
    if of_holds.used >= of_holds.limit:
        reasons.append(errors.HoldLimitReached(n=of_holds.limit))
    return Standing(reasons, asked, 0 if reasons else min(MOST - asked, of_holds.places))


def judge(wish: Wish) -> dict[str, list[errors.Refused]]:
    """Return the refusals of what is told of a work, by field."""
    problems: dict[str, list[errors.Refused]] = {} if wish.title_text.strip() else {"title_text": [errors.FieldEmpty()]}
    if wish.isbn.strip() and not isbn.normalise(wish.isbn):
        second = isbn.is_second_barcode(wish.isbn)
        problems["isbn"] = [errors.IsbnIsSecondBarcode() if second else errors.IsbnMalformed()]
    return problems


def own_request(patron: Patron, wish: Wish) -> PatronRequest | None:
    """Return the patron's request for the same work that is open, or whose hold is; None if there is none."""
    rows = PatronRequest.select().join(Wanted).join_from(PatronRequest, Hold, JOIN.LEFT_OUTER)
    is_open = PatronRequest.ended_at.is_null() | Hold.state.in_(hold_states.OPEN)
    return rows.where(PatronRequest.patron == patron.id, same_work.is_same(wish), is_open).first()


def refusals(
    patron: Patron, wish: Wish, pickup_branch: Branch | None, contact_method: str, *, today: date
) -> list[errors.Refused]:
    """Return every reason against this request: of the card, its limits, the work, and how it is handed over."""
    reasons = standing_of(patron, today=today).reasons
    if same_work.owned_title(wish):
        reasons.append(errors.WorkIsHeld())
    elif own_request(patron, wish):
        reasons.append(errors.AlreadyAsked())
    return reasons + holds.choice_refusals(patron, pickup_branch, contact_method)


def ask(
    patron: Patron,
    wish: Wish,
    *,
    pickup_branch: Branch | None,
    contact_method: str,
    may_borrow: bool,
    note: str = "",
    by: str = "patron",
    now: datetime,
) -> PatronRequest:
    """受付: ask for a work, and join those who ask for the same. Raises: RefusedTogether by field, Refusals."""
    with database.writing():
        patron = Patron.get_by_id(patron.id)
        if problems := judge(wish):
            raise errors.RefusedTogether(problems)
        if reasons := refusals(patron, wish, pickup_branch, contact_method, today=clock.day_of(now)):
            raise errors.Refusals(reasons)
        wanted = _join(wish, now=now)
        made = PatronRequest.create(
            wanted=wanted, patron=patron, may_borrow=may_borrow, note=note, pickup_branch=pickup_branch,
            contact_method=contact_method, asked_at=now,
        )  # fmt: skip
        use_facts.of_request(made, by=by, now=now)
        if by != "patron":
            audit.record("request.taken", actor=by, now=now, patron=patron)
    return made


def _join(wish: Wish, *, now: datetime) -> Wanted:
    """Return the open work of a wish, made now unless others have asked for it; the first ISBN told becomes its."""
    number, wanted = isbn.normalise(wish.isbn), same_work.wanted(wish)
    if wanted is None:
        told = asdict(wish) | {"isbn": number}
        return Wanted.create(key=same_work.key(wish), made_at=now, **told)
    if number and not wanted.isbn:
        Wanted.update(isbn=number).where(Wanted.id == wanted.id).execute()
    return wanted


def cancel_refusals(request: PatronRequest) -> list[errors.Refused]:
    if request.ended_at is not None:
        return [errors.RequestOver()]
    return [] if request.wanted.state in states.UNDECIDED else [errors.RequestDecided()]


def cancel(request: PatronRequest, *, now: datetime) -> None:
    """取消 by the patron, while nothing is decided; what nobody asks for any more ends. Raises: Refusals."""
    with database.writing():
        request = PatronRequest.get_by_id(request.id)
        if reasons := cancel_refusals(request):
            raise errors.Refusals(reasons)
        _end([request], now=now)


def close_card(patron: Patron, *, now: datetime) -> None:
    """Cancel all open requests of a card that is closed, in the caller's transaction; what is decided goes on."""
    _end(list(open_of(patron)), now=now)


def _end(rows: list[PatronRequest], *, now: datetime) -> None:
    PatronRequest.update(cancelled=True, ended_at=now).where(PatronRequest.id.in_([row.id for row in rows])).execute()
    for row in rows:
        others = PatronRequest.select().where(PatronRequest.wanted == row.wanted_id, PatronRequest.ended_at.is_null())
        if row.wanted.state in states.UNDECIDED and not others.exists():
            states.move(row.wanted, "cancelled", ended_at=now)


# -- kept how long -----------------------------------------------------------------------------------------------------
def over(moment: datetime) -> ModelSelect[PatronRequest]:
    """Select requests that ended before a moment without a hold; the others are erased with their holds."""
    return PatronRequest.select().where(PatronRequest.ended_at < moment, PatronRequest.hold.is_null())
