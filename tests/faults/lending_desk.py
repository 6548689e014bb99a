"""A desk of a server that is killed under it, and what became of what it was told."""

import contextlib
import http.client
import re
import secrets

from library.store import database
from models import Loan
from tests import factories
from tests.factories import PASSWORD
from tests.server import Visitor


class LendingDesk:
    """A desk that lends and takes back copies in turn until the line goes dead, and knows which it was told are out."""

    def __init__(self, server, pairs):
        self.pairs, self.out, self.done = pairs, {item.barcode: False for _, item in pairs}, 0
        self.in_doubt = None
        self.visitor = Visitor(server)
        self.visitor.post("/desk/login", {"login": factories.staff().login, "password": PASSWORD})
        self.token = re.search(r'name="csrf_token" value="([^"]+)"', self.visitor.get("/desk/checkout")[1])[1]

    def work(self):
        with contextlib.suppress(OSError, http.client.HTTPException):
            while True:
                self.turn()

    def turn(self):
        patron, item = self.pairs[self.done % len(self.pairs)]
        self.in_doubt, out = item.barcode, self.out[item.barcode]
        if out:
            status, _, _ = self.ask("/desk/returns", item=item.barcode, day="")
        else:
            status, _, _ = self.ask(
                "/desk/checkout", card=patron.card_number, item=item.barcode, request=secrets.token_hex(8)
            )
        assert status in (200, 303)
        self.out[item.barcode], self.in_doubt = not out, None
        self.done += 1

    def ask(self, path, **form):
        return self.visitor.ask("POST", path, form | {"csrf_token": self.token})


def settle(desk):
    """Check that what was acknowledged is there; what was under way is there or not."""
    with database.writing():  # after whoever was killed: a server may still be at what it asked for
        is_out = {
            item.barcode: Loan.select().where(Loan.item == item, Loan.returned_on.is_null()).exists()
            for _, item in desk.pairs
        }
    told = {barcode: out for barcode, out in desk.out.items() if barcode != desk.in_doubt}
    assert told.items() <= is_out.items()
    desk.out, desk.in_doubt = is_out, None
