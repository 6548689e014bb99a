"""確認する and 取り込む: the progress of a run, what it would do, and what it did."""

import io
import time
from contextlib import suppress
from typing import IO

from flask import current_app, redirect, request, url_for
from werkzeug.datastructures import FileStorage

from blueprints.desk.imports.blueprint import PAGE, bp, facts, run_of
from blueprints.desk.imports.columns import begin_work, one_row, send_on
from blueprints.desk.imports.sending import ROOM, waiting
from library import errors
from library.files import report
from library.importing import arrivals, previews, runs
from library.numbers import proposals
from web import access, flash, forms, htmx
from web.desk import counter

SEEN = {"titles": "desk.titles.index", "items": "desk.items.index", "patrons": "desk.patrons.index"}  # what came in
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ReportForm(forms.Form):
    in_summary = (("file", "直した報告", "file"),)


@bp.get("/<token>")
@access.staff_required(role="admin")
def show(token: str) -> access.Reply:
    """Show how far a run is, what it would do, or what it did."""
    run = run_of(token)
    state = run.state
    if state.step in ("new", "unchecked"):
        return redirect(url_for("desk.imports.columns", token=token))
    if state.is_working:
        return htmx.page("desk/imports/progress.html", run=facts(run), state=_progress(run, state))
    if state.step == "checked" and (state.stopping if state.refused else state.unknown and not run.plan.is_asked):
        return redirect(url_for("desk.imports.values", token=token))
    return _outcome_page(run, state, ReportForm(formdata=None))


def _outcome_page(run: runs.Run, state: runs.State, form: ReportForm) -> access.Reply:
    found, row = previews.found_in(run.report), one_row(run, state)
    return form.page(
        "desk/imports/outcome.html",
        422 if row["refusal"] else 0,
        row=row,
        messages=flash.take(PAGE),
        run=facts(run),
        state=state,
        takes_corrections=_takes_corrections(state),
        has_values=bool(state.unknown or run.plan.values),
        following=next((each for each in waiting(arrivals.every(run.instance)) if each["is_next"]), None),
        seen_at=url_for(SEEN[run.plan.kind]) if run.plan.kind in SEEN else "",
        groups=[
            {"kind": kind, "count": state.findings.get(kind, 0), "rows": found.get(kind, [])}
            for kind in report.KINDS
            if found.get(kind)
        ],
    )


@bp.post("/<token>/corrections")
@access.staff_required(role="admin")
@access.takes_file(arrivals.LARGEST + ROOM)
def correct(token: str) -> access.Reply:
    """修正して取り込む: try the rows whose values came back corrected in the report, as a file of their own."""
    run, form, file = run_of(token), ReportForm(), request.files.get("file")
    if not _takes_corrections(run.state):
        return send_on(run)
    new = form.submit(lambda: arrivals.receive_corrected(run, _sent(file)), at="file")
    return begin_work(new, dry_run=True) if new else _outcome_page(run, run.state, form)


def _takes_corrections(state: runs.State) -> bool:
    """Tell whether rows may come back corrected: once the file is in, or where no row of it can be."""
    return state.correctable and (state.step == "done" or state.useless)


def _sent(file: FileStorage | None) -> IO[bytes]:
    if not file:
        raise errors.FileMissing()
    return file.stream


@bp.post("/<token>/form")
@access.staff_required(role="admin")
def take_form(token: str) -> access.Reply:
    """Take the form of cards that fits the file, and try it whole once more."""
    run = run_of(token)
    if not (run.state.proposal and run.state.may_be_read_in):
        return send_on(run)
    try:
        form = proposals.take(run.state.proposal, **counter.acting())
    except errors.TooManyForms as refusal:
        return flash.leave(PAGE, {"token": token}, refused=[refusal])
    flash.keep(PAGE, done="form", words=form.words)
    return begin_work(run, dry_run=True)


def _progress(run: runs.Run, state: runs.State) -> dict:
    return {
        "done": state.done or state.looked_at,
        "is_first_look": state.looked_at and not state.done,
        "rows": state.rows,
        "minutes": state.minutes_left(time.time()),
        "is_check": state.step == "checking",
        "is_stopping": run.is_stopping,
    }


@bp.get("/<token>/progress")
@access.staff_required(role="admin")
def progress(token: str) -> access.Reply:
    """Show the progress of a run to the page that asks every other second; when it is done, send that page on."""
    address = url_for(PAGE, token=token)
    if not htmx.asks_for_part():
        return redirect(address)
    with suppress(errors.UploadGone):
        run = run_of(token)
        if (state := run.state).is_working:
            return htmx.page("desk/imports/_progress.html", 200, address, run=facts(run), state=_progress(run, state))
    return current_app.response_class("", 200, {"HX-Redirect": address})


@bp.post("/<token>/run")
@access.staff_required(role="admin")
def carry_out(token: str) -> access.Reply:
    """Read in a file that was tried whole before; sent again it changes nothing."""
    run = run_of(token)
    return begin_work(run, dry_run=False) if run.state.may_be_read_in else send_on(run)


@bp.post("/<token>/stop")
@access.staff_required(role="admin")
def stop(token: str) -> access.Reply:
    """中止する: stop a run; the rows that were taken so far stay."""
    run = run_of(token)
    run.stop()
    return send_on(run)


@bp.get("/<token>/report")
@access.staff_required(role="admin")
def download(token: str) -> access.Reply:
    """Return the findings as an Excel workbook."""
    run = run_of(token)
    if not run.report.exists():
        raise errors.UploadGone()
    file = io.BytesIO()
    mark = run.token if run.state.correctable else ""
    report.write_workbook(file, report.FindingFile.read(run.report), mark=mark)
    headers = {"Content-Disposition": f"attachment; filename=report-{run.plan.kind}.xlsx", "Cache-Control": "no-store"}
    return current_app.response_class(file.getvalue(), 200, headers, mimetype=EXCEL)
