"""リクエスト at the desk: what is wanted by how many, one decision for each work, and the works on order."""

from typing import Any

from flask import Blueprint, abort, redirect, request, url_for
from peewee import fn

from library import clock, dates, errors
from library.interlibrary import partners
from library.requests import deciding, letters, same_work, states
from library.store import queries as stored
from models import Branch, Patron, PatronRequest, Wanted
from web import access, flash, forms, htmx, paging
from web.desk import counter
from web.parts import tables

bp = Blueprint("requests", __name__)

PAGE = "desk.requests.index"
SIZE = 30  # works on a page
LISTS = {"considered": states.UNDECIDED, "buying": ("buying",), "borrowing": ("borrowing",), "over": states.OVER}
HEADINGS = ("書名", "巻・号", "著者", "出版者", "出版年", "ISBN", "決めた日")
STEPS = ("buying", "borrowing", "declined", "considered")


class DecisionForm(forms.Form):
    reply = forms.Lines("職員からの返事", maximum=deciding.LONGEST_REPLY)
    reason = forms.Choice("謝絶の理由", [("", "選ぶ"), *states.REASONS.items()])
    partner = forms.Choice("相手館")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.partner.offer(partners.choices())


# -- the lists -------------------------------------------------------------------------------------------------------
@bp.get("")
@access.staff_required
def index() -> access.Reply:
    """Show the works of a list: the one opened, else the oldest, first, and in full if it is to be decided; of what is
    over the latest.
    """
    chosen = request.args.get("list")
    chosen = chosen if chosen in LISTS else "considered"
    waiting = PatronRequest.select(fn.COUNT(PatronRequest.id)).where(
        PatronRequest.wanted == Wanted.id, PatronRequest.ended_at.is_null()
    )
    rows = Wanted.select(Wanted, waiting.alias("waiting")).where(Wanted.state.in_(LISTS[chosen]))
    opened = Wanted.id == forms.number(request.args.get("open"))
    order = (
        (Wanted.ended_at.desc(), Wanted.id.desc()) if chosen == "over" else (opened.desc(), Wanted.made_at, Wanted.id)
    )
    listed = paging.cut(rows.order_by(*order), SIZE, url_for(PAGE, list=chosen))
    asked = letters.partners([row.id for row in listed["rows"]]) if chosen == "borrowing" else {}
    drawn = [_work(row) | {"waiting": row.waiting, "partner": asked.get(row.id, "")} for row in listed["rows"]]
    first = listed["rows"][:1] if chosen == "considered" else []
    return htmx.page(
        "desk/requests/index.html",
        chosen=chosen,
        lists=[(name, count, url_for(PAGE, list=name)) for name, count in _counts().items()],
        full=_evidence(first[0]) if first else None,
        reply=forms.FieldView("lines", "reply", "職員からの返事", ""),
        messages=flash.take(PAGE),
        **listed | {"rows": drawn},
    )


def _counts() -> dict[str, int]:
    of_state = dict(stored.tuples(Wanted.select(Wanted.state, fn.COUNT(Wanted.id)).group_by(Wanted.state)))
    return {name: sum(of_state.get(state, 0) for state in among) for name, among in LISTS.items()}


def _work(row: Wanted) -> dict[str, Any]:
    return {
        "id": row.id,
        "title": row.title_text,
        "name": row.full_name,
        "imprint": [part for part in (row.author, row.publisher, row.year_text) if part],
        "author": row.author,
        "isbn": row.isbn,
        "state": states.WORDS[row.state],
        "reason": states.REASONS.get(row.reason, ""),
        "day": clock.day_of(row.ended_at) if row.ended_at else row.decided_on or clock.day_of(row.made_at),
    }


def _evidence(row: Wanted) -> dict[str, Any]:
    """Return the facts for a decision: who asks, and the holdings of the work and of its author."""
    title, by_author, loans = same_work.evidence(row, today=clock.today())
    rows = PatronRequest.select(PatronRequest, Patron, Branch).join(Patron).switch(PatronRequest).join(Branch)
    rows = rows.where(PatronRequest.wanted == row, PatronRequest.ended_at.is_null())
    return _work(row) | {
        "held_url": url_for("desk.titles.show", title_id=title.id) if title else "",
        "by_author": by_author,
        "author_url": url_for("catalog.search", field="author", text=row.author),
        "loans": loans,
        "askers": list(rows.order_by(PatronRequest.asked_at, PatronRequest.id)),
        "day_of": clock.day_of,
    }


