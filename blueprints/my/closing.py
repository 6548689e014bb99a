"""カードの廃止の申し込み: the consequences, the password once more, and a request to the desk."""

from datetime import date

from flask import Blueprint, redirect, url_for
from flask_login import current_user

from library import clock, errors
from library.account import account_closing, retention
from library.lending.holds import hold_list
from library.patrons import patrons
from library.requests import receipt
from library.store import backup
from models import Patron
from web import access, flash, forms, htmx, identity

bp = Blueprint("closing", __name__)
KEPT = next(rule.period for rule in retention.RETENTION if rule.name == "cards")


@bp.get("", endpoint="index")
@access.patron_required
def show() -> access.Reply:
    return _page()


def _page(status: int = 200) -> access.Reply:
    patron = current_user.patron
    return htmx.page(
        "closing/index.html",
        status,
        messages=flash.take("closing.index"),
        asked_on=_asked_on(patron),
        reasons=[reason.sentence for reason in account_closing.refusals(patron)],
        holds=hold_list.count_open(patron),
        asked=receipt.open_of(patron).count(),
        backup_days=backup.KEPT_DAYS,
        home_days=retention.HOMES.days,
        kept_years=KEPT.days // 365,
    )


def _asked_on(patron: Patron) -> date | None:
    asked = account_closing.request_of(patron)
    return clock.day_of(asked.asked_at) if asked else None


@bp.get("/confirm")
@access.patron_required
def confirm() -> access.Reply:
    patron = current_user.patron
    if _asked_on(patron) or account_closing.refusals(patron):
        return redirect(url_for("closing.index"), 303)
    return _confirm_page()


def _confirm_page(problems: forms.Problems | None = None) -> access.Reply:
    problems = problems or {}
    page = htmx.page(
        "closing/confirm.html",
        name=current_user.patron.name,
        mailed=bool(patrons.addresses(current_user.patron)),
        password=identity.PASSWORD_FIELD,
        **forms.error_values(problems),
    )
    return identity.as_refused(page, problems[identity.FIELD]) if problems else page


@bp.post("/confirm")
@access.patron_required
def request_closing() -> access.Reply:
    """Ask the desk to close the card; sent again it stays one request."""
    if problems := identity.problems():
        return _confirm_page(problems)
    try:
        account_closing.request(current_user.patron, now=clock.now())
    except errors.Refusals:
        return _page(409)
    return redirect(url_for("closing.done"), 303)


@bp.get("/done")
@access.patron_required
def done() -> access.Reply:
    patron = current_user.patron
    if _asked_on(patron) is None:
        return redirect(url_for("closing.index"), 303)
    return htmx.page("closing/done.html", mailed=[row.address for row in patrons.addresses(patron)])


@bp.post("/withdrawal")
@access.patron_required
def withdraw() -> access.Reply:
    account_closing.withdraw(current_user.patron, now=clock.now())
    return flash.leave("closing.index", done="withdrawn")
