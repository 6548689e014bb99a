"""取り込み: a file on its way in: sent, columns and words assigned, tried whole, read in. A long one works in a process of its own."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

from flask import Blueprint, current_app, redirect, request, url_for

from library import clock, errors
from library.files import encodings, report
from library.importing import arrivals, assignments, kinds, runs, words
from web import access, forms, htmx
from web.desk import counter

bp = Blueprint("imports", __name__)

PROGRAM = Path(__file__).resolve().parents[3] / "madoguchi.py"
ROOM = 64 * 1024  # of a form around its file
NOTHING, ADD, ADD_GROUP = "=-", "+", "+団体"  # what a word can be, beside a word of the library (=…)


class UploadForm(forms.Form):
    kind = forms.Radio("ファイルの中身", [(kind.name, kind.label) for kind in kinds.KINDS.values()])


def _instance():
    return Path(current_app.instance_path)


def _run(token):
    """Return the run of this page; 404 where there is none any more."""
    try:
        return runs.Run(_instance(), token)
    except errors.UploadGone:
        return None


# -- a file ------------------------------------------------------------------------------------------------------------
@bp.get("")
@access.staff_required(role="admin")
def index():
    return _upload_page(UploadForm(formdata=None, kind="titles"))


def _upload_page(form, refusal=None):
    if refusal:
        form.problems = {"file": [refusal]}
    arrivals.sweep(_instance())
    return form.page(
        "desk/imports/index.html",
        megabytes=arrivals.LARGEST // 1024**2,
        inbox=[(each.name, f"{each.stat().st_size / 1024**2:,.1f}MB") for each in arrivals.in_inbox(_instance())],
        chosen=request.form.get("inbox", ""),
        runs=[_listed(run) for run in arrivals.every(_instance())],
    )


def _listed(run):
    state = run.state
    return {
        "url": url_for("desk.imports.show", token=run.token),
        "kind": run.kind.label,
        "name": run.plan.name,
        "step": state.step,
        "totals": state.totals,
    }


@bp.post("")
@access.staff_required(role="admin")
@access.takes_file(arrivals.LARGEST + ROOM + 1024**2)
def send():
    """Keep the file; the next page shows which heading is which column."""
    form, file, name = UploadForm(), request.files.get("file"), request.form.get("inbox", "")
    run = form.submit(lambda: _begin(form.kind.data, file, name), at="file")
    if form.problems:
        return _upload_page(form)
    return redirect(url_for("desk.imports.columns", token=run.token), 303)


def _begin(kind, file, name):
    if file:
        return arrivals.begin(_instance(), kind, file.filename, file.stream)
    if not name:
        raise errors.FileMissing()
    return arrivals.begin_with(_instance(), kind, name)


def _gone():
    return _upload_page(UploadForm(formdata=None, kind="titles"), errors.UploadGone())


# -- 列の割り当て ------------------------------------------------------------------------------------------------------
@bp.get("/<token>/columns")
@access.staff_required(role="admin")
def columns(token):
    run = _run(token)
    return _columns_page(run) if run else _gone()


def _columns_page(run, refusal=None):
    try:
        sample = run.preview()
    except errors.EncodingUnclear as unclear:
        sample, refusal = kinds.Preview(), unclear
    except (errors.Refused, OSError) as problem:
        gone = problem if isinstance(problem, errors.Refused) else errors.UploadGone()
        return _upload_page(UploadForm(formdata=None, kind=run.plan.kind), gone)
    return htmx.page(
        "desk/imports/columns.html",
        422 if refusal else 200,
        run=_facts(run),
        headings=sample.headings,
        columns=[
            {
                "name": column.name,
                "label": column.label,
                "heading": heading,
                "cells": cells,
                "required": column.required,
            }
            for column, heading, cells in sample.columns
        ],
        titles=sample.titles,
        before=sample.before,
        charset=sample.charset,
        encoding=run.plan.encoding,
        encodings=encodings.NAMES.items(),
        refusal=refusal.sentence if refusal else "",
    )


def _facts(run):
    """Return what all pages of a run show of it."""
    plan = run.plan
    return {
        "token": run.token,
        "kind": run.kind.label,
        "name": plan.name,
        "offers": run.kind.offers,
        "pad_zeros": plan.pad_zeros,
        "with_consent": plan.with_consent,
    }


@bp.post("/<token>/columns")
@access.staff_required(role="admin")
def assign_columns(token):
    """Keep what was assigned and try the whole file."""
    run = _run(token)
    if run is None:
        return _gone()
    chosen = {column.name: request.form.get(f"map_{column.name}", "")[:200] for column in run.kind.columns}
    run.plan.headings = {name: heading for name, heading in chosen.items() if heading}
    encoding = request.form.get("encoding", "")
    run.plan.encoding = encoding if encoding in encodings.NAMES else ""
    for name in ("pad_zeros", "with_consent"):
        setattr(run.plan, name, name in run.kind.offers and request.form.get(name) == "y")
    run.keep_plan()
    return _begin_work(run, dry_run=True)


def _begin_work(run, *, dry_run):
    """Try the file or read it in: at once where it is short, else in a process of its own. What stops it is shown on its page."""
    try:
        rows = run.count(current_app.config["HOLDINGS"], f"{current_app.config['PROGRAM']} {run.kind.command} FILE")
        lock = runs.lock(run.instance, run.token)
    except errors.Refused as refusal:
        return _columns_page(run, refusal)
    try:
        if rows <= runs.AT_ONCE:
            holdings = current_app.config["HOLDINGS"]
            run.work(dry_run=dry_run, rows=rows, now=clock.now(), by=counter.actor(), holdings=holdings)
        else:
            run.keep_state(runs.State("checking" if dry_run else "importing", rows, began=time.time()))
            _start_child(run, rows, lock, dry_run=dry_run)
    finally:
        os.close(lock)
    return redirect(url_for("desk.imports.show", token=run.token), 303)


def _start_child(run, rows, lock, *, dry_run):
    """Start this program as the process of a run; it inherits the lock, and ends with the server's service."""
    ours = {name: str(current_app.config[name]) for name in ("INSTANCE", "DATABASE_URL", "TIMEZONE")}
    given = ["--rows", str(rows), "--by", counter.actor(), *(["--dry-run"] if dry_run else [])]
    process = subprocess.Popen(  # noqa: S603 (our own program)
        [sys.executable, str(PROGRAM), "imports", "work", run.token, *given],
        env=os.environ | {f"MADOGUCHI_{name}": value for name, value in ours.items()},
        stdin=subprocess.DEVNULL,
        pass_fds=[lock],
    )
    threading.Thread(target=process.wait, name="import", daemon=True).start()


