"""移行: the steps before the opening, each on a page of its own, and the opening."""

from contextlib import AbstractContextManager, suppress
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from flask import Blueprint, abort, current_app, request, url_for

from library import clock, dates, errors, policy
from library.backups import drill
from library.cutover import figures, first_backup, first_mails, number_check, opening, rule_check, sample, steps
from library.importing import runs
from library.site import branding
from models import Cutover
from web import access, flash, forms, htmx
from web.desk import again, counter, days

bp = Blueprint("move", __name__)
PAGE = "desk.move.index"
YEARS = range(2000, 2200)
LISTED = 100  # copies that are said to be out
TEMPLATES = {
    "counts": "desk/move/counts.html",
    "rules": "desk/move/rules.html",
    "numbers": "desk/move/numbers.html",
    "mails": "desk/move/mails.html",
    "backup": "desk/move/backup.html",
}


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


class OpeningForm(forms.Form):
    on = forms.Text("開館日", maximum=40)
    reason = forms.Text("確認していないものがある理由", maximum=opening.LONGEST)


class DiscardForm(forms.Form):
    library = forms.Text("図書館の名前", maximum=200)


# -- all of them -------------------------------------------------------------------------------------------------------
@bp.get("")
@access.staff_required(role="admin")
def index() -> access.Reply:
    return _index()


def _index(status: int = 200) -> access.Reply:
    today = clock.today()
    move = Cutover.get_or_none()
    is_on = move is not None and (move.opens_on is None or move.opens_on > today)
    facts = _going_on(today) | {"mails": move.mails} if move and is_on else {}
    facts |= {"is_on": is_on, "opens_on": move and move.opens_on, "can_begin": move is None and opening.is_empty()}
    return htmx.page("desk/move/index.html", status, messages=flash.take(PAGE), **facts)


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


def _going_on(today: date) -> dict:
    people = sample.every()
    return {
        "steps": [_state(step) for step in steps.every()],
        "figures": figures.every(today=today),
        "compared": sum(bool(row.verdict) for row in people),
        "people": len(people),
        "tried_at": first_backup.tried_at(now=clock.now()),
    }


def _state(step: steps.Step) -> dict:
    return {
        "name": step.name,
        "label": step.label,
        "confirmed_at": step.confirmed_at,
        "confirmed_by": step.confirmed_by,
        "url": url_for("desk.move_sample.index" if step.name == "sample" else f"desk.move.{step.name}"),
    }


def _page(
    name: str, form: CountsForm | NumbersForm | None = None, status: int = 200, /, **context: Any
) -> access.Reply:
    """Return the page of a step, with how it stands; ``form``: one that was sent or is to be."""
    context["step"] = _state(steps.by_name(name))
    return form.page(TEMPLATES[name], **context) if form else htmx.page(TEMPLATES[name], status, **context)


def _back(done: str, name: str = "") -> access.Reply:
    return flash.leave(PAGE, done=done, name=steps.LABELS.get(name, name))


def _refused(name: str, refusal: errors.Refused) -> access.Reply:
    """Show the page of a step again with the reason why it can't be confirmed."""
    return _page(name, None, 422, **_context(name), refused=refusal.sentence)


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
        return _refused(name, refusal)
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
    missing = [number for numbers in figures.lent_in_file_only().values() for number in numbers]
    return _page("counts", form, figures=found, missing=len(missing), listed=missing[:LISTED])


@bp.post("/counts")
@access.staff_required(role="admin")
def confirm_counts() -> access.Reply:
    form, now = CountsForm(), clock.now()

    def rule() -> None:
        typed = form.typed()
        before, why = ({name: typed[f"{part}_{name}"] for name in figures.LABELS} for part in ("before", "why"))
        opening.going_on(now=now)
        figures.confirm(before, why, today=clock.day_of(now), **counter.acting())

    form.submit(rule, at=f"before_{next(iter(figures.LABELS))}")
    if form.problems:
        return _counts_page(form, figures.every(today=clock.day_of(now)))
    return _back("confirmed", "counts")


def _context(name: str) -> dict:
    """Return the facts for the page of a step without a form."""
    if name == "rules":
        return {"loans": [row._asdict() | {"same": row.ours == row.due_on} for row in rule_check.drawn_loans()]}
    return _mails() if name == "mails" else _tried()


def _tried() -> dict:
    """Return the moment of today's trial of a backup, its counts beside those of here, and the reason against
    confirming.
    """
    now = clock.now()
    tried_at, refusal = first_backup.tried_at(now=now), first_backup.refusal(now=now)
    figures = first_backup.compared() if tried_at else []
    return {"tried_at": tried_at, "figures": figures, "outdated": refusal.sentence if tried_at and refusal else ""}


# -- 貸出ルール, 番号 ------------------------------------------------------------------------------------------------------
@bp.get("/rules")
@access.staff_required(role="admin")
def rules() -> access.Reply:
    """Show some loans of the old system with the due dates that our rules give, to compare."""
    return _page("rules", **_context("rules"))


