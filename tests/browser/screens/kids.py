"""こどものさがす: every page, and the pages that help."""

from playwright.sync_api import expect

from library.discovery import childrens_titles
from tests.browser.screens.registry import screen
from tests.browser.serving import READER_CARD

PAGES = {
    "kids": "",
    "kids, pictures": "pictures",
    "kids, a picture": "pictures/animals",
    "kids, two pictures": "pictures/animals?with=picture-books",
    "kids, too many": "pictures/stories",
    "kids, what narrows": "pictures?with=animals",
    "kids, a word": "search?q=ねこ",
    "kids, nothing": "search?q=もぐら",
    "kids, kana": "kana",
    "kids, a kana": "kana/か",
    "kids, popular": "popular",
    "kids, new": "new",
    "kids, classes": "classes",
    "kids, a class": "classes/4",
    "kids, lost": "これはない",
}
NAME = "カラスの落としもの係"


def _opens(path):
    return lambda visitor, library: visitor.go(f"/kids/{path}")


def _number(library):
    with library.rows():
        titles = childrens_titles.current({})
        return next(row.id for row in childrens_titles.facts(titles.ids(titles.rows)) if row.title == NAME)


for name, path in PAGES.items():
    screen(name)(_opens(path))


@screen("kids, shelf")
def _(visitor, library):
    visitor.go(f"/kids/shelf/{_number(library)}")


@screen("kids, a book")
def _(visitor, library):
    visitor.go(f"/kids/books/{_number(library)}")
    expect(visitor.h1).to_be_visible()


@screen("kids, a book, signed in")
def _(visitor, library):
    visitor.be(READER_CARD, f"/kids/books/{_number(library)}")


@screen("kids, a sheet")
def _(visitor, library):
    visitor.go(f"/kids/books/{_number(library)}/print")
