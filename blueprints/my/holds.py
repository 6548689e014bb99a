"""予約した資料: each hold in its state, with the acts of its patron."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, abort, request
from flask_login import current_user

from library import branches, clock, dates, errors, policy
from library.lending import due_calendar
from library.lending.holds import cancelling, hold_list, hold_shelf, holds
from library.patrons import profile
from models import Hold
from web import access, flash, forms, htmx, terminals
from web.parts import seal_facts, stored_policy
from web.parts.rows import calendar_rows, hold_rows

bp = Blueprint("holds", __name__)
SUSPENDED_FOR = timedelta(days=30)  # what is offered; the patron chooses


# -- the list --------------------------------------------------------------------------------------------------------
@bp.get("")
@access.patron_required
def index() -> access.Reply:
    return _page(messages=_messages(flash.take("holds.index")))


def _page(messages: dict | None = None, problem: tuple[Hold, str] | None = None, status: int = 200) -> access.Reply:
    """Return the page. ``problem``: a hold with the sentence that refuses the day or branch chosen for it."""
    patron, today, now = current_user.patron, clock.today(), clock.now()
    found = hold_list.for_patron(patron, today=today, rules=stored_policy.read())
    standing, every = holds.Standing(patron, today=today, rules=stored_policy.read()), stored_policy.branches_in_order()
    names = {branch.id: branch.name for branch in every}
    over = [row for row in found if cancelling.is_over(row.hold, now=now)]
    going_on = [row for row in found if row not in over and row.hold.cancel_at is None]
    return htmx.page(
        "holds/index.html",
        status,
        rows=[hold_rows.open_row(row, names, today=today) for row in going_on],
        places=standing.places,
        given_up=hold_rows.given_up_rows([row for row in found if row not in over + going_on], standing, now=now),
        over=[hold_rows.over_row(row) for row in over],
        at_terminal=terminals.is_one(),
        branches=[(branch.id, branch.name) for branch in profile.pickup_branches(None, every)],
        first_day=today + timedelta(days=1),
        offered_day=today + SUSPENDED_FOR,
        kept_days=hold_list.SHOWN_DAYS,
        messages=messages,
        problem=problem,
        summary=[{"sentence": problem[1], "anchor": f"until-{problem[0].id}"}] if problem else [],
        page_has_errors=bool(problem),
        **seal_facts.read(),
    )


def _messages(answer: dict) -> dict:
    if not answer:
        return {}
    hold = Hold.get_or_none(Hold.id == answer.get("hold"), Hold.patron == current_user.patron, ~Hold.sealed)
    if hold is None:
        return {}
    day = {"suspended": hold.suspended_until, "extended": hold.pickup_by}.get(answer["done"])
    if answer["done"] == "cancelled" and (hold.cancel_at is None or cancelling.is_over(hold, now=clock.now())):
        return {}
    until = dates.time_of_day(hold.cancel_at) if hold.cancel_at else ""
    return answer | {"name": hold.title.full_name, "branch": hold.pickup_branch.name, "day": day, "until": until}


# -- changing --------------------------------------------------------------------------------------------------------
@bp.get("/<row_id:hold_id>/cancel")
@access.patron_required
def ask_cancel(hold_id: int) -> access.Reply:
    """Show the hold that would be given up, and how long it can be had back."""
    hold = _mine(hold_id)
    reasons = holds.cancel_refusals(hold)
    return _confirm_page("holds/cancel.html", hold, reasons, minutes=policy.get("undo_minutes"))


def _confirm_page(template: str, hold: Hold, reasons: list[errors.Refused], **facts: Any) -> access.Reply:
    """Return a page that asks before something is done with a hold, or says why it can't be."""
    return htmx.page(
        template,
        id=hold.id,
        title=hold.title,
        words=hold_list.words(hold, to_patron=True),
        reasons=[reason.sentence for reason in reasons],
        **facts,
    )