@bp.get("/numbers", endpoint="numbers")
@access.staff_required(role="admin")
def show_numbers() -> access.Reply:
    return _numbers_page(NumbersForm(formdata=None))


def _numbers_page(form: NumbersForm) -> access.Reply:
    kinds = [(kind, [f"{kind}_{number + 1}" for number in range(number_check.OF_EACH)]) for kind in number_check.KINDS]
    return _page("numbers", form, kinds=kinds)


@bp.post("/numbers")
@access.staff_required(role="admin")
def confirm_numbers() -> access.Reply:
    form = NumbersForm()

    def rule() -> None:
        opening.going_on(now=clock.now())
        number_check.confirm(form.typed(), **counter.acting())

    form.submit(rule, at=number_check.FIELDS[0])
    return _numbers_page(form) if form.problems else _back("confirmed", "numbers")


# -- 最初のメール, 控え --------------------------------------------------------------------------------------------------
@bp.get("/mails")
@access.staff_required(role="admin")
def mails() -> access.Reply:
    """Show the mails of the first days after the opening, before they go out."""
    return _page("mails", **_mails())


def _mails() -> dict:
    """Return the mails of the first days after the opening; after today, where no day is named."""
    move, typed = Cutover.get_or_none(), request.args.get("on", "")[:40]
    named = _day(typed)
    opens_on = (move and move.opens_on) or named or clock.today()
    letters = current_app.extensions["letters"](current_app.config)
    jobs = current_app.extensions["jobs"]
    found = first_mails.preview(
        letters.letter, lambda now: jobs.rehearse(current_app.config, now=now), opens_on=opens_on
    )
    return {
        "on": opens_on,
        "field": OpeningForm(formdata=None, on=typed.strip() or opens_on.isoformat()).views()["on"],
        "problems": [errors.OpeningDayImpossible(days=opening.FARTHEST.days)] if typed.strip() and not named else [],
        "days": [{"day": day.day, "counts": day.counts} for day in found.days],
        "texts": found.texts,
        "total": found.total,
    }


def _day(text: str) -> date | None:
    """Return a typed day on which the library could open; None for anything else."""
    with suppress(ValueError):
        day, today = dates.parse(text), clock.today()
        return day if today <= day <= today + opening.FARTHEST else None


@bp.get("/backup")
@access.staff_required(role="admin")
def backup() -> access.Reply:
    """Show whether a backup of today was tried, and its counts beside those of here."""
    return _page("backup", **_context("backup"))


@bp.post("/backup")
@access.staff_required(role="admin")
def try_copy() -> access.Reply:
    """控えを作って確かめる: make a backup, try it, and confirm the step."""
    try:
        opening.going_on(now=clock.now())
        run = partial(current_app.extensions["jobs"].run, drill.JOB, now=clock.now(), settings=current_app.config)
        first_backup.make_and_try(current_app.config, run, **counter.acting())
    except errors.Refused as refusal:
        return _refused("backup", refusal)
    return _back("confirmed", "backup")


# -- 開館する ----------------------------------------------------------------------------------------------------------
@bp.get("/opening")
@access.staff_required(role="admin")
def ask_opening() -> access.Reply:
    return _opening_page(OpeningForm(formdata=None, on=dates.without_weekday(clock.today())))


def _opening_page(form: OpeningForm) -> access.Reply:
    outlook = opening.outlook(_day(form.on.data or "") or clock.today())
    return form.page(
        "desk/move/opening.html",
        left=steps.open_ones(),
        password_days=policy.get("first_password_days"),
        **outlook._asdict(),
    )


@bp.post("/opening")
@access.staff_required(role="admin")
@again.required("open_library")
def open_library() -> access.Reply:
    """開館する: set the day of the opening; from then on patrons see their pages. Refused while a file is read in."""
    form = OpeningForm()
    form.submit(lambda: _open(form), at="on", without=() if steps.open_ones() else ("reason",))
    if form.problems:
        return _opening_page(form)
    return _back("opened")


def _open(form: OpeningForm) -> None:
    with _alone():
        opening.open_on(days.read("on", form.on.data, YEARS), form.reason.data or "", **counter.acting())


def _alone() -> AbstractContextManager:
    """Refuse while a file is read in, and keep the next one waiting."""
    return runs.alone(Path(current_app.instance_path), "move")


@bp.get("/discard")
@access.staff_required(role="admin")
def ask_discard() -> access.Reply:
    return _discard_page(DiscardForm(formdata=None))


def _discard_page(form: DiscardForm) -> access.Reply:
    found = figures.every(today=clock.today())
    return form.page("desk/move/discard.html", figures=found, library=branding.name(current_app.config))


@bp.post("/discard")
@access.staff_required(role="admin")
@again.required("discard_imported")
def discard() -> access.Reply:
    """取り込んだものを消す, after the library's name was typed."""
    form = DiscardForm()

    def rule() -> None:
        opening.check_name(form.library.data, branding.name(current_app.config))
        with _alone():
            opening.discard(**counter.acting())

    form.submit(rule, at="library")
    return _discard_page(form) if form.problems else _back("discarded")
