"""What pages draw of a patron's shelves, and of what stands on them."""

from blueprints.links import url_for
from library import shelved
from library.catalog import spine

SPINES, LISTED = 300, 20  # on one page


def spines(books, *, linked=True) -> list[dict]:
    return [
        {
            "id": book.id,
            "spine": spine.of(book.name, book.author, book.ndc, book.call_number),
            "url": url_for("catalog.title", title_id=book.title_id) if linked and book.title_id else None,
        }
        for book in books
    ]


def name_of(book) -> str:
    """The name of a row of the table, as it was when it came."""
    return f"{book.title_text} {book.volume_text}".strip()


def visibility(is_public) -> str:
    return "リンクを知っている人に公開" if is_public else "自分だけ"


def paged(shelf, page, size):
    """The page that is shown of so many on each, how many there are, the books on it."""
    count = shelved.count(shelf)
    pages = max(1, -(-count // size))
    page = min(page or 1, pages)
    return page, pages, count, shelved.books(shelf, (page - 1) * size, size)


def glance(overview) -> list[dict]:
    """The list of a patron's shelves, the first with their spines."""
    return [
        {
            "name": shelf.name,
            "url": url_for("shelves.show", shelf_id=shelf.id),
            "count": shelf.count,
            "visibility": visibility(shelf.is_public),
            "books": spines(shelf.books),
        }
        for shelf in overview
    ]
