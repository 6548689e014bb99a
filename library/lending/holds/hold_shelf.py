"""取り置き: copies that wait for their patrons, and their deadlines.

The clock starts the day after the patron was told: when the mail was sent, when the desk ticked 連絡済, or at once where
no contact is wanted. Where no mail arrives, the hold is on the 要連絡 list, and after three open days the clock starts
anyway. It counts open days of the pickup branch.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from peewee import SQL, Expression, ModelSelect, fn

from library import audit, clock, errors
from library.calendar import opening
from library.lending.holds import hold_mails, hold_queue, hold_states, shelf_clock
from library.mail import push
from library.store import database
from library.store.queries import Models, blank, tuples
from models import Branch, Hold, HoldNotice, Item, Loan, Patron, PushSubscription, Title

OPEN_DAYS_UNTOLD = 3
REMINDED_DAYS_BEFORE = 2


def start_clocks(*, now: datetime) -> dict[str, int]:
    """Start the clocks of ready holds whose patrons were told. Return {"started": number, "never_open": number}."""
    counts = {"started": 0, "never_open": 0}
    untold = (Hold.state == "ready") & Hold.pickup_by.is_null() & hold_states.not_cancelled()
    waiting = Hold.select(Hold.id).where(untold, Hold.contact_method != "phone")
    for (hold_id,) in tuples(waiting):
        with database.writing():
            hold = Hold.get_or_none((Hold.id == hold_id) & untold)
            if hold and (told_on := _told_on(hold, clock.day_of(now))):
                counts["started" if shelf_clock.start(hold, told_on) else "never_open"] += 1
    return counts


def _told_on(hold: Hold, today: date) -> date | None:
    if hold.contact_method == "none":
        return hold.on_shelf_on
    if hold.contact_method == "phone":
        return None
    fate, day = hold_mails.fate(hold)
    if fate != "failed" or hold.on_shelf_on is None:
        return day
    try:
        by_itself = opening.calendar_of(hold.pickup_branch).after_open_days(hold.on_shelf_on, OPEN_DAYS_UNTOLD)
    except errors.NeverOpen:
        return None
    return by_itself if by_itself <= today else None


def contacted(hold: Hold, *, by: str, now: datetime) -> Hold:
    """連絡済: note that the patron was reached; the clock starts, unless it runs. Raises: HoldNotReady, NeverOpen."""
    with database.writing():
        hold = Hold.get_by_id(hold.id)
        if hold.state != "ready" or hold.cancel_at:
            raise errors.HoldNotReady()
        if hold.pickup_by is None:
            if not shelf_clock.start(hold, clock.day_of(now)):
                raise errors.NeverOpen(branch=hold.pickup_branch.name)
            audit.record("hold.contacted", actor=by, now=now, patron=hold.patron)
    return hold


# -- longer, and over ------------------------------------------------------------------------------------------------
def extend_refusals(hold: Hold, *, today: date, line: list[Hold] | None = None) -> list[errors.Refused]:
    """Return the reasons against extending a deadline. ``line``: the holds in line for the title, if already read."""
    if hold.state != "ready" or hold.pickup_by is None or hold.cancel_at:
        return [errors.HoldNotReady()]
    reasons: list[errors.Refused] = [errors.ExtendedAlready()] if hold.extended else []
    if hold_queue.in_line(hold.title_id, today=today) if line is None else line:
        reasons.append(errors.NextIsWaiting())
    return reasons


def extend(hold: Hold, *, now: datetime) -> Hold:
    """取り置きの延長: once, add the same number of open days after the present deadline. Raises: Refusals."""
    with database.writing():
        hold = Hold.get_by_id(hold.id)
        reasons = extend_refusals(hold, today=clock.day_of(now))
        if reasons or hold.pickup_by is None:
            raise errors.Refusals(reasons)
        hold.pickup_by, hold.extended = shelf_clock.deadline(hold, hold.pickup_by), True
        Hold.update(pickup_by=hold.pickup_by, extended=True).where(Hold.id == hold.id).execute()
    return hold


def expire(*, now: datetime) -> dict[str, int]:
    """期限切れ: end ready holds with a deadline before today; copies go to the next in line. Return {"expired": number}."""
    today, total = clock.day_of(now), 0
    late = (Hold.state == "ready") & (Hold.pickup_by < today) & hold_states.not_cancelled()
    for (hold_id,) in tuples(Hold.select(Hold.id).where(late).order_by(Hold.id)):
        with database.writing():
            if hold := Hold.get_or_none((Hold.id == hold_id) & late):
                hold_queue.end(hold, "expired", "deadline", now=now)
                total += 1
    return {"expired": total}


def remind(*, now: datetime) -> dict[str, int]:
    """受取期限: tell patrons once that a deadline is near, also after a missed day. Return {"mails": number}."""
    today, total = clock.day_of(now), 0
    near = Hold.pickup_by.between(today, today + timedelta(days=REMINDED_DAYS_BEFORE))
    reminded = HoldNotice.select(SQL("1")).where(
        HoldNotice.hold == Hold.id, HoldNotice.kind == "deadline", HoldNotice.day == Hold.pickup_by
    )
    devices = PushSubscription.select(PushSubscription.patron).where(push.subscribed_to(hold_mails.KINDS["deadline"]))
    wanted = (Hold.contact_method == "mail") | Hold.patron.in_(devices)
    told = (Hold.state == "ready") & wanted & hold_states.not_cancelled()
    rows = Hold.select().where(told, near, ~fn.EXISTS(reminded))
    for hold in list(rows):
        if last := hold.pickup_by:
            with database.writing():
                total += hold_mails.tell("deadline", hold, last, now=now)
    return {"mails": total}


def advance_all(*, now: datetime) -> dict[str, int]:
    """Bring all pull lists up to date, each night; return {"titles": number}.

    This catches changes without an act: the end of a 一時停止, expired or renewed cards, copies withdrawn or lent by an
    import.
    """
    lent = Loan.select(SQL("1")).where(Loan.item == Item.id, Loan.returned_on.is_null())
    rows = Hold.select(Hold.id).join(Item, on=Hold.item)
    gone = rows.where(Hold.state.in_(hold_states.SET_ASIDE), (Item.state != "available") | fn.EXISTS(lent))
    for (hold_id,) in tuples(gone):
        with database.writing():
            hold = Hold.get_by_id(hold_id)
            if hold.state in hold_states.SET_ASIDE:
                hold_queue.take_away(hold, now=now)
    titles = hold_queue.titles_to_advance(today=clock.day_of(now))
    for title_id in titles:
        with database.writing():
            hold_queue.advance(title_id, now=now)
    return {"titles": len(titles)}


# -- the desk's lists ------------------------------------------------------------------------------------------------
def _with_all() -> ModelSelect[Hold]:
    rows = Hold.select(Hold, Patron, Title, Branch, Item).join(Patron).switch(Hold).join(Title).switch(Hold)
    return rows.join(Branch, on=Hold.pickup_branch).switch(Hold).join(Item, on=Hold.item)


def _is_at(branch: Branch) -> Expression:
    return fn.COALESCE(Item.at_branch, Item.branch) == branch.id


def pull_list(branch: Branch) -> list[Hold]:
    """棚から集める: return the holds whose copies are to be fetched in a branch, in shelf order."""
    rows = _with_all().where(Hold.state == "preparing", _is_at(branch))
    return list(rows.order_by(Item.shelf, Title.shelf_key, Item.call_number, Item.id))


def on_shelf(branch: Branch) -> list[Hold]:
    """取り置き中: return the ready holds of a pickup branch, first deadline first."""
    rows = _with_all().where(Hold.state == "ready", Hold.pickup_branch == branch)
    return list(rows.order_by(Hold.pickup_by, Hold.id))


def open_of(patron: Patron) -> list[Hold]:
    """Return the patron's open holds at all branches without cancelled ones, first deadline first, with title, branch
    and copy.
    """
    return _OPEN_OF.rows(patron=patron.id)


_OPEN_OF = Models(
    Hold,
    {
        "title": (Title.id, Title.title, Title.volume),
        "pickup_branch": (Branch.id, Branch.name),
        "item": (Item.id, Item.aside_at),
    },
    lambda rows: (
        rows.join(Title)
        .switch(Hold)
        .join(Branch, on=Hold.pickup_branch)
        .switch(Hold)
        .left_outer_join(Item, on=Hold.item)
        .where(Hold.patron == blank("patron"), Hold.state.in_(hold_states.OPEN), hold_states.not_cancelled())
        .order_by(Hold.pickup_by, Hold.id)
    ),
)


def to_contact(branch: Branch) -> list[Hold]:
    """要連絡: return the ready holds whose patrons the desk must call: they want it so, or no mail reaches them."""
    rows = _with_all().where(
        Hold.state == "ready",
        Hold.pickup_branch == branch,
        Hold.told_on.is_null(),
        Hold.contact_method != "none",
        hold_states.not_cancelled(),
    )
    found = list(rows.order_by(Hold.on_shelf_on, Hold.id))
    fates = hold_mails.fates(hold for hold in found if hold.contact_method == "mail")
    return [hold for hold in found if hold.contact_method == "phone" or fates[hold.id][0] == "failed"]


def to_reshelve(branch: Branch) -> list[Item]:
    """棚戻し: return the copies behind the desk that are kept for no hold."""
    holders = Hold.select(SQL("1")).where(Hold.item == Item.id, Hold.state == "ready")
    rows = Item.select(Item, Title).join(Title).where(Item.aside, _is_at(branch), ~fn.EXISTS(holders))
    return list(rows.order_by(Item.id))


def to_send(branch: Branch) -> list[Item]:
    """搬送: return the copies that go from a branch to another."""
    rows = Item.select(Item, Title).join(Title).where(Item.going_to.is_null(False), _is_at(branch))
    return list(rows.order_by(Item.going_to, Item.id))
