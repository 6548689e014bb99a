"""列: the column of ours for each column of the file; then the file is tried whole."""

import os
import re
import unicodedata
from contextlib import suppress

from flask import current_app, redirect, request, url_for

from blueprints.desk.imports.blueprint import PAGE, TEXTS, TICKS, bp, facts, run_of
from blueprints.desk.imports.sending import upload_page
from library import clock, errors
from library.files import encodings, spreadsheets
from library.importing import previews, runs
from web import access, htmx
from web.desk import child_processes, counter

LONGEST = 40  # letters of the name of a source
BY_COMMAND = re.compile("（コマンドでは[^）]*）")  # of a sentence that is for both ways


@bp.get("/<token>/columns")
@access.staff_required(role="admin")
def columns(token: str) -> access.Reply:
    return columns_page(run_of(token))


def columns_page(run: runs.Run, refusal: errors.Refused | None = None) -> access.Reply:
    """Return the page of the columns, or, for a file that can't be read, the page where one is sent."""
    try:
        sample = run.preview()
    except errors.EncodingUnclear as unclear:
        sample, refusal = previews.Preview(), unclear
    except errors.Refused as problem:
        if not run.plan.encoding:
            return upload_page([(run.plan.name, problem)])
        sample, refusal = previews.Preview(), problem  # so that another encoding can be chosen
    return htmx.page(
        "desk/imports/columns.html",
        422 if refusal else 200,
        run=facts(run),
        sample=sample,
        fields=run.kind.columns,
        is_chosen=bool(run.plan.headings),
        encoding=run.plan.encoding,
        encodings=encodings.NAMES.items(),
        refusal=BY_COMMAND.sub("", refusal.sentence) if refusal else "",
        is_broken_off=run.state.step == "unchecked",
    )


@bp.post("/<token>/columns")
@access.staff_required(role="admin")
def assign_columns(token: str) -> access.Reply:
    """Keep what was assigned and try the whole file; with ``look`` only show what is chosen."""
    run = run_of(token)
    plan, offers = run.plan, run.kind.offers
    encoding, before = request.form.get("encoding", ""), plan.encoding
    plan.encoding, plan.is_asked = encoding if encoding in encodings.NAMES else "", False
    for name in TICKS:
        setattr(plan, name, name in offers and request.form.get(name) == "y")
    for name in TEXTS:
        setattr(plan, name, request.form.get(name, "").strip()[:LONGEST] if name in offers else "")
    if plan.encoding == before:  # else its headings were other letters
        run.assign([request.form.get(f"column_{place}", "") for place in range(spreadsheets.MOST_COLUMNS)])
    run.keep_plan()
    if htmx.asks_for_part() and "look" in request.form:
        return htmx.page("desk/imports/_chosen.html", sample=run.preview(), swap=True)
    return begin_work(run, dry_run=True)


def one_row(run: runs.Run, state: runs.State) -> dict:
    """Return one row as it would be stored, of the number in the address or of the importer's choice."""
    asked, found = request.args.get("row", "").strip(), None
    number = unicodedata.normalize("NFKC", asked).replace(",", "").removesuffix("行目")
    is_offered = state.step == "checked" and not state.refused
    if is_offered and (number.isdecimal() or not asked):
        with suppress(errors.Refused):  # of a file that is not what it was: the import says so
            line = int(number[:9]) if asked else None
            found = run.one_row(line, now=clock.now(), holdings=current_app.config["HOLDINGS"])
    refusal = errors.RowUnknown().sentence if is_offered and asked and not found else ""
    return {"is_offered": is_offered, "asked": asked, "found": found, "refusal": refusal}


def begin_work(run: runs.Run, *, dry_run: bool) -> access.Reply:
    """Try the file or read it in; a long one in a process of its own. A fault is shown on its page."""
    try:
        lock = runs.lock(run.instance, run.token)
    except errors.ImportBusy as refusal:  # with this very file, where a button was pressed twice
        return send_on(run) if runs.working(run.instance) == run.token else columns_page(run, refusal)
    try:
        if dry_run or run.state.step != "done":
            _work(run, lock, dry_run=dry_run)
    except errors.Refused as refusal:
        return columns_page(run, refusal)
    finally:
        os.close(lock)
    return send_on(run)


def send_on(run: runs.Run) -> access.Reply:
    """Send the browser on to the page of a run."""
    return redirect(url_for(PAGE, token=run.token), 303)


def _work(run: runs.Run, lock: int, *, dry_run: bool) -> None:
    """Work on a run here, or in a process that inherits the lock and ends with the server's service."""
    holdings = current_app.config["HOLDINGS"]
    rows = run.count(holdings, f"{current_app.config['PROGRAM']} {run.kind.command} FILE")
    run.begin(dry_run=dry_run, rows=rows)
    if rows <= runs.AT_ONCE:
        run.work(dry_run=dry_run, now=clock.now(), by=counter.actor(), holdings=holdings)
    else:
        given = ["--by", counter.actor(), *(["--dry-run"] if dry_run else [])]
        child_processes.start(["imports", "work", *given, "--", run.token], lock)  # a token may begin with a hyphen
