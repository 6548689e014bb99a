"""セット: copies that are lent by one scan; the list, one of them with its copies, and its 配送票."""

from typing import Any

from flask import Blueprint, url_for

from library import branches, clock, dates, errors, wording
from library.lending import items
from library.lending.sets import item_sets, set_loans
from library.patrons import homes
from models import Item, ItemSet, Loan
from web import access, flash, forms, htmx
from web.desk import counter
from web.desk.fields import BranchField

bp = Blueprint("sets", __name__)
PAGE, ONE = "desk.sets.index", "desk.sets.show"


class SetForm(forms.Form):
    name = forms.Text("名前", maximum=item_sets.LONGEST)
    barcode = forms.Text("番号", maximum=100)
    branch = BranchField("館")


@bp.get("")
@access.staff_required
@counter.at_a_branch
def index() -> access.Reply:
    return htmx.page(
        "desk/sets/index.html", rows=item_sets.counted(), branches=branches.names(), messages=flash.take(PAGE)
    )


@bp.get("/new")
@access.staff_required
@counter.at_a_branch
def new() -> access.Reply:
    return SetForm(formdata=None, branch=str(counter.here().id)).page("desk/sets/new.html")


@bp.post("/new")
@access.staff_required
def add() -> access.Reply:
    form = SetForm()
    made = form.submit(lambda: item_sets.save(None, form.typed(), **counter.acting()))
    return flash.leave(ONE, {"set_id": made.id}, done="added") if made else form.page("desk/sets/new.html")


# -- one of them -----------------------------------------------------------------------------------------------------
@bp.get("/<row_id:set_id>")
@access.staff_required
def show(set_id: int) -> access.Reply:
    return _page(access.row_or_404(ItemSet, set_id))


def _page(row: ItemSet, form: SetForm | None = None, refused: dict[str, Any] | None = None) -> access.Reply:
    form = form or SetForm(formdata=None, name=row.name, barcode=row.barcode, branch=str(row.branch_id))
    out = {loan.item_id: loan for loan in item_sets.open_loans([row])}
    rows = [_row(item, out.get(item.id)) for item in item_sets.copies(row)]
    return form.page(
        "desk/sets/show.html",
        422 if refused or form.problems else 200,
        item_set=row,
        rows=rows,
        out=len(out),
        missing=sum(each["is_missing"] for each in rows),
        refused=refused,
        messages=flash.take(ONE),
        page_has_errors=bool(refused or form.problems),
    )


def _row(item: Item, loan: Loan | None) -> dict[str, Any]:
    return {
        "id": item.id,
        "title": item.title.full_name,
        "barcode": item.barcode,
        "url": url_for("desk.items.show", barcode=item.barcode),
        "state": f"{dates.with_weekday(loan.due_on, year=False)}まで" if loan else wording.ITEM_STATES[item.state],
        "is_out": loan is not None,
        "is_missing": loan is not None or item.state in set_loans.NOT_THERE,
    }


@bp.post("/<row_id:set_id>")
@access.staff_required
def change(set_id: int) -> access.Reply:
    row, form = access.row_or_404(ItemSet, set_id), SetForm()
    saved = form.submit(lambda: item_sets.save(row, form.typed(), **counter.acting()))
    return flash.leave(ONE, {"set_id": set_id}, done="changed") if saved else _page(row, form)


@bp.post("/<row_id:set_id>/copies")
@access.staff_required
def add_copy(set_id: int) -> access.Reply:
    """Add the copy whose number was scanned."""
    row, barcode = access.row_or_404(ItemSet, set_id), counter.scanned("item")
    item = counter.copy_of(barcode)
    try:
        if item is None:
            raise items.refusal(barcode) if barcode else errors.FieldEmpty()
        item_sets.add(row, item, **counter.acting())
    except errors.Refused as refusal:
        title = item.title.full_name if item else ""
        return _page(row, refused={"title": title, "barcode": barcode, "reasons": [refusal.sentence]})
    return flash.leave(ONE, {"set_id": set_id}, done="copy_added", barcode=item.barcode)


@bp.post("/<row_id:set_id>/copies/<row_id:item_id>/removal")
@access.staff_required
def remove_copy(set_id: int, item_id: int) -> access.Reply:
    """Remove a copy; scanning it again puts it at the end."""
    try:
        item = item_sets.remove(access.row_or_404(ItemSet, set_id), item_id, **counter.acting())
    except errors.Refused as refusal:
        return flash.leave(ONE, {"set_id": set_id}, done="refused", refused=[refusal])
    removed: dict[str, Any] = {"done": "copy_removed", "barcode": item.barcode} if item else {}
    return flash.leave(ONE, {"set_id": set_id}, **removed)


@bp.get("/<row_id:set_id>/deletion")
@access.staff_required
def ask_deletion(set_id: int) -> access.Reply:
    row = access.row_or_404(ItemSet, set_id)
    return htmx.page("desk/sets/deletion.html", item_set=row, count=len(item_sets.copies(row)))


@bp.post("/<row_id:set_id>/deletion")
@access.staff_required
def delete(set_id: int) -> access.Reply:
    try:
        item_sets.delete(access.row_or_404(ItemSet, set_id), **counter.acting())
    except errors.Refused as refusal:
        return flash.leave(ONE, {"set_id": set_id}, done="refused", refused=[refusal])
    return flash.leave(PAGE, done="deleted")


@bp.get("/<row_id:set_id>/slip")
@access.staff_required
def slip(set_id: int) -> access.Reply:
    """配送票: show on A4 what goes where to whom, to be signed for; that the address was shown is written down."""
    row = access.row_or_404(ItemSet, set_id)
    loans = set_loans.last_taken(row)
    patron = loans[0].patron if loans else None
    if patron:
        homes.note_view(patron, **counter.acting())
    return htmx.page(
        "desk/sets/slip.html",
        item_set=row,
        patron=patron and _receiver(patron),
        due_on=dates.with_weekday(max(loan.due_on for loan in loans)) if loans else "",
        rows=[_row(loan.item, loan) | {"author": loan.item.title.author} for loan in loans],
        today=dates.with_weekday(clock.today()),
    )


def _receiver(patron: Any) -> dict[str, Any]:
    address = f"〒{patron.postal_code} {patron.address}" if patron.postal_code else patron.address
    facts = {"配送先": patron.delivery_to or address, "担当者": patron.guardian_name, "電話": patron.guardian_phone}
    facts["代表者"] = patron.representative
    is_group = homes.is_group(patron.category)
    shown = facts if is_group else {"配送先": address}
    return {
        "name": patron.name,
        "honorific": "御中" if is_group else "様",
        "facts": [each for each in shown.items() if each[1]],
    }
