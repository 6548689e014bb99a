"""The cost of pages in this process: work beside a page that says one constant thing, and queries; then the second start.

    .venv/bin/python benchmarks/pages.py [--rounds 100]

One card of the demonstration has 40 loans, 40 holds, 100 shelves and a history of 10,000 records. Before each page the bare page is
asked for, so that what else the machine does hits both.
"""

import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import _load
import _process
import _server
from _promises import Promise, parser, report
from flask.testing import FlaskClient
from playhouse.test_utils import count_queries

import app as madoguchi
from library import clock
from library.demonstration.patrons import CARDS
from library.store import database
from models import HistoryEntry, Hold, Item, Loan, Patron, Shelf, Title, database as connection
from server import web_server

BUSY = CARDS[1][0]  # who reads much
LOANS, HOLDS, SHELVES, RECORDS = 40, 40, 100, 10_000
PAGES = {
    "front page": "/",
    "search": "/search?q=%E6%B5%B7",
    "title": "/titles/1",
    "My Library": "/my/",
    "loans": "/my/loans",
    "holds": "/my/holds",
    "shelves": "/my/shelves",
    "edit page": "/my/profile",
    "history": "/my/history",
    "history, page 34": "/my/history?page=34",
    "history, by title": "/my/history?order=title",
    "history, found": "/my/history?words=%E6%B5%B7",
}
MOST_QUERIES, MOST_HISTORY, MOST_START, MOST_MEMORY = 12, 60, 2, 220  # a page, ms, seconds, MB


# -- the busy card ---------------------------------------------------------------------------------------------------
def fill(patron: Patron) -> None:
    """Give the patron as much as a page can be asked to show."""
    today, now = clock.today(), clock.now()
    out = Loan.select(Loan.item).where(Loan.returned_on.is_null())
    held = Hold.select(Hold.item).where(Hold.item.is_null(False))
    free = Item.select().where(Item.id.not_in(out), Item.id.not_in(held)).limit(LOANS)
    lent = {"patron": patron, "lent_on": today, "due_on": today + timedelta(days=9)}
    Loan.insert_many([lent | {"item": item, "branch": item.branch_id} for item in free]).execute()
    waited_for = Hold.select(Hold.title).where(Hold.patron == patron)
    hold = {"patron": patron, "pickup_branch": patron.pickup_branch_id, "placed_at": now}
    titles = Title.select().where(Title.id.not_in(waited_for)).limit(HOLDS)
    Hold.insert_many([hold | {"title": title} for title in titles]).execute()
    Shelf.insert_many([{"patron": patron, "name": f"棚{n}", "position": 100 + n} for n in range(SHELVES)]).execute()
    every = list(Title.select(Title.id, Title.title, Title.author, Title.ndc))
    rows = [_record(patron, every[n % len(every)], today - timedelta(days=1 + n // 3)) for n in range(RECORDS)]
    for first in range(0, RECORDS, 500):
        HistoryEntry.insert_many(rows[first : first + 500]).execute()


def _record(patron, title, day):
    return {
        "patron": patron, "title": title.id, "title_text": title.title, "author_text": title.author, "branch_text": "本館",
        "ndc_text": title.ndc, "lent_on": day, "memo": "", "rating": 0,
    }  # fmt: skip


# -- measuring -------------------------------------------------------------------------------------------------------
def work(client: FlaskClient, path: str) -> float:
    """Return the milliseconds of the processor that the page takes."""
    begun = time.process_time()
    answer = client.get(path)
    took = (time.process_time() - begun) * 1000
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status}")
    return took


def measure(client: FlaskClient, rounds: int) -> list[Promise]:
    """Print work and queries of each page; return what was promised of them."""
    bare, promises = _process.bare_page(), []
    print("page                  work ms  bare ms  times  queries")
    for name, path in PAGES.items():
        work(client, path)  # builds what is built once
        with count_queries() as queries:
            work(client, path)
        pairs = [(work(bare, "/"), work(client, path)) for _ in range(rounds)]
        floor, page = (statistics.median(each) for each in zip(*pairs, strict=True))
        print(f"{name:20} {page:8.2f} {floor:8.2f} {page / floor:6.1f} {queries.count:8}", flush=True)
        promises.append(Promise(f"{name}, queries", queries.count, MOST_QUERIES, ""))
        if name.startswith("history"):
            longest = _load.percentile([each for _, each in pairs], 99)
            promises.append(Promise(f"{name}, work p99", longest, MOST_HISTORY))
    return promises


def main() -> int:
    arguments = parser(__doc__)
    arguments.add_argument("--rounds", type=int, default=100)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="madoguchi-") as folder:
        server = _server.Server(Path(folder), JOBS=0)
        first = server.start()
        server.stop()
        second = server.start()
        memory = server.peak_memory()
        server.stop()
        print(f"first start with the demonstration {first:.2f} s, second {second:.2f} s to the first answered page")
        app = madoguchi.create_app(INSTANCE=folder, MAIL_SERVER="", JOBS=False)
        app.testing = True  # one connection for all
        web_server.spare_what_stays()
        with connection.connection_context():
            with database.writing():
                fill(Patron.get(Patron.card_number == BUSY))
            promises = measure(_process.signed_in(app, BUSY), given.rounds)
    start = Promise("second start", second, MOST_START, "s")
    return report([start, Promise("memory after the start", memory, MOST_MEMORY, "MB"), *promises])


if __name__ == "__main__":
    sys.exit(main())
