"""相互貸借 at the desk: what is borrowed of other libraries and lent to them; 到着 and 返送, each with its undo."""

from datetime import date
from typing import Any

from flask import Blueprint, render_template, request, url_for

from library import clock, dates, errors
from library.interlibrary import borrowings, listing, states
from library.lending import borrowed
from models import Borrowing
from web import access, flash, forms, paging
from web.desk import counter

bp = Blueprint("interlibrary", __name__)

PAGE = "desk.interlibrary.index"
SIZE = 50  # rows on a page
LISTS = ("borrowed", "lent", "over")
ACTS = {
    "return": borrowings.send_back,
    "undo_arrival": borrowings.undo_arrival,
    "undo_return": borrowings.undo_sending,
}


class ArrivalForm(forms.Form):
    due = forms.Text("相手館の期限", maximum=40)
    barcode = forms.Text("仮バーコード", maximum=counter.LONGEST_SCAN)
    in_house = forms.Tick("館内利用のみ")
    no_renewal = forms.Tick("延長不可")


# -- the lists -------------------------------------------------------------------------------------------------------
@bp.get("")
@access.staff_required
def index() -> access.Reply:
    return _page(forms.number(request.args.get("open")), ArrivalForm(formdata=None, no_renewal=True))


def _page(opened: int | None, form: ArrivalForm) -> access.Reply:
    """Show a list, with the form of the row that is ``opened``."""
    chosen = request.args.get("list", "")
    chosen = chosen if chosen in LISTS and not opened else LISTS[0]
    queries = {"borrowed": listing.open_ones(), "lent": listing.lent_out(), "over": listing.over()}
    listed = paging.cut(queries[chosen], SIZE, url_for(PAGE, list=chosen))
    if opened and opened not in [row.id for row in listed["rows"]]:  # it stands on another page
        listed["rows"] = [*listing.open_ones().where(Borrowing.id == opened), *listed["rows"]]
    counts = {name: queries[name].count() for name in LISTS[:2]}
    draw, rows = (_loan, listed["rows"]) if chosen == "lent" else (_row, listing.standings(listed["rows"]))
    return form.page(
        "desk/interlibrary/index.html",
        chosen=chosen,
        lists=[(name, counts.get(name), url_for(PAGE, list=name)) for name in LISTS],
        opened=opened,
        ours=_ours(form.due.data),
        days=borrowed.DAYS_ON_THE_WAY,
        messages=_answer(),
        **listed | {"rows": [draw(row) for row in rows]},
    )


def _row(each: listing.Standing) -> dict[str, Any]:
    row, item, today = each.row, each.row.item, clock.today()
    near = states.is_near(row, today=today)
    barcode = item.barcode if item and row.state == "arrived" else ""
    url = url_for("desk.items.show", barcode=barcode) if barcode else ""
    return {
        "id": row.id,
        "name": row.wanted.full_name,
        "url": url or url_for("desk.requests.index", list="borrowing", open=row.wanted_id),
        "barcode": barcode,
        "partner": row.partner.name,
        "what": each.what,
        "latest": each.latest,
        "latest_left": _left(each.latest, today) if near and each.loan else "",
        "due_on": row.due_on,
        "due_left": _left(row.due_on, today) if near else "",
        "near": near,
        "patron_url": url_for("desk.patrons.show", patron_id=each.loan.patron_id) if each.loan else "",
        "may_go": each.what in ("to_send", "in_house"),
        "wanted_id": row.wanted_id,
        "sent_on": row.sent_back_on,
    }


def _left(day: date | None, today: date) -> str:
    days = (day - today).days if day else 0
    return {0: "今日", 1: "明日"}.get(days) or (f"あと{days}日" if days > 0 else f"{-days}日過ぎ")


def _loan(loan: Any) -> dict[str, Any]:
    return {
        "name": loan.item.title.full_name,
        "barcode": loan.item.barcode,
        "url": url_for("desk.items.show", barcode=loan.item.barcode),
        "partner": loan.patron.name,
        "patron_url": url_for("desk.patrons.show", patron_id=loan.patron_id),
        "lent_on": loan.lent_on,
        "due_on": loan.due_on,
        "is_late": loan.due_on < clock.today(),
    }


def _ours(due: str) -> date | None:
    """Return the last day for the patron; None while the owner's day can't be read."""
    try:
        return borrowed.latest(dates.parse(due))
    except ValueError:
        return None


def _answer() -> dict[str, Any]:
    """Return the message of the last act, with the copy that it was about."""
    answer = flash.take(PAGE)
    row = listing.rows().where(Borrowing.id == answer.get("borrowing")).first() if "borrowing" in answer else None
    if row is None:
        return answer
    slip = url_for("desk.holds.slip", hold_id=answer["hold"]) if answer.get("hold") else ""
    return answer | {"name": row.wanted.full_name, "barcode": row.item and row.item.barcode, "slip_url": slip}


@bp.get("/ours")
@access.staff_required
def ours() -> access.Reply:
    """Return the sentence that tells the patron's day, while the owner's is typed."""
    return render_template("desk/interlibrary/_ours.html", ours=_ours(request.args.get("due", "")))


# -- acts ------------------------------------------------------------------------------------------------------------
@bp.post("/<row_id:borrowing_id>/arrival")
@access.staff_required
@counter.at_a_branch
def arrive(borrowing_id: int) -> access.Reply:
    """到着にする: the copy is here, and the first who asked has it kept."""
    row, form = access.row_or_404(Borrowing, borrowing_id), ArrivalForm()
    told: dict[str, Any] = {name: form[name].data for name in ("due", "barcode", "in_house", "no_renewal")}
    try:
        came = form.submit(lambda: borrowings.arrive(row.id, **told, at=counter.here(), **counter.acting()))
    except errors.BorrowingElsewhere as refused:
        return flash.leave(PAGE, done="refused", refused=[refused])
    if came is None:
        return _page(row.id, form)
    hold = came.hold
    moves = hold and hold.state == "in_transit"
    return flash.leave(PAGE, done="arrived", borrowing=row.id, hold=hold and hold.id, to=moves)


@bp.post("/<row_id:borrowing_id>/<any(return, undo_arrival, undo_return):act>")
@access.staff_required
def move(borrowing_id: int, act: str) -> access.Reply:
    """返送, and 元に戻す of it and of the arrival."""
    row = access.row_or_404(Borrowing, borrowing_id)
    try:
        ACTS[act](row.id, **counter.acting())
    except (errors.BorrowingElsewhere, errors.Refusals) as refused:
        return flash.leave(PAGE, done="refused", refused=getattr(refused, "reasons", [refused]))
    return flash.leave(PAGE, done=act, borrowing=row.id)
