"""貸出: a card, then the copies, each by a scan."""

import secrets

from flask import Blueprint, redirect, request

from library import clock, dates, errors
from library.lending import items, loans
from library.people import patrons
from models import Item, Loan
from web import access, flash, htmx
from web.desk import counter, panel, visits
from web.links import url_for

bp = Blueprint("checkout", __name__)

HERE = "desk.checkout.index"


@bp.get("")
@access.staff_required
@counter.at_a_branch
def index():
    answer = flash.take(HERE)
    return _page(visits.current(), answer=answer, new_questions=answer.get("new_questions"))


@bp.post("")
@access.staff_required
@counter.at_a_branch
def check_out():
    """What was scanned: a card begins a visit, a copy is lent to whom the card in the first field belongs."""
    card, barcode = counter.scanned("card"), counter.scanned("item")
    patron = patrons.by_card(card)
    if card and patron is None:
        visits.end()
        return _page(None, 422, unknown_card=visits.unknown_card(card))
    item = items.by_barcode(barcode) if barcode else None
    if barcode and item is None and (next_one := patrons.by_card(barcode)):
        if patron and (undecided := _undecided(patron)):
            return _page(visits.receive(patron), 422, refused=undecided, waiting_card=next_one.name)
        patron, barcode = next_one, ""  # a card that was held under the scanner is a card, whatever the field
    if patron is None:
        return _page(None, 422, no_card=True) if barcode else redirect(url_for("desk.checkout.index"), 303)
    now = visits.receive(patron)
    if not barcode:
        return _done(now, done="served")
    if item is None:
        return _page(now, 422, unknown_item=barcode)
    return _lend(now, item)


def _lend(now, item):
    why, form = counter.scanned("why"), request.form.get("request", "")[:40]
    try:
        lent = loans.check_out(
            now.patron,
            item,
            branch=counter.branch(),
            now=clock.now(),
            by=counter.actor(),
            override=why,
            request=f"{form}:{item.id}" if form else "",
        )
    except errors.Refusals as refused:
        return _page(now, 422, refused=_refused(now.patron, item, refused.reasons))
    except errors.NeverOpen as never:
        return _page(now, 422, refused=_refused(now.patron, item, [never]))
    if lent.loan.returned_on:
        return _done(now, done="returned", item=item.id)
    is_listed = lent.loan.id in dict(now.lent)
    if not is_listed:
        now.lent.append([lent.loan.id, counter.time_of_day()])
        visits.save(now)
    return _done(now, done="lent" if lent.is_new else "just_lent" if is_listed else "lent_today", item=item.id)


def _undecided(patron):
    """Return the refusal that the form was sent beside, as long as it stands and somebody is to decide about it."""
    item = items.by_barcode(counter.scanned("refused"))
    reasons = loans.check_out_refusals(patron, item, today=clock.today()) if item else []
    return _refused(patron, item, reasons) if reasons else None


def _refused(patron, item, reasons):
    asked = "why" in request.form
    return {
        "title": item.title.full_name,
        "barcode": item.barcode,
        "reasons": panel.sentences(reasons, patron),
        "may_override": not any(isinstance(reason, (*loans.FIRM, errors.NeverOpen)) for reason in reasons),
        "problems": [errors.ReasonMissing()] if asked and not counter.scanned("why") else [],
        "is_out": any(isinstance(reason, errors.ItemOut) for reason in reasons),
    }


def _done(now, **answer):
    """The page, at once for htmx; else by its own address, so that to go back or to reload repeats nothing."""
    if htmx.asks_for_part():
        return _page(now, answer={"turn": now.turn, **answer})
    flash.keep(HERE, turn=now.turn, **answer)
    return redirect(url_for("desk.checkout.index"), 303)


def _page(now, status=200, answer=None, **told):
    rows = _rows(now) if now else []
    return htmx.page(
        "desk/checkout/index.html",
        status,
        url_for("desk.checkout.index"),
        person=panel.of(now.patron) if now else None,
        rows=rows,
        messages=_messages(answer, rows) if now and answer else None,
        turn=now and now.turn,
        request_token=secrets.token_urlsafe(9),
        page_has_errors=status >= 400,
        **told,
    )


def _messages(answer, rows):
    """Return what was done, with the row of the copy in the list, or its name where it is not there."""
    if "item" not in answer:
        return answer
    row = next((row for row in rows if row["item"] == answer["item"]), None)
    return answer | (row or {"title": Item.get_by_id(answer["item"]).title.full_name})


def _rows(now):
    """What was lent in this visit and is out still, the newest first."""
    times = dict(now.lent)
    out = [loan for loan in loans.open_loans(now.patron) if loan.id in times]
    return [_row(loan, times[loan.id]) for loan in sorted(out, key=lambda loan: loan.id, reverse=True)]


def _row(loan, at):
    return {
        "id": loan.id,
        "item": loan.item_id,
        "at": at,
        "barcode": loan.item.barcode,
        "title": loan.item.title.full_name,
        "author": loan.item.title.author,
        "due_on": dates.with_weekday(loan.due_on, year=False),
        "due_in_full": dates.with_weekday(loan.due_on),
    }


# -- the end of it ---------------------------------------------------------------------------------------------------
@bp.post("/undo")
@access.staff_required
@counter.at_a_branch
def undo():
    """最後の貸出を取り消す: the last one of this visit, and only once."""
    now = visits.current()
    last = now.lent[-1][0] if now and now.lent else None
    if last is None or request.form.get("loan") != str(last):
        return redirect(url_for("desk.checkout.index"), 303)
    answer = {}
    if loan := Loan.get_or_none(Loan.id == last, Loan.patron == now.patron):
        answer = {"done": "undone", "item": loan.item_id}
        try:
            loans.undo(loan, by=counter.actor(), now=clock.now())
        except errors.Refusals as refused:
            return _page(now, 422, not_undone=[reason.sentence for reason in refused.reasons])
    now.lent.pop()
    visits.save(now)
    return _done(now, **answer)


@bp.post("/next")
@access.staff_required
def next_patron():
    """次の利用者へ: nothing of this person is on the screen any more."""
    visits.end()
    return redirect(url_for("desk.checkout.index"), 303)


@bp.get("/slip")
@access.staff_required
def slip():
    """返却期限票: titles and due dates, and nobody's name or number; on 80 mm paper or on A4."""
    now = visits.current()
    rows = _rows(now)[::-1] if now else []
    paper = "a4" if request.args.get("paper") == "a4" else "roll"
    return htmx.page("desk/checkout/slip.html", rows=rows, paper=paper, today=dates.with_weekday(clock.today()))
