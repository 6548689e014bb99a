"""電子書籍サービス: e-books that a patron reads, waits for or can borrow, the address for reading programs, other services."""

from collections.abc import Callable
from datetime import date

from flask import Blueprint, current_app, redirect, request, url_for
from flask_login import current_user
from peewee import ModelSelect

from library import clock, dates, errors, wording
from library.access import seals
from library.ebooks import addresses, elsewhere, lending
from models import Ebook, EbookHold, EbookLoan, EbookService, Patron, Title
from web import access, flash, forms, htmx, paging
from web.parts import actions, seal_facts, title_rows

bp = Blueprint("ebooks", __name__)
SIZE = 20


# -- the page --------------------------------------------------------------------------------------------------------
@bp.get("")
@access.patron_required
def index() -> access.Reply:
    patron, today = current_user.patron, clock.today()
    mine, key = lending.Mine(patron, today=today), current_app.config["SECRET_KEY"]
    shown = paging.cut(_offered(mine), SIZE, url_for("ebooks.index"))
    ebooks = shown.pop("rows")
    standing = lending.every([*ebooks, *(hold.ebook for hold in mine.holds)])
    return htmx.page(
        "ebooks/index.html",
        loans=[_loan(loan, key, today) for loan in mine.loans],
        holds=[_hold(hold, mine, standing) for hold in mine.holds],
        over=[
            _book(hold.ebook) | {"ended_on": clock.day_of(hold.ended_at), "state": hold.state}
            for hold in mine.over
            if hold.ended_at
        ],
        limit=mine.rules["loan_limit"],
        ebooks=[
            _book(ebook) | {"at": standing[ebook.id], "action": action}
            for ebook, action in zip(ebooks, _actions(ebooks, standing, mine), strict=True)
        ],
        only=_only(),
        messages=_messages(),
        shelf_address=None if current_user.session.terminal else _shelf_address(patron, key),
        services=[_service(service) for service in elsewhere.every()],
        kept_days=lending.SHOWN_DAYS,
        today=today,
        **shown,
        **seal_facts.read(),
    )


def _actions(ebooks: list[Ebook], standing: dict, mine: lending.Mine) -> list[actions.Action]:
    return [actions.for_ebook(ebook.title, standing[ebook.id], mine) for ebook in ebooks]


def _messages() -> dict:
    answer = flash.take("ebooks.index")
    ebook = Ebook.select(Ebook, Title).join(Title).where(Ebook.id == answer.get("ebook")).first()
    return answer | {"name": ebook.title.full_name if ebook else ""}


def _only() -> int | None:
    """Return the id of the title to whose e-book the list is narrowed; None without one."""
    return forms.number(request.args.get("title"))


def _offered(mine: lending.Mine) -> "ModelSelect[Ebook]":
    """Return the e-books that do not stand above already, the newest first: a query."""
    above = [*mine.loan_of, *mine.hold_of]
    found = Ebook.select(Ebook, Title).join(Title).where(Ebook.withdrawn_at.is_null(), Ebook.id.not_in(above))
    if _only():
        found = found.where(Title.id == _only())
    return found.order_by(Ebook.added_at.desc(), Ebook.id.desc())


def _book(ebook: Ebook) -> dict:
    cover_url = url_for("ebook_files.cover", ebook_id=ebook.id) if ebook.cover else None
    return title_rows.facts(ebook.title) | {"cover_url": cover_url}


def _loan(loan: EbookLoan, key: str, today: date) -> dict:
    days = (loan.due_on - today).days
    return _book(loan.ebook) | {
        "id": loan.id,
        "lent_on": loan.lent_on,
        "due_on": loan.due_on,
        "days_left": dates.days_left(loan.due_on, today),
        "level": "soon" if days <= 1 else "out",
        "file_url": url_for("ebook_files.file", token=addresses.file_token(loan, key)),
        "size": wording.size(loan.ebook.size),
    }


def _hold(hold: EbookHold, mine: lending.Mine, standing: dict) -> dict:
    at = standing[hold.ebook_id]
    return _book(hold.ebook) | {
        "id": hold.id,
        "ebook_id": hold.ebook_id,
        "words": actions.ebook_hold_words(hold),
        "ready": hold.state == "ready",
        "placed_on": clock.day_of(hold.placed_at),
        "waiting": at.waiting,
        "reasons": [reason.sentence for reason in mine.borrow_refusals(at)] if hold.state == "ready" else [],
    }


def _shelf_address(patron: Patron, key: str) -> dict:
    token = addresses.shelf_token(patron, key)
    base = current_app.config["PUBLIC_URL"]
    own = base + url_for("opds.root", token=token) if token else ""
    return {"own": own, "token": token or "", "basic": base + url_for("opds.own_root")}


