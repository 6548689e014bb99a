"""Messages about a shelf and its books: codes and numbers of rows until the page is drawn, then with names
(templates/shelves/_answer.html).
"""

from typing import Any

from flask_login import current_user

from library.reading import shelved
from models import Shelf, ShelvedTitle, Title
from web import flash
from web.parts.rows import shelf_rows


def outcome_of_adding(found: list[shelved.Answer]) -> dict:
    """Return the facts of a message about titles put on a shelf. ``found``: one answer a title."""
    added = [answer.title.id for answer in found if answer.reason is None]
    refused = sorted({answer.reason for answer in found if answer.reason}, key=str)
    return {
        "done": ("added_some" if refused else "added") if added else "not_added",
        "title": added[0] if added else None,
        "count": len(added),
        "left": len(found) - len(added),
        "refused": refused,
    }


def keep(shelf_id: int, done: str, **facts: Any) -> None:
    """Leave a message for the page of this shelf."""
    flash.keep(f"shelf {shelf_id}", done=done, **facts)


def take(shelf: Shelf) -> dict:
    """Return the message for the page of this shelf, which is shown once."""
    return with_names(flash.take(f"shelf {shelf.id}"), shelf)


def with_names(answer: dict, shelf: Shelf | None) -> dict:
    """Return a message with the name of its book, or of its shelf where shelves are put in order
    (``shelf`` is None).
    """
    if shelf is None:
        moved = Shelf.get_or_none(Shelf.id == answer.get("book"), Shelf.patron == current_user.patron)
        return answer | {"name": moved.name if moved else ""}
    return answer | {"shelf": shelf.name, "name": _book(answer, shelf)}


def _book(answer: dict, shelf: Shelf) -> str:
    """Return the name of the book on the shelf; of one taken off its title, where the catalogue has it."""
    if not answer.get("book") and not answer.get("title"):
        return ""
    if book := ShelvedTitle.get_or_none(ShelvedTitle.id == answer.get("book"), ShelvedTitle.shelf == shelf):
        return shelf_rows.name_of(book)
    title = Title.get_or_none(Title.id == answer.get("title"))
    return title.full_name if title else ""
