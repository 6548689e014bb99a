"""予約, 搬送: copies to fetch, on the hold shelf, to put back or to send on, and patrons to call."""

from typing import Any

from flask import Blueprint, redirect, session, url_for

from library import branches, clock, dates, errors, wording
from library.lending import item_states, items
from library.lending.holds import copy_places, hold_list, hold_shelf, hold_states, holds
from library.patrons import lookups
from library.store import queries as stored
from models import Branch, Hold, Item, Patron, Title
from web import access, flash, htmx, links, paging
from web.desk import counter, taken_back

bp = Blueprint("holds", __name__)

PAGE, PERSON = "desk.holds.index", "desk.patrons.show"
SIZE = 35  # rows of a list on a page
LISTS = {"pull": "棚から集める", "shelf": "取り置き中", "contact": "要連絡", "reshelve": "棚戻し", "transfers": "搬送"}
FOUND = {
    "pull": hold_shelf.pull_list,
    "shelf": hold_shelf.on_shelf,
    "contact": hold_shelf.to_contact,
    "reshelve": hold_shelf.to_reshelve,
    "transfers": hold_shelf.to_send,
}
COUNTED = {"pull": "pull", "shelf": "kept", "contact": "contact", "reshelve": "over"}  # the work of each tab


def list_url(name: str) -> str:
    if name == "transfers":
        return url_for("desk.holds.transfers")
    return url_for("desk.holds.index") if name == "pull" else url_for("desk.holds.show", name=name)


@bp.get("/holds")
@access.staff_required
@counter.at_a_branch
def index() -> access.Reply:
    return _page("pull")


@bp.get("/holds/<any(shelf, contact, reshelve):name>")
@access.staff_required
@counter.at_a_branch
def show(name: str) -> access.Reply:
    return _page(name)


@bp.get("/transfers")
@access.staff_required
@counter.at_a_branch
def transfers() -> access.Reply:
    return _page("transfers")


@bp.post("/holds/scan/<any(pull, shelf, contact, reshelve, transfers):name>")
@access.staff_required
@counter.at_a_branch
def scan(name: str) -> access.Reply:
    """Take a copy in hand: fetched, arrived, or to be put back. The rule is that of a return; the answer is on the same
    page.
    """
    barcode = counter.scanned("item")
    if not barcode:
        return redirect(list_url(name), 303)
    item = counter.copy_of(barcode)
    if item is None:
        return _page(name, 422, refused={"barcode": barcode, "reasons": [items.refusal(barcode).sentence]})
    return _answer(name, taken_back.take(item, at=counter.here()))


@bp.post("/holds/put-back/<row_id:item_id>")
@access.staff_required
@counter.at_a_branch
def put_back(item_id: int) -> access.Reply:
    """棚に戻した: put a copy back without a scanner."""
    item = access.mine_or_404(Item.select().where(Item.id == item_id, Item.aside))
    return _answer("reshelve", taken_back.take(item, at=counter.here()))


@bp.post("/holds/place/<row_id:item_id>")
@access.staff_required
@counter.at_a_branch
def name_place(item_id: int) -> access.Reply:
    """取り置きの棚: store the place of a copy, typed or scanned; go back to the page it was named on."""
    item = access.mine_or_404(Item.select().where(Item.id == item_id, Item.aside))
    copy_places.name_aside(item, counter.scanned("place"))
    return redirect(links.wanted() or list_url("shelf"), 303)


def _answer(name: str, row: dict) -> access.Reply:
    """Show what became of the copy: at once for htmx; else once after a redirect."""
    if htmx.asks_for_part():
        return _page(name, row=row)
    session["hold_scan"] = row
    return redirect(list_url(name), 303)


@bp.get("/holds/<row_id:hold_id>/cancel")
@access.staff_required
@counter.at_a_branch
def ask_cancel(hold_id: int) -> access.Reply:
    """Show whose hold would end, and what follows. A hold that is over is shown without patron and title."""
    hold, back = access.row_or_404(Hold, hold_id), links.wanted() or list_url("shelf")
    if over := holds.ended_refusals(hold):
        return htmx.page("desk/holds/over.html", reasons=[reason.sentence for reason in over], back=back)
    return htmx.page(
        "desk/holds/cancel.html",
        id=hold.id,
        title=hold.title.full_name,
        words=hold_list.words(hold),
        name=hold.patron.name,
        card_number=hold.patron.card_number,
        patron_url=url_for("desk.patrons.show", patron_id=hold.patron_id),
        kept=hold.state in hold_states.SET_ASIDE,
        by_mail=hold.contact_method == "mail" and not hold.cancel_at,
        back=back,
    )


@bp.post("/holds/<row_id:hold_id>/<any(contacted, missing, cancel):what>")
@access.staff_required
@counter.at_a_branch
def serve(hold_id: int, what: str) -> access.Reply:
    """Mark a hold 連絡済 or 見つからない, or carry out its 取消."""
    hold = access.row_or_404(Hold, hold_id)
    name = {"contacted": "contact", "missing": "pull", "cancel": "shelf"}[what]
    by = counter.acting()
    try:
        {"contacted": hold_shelf.contacted, "missing": item_states.mark_missing, "cancel": holds.cancel}[what](
            hold, **by
        )
    except (errors.Refusals, errors.Refused) as refused:
        return _page(name, 409, message=str(refused))
    back = links.wanted() or list_url(name)
    if what == "cancel" and back == url_for(PERSON, patron_id=hold.patron_id):
        flash.keep(PERSON, done="hold_cancelled")
    elif back.startswith(url_for(PAGE)):
        flash.keep(PAGE, done=what, title=hold.title.full_name)
    return redirect(back, 303)


