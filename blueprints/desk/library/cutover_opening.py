"""移行: what comes last: the first mails, the sheet for the day before, the opening; and discarding all of it."""

from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from flask import Blueprint, current_app, request

from library import clock, dates, errors, policy
from library.backups import drill
from library.calendar import opening as opening_days
from library.cutover import figures, first_backup, first_mails, opening, steps
from library.importing import runs
from library.site import branding
from models import Cutover
from web import access, flash, forms, htmx
from web.desk import again, counter, days

bp = Blueprint("move_opening", __name__)
PAGE = "desk.move.index"
YEARS = range(2000, 2200)


class OpeningForm(forms.Form):
    on = forms.Text("開館日", maximum=40)
    reason = forms.Text("確認していないものがある理由", maximum=opening.LONGEST)


class DiscardForm(forms.Form):
    library = forms.Text("図書館の名前", maximum=200)


# -- 最初のメール ------------------------------------------------------------------------------------------------------
@bp.get("/mails")
@access.staff_required(role="admin")
def mails() -> access.Reply:
    """Show the mails of the first days after the opening, before they go out."""
    return htmx.page("desk/move/mails.html", step=steps.by_name("mails"), **_mails(clock.today()))


def _mails(unnamed: date) -> dict[str, Any]:
    """Return the mails of the first days after the opening; from ``unnamed`` on, where no day is named."""
    move, typed = Cutover.get_or_none(), request.args.get("on", "")[:40]
    named = _day(typed)
    opens_on = (move and move.opens_on) or named or unnamed
    letters = current_app.extensions["letters"](current_app.config)
    jobs = current_app.extensions["jobs"]
    found = first_mails.preview(
        letters.letter, lambda now: jobs.rehearse(current_app.config, now=now), opens_on=opens_on
    )
    return {
        "on": opens_on,
        "field": OpeningForm(formdata=None, on=typed.strip() or opens_on.isoformat()).views()["on"],
        "problems": [errors.OpeningDayImpossible(days=opening.FARTHEST.days)] if typed.strip() and not named else [],
        "days": [day._asdict() for day in found.days],
        "texts": found.texts,
    }


def _day(text: str) -> date | None:
    """Return a typed day on which the library could open; None for anything else."""
    with suppress(ValueError):
        day, today = dates.parse(text), clock.today()
        return day if today <= day <= today + opening.FARTHEST else None


# -- 開館前日にすること --------------------------------------------------------------------------------------------------
@bp.get("/day-before")
@access.staff_required(role="admin")
def sheet() -> access.Reply:
    """Show the sheet of paper for the day before the opening, with the library's own figures."""
    now = clock.now()
    facts, tried = _mails(_next_open_day()), drill.last()
    return htmx.page(
        "desk/move/sheet.html",
        figures=figures.every(today=clock.day_of(now)),
        left=[
            (step.name, step.label, opening.why_open(step.name, now=now).sentence)
            for step in steps.every()
            if step.confirmed_at is None
        ],
        tried={"at": tried.succeeded_at, "error": tried.error, "counts": first_backup.compared()},
        day_before=facts["on"] - timedelta(days=1),
        admin_mail=current_app.config["ADMIN_MAIL"],
        **facts,
    )


def _next_open_day() -> date:
    """Return the first day from tomorrow on which this desk's branch is open."""
    tomorrow, branch = clock.today() + timedelta(days=1), counter.branch()
    with suppress(errors.NeverOpen):
        return opening_days.next_open_day(branch, tomorrow) if branch else tomorrow
    return tomorrow


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
    """開館する: set the day of the opening; from then on patrons see their pages. Refused while a file is read in, and the
    next one waits.
    """
    form = OpeningForm()
    form.submit(lambda: _open(form), at="on", without=() if steps.open_ones() else ("reason",))
    if form.problems:
        return _opening_page(form)
    return flash.leave(PAGE, done="opened")


def _open(form: OpeningForm) -> None:
    with runs.alone(Path(current_app.instance_path), "move"):
        opening.open_on(days.read("on", form.on.data, YEARS), form.reason.data or "", **counter.acting())


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
        with runs.alone(Path(current_app.instance_path), "move"):
            opening.discard(**counter.acting())

    form.submit(rule, at="library")
    return _discard_page(form) if form.problems else flash.leave(PAGE, done="discarded")
