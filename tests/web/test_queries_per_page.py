"""No page asks the database more than a few queries, however long its lists are."""

import logging
from urllib.parse import urlsplit

import pytest

from library import clock
from models import Title
from tests import factories
from tests.house.test_crawl import Crawl, db, demonstrated, reader  # noqa: F401 (fixtures)
from tests.pages import Browser

MOST = 12
# pages that may ask more, and why
MORE = {
    "desk.patrons.show": 14,  # the card, its loans and holds, the next number, and the line that it was looked at
    "desk.titles.show": 14,  # the record as its export writes it takes six, and the form for a copy knows the next number
    "sdi.index": MOST + 10,  # each of up to ten saved searches is looked for
}
LONG = 12  # rows in the lists of the patron, besides those of the demonstration
TRANSACTION = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "SELECT pg_advisory_xact_lock")


class Counter(logging.Handler):
    """Notes what peewee tells its log that it executes, without the words around a transaction."""

    def __init__(self):
        super().__init__()
        self.asked = []

    def emit(self, record):
        sql = record.msg[0]
        if not sql.startswith(TRANSACTION):
            self.asked.append(sql)


@pytest.fixture
def counter():
    log, handler = logging.getLogger("peewee"), Counter()
    before = log.level, log.propagate
    log.addHandler(handler)
    log.setLevel(logging.DEBUG)
    log.propagate = False  # pytest would keep each for its report
    yield handler
    log.removeHandler(handler)
    log.setLevel(before[0])
    log.propagate = before[1]


class Counting(Crawl):
    """Notes of each endpoint the address that asks the most, and what it asks."""

    def __init__(self, app, who, counter):
        super().__init__(app, who)
        self.counter, self.most = counter, {}

    def open(self, address, source):
        self.counter.asked.clear()
        super().open(address, source)
        endpoint, asked = self.endpoint(urlsplit(address).path), list(self.counter.asked)
        if len(asked) > len(self.most.get(endpoint, (address, []))[1]):
            self.most[endpoint] = address, asked


def lengthen(patron):
    """Make each list of the patron a long one."""
    today, titles = clock.today(), list(Title.select().order_by(Title.id.desc()).limit(3 * LONG))
    for title in titles[:LONG]:
        factories.loan(patron, today, item=factories.item(title))
        factories.history(patron, title.title, title=title)
        factories.cart_row(patron, title)
        factories.mail(patron)
        factories.question(patron)
    for title in titles[LONG : 2 * LONG]:
        factories.hold(patron, title)
    for number in range(LONG):
        factories.shelf(patron, f"棚{number}", titles)
    for number in range(6):
        factories.condition(patron, f"q={number}")


@pytest.mark.parametrize("who", ["nobody", "patron", "desk", "admin"])
def test_no_page_asks_more_than_a_few_queries(app, counter, who):
    lengthen(reader())
    Browser(app).get("/search?q=")  # the first search after a start reads the catalogue
    many = {
        f"{endpoint}: {len(asked)} on {address}": asked
        for endpoint, (address, asked) in Counting(app, who, counter).run().most.items()
        if len(asked) > MORE.get(endpoint, MOST)
    }
    assert many == {}
