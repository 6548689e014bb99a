"""取り込み: a file on its way in: sent, columns and words assigned, tried whole, read in."""

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from flask import Blueprint, current_app, redirect, request, url_for
from werkzeug.datastructures import FileStorage

from library import clock, errors
from library.files import encodings, report
from library.importing import arrivals, assignments, kinds, runs, words
from library.numbers import proposals
from web import access, flash, forms, htmx
from web.desk import child_processes, counter

bp = Blueprint("imports", __name__)
PAGE = "desk.imports.show"

TICKS, TEXTS = ("pad_zeros", "with_consent"), ("source", "area_code")  # choices beside the columns
SEEN = {"titles": "desk.titles.index", "items": "desk.items.index", "patrons": "desk.patrons.index"}  # what came in
LONGEST = 40  # letters of the name of a source
ROOM = 64 * 1024  # of a form around its file
ADD, ADD_GROUP = "+", "+団体"  # what a word can be, beside a word of the library (=…), nothing (=) and not taken (=-)


class UploadForm(forms.Form):
    kind = forms.Radio("ファイルの中身", [(kind.name, kind.label) for kind in kinds.KINDS.values()])


def _instance() -> Path:
    return Path(current_app.instance_path)


def _run(token: str) -> runs.Run:
    """Return the run of this page. Raises: UploadGone, which is answered by the page where a file is sent."""
    return runs.Run(_instance(), token)


# -- a file ------------------------------------------------------------------------------------------------------------
@bp.get("")
@access.staff_required(role="admin")
def index() -> access.Reply:
    return _upload_page(UploadForm(formdata=None, kind="titles"))


def _upload_page(form: UploadForm, refusal: errors.Refused | None = None) -> access.Reply:
    if refusal:
        form.problems = {"file": [refusal]}
    arrivals.sweep(_instance())
    return form.page(
        "desk/imports/index.html",
        megabytes=arrivals.LARGEST // 1024**2,
        inbox=[
            (arrivals.shown(each), f"{each.stat().st_size / 1024**2:,.1f}MB") for each in arrivals.in_inbox(_instance())
        ],
        chosen=request.form.get("inbox", ""),
        runs=[_listed(run) for run in arrivals.every(_instance())],
    )


def _listed(run: runs.Run) -> dict:
    url, state = url_for(PAGE, token=run.token), run.state
    return {"url": url, "kind": run.kind.label, "name": run.plan.name, "step": state.step, "totals": state.totals}


@bp.post("")
@access.staff_required(role="admin")
@access.takes_file(arrivals.LARGEST + ROOM + 1024**2)
def send() -> access.Reply:
    """Keep the file; the next page shows which heading is which column."""
    form, file, name = UploadForm(), request.files.get("file"), request.form.get("inbox", "")
    run = form.submit(lambda: _begin(form.kind.data, file, name), at="file")
    if run is None:
        return _upload_page(form)
    return redirect(url_for("desk.imports.columns", token=run.token), 303)


def _begin(kind: str, file: FileStorage | None, name: str) -> runs.Run:
    if file:
        return arrivals.begin(_instance(), kind, file.filename or "", file.stream)
    if not name:
        raise errors.FileMissing()
    return arrivals.begin_with(_instance(), kind, name)


@bp.errorhandler(errors.UploadGone)
def _no_upload(refusal: errors.Refused) -> access.Reply:
    return _upload_page(UploadForm(formdata=None, kind="titles"), refusal)


# -- 列の割り当て ------------------------------------------------------------------------------------------------------
@bp.get("/<token>/columns")
@access.staff_required(role="admin")
def columns(token: str) -> access.Reply:
    return _columns_page(_run(token))


def _columns_page(run: runs.Run, refusal: errors.Refused | None = None) -> access.Reply:
    try:
        sample = run.preview()
    except errors.EncodingUnclear as unclear:
        sample, refusal = kinds.Preview(), unclear
    except errors.Refused as problem:
        if not run.plan.encoding:
            return _upload_page(UploadForm(formdata=None, kind=run.plan.kind), problem)
        sample, refusal = kinds.Preview(), problem  # so that another encoding can be chosen
    return htmx.page(
        "desk/imports/columns.html",
        422 if refusal else 200,
        run=_facts(run),
        **vars(sample),
        encoding=run.plan.encoding,
        encodings=encodings.NAMES.items(),
        refusal=refusal.sentence if refusal else "",
        is_broken_off=run.state.step == "unchecked",
    )


