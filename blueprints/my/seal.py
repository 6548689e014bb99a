"""保護中の記録: what a new password sealed: why, how it opens, and deleting it unopened."""

from flask import Blueprint, redirect, url_for
from flask_login import current_user

from library import clock, errors
from library.access import seals
from library.account import sealed_records
from library.mail import outbox
from web import access, flash, htmx
from web.parts import seal_facts

bp = Blueprint("seal", __name__)


@bp.get("")
@access.patron_required
def index():
    return _page()


def _page(refusal=None):
    found = current_user.session.seal
    return htmx.page(
        "seal/index.html",
        429 if refusal else 200,
        addresses=[outbox.shortened(row.address) for row in seals.usable_addresses(found)] if found else [],
        messages=flash.take("seal"),
        summary=[{"sentence": refusal.sentence}] if refusal else [],
        page_has_errors=bool(refusal),
        **seal_facts.read(),
    )


def _back_with(done):
    flash.keep("seal", done=done)
    return redirect(url_for("seal.index"), 303)


@bp.post("")
@access.patron_required
def mail():
    """メールで確認する."""
    try:
        sent = seals.mail_links(current_user.patron, now=clock.now())
    except errors.SealMailsTooMany as refusal:
        return _page(refusal)
    return _back_with("mailed") if sent else redirect(url_for("seal.index"), 303)


@bp.get("/deletion")
@access.patron_required
def ask_deletion():
    if current_user.session.seal is None:
        return redirect(url_for("seal.index"), 303)
    return htmx.page("seal/deletion.html", **seal_facts.read())


@bp.post("/deletion")
@access.patron_required
def delete():
    """Delete what is sealed; sent again it finds nothing more."""
    sealed_records.delete(current_user.patron, now=clock.now())
    return _back_with("deleted")


@bp.get("/<token>")
@access.patron_required
def ask_opening(token):
    try:
        seals.opening(token, current_user.patron, now=clock.now())
    except errors.LinkDead:
        return _dead()
    return htmx.page("seal/open.html", dead=False)


def _dead():
    return htmx.page("seal/open.html", 410, dead=True)


@bp.post("/<token>", endpoint="open")
@access.patron_required
def open_sealed(token):
    """開く."""
    try:
        seals.open_by_link(token, current_user.patron, now=clock.now())
    except errors.LinkDead:
        return _dead()
    return _back_with("opened")