# -- deciding --------------------------------------------------------------------------------------------------------
@bp.post("/<row_id:wanted_id>/consideration")
@access.staff_required
def consider(wanted_id: int) -> access.Reply:
    """開く: show a work in full, from now on in 検討."""
    row = access.row_or_404(Wanted, wanted_id)
    try:
        if row.state != "considered":
            deciding.consider(row, **counter.acting())
    except errors.WantedElsewhere as refused:
        return flash.leave(PAGE, done="refused", refused=[refused])
    return flash.leave(PAGE, {"open": row.id})


@bp.get("/<row_id:wanted_id>/step")
@access.staff_required
def step(wanted_id: int) -> access.Reply:
    """Lead from the step, opened without a decision, to the work."""
    return redirect(url_for(PAGE, open=access.row_or_404(Wanted, wanted_id).id), 303)


@bp.post("/<row_id:wanted_id>/step")
@access.staff_required
def ask(wanted_id: int) -> access.Reply:
    """Show what a decision will do, with the reply; 謝絶 asks its reason here, 借受 the partner."""
    form = DecisionForm()
    form.submit(lambda: None, without=("reason", "partner", "reply"))
    return _step_page(access.row_or_404(Wanted, wanted_id), _chosen_step(), form)


def _chosen_step() -> str:
    step = request.form.get("to", "")
    return step if step in STEPS else abort(404)


def _step_page(row: Wanted, to: str, form: DecisionForm, refusal: errors.Refused | None = None) -> access.Reply:
    if refusal is None and (row.state, to) not in states.CHANGES:
        refusal = errors.WantedElsewhere(state_word=states.WORDS[row.state])
    asks = deciding.open_requests(row)
    return form.page(
        "desk/requests/step.html",
        409 if refusal else 0,
        work=_work(row),
        to=to,
        reasons=[refusal.sentence] if refusal else [],
        waiting=len(asks),
        mails=sum(each.contact_method == "mail" for each in asks),
        not_borrowed=sum(not each.may_borrow for each in asks),
        branch=asks[0].pickup_branch.name if asks else "",
    )


@bp.post("/<row_id:wanted_id>/decision")
@access.staff_required
def decide(wanted_id: int) -> access.Reply:
    """購入する, 借受を依頼する, 謝絶する, 検討に戻す: once, whoever else decides at the same time."""
    row, to, form, by = access.row_or_404(Wanted, wanted_id), _chosen_step(), DecisionForm(), counter.acting()
    partner = partners.find(form.partner.data)
    rules = {
        "buying": lambda: deciding.buy(row, reply=form.reply.data, **by),
        "borrowing": lambda: deciding.borrow(row, partner, reply=form.reply.data, **by),
        "declined": lambda: deciding.decline(row, form.reason.data, reply=form.reply.data, **by),
        "considered": lambda: deciding.take_back(row, **by),
    }
    others = {"buying": ("reason", "partner"), "borrowing": ("reason",), "declined": ("partner",)}
    try:
        form.submit(rules[to], without=others.get(to, ("reply", "reason", "partner")))
    except errors.WantedElsewhere as refused:
        return _step_page(row, to, form, refused)
    return _step_page(row, to, form) if form.problems else flash.leave(PAGE, done=to, work=row.id)


# -- on order --------------------------------------------------------------------------------------------------------
def _orders() -> list[dict[str, Any]]:
    rows = Wanted.select().where(Wanted.state == "buying").order_by(Wanted.decided_on, Wanted.id)
    return [
        {"cells": _cells(row), "url": url_for("desk.titles.new", wanted=row.id), "name": row.title_text} for row in rows
    ]


def _cells(row: Wanted) -> tuple[str, ...]:
    told = (row.title_text, row.volume, row.author, row.publisher, row.year_text, row.isbn)
    return (*told, dates.without_weekday(row.decided_on))


@bp.get("/orders")
@access.staff_required
def orders() -> access.Reply:
    """発注中の一覧: the bookseller's list, without who asks."""
    return htmx.page("desk/requests/orders.html", headings=HEADINGS, rows=_orders(), files=tables.ways())


@bp.get("/orders.<any(csv, xlsx):kind>")
@access.staff_required
def download(kind: str) -> access.Reply:
    cells = [row["cells"] for row in _orders()]
    return tables.file(kind, f"orders-{clock.today()}", "発注中の一覧", HEADINGS, cells)