@bp.post("/<row_id:hold_id>/cancel")
@access.patron_required
def cancel(hold_id: int) -> access.Reply:
    """予約の取消: give up a hold, for good after the minutes of 元に戻す."""
    return _try("cancelled", _mine(hold_id), cancelling.give_up)


@bp.post("/<row_id:hold_id>/restoration")
@access.patron_required
def restore(hold_id: int) -> access.Reply:
    """元に戻す: have a hold back that was just given up."""
    return _try("restored", _mine(hold_id), cancelling.restore)


@bp.get("/<row_id:hold_id>.ics")
@access.patron_required
@terminals.refused
def event(hold_id: int) -> access.Reply:
    """カレンダーに入れる: send the last day to collect as a calendar file; with the title only where the patron's calendar shows
    titles.
    """
    hold = _mine(hold_id)
    events = due_calendar.of_hold(hold)
    if not events:
        abort(404)
    response = Response(calendar_rows.text(due_calendar.NAME_OF_HOLD, events), mimetype="text/calendar")
    response.headers["Content-Disposition"] = f"attachment; filename=hold-{hold.id}.ics"
    return response


@bp.post("/<row_id:hold_id>/suspension")
@access.patron_required
def suspend(hold_id: int) -> access.Reply:
    """予約の一時停止: suspend a hold until a day."""
    hold = _mine(hold_id)
    try:
        until = dates.parse(request.form.get("until", ""))
        holds.suspend(hold, until, now=clock.now())
    except ValueError:
        return _page(problem=(hold, errors.DateMalformed().sentence), status=422)
    except errors.Refusals as refused:
        return _page(problem=(hold, refused.sentence), status=422)
    return _back_with(hold, done="suspended")


@bp.post("/<row_id:hold_id>/resumption")
@access.patron_required
def resume(hold_id: int) -> access.Reply:
    return _try("resumed", _mine(hold_id), holds.resume)


@bp.get("/<row_id:hold_id>/yielding")
@access.patron_required
def ask_yield(hold_id: int) -> access.Reply:
    """Show who goes first from then on, before the place in line is given up."""
    hold = _mine(hold_id)
    return _confirm_page("holds/yielding.html", hold, holds.yield_refusals(hold))


@bp.post("/<row_id:hold_id>/yielding")
@access.patron_required
def yield_turn(hold_id: int) -> access.Reply:
    """順番をひとつ譲る: let the next patron in line go first."""
    return _try("yielded", _mine(hold_id), holds.yield_turn)


@bp.post("/<row_id:hold_id>/pickup-branch")
@access.patron_required
def change_pickup(hold_id: int) -> access.Reply:
    hold = _mine(hold_id)
    branch = branches.find(forms.number(request.form.get("pickup_branch")))
    if branch is None:
        return _back_with(hold, done="refused", refused=[errors.BranchHandsOutNoHolds()])
    return _try("moved", hold, lambda hold, now: holds.change_pickup(hold, branch, now=now))


@bp.post("/<row_id:hold_id>/extension")
@access.patron_required
def extend(hold_id: int) -> access.Reply:
    """取り置きの延長: keep the copy longer on the hold shelf, once."""
    return _try("extended", _mine(hold_id), hold_shelf.extend)


def _mine(hold_id: int) -> Hold:
    mine = (Hold.patron == current_user.patron) & ~Hold.sealed
    return access.mine_or_404(Hold.select().where(Hold.id == hold_id, mine))


def _try(done: str, hold: Hold, rule: Callable, **facts: Any) -> access.Reply:
    """Call the rule; the list tells what was done, or why it was refused."""
    try:
        rule(hold, now=clock.now(), **facts)
    except errors.Refusals as refused:
        return _back_with(hold, done="refused", refused=refused.reasons)
    return _back_with(hold, done=done)


def _back_with(hold: Hold, **facts: Any) -> access.Reply:
    return flash.leave("holds.index", hold=hold.id, **facts)
