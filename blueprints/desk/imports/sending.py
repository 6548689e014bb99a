"""A file on its way in: sent by the browser, or chosen from the inbox."""

from flask import redirect, request, url_for
from werkzeug.datastructures import FileStorage

from blueprints.desk.imports.blueprint import PAGE, bp, instance
from library import errors
from library.importing import arrivals, kinds, runs
from web import access, forms

ROOM = 64 * 1024  # of a form around its file


class UploadForm(forms.Form):
    kind = forms.Radio("ファイルの中身", [(kind.name, kind.label) for kind in kinds.KINDS.values()])


@bp.get("")
@access.staff_required(role="admin")
def index() -> access.Reply:
    return upload_page(UploadForm(formdata=None, kind="titles"))


def upload_page(form: UploadForm, refusal: errors.Refused | None = None) -> access.Reply:
    """Return the page where a file is sent, with the runs so far."""
    if refusal:
        form.problems = {"file": [refusal]}
    arrivals.sweep(instance())
    return form.page(
        "desk/imports/index.html",
        megabytes=arrivals.LARGEST // 1024**2,
        inbox=[
            (arrivals.shown(each), f"{each.stat().st_size / 1024**2:,.1f}MB") for each in arrivals.in_inbox(instance())
        ],
        chosen=request.form.get("inbox", ""),
        runs=[_listed(run) for run in arrivals.every(instance())],
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
        return upload_page(form)
    return redirect(url_for("desk.imports.columns", token=run.token), 303)


def _begin(kind: str, file: FileStorage | None, name: str) -> runs.Run:
    if file:
        return arrivals.begin(instance(), kind, file.filename or "", file.stream)
    if not name:
        raise errors.FileMissing()
    return arrivals.begin_with(instance(), kind, name)


@bp.errorhandler(errors.UploadGone)
def _no_upload(refusal: errors.Refused) -> access.Reply:
    return upload_page(UploadForm(formdata=None, kind="titles"), refusal)
