"""リクエスト: what the patron asked for in its state, and asking in three steps. What is typed travels in the form."""

from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask_login import current_user

from library import clock, errors, wording
from library.patrons import profile
from library.requests import asking, letters, states
from models import Branch, PatronRequest, Wanted, full_name
from web import access, flash, forms, htmx
from web.parts import seal_facts, stored_policy
from web.parts.request_form import RequestForm, at_fields

bp = Blueprint("requests", __name__)
PAGE, DONE = "requests.index", "requests.done"


# -- the list --------------------------------------------------------------------------------------------------------
def _mine() -> Any:
    rows = PatronRequest.select(PatronRequest, Wanted, Branch).join(Wanted).switch(PatronRequest).join(Branch)
    return rows.where(PatronRequest.patron == current_user.patron, ~PatronRequest.sealed)


@bp.get("")
@access.patron_required
def index() -> access.Reply:
    rows = list(_mine().order_by(PatronRequest.asked_at.desc(), PatronRequest.id.desc()))
    asked = letters.partners([row.wanted_id for row in rows])
    answer, named = flash.take(PAGE), {row.id: full_name(row.wanted.title_text, row.wanted.volume) for row in rows}
    drawn = [_row(row, asked.get(row.wanted_id, "")) for row in rows]
    standing = asking.standing_of(current_user.patron, today=clock.today(), rules=stored_policy.read())
    return htmx.page(
        "requests/index.html",
        rows=[row for row in drawn if not row["ended_on"]],
        over=[row for row in drawn if row["ended_on"]],
        standing=standing,
        reasons=[reason.sentence for reason in standing.reasons],
        pause=stored_policy.read().get("requests_pause"),
        messages=answer | {"name": named.get(answer.get("request"), "")},
        **seal_facts.read(),
    )


def _row(row: PatronRequest, partner: str = "") -> dict[str, Any]:
    state, wanted = states.of(row), row.wanted
    names, looks = states.steps(row)
    return {
        "id": row.id,
        "title": wanted.title_text,
        "name": full_name(wanted.title_text, wanted.volume),
        "author": wanted.author,
        "day": clock.day_of(row.asked_at),
        "sentences": states.sentences(row, partner),
        "dots": names,
        "looks": looks,
        "reply": row.reply,
        "undecided": state in states.UNDECIDED,
        "ended_on": clock.day_of(row.ended_at) if row.ended_at else None,
    }


# -- asking ----------------------------------------------------------------------------------------------------------
def _form(**given: Any) -> RequestForm:
    every = profile.pickup_branches(current_user.patron, stored_policy.branches_in_order())
    return RequestForm(every, **given)


@bp.get("/new")
@access.patron_required
def new() -> access.Reply:
    """Offer the form, with what the address tells of the work."""
    stored = profile.stored(current_user.patron)
    usual = {name: stored[name] for name in ("pickup_branch", "contact_method")} | {"may_borrow": True}
    told = {name: forms.printable(request.args.get(name, ""))[: asking.LONGEST] for name in asking.TOLD}
    return _edit_page(_form(formdata=None, **usual | told))


@bp.post("/new")
@access.patron_required
def revise() -> access.Reply:
    """修正: show the first step again, with what was typed."""
    return _edit_page(_form())


def _edit_page(form: RequestForm, refused: list[errors.Refused] | None = None) -> access.Reply:
    """Return the first step. ``refused``: reasons against this request; those against any stand there, too."""
    rules = stored_policy.read()
    always = asking.standing_of(current_user.patron, today=clock.today(), rules=rules).reasons
    refused = [reason for reason in refused or [] if reason not in always]
    title = asking.held(form.wish()) if errors.WorkIsHeld() in refused else None
    return form.page(
        "requests/new.html",
        422 if refused else 0,
        always=[reason.sentence for reason in always],
        refused=[reason.sentence for reason in refused],
        title_url=url_for("catalog.title", title_id=title.id) if title else "",
        pause=rules.get("requests_pause"),
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
    form.problems = forms.refused(form) or asking.judge(form.wish())
    if form.problems:
        return _edit_page(form)
    chosen = form.chosen()
    how = (chosen["pickup_branch"], chosen["contact_method"])
    if reasons := asking.refusals(patron, form.wish(), *how, today=clock.today()):
        return _refused(form, reasons)
    return form.page(
        "requests/confirm.html", branch=chosen["pickup_branch"].name, contact=wording.CONTACT_METHODS[how[1]]
    )


def _refused(form: RequestForm, reasons: list[errors.Refused]) -> access.Reply:
    """Return the first step with each reason at its field, if it is about one."""
    found = at_fields(reasons, "")
    others = found.pop("", [])
    form.problems = found
    return _edit_page(form, others)


@bp.post("/done")
@access.patron_required
def send() -> access.Reply:
    """申し込む: ask, once; the same form again leads to the same result."""
    form, patron = _form(), current_user.patron
    try:
        made = form.submit(lambda: asking.ask(patron, form.wish(), **form.chosen(), now=clock.now()))
    except errors.Refusals as found:
        before = asking.own_request(patron, form.wish()) if found.reasons == [errors.AlreadyAsked()] else None
        return flash.leave(DONE, request=before.id) if before else _refused(form, found.reasons)
    return flash.leave(DONE, request=made.id) if made else _edit_page(form)


@bp.get("/done")
@access.patron_required
def done() -> access.Reply:
    row = _mine().where(PatronRequest.id == flash.take(DONE).get("request")).first()
    if row is None:
        return redirect(url_for(PAGE), 303)
    standing = asking.standing_of(current_user.patron, today=clock.today(), rules=stored_policy.read())
    return htmx.page("requests/done.html", row=_row(row), by_mail=row.contact_method == "mail", places=standing.places)


# -- cancelling ------------------------------------------------------------------------------------------------------
@bp.get("/<row_id:request_id>/cancel")
@access.patron_required
def ask_cancel(request_id: int) -> access.Reply:
    row = access.mine_or_404(_mine().where(PatronRequest.id == request_id))
    reasons = [reason.sentence for reason in asking.cancel_refusals(row)]
    return htmx.page("requests/cancel.html", row=_row(row), reasons=reasons)


@bp.post("/<row_id:request_id>/cancel")
@access.patron_required
def cancel(request_id: int) -> access.Reply:
    row = access.mine_or_404(_mine().where(PatronRequest.id == request_id))
    try:
        asking.cancel(row, now=clock.now())
    except errors.Refusals as refused:
        return flash.leave(PAGE, done="refused", refused=refused.reasons)
    return flash.leave(PAGE, done="cancelled", request=row.id)
