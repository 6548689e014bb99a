"""電子書籍サービス and its desk: empty, and with something in every state."""

import hashlib
from datetime import timedelta

from library import clock
from library.ebooks import lending, stock
from models import Ebook, EbookService
from tests import books_to_read, factories
from tests.browser.screens.desk import sit_down
from tests.browser.screens.registry import new_patron, screen

LONG = "Donaudampfschifffahrtsgesellschaft" * 3
MANY = 60


def _fill(patron):
    """Lent, waited for, kept, over, free, and services elsewhere."""
    today = clock.today()
    factories.ebook_loan(patron, factories.ebook(factories.title("寿限無寿限無五劫の擦り切れ" * 4)), due_on=today)
    for number, state in enumerate(("waiting", "ready", "expired", "withdrawn")):
        ebook = factories.ebook(factories.title(f"順番の本{number}"))
        ended = clock.now() if state in ("expired", "withdrawn") else None
        until = today + timedelta(days=3) if state == "ready" else None
        factories.ebook_hold(patron, ebook, state=state, ended_at=ended, until=until)
        if state == "waiting":
            factories.ebook_loan(factories.patron(), ebook)
    out = factories.ebook(factories.title(LONG))
    factories.ebook_loan(factories.patron(), out)
    shelf = "https://e.example.jp/opds/shelf?card={card}"
    for name, url in (("よその電子図書館", ""), ("雑誌の図書館", shelf)):
        EbookService.get_or_create(
            name=name,
            defaults={"url": "https://e.example.jp/", "explanation": "市内の方は、どなたでも。", "shelf_url": url},
        )


def _page(visitor, patron, path="/my/ebooks"):
    visitor.be(patron.card_number, path)


@screen("e-books, none of one's own")
def _(visitor, library):
    _page(visitor, new_patron(library))


@screen("e-books, in every state")
def _(visitor, library):
    patron = new_patron(library)
    with library.rows():
        _fill(patron)
    _page(visitor, patron)
    visitor.press("アドレスを作る")
    visitor.main.get_by_text("アドレスを作り直す").wait_for()


@screen("e-books, leaving a line")
def _(visitor, library):
    patron = new_patron(library)
    with library.rows():
        hold = factories.ebook_hold(patron, factories.ebook(factories.title(LONG)))
    _page(visitor, patron, f"/my/ebooks/places/{hold.id}/removal")


@screen("e-books, an early return")
def _(visitor, library):
    patron = new_patron(library)
    with library.rows():
        loan = factories.ebook_loan(patron, factories.ebook(factories.title(LONG)))
        factories.ebook_hold(factories.patron(), loan.ebook)
    _page(visitor, patron, f"/my/ebooks/loans/{loan.id}/return")


@screen("e-books, another address")
def _(visitor, library):
    patron = new_patron(library)
    _page(visitor, patron)
    visitor.press("アドレスを作る")
    visitor.main.get_by_role("link", name="アドレスを作り直す").click()
    visitor.main.get_by_role("heading", name="アドレスを作り直す").wait_for()


@screen("e-books, at a terminal")
def _(visitor, library):
    patron = new_patron(library)
    with library.rows():
        _fill(patron)
    visitor.context.add_cookies([{"name": "terminal", "value": "1", "url": library.url}])
    visitor.sign_in(patron.card_number, factories.PASSWORD, "/my/ebooks")
    visitor.main.get_by_text("館内端末では、ダウンロードできません。").wait_for()


@screen("e-books, many, of a suspended card")
def _(visitor, library):
    patron = new_patron(library, state="suspended")
    with library.rows() as connection, connection.atomic():
        for number in range(MANY):
            factories.ebook(factories.title(f"電子の本{number}"), licences=None)
    _page(visitor, patron)


def _reading(library, content, patron):
    """A loan of a book whose file is there."""
    with library.rows():
        path = library.instance / "upload"
        path.write_bytes(content)
        found = Ebook.select().where(Ebook.digest == hashlib.sha256(content).hexdigest()).first()
        terms = {"title_id": None, "licences": None, "days": 14, "by": "staff:a"}
        made = {"today": clock.today(), "now": clock.now()}
        ebook = found or stock.add(path, library.instance / stock.FOLDER, **terms, **made)
        return lending.borrow(ebook, patron, now=clock.now())


@screen("an e-book that is read")
def _(visitor, library):
    patron = new_patron(library)
    loan = _reading(library, books_to_read.vertical(), patron)
    _page(visitor, patron, f"/my/ebooks/{loan.id}/read/1")


@screen("an e-book that is read, with its contents and its look")
def _(visitor, library):
    patron = new_patron(library)
    loan = _reading(library, books_to_read.horizontal(), patron)
    _page(visitor, patron, f"/my/ebooks/{loan.id}/read/1")
    visitor.page.locator(".reader-set > summary").click()


@screen("an e-book that is read, which the page can't show")
def _(visitor, library):
    patron = new_patron(library)
    loan = _reading(library, books_to_read.fixed(), patron)
    _page(visitor, patron, f"/my/ebooks/{loan.id}/read/3")


@screen("desk, e-books")
def _(visitor, library):
    with library.rows():
        _fill(factories.patron())
    sit_down(visitor, "kanri")
    visitor.go("/desk/ebooks")


@screen("desk, an e-book")
def _(visitor, library):
    with library.rows():
        ebook = factories.ebook()
    sit_down(visitor, "kanri")
    visitor.go(f"/desk/ebooks/{ebook.id}")


@screen("desk, the end of an e-book")
def _(visitor, library):
    with library.rows():
        ebook = factories.ebook(factories.title(LONG))
        factories.ebook_loan(factories.patron(), ebook)
        factories.ebook_hold(factories.patron(), ebook)
    sit_down(visitor, "kanri")
    visitor.go(f"/desk/ebooks/{ebook.id}/withdrawal")


@screen("desk, a file that is none")
def _(visitor, library):
    sit_down(visitor, "kanri")
    visitor.go("/desk/ebooks")
    visitor.field("EPUB のファイル").set_input_files(
        {"name": "x.epub", "mimeType": "application/epub+zip", "buffer": b"x"}
    )
    visitor.press("中身を確かめる")
    visitor.summary.wait_for()


@screen("desk, services of e-books elsewhere")
def _(visitor, library):
    sit_down(visitor, "kanri")
    visitor.go("/desk/ebooks/services")
