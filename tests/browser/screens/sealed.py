"""保護中の記録: the pages that say so, the ways in which it opens, and what the desk is asked before."""

from datetime import timedelta

from library import clock
from library.access import seals
from models import Patron
from tests import factories
from tests.browser.screens.desk import sit_down
from tests.browser.screens.desk_records import LONG
from tests.browser.screens.registry import new_patron, screen, sign_in
from tests.browser.screens.signing_in import mailed_link


def _sealed_patron(library, *, with_address=True):
    with library.rows():
        patron = factories.patron(keep_history=True)
        factories.history(patron)
        factories.condition(patron)
        factories.cart_row(patron)
        if with_address:
            factories.address(patron, f"hanako.{patron.id}@example.jp", since=clock.now() - timedelta(days=30))
        Patron.update(initial_issued_at=clock.now()).where(Patron.id == patron.id).execute()
        seals.seal(patron, now=clock.now())
        return patron


def _opens(path, **given):
    return lambda visitor, library: sign_in(visitor, _sealed_patron(library, **given), path)


screen("sealed records")(_opens("/my/seal"))
screen("sealed records, without an older address")(_opens("/my/seal", with_address=False))


@screen("sealed records, opened by mail, with what was added meanwhile")
def _(visitor, library):
    patron, parent = _sealed_patron(library), new_patron(library)
    with library.rows():
        factories.address(patron, f"added.{patron.id}@example.jp", position=2, since=clock.now())
        factories.passkey(patron)
        factories.phone(patron)
        factories.tie(parent, patron, agreed_at=clock.now())
    sign_in(visitor, patron, mailed_link(library, "open_seal", patron))


@screen("sealed records that will be deleted")
def _(visitor, library):
    patron = _sealed_patron(library)
    with library.rows():
        Patron.update(sealed_until=clock.now() + timedelta(days=14)).where(Patron.id == patron.id).execute()
    sign_in(visitor, patron, "/my/seal")


screen("sealed records, to be deleted")(_opens("/my/seal/deletion"))
screen("My Library, sealed")(_opens("/my/"))
screen("history, sealed")(_opens("/my/history"))
screen("SDI, sealed")(_opens("/my/sdi"))
screen("e-books, sealed")(_opens("/my/ebooks"))
screen("shelves, sealed")(_opens("/my/shelves"))
screen("cart, sealed")(_opens("/my/cart"))
screen("calendar of due dates, sealed")(_opens("/my/calendar"))


@screen("sealed records, opened by mail")
def _(visitor, library):
    patron = _sealed_patron(library)
    sign_in(visitor, patron, mailed_link(library, "open_seal", patron))


@screen("new password of nobody's, stopped by mail")
def _(visitor, library):
    visitor.go(mailed_link(library, "stop", _sealed_patron(library)))


@screen("desk, initial password asked about")
def _(visitor, library):
    patron = new_patron(library, name=LONG)
    sit_down(visitor)
    visitor.go(f"/desk/patrons/{patron.id}/password")
