"""予約の一覧: a patron's holds and the expected wait for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from peewee import Expression, fn

from library import clock, policy
from library.language import sentences
from library.lending.holds import hold_queue, hold_states, holds
from library.store.queries import Models, Query, among, blank, listed
from models import Branch, Hold, HoldGroup, Item, Patron, Title

SHOWN_DAYS = 60  # after a hold was cancelled or expired

_OPEN = Query(
    lambda: (
        Hold.select(fn.count(Hold.id))
        .where(Hold.patron == blank("patron"), Hold.state.in_(hold_states.OPEN), hold_states.not_cancelled())
        .tuples()
    )
)


WAITS = (  # from so many days on, days of the unit; within, from–to, after
    (63, 30, ("{n}か月以内", "{least}〜{n}か月後", "{n}か月後")),
    (14, 7, ("{n}週間以内", "{least}〜{n}週間後", "{n}週間後")),
    (0, 1, ("{n}日以内", "{least}〜{n}日後", "{n}日後")),
)


@dataclass(frozen=True)
class Wait:
    """The expected wait, in days."""

    least: int
    most: int

    def words(self) -> sentences.Sentence:
        """Return the wait in one rough unit: 2〜4か月後, 3週間後, 5日以内."""
        length, said = next((length, said) for start, length, said in WAITS if self.most >= start)
        least, most = round(self.least / length), round(self.most / length)
        within, between, after = said
        if not least:
            return sentences.Sentence(within, n=most)
        return sentences.Sentence(between, least=least, n=most) if least < most else sentences.Sentence(after, n=most)


@dataclass(frozen=True)
class Row:
    """One hold as its patron sees it. ``refusals``: act → reasons against it; ``line``: holds in line for the title."""

    hold: Hold
    words: str
    reason: str
    turn: int | None = None
    wait: Wait | None = None
    refusals: dict = field(default_factory=dict)
    line: list = field(default_factory=list)


def _with_titles(*which: Expression) -> Models:
    """Return the query of the holds of some patrons for which a condition holds."""
    return Models(
        Hold,
        {
            "title": (Title.id, Title.title, Title.volume, Title.author, Title.ndc, Title.material_type),
            "pickup_branch": Branch,
            "group": HoldGroup,
            "item": Item,
        },
        lambda rows: (
            rows.join(Title)
            .switch(Hold)
            .join(Branch, on=Hold.pickup_branch)
            .switch(Hold)
            .left_outer_join(HoldGroup, on=Hold.group)
            .switch(Hold)
            .left_outer_join(Item, on=Hold.item)
            .where(Hold.patron.in_(among("patrons")), *which)
            .order_by(Hold.placed_at, Hold.id)
        ),
    )


_IS_OPEN = Hold.state.in_(hold_states.OPEN)


def _ended_lately() -> Expression:
    return Hold.state.in_(("cancelled", "expired")) & (Hold.ended_at >= blank("since")) & ~Hold.sealed


_SHOWN = _with_titles(_IS_OPEN | _ended_lately())
_AT_DESK = _with_titles(_IS_OPEN)
_OF_FAMILY = _with_titles(_IS_OPEN, hold_states.not_cancelled())


_SHOWN_ORDER = {state: number for number, state in enumerate(("ready", "in_transit", "preparing", "waiting"))}
_COPIES = Query(
    lambda: (
        Item.select(Item.title, fn.count(Item.id))
        .where(Item.title.in_(among("titles")), Item.state.in_(("available", "repair")))
        .group_by(Item.title)
        .tuples()
    )
)


def for_patron(patron: Patron, *, today: date, rules: policy.Policy | None = None) -> list[Row]:
    """Return the patron's holds, ready ones first; ended ones of the last 60 days last, without sealed ones."""
    since = Hold.ended_at.db_value(clock.at(today - timedelta(days=SHOWN_DAYS)))
    found = _SHOWN.rows(patrons=listed([patron.id]), since=since)
    return _rows(found, [patron], today, rules or policy.read())


