"""資料: one copy with its state, and the acts of the desk on it."""

from flask import Blueprint, abort, redirect, request, url_for

from library import branches, dates, errors, wording
from library.lending import copies, item_states, items, loans, troubles, withdrawals
from library.lending.holds import hold_queue, hold_states
from models import Item, Loan
from web import access, htmx
from web.desk import counter, fields

bp = Blueprint("items", __name__)

STATES = wording.ITEM_STATES
SETTLED = ("available", "repair", "withdrawn")


@bp.get("")
@access.staff_required
def index() -> access.Reply:
    """Open the copy whose 資料番号 was scanned."""
    asked = request.args.get("item", "")[: counter.LONGEST_SCAN]
    found = items.by_barcode(asked) if asked else None
    if found:
        return redirect(url_for("desk.items.show", barcode=found.barcode))
    refused = {"barcode": asked, "reasons": [items.refusal(asked).sentence]} if asked else None
    return htmx.page("desk/items/index.html", 422 if refused else 200, refused=refused, page_has_errors=bool(refused))


@bp.get("/<barcode:barcode>")
@access.staff_required
def show(barcode: str) -> access.Reply:
    return _page(_copy(barcode))


def _copy(barcode: str) -> Item:
    return items.by_barcode(barcode) or abort(404)


def _last_loan(copy: Item) -> Loan | None:
    """Return the open loan, or the last one while its patron is known; None without one."""
    rows = Loan.select().where(Loan.item == copy.id, Loan.patron.is_null(False))
    return rows.order_by(Loan.returned_on.is_null().desc(), Loan.id.desc()).first()


def _page(copy: Item, status: int = 200, message: str | None = None) -> access.Reply:
    loan, title = _last_loan(copy), copy.title
    return htmx.page(
        "desk/items/show.html",
        status,
        barcode=copy.barcode,
        name=title.full_name,
        author=title.author,
        title_url=url_for("catalog.title", title_id=title.id),
        facts=_facts(copy, loan),
        state=copy.state,
        states=[(code, word) for code, word in STATES.items() if code not in (copy.state, "withdrawn")],
        withdraw_url=url_for("desk.withdrawals.ask", item=copy.id),
        loan=_loan(loan) if loan else None,
        settled=[(code, STATES[code]) for code in SETTLED],
        message=message,
        page_has_errors=status >= 400,
    )


def _facts(copy: Item, loan: Loan | None) -> dict:
    names = branches.names()
    hold = hold_queue.holder_of(copy)
    out = loan is not None and loan.returned_on is None
    return {
        "state": "" if out else STATES[copy.state],
        "branch": names[copy.branch_id],
        "place": " ".join(part for part in (copy.shelf, copy.call_number) if part),
        "at": names.get(copy.at_branch_id or 0, ""),
        "going_to": names.get(copy.going_to_id or 0, ""),
        "hold": hold_states.words(hold) if hold else "",
        "is_aside": copy.aside,
        "aside_at": copy.aside_at,
        "material_type": loans.type_of(copy),
        "acquired_on": dates.with_weekday(copy.acquired_on),
        "acquired": "、".join(filter(None, (copy.acquired_how, copy.supplier, copy.budget_word))),
        "price": "" if copy.price is None else f"{copy.price:,}円",
        "withdrawn_on": dates.with_weekday(copy.withdrawn_on),
        "withdrawn_reason": copy.withdrawn_reason,
        "note": copy.note,
    }


def _loan(loan: Loan) -> dict:
    return {
        "is_open": loan.returned_on is None,
        "lent_on": dates.with_weekday(loan.lent_on),
        "due_on": dates.with_weekday(loan.due_on),
        "returned_on": dates.with_weekday(loan.returned_on),
        "trouble": loan.trouble,
        "trouble_words": wording.TROUBLES[loan.trouble],
        "patron_url": url_for("desk.patrons.show", patron_id=loan.patron_id),
    }


