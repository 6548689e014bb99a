"""Secret addresses: of the file of a loan, and of the shelf that a reading program opens for its patron.

Whoever has the address needs no sign-in: it is signed, and ends with the loan or the card it belongs to.
"""

import secrets
from datetime import date, datetime

from library.access import signed_links
from library.store import database
from models import EbookLink, EbookLoan, Patron

FILE, SHELF = "ebook-file", "ebook-shelf"  # what a signature is good for
KEY_BYTES = 9


def file_token(loan: EbookLoan, key: str) -> str:
    """Return the token of the file of a loan."""
    return signed_links.sign(FILE, str(loan.id), key)


def loan_for(token: str, key: str) -> EbookLoan | None:
    """Return the loan of a token, also an ended one (``is_over``); None for a forged token."""
    subject = signed_links.read(FILE, token, key)
    return EbookLoan.get_or_none(EbookLoan.id == int(subject)) if subject else None


def is_over(loan: EbookLoan, *, today: date) -> bool:
    return loan.returned_on is not None or loan.due_on < today


def shelf_token(patron: Patron, key: str) -> str | None:
    """Return the token of the patron's shelf; None before one was made."""
    link = EbookLink.get_or_none(EbookLink.patron == patron)
    return signed_links.sign(SHELF, link.key, key) if link else None


def replace_shelf_address(patron: Patron, *, now: datetime) -> None:
    """Make the patron's shelf address; an earlier one stops working at once."""
    with database.writing():
        EbookLink.delete().where(EbookLink.patron == patron).execute()
        EbookLink.create(patron=patron, key=secrets.token_urlsafe(KEY_BYTES), made_at=now)


def shelf_link(token: str, key: str) -> EbookLink | None:
    """Return the link of a shelf, with its patron; None for a replaced address or a closed card."""
    subject = signed_links.read(SHELF, token, key)
    found = EbookLink.select(EbookLink, Patron).join(Patron).where(EbookLink.key == subject, Patron.state != "closed")
    return found.first() if subject else None
