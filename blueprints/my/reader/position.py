"""The place up to which a book was read: led to, and remembered."""

from flask import abort, request

from blueprints.my.reader import lent
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
    loan = lent.find(loan_id)
    return lent.lead_to(loan, positions.of_loan(loan)) if loan else lent.not_lent()


@bp.post("/<row_id:loan_id>/read/place")
@access.patron_required
def mark(loan_id: int) -> access.Reply:
    """Remember the place and lead there: つぎの章へ, and what the page sends by itself every ten seconds. In hours of maintenance it leads
    there alone.
    """
    loan = lent.find(loan_id)
    if loan is None:
        return lent.not_lent()
    place = sent(0)
    if not 0 < place.part <= _count(loan) or place.paragraph > positions.LAST:
        abort(422)
    if not maintenance.is_now():
        positions.mark(loan, place)
    return lent.lead_to(loan, place)


def sent(otherwise: int) -> positions.Place:
    """Return the place that a form names, by the names of its fields."""
    part, paragraph = (forms.number(request.form.get(name)) for name in ("part", "paragraph"))
    return Place(part or otherwise, paragraph or 0)


def _count(loan: EbookLoan) -> int:
    try:
        return len(contents.read(lent.file_of(loan)).parts)
    except errors.EbookPartUnreadable:
        return 0
