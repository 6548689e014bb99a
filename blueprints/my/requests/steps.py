"""リクエストの申し込み in three steps. What is typed travels in the form from one to the next."""

from collections.abc import Sequence
from typing import Any

from flask import redirect, request, url_for
from flask_login import current_user

from blueprints.my.requests.blueprint import bp
from library import clock, errors, wording
from library.patrons import profile
from library.requests import deciding, receipt, same_work
from models import PatronRequest
from web import access, flash, forms, htmx
from web.parts import stored_policy
from web.parts.rows import request_rows

PAGE, DONE = "requests.index", "requests.done"


def _form(**given: Any) -> request_rows.RequestForm:
    every = profile.pickup_branches(current_user.patron, stored_policy.branches_in_order())
    return request_rows.RequestForm(every, **given)


@bp.get("/new")
@access.patron_required
def new() -> access.Reply:
    """Offer the form, with what the address tells of the work."""
    stored = profile.stored(current_user.patron)
    usual = {name: stored[name] for name in ("pickup_branch", "contact_method")} | {"may_borrow": True}
    told = {name: forms.printable(request.args.get(name, ""))[: receipt.LONGEST] for name in receipt.TOLD}
    return _edit_page(_form(formdata=None, **usual | told))


@bp.post("/new")
@access.patron_required
def revise() -> access.Reply:
    """修正: show the first step again, with what was typed."""
    return _edit_page(_form())


def _edit_page(form: request_rows.RequestForm, refused: Sequence[errors.Refused] = ()) -> access.Reply:
    """Return the first step. ``refused``: reasons against this request; those against any stand there, too."""
    rules = stored_policy.read()
    always = receipt.standing_of(current_user.patron, today=clock.today(), rules=rules).reasons
    others = [reason for reason in refused if reason not in always]
    title = same_work.owned_title(form.wish()) if errors.WorkIsHeld() in refused else None
    return form.page(
        "requests/new.html",
        422 if refused else 0,
        always=[reason.sentence for reason in always],
        refused=[reason.sentence for reason in others],
        title_url=url_for("catalog.title", title_id=title.id) if title else "",
        pause=request_rows.pause(),
        not_taken=rules.get("requests_not_taken"),
        page_has_errors=bool(form.problems or refused),
        more_open=any(
            form.problems.get(name) or form[name].data for name in ("publisher", "year_text", "volume", "note")
        ),
    )


@bp.get("/confirm", endpoint="confirm")
@access.patron_required
def begin_again() -> access.Reply:
    return redirect(url_for("requests.new"), 303)


@bp.post("/confirm")
@access.patron_required
def look() -> access.Reply:
    """確認する: show the request once more before it is sent, or the first step again with its refusals."""
    form, patron = _form(), current_user.patron
    form.problems = forms.refused(form) or {**receipt.judge(form.wish())}
    if form.problems:
        return _edit_page(form)
    chosen = form.chosen()
    how = (chosen["pickup_branch"], chosen["contact_method"])
    if reasons := receipt.refusals(patron, form.wish(), *how, today=clock.today()):
        return _refused(form, reasons)
    return form.page(
        "requests/confirm.html", branch=chosen["pickup_branch"].name, contact=wording.CONTACT_METHODS[how[1]]
    )


def _refused(form: request_rows.RequestForm, reasons: Sequence[errors.Refused]) -> access.Reply:
    """Return the first step with each reason at its field, if it is about one."""
    found = request_rows.at_fields(reasons, "")
    others = found.pop("", ())
    form.problems = found
    return _edit_page(form, others)


@bp.post("/done")
@access.patron_required
def send() -> access.Reply:
    """申し込む: ask, once; the same form again leads to the same result."""
    form, patron = _form(), current_user.patron
    try:
        made = form.submit(lambda: receipt.ask(patron, form.wish(), **form.chosen(), now=clock.now()))
    except errors.Refusals as found:
        before = receipt.own_request(patron, form.wish()) if found.reasons == [errors.AlreadyAsked()] else None
        return flash.leave(DONE, request=before.id) if before else _refused(form, found.reasons)
    return flash.leave(DONE, request=made.id) if made else _edit_page(form)


@bp.get("/done")
@access.patron_required
def done() -> access.Reply:
    row = request_rows.mine().where(PatronRequest.id == flash.take(DONE).get("request")).first()
    if row is None:
        return redirect(url_for(PAGE), 303)
    standing = receipt.standing_of(current_user.patron, today=clock.today(), rules=stored_policy.read())
    return htmx.page(
        "requests/done.html",
        row=request_rows.row(row),
        waiting=len(deciding.open_requests(row.wanted)),
        by_mail=row.contact_method == "mail",
        places=standing.places,
    )
