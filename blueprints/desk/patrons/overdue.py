"""督促一覧: patrons with overdue loans, to be called or written to, also those whom no mail reaches."""

from collections import defaultdict

from flask import Blueprint, abort, request, url_for

from library import audit, clock, dates, wording
from library.lending import overdue
from library.store import database
from models import Loan, Patron
from web import access, flash, forms, htmx
from web.desk import counter
from web.parts import stored_policy

bp = Blueprint("overdue", __name__)

LIST = "desk.overdue.index"
NO_CALL = "none"  # pressed to take back what was noted today
SIZE = 40  # patrons on a page
PAPERS = {"card": "はがき（100×148mm）", "a4": "A4の4面（切り離すはがき）"}


@bp.get("")
@access.staff_required
def index() -> access.Reply:
    """List the patrons by days late, or one of them with all calls. That it was opened is written down once, without
    their names.
    """
    stages = _stages()
    days, page = forms.number(request.args.get("days")), forms.number(request.args.get("page")) or 1
    days, of = days if days in stages else stages[0], forms.number(request.args.get("of"))
    found, said = overdue.to_print(today=clock.today(), days=days), flash.take(LIST)
    found = [each for each in found if each[0].id == of] if of else found
    shown = found[(page - 1) * SIZE : page * SIZE]
    with database.writing():
        audit.record("overdue.listed", actor=counter.actor(), now=clock.now(), count=len(found))
    return htmx.page(
        "desk/overdue/index.html",
        messages=said | {"name": next((each.name for each, _ in shown if each.id == said.get("patron")), "")},
        results=[*wording.DUNNING_RESULTS.items()],
        no_call=NO_CALL,
        papers=PAPERS.items(),
        rows=_rows(shown, all_calls=bool(of)),
        patrons=len(found),
        copies=sum(len(loans) for _, loans in found),
        days=days,
        page=page,
        of=of,
        stages=[{"days": each, "url": url_for(LIST, days=each), "here": each == days} for each in stages],
        before=url_for(LIST, days=days, page=page - 1) if page > 1 else None,
        after=url_for(LIST, days=days, page=page + 1) if page * SIZE < len(found) else None,
        today=dates.with_weekday(clock.today()),
    )


@bp.post("/calls/<row_id:patron_id>")
@access.staff_required
def note_call(patron_id: int) -> access.Reply:
    """電話を記録する: note the result of today's call, or take back what was noted today."""
    result = request.form.get("result")
    if result != NO_CALL and result not in wording.DUNNING_RESULTS:
        abort(400)
    given = None if result == NO_CALL else result
    done = overdue.note_call(patron_id, given, today=clock.today(), **counter.acting())
    at = {name: forms.number(request.form.get(name)) for name in ("days", "page", "of")}
    code = ("called" if given else "no_call") if done else "none_sent"
    return flash.leave(LIST, at, done=code, patron=patron_id)


def _stages() -> list[int]:
    return sorted({1, *stored_policy.read().get("overdue_stages")})


def _rows(found: list[tuple[Patron, list[Loan]]], *, all_calls: bool) -> list[dict]:
    reached = overdue.reached_by_mail(patron.id for patron, _ in found)
    told = overdue.reminded_stages(loan for _, loans in found for loan in loans)
    calls = defaultdict(list)
    for call in overdue.calls(loan for _, loans in found for loan in loans):
        calls[call.patron_id].append(call)
    return [
        _row(patron, loans, patron.id in reached, told) | _called(calls[patron.id], None if all_calls else 1)
        for patron, loans in found
    ]


def _row(patron: Patron, loans: list[Loan], by_mail: bool, told: dict) -> dict:
    """Return one patron. Ticked at first: no mail arrives there, and the stage now reached was not asked for yet."""
    stages, today = stored_policy.read().get("overdue_stages"), clock.today()
    to_ask = any(told.get(loan.id, -1) < overdue.stage_reached(loan, stages, today=today) for loan in loans)
    return {
        "id": patron.id,
        "has_address": bool(patron.address),
        "ticked": bool(patron.address) and not by_mail and to_ask,
        "name": patron.name,
        "card_number": patron.card_number,
        "url": url_for("desk.patrons.show", patron_id=patron.id),
        "call_url": url_for("desk.overdue.note_call", patron_id=patron.id),
        "phones": [number for number in (patron.phone_mobile, patron.phone_home, patron.phone_work) if number],
        "by_mail": by_mail,
        "loans": [_loan(loan, told.get(loan.id, 0)) for loan in loans],
    }


def _called(calls: list[overdue.Call], most: int | None) -> dict:
    """Return the last calls, in words."""
    return {
        "calls": [wording.dunning_call(call.called_on, call.result) for call in calls[:most]],
        "is_called_today": bool(calls) and calls[0].called_on == clock.today(),
    }


def _loan(loan: Loan, told: int) -> dict:
    return {
        "told": told,
        "title": loan.item.title.full_name,
        "barcode": loan.item.barcode,
        "branch": loan.branch.name,
        "due_on": dates.with_weekday(loan.due_on, year=False),
        "late": (clock.today() - loan.due_on).days,
    }
