"""移行: the steps before the opening, each on a page of its own. Its mails and what is done last: ``cutover_opening``."""

from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import PurePath
from typing import Any

from flask import Blueprint, abort, current_app, request, url_for

from library import clock, errors
from library.backups import drill
from library.cutover import figures, first_backup, number_check, opening, rule_check, steps
from models import Cutover
from web import access, flash, forms, htmx
from web.desk import counter

bp = Blueprint("move", __name__)
PAGE = "desk.move.index"
LISTED = 100  # copies of a doubt
ELSEWHERE = {"sample": "desk.move_sample.index", "mails": "desk.move_opening.mails"}


class CountsForm(forms.Form):
    pass


class NumbersForm(forms.Form):
    pass


for _name, _label in figures.LABELS.items():
    setattr(CountsForm, f"before_{_name}", forms.Text(f"{_label}（前のシステム）", maximum=20))
    setattr(CountsForm, f"why_{_name}", forms.Text(f"{_label}の差の理由", maximum=figures.LONGEST))
for _name in number_check.FIELDS:
    _kind, _, _number = _name.partition("_")
    setattr(NumbersForm, _name, forms.Text(f"{number_check.KINDS[_kind]} {_number}", maximum=40))


# -- all of them -------------------------------------------------------------------------------------------------------
@bp.get("")
@access.staff_required(role="admin")
def index() -> access.Reply:
    return _index()


def _index(status: int = 200, refused: str = "") -> access.Reply:
    now, move = clock.now(), Cutover.get_or_none()
    is_on = move is not None and (move.opens_on is None or move.opens_on > clock.day_of(now))
    facts: dict[str, Any] = {"is_on": is_on, "opens_on": move and move.opens_on, "refused": refused}
    if move and is_on:
        facts |= {"steps": [_state(step, now) for step in steps.every()], "mails": move.mails}
    else:
        facts["can_begin"] = move is None and opening.is_empty()
    return htmx.page("desk/move/index.html", status, messages=flash.take(PAGE), **facts)


def _state(step: steps.Step, now: datetime) -> dict:
    """Return a step with its address, and with a sentence that says why it is open."""
    url = url_for(ELSEWHERE.get(step.name, f"desk.move.{step.name}"))
    why = "" if step.confirmed_at else opening.why_open(step.name, now=now).sentence
    return step._asdict() | {"url": url, "why": why}


@bp.post("")
@access.staff_required(role="admin")
def begin() -> access.Reply:
    """移行を始める in an empty library; one with patrons needs the command, as their pages would close."""
    if not opening.is_empty():
        return _index(409)
    with suppress(errors.MovingAlready, errors.MovedInBefore):  # pressed twice
        opening.begin(**counter.acting())
        return _back("begun")
    return _index()


def _page(template: str, form: CountsForm | NumbersForm | None = None, /, **context: Any) -> access.Reply:
    """Return the page of the step that its template is named after; ``form``: one that was sent or is to be."""
    context["step"] = steps.by_name(PurePath(template).stem)
    return form.page(template, **context) if form else htmx.page(template, **context)


def _back(done: str, name: str = "") -> access.Reply:
    return flash.leave(PAGE, done=done, name=steps.LABELS.get(name, name))


@bp.post("/<any(rules, mails, backup):name>/confirmation")
@access.staff_required(role="admin")
def confirm(name: str) -> access.Reply:
    """確認済みにする: confirm a step at which nothing is entered."""
    try:
        opening.going_on(now=clock.now())
        if name == "backup":
            first_backup.confirm(**counter.acting())
        else:
            steps.confirm_seen(name, **counter.acting())
    except errors.Refused as refusal:
        return _index(422, refusal.sentence)
    return _back("confirmed", name)


@bp.post("/<any(counts, sample, rules, numbers, mails, backup):name>/reopening")
@access.staff_required(role="admin")
def reopen(name: str) -> access.Reply:
    """Open a confirmed step again."""
    try:
        steps.reopen(name, **counter.acting())
    except errors.StepIsOpen:
        abort(422)
    return _back("reopened", name)