def _page(name: str, status: int = 200, row: dict | None = None, **context: Any) -> access.Reply:
    here = counter.here()
    found, counts = FOUND[name](here), counter.work()
    if name in lookups.HOLDS_LISTED:
        lookups.note_holds(name, len({hold.patron_id for hold in found}), **counter.acting())
    row = row or session.pop("hold_scan", None)
    shown = paging.cut(found, SIZE, list_url(name))
    return htmx.page(
        "desk/holds/transfers.html" if name == "transfers" else "desk/holds/index.html",
        status,
        list_url(name),
        list_url=list_url(name),
        name=name,
        heading=LISTS[name],
        tabs=[_tab(code, name, counts[kind].number if kind in counts else 0) for code, kind in COUNTED.items()],
        total=len(found),
        **shown | {"rows": _rows(name, shown["rows"])},
        back=taken_back.in_words([row])[0] if row else None,
        messages=flash.take(PAGE),
        branch=here.name,
        page_has_errors=status >= 400,
        **context,
    )


def _tab(code: str, name: str, count: int) -> dict:
    return {"label": LISTS[code], "count": count, "url": list_url(code), "here": code == name}


def _rows(name: str, found: list) -> list[dict]:
    """Return the rows of a list: ``found`` are copies where they go back or to another branch, else holds."""
    if name in ("reshelve", "transfers"):
        names = branches.names()
        held = _with_holds(found) if name == "transfers" else set()
        return [_copy(item, names, held) for item in found]
    return [_hold(hold, hold.item) for hold in found if hold.item]


def _with_holds(found: list[Item]) -> set[int]:
    rows = Hold.select(Hold.item).where(Hold.item.in_([item.id for item in found]), Hold.state == "in_transit")
    return {item_id for (item_id,) in stored.tuples(rows)}


def _copy(item: Item, names: dict, held: set[int]) -> dict:
    return {
        "id": item.id,
        "barcode": item.barcode,
        "title": item.title.full_name,
        "author": item.title.author,
        "place": " ".join(part for part in (_elsewhere(item, names), item.shelf, item.call_number) if part),
        "to": names.get(item.going_to_id, ""),
        "is_held": item.id in held,
        "aside_at": item.aside_at,
    }


def _elsewhere(item: Item, names: dict) -> str:
    """Return the branch that owns a copy, if that is another one: its shelf is not here."""
    return names.get(item.branch_id, "") if item.branch_id != counter.here().id else ""


def _hold(hold: Hold, item: Item) -> dict:
    patron = hold.patron
    return {
        "id": hold.id,
        "barcode": item.barcode,
        "title": hold.title.full_name,
        "author": hold.title.author,
        "place": " ".join(part for part in (item.shelf, item.call_number) if part),
        "aside_at": item.aside_at,
        "to": hold.pickup_branch.name,
        "card_number": patron.card_number,
        "name": patron.name,
        "patron_url": url_for("desk.patrons.show", patron_id=patron.id),
        "since": dates.with_weekday(hold.on_shelf_on, year=False),
        "until": dates.with_weekday(hold.pickup_by, year=False),
        "given_up_until": dates.time_of_day(hold.cancel_at) if hold.cancel_at else "",
        "contact": _contact(patron),
        "slip_url": url_for("desk.holds.slip", hold_id=hold.id),
    }


def _contact(patron: Patron) -> str:
    """Return the telephone to call: of the kind that the patron chose, else any; "" without one."""
    phones = {"mobile": patron.phone_mobile, "home": patron.phone_home, "work": patron.phone_work}
    chosen = [patron.contact_phone, *(code for code in phones if code != patron.contact_phone)]
    code = next((code for code in chosen if phones[code]), None)
    return f"{wording.CONTACT_PHONES[code]} {phones[code]}" if code else ""


@bp.get("/holds/<row_id:hold_id>/slip")
@access.staff_required
def slip(hold_id: int) -> access.Reply:
    """Print the 予約票 to lie in the book: the last digits of the card instead of a name, as the shelf may
    be seen by all.
    """
    rows = Hold.select(Hold, Patron, Title, Branch, Item).join(Patron).switch(Hold).join(Title).switch(Hold)
    rows = rows.join(Branch, on=Hold.pickup_branch).switch(Hold).join(Item, on=Hold.item)
    hold = access.mine_or_404(rows.where(Hold.id == hold_id, Hold.state.in_(("in_transit", "ready"))))
    return htmx.page(
        "desk/holds/slip.html",
        title=hold.title.full_name,
        barcode=hold.item.barcode,
        branch=hold.pickup_branch.name,
        aside_at=hold.item.aside_at,
        last_digits=hold.patron.card_number[-4:],
        moving=hold.state == "in_transit",
        until=dates.with_weekday(hold.pickup_by),
        contact=wording.CONTACT_METHODS[hold.contact_method],
        today=dates.with_weekday(clock.today()),
        back=links.wanted() or url_for("desk.returns.index"),
    )
