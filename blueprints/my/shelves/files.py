"""A shelf as a CSV file, out and in again; the effect of each row is shown before."""

from pathlib import Path

from flask import Response, current_app, redirect, request, session, url_for
from flask_login import current_user

from blueprints.my.shelves import messages
from blueprints.my.shelves.blueprint import ONE, bp, shelf_or_404
from library import clock, errors
from library.files import report, uploads
from library.reading import shelf_files, shelved
from models import Shelf
from web import access, forms, htmx, paging, terminals
from web.parts import references

ROOM = 1024**2  # around a file: what is a little too long is told so on its page
SHOWN = 100  # rows on one page


@bp.get(f"{ONE}.csv")
@access.patron_required
@terminals.refused
def csv_file(shelf_id: int) -> access.Reply:
    """Send a shelf in its order: UTF-8 with BOM for spreadsheets."""
    table = report.as_csv(shelf_files.HEADINGS, map(shelf_files.cells, shelved.books(shelf_or_404(shelf_id))))
    headers = {"Content-Disposition": "attachment; filename=shelf.csv", "Cache-Control": "no-store"}
    return Response(table, mimetype="text/csv", headers=headers)


@bp.get(f"{ONE}.<any(ris, bib):kind>")
@access.patron_required
@terminals.refused
def references_file(shelf_id: int, kind: str) -> access.Reply:
    """Send the books of a shelf that the catalogue has, for a program of references."""
    numbers = [book.title_id for book in shelved.books(shelf_or_404(shelf_id)) if book.title_id]
    return references.file(numbers, kind, "shelf", public=False)


@bp.get(f"{ONE}/import")
@access.patron_required
def ask_file(shelf_id: int) -> access.Reply:
    return _file_page(shelf_or_404(shelf_id))


def _file_page(shelf: Shelf, refusal: errors.Refused | None = None) -> access.Reply:
    line = {"label": "ファイル", "sentence": refusal.sentence, "anchor": "file"} if refusal else None
    return htmx.page(
        "shelves/import.html",
        422 if refusal else 200,
        shelf=shelf,
        **forms.error_values({"file": [refusal]} if refusal else {}, [line] if line else []),
        kilobytes=shelf_files.LARGEST // 1024,
        most=shelf_files.MOST,
    )


@bp.post(f"{ONE}/import")
@access.patron_required
@access.takes_file(shelf_files.LARGEST + ROOM)
def send_file(shelf_id: int) -> access.Reply:
    """Keep the file; the next page tells what it would do."""
    shelf, file = shelf_or_404(shelf_id), request.files.get("file")
    try:
        if file is None:
            raise errors.FileMissing()
        shelf_files.check_size(file.stream)
        token = uploads.keep(_folder(), file.stream, "", patron=current_user.patron.id)
        shelf_files.read(uploads.path_of(_folder(), token), shelf)
    except errors.Refused as refusal:
        return _file_page(shelf, refusal)
    session["shelf_file"] = {"patron": current_user.patron.id, "shelf": shelf_id, "token": token}
    return redirect(url_for("shelves.confirm_file", shelf_id=shelf_id), 303)


def _folder() -> Path:
    return Path(current_app.instance_path) / "uploads"


def _uploaded(shelf: Shelf) -> tuple[Path, list[shelf_files.Row]]:
    """Return the file that this patron sent for this shelf, and its rows. Raises: UploadGone."""
    sent = session.get("shelf_file", {})
    if (sent.get("patron"), sent.get("shelf")) != (current_user.patron.id, shelf.id):
        raise errors.UploadGone()
    path = uploads.path_of(_folder(), sent["token"])
    return path, shelf_files.read(path, shelf)


@bp.get(f"{ONE}/import/confirm")
@access.patron_required
def confirm_file(shelf_id: int) -> access.Reply:
    shelf = shelf_or_404(shelf_id)
    try:
        _, rows = _uploaded(shelf)
    except errors.Refused as refusal:
        return _file_page(shelf, refusal)
    fitting = sum(row.reason is None for row in rows)
    cut = paging.cut(rows, SHOWN, url_for("shelves.confirm_file", shelf_id=shelf_id))
    return htmx.page("shelves/import_confirm.html", shelf=shelf, fitting=fitting, refused=len(rows) - fitting, **cut)


@bp.post(f"{ONE}/import/confirm")
@access.patron_required
def read_file(shelf_id: int) -> access.Reply:
    """Put the rows that fit on the shelf; sent again the file is gone."""
    shelf = shelf_or_404(shelf_id)
    try:
        path, rows = _uploaded(shelf)
    except errors.Refused as refusal:
        return _file_page(shelf, refusal)
    added = shelf_files.put(shelf, rows, today=clock.today())
    path.unlink(missing_ok=True)
    session.pop("shelf_file", None)
    left = len(rows) - added
    messages.keep(shelf_id, "imported_some" if left else "imported", count=added, left=left)
    return redirect(url_for("shelves.show", shelf_id=shelf_id), 303)