# -- 値の対応づけ ------------------------------------------------------------------------------------------------------
@bp.get("/<token>/values")
@access.staff_required(role="admin")
def values(token):
    run = _run(token)
    if run is None:
        return _gone()
    return htmx.page("desk/imports/values.html", run=_facts(run), columns=list(_words(run)))


def _words(run):
    """Yield of each column the words of the file that the library doesn't have, and those that were mapped, with what they can be."""
    unknown, plan = run.state.unknown, run.plan
    known = (assignments.remembered(plan.kind) | plan.assigned).values
    labels = {column.name: column for column in run.kind.columns}
    for name in [name for name in labels if unknown.get(name) or known.get(name)]:
        found = {**dict.fromkeys(known.get(name, {}), 0), **unknown.get(name, {})}
        added = plan.added.get(name, [])
        yield {
            "name": name,
            "label": labels[name].label,
            "rules": name in words.SETTINGS,
            "groups": name == "category",
            "required": labels[name].required,
            "meanings": kinds.meanings(plan.kind, name),
            "words": [
                {"word": word, "count": count, "chosen": _chosen(word, known.get(name, {}), added, plan.groups)}
                for word, count in found.items()
            ],
        }


def _chosen(word, known, added, groups):
    """Return what was chosen for a word, as the page sends it."""
    if word in added:
        return ADD_GROUP if word in groups else ADD
    return f"={known[word]}" if word in known else ""