def _facts(run: runs.Run) -> dict:
    """Return the facts of a run that all its pages show."""
    chosen = {name: getattr(run.plan, name) for name in (*TICKS, *TEXTS)}
    return {"token": run.token, "kind": run.kind.label, "name": run.plan.name, "offers": run.kind.offers} | chosen


@bp.post("/<token>/columns")
@access.staff_required(role="admin")
def assign_columns(token: str) -> access.Reply:
    """Keep what was assigned and try the whole file."""
    run = _run(token)
    plan, offers = run.plan, run.kind.offers
    encoding, before = request.form.get("encoding", ""), plan.encoding
    plan.encoding = encoding if encoding in encodings.NAMES else ""
    for name in TICKS:
        setattr(plan, name, name in offers and request.form.get(name) == "y")
    for name in TEXTS:
        setattr(plan, name, request.form.get(name, "").strip()[:LONGEST] if name in offers else "")
    if plan.encoding == before:  # else its headings were other letters
        names = (column.name for column in run.kind.columns)
        run.assign({name: request.form.getlist(f"map_{name}") for name in names})
    run.keep_plan()
    return _begin_work(run, dry_run=True)


def _begin_work(run: runs.Run, *, dry_run: bool) -> access.Reply:
    """Try the file or read it in; a long one in a process of its own. A fault is shown on its page."""
    try:
        lock = runs.lock(run.instance, run.token)
    except errors.ImportBusy as refusal:  # with this very file, where a button was pressed twice
        return _to(run) if runs.working(run.instance) == run.token else _columns_page(run, refusal)
    try:
        if dry_run or run.state.step != "done":
            _work(run, lock, dry_run=dry_run)
    except errors.Refused as refusal:
        return _columns_page(run, refusal)
    finally:
        os.close(lock)
    return _to(run)


def _to(run: runs.Run) -> access.Reply:
    return redirect(url_for(PAGE, token=run.token), 303)


def _work(run: runs.Run, lock: int, *, dry_run: bool) -> None:
    holdings = current_app.config["HOLDINGS"]
    rows = run.count(holdings, f"{current_app.config['PROGRAM']} {run.kind.command} FILE")
    run.begin(dry_run=dry_run, rows=rows)
    if rows <= runs.AT_ONCE:
        run.work(dry_run=dry_run, rows=rows, now=clock.now(), by=counter.actor(), holdings=holdings)
    else:
        _start_child(run, rows, lock, dry_run=dry_run)


def _start_child(run: runs.Run, rows: int, lock: int, *, dry_run: bool) -> None:
    """Start this program as the process of a run; it inherits the lock, and ends with the server's service."""
    given = ["--rows", str(rows), "--by", counter.actor(), *(["--dry-run"] if dry_run else [])]
    child_processes.start(["imports", "work", *given, "--", run.token], lock)  # a token may begin with a hyphen


# -- 値の対応づけ ------------------------------------------------------------------------------------------------------
@bp.get("/<token>/values")
@access.staff_required(role="admin")
def values(token: str) -> access.Reply:
    return _values_page(_run(token))


def _values_page(run: runs.Run, refusal: errors.Refused | None = None) -> access.Reply:
    return htmx.page(
        "desk/imports/values.html",
        422 if refusal else 200,
        run=_facts(run),
        columns=list(_words(run)),
        refusal=refusal.sentence if refusal else "",
    )


def _words(run: runs.Run) -> Iterator[dict]:
    """Yield each column with words that the library does not have or that were mapped, and the choices for them."""
    state, plan = run.state, run.plan
    known = (assignments.remembered(plan.kind) | plan.assigned).values
    labels = {column.name: column for column in run.kind.columns}
    for name in [name for name in labels if state.unknown.get(name) or known.get(name)]:
        found = {**dict.fromkeys(known.get(name, {}), 0), **state.unknown.get(name, {})}
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
            "others": state.more_unknown.get(name, 0),
        }