# -- 件数 --------------------------------------------------------------------------------------------------------------
@bp.get("/counts")
@access.staff_required(role="admin")
def counts() -> access.Reply:
    found = figures.every(today=clock.today())
    typed = {f"before_{each.name}": "" if each.before is None else str(each.before) for each in found}
    typed |= {f"why_{each.name}": each.why for each in found}
    return _counts_page(CountsForm(formdata=None, **typed), found)


def _counts_page(form: CountsForm, found: list[figures.Figure]) -> access.Reply:
    doubts = [
        (words, len(copies), figures.by_branch(copies[:LISTED]))
        for words, copies in figures.doubtful(today=clock.today()).items()
    ]
    return _page("desk/move/counts.html", form, figures=found, doubts=doubts, listed=LISTED)


@bp.post("/counts")
@access.staff_required(role="admin")
def confirm_counts() -> access.Reply:
    form, now = CountsForm(), clock.now()

    def rule() -> None:
        typed = form.typed()
        before, why = ({name: typed[f"{part}_{name}"] for name in figures.LABELS} for part in ("before", "why"))
        opening.going_on(now=now)
        figures.confirm(before, why, today=clock.day_of(now), **counter.acting())

    # a reason has its field beside a difference alone
    unasked = tuple(name for name in form.views() if name.startswith("why_") and name not in request.form)
    form.submit(rule, at=f"before_{next(iter(figures.LABELS))}", without=unasked)
    if form.problems:
        return _counts_page(form, figures.every(today=clock.day_of(now)))
    return _back("confirmed", "counts")


# -- 貸出ルール, 番号 ------------------------------------------------------------------------------------------------------
@bp.get("/rules")
@access.staff_required(role="admin")
def rules() -> access.Reply:
    """Show some loans of the old system with the due dates that our rules give, to compare."""
    drawn = rule_check.drawn_loans()
    return _page("desk/move/rules.html", loans=[row._asdict() | {"same": row.ours == row.due_on} for row in drawn])


@bp.get("/numbers", endpoint="numbers")
@access.staff_required(role="admin")
def show_numbers() -> access.Reply:
    return _numbers_page(NumbersForm(formdata=None))


def _numbers_page(form: NumbersForm) -> access.Reply:
    kinds = [(kind, [f"{kind}_{number + 1}" for number in range(number_check.OF_EACH)]) for kind in number_check.KINDS]
    return _page("desk/move/numbers.html", form, kinds=kinds)


@bp.post("/numbers")
@access.staff_required(role="admin")
def confirm_numbers() -> access.Reply:
    form = NumbersForm()

    def rule() -> None:
        opening.going_on(now=clock.now())
        number_check.confirm(form.typed(), **counter.acting())

    form.submit(rule, at=number_check.FIELDS[0])
    return _numbers_page(form) if form.problems else _back("confirmed", "numbers")


# -- 控え --------------------------------------------------------------------------------------------------------------
@bp.get("/backup")
@access.staff_required(role="admin")
def backup() -> access.Reply:
    """Show whether a backup of today was tried, and its counts beside those of here."""
    now = clock.now()
    tried_at, refusal = first_backup.tried_at(now=now), first_backup.refusal(now=now)
    return _page(
        "desk/move/backup.html",
        tried_at=tried_at,
        why=refusal and refusal.sentence,
        figures=first_backup.compared() if tried_at else [],
    )


@bp.post("/backup")
@access.staff_required(role="admin")
def try_copy() -> access.Reply:
    """控えを作って確かめる: make a backup, try it, and confirm the step."""
    try:
        opening.going_on(now=clock.now())
        run = partial(current_app.extensions["jobs"].run, drill.JOB, now=clock.now(), settings=current_app.config)
        first_backup.make_and_try(current_app.config, run, **counter.acting())
    except errors.Refused as refusal:
        return _index(422, refusal.sentence)
    return _back("confirmed", "backup")
