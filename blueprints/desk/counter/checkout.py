"""貸出: a card, then the copies, each by a scan."""

import secrets
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, redirect, request, url_for

from library import branches, clock, dates, errors
from library.lending import items, loans
from library.lending.sets import item_sets, set_loans
from models import Item, ItemSet, Loan, Patron
from web import access, flash, forms, htmx
from web.desk import counter, panel, visits
from web.parts import language, stored_policy

bp = Blueprint("checkout", __name__)

HERE = "desk.checkout.index"


@bp.get("")
@access.staff_required
@counter.at_a_branch
def index() -> access.Reply:
    answer, visit = flash.take(HERE), visits.current()
    return _page(visit if visit and visit.lends else None, answer=answer)


@bp.post("")
@access.staff_required
@counter.at_a_branch
def check_out() -> access.Reply:
    """Take a scan: a card begins a visit, a copy or a set is lent to whom the card in the first field belongs."""
    card, barcode = counter.scanned("card"), counter.scanned("item")
    patron = counter.patron_of(card)
    if card and patron is None:
        return _unknown_card(card, barcode)
    item = counter.copy_of(barcode)
    item_set = item_sets.by_barcode(barcode) if barcode and item is None else None
    if barcode and item is None and item_set is None and (next_one := counter.patron_of(barcode)):
        if patron and (undecided := _undecided(patron)):
            return _page(visits.receive(patron), 422, refused=undecided, waiting_card=next_one.name)
        patron, barcode = next_one, ""  # a card that was held under the scanner is a card, whatever the field
    if patron is None and not barcode:
        return redirect(url_for("desk.checkout.index"), 303)
    is_over = card and patron and card == counter.scanned("shown") and not visits.lends_to(patron)
    if (lent := item or item_set) and (patron is None or is_over):
        return _page(None, 422, no_card=lent.barcode, is_over=is_over)
    visit = visits.receive(patron, lends=not (barcode and is_over)) if patron else None
    if visit and not barcode:
        return _done(visit, done="served")
    if visit and item_set:
        return _lend_set(visit, item_set)
    return _lend(visit, item) if visit and item else _unknown_item(visit, barcode)


def _unknown_card(card: str, barcode: str = "") -> access.Reply:
    """Ask for the card of whoever brought a copy, where it was read first; else say why nobody has this card."""
    visits.end()
    if item := counter.copy_of(card) or item_sets.by_barcode(card):
        return _page(None, 422, no_card=item.barcode)
    return _page(None, 422, unknown_card=visits.unknown_card(card, barcode), kept=barcode)


def _unknown_item(visit: visits.Visit | None, barcode: str) -> access.Reply:
    refusal = items.refusal(barcode)
    if isinstance(refusal, errors.NumberIsCard):
        return _unknown_card(barcode)
    return _page(visit, 422, unknown_item=barcode, item_refusal=refusal.sentence)


def _lend(visit: visits.Visit, item: Item) -> access.Reply:
    why, form = counter.scanned("why"), request.form.get("request", "")[:40]
    try:
        lent = loans.check_out(
            visit.patron,
            item,
            branch=counter.here(),
            override=why,
            request=f"{form}:{item.id}" if form else "",
            rules=stored_policy.read(),
            **counter.acting(),
        )
    except errors.Refusals as refused:
        return _page(visit, 422, refused=_refused(visit.patron, item, refused.reasons))
    except errors.NeverOpen as never:
        return _page(visit, 422, refused=_refused(visit.patron, item, [never]))
    if lent.loan.returned_on:
        return _done(visit, done="returned", item=item.id)
    is_listed = lent.loan.id in dict(visit.lent)
    if not is_listed:
        place = len(visit.lent) if lent.is_new else 0  # what was lent earlier today is not the last one
        visit.lent.insert(place, [lent.loan.id, counter.time_of_day()])
        visits.save(visit)
    done = "lent" if lent.is_new else "just_lent" if is_listed else "lent_today"
    return _done(visit, done=done, item=item.id, pulled_at=lent.pulled_at)


def _lend_set(visit: visits.Visit, item_set: ItemSet) -> access.Reply:
    """Lend all copies of a set; where some can't be lent, first ask whether to lend the others."""
    left_out = filter(None, map(forms.number, request.form.getlist("without")[: item_sets.MOST]))
    try:
        lent = set_loans.check_out(
            visit.patron,
            item_set,
            branch=counter.here(),
            without=set(left_out),
            request=request.form.get("request", "")[:40],
            rules=stored_policy.read(),
            **counter.acting(),
        )
    except (errors.SetIsEmpty, errors.NeverOpen) as refusal:
        return _page(visit, 422, short=_short(visit.patron, item_set, [], [refusal.sentence]))
    if lent.short and not lent.loans:
        return _page(visit, 422, short=_short(visit.patron, item_set, lent.short, []))
    visit.lent += [[loan.id, counter.time_of_day()] for loan in lent.loans]
    visits.save(visit)
    done = "set_lent" if lent.loans else "set_lent_today"
    return _done(visit, done=done, set=item_set.id, n=len(lent.loans), left=len(lent.short))


def _short(patron: Patron, item_set: ItemSet, short: list[set_loans.Short], reasons: list[str]) -> dict:
    """Return the values for a set that can't be lent as a whole, with the copies to leave out if others are there."""
    may_lend = bool(short) and len(short) < len(item_sets.copies(item_set))
    for each in short:
        said = panel.sentences(each.reasons, patron)
        reasons += (
            [f"「{each.item.title.full_name}」（{each.item.barcode}）{one}" for one in said] if may_lend else said
        )
    without = [each.item.id for each in short] if may_lend else []
    return {"name": item_set.name, "number": item_set.barcode, "reasons": [*dict.fromkeys(reasons)], "without": without}


