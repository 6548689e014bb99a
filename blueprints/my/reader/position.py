"""The place up to which a book was read: led to, and remembered."""

from flask import abort, request

from blueprints.my.reader import lent_book
from blueprints.my.reader.blueprint import bp
from library import errors
from library.ebooks import contents, positions
from library.ebooks.positions import Place
from models import EbookLoan
from web import access, forms, maintenance


@bp.get("/<row_id:loan_id>/read")
@access.patron_required
def read(loan_id: int) -> access.Reply:
    """Lead to the place up to which the book was read."""
    loan = lent_book.find(loan_id)
    return lent_book.lead_to(loan, positions.of_loan(loan)) if loan else lent_book.not_lent()


@bp.post("/<row_id:loan_id>/read/place")
@access.patron_required
def mark(loan_id: int) -> access.Reply:
    """Remember the place and lead there: for つぎの章へ, and every ten seconds by itself. In hours of maintenance it only
    leads there.
    """
    loan = lent_book.find(loan_id)
    if loan is None:
        return lent_book.not_lent()
    place = place_in_form(0)
    if not 0 < place.part <= _count(loan) or place.paragraph > positions.LAST:
        abort(422)
    if not maintenance.is_now():
        positions.mark(loan, place)
    return lent_book.lead_to(loan, place)


def place_in_form(default_part: int) -> positions.Place:
    """Return the place that the form names; without a part, ``default_part``."""
    part, paragraph = (forms.number(request.form.get(name)) for name in ("part", "paragraph"))
    return Place(part or default_part, paragraph or 0)


def _count(loan: EbookLoan) -> int:
    try:
        return len(contents.read(lent_book.file_of(loan)).parts)
    except errors.EbookPartUnreadable:
        return 0