@bp.post("/<token>/values")
@access.staff_required(role="admin")
def assign_values(token):
    """Keep what the words mean and try the whole file."""
    run = _run(token)
    if run is None:
        return _gone()
    plan = run.plan
    plan.values, plan.added, plan.groups = {}, {}, []
    for column in run.kind.columns:
        number = 0
        while (word := request.form.get(f"word_{column.name}_{number}")) is not None:
            _assign(plan, column.name, word, request.form.get(f"means_{column.name}_{number}", ""))
            number += 1
    run.keep_plan()
    return _begin_work(run, dry_run=True)


def _assign(plan, name, word, means):
    if means in (ADD, ADD_GROUP) and name in words.SETTINGS:
        plan.added.setdefault(name, []).append(word)
        plan.groups += [word] if means == ADD_GROUP else []
    elif means.startswith("=") and len(means) > 1:
        plan.values.setdefault(name, {})[word] = means[1:]


# -- 確認する, 取り込む -------------------------------------------------------------------------------------------------
@bp.get("/<token>")
@access.staff_required(role="admin")
def show(token):
    """Show how far a run is, what it would do, or what it did."""
    run = _run(token)
    if run is None:
        return _gone()
    state = run.state
    if state.step == "new":
        return redirect(url_for("desk.imports.columns", token=token))
    if state.is_working:
        return htmx.page("desk/imports/progress.html", run=_facts(run), state=_progress(state))
    if state.step == "checked" and set(state.unknown) & {*words.SETTINGS, "branch", "pickup_branch"} and state.refused:
        return redirect(url_for("desk.imports.values", token=token))
    found = runs.found_in(run.report)
    return htmx.page(
        "desk/imports/outcome.html",
        run=_facts(run),
        state=state,
        groups=[
            {"kind": kind, "count": state.findings.get(kind, 0), "rows": found.get(kind, [])}
            for kind in (report.REFUSAL, report.EMPTIED, report.MENDED, report.WARNING)
            if found.get(kind)
        ],
    )


def _progress(state):
    return {
        "done": state.done or state.looked_at,
        "is_first_look": state.looked_at and not state.done,
        "rows": state.rows,
        "minutes": state.minutes_left(time.time()),
        "is_check": state.step == "checking",
    }


@bp.get("/<token>/progress")
@access.staff_required(role="admin")
def progress(token):
    """Return how far a run is, for the page that asks every other second; when it is done, send that page on."""
    run = _run(token)
    state = run.state if run else None
    address = url_for("desk.imports.show", token=token)
    if not htmx.asks_for_part():
        return redirect(address)
    if run and state and state.is_working:
        return htmx.page("desk/imports/_progress.html", 200, address, run=_facts(run), state=_progress(state))
    return current_app.response_class("", 200, {"HX-Redirect": address})


@bp.post("/<token>/run")
@access.staff_required(role="admin")
def carry_out(token):
    """Read it in. Sent again it finds it done, and had it been done again nothing would change."""
    run = _run(token)
    if run is None:
        return _gone()
    state = run.state
    if state.step in ("done", "importing", "checking"):
        return redirect(url_for("desk.imports.show", token=token), 303)
    return _begin_work(run, dry_run=False)


@bp.post("/<token>/stop")
@access.staff_required(role="admin")
def stop(token):
    run = _run(token)
    if run is None:
        return _gone()
    run.stop()
    return redirect(url_for("desk.imports.show", token=token), 303)


@bp.get("/<token>/report")
@access.staff_required(role="admin")
def download(token):
    """Return the findings as a file for spreadsheets."""
    run = _run(token)
    if run is None or not run.report.exists():
        return _gone()
    headers = {"Content-Disposition": f"attachment; filename=report-{run.plan.kind}.csv", "Cache-Control": "no-store"}
    return current_app.response_class(run.report.read_bytes(), 200, headers, mimetype="text/csv")
