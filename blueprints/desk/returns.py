"""返却: every copy that comes over the desk, whether it was lent, sent, fetched or is to be put back."""

from flask import redirect, request, session

from blueprints.desk import bp, counter, panel
from library import clock, dates, errors, wording
from library.lending import items, loans, returns
from models import Branch, Item, Loan, Title
from web import access, flash, htmx
from web.links import url_for

HERE = "desk.returns"
KEPT_ROWS = 20
TROUBLES = {
    "lost": "紛失の届けがあった資料です。",
    "claimed": "「返しました」の申し出があった資料です。見つかりました。",
    "damaged": "汚損の記録がある資料です。",
}


@bp.get("/returns", endpoint="returns")
@access.staff_required
@counter.at_a_branch
def show_returns():
    return _page(undone=flash.take(HERE).get("undone"))


@bp.post("/returns")
@access.staff_required
@counter.at_a_branch
def give_back():
    """A copy, or the 返却日 for all that follow (the book drop)."""
    barcode = counter.scanned("item")
    item = items.by_barcode(barcode) if barcode else None
    if problem := _set_day():
        refused = _refused(barcode, item, problem) if barcode else None
        return _page(422, day=counter.scanned("day"), day_problems=[problem], refused=refused)
    if not barcode:
        return _done()
    try:
        if item is None:
            raise errors.ItemUnknown()
        row = take(item, returned_on=_day())
    except errors.Refused as refusal:
        return _page(422, refused=_refused(barcode, item, refusal))
    _remember(row)
    return _done()


def _refused(barcode, item, refusal):
    """Return what was not taken back, by name where the number is known, and why."""
    title = panel.name_of(item.title) if item else ""
    return {"title": title, "barcode": item.barcode if item else barcode, "reasons": [refusal.sentence]}


def _set_day():
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


def _day():
    """The day that was set for the batch, as long as it is today; else None."""
    kept = session.get("return_day")
    return dates.parse(kept[0]) if kept and kept[1] == clock.today().isoformat() else None


def take(item, *, returned_on=None) -> dict:
    """Give a copy back at this desk; what is to be done with it now, as it is kept in the session."""
    before = loans.open_loan_of(item)
    note = TROUBLES.get(before.trouble, "") if before else ""
    if not note and item.state in ("missing", "lost"):
        note = f"「{wording.ITEM_STATES[item.state]}」だった資料です。見つかりました。"
    back = returns.give_back(item, at=counter.branch(), now=clock.now(), by=counter.actor(), returned_on=returned_on)
    return {
        "at": counter.time_of_day(),
        "item": item.id,
        "loan": back.loan.id if back.loan else None,
        "what": back.what,
        "late": back.late,
        "hold": back.hold.id if back.hold else None,
        "to": back.to.id if back.to else None,
        "note": note,
    }


def _remember(row):
    session["returned"] = [*session.get("returned", []), row][-KEPT_ROWS:]


def _done(undone=None):
    """Answer at once for htmx; else by a redirect. ``undone``: the id of the copy whose return was taken back."""
    if htmx.asks_for_part():
        return _page(undone=undone)
    if undone:
        flash.keep(HERE, undone=undone)
    return redirect(url_for("desk.returns"), 303)


def _page(status=200, day=None, undone=None, **told):
    rows = told_rows(session.get("returned", []))
    chosen = _day()
    return htmx.page(
        "desk/returns.html",
        status,
        url_for("desk.returns"),
        rows=rows,
        last_loan=rows[0]["loan"] if rows else None,
        undone=panel.name_of(Item.get_by_id(undone).title) if undone else "",
        day=day or (chosen or clock.today()).isoformat(),
        today=clock.today().isoformat(),
        backdated=dates.with_weekday(chosen) if chosen else "",
        page_has_errors=status >= 400,
        **told,
    )


def told_rows(kept) -> list[dict]:
    """What was kept of the copies that came in, in words, the newest first."""
    wanted = [row["item"] for row in kept]
    found = {item.id: item for item in Item.select(Item, Title).join(Title).where(Item.id.in_(wanted))}
    branches = dict(Branch.select(Branch.id, Branch.name).tuples())
    return [_told(row, found[row["item"]], branches) for row in reversed(kept) if row["item"] in found]


def _told(row, item, branches):
    return row | {
        "barcode": item.barcode,
        "title": panel.name_of(item.title),
        "lateness": f"{row['late']}日延滞" if row["late"] else "期限内" if row["loan"] else "貸出中ではありません",
        "to_name": branches.get(row["to"], ""),
        "state": wording.ITEM_STATES[item.state],
        "shelf": item.shelf,
        "item_url": url_for("desk.item", barcode=item.barcode),
        "slip_url": url_for("desk.hold_slip", hold_id=row["hold"]) if row["hold"] else None,
        "place": item.aside_at,
        "place_url": url_for("desk.name_place", item_id=item.id) if row["what"] == "hold" and item.aside else None,
    }


@bp.post("/returns/undo")
@access.staff_required
@counter.at_a_branch
def undo_return():
    """最後の返却を取り消す: the last one of this desk, and only once."""
    kept = session.get("returned", [])
    last = kept[-1] if kept else None
    if last is None or last["loan"] is None or request.form.get("loan") != str(last["loan"]):
        return redirect(url_for("desk.returns"), 303)
    try:
        returns.undo(Loan.get_by_id(last["loan"]), by=counter.actor(), now=clock.now())
    except errors.Refusals as refused:
        return _page(422, not_undone=[reason.sentence for reason in refused.reasons])
    session["returned"] = kept[:-1]
    return _done(undone=last["item"])
