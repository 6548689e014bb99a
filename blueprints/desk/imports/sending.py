"""Files on their way in: sent by the browser, or chosen from the inbox; and the order in which they go in."""

import shutil
from collections.abc import Iterator, Sequence
from typing import IO

from flask import redirect, request, url_for

from blueprints.desk.imports.blueprint import PAGE, bp, instance
from library import errors, invisible
from library.importing import arrivals, assignments, kinds, runs
from web import access, flash, forms, htmx

ROOM = 64 * 1024  # of a form around its file
LIST = "desk.imports.index"
OUT = "-"  # chosen for a file that is not to be taken
LONGEST = 40  # letters of the name of a profile


@bp.get("")
@access.staff_required(role="admin")
def index() -> access.Reply:
    return upload_page()


def upload_page(refused: Sequence[tuple[str, errors.Refused]] = ()) -> access.Reply:
    """Return the page where files are sent, with those that go in next and those of before; ``refused``: by name."""
    arrivals.sweep(instance())
    every = arrivals.every(instance())
    lines = [
        {"sentence": f"{name}：{refusal.sentence}" if name else refusal.sentence, "anchor": "file"}
        for name, refusal in refused
    ]
    return htmx.page(
        "desk/imports/index.html",
        422 if refused else 200,
        summary=lines,
        page_has_errors=bool(lines),
        messages=flash.take(LIST),
        megabytes=arrivals.LARGEST // 1024**2,
        inbox=[
            (arrivals.shown(each), f"{each.stat().st_size / 1024**2:,.1f}MB") for each in arrivals.in_inbox(instance())
        ],
        chosen=request.form.getlist("inbox"),
        profile=request.form.get("profile") or (every[0].plan.profile if every else assignments.usual()),
        profiles=assignments.profiles(),
        kinds=[(kind.name, kind.label) for kind in kinds.KINDS.values()],
        waiting=waiting(every),
        runs=[_listed(run) for run in every if run.state.step == "done"],
    )


def _listed(run: runs.Run) -> dict:
    state = run.state
    return {
        "url": url_for(PAGE, token=run.token),
        "token": run.token,
        "kind": run.plan.kind,
        "label": run.plan.kind and run.kind.label,
        "offered": "" if run.plan.kind else kinds.offered(run.plan.name),
        "is_table": run.plan.is_table,
        "name": run.plan.name,
        "step": state.step,
        "is_working": state.is_working,
        "totals": state.totals,
    }


def waiting(every: Sequence[runs.Run]) -> list[dict]:
    """Return the files that are not in, in their order; ``after``: the kinds for which one waits; ``is_next``: its turn
    is now.
    """
    found = arrivals.in_order(run for run in every if run.state.step != "done")
    there = {run.plan.kind: run.kind.label for run in found if run.plan.kind}
    listed = [
        _listed(run) | {"after": [label for name, label in there.items() if run.plan.kind and name in run.kind.after]}
        for run in found
    ]
    turn = next((each["token"] for each in listed if each["kind"] and not each["after"]), "")
    return [each | {"is_next": each["token"] == turn} for each in listed]


@bp.post("")
@access.staff_required(role="admin")
@access.takes_file(arrivals.LARGEST + ROOM + 1024**2)
def send() -> access.Reply:
    """Keep the files, each of which tells its kind. One that needs nothing else goes on to its columns at once."""
    profile = forms.printable(invisible.drop(request.form.get("profile", ""))).strip()[:LONGEST]
    sent = list(_sent())
    if not sent:
        return upload_page([("", errors.FileMissing())])
    made, refused = arrivals.receive(instance(), sent, profile or assignments.usual())
    if refused:
        return upload_page(refused)
    ready = [each["token"] for each in waiting(arrivals.every(instance())) if each["kind"] and not each["after"]]
    if len(made) == 1 and made[0].token in ready:
        return redirect(url_for("desk.imports.columns", token=made[0].token), 303)
    return redirect(url_for(LIST), 303)


def _sent() -> Iterator[tuple[str, IO[bytes] | None]]:
    for file in request.files.getlist("file"):
        if file.filename:
            yield file.filename, file.stream
    for name in filter(None, request.form.getlist("inbox")):
        yield name, None


@bp.post("/kinds")
@access.staff_required(role="admin")
def choose_kinds() -> access.Reply:
    """Keep what the files are, and remove those that are not to be taken."""
    for run in arrivals.every(instance()):
        chosen, state = request.form.get(f"kind_{run.token}", ""), run.state
        if state.is_working or state.step == "done":
            continue
        if chosen == OUT:
            shutil.rmtree(run.folder)
        elif chosen in kinds.KINDS and chosen != run.plan.kind and run.plan.is_table:
            arrivals.choose(run, chosen)
    return flash.leave(LIST, done="kinds")


@bp.errorhandler(errors.KindOpen)
@bp.errorhandler(errors.UploadGone)
def _no_upload(refusal: errors.Refused) -> access.Reply:
    return upload_page([("", refusal)])