@bp.post("/<barcode:barcode>/state")
@access.staff_required
def set_state(barcode: str) -> access.Reply:
    """Set 館内, 修理中, 不明, 紛失 … of a copy that is not lent out."""
    copy, state = _copy(barcode), request.form.get("state", "")
    if state not in STATES:
        abort(422)
    try:
        item_states.change(copy, state, **counter.acting())
    except errors.Refusals as refused:
        return _page(copy, 409, str(refused))
    return redirect(url_for("desk.items.show", barcode=copy.barcode), 303)


@bp.get("/<barcode:barcode>/settled")
@access.staff_required
def ask_settled(barcode: str) -> access.Reply:
    """Show what ends with 解決, and what the copy will be; where nothing is unsettled, the copy."""
    copy, state = _copy(barcode), request.args.get("state", "")
    loan = _last_loan(copy)
    if loan is None or not loan.trouble or state not in SETTLED:
        return redirect(url_for("desk.items.show", barcode=copy.barcode), 303)
    return htmx.page(
        "desk/items/settled.html",
        barcode=copy.barcode,
        name=copy.title.full_name,
        trouble=wording.TROUBLES[loan.trouble],
        reasons=wording.WITHDRAWAL_REASONS if state == "withdrawn" else (),
        chosen=withdrawals.REPLACED,
        state=state,
        settled=STATES,
    )


@bp.post("/<barcode:barcode>/<any(lost, claimed, rejected, damaged, settled):what>")
@access.staff_required
def settle(barcode: str, what: str) -> access.Reply:
    """Settle the last loan of a copy, or note what is unsettled about it: 紛失, 返しました, 見つからなかった, 汚損, 弁償ほか."""
    copy = _copy(barcode)
    loan, by = _last_loan(copy), counter.acting()
    state = request.form.get("state", "")
    reason = request.form.get("reason", withdrawals.REPLACED)
    if loan is None or (what == "settled" and (state not in SETTLED or reason not in wording.WITHDRAWAL_REASONS)):
        abort(422)
    rule = {
        "lost": troubles.report_lost,
        "claimed": troubles.claim_returned,
        "rejected": troubles.reject_claim,
        "damaged": troubles.report_damage,
        "settled": lambda loan, **by: troubles.settle(loan, item_state=state, reason=reason, **by),
    }[what]
    try:
        rule(loan, **by)
    except errors.Refusals as refused:
        return _page(copy, 409, str(refused))
    return redirect(url_for("desk.items.show", barcode=copy.barcode), 303)


# -- by hand -----------------------------------------------------------------------------------------------------------
@bp.get("/<barcode:barcode>/edit")
@access.staff_required
def edit(barcode: str) -> access.Reply:
    copy = _copy(barcode)
    stored = {name: getattr(copy, name) for name in ("barcode", *copies.TEXTS)}
    stored |= {"branch": str(copy.branch_id), "price": "" if copy.price is None else str(copy.price)}
    stored |= {"acquired_on": copy.acquired_on.isoformat() if copy.acquired_on else ""}
    return _form_page(copy, fields.CopyForm(formdata=None, also=copy.material_type, **stored))


@bp.post("/<barcode:barcode>/edit")
@access.staff_required
def change(barcode: str) -> access.Reply:
    copy = _copy(barcode)
    form = fields.CopyForm(also=copy.material_type)
    changed = form.submit(lambda: copies.change(copy, copies.read(form.typed(), copy), **counter.acting()))
    if changed is None:
        return _form_page(copy, form)
    return redirect(url_for("desk.titles.show", title_id=changed.title_id, item=changed.barcode), 303)


def _form_page(copy: Item, form: fields.CopyForm) -> access.Reply:
    return form.page(
        "desk/items/form.html",
        barcode=copy.barcode,
        name=copy.title.full_name,
        title_url=url_for("desk.titles.show", title_id=copy.title_id),
        state=wording.ITEM_STATES[copy.state],
        withdraw_url="" if copy.state == "withdrawn" else url_for("desk.withdrawals.ask", item=copy.id),
    )
