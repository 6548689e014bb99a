"""予約: placing a hold and changing it, by the patron or by the desk for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import cached_property
from typing import Any

from peewee import ModelSelect, fn

from library import audit, clock, errors, holdings, metrics, policy
from library.facts import use_facts
from library.lending import loans
from library.lending.holds import hold_mails, hold_queue, hold_states
from library.patrons import patrons
from library.store import database
from library.store.queries import Models, blank
from models import Branch, Hold, HoldGroup, Item, Patron, PatronRequest, Title

NOT_FOR_HOLDS = ("withdrawn", "lost", "reference")  # states of copies that no hold can get
MOST_REQUESTS = 5  # open リクエスト of a patron, which count among the holds


# -- placing ---------------------------------------------------------------------------------------------------------
class Standing:
    """The holds and rights of a patron, read once to judge many titles: for lists with a button in each row."""

    def __init__(self, patron: Patron, *, today: date, rules: policy.Policy | None = None):
        self.patron, self.rules, self.today = patron, rules or policy.read(), today
        self.loans = loans.open_loans(patron)
        rows: list[Any] = _HELD.rows(patron=patron.id)
        self.holds: list[Hold] = rows
        self._places = {hold.id: hold.before + 1 for hold in rows if hold.state in hold_states.IN_LINE}
        self.own_refusals = patrons.card_refusals(patron, today=today) + loans.overdue_refusals(
            self.loans, today=today, rules=self.rules
        )
        self._borrowed = {loan.item.title.id for loan in self.loans}
        self._reserved = {hold.title_id for hold in self.holds}

    def refusals(self, title: Title, copies: list[Item] | None = None) -> list[errors.Refused]:
        """Return every reason why a title can't be reserved. ``copies``: those of the title, if already read."""
        copies = list(Item.select().where(Item.title == title.id, holdings.is_own())) if copies is None else copies
        reasons = list(self.own_refusals) + title_refusals(
            title, copies, self.patron.category, self.rules, today=self.today
        )
        if title.id in self._reserved:
            reasons.append(errors.AlreadyHeld())
        if title.id in self._borrowed:
            reasons.append(errors.AlreadyBorrowed())
        return reasons + self.limit_refusals(title)

    def words_of(self, hold: Hold) -> str:
        """Return the state of one of the patron's holds in words, with its place in line while it waits."""
        return hold_states.words(hold, self._places.get(hold.id), to_patron=True)

    @property
    def limit(self) -> int:
        return self.rules.lending(self.patron.category)["hold_limit"]

    @property
    def places(self) -> int:
        """The number of holds that the patron may still place now."""
        return 0 if self.own_refusals else max(0, self.limit - self.used)

    @cached_property
    def used(self) -> int:
        """The number of holds, with the open requests, of which each becomes a hold."""
        rows: list[Any] = self.holds
        asked = rows[0].asked if rows else _count_requests(self.patron.id).scalar()
        return len(rows) + asked

    def limit_refusals(self, title: Title) -> list[errors.Refused]:
        """Return the limits that one more hold would break: of all holds, or of this 資料区分."""
        is_near = len(self.holds) + MOST_REQUESTS >= self.limit  # else requests need not be counted
        reasons: list[errors.Refused] = []
        if is_near and self.used >= self.limit:
            reasons.append(errors.HoldLimitReached(n=self.limit))
        kind = title.material_type
        limit = self.rules.type_limit("hold_limit", self.patron.category, kind)
        if limit is not None and sum(hold.title.material_type == kind for hold in self.holds) >= limit:
            reasons.append(errors.HoldKindLimitReached(kind_word=kind, n=limit))
        return reasons


def _count_before() -> ModelSelect[Hold]:
    """Return the subquery that counts the holds before a hold in its line."""
    other = Hold.alias()
    earlier = (other.placed_at < Hold.placed_at) | ((other.placed_at == Hold.placed_at) & (other.id < Hold.id))
    before = (other.rank < Hold.rank) | ((other.rank == Hold.rank) & earlier)
    return other.select(fn.count(other.id)).where(
        other.title == Hold.title, other.state.in_(hold_states.IN_LINE), other.cancel_at.is_null(), before
    )


def _count_requests(patron: Any) -> ModelSelect[PatronRequest]:
    """Return the query of the number of a patron's open requests."""
    mine = (PatronRequest.patron == patron) & PatronRequest.ended_at.is_null()
    return PatronRequest.select(fn.COUNT(PatronRequest.id)).where(mine)


_HELD = Models(
    Hold,
    {"title": (Title.id, Title.title, Title.volume, Title.material_type)},
    lambda rows: rows.join(Title).where(
        Hold.patron == blank("patron"), Hold.state.in_(hold_states.OPEN), hold_states.not_cancelled()
    ),
    before=_count_before(),
    asked=_count_requests(blank("patron")),
)


