"""The cost of pages in this process: work beside a page that says one constant thing, and queries; the second start;
e-books.

    .venv/bin/python benchmarks/pages.py [--rounds 100] [--parts 100] [--kilobytes 40]

One card of the demonstration has 40 loans, 40 holds, 100 shelves and a history of 10,000 records. Before each page the
bare page is asked for, so that other work of the machine hits both. The e-book has 100 parts of 14,000 letters with
ruby; each is made a page once.
"""

import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import _server
from flask import Flask
from flask.testing import FlaskClient
from playhouse.test_utils import count_queries
from promises import Promise, parser, report

import app as madoguchi
from library import clock
from library.access import sessions
from library.demonstration.patrons import CARDS
from library.ebooks import contents, part_pages
from library.store import database
from models import HistoryEntry, Hold, Item, Loan, Patron, Shelf, Title, database as connection
from server import web_server
from tests import books_to_read

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
MOST_PART = 100  # ms, for the contents of a book and for each part
SENTENCE = "<p>　坂の上の<ruby>家<rt>いえ</rt></ruby>に明かりがともり、町の<ruby>時計<rt>とけい</rt></ruby>が七つ打った。だれかが本をひらく音がする。</p>"


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
        "patron": patron, "title": title.id, "title_text": title.title, "author_text": title.author,
        "branch_text": "本館",
        "ndc_text": title.ndc, "lent_on": day, "memo": "", "rating": 0,
    }  # fmt: skip


# -- pages -----------------------------------------------------------------------------------------------------------
def signed_in(app: Flask, card: str) -> FlaskClient:
    """Return a browser in which the patron of the card is signed in."""
    client = app.test_client()
    with connection.atomic():
        token = sessions.begin(Patron.get(Patron.card_number == card), now=clock.now())
    with client.session_transaction() as session:
        session["_user_id"] = token
    return client


def bare_page() -> FlaskClient:
    """Return a browser on the smallest page that Flask can answer with."""
    app = Flask("bare")
    page = "<!doctype html><html lang=ja><title>図書館</title><h1>図書館</h1></html>"
    app.add_url_rule("/", view_func=lambda: page)
    return app.test_client()


def work(client: FlaskClient, path: str) -> float:
    """Return the milliseconds of the processor that the page takes."""
    begun = time.process_time()
    answer = client.get(path)
    took = (time.process_time() - begun) * 1000
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status}")
    return took


def measure(client: FlaskClient, rounds: int) -> list[Promise]:
    """Print work and queries of each page; return the promises of them."""
    bare, promises = bare_page(), []
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
            longest = _server.percentile([each for _, each in pairs], 99)
            promises.append(Promise(f"{name}, work p99", longest, MOST_HISTORY))
    return promises


# -- e-books ---------------------------------------------------------------------------------------------------------
def read_a_book(path: Path, parts: int, kilobytes: int) -> list[Promise]:
    """Open the contents of a book, then each part for the first time; return the promises of them."""
    body = "<h1>章</h1>" + SENTENCE * (kilobytes * 1024 // len(SENTENCE.encode()))
    path.write_bytes(books_to_read.vertical_of(body, parts))
    opened = timed(contents.read, path)
    taken = [timed(part_pages.part, path, number) for number in range(1, parts + 1)]
    return [
        Promise(f"contents of a book of {parts} parts", opened, MOST_PART),
        Promise(f"a part of {kilobytes} KB, p95", _server.percentile(taken, 95), MOST_PART),
    ]


def timed(work, *given) -> float:
    """Return the milliseconds that it takes, by the clock."""
    begun = time.perf_counter()
    work(*given)
    return (time.perf_counter() - begun) * 1000


def main() -> int:
    arguments = parser(__doc__)
    arguments.add_argument("--rounds", type=int, default=100)
    arguments.add_argument("--parts", type=int, default=100)
    arguments.add_argument("--kilobytes", type=int, default=40)
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
            promises = measure(signed_in(app, BUSY), given.rounds)
        promises += read_a_book(Path(folder, "book.epub"), given.parts, given.kilobytes)
    start = Promise("second start", second, MOST_START, "s")
    return report([start, Promise("memory after the start", memory, MOST_MEMORY, "MB"), *promises])


if __name__ == "__main__":
    sys.exit(main())