def _undecided(patron: Patron) -> dict | None:
    """Return the refusal beside which the form was sent, as long as it stands and waits for a decision."""
    item = counter.copy_of(counter.scanned("refused"))
    reasons = loans.check_out_refusals(patron, item, today=clock.today()) if item else []
    return _refused(patron, item, reasons) if item and reasons else None


def _refused(patron: Patron, item: Item, reasons: Sequence[errors.Refused]) -> dict:
    asked = "why" in request.form
    return {
        "title": item.title.full_name,
        "barcode": item.barcode,
        "reasons": panel.sentences(reasons, patron),
        "may_override": not any(isinstance(reason, (*loans.FIRM, errors.NeverOpen)) for reason in reasons),
        "problems": [errors.ReasonMissing()] if asked and not counter.scanned("why") else [],
        "is_out": any(isinstance(reason, errors.ItemOut) for reason in reasons),
    }


def _done(visit: visits.Visit, **answer: Any) -> access.Reply:
    """Show the page at once for htmx; else after a redirect, so that reloading repeats nothing."""
    if htmx.asks_for_part():
        return _page(visit, answer={"turn": visit.turn, **answer})
    return flash.leave(HERE, turn=visit.turn, **answer)


def _page(visit: visits.Visit | None, status: int = 200, answer: dict | None = None, **context: Any) -> access.Reply:
    have = loans.open_loans(visit.patron) if visit else []
    rows = _rows(visit, have) if visit else []
    return htmx.page(
        "desk/checkout/index.html",
        status,
        url_for("desk.checkout.index"),
        person=panel.show(visit.patron, have) if visit else None,
        rows=rows,
        messages=_messages(answer, rows) if answer else None,
        turn=visit and visit.turn,
        request_token=secrets.token_urlsafe(9),
        page_has_errors=status >= 400,
        **context,
    )


def _messages(answer: dict, rows: list[dict]) -> dict:
    """Return the message with the row of its copy in the list, or the title where the copy is not there."""
    if "set" in answer:
        item_set = ItemSet.get_by_id(answer["set"])
        answer |= {"name": item_set.name, "slip_url": url_for("desk.sets.slip", set_id=item_set.id)}
        return {"due_on": rows[0]["due_on"], **answer} if rows else answer
    if "item" not in answer:
        return answer
    if answer.get("pulled_at"):
        answer |= {"pulled_at": branches.names().get(answer["pulled_at"], "")}
    row = next((row for row in rows if row["item"] == answer["item"]), None)
    return answer | (row or {"title": Item.get_by_id(answer["item"]).title.full_name})


def _rows(visit: visits.Visit, have: list[Loan]) -> list[dict]:
    """Return the loans of this visit among those the patron has, the last one first, by moments."""
    out = {loan.id: loan for loan in have}
    return [_row(out[number], at) for number, at in reversed(visit.lent) if number in out]


def _row(loan: Loan, at: str) -> dict:
    return {
        "id": loan.id,
        "item": loan.item_id,
        "at": at,
        "barcode": loan.item.barcode,
        "title": loan.item.title.full_name,
        "author": loan.item.title.author,
        "note": loan.item.note,
        "due_on": dates.with_weekday(loan.due_on, year=False),
        "due_in_full": dates.with_weekday(loan.due_on),
    }


# -- the end of it ---------------------------------------------------------------------------------------------------
@bp.post("/undo")
@access.staff_required
@counter.at_a_branch
def undo() -> access.Reply:
    """最後の貸出を取り消す: undo the last loan of this visit that is shown, and only once."""
    visit, shown = visits.current(), request.form.get("loan")
    have = {loan.id for loan in loans.open_loans(visit.patron)} if visit else ()
    numbers = [number for number, _ in visit.lent] if visit else []
    last = next((number for number in reversed(numbers) if number in have or str(number) == shown), None)
    if visit is None or shown != str(last):
        return redirect(url_for("desk.checkout.index"), 303)
    answer, gone = {}, {last}
    if loan := Loan.get_or_none(Loan.id == last, Loan.patron == visit.patron):
        answer = {"done": "undone", "item": loan.item_id}
        try:
            undone = set_loans.undo(loan, **counter.acting())
        except errors.Refusals as refused:
            return _page(visit, 422, not_undone=[reason.sentence for reason in refused.reasons])
        gone |= {each.id for each in undone}
        answer = {"done": "set_undone", "n": len(undone)} if len(undone) > 1 else answer
    visit.lent = [row for row in visit.lent if row[0] not in gone]
    visits.save(visit)
    return _done(visit, **answer)


@bp.post("/next")
@access.staff_required
def next_patron() -> access.Reply:
    """次の利用者へ: end the visit and clear the screen."""
    visits.end()
    return redirect(url_for("desk.checkout.index"), 303)


@bp.get("/slip")
@access.staff_required
def slip() -> access.Reply:
    """返却期限票: print titles and due dates without a name or number, on 80 mm paper or A4, in the patron's language."""
    visit = visits.current()
    rows = _rows(visit, loans.open_loans(visit.patron))[::-1] if visit else []
    paper = "a4" if request.args.get("paper") == "a4" else "roll"
    return htmx.page(
        "desk/checkout/slip.html",
        rows=rows,
        paper=paper,
        today=dates.with_weekday(clock.today()),
        spoken=language.of_notices(visit.patron if visit else None),
    )