def at_desk(patron: Patron) -> list[Row]:
    """Return the patron's open holds as the desk sees them, ready ones first: cancelled ones that can be restored, too,
    without an expected wait.
    """
    found = _AT_DESK.rows(patrons=listed([patron.id]))
    queues = hold_queue.open_by_title({hold.title_id for hold in found})
    turns = [turn_of(hold, queues[hold.title_id]) if hold.state == "waiting" else None for hold in found]
    rows = [Row(hold, hold_states.words(hold, turn), "", turn) for hold, turn in zip(found, turns, strict=True)]
    return _in_order(rows)


def for_family(patrons: Sequence[Patron], *, today: date, rules: policy.Policy) -> list[Row]:
    """Return the open holds of several patrons, ready ones first, without cancelled ones."""
    found = _OF_FAMILY.rows(patrons=listed(patron.id for patron in patrons))
    return _rows(found, patrons, today, rules)


def _rows(found: list[Hold], patrons: Sequence[Patron], today: date, rules: policy.Policy) -> list[Row]:
    titles = {hold.title_id for hold in found if hold.state in hold_states.OPEN}
    queues, lines, copies = (
        hold_queue.open_by_title(titles),
        hold_queue.in_lines(titles, today=today),
        copies_to_come(titles),
    )
    rows, by_id = [], {patron.id: patron for patron in patrons}
    for hold in found:
        hold.patron, title = by_id[hold.patron_id], hold.title_id
        rows.append(_row(hold, queues.get(title, []), lines.get(title, []), copies.get(title, 0), rules))
    return _in_order(rows)


def _in_order(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: _SHOWN_ORDER.get(row.hold.state, len(_SHOWN_ORDER)))


def _row(hold: Hold, queue: list[Hold], line: list[Hold], copies: int, rules: policy.Policy) -> Row:
    turn = turn_of(hold, queue) if hold.state in hold_states.IN_LINE and hold.cancel_at is None else None
    wait = estimate(hold, turn, copies, rules) if turn and hold.state == "waiting" else None
    refusals = {
        "cancel": holds.cancel_refusals(hold),
        "suspend": holds.waiting_refusals(hold),
        "yield": holds.yield_refusals(hold, queue),
        "change": holds.pickup_refusals(hold),
    }
    words = hold_states.words(hold, turn, to_patron=True)
    return Row(hold, words, hold_states.REASONS[hold.reason], turn, wait, refusals, line)


def count_open(patron: Patron) -> int:
    """Return the number of the patron's open holds, without cancelled ones."""
    return _OPEN.first(patron=patron.id)[0]


def turn_of(hold: Hold, queue: list[Hold] | None = None) -> int:
    """Return the place in line (n番目) among holds without a copy; a hold that left the line meanwhile counts as last.

    ``queue``: the open holds of the title, if already read.
    """
    line = queue or hold_queue.open_holds(hold.title_id)
    in_line = [other for other in line if other.state in hold_states.IN_LINE and other.cancel_at is None]
    return in_line.index(hold) + 1 if hold in in_line else len(in_line) + 1


def words(hold: Hold, queue: list[Hold] | None = None, *, to_patron: bool = False) -> str:
    """Return the state of a hold in words, with its place in line while it waits. ``queue``: if already read."""
    turn = turn_of(hold, queue) if hold.state in hold_states.IN_LINE else None
    return hold_states.words(hold, turn, to_patron=to_patron)


def copies_to_come(title_ids: Iterable[int]) -> dict[int, int]:
    """Return title id → number of copies that can serve holds, now or later: in, on loan or under repair."""
    return dict(_COPIES.rows(titles=listed(title_ids)))


def estimate(hold: Hold, turn: int, copies: int, rules: policy.Policy) -> Wait | None:
    """Return the expected wait at this place in line with so many copies; None when no copy will come."""
    if not copies:
        return None
    days = rules.lending(hold.patron.category, hold.title.material_type)
    rounds = -(-turn // copies)
    return Wait((rounds - 1) * days["loan_days"], rounds * (days["loan_days"] + days["shelf_days"]))


_WAITING = Query(
    lambda: (
        Hold.select(Hold.title)
        .where(Hold.title.in_(among("titles")), Hold.state.in_(hold_states.IN_LINE), hold_states.not_cancelled())
        .tuples()
    )
)


def waiting_by_title(title_ids: Iterable[int]) -> dict[int, int]:
    """Return title id → number of holds in line; no entry for 0."""
    return Counter(title for (title,) in _WAITING.rows(titles=listed(title_ids)))
