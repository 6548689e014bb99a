"""Traces of a loan that a running server has left by the morning after its return: its database, its
mails and its log.
"""

from datetime import timedelta

import pytest

from library import clock
from models import Loan
from server import jobs
from settings import config
from tests import factories, traces
from tests.factories import PASSWORD
from tests.server import Visitor, running

FIRST = 0x5A5B5C5D5E00  # a number that nothing else looks like
CARD, BARCODE, WORK = "0009876543210", "0008765432109", "他にない書名"


@pytest.mark.sqlite("the bytes of a file; a server's are its operator's (docs/privacy.md)")
def test_the_morning_after_no_file_of_the_server_tells_who_borrowed_what(instance, rows):
    patron = factories.patron(id=FIRST, card_number=CARD, name="利用者名前太郎")
    item = factories.item(factories.title(WORK), id=FIRST + 1, barcode=BARCODE)
    who = [*traces.of_number(patron.id), CARD.encode(), patron.name.encode()]
    what = [*traces.of_number(item.id), BARCODE.encode(), WORK.encode()]
    with running(instance, JOBS=0) as server:
        lend_and_take_back(server, factories.staff().login, patron)
        assert traces.together(instance.parent, who, what)
        a_day_passes()
        jobs.run("unlink", settings=config.load(INSTANCE=str(instance)), now=clock.now())
        assert traces.together(instance.parent, who, what) == []
        assert server.stop() == 0  # with that it has written all its log
    log = (instance.parent / "stderr.log").read_text()
    assert "rule=/desk/checkout" in log and not any(text in log for text in (CARD, patron.name, BARCODE, WORK))


def lend_and_take_back(server, login, patron):
    """With what is refused on the way, and the patron looking on."""
    desk, reader = Visitor(server), Visitor(server)
    desk.post("/desk/login", {"login": login, "password": PASSWORD})
    assert reader.sign_in(patron.card_number, PASSWORD)[0] == 303
    for barcode in (BARCODE, "999"):
        desk.post("/desk/checkout", {"card": CARD, "item": barcode, "request": "a"})
    assert WORK in reader.get("/my/loans")[1]
    desk.get(f"/desk/items/{BARCODE}")
    assert WORK in desk.get("/desk/checkout/slip")[1]
    assert desk.post("/desk/returns", {"item": BARCODE, "day": ""})[0] == 303
    assert WORK in desk.get("/desk/returns")[1]


def a_day_passes():
    loan = Loan.get()
    before = {name: getattr(loan, name) - timedelta(days=1) for name in ("lent_on", "returned_on", "returned_at")}
    Loan.update(before).where(Loan.id == loan.id).execute()
