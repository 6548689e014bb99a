"""取り込み: files of titles and copies. A look at what would happen comes before it happens."""

from pathlib import Path

from flask import Blueprint, current_app, redirect, request, url_for

from library import clock, errors
from library.catalog.readers import formats
from library.files import encodings, report, spreadsheets
from library.importing import items, previews, titles, uploads
from web import access, forms, htmx
from web.desk import counter

bp = Blueprint("imports", __name__)

KINDS = {"titles": "書誌（MARC 21・MARCXML・DC-NDL・CSV・TSV）", "items": "所蔵（CSV・TSV）"}
COMMANDS = {"titles": "catalog import FILE", "items": "items import FILE"}
SHOWN = 50  # refusals, and as many warnings
ROOM = 64 * 1024  # of a form around its file


class UploadForm(forms.Form):
    kind = forms.Radio("ファイルの中身", KINDS.items())


def _command(kind: str) -> str:
    return f"{current_app.config['PROGRAM']} {COMMANDS[kind]}"


def _folder():
    return Path(current_app.instance_path) / "uploads"


@bp.get("")
@access.staff_required(role="admin")
def index():
    return _upload_page(UploadForm(formdata=None, kind="titles"))


def _upload_page(form, refusal=None):
    if refusal:
        form.problems = {"file": [refusal]}
    context = {"megabytes": uploads.LARGEST // 1024**2, "commands": map(_command, COMMANDS)}
    return form.page("desk/imports/index.html", **context)


@bp.post("")
@access.staff_required(role="admin")
@access.takes_file(uploads.LARGEST + ROOM + 1024**2)
def send():
    """Keep the file; the next page shows what it would do."""
    form, file = UploadForm(), request.files.get("file")
    token = form.submit(lambda: _keep(file, form.kind.data), at="file")
    if form.problems:
        return _upload_page(form)
    return redirect(url_for("desk.imports.preview", token=token, kind=form.kind.data), 303)


def _keep(file, kind):
    if file is None:
        raise errors.FileMissing()
    return uploads.keep(_folder(), file.stream, _command(kind))


@bp.get("/<token>")
@access.staff_required(role="admin")
def preview(token):
    """Show the dry run, and for a table which heading is which column."""
    kind = request.args.get("kind")
    if kind not in KINDS:
        return redirect(url_for("desk.imports.index"))
    try:
        path = uploads.path_of(_folder(), token)
        chosen = _chosen(request.args, kind)
        sample = previews.read(kind, path, *chosen)
    except errors.EncodingUnclear as refusal:
        return _preview_page(token, kind, previews.Preview(), None, [], refusal)
    except errors.Refused as refusal:
        return _upload_page(UploadForm(formdata=None, kind=kind), refusal)
    return _preview_page(token, kind, sample, *_try(kind, path, chosen))


def _try(kind, path, chosen):
    try:
        return *_read_in(kind, path, *chosen, dry_run=True), None
    except errors.Refused as refusal:
        return None, [], refusal


def _preview_page(token, kind, sample, done, findings, refusal):
    missing = refusal.facts["columns"] if isinstance(refusal, errors.HeadingsMissing) else ""
    return htmx.page(
        "desk/imports/preview.html",
        token=token,
        kind=kind,
        kind_words=KINDS[kind],
        headings=sample.headings,
        columns=[
            {"name": column.name, "label": column.label, "heading": heading, "cells": cells}
            for column, heading, cells in sample.columns
        ],
        titles=sample.titles,
        charset=sample.charset,
        encoding=_encoding(request.args),
        encodings=encodings.NAMES.items(),
        asks_encoding=bool(sample.charset or _encoding(request.args) or isinstance(refusal, errors.EncodingUnclear)),
        missing=missing,
        refusal=refusal.sentence if refusal and not missing else "",
        **_outcome(done, findings),
    )


def _outcome(done, findings):
    refused = [refusal.sentence for refusal in findings if refusal.kind == report.REFUSAL]
    warned = [warning.sentence for warning in findings if warning.kind == report.WARNING]
    return {
        "totals": done.totals if done else "",
        "more": [(words, count) for words, count in done.more.items() if count] if done else [],
        "refusals": refused[:SHOWN],
        "refused": len(refused),
        "warnings": warned[:SHOWN],
        "warned": len(warned),
        "useless": bool(done and done.nothing_done),
    }


@bp.post("/<token>")
@access.staff_required(role="admin")
def carry_out(token):
    """Read it in. Sent again it finds the file gone, and had it been there nothing would change."""
    kind = request.form.get("kind")
    if kind not in KINDS:
        return redirect(url_for("desk.imports.index"), 303)
    try:
        path = uploads.path_of(_folder(), token)
        done, findings = _read_in(kind, path, *_chosen(request.form, kind), dry_run=False)
    except errors.Refused as refusal:
        return _upload_page(UploadForm(formdata=None, kind=kind), refusal)
    done.record(kind, now=clock.now(), by=counter.actor())
    path.unlink(missing_ok=True)
    return htmx.page("desk/imports/done.html", kind_words=KINDS[kind], **_outcome(done, findings))


def _read_in(kind, path, mapping, encoding, *, dry_run):
    """Return the report, and the refusals and warnings."""
    findings = []
    done = report.Report(tell=findings.append)
    given, opening = {"report": done, "dry_run": dry_run}, {"mapping": mapping, "encoding": encoding}
    if kind == "titles":
        with formats.opened(path, holdings=current_app.config["HOLDINGS"], **opening) as catalogue:
            uploads.require_few(catalogue, _command(kind))
            titles.read_in(catalogue, today=clock.today(), **given)
    else:
        with spreadsheets.opened(path, items.COLUMNS, either=items.TITLE_BY, **opening) as table:
            uploads.require_few(table, _command(kind))
            items.read_in(table, **given)
    return done, findings


def _chosen(sent, kind):
    """Return what was chosen on the page: column → heading, and the name of an encoding or ""."""
    chosen = {column.name: sent.get(f"map_{column.name}", "")[:200] for column in previews.KINDS[kind]}
    return {name: heading for name, heading in chosen.items() if heading}, _encoding(sent)


def _encoding(sent):
    name = sent.get("encoding", "")
    return name if name in encodings.NAMES else ""
