"""手続き: what the desk does with a card, a page each: 有効期限, はじめのパスワード, 待ち時間, 停止, 窓口メモ."""

from typing import Any

from flask import Blueprint, current_app, request, url_for

from library import clock, dates, errors
from library.account import registration
from library.patrons import patrons
from models import Patron
from web import access, flash, forms, htmx, links
from web.desk import again, counter, patron_pages, visits

bp = Blueprint("procedures", __name__)
PERSON, CHECKOUT = "desk.patrons.show", "desk.checkout.index"
FIELD_OF = {"suspend": "reason", "note": "desk_note"}


@bp.get("/<row_id:patron_id>/<any(renew, release, note, suspend):what>")
@access.staff_required
def ask(patron_id: int, what: str) -> access.Reply:
    return _page(patron_pages.opened(patron_id), what)


@bp.get("/<row_id:patron_id>/password")
@access.staff_required
def ask_password(patron_id: int) -> access.Reply:
    """Show what a new initial password does before it is issued: the old one ends, what was read is sealed."""
    row = patron_pages.opened(patron_id)
    if row.state == "closed":
        return _page(row, "password")
    return htmx.page("desk/patrons/ask_password.html", patron_id=row.id, name=row.name, card_number=row.card_number)


def _page(row: Patron, what: str, problems: forms.Problems | None = None, **facts: Any) -> access.Reply:
    """Return the page of a procedure; of a closed card the reason why there is none."""
    is_closed = row.state == "closed"
    return htmx.page(
        "desk/patrons/procedure.html",
        409 if is_closed else 422 if problems else 200,
        what="resume" if what == "suspend" and row.state == "suspended" else what,
        patron_id=row.id,
        name=row.name,
        card_number=row.card_number,
        reasons=[errors.CardClosed().sentence] if is_closed else [],
        stopped=registration.suspension(row, today=clock.today()).sentence if row.state == "suspended" else "",
        expires_on=dates.with_weekday(row.expires_on),
        renewed_until=dates.with_weekday(registration.renewed_until(clock.today())),
        desk_note=request.form.get("desk_note", row.desk_note),
        back=links.wanted() or url_for(PERSON, patron_id=row.id),
        **forms.error_values(problems or {}),
        **facts,
    )


@bp.post("/<row_id:patron_id>/<any(suspend, resume, renew, password, release, note):what>")
@access.staff_required
@again.required("initial_password", when=lambda patron_id, what: what == "password")
def serve(patron_id: int, what: str) -> access.Reply:
    """Suspend or resume a card, renew it, issue an initial password or 確認番号, or store the note."""
    row, by = patron_pages.opened(patron_id), counter.acting()
    if row.state == "closed":
        return _page(row, what)
    if what == "password":
        return patron_pages.show_password(row, patrons.reissue(row, **by))
    if what == "release":
        return _page(row, what, check_number=registration.release(row, current_app.config["SECRET_KEY"], **by))
    try:
        {
            "suspend": lambda: registration.suspend(row, request.form.get("reason", ""), **by),
            "resume": lambda: registration.resume(row, **by),
            "renew": lambda: registration.renew_card(row, today=clock.today(), **by),
            "note": lambda: registration.note(row, request.form.get("desk_note", ""), **by),
        }[what]()
    except errors.Refused as refusal:
        return _page(row, what, {FIELD_OF[what]: [refusal]})
    if links.wanted() == url_for(CHECKOUT):  # the card had run out as it was read there
        visits.receive(row, lends=True)
        return flash.leave(CHECKOUT, done="card_renewed", turn="goes_on")
    return flash.leave(PERSON, {"patron_id": row.id}, done=what)
