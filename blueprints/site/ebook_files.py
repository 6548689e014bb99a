"""The files of e-books for whoever has the address of a running loan; their covers for everybody."""

from pathlib import Path

from flask import Blueprint, abort, current_app, send_file

from library import clock
from library.ebooks import addresses, stock
from models import Ebook
from web import access, terminals

bp = Blueprint("ebook_files", __name__)
KIND = "application/epub+zip"
COVER_SECONDS = 24 * 60 * 60


def _folder() -> Path:
    return Path(current_app.instance_path) / stock.FOLDER


@bp.get("/<token>.epub")
@access.public
@terminals.refused
def file(token: str) -> access.Reply:
    """Send the file of a loan; 404 for an unknown address, 410 once the loan is over."""
    loan = addresses.loan_for(token, current_app.config["SECRET_KEY"])
    if loan is None:
        abort(404)
    if addresses.is_over(loan, today=clock.today()):
        abort(410)
    answer = send_file(
        stock.file_of(loan.ebook, _folder()),
        mimetype=KIND,
        as_attachment=True,
        download_name=f"{loan.ebook.title.full_name}.epub",
        etag=False,
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.get("/covers/<row_id:ebook_id>")
@access.public
def cover(ebook_id: int) -> access.Reply:
    shown = (Ebook.id == ebook_id) & Ebook.withdrawn_at.is_null() & (Ebook.cover != "")
    ebook = access.mine_or_404(Ebook.select().where(shown))
    path = stock.cover_of(ebook, _folder())
    if path is None or not path.is_file():
        abort(404)
    return send_file(path, mimetype=ebook.cover, max_age=COVER_SECONDS)
