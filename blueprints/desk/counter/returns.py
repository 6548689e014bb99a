"""返却: every copy that comes over the desk, whether it was lent, sent, fetched or is to be put back."""

from datetime import date
from typing import Any

from flask import Blueprint, redirect, request, session, url_for

from library import clock, dates, errors
from library.lending import items, returns
from models import Item, Loan
from web import access, flash, htmx
from web.desk import counter, taken_back

bp = Blueprint("returns", __name__)

HERE = "desk.returns.index"
ROWS = 20  # copies that the page lists


@bp.get("")
@access.staff_required
@counter.at_a_branch
def index() -> access.Reply:
    return _page(undone=flash.take(HERE).get("undone"))


@bp.post("")
@access.staff_required
@counter.at_a_branch
def give_back() -> access.Reply:
    """Take back a copy, or set the 返却日 for all that follow (the book drop)."""
    barcode = counter.scanned("item")
    item = counter.copy_of(barcode)
    if problem := _set_day():
        refused = _refused(barcode, item, problem) if barcode else None
        return _page(422, day=counter.scanned("day"), day_problems=[problem], refused=refused)
    if not barcode:
        return _done()
    try:
        if item is None:
            raise items.refusal(barcode)
        row = taken_back.take(item, at=counter.here(), returned_on=_day())
    except errors.Refused as refusal:
        return _page(422, refused=_refused(barcode, item, refusal))
    _remember(row)
    return _done()


def _refused(barcode: str, item: Item | None, refusal: errors.Refused) -> dict:
    """Return the copy that was not taken back, by title where the number is known, and the reason."""
    title = item.title.full_name if item else ""
    return {"title": title, "barcode": item.barcode if item else barcode, "reasons": [refusal.sentence]}


def _set_day() -> errors.Refused | None:
    typed = counter.scanned("day")
    if not typed:
        session.pop("return_day", None)
        return None
    try:
        day = dates.parse(typed)
    except ValueError:
        return errors.DateMalformed()
    if day > clock.today():
        return errors.ReturnDayImpossible()
    if day == clock.today():
        session.pop("return_day", None)
    else:
        session["return_day"] = [day.isoformat(), clock.today().isoformat()]
    return None


def _day() -> date | None:
    """Return the day that was set for the batch, as long as it was set today; else None."""
    day, set_on = session.get("return_day", ("", ""))
    return dates.parse(day) if set_on == clock.today().isoformat() else None


def _remember(row: dict) -> None:
    session["returned"] = [*session.get("returned", []), row][-ROWS:]


def _done(undone: int | None = None) -> access.Reply:
    """Answer at once for htmx; else by a redirect. ``undone``: the id of the copy whose return was taken back."""
    if htmx.asks_for_part():
        return _page(undone=undone)
    if undone:
        return flash.leave(HERE, undone=undone)
    return redirect(url_for(HERE), 303)


def _page(status: int = 200, day: str | None = None, undone: int | None = None, **context: Any) -> access.Reply:
    rows = taken_back.in_words(session.get("returned", []))
    chosen = _day()
    return htmx.page(
        "desk/returns/index.html",
        status,
        url_for("desk.returns.index"),
        rows=rows,
        last_loan=_last_loan(),
        undone=Item.get_by_id(undone).title.full_name if undone else "",
        day=day or (chosen or clock.today()).isoformat(),
        backdated=dates.with_weekday(chosen),
        page_has_errors=status >= 400,
        **context,
    )


@bp.post("/undo")
@access.staff_required
@counter.at_a_branch
def undo() -> access.Reply:
    """最後の返却を取り消す: undo the last return of this desk, and only once."""
    last = _last_loan()
    if last is None or request.form.get("loan") != str(last):
        return redirect(url_for("desk.returns.index"), 303)
    loan = Loan.get_by_id(last)
    try:
        returns.undo(loan, **counter.acting())
    except errors.Refusals as refused:
        return _page(422, not_undone=[reason.sentence for reason in refused.reasons])
    session["returned"] = [row for row in session["returned"] if row["loan"] != last]
    return _done(undone=loan.item_id)


def _last_loan() -> int | None:
    """Return the loan that was returned last at this desk, whatever was scanned after it."""
    return next((row["loan"] for row in reversed(session.get("returned", [])) if row["loan"]), None)
