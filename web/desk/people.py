"""利用者 whose page the desk opens by the number in its address: that they were looked at is written down."""

from library.people import searches
from models import Patron
from web import access
from web.desk import counter


def opened(patron_id: int) -> Patron:
    """Return the patron of this number, and write down that they were opened; where there is none, 404.

    For every page under /desk/patrons/…: whoever tries one number after the other leaves a line for each.
    """
    row = access.row_or_404(Patron, patron_id)
    searches.note_view(row, **counter.acting())
    return row
