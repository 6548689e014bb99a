"""予約した資料: each hold in its state, and what its patron can do with it."""

from datetime import timedelta

from flask import Blueprint, redirect, request, url_for
from flask_login import current_user

from library import branches, clock, dates, errors, wording
from library.lending.holds import hold_list, hold_shelf, hold_states, holds, shelf_clock
from library.people import profile
from models import Hold
from web import access, flash, forms, htmx
from web.parts import seal_facts, title_rows

bp = Blueprint("holds", __name__)
SUSPENDED_FOR = timedelta(days=30)  # what is offered; the patron chooses
UNITS = ((63, 30, "months"), (14, 7, "weeks"), (0, 1, "days"))  # from so many days on, days in one, name


# -- the list --------------------------------------------------------------------------------------------------------
@bp.get("")
@access.patron_required
def index():
    return _page(messages=_messages(flash.take("holds")))


def _page(messages=(), problem=None, status=200):
    """``problem``: what is wrong with the day or branch that was chosen for a hold: (hold, sentence)."""
    today = clock.today()
    seal = current_user.session.seal
    found = hold_list.for_patron(current_user.patron, today=today, sealed_at=seal and seal.sealed_at)
    rows = [_row(row, today) for row in found if row.hold.state in hold_states.OPEN]
    return htmx.page(
        "holds/index.html",
        status,
        rows=rows,
        over=[_over(row) for row in found if row.hold.state not in hold_states.OPEN],
        branches=[(branch.id, branch.name) for branch in profile.pickup_branches(None)],
        first_day=today + timedelta(days=1),
        offered_day=today + SUSPENDED_FOR,
        kept_days=hold_list.SHOWN_DAYS,
        messages=messages,
        problem=problem,
        summary=[{"sentence": problem[1], "anchor": f"until-{problem[0].id}"}] if problem else [],
        page_has_errors=bool(problem),
        **seal_facts.read(),
    )


def _facts(row):
    hold = row.hold
    return title_rows.facts(hold.title) | {
        "id": hold.id,
        "words": row.words,
        "branch": hold.pickup_branch.name,
        "placed_on": clock.day_of(hold.placed_at),
    }


def _row(row, today):
    hold = row.hold
    suspended = hold.suspended_until is not None and hold.suspended_until >= today
    reasons = {name: [reason.sentence for reason in found] for name, found in row.refusals.items()}
    if hold.state == "ready":
        refused = hold_shelf.extend_refusals(hold, today=today, line=row.line)
        reasons["extend"] = [reason.sentence for reason in refused]
    return _facts(row) | {
        "state": hold.state,
        "shape": title_rows.HOLD_SHAPES[hold.state],
        "branch_id": hold.pickup_branch_id,
        "contact": wording.CONTACT_METHODS[hold.contact_method],
        "suspended_until": hold.suspended_until if suspended else None,
        "group": hold.group.kind if hold.group_id else "",
        "position": hold.position,
        "wait": _wait(row.wait) if row.wait and not suspended else None,
        "days_left": (hold.pickup_by - today).days if hold.pickup_by else None,
        "reasons": reasons,
        "extended_to": shelf_clock.deadline(hold, hold.pickup_by) if not reasons.get("extend", True) else None,
    }


def _wait(wait):
    """Return the range in one unit, as roughly as it is known."""
    length, unit = next((length, unit) for start, length, unit in UNITS if wait.most >= start)
    return {"least": round(wait.least / length), "most": round(wait.most / length), "unit": unit}


def _over(row):
    return _facts(row) | {"reason": row.reason, "ended_on": clock.day_of(row.hold.ended_at)}


def _messages(answer):
    hold = Hold.get_or_none(Hold.id == answer.get("hold"), Hold.patron == current_user.patron)
    if hold is None:
        return {}
    day = {"suspended": hold.suspended_until, "extended": hold.pickup_by}.get(answer["done"])
    return answer | {"name": hold.title.full_name, "branch": hold.pickup_branch.name, "day": day}


# -- changing --------------------------------------------------------------------------------------------------------
@bp.get("/<row_id:hold_id>/cancel")
@access.patron_required
def ask_cancel(hold_id):
    """Show what would be given up, before it is: a place in a queue does not come back."""
    hold = _mine(hold_id)
    title = hold.title
    return htmx.page(
        "holds/cancel.html",
        id=hold.id,
        name=title.full_name,
        title=title,
        words=hold_list.words(hold),
        reasons=[reason.sentence for reason in holds.cancel_refusals(hold)],
    )


@bp.post("/<row_id:hold_id>/cancel")
@access.patron_required
def cancel(hold_id):
    """予約の取消, from the page that asks."""
    return _try("cancelled", _mine(hold_id), holds.cancel, by="patron")


@bp.post("/<row_id:hold_id>/suspension")
@access.patron_required
def suspend(hold_id):
    """予約の一時停止, up to and with a day."""
    hold = _mine(hold_id)
    try:
        until = dates.parse(request.form.get("until", ""))
        holds.suspend(hold, until, now=clock.now())
    except ValueError:
        return _page(problem=(hold, errors.DateMalformed().sentence), status=422)
    except errors.Refusals as refused:
        return _page(problem=(hold, str(refused)), status=422)
    return _back_with(hold, done="suspended")


@bp.post("/<row_id:hold_id>/resumption")
@access.patron_required
def resume(hold_id):
    return _try("resumed", _mine(hold_id), holds.resume)


@bp.post("/<row_id:hold_id>/yielding")
@access.patron_required
def yield_turn(hold_id):
    """順番をひとつ譲る."""
    return _try("yielded", _mine(hold_id), holds.yield_turn)


@bp.post("/<row_id:hold_id>/pickup-branch")
@access.patron_required
def change_pickup(hold_id):
    hold = _mine(hold_id)
    branch = branches.find(forms.number(request.form.get("pickup_branch")))
    if branch is None:
        return _back_with(hold, done="refused", refused=[errors.BranchHandsOutNoHolds()])
    return _try("moved", hold, lambda hold, now: holds.change_pickup(hold, branch, now=now))


@bp.post("/<row_id:hold_id>/extension")
@access.patron_required
def extend(hold_id):
    """取り置きの延長, once."""
    return _try("extended", _mine(hold_id), hold_shelf.extend)


def _mine(hold_id):
    return access.mine_or_404(Hold.select().where(Hold.id == hold_id, Hold.patron == current_user.patron))


def _try(done, hold, rule, **facts):
    """Do it, or tell why not; either way the list follows."""
    try:
        rule(hold, now=clock.now(), **facts)
    except errors.Refusals as refused:
        return _back_with(hold, done="refused", refused=refused.reasons)
    return _back_with(hold, done=done)


def _back_with(hold, **facts):
    flash.keep("holds", hold=hold.id, **facts)
    return redirect(url_for("holds.index"), 303)
