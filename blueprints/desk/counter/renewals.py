"""延長 at the desk: by the card, row by row or all at once, or by the copies that somebody brought."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from flask import Blueprint, redirect, request, url_for

from library import clock, dates, errors
from library.lending import items, loans, renewals
from models import Item, Loan
from web import access, flash, htmx, paging
from web.desk import counter, panel, visits
from web.parts import stored_policy

bp = Blueprint("renewals", __name__)

SIZE = 40  # loans on a page
HERE = "desk.renewals.index"


@bp.get("")
@access.staff_required
@counter.at_a_branch
def index() -> access.Reply:
    return _page(visits.current(), answer=flash.take(HERE))


@bp.post("")
@access.staff_required
@counter.at_a_branch
def scan() -> access.Reply:
    """Take a scan: a card shows what is out, a copy is renewed for whoever has it."""
    card, barcode = counter.scanned("card"), counter.scanned("item")
    patron = counter.patron_of(card)
    if card and patron is None and not barcode and counter.copy_of(card):
        barcode = card  # a copy that was held under the scanner is a copy, whatever the field
    if barcode:
        item = counter.copy_of(barcode)
        if item is None and (next_one := counter.patron_of(barcode)):
            return _done(visits.receive(next_one), done="served")
        return _renew_scanned(item, barcode)
    if card and patron is None:
        visits.end()
        return _page(None, 422, unknown_card=visits.unknown_card(card))
    return _done(visits.receive(patron), done="served") if patron else redirect(url_for("desk.renewals.index"), 303)


def _renew_scanned(item: Item | None, barcode: str) -> access.Reply:
    loan = loans.open_loan_of(item) if item else None
    if item is None:
        return _unknown(barcode)
    if loan is None or loan.patron is None:
        return _page(visits.current(), 422, refused=_refused(item, [errors.LoanOver()]))
    return _renew(visits.receive(loan.patron), loan)


def _unknown(number: str) -> access.Reply:
    refusal = items.refusal(number)
    if isinstance(refusal, errors.NumberIsCard):
        return _page(None, 422, unknown_card=visits.unknown_card(number))
    return _page(visits.current(), 422, refused={"barcode": number, "reasons": [refusal.sentence]})


@bp.post("/<row_id:loan_id>")
@access.staff_required
@counter.at_a_branch
def renew(loan_id: int) -> access.Reply:
    loan = access.mine_or_404(Loan.select().where(Loan.id == loan_id, Loan.returned_on.is_null()))
    return _renew(visits.receive(loan.patron), loan)


def _renew(visit: visits.Visit, loan: Loan) -> access.Reply:
    why = counter.scanned("why")
    try:
        renewed = renewals.renew(loan, **counter.acting(), override=why, rules=stored_policy.read())
    except errors.Refusals as refused:
        return _page(visit, 422, refused=_refused(loan.item, refused.reasons, loan))
    return _renewed(visit, [renewed], {loan.id: loan.due_on})


def _refused(item: Item, reasons: Sequence[errors.Refused], loan: Loan | None = None) -> dict:
    firm = (errors.LoanOver, errors.RenewalNotLater, errors.NeverOpen)
    asked = "why" in request.form
    return {
        "title": item.title.full_name,
        "barcode": item.barcode,
        "reasons": panel.sentences(reasons, loan.patron)
        if loan and loan.patron
        else [reason.sentence for reason in reasons],
        "override_url": url_for("desk.renewals.renew", loan_id=loan.id)
        if loan and not any(isinstance(reason, firm) for reason in reasons)
        else None,
        "problems": [errors.ReasonMissing()] if asked and not counter.scanned("why") else [],
    }


@bp.post("/all")
@access.staff_required
@counter.at_a_branch
def renew_all() -> access.Reply:
    """すべて延長する: renew each loan that can be; the others stay, with their reasons beside them."""
    visit = visits.current()
    if visit is None:
        return redirect(url_for("desk.renewals.index"), 303)
    have = loans.open_loans(visit.patron)
    outcomes = renewals.renew_all(have, **counter.acting(), together=True)
    renewed = [answer.loan for answer in outcomes if not answer.reasons]
    return _renewed(visit, renewed, {loan.id: loan.due_on for loan in have})


def _renewed(visit: visits.Visit, renewed: Iterable[Loan], before: Mapping[int, date]) -> access.Reply:
    visit.renewed = rows = renewals.undo_rows(renewed, before)
    visits.save(visit)
    return _done(visit, done="renewed", renewed=len(rows), loan=rows[0][0] if len(rows) == 1 else None)


@bp.post("/undo")
@access.staff_required
@counter.at_a_branch
def undo() -> access.Reply:
    """最後の延長を取り消す: undo the last press or scan of this visit that renewed, and only once."""
    visit = visits.current()
    if visit is None or not visit.renewed or request.form.get("renewed") != _shown(visit):
        return redirect(url_for("desk.renewals.index"), 303)
    try:
        renewals.undo(visit.patron, visit.renewed, **counter.acting())
    except errors.Refused as refusal:
        return _page(visit, 422, not_undone=[refusal.sentence])
    count, visit.renewed = len(visit.renewed), []
    visits.save(visit)
    return _done(visit, done="renewal_undone", renewed=count)


def _shown(visit: visits.Visit) -> str:
    """Return the last renewals in one word, by which their button is known from an older one."""
    return "-".join(f"{row[0]}.{row[-1]}" for row in visit.renewed)


def _done(visit: visits.Visit, **answer: Any) -> access.Reply:
    if htmx.asks_for_part():
        return _page(visit, answer={"turn": visit.turn, **answer})
    return flash.leave(HERE, turn=visit.turn, **answer)


def _page(visit: visits.Visit | None, status: int = 200, answer: dict | None = None, **context: Any) -> access.Reply:
    have = loans.open_loans(visit.patron) if visit else []
    rows = _rows(visit, have) if visit else []
    return htmx.page(
        "desk/renewals/index.html",
        status,
        url_for("desk.renewals.index"),
        person=panel.show(visit.patron, have) if visit else None,
        total=len(rows),
        messages=_messages(answer, rows) if visit and answer else None,
        turn=visit and visit.turn,
        last_renewed=visit and _shown(visit),
        can_renew=any(row["new_due_on"] and not row["alone"] for row in rows),
        page_has_errors=status >= 400,
        **paging.cut(rows, SIZE, url_for("desk.renewals.index")),
        **context,
    )


def _messages(answer: dict, rows: list[dict]) -> dict:
    """Return the message; with the row of the loan where it is about one."""
    return answer | next((row for row in rows if row["id"] == answer.get("loan")), {})


def _rows(visit: visits.Visit, have: list[Loan]) -> list[dict]:
    today = clock.today()
    judged = renewals.Renewals(have, today=today, rules=stored_policy.read(), are_all=True)
    rows = [_row(loan, visit, judged, today) for loan in have]
    return sorted(rows, key=lambda row: not row["is_renewed"])


def _row(loan: Loan, visit: visits.Visit, judged: renewals.Renewals, today: date) -> dict:
    loan.patron = visit.patron  # known, so that the rules need not ask for it with each loan
    reasons = judged.refusals(loan)
    new_due = None if reasons else judged.due(loan)
    alone = judged.together_refusals(loan) if new_due else []
    return {
        "id": loan.id,
        "barcode": loan.item.barcode,
        "title": loan.item.title.full_name,
        "due_on": dates.with_weekday(loan.due_on, year=False),
        "days_left": dates.days_left(loan.due_on, today),
        "late": loans.is_overdue(loan, today=today),
        "is_renewed": any(loan.id == row[0] for row in visit.renewed),
        "reasons": panel.sentences(reasons, visit.patron),
        "alone": [reason.sentence for reason in alone],
        "new_due_on": dates.with_weekday(new_due, year=False),
    }