def title_refusals(
    title: Title, copies: Iterable[Any], category: str, rules: policy.Policy, *, today: date
) -> list[errors.Refused]:
    """Return the reasons against a hold on a title by any patron of a category ("": none)."""
    kinds = frozenset(item.material_type or title.material_type for item in copies if item.state not in NOT_FOR_HOLDS)
    if not kinds:
        return [errors.TitleHasNoCopy()]
    if not _are_holdable(category, kinds, rules):
        return [errors.KindNotHeld(kind_word=title.material_type)]
    if not rules.get("holds_on_shelf") and hold_queue.free_copies(title.id, today=today):
        return [errors.TitleIsIn()]
    return []


def _are_holdable(category: str, kinds: Iterable[str], rules: policy.Policy) -> bool:
    """Tell whether copies of one of these types can be reserved."""
    found = [rules.lending(category, kind) for kind in kinds]
    return any(rule["holdable"] and rule["lendable"] for rule in found)


def place_refusals(
    patron: Patron, title: Title, *, today: date, rules: policy.Policy | None = None
) -> list[errors.Refused]:
    """Return every reason why the patron can't reserve this title now. ``rules``: if already read."""
    return Standing(patron, today=today, rules=rules).refusals(title)


def choice_refusals(patron: Patron, pickup_branch: Branch | None, contact_method: str) -> list[errors.Refused]:
    """Return the refusals of 受取館 and 連絡方法 for a new hold."""
    reasons: list[errors.Refused] = (
        [] if pickup_branch is not None and pickup_branch.pickup else [errors.BranchHandsOutNoHolds()]
    )
    if contact_method == "mail" and not patrons.deliverable(patron, "hold"):
        reasons.append(errors.MailGoesNowhere())
    return reasons


def place(
    patron: Patron,
    title: Title,
    *,
    pickup_branch: Branch | None,
    contact_method: str = "none",
    now: datetime,
    by: str = "patron",
    group: HoldGroup | None = None,
    position: int = 0,
    suspended_until: date | None = None,
    rules: policy.Policy | None = None,
) -> Hold:
    """予約: put a patron at the end of the line for a title, or back at the old place if they cancelled it minutes ago.

    ``by``: patron, or the desk for them. ``group``, ``position``: its 順番どおり or いずれか一つ. ``suspended_until``: last day of
    a 一時停止 that begins now. ``rules``: if already read. Raises: Refusals with all reasons.
    """
    today = clock.day_of(now)
    with database.writing():
        patron = Patron.get_by_id(patron.id)
        reasons = place_refusals(patron, title, today=today, rules=rules)
        reasons += choice_refusals(patron, pickup_branch, contact_method)
        reasons += suspension_refusals(suspended_until, today=today)
        if reasons:
            raise errors.Refusals(reasons)
        queue = hold_queue.open_on_title(title.id, today=today)
        own = next((each for each in queue if each.patron_id == patron.id), None)  # one that was cancelled just now
        if own and own.cancel_at <= now:
            hold_queue.end_cancelled(Hold.id == own.id, now=now)
            queue, own = hold_queue.open_on_title(title.id, today=today), None
        chosen: dict[str, Any] = {"pickup_branch": pickup_branch, "contact_method": contact_method, "group": group}
        chosen |= {"position": position, "suspended_until": suspended_until}
        if own is None:
            last = max((each.rank for each in queue), default=0)
            own = Hold.create(patron=patron, title=title, placed_at=now, rank=last, **chosen)
            use_facts.of_hold(own, by=by, now=now)
        else:
            _take_again(own, chosen, now=now)
        if by != "patron":
            audit.record("hold.placed", actor=by, now=now, patron=patron)
        hold_queue.advance(title.id, now=now)
    metrics.circulation.labels("hold").inc()
    return Hold.get_by_id(own.id)


def _take_again(hold: Hold, chosen: dict[str, Any], *, now: datetime) -> None:
    """Restore a cancelled hold with new choices: it keeps its place and its copy, and the copy's branch."""
    before = Hold.get_by_id(hold.id)
    if hold.state in hold_states.SET_ASIDE:
        chosen = {"contact_method": chosen["contact_method"]}
    _set(hold, cancel_at=None, **chosen)
    if hold.state == "ready":
        hold_mails.tell("ready", hold, hold.on_shelf_on or clock.day_of(now), now=now)
    hold_queue.serve_next(before, None, now=now)  # others of its former group may be next now


# -- changing --------------------------------------------------------------------------------------------------------
def ended_refusals(hold: Hold) -> list[errors.Refused]:
    return [] if hold.state in hold_states.OPEN else [errors.HoldOver()]


def cancel_refusals(hold: Hold) -> list[errors.Refused]:
    return ended_refusals(hold) or ([errors.HoldGivenUp()] if hold.cancel_at else [])


