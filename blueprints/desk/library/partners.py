"""相手館: the libraries with which this one borrows and lends, added, changed and stopped."""

from typing import Any

from flask import Blueprint, url_for

from library.interlibrary import partners
from models import Partner
from web import access, flash, forms, htmx
from web.desk import counter

bp = Blueprint("partners", __name__)

PAGE = "desk.partners.index"


class PartnerForm(forms.Form):
    name = forms.Text("相手館名", maximum=partners.LONGEST)
    isil = forms.Text("ISIL", maximum=20)


@bp.get("")
@access.staff_required
def index() -> access.Reply:
    return htmx.page("desk/partners/index.html", rows=list(partners.all_of_them()), messages=flash.take(PAGE))


@bp.get("/new")
@access.staff_required
def new() -> access.Reply:
    return _page(PartnerForm(formdata=None))


def _page(form: PartnerForm, row: Partner | None = None) -> access.Reply:
    action = url_for("desk.partners.change", partner_id=row.id) if row else url_for("desk.partners.add")
    return form.page("desk/partners/edit.html", row=row, action=action)


def _write(row: Partner | None, done: str) -> access.Reply:
    form = PartnerForm()
    made: Any = form.submit(lambda: partners.write(row, form.name.data, form.isil.data, **counter.acting()))
    return flash.leave(PAGE, done=done) if made else _page(form, row)


@bp.post("/new")
@access.staff_required
def add() -> access.Reply:
    return _write(None, "added")


@bp.get("/<row_id:partner_id>")
@access.staff_required
def edit(partner_id: int) -> access.Reply:
    row = access.row_or_404(Partner, partner_id)
    return _page(PartnerForm(formdata=None, name=row.name, isil=row.isil), row)


@bp.post("/<row_id:partner_id>")
@access.staff_required
def change(partner_id: int) -> access.Reply:
    return _write(access.row_or_404(Partner, partner_id), "changed")


@bp.post("/<row_id:partner_id>/<any(stop, resume):act>")
@access.staff_required
def stop(partner_id: int, act: str) -> access.Reply:
    """Ask nothing of a library any more, or take it up again."""
    partners.stop(access.row_or_404(Partner, partner_id), resume=act == "resume", **counter.acting())
    return flash.leave(PAGE, done=act)
