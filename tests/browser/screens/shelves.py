"""本棚: empty, full, with long names, and each of the pages around one."""

from playwright.sync_api import expect

from library import clock
from library.reading import shelved, shelves
from models import Shelf, ShelvedTitle
from tests import factories
from tests.browser.screens.registry import new_patron, opened_by_new_patron, screen, sign_in

LONG = ("寿限無寿限無五劫の擦り切れ" * 6, "Donaudampfschifffahrtsgesellschaft" * 3)
AROUND = {
    "": "", "order": "/order", "settings": "/edit", "deletion": "/deletion", "file": "/import",
}  # fmt: skip


def _library_of(library, *, count=12, public=False, **given):
    """A patron, and a shelf of theirs with so many books; a public one has a link that no other has."""
    patron = new_patron(library)
    with library.rows() as connection, connection.atomic():
        titles = [factories.title(name) for name in LONG]
        titles += [factories.title(f"草枕{number}", ndc=f"{number % 10}13") for number in range(count)]
        shelf = factories.shelf(
            patron, "夏に読みたい、海と山と旅の本" * 3, titles, description="暑い日に。\n" * 3, **given
        )
        ShelvedTitle.update(note="友人から\n" * 4, read_on=clock.today()).where(ShelvedTitle.shelf == shelf).execute()
        ShelvedTitle.update(title=None).where(ShelvedTitle.shelf == shelf, ShelvedTitle.position == 3).execute()
    if public:
        with library.rows():
            shelves.publish(shelf)
            shelf = Shelf.get_by_id(shelf.id)
    return patron, shelf


def _opens(path, **given):
    def opening(visitor, library):
        patron, shelf = _library_of(library, **given)
        sign_in(visitor, patron, f"/my/shelves/{shelf.id}{path}")

    return opening


for name, path in AROUND.items():
    screen(f"shelf {name}".strip())(_opens(path))
screen("shelf, three hundred books")(_opens("", count=300))
screen("shelf, ordering three hundred books")(_opens("/order", count=300))
screen("shelf, as a list")(_opens("", count=30, as_list=True))
screen("shelf, settings of a public one")(_opens("/edit", public=True))
screen("shelf, its link renewed")(_opens("/link/renew", public=True))


screen("shelves, none")(opened_by_new_patron("/my/shelves"))


@screen("shelf, empty")
def _(visitor, library):
    patron = new_patron(library)
    with library.rows():
        shelf = factories.shelf(patron)
    sign_in(visitor, patron, f"/my/shelves/{shelf.id}")


@screen("shelves, a hundred")
def _(visitor, library):
    _hundred(visitor, library, "/my/shelves")


@screen("shelves, ordering a hundred")
def _(visitor, library):
    _hundred(visitor, library, "/my/shelves/order")


@screen("My Library, with shelves")
def _(visitor, library):
    _hundred(visitor, library, "/my/")


def _hundred(visitor, library, path):
    patron, _ = _library_of(library, count=30)
    with library.rows() as connection, connection.atomic():
        for number in range(1, shelves.MOST):
            shelves.create(patron, f"{LONG[1][:40]}{number}" if number % 9 == 1 else f"棚{number}")
    sign_in(visitor, patron, path)


@screen("shelves, a name refused")
def _(visitor, library):
    sign_in(visitor, new_patron(library), "/my/shelves")
    visitor.press("棚作成")
    expect(visitor.summary).to_be_visible()


@screen("shelf, a book moved")
def _(visitor, library):
    patron, shelf = _library_of(library)
    sign_in(visitor, patron, f"/my/shelves/{shelf.id}/order")
    visitor.main.get_by_role("radio").first.check(force=True)
    visitor.press("後ろへ")
    expect(visitor.main.get_by_role("status")).to_contain_text("2番目")


@screen("shelf, a note")
def _(visitor, library):
    patron, shelf = _library_of(library)
    with library.rows():
        book = shelved.books(shelf)[0]
    sign_in(visitor, patron, f"/my/shelves/{shelf.id}/books/{book.id}")


@screen("shelf, choosing one")
def _(visitor, library):
    patron, shelf = _library_of(library)
    with library.rows():
        book = shelved.books(shelf)[0]
        for number in range(8):
            factories.shelf(patron, f"棚{number}")
    sign_in(visitor, patron, "/my/")
    visitor.go(f"/my/shelves/add?title={book.title_id}&title=1")


@screen("shelf, all put in the cart")
def _(visitor, library):
    patron, shelf = _library_of(library)
    sign_in(visitor, patron, f"/my/shelves/{shelf.id}")
    visitor.press("すべて予約かごに入れる")
    visitor.arrives_at(f"/my/shelves/{shelf.id}/cart", "予約かごに入れた結果")


@screen("shelf, a file confirmed")
def _(visitor, library):
    patron, shelf = _library_of(library)
    sign_in(visitor, patron, f"/my/shelves/{shelf.id}/import")
    rows = f"書名\nこころ\n{LONG[1]}\nない本\n"
    visitor.field("ファイル").set_input_files({"name": "a.csv", "mimeType": "text/csv", "buffer": rows.encode()})
    visitor.press("内容を確かめる")
    visitor.arrives_at(f"/my/shelves/{shelf.id}/import/confirm", "CSVの確認")


@screen("public shelf")
def _(visitor, library):
    _, shelf = _library_of(library, public=True)
    visitor.go(f"/shelves/{shelf.token}")
