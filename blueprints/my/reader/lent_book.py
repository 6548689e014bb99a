"""The loan whose book is read, its file, and the answer where there is no such loan."""

from pathlib import Path

from flask import current_app, redirect, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from library import clock
from library.ebooks import positions, stock
from models import EbookLoan
from web import access, errors


def find(loan_id: int) -> EbookLoan | None:
    """Return the loan, if it is the patron's and goes on; else None."""
    return positions.loan_of(current_user.patron, loan_id, today=clock.today())


def not_lent() -> access.Reply:
    """Answer 404, the same for an ended loan, another patron's, and one that never was."""
    return errors.answer(404, why="not_lent", way_on=url_for("ebooks.index"), plain=False)


def file_of(loan: EbookLoan) -> Path:
    return stock.file_of(loan.ebook, Path(current_app.instance_path) / stock.FOLDER)


def lead_to(loan: EbookLoan, place: positions.Place) -> Response:
    anchor = f"#p-{place.paragraph}" if place.paragraph else ""
    return redirect(url_for("reader.part", loan_id=loan.id, number=place.part) + anchor, 303)