def _chosen(word: str, known: dict, added: list, groups: list) -> str:
    """Return the value of a word's choice in the form: "" before one was made."""
    if word in added:
        return ADD_GROUP if word in groups else ADD
    return f"={known[word]}" if word in known else ""


@bp.post("/<token>/values")
@access.staff_required(role="admin")
def assign_values(token: str) -> access.Reply:
    """Keep what the words mean and try the whole file."""
    run = _run(token)
    state = run.state
    plan, unknown, stopping, left = run.plan, state.unknown, state.stopping, 0
    plan.values, plan.added, plan.groups = {}, {}, []
    for column in run.kind.columns:
        number = 0
        while (word := request.form.get(f"word_{column.name}_{number}")) is not None:
            means = request.form.get(f"means_{column.name}_{number}", "")
            _assign(plan, column.name, word, means)
            left += not means and column.name in stopping and word in unknown.get(column.name, {})
            number += 1
    run.keep_plan()
    return _values_page(run, errors.ValuesOpen(count=left)) if left else _begin_work(run, dry_run=True)


def _assign(plan: runs.Plan, name: str, word: str, means: str) -> None:
    if means in (ADD, ADD_GROUP) and name in words.SETTINGS:
        plan.added.setdefault(name, []).append(word)
        plan.groups += [word] if means == ADD_GROUP else []
    elif means.startswith("="):
        plan.values.setdefault(name, {})[word] = means[1:]


# -- 確認する, 取り込む -------------------------------------------------------------------------------------------------
@bp.get("/<token>")
@access.staff_required(role="admin")
def show(token: str) -> access.Reply:
    """Show how far a run is, what it would do, or what it did."""
    run = _run(token)
    state = run.state
    if state.step in ("new", "unchecked"):
        return redirect(url_for("desk.imports.columns", token=token))
    if state.is_working:
        return htmx.page("desk/imports/progress.html", run=_facts(run), state=_progress(run, state))
    if state.step == "checked" and state.refused and state.stopping:
        return redirect(url_for("desk.imports.values", token=token))
    found = runs.found_in(run.report)
    return htmx.page(
        "desk/imports/outcome.html",
        messages=flash.take(PAGE),
        run=_facts(run),
        state=state,
        seen_at=url_for(SEEN[run.plan.kind]) if run.plan.kind in SEEN else "",
        groups=[
            {"kind": kind, "count": state.findings.get(kind, 0), "rows": found.get(kind, [])}
            for kind in report.KINDS
            if found.get(kind)
        ],
    )


@bp.post("/<token>/form")
@access.staff_required(role="admin")
def take_form(token: str) -> access.Reply:
    """Take the form of cards that fits the file, and try it whole once more."""
    run = _run(token)
    if not (run.state.proposal and run.state.may_be_read_in):
        return _to(run)
    try:
        form = proposals.take(run.state.proposal, **counter.acting())
    except errors.TooManyForms as refusal:
        return flash.leave(PAGE, {"token": token}, refused=[refusal])
    flash.keep(PAGE, done="form", words=form.words)
    return _begin_work(run, dry_run=True)


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
        run = _run(token)
        if (state := run.state).is_working:
            return htmx.page("desk/imports/_progress.html", 200, address, run=_facts(run), state=_progress(run, state))
    return current_app.response_class("", 200, {"HX-Redirect": address})


@bp.post("/<token>/run")
@access.staff_required(role="admin")
def carry_out(token: str) -> access.Reply:
    """Read in a file that was tried whole before; sent again it changes nothing."""
    run = _run(token)
    return _begin_work(run, dry_run=False) if run.state.may_be_read_in else _to(run)


@bp.post("/<token>/stop")
@access.staff_required(role="admin")
def stop(token: str) -> access.Reply:
    """中止する: stop a run; the rows that were taken so far stay."""
    run = _run(token)
    run.stop()
    return _to(run)


@bp.get("/<token>/report")
@access.staff_required(role="admin")
def download(token: str) -> access.Reply:
    """Return the findings as a file for spreadsheets."""
    run = _run(token)
    if not run.report.exists():
        raise errors.UploadGone()
    headers = {"Content-Disposition": f"attachment; filename=report-{run.plan.kind}.csv", "Cache-Control": "no-store"}
    return current_app.response_class(run.report.read_bytes(), 200, headers, mimetype="text/csv")
