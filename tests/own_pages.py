"""All that the pages of My Library tell a patron of what they read, as text by page: what whoever has signed in to the
card can read.
"""

from collections.abc import Iterator
from datetime import timedelta

from library import clock
from library.account import glance, undoing
from library.ebooks import addresses, lending
from library.lending import due_calendar
from library.lending.holds import cart, hold_list
from library.reading import history, looking_back, sdi, shelved, shelves
from models import OutboxMail

KEY = "key"  # of the library, by which secret addresses are signed


def everything(patron, *, now) -> dict[str, str]:
    """Return the text of each page. Public shelves, open holds and loans that are out are left out: others see them,
    too.
    """
    today = clock.day_of(now)
    mails = OutboxMail.select().where(OutboxMail.patron == patron.id)
    told = {
        "history": _history(patron, today),
        "shelves": list(_shelves(patron)),
        "cart": [row.title.title for row in cart.rows(patron)],
        "undo": [name for offer in undoing.offers(patron, "cart", now=now) for name in offer.names],
        "sdi": [f"{condition.name} {condition.query}" for condition in sdi.of_patron(patron)],
        "ebooks": ebooks(patron, today=today),
        "addresses": [addresses.shelf_token(patron, KEY) or "", serial(patron)],
        "glance": [str(glance.read(patron, today=today))],
        "notices": [f"{mail.subject} {mail.text}" for mail in mails],
        "holds": [_hold(row) for row in hold_list.for_patron(patron, today=today)],
    }
    return {page: "\n".join(texts) for page, texts in told.items()}


def _history(patron, today) -> list[str]:
    records = history.everything(patron, today=today + timedelta(days=1))  # tomorrow those of today are shown, too
    years = looking_back.by_year(records)
    return [str(each) for each in (*looking_back.find(records, ""), *years)]


def _shelves(patron) -> Iterator[str]:
    for shelf in shelves.of_patron(patron):
        yield f"{shelf.name} {shelf.description}" if not shelf.token else ""
        for book in shelved.books(shelf):
            yield f"{book.note} {book.read_on}" if shelf.token else str(book)
    yield from (str(shelf) for shelf in shelves.overview(patron) if not shelf.is_public)


def _hold(row) -> str:
    return row.hold.title.title if row.hold.ended_at else ""


def ebooks(patron, *, today) -> list[str]:
    """Return the books that the page of e-books names, and the feed behind its secret address."""
    mine = lending.Mine(patron, today=today)
    return [each.ebook.title.title for each in (*mine.loans, *mine.holds, *mine.over)]


def serial(patron) -> str:
    """Return the events in the calendar."""
    link = due_calendar.link_of(patron)
    return link.serial if link else ""
