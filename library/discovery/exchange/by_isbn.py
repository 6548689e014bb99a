"""Availability by ISBN for other sites and programs: one word for each branch, never a patron."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from peewee import fn

from library import branches, holdings
from library.calendar import opening
from library.catalog import removed_titles
from library.catalog.query import query
from library.catalog.shown import results
from library.discovery.availability import GONE, WAITING
from library.lending.holds import hold_states
from library.store.queries import Query, among, listed
from models import Branch, Hold, Item, Loan, Title, full_name

MOST_TITLES = 20  # of one number
AHEAD = timedelta(days=7)  # a branch that is closed for all of them is 休館中
KEPT = ("preparing", "in_transit", "ready")  # holds that have a copy
IN_ORDER = "休館中", "貸出可", "館内のみ", "予約中", "貸出中", "準備中", "蔵書あり", "蔵書なし"
CLOSED, IN, HERE, KEPT_FOR_HOLD, OUT, NOT_READY, SOMEWHERE, NONE = IN_ORDER


@dataclass
class AtBranch:
    """The copies of a title at a branch. ``status``: one word; ``holds``: number of patrons waiting for the title."""

    code: str
    name: str
    status: str = NONE
    copies: int = 0
    available: int = 0
    call_number: str = ""
    holds: int = 0


@dataclass
class Found:
    """A title with an ISBN that was asked for, with its branches in the library's order."""

    id: int
    title: str
    volume: str
    libraries: list[AtBranch] = field(default_factory=list)

    @property
    def full_name(self) -> str:
        return full_name(self.title, self.volume)


_COPIES = Query(
    lambda: (
        Title.select(
            Title.id,
            Title.title,
            Title.volume,
            Item.branch,
            Item.call_number,
            Item.state,
            Item.aside | Item.going_to.is_null(False),
            fn.EXISTS(Loan.select(Loan.id).where(Loan.item == Item.id, Loan.returned_on.is_null())).alias("is_out"),
            fn.EXISTS(Hold.select(Hold.id).where(Hold.item == Item.id, Hold.state.in_(KEPT))).alias("is_kept"),
            Hold.select(fn.count(Hold.id))
            .where(Hold.title == Title.id, Hold.state.in_(WAITING), hold_states.not_cancelled())
            .alias("holds"),
        )
        .left_outer_join(Item, on=(Item.title == Title.id) & holdings.is_own())
        .where(Title.id.in_(among("titles")))
        .order_by(Title.id, Item.id)
        .tuples()
    )
)


def find(numbers: Iterable[str], *, today: date) -> dict[str, list[Found]]:
    """Return the titles of each of these ISBNs (13 digits), without those whose last copy was withdrawn."""
    ids = {number: results.find(query.Query(isbn=number), size=MOST_TITLES).ids for number in numbers}
    wanted = {each for found in ids.values() for each in found}
    titles = _titles(wanted - removed_titles.removed_among(wanted), today) if wanted else {}
    return {number: [titles[each] for each in found if each in titles] for number, found in ids.items()}


def _titles(ids: set[int], today: date) -> dict[int, Found]:
    places = branches.in_order()
    shut, place_of = _closed(places, today), {each.id: place for place, each in enumerate(places)}
    found: dict[int, Found] = {}
    for title_id, title, volume, branch, call_number, state, *is_so, holds in _COPIES.rows(titles=listed(ids)):
        if title_id not in found:
            found[title_id] = Found(title_id, title, volume, [AtBranch(each.code, each.name) for each in places])
        if branch in place_of and state not in GONE:
            at = found[title_id].libraries[place_of[branch]]
            _count(at, _word(state, *is_so), is_shut=branch in shut)
            at.call_number, at.holds = at.call_number or call_number, holds
    return found


def _closed(places: list[Branch], today: date) -> set[int]:
    """Return the ids of the branches that are closed today and for a week to come."""
    calendars = opening.calendars(places)
    return {number for number, each in calendars.items() if len(each.closed_between(today, today + AHEAD)) > AHEAD.days}


def _count(at: AtBranch, word: str, *, is_shut: bool) -> None:
    """Add a copy to the counts of a branch."""
    at.copies += 1
    at.available += word == IN
    at.status = CLOSED if is_shut else min(at.status, word, key=IN_ORDER.index)


def _word(state: str, is_away: bool, is_out: bool, is_kept: bool) -> str:
    """Return the status of one copy."""
    if is_kept:
        return KEPT_FOR_HOLD
    if is_out:
        return OUT
    if is_away or state == "repair":
        return NOT_READY
    return {"available": IN, "reference": HERE}.get(state, SOMEWHERE)