def cancel(hold: Hold, *, by: str, now: datetime) -> Hold:
    """取消: end a hold at once; the library's cancelling is mailed, unless its patron did so before. Raises: Refusals."""
    with database.writing():
        hold = fresh(hold, ended_refusals)
        hold_queue.end(hold, "cancelled", "patron" if by == "patron" or hold.cancel_at else "library", now=now)
        if by != "patron":
            audit.record("hold.cancelled", actor=by, now=now, patron=hold.patron)
    return hold


def waiting_refusals(hold: Hold) -> list[errors.Refused]:
    """Return the reasons against 一時停止 and 順番をひとつ譲る: the hold is over, or has a copy."""
    return cancel_refusals(hold) or ([errors.HoldHasCopy()] if hold.state in hold_states.SET_ASIDE else [])


def suspension_refusals(until: date | None, *, today: date) -> list[errors.Refused]:
    """Return the refusals of the last day of a 一時停止; None means no 一時停止 and gives none."""
    return [errors.SuspensionInThePast()] if until is not None and until <= today else []


def suspend(hold: Hold, until: date, *, now: datetime) -> Hold:
    """予約の一時停止 until the end of a day: others go first, the place in line stays. Raises: Refusals."""
    with database.writing():
        hold = fresh(hold, waiting_refusals)
        if reasons := suspension_refusals(until, today=clock.day_of(now)):
            raise errors.Refusals(reasons)
        _set(hold, suspended_until=until)
        hold_queue.advance(hold.title_id, now=now)
    return Hold.get_by_id(hold.id)


def resume(hold: Hold, *, now: datetime) -> Hold:
    """End a 一時停止 early. Raises: Refusals."""
    with database.writing():
        hold = fresh(hold, cancel_refusals)
        _set(hold, suspended_until=None)
        hold_queue.advance(hold.title_id, now=now)
    return Hold.get_by_id(hold.id)


def yield_refusals(hold: Hold, queue: list[Hold] | None = None) -> list[errors.Refused]:
    """Return the reasons against letting the next go first. ``queue``: the title's open holds, if already read."""
    return waiting_refusals(hold) or (
        [] if _behind(hold, queue or hold_queue.open_holds(hold.title_id)) else [errors.NobodyBehind()]
    )


def yield_turn(hold: Hold, *, now: datetime) -> Hold:
    """順番をひとつ譲る: swap places with the next in line. Raises: Refusals."""
    with database.writing():
        hold = fresh(hold, yield_refusals)
        queue = hold_queue.open_holds(hold.title_id)
        here, there = queue.index(hold), queue.index(_behind(hold, queue)[0])
        queue[here], queue[there] = queue[there], queue[here]
        for rank, each in enumerate(queue, start=1):
            _set(each, rank=rank)
        hold_queue.advance(hold.title_id, now=now)
    return Hold.get_by_id(hold.id)


def _behind(hold: Hold, queue: list[Hold]) -> list[Hold]:
    after = queue[queue.index(hold) + 1 :] if hold in queue else []
    return [other for other in after if other.state in hold_states.IN_LINE and other.cancel_at is None]


def pickup_refusals(hold: Hold) -> list[errors.Refused]:
    return cancel_refusals(hold) or ([errors.HoldOnShelf()] if hold.state == "ready" else [])


def change_pickup(hold: Hold, branch: Branch, *, now: datetime) -> Hold:
    """受取館の変更, until the copy is on the shelf; a copy on its way goes on to the new branch. Raises: Refusals."""
    with database.writing():
        hold = fresh(hold, pickup_refusals)
        if not branch.pickup:
            raise errors.Refusals([errors.BranchHandsOutNoHolds()])
        _set(hold, pickup_branch=branch)
        if hold.state == "in_transit":
            Item.update(going_to=branch).where(Item.id == hold.item_id).execute()
        hold_queue.advance(hold.title_id, now=now)
    return Hold.get_by_id(hold.id)


def fresh(hold: Hold, refusals: Callable[[Hold], list[errors.Refused]]) -> Hold:
    """Return the hold as it is in this transaction. Raises: Refusals with the reasons that ``refusals`` finds."""
    hold = Hold.get_by_id(hold.id)
    if reasons := refusals(hold):
        raise errors.Refusals(reasons)
    return hold


def _set(hold: Hold, **columns: Any) -> None:
    Hold.update(columns).where(Hold.id == hold.id).execute()
    for name, value in columns.items():
        setattr(hold, name, value)


# -- what happens around them ----------------------------------------------------------------------------------------
def card_changed(patron: Patron, *, now: datetime) -> None:
    """Update a patron's holds after a change of the card: one that can't borrow loses kept copies, not its places."""
    patron = Patron.get_by_id(patron.id)
    blocked = not patrons.may_borrow(patron, today=clock.day_of(now))
    for hold in list(Hold.select().where(Hold.patron == patron, Hold.state.in_(hold_states.OPEN))):
        if blocked and hold.state in hold_states.SET_ASIDE:
            hold_queue.take_away(hold, now=now)
        else:
            hold_queue.advance(hold.title_id, now=now)
