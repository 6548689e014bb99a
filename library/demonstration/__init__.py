"""すずかけ市立図書館, a library that does not exist, for trying Madoguchi before it has a library's own data.

Patrons, addresses and numbers are invented; so are publishers, years, prices and ISBN, and the titles for children, CD,
DVD and three short e-books. The other titles are real and out of copyright. The same ``today`` gives the same library.
It queues no mail.
"""

from datetime import date, datetime
from pathlib import Path

from library import errors, policy
from library.access import passwords
from library.demonstration import (
    articles,
    branches,
    desk,
    door,
    ebooks,
    history,
    holds,
    lending,
    patrons,
    questions,
    sdi,
    shelves,
    titles,
)
from library.discovery import rankings
from library.store import database
from models import Branch, Patron, Title

NAME = "すずかけ市立図書館"
NAME_KANA = "すずかけしりつ としょかん"
ADDRESS = branches.MAIN_ADDRESS
PHONE = branches.MAIN_PHONE
DEMONSTRATION_CARDS = patrons.CARDS  # (card, password, what can be seen with it)
DEMONSTRATION_STAFF = tuple((login, desk.PASSWORD, note) for login, _, note in desk.ACCOUNTS)


def load(*, today: date, now: datetime, folder: Path | None = None) -> None:
    """Fill an empty migrated database. E-books are made if there is a ``folder`` for them. Raises: LibraryNotEmpty."""
    for table in (Patron, Title, Branch):
        if table.select().exists():
            raise errors.LibraryNotEmpty()
    # once, not for each patron, and before the transaction: hashing is slow on purpose
    password_hash, staff_hash = map(passwords.hash_password, (patrons.PASSWORD, desk.PASSWORD))
    with database.writing():
        policy.put("demonstration", True)
        policy.put("address", ADDRESS)
        policy.put("phone", PHONE)
        policy.put("library_kana", NAME_KANA)
        branches.write(today=today)
        titles.write(today=today)
        patrons.write(today=today, now=now, password_hash=password_hash)
        lent = lending.write(today=today)
        holds.write(lent)
        holds.write_last_month(today=today)
        history.write(lent)
        shelves.write(today=today)
        sdi.write(today=today)
        articles.write(today=today, now=now)
        questions.write(today=today)
        desk.write(now=now, password_hash=staff_hash)
        titles.write_more(today=today)
        titles.write_weeding(today=today, now=now)
        door.write(lent)
        desk.write_figures(today=today)
        if folder:
            ebooks.write(folder=folder, today=today, now=now)
    rankings.prepare(now=now)


def is_loaded() -> bool:
    """Tell whether this database holds the demonstration."""
    return policy.get("demonstration")


def name_library(settings: dict, unnamed: str) -> None:
    """Set the setting LIBRARY_NAME of a demonstration to NAME, if it is still ``unnamed``, the default."""
    if settings["LIBRARY_NAME"] == unnamed and is_loaded():
        settings["LIBRARY_NAME"] = NAME
