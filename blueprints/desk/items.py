"""資料: one copy with its state, and what the desk may do with it; what is unsettled."""

from flask import abort, redirect, request

from blueprints.desk import bp, counter, panel
from library import clock, dates, errors, wording
from library.lending import items, loans, troubles
from library.lending.holds import hold_queue, hold_states, holds
from models import Branch, Loan
from web import access, htmx
from web.links import url_for

STATES = wording.ITEM_STATES
TROUBLES = {"": "", "lost": "紛失", "damaged": "汚損", "claimed": "返しましたの申し出"}
SETTLED = {"available": "貸出可", "repair": "修理中", "withdrawn": "除籍"}


@bp.get("/items", endpoint="items")
@access.staff_required
def find_item():
    """資料番号 by scan; the copy is opened."""
    asked = request.args.get("item", "")[: counter.LONGEST_SCAN]
    found = items.by_barcode(asked) if asked else None
    if found:
        return redirect(url_for("desk.item", barcode=found.barcode))
    refused = {"barcode": asked, "reasons": [errors.ItemUnknown().sentence]} if asked else None
    return htmx.page("desk/items.html", 422 if refused else 200, refused=refused, page_has_errors=bool(refused))


@bp.get("/items/<barcode>")
@access.staff_required
def item(barcode):
    return _page(_mine_to_serve(barcode))


def _mine_to_serve(barcode):
    found = items.by_barcode(barcode)
    if found is None:
        abort(404)
    return found


def _last_loan(copy):
    """The open loan, or the last one as long as its borrower is known."""
    rows = Loan.select().where(Loan.item == copy.id, Loan.patron.is_null(False))
    return rows.order_by(Loan.returned_on.is_null().desc(), Loan.id.desc()).first()


def _page(copy, status=200, message=None):
    loan, title = _last_loan(copy), copy.title
    return htmx.page(
        "desk/item.html",
        status,
        barcode=copy.barcode,
        name=panel.name_of(title),
        author=title.author,
        title_url=url_for("catalog.title", title_id=title.id),
        facts=_facts(copy, loan),
        state=copy.state,
        states=[(code, word) for code, word in STATES.items() if code != copy.state],
        loan=_loan(loan) if loan else None,
        settled=SETTLED.items(),
        message=message,
        page_has_errors=status >= 400,
    )


def _facts(copy, loan):
    branches = dict(Branch.select(Branch.id, Branch.name).tuples())
    hold = hold_queue.holder_of(copy)
    out = loan is not None and loan.returned_on is None
    said = [
        ("状態", "貸出中" if out else STATES[copy.state]),
        ("所蔵館", branches[copy.branch_id]),
        ("場所", " ".join(part for part in (copy.shelf, copy.call_number) if part)),
        ("いまある館", branches.get(copy.at_branch_id, "")),
        ("搬送先", branches.get(copy.going_to_id, "")),
        ("取り置き", hold_states.words(hold) if hold else "窓口の奥" if copy.aside else ""),
        ("取り置きの棚", copy.aside_at),
        ("資料区分", loans.type_of(copy)),
        ("受入日", dates.with_weekday(copy.acquired_on) if copy.acquired_on else ""),
    ]
    return [{"label": label, "value": value} for label, value in said if value]


def _loan(loan):
    return {
        "is_open": loan.returned_on is None,
        "lent_on": dates.with_weekday(loan.lent_on),
        "due_on": dates.with_weekday(loan.due_on),
        "returned_on": dates.with_weekday(loan.returned_on) if loan.returned_on else "",
        "trouble": loan.trouble,
        "trouble_words": TROUBLES[loan.trouble],
        "patron_url": url_for("desk.patron", patron_id=loan.patron_id),
    }


@bp.post("/items/<barcode>/state")
@access.staff_required
def set_item_state(barcode):
    """館内, 修理中, 不明, 紛失, 除籍 … of a copy that is not lent out."""
    copy, state = _mine_to_serve(barcode), request.form.get("state", "")
    if state not in STATES:
        abort(422)
    try:
        holds.set_item_state(copy, state, by=counter.actor(), now=clock.now())
    except errors.Refusals as refused:
        return _page(copy, 409, "".join(reason.sentence for reason in refused.reasons))
    return redirect(url_for("desk.item", barcode=copy.barcode), 303)


@bp.post("/items/<barcode>/<any(lost, claimed, rejected, damaged, settled):what>")
@access.staff_required
def settle_loan(barcode, what):
    """紛失, 返しました, 見つからなかった, 汚損, 弁償ほか: what is unsettled about the last loan of a copy."""
    copy = _mine_to_serve(barcode)
    loan, by = _last_loan(copy), {"by": counter.actor(), "now": clock.now()}
    state = request.form.get("state", "")
    if loan is None or (what == "settled" and state not in SETTLED):
        abort(422)
    rule = {
        "lost": troubles.report_lost,
        "claimed": troubles.claim_returned,
        "rejected": troubles.reject_claim,
        "damaged": troubles.report_damage,
        "settled": lambda loan, **by: troubles.settle(loan, item_state=state, **by),
    }[what]
    try:
        rule(loan, **by)
    except errors.Refusals as refused:
        return _page(copy, 409, "".join(reason.sentence for reason in refused.reasons))
    return redirect(url_for("desk.item", barcode=copy.barcode), 303)


@bp.get("/claims")
@access.staff_required
def claims():
    """返しました, 紛失, 汚損: what is unsettled, the oldest first."""
    return htmx.page("desk/claims.html", rows=[_claim(loan) for loan in troubles.unsettled()])


def _claim(loan):
    copy = loan.item
    return {
        "trouble": TROUBLES[loan.trouble],
        "barcode": copy.barcode,
        "title": panel.name_of(copy.title),
        "place": " ".join(part for part in (copy.shelf, copy.call_number) if part),
        "lent_on": dates.with_weekday(loan.lent_on),
        "item_url": url_for("desk.item", barcode=copy.barcode),
    }