# -- services elsewhere ----------------------------------------------------------------------------------------------
def _service(service: EbookService) -> dict:
    """Return a service elsewhere; what the patron has there is asked for by a press alone, and not while records are
    sealed.
    """
    can_ask = service.shelf_url and not seals.is_sealed(current_user.patron)
    asked = can_ask and forms.number(request.args.get("service")) == service.id and access.from_this_site()
    shown = {
        "name": service.name,
        "url": service.url,
        "explanation": service.explanation,
        "ask_url": f"{url_for('ebooks.index', service=service.id)}#service-{service.id}" if can_ask else None,
        "id": service.id,
        "loans": None,
        "trouble": "",
    }
    if asked:
        try:
            lent = elsewhere.loans_at(service, current_user.patron.card_number, loopback=current_app.testing)
            shown["loans"] = [{"title": one.title, "author": one.author, "until": _day(one.until)} for one in lent]
        except errors.ShelfUnreachable as refusal:
            shown["trouble"] = refusal.sentence
    return shown


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


# -- what is done ----------------------------------------------------------------------------------------------------
@bp.post("/<row_id:ebook_id>/loan")
@access.patron_required
def borrow(ebook_id: int) -> access.Reply:
    ebook = _one(ebook_id)
    return _answer(ebook, "borrowed", lambda: lending.borrow(ebook, current_user.patron, now=clock.now()))


@bp.post("/<row_id:ebook_id>/place")
@access.patron_required
def wait(ebook_id: int) -> access.Reply:
    ebook = _one(ebook_id)
    return _answer(ebook, "waiting", lambda: lending.wait(ebook, current_user.patron, now=clock.now()))


@bp.get("/places/<row_id:hold_id>/removal")
@access.patron_required
def ask_leave(hold_id: int) -> access.Reply:
    """Show which place in line would be given up; one that is over leads back."""
    mine = lending.Mine(current_user.patron, today=clock.today())
    hold = mine.hold_of.get(_place(hold_id).ebook_id)
    if hold is None:
        return redirect(url_for("ebooks.index"), 303)
    return htmx.page(
        "ebooks/leaving.html",
        id=hold.id,
        name=hold.ebook.title.full_name,
        words=actions.ebook_hold_words(hold),
        ready=hold.state == "ready",
    )


@bp.post("/places/<row_id:hold_id>/removal")
@access.patron_required
def leave(hold_id: int) -> access.Reply:
    hold = _place(hold_id)
    return _answer(hold.ebook, "left", lambda: lending.leave(hold, now=clock.now()))


def _place(hold_id: int) -> EbookHold:
    mine = (EbookHold.id == hold_id) & (EbookHold.patron == current_user.patron)
    return access.mine_or_404(EbookHold.select(EbookHold, Ebook, Title).join(Ebook).join(Title).where(mine))


@bp.get("/loans/<row_id:loan_id>/return")
@access.patron_required
def ask_return(loan_id: int) -> access.Reply:
    """Show what ends with an early return, and who waits for the book."""
    loan = _lent(loan_id)
    (at,) = lending.every([loan.ebook]).values()
    name = loan.ebook.title.full_name
    return htmx.page("ebooks/return.html", id=loan.id, name=name, due_on=loan.due_on, waiting=at.waiting)


@bp.post("/loans/<row_id:loan_id>/return")
@access.patron_required
def give_back(loan_id: int) -> access.Reply:
    loan = _lent(loan_id)
    return _answer(loan.ebook, "returned", lambda: lending.give_back(loan, now=clock.now()))


def _lent(loan_id: int) -> EbookLoan:
    mine = (EbookLoan.id == loan_id) & (EbookLoan.patron == current_user.patron)
    return access.mine_or_404(EbookLoan.select(EbookLoan, Ebook, Title).join(Ebook).join(Title).where(mine))


@bp.get("/link")
@access.patron_required
def ask_link() -> access.Reply:
    """Show what ends with another address; where there is none yet, the page."""
    token = addresses.shelf_token(current_user.patron, current_app.config["SECRET_KEY"])
    return htmx.page("ebooks/link.html", shown=token) if token else redirect(url_for("ebooks.index"), 303)


@bp.post("/link")
@access.patron_required
def renew_link() -> access.Reply:
    """Make the first address, or another in place of the one that the page showed; a press on an older
    page kills none.
    """
    token = addresses.shelf_token(current_user.patron, current_app.config["SECRET_KEY"]) or ""
    if request.form.get("shown") == token:
        addresses.replace_shelf_address(current_user.patron, now=clock.now())
        flash.keep("ebooks.index", done="linked")
    return redirect(f"{url_for('ebooks.index')}#reading", 303)


def _one(ebook_id: int) -> Ebook:
    return access.mine_or_404(Ebook.select(Ebook, Title).join(Title).where(Ebook.id == ebook_id))


def _answer(ebook: Ebook, done: str, rule: Callable) -> access.Reply:
    """Call the rule and tell its outcome: beside the title in a list, else on the page of e-books."""
    reasons = []
    try:
        rule()
    except errors.Refusals as refused:
        done, reasons = "refused", refused.reasons
    if actions.list_page():
        return actions.answer(ebook.title_id, done, refused=reasons)
    return flash.leave("ebooks.index", done=done, refused=reasons, ebook=ebook.id)
