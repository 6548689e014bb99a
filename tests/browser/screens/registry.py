"""The list of screens, and patrons to look at them with."""

from playwright.sync_api import expect

from library import clock
from models import Guess, Throttle
from tests import factories
from tests.browser.visitor import EDIT

ALL = {}


def screen(name):
    def register(opening):
        ALL[name] = opening
        return opening

    return register


def new_patron(library, **given):
    with library.rows():
        return factories.patron(**given)


def sign_in(visitor, patron, path):
    visitor.be(patron.card_number, path)


def opened_by_new_patron(path):
    """Return a screen: a page as a new patron sees it."""
    return lambda visitor, library: sign_in(visitor, new_patron(library), path)


def rich_patron(library):
    """Two addresses, records and holds, so that the confirm step asks all that it can."""
    with library.rows():
        patron = factories.patron(keep_history=True, phone_mobile="090-0000-0000")
        factories.address(patron, f"hanako.{patron.id}@example.jp", verified_at=clock.now())
        factories.address(patron, f"h.{patron.id}@example.com", kind="mobile", position=2)
        for name in ("こころ", "三四郎"):
            factories.history(patron, name)
            factories.hold(patron, factories.title(f"{name} {patron.id}"))
        return patron


def edit_page(visitor, library, patron=None):
    patron = patron or new_patron(library)
    visitor.be(patron.card_number, EDIT)
    return patron


def is_refused(visitor):
    expect(visitor.summary).to_be_visible()


def reach(name, visitor, library):
    """Open a screen, with no failures of others before it, and wait until its page is whole."""
    with library.rows():
        for counted in (Throttle, Guess):
            counted.delete().execute()
    ALL[name](visitor, library)
    visitor.page.wait_for_load_state()
