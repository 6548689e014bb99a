"""書き出し: all titles, or all copies, as a file."""

from pathlib import Path

from flask import Blueprint, current_app, send_file

from library import clock
from library.catalog import exporting
from web import access

bp = Blueprint("exports", __name__)
EXPORTS = {"marcxml": ("titles.xml", "application/xml"), "csv": ("items.csv", "text/csv")}


@bp.get("/<any(marcxml, csv):form>")
@access.staff_required(role="admin")
def download(form: str) -> access.Reply:
    """Send all titles as MARCXML, or all copies as a table."""
    folder = Path(current_app.instance_path) / "uploads"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"export-{clock.now().timestamp():.6f}"
    exporting.FORMATS[form](path)
    file = path.open("rb")  # the server closes it; on disk it is gone at once
    path.unlink()
    name, kind = EXPORTS[form]
    answer = send_file(file, mimetype=kind, as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "no-store"
    return answer
