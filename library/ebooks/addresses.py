"""Secret addresses: of the file of a loan, and of the shelf that a reading program opens for its patron.

Who has the address needs no more: it is signed, and it is dead as soon as what it is bound to is over.
"""

import secrets
from datetime import date, datetime

from library.access import signed_links
from library.store import database
from models import EbookLink, EbookLoan, Patron

FILE, SHELF = "ebook-file", "ebook-shelf"  # what a signature is good for
KEY_BYTES = 9


def file_token(loan: EbookLoan, key: str) -> str:
    """Return the token of the file that was lent."""
    return signed_links.sign(FILE, str(loan.id), key)


def loan_for(token: str, key: str) -> EbookLoan | None:
    """Return the loan of a token, also one that is over (``is_over``); None where we made no such token."""
    subject = signed_links.read(FILE, token, key)
    return EbookLoan.get_or_none(EbookLoan.id == int(subject)) if subject else None


def is_over(loan: EbookLoan, *, today: date) -> bool:
    return loan.returned_on is not None or loan.due_on < today


def shelf_token(patron: Patron, key: str) -> str | None:
    """Return the token of the patron's shelf; None as long as none was made."""
    link = EbookLink.get_or_none(EbookLink.patron == patron)
    return signed_links.sign(SHELF, link.key, key) if link else None


def renew(patron: Patron, *, now: datetime) -> None:
    """Make the patron's address, or another one: the old is dead from this moment."""
    with database.writing():
        EbookLink.delete().where(EbookLink.patron == patron).execute()
        EbookLink.create(patron=patron, key=secrets.token_urlsafe(KEY_BYTES), made_at=now)


def shelf_link(token: str, key: str) -> EbookLink | None:
    """Return the link of a shelf, with its patron; None for an address that was renewed, or of a card that is closed."""
    subject = signed_links.read(SHELF, token, key)
    found = EbookLink.select(EbookLink, Patron).join(Patron).where(EbookLink.key == subject, Patron.state != "closed")
    return found.first() if subject else None
