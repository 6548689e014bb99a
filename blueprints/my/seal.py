"""保護中の記録: records that a new password put out of reach: the reason, opening them, deleting them unopened."""

from collections.abc import Sequence

from flask import Blueprint, redirect, request, url_for
from flask_login import current_user

from library import clock, errors, policy
from library.access import seals
from library.account import sealed_records
from library.mail import outbox
from library.patrons import additions
from web import access, cookies, entrance, flash, htmx
from web.parts import seal_facts

bp = Blueprint("seal", __name__)


@bp.get("")
@access.patron_required
def index() -> access.Reply:
    return _page()


def _page(refusal: errors.Refused | None = None) -> access.Reply:
    now = clock.now()
    facts = seal_facts.read()
    rows = seals.usable_addresses(current_user.patron, now=now) if facts["seal"] else []
    return htmx.page(
        "seal/index.html",
        429 if refusal else 200,
        addresses=[outbox.shortened(row.address) for row in rows],
        messages=flash.take("seal.index"),
        summary=[{"sentence": refusal.sentence}] if refusal else [],
        page_has_errors=bool(refusal),
        **facts,
    )


def _back_with(done: str) -> access.Reply:
    return flash.leave("seal.index", done=done)


@bp.post("")
@access.patron_required
def mail() -> access.Reply:
    """メールで確認する: mail a link that opens the seal to each older address."""
    try:
        sent = seals.mail_links(current_user.patron, now=clock.now())
    except errors.SealMailsTooMany as refusal:
        return _page(refusal)
    return _back_with("mailed") if sent else redirect(url_for("seal.index"), 303)


# -- deleting ----------------------------------------------------------------------------------------------------------
@bp.get("/deletion")
@access.patron_required
def ask_deletion() -> access.Reply:
    if not seals.is_sealed(current_user.patron):
        return redirect(url_for("seal.index"), 303)
    return htmx.page("seal/deletion.html", days=sealed_records.DELETED_AFTER.days, **seal_facts.read())


@bp.post("/deletion")
@access.patron_required
def delete() -> access.Reply:
    """Ask for the deletion of the sealed records, which follows after some days; asked again nothing changes."""
    sealed_records.ask_deletion(current_user.patron, now=clock.now())
    return _back_with("deletion_asked")


@bp.post("/deletion/back")
@access.patron_required
def take_back_deletion() -> access.Reply:
    sealed_records.take_back_deletion(current_user.patron, now=clock.now())
    return _back_with("taken_back")


# -- opening -----------------------------------------------------------------------------------------------------------
@bp.get("/<token>")
@access.patron_required
def ask_opening(token: str) -> access.Reply:
    """Show この間に加わったもの, with a tick for each."""
    try:
        seals.opening_link(token, current_user.patron, now=clock.now())
    except errors.LinkDead:
        return _dead()
    return _opening_page(entrance.NewPasswordForm(formdata=None))


def _opening_page(form: entrance.NewPasswordForm, kept: Sequence[str] = ()) -> access.Reply:
    patron = current_user.patron
    added = list(additions.made_since(patron, patron.unproved_since, browser=_browser()))
    return form.page("seal/open.html", dead=False, added=added, kept=kept, minimum=policy.get("password_minimum"))


def _browser() -> str | None:
    return cookies.read(entrance.MARK)


def _dead() -> access.Reply:
    return htmx.page("seal/open.html", 410, dead=True)


@bp.post("/<token>", endpoint="open")
@access.patron_required
def open_sealed(token: str) -> access.Reply:
    """開く: unseal the records and set the new password of this form; additions that are not ticked are ended."""
    form, kept = entrance.NewPasswordForm(), request.form.getlist("keep")
    new = (form.new_password.data, form.new_password_again.data)
    asked = sealed_records.Opening(token, *new, kept, current_user.session, _browser())
    try:
        seals.opening_link(token, current_user.patron, now=clock.now())
        form.submit(lambda: sealed_records.open_by_link(asked, current_user.patron, now=clock.now()))
    except errors.LinkDead:
        return _dead()
    return _opening_page(form, kept) if form.problems else _back_with("opened")
