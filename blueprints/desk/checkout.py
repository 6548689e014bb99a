"""貸出: a card, then the copies, each by a scan."""

import secrets

from flask import redirect, request

from blueprints.desk import bp, counter, panel
from library import audit, cards, clock, dates, errors
from library.lending import items, loans
from library.people import patrons
from library.store import database
from models import Item, Loan, LostCard
from web import access, flash, htmx
from web.links import url_for

HERE = "desk.checkout"


@bp.get("/")
@access.staff_required
def index():
    return redirect(url_for("desk.checkout"))


@bp.get("/checkout")
@access.staff_required
@counter.at_a_branch
def checkout():
    answer = flash.take(HERE)
    return _page(counter.visit(), answer=answer, new_questions=answer.get("new_questions"))


@bp.post("/checkout")
@access.staff_required
@counter.at_a_branch
def check_out():
    """What was scanned: a card begins a visit, a copy is lent to whom the card in the first field belongs."""
    card, barcode = counter.scanned("card"), counter.scanned("item")
    patron = patrons.by_card(card)
    if card and patron is None:
        counter.leave()
        return _page(None, 422, unknown_card=unknown_card(card))
    item = items.by_barcode(barcode) if barcode else None
    if barcode and item is None and (next_one := patrons.by_card(barcode)):
        if patron and (undecided := _undecided(patron)):
            return _page(serve(patron), 422, refused=undecided, waiting_card=next_one.name)
        patron, barcode = next_one, ""  # a card that was held under the scanner is a card, whatever the field
    if patron is None:
        return _page(None, 422, no_card=True) if barcode else redirect(url_for("desk.checkout"), 303)
    now = serve(patron)
    if not barcode:
        return _done(now, done="served")
    if item is None:
        return _page(now, 422, unknown_item=barcode)
    return _lend(now, item)


def serve(patron) -> counter.Visit:
    """The visit of this patron; that a card was opened at the desk is written down."""
    now = counter.receive(patron)
    if now.turn != "goes_on":
        with database.writing():
            audit.record("patron.viewed", actor=counter.actor(), now=clock.now(), patron=patron)
    counter.keep(now)
    return now


def unknown_card(card) -> dict:
    """Why there is nobody with this card, and where one is registered."""
    number, why = cards.fold(card), why_unknown(card)
    is_new = isinstance(why, errors.PatronUnknown) and cards.NUMBER.match(number)
    return {
        "number": number,
        "sentence": why.sentence,
        "register_url": url_for("desk.new_patron", number=number) if is_new else None,
    }


def why_unknown(card) -> errors.Refused:
    """Nobody has this card: it was reported lost, or never was."""
    number = cards.fold(card)
    is_lost = LostCard.select().where(LostCard.card_number == number).exists()
    return errors.CardReportedLost() if is_lost else errors.PatronUnknown()


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
        counter.keep(now)
    return _done(now, done="lent" if lent.is_new else "just_lent" if is_listed else "lent_today", item=item.id)


def _undecided(patron):
    """Return the refusal that the form was sent beside, as long as it stands and somebody is to decide about it."""
    item = items.by_barcode(counter.scanned("refused"))
    reasons = loans.check_out_refusals(patron, item, today=clock.today()) if item else []
    return _refused(patron, item, reasons) if reasons else None


def _refused(patron, item, reasons):
    asked = "why" in request.form
    return {
        "title": panel.name_of(item.title),
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
    return redirect(url_for("desk.checkout"), 303)


def _page(now, status=200, answer=None, **told):
    rows = _rows(now) if now else []
    return htmx.page(
        "desk/checkout.html",
        status,
        url_for("desk.checkout"),
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
    return answer | (row or {"title": panel.name_of(Item.get_by_id(answer["item"]).title)})


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
        "title": panel.name_of(loan.item.title),
        "author": loan.item.title.author,
        "due_on": dates.with_weekday(loan.due_on, year=False),
        "due_in_full": dates.with_weekday(loan.due_on),
    }


# -- the end of it ---------------------------------------------------------------------------------------------------
@bp.post("/checkout/undo")
@access.staff_required
@counter.at_a_branch
def undo_checkout():
    """最後の貸出を取り消す: the last one of this visit, and only once."""
    now = counter.visit()
    last = now.lent[-1][0] if now and now.lent else None
    if last is None or request.form.get("loan") != str(last):
        return redirect(url_for("desk.checkout"), 303)
    answer = {}
    if loan := Loan.get_or_none(Loan.id == last, Loan.patron == now.patron):
        answer = {"done": "undone", "item": loan.item_id}
        try:
            loans.undo(loan, by=counter.actor(), now=clock.now())
        except errors.Refusals as refused:
            return _page(now, 422, not_undone=[reason.sentence for reason in refused.reasons])
    now.lent.pop()
    counter.keep(now)
    return _done(now, **answer)


@bp.post("/checkout/next")
@access.staff_required
def next_patron():
    """次の利用者へ: nothing of this person is on the screen any more."""
    counter.leave()
    return redirect(url_for("desk.checkout"), 303)


@bp.get("/checkout/slip")
@access.staff_required
def checkout_slip():
    """返却期限票: titles and due dates, and nobody's name or number; on 80 mm paper or on A4."""
    now = counter.visit()
    rows = _rows(now)[::-1] if now else []
    paper = "a4" if request.args.get("paper") == "a4" else "roll"
    return htmx.page("desk/checkout_slip.html", rows=rows, paper=paper, today=dates.with_weekday(clock.today()))
