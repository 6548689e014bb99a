"""A desk in a town of 100,000 titles, 150,000 copies, 20,000 patrons and 300,000 past loans, while others search.

    .venv/bin/python benchmarks/desk.py [--scans 200] [--searchers 1] [--titles 100000] [--keep FOLDER]

A member of staff signs in and scans as htmx sends it: a card, then five copies, and again; then what lay in the book drop. First alone,
then beside people who search without a pause. A bare Flask page is asked for before each scan, so that what else the machine does
hits both. Then the pages that grow with a town. Times are those of the one who waits; "work" is processor time of the server.
"""

import argparse
import contextlib
import datetime
import statistics
import sys
import tempfile
import threading
import time
import urllib.parse
from pathlib import Path

import _catalogue
import _load
import _server
import _town
import pages
from peewee import fn

from library import clock
from library.access import passwords
from library.lending import notices
from library.store import database
from models import Hold, Item, Loan, Patron, Staff
from models import database as connection

TITLES, PATRONS, PAST, OPEN, HOLDS = 100_000, 20_000, 300_000, 40_000, 6_000
LOGIN, READER, ROWS = "madoguchi", 7, 200
VISIT = 5  # copies that a patron takes along
MOST_SCAN, MOST_STATISTICS, MOST_DUE, MOST_LIST = 60, 300, 2_000, 150  # ms
SHEETS = ("time", "branches", "classes", "readers", "holdings", "patrons")
DESK_LISTS = ("/desk/holds", "/desk/holds/shelf", "/desk/holds/contact", "/desk/holds/reshelve", "/desk/transfers")
PATRON_LISTS = ("/my/", "/my/loans", "/my/holds")


# -- the town --------------------------------------------------------------------------------------------------------
def build(folder, titles):
    """The town, somebody at the desk, and a patron with as much as a page can be asked to show."""
    size = {"patrons": PATRONS, "titles": titles, "past_loans": PAST, "open_loans": OPEN, "holds": HOLDS}
    _town.build(folder, **size, searchable=True)
    with connection.connection_context(), database.writing():
        known = passwords.hash_password(_town.PASSWORD)
        Staff.create(login=LOGIN, role="admin", password_hash=known, must_change_password=False, created_at=clock.now())
        _much_for_one(Patron.get(Patron.card_number == _town.card(READER)))


def _much_for_one(patron):
    """ROWS loans and as many holds, among them all that is waited for most."""
    out = [loan.id for loan in Loan.select(Loan.id).where(Loan.returned_on.is_null()).order_by(Loan.id).limit(ROWS)]
    Loan.update(patron=patron).where(Loan.id.in_(out)).execute()
    titles = Hold.select(Hold.title, fn.min(Hold.pickup_branch)).where(Hold.patron != patron).group_by(Hold.title)
    for title, branch in titles.order_by(fn.min(Hold.id)).limit(ROWS).tuples():
        Hold.get_or_create(patron=patron, title=title, defaults={"pickup_branch": branch, "placed_at": clock.now()})
    _queue_for_one(Hold.select(Hold.title).where(Hold.patron == patron).first().title_id)


def _queue_for_one(title):
    """A title for which ROWS wait, too."""
    has = {row[0] for row in Hold.select(Hold.patron).where(Hold.title == title).tuples()}
    for number in [n for n in range(1, 2 * ROWS) if n not in has][:ROWS]:
        Hold.create(patron=number, title=title, pickup_branch=1, placed_at=clock.now())


def shelf(count):
    """Barcodes that can be lent, far apart; barcodes of what is out; cards that may borrow."""
    free = Item.select(Item.barcode).where(Item.id > OPEN + 2 * HOLDS).order_by(Item.id)
    out = Item.select(Item.barcode).join(Loan).where(Loan.returned_on.is_null()).order_by(Loan.id)
    late = {row[0] for row in Loan.select(Loan.patron).where(Loan.returned_on.is_null()).tuples()}
    good = [n for n in range(PATRONS) if not _town.is_closed(n) and n != READER]
    cards = [_town.card(n) for n in good if n + 1 in late]
    free, out = ([row[0] for row in rows.tuples()] for rows in (free, out))
    return free[::13][:count], out[ROWS::17][:count], cards


# -- at the desk -----------------------------------------------------------------------------------------------------
class Desk:
    """A browser with htmx at the desk; each scan is timed, with the bare page before it."""

    def __init__(self, server, bare_port):
        self.server, self.bare_port, self.browser = server, bare_port, _server.Browser(server)
        self.browser.sign_in_at_the_desk(LOGIN, _town.PASSWORD)

    def scan(self, path, told, **form):
        headers = {"HX-Request": "true", "HX-Current-URL": f"http://127.0.0.1:{self.server.port}{path}"}
        bare = timed(_server.ask, self.bare_port, "GET", "/")[0]
        before = _load.processor_seconds(self.server.process.pid)
        form["csrf_token"] = self.browser.token
        took, (status, _, text) = timed(self.browser.ask, "POST", path, form, headers)
        if status != 200 or told not in text:
            raise RuntimeError(f"{path} answered {status} to {form}: {text[:1500]}")
        return took, bare, _load.processor_seconds(self.server.process.pid) - before

    def lend(self, barcodes, cards):
        """Cards and copies as they come; the times of either."""
        of_cards, of_copies = [], []
        for place in range(0, len(barcodes), VISIT):
            card = next(cards)
            of_cards.append(self.scan("/desk/checkout", card, card=card, item=""))
            for barcode in barcodes[place : place + VISIT]:
                form = {"card": card, "item": barcode, "request": f"{barcode}-{place}"}
                of_copies.append(self.scan("/desk/checkout", barcode, **form))
        return of_cards, of_copies

    def take_back(self, barcodes):
        day = clock.today().isoformat()
        return [self.scan("/desk/returns", barcode, item=barcode, day=day) for barcode in barcodes]


def timed(work, *given):
    begun = time.perf_counter()
    answer = work(*given)
    return (time.perf_counter() - begun) * 1000, answer


@contextlib.contextmanager
def searching(server, searchers):
    """People who search for something else each time, without a pause, until the block ends."""
    runs, over = [], threading.Event()
    words = [word for word in _catalogue.words() if len(word) > 1]

    def search():
        while not over.is_set():
            some = ["/search?q=" + urllib.parse.quote(words.pop()) for _ in range(500)]
            load = {"connections": searchers, "seconds": 2}
            runs.append(_load.measure(server.port, server.process.pid, " ".join(some), **load))

    beside = threading.Thread(target=search)
    if searchers:
        beside.start()
        time.sleep(0.5)
    try:
        yield runs
    finally:
        over.set()
        if searchers:
            beside.join()


def at_the_desk(desk, searchers, lent, back, cards):
    """Both kinds of scan; what is missed."""
    missed = []
    with searching(desk.server, searchers) as runs:
        of_cards, of_copies = desk.lend(lent, cards)
        returned = desk.take_back(back)
    who = f"beside {searchers} who search" if searchers else "alone"
    if runs and {status for run in runs for status in run.statuses} != {"200"}:
        raise RuntimeError(f"/search answered {[run.statuses for run in runs]}")
    print(who + (f" ({statistics.median(run.rate for run in runs):.0f} searches/s)" if runs else ""))
    for name, times in (("card", of_cards), ("check-out", of_copies), ("return", returned)):
        p95 = report(name, times)
        missed += [f"{name} {who}: p95 {p95:.0f} ms"] if p95 > MOST_SCAN else []
    return missed


def report(name, times):
    took, bare, work = zip(*times, strict=True)
    p50, p95 = _load.percentile(took, 50), _load.percentile(took, 95)
    floor = statistics.median(bare), _load.percentile(bare, 95)
    print(
        f"  {name:10} p50 {p50:6.1f}  p95 {p95:6.1f} ms  the bare page {floor[0]:.1f}, {floor[1]:.1f} ms"
        f"  times it {p50 / floor[0]:5.1f}  work {statistics.mean(work) * 1000:.1f} ms",
        flush=True,
    )
    return p95


# -- pages -----------------------------------------------------------------------------------------------------------
def page(browser, path, most, *, by_work=False, times=8):
    """How long it takes, and how long the server works at it; what is missed."""
    pid, took = browser.server.process.pid, []
    browser.ask("GET", path)
    before = _load.processor_seconds(pid)
    for _ in range(times):
        passed, (status, _, text) = timed(browser.ask, "GET", path)
        if status != 200:
            raise RuntimeError(f"{path} answered {status}: {text[:500]}")
        took.append(passed)
    work = (_load.processor_seconds(pid) - before) * 1000 / times
    print(
        f"  {path[:60]:60} {statistics.median(took):6.0f} ms, longest {max(took):6.0f}  work {work:6.0f} ms  {len(text.encode()) // 1024} KB",
        flush=True,
    )
    reached = work if by_work else max(took)
    return [f"{path}: {reached:.0f} ms"] if reached > most else []


def all_pages(desk, server):
    today = clock.today()
    year = f"first={today - datetime.timedelta(days=365)}&last={today}"
    missed = []
    for sheet in SHEETS:
        for span in ("", f"&{year}"):
            missed += page(desk.browser, f"/desk/statistics?of={sheet}{span}", MOST_STATISTICS)
    for path in DESK_LISTS:
        missed += page(desk.browser, path, MOST_LIST, by_work=True)
    reader = _server.Browser(server)
    reader.sign_in(_town.card(READER), _town.PASSWORD)
    for path in PATRON_LISTS:
        missed += page(reader, path, MOST_LIST, by_work=True)
    return missed


def due_notices():
    with connection.connection_context():
        notices.patrons_to_tell(today=clock.today())
        took, patrons = timed(lambda: notices.patrons_to_tell(today=clock.today()))
        whole, counts = timed(lambda: notices.queue_due(now=clock.now()))
    print(f"due notices: {len(patrons)} patrons selected in {took:.0f} ms; {counts} queued in {whole:.0f} ms")
    return [f"due notices: {took:.0f} ms"] if took > MOST_DUE else []


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scans", type=int, default=200)
    parser.add_argument("--searchers", type=int, nargs="+", default=[1])
    parser.add_argument("--titles", type=int, default=TITLES)
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="madoguchi-") as folder:
        folder = given.keep or Path(folder)
        if not (folder / "madoguchi.sqlite3").exists():
            build(folder, given.titles)
        database.open_database(str(folder / "madoguchi.sqlite3"))
        with connection.connection_context():
            database.migrate()
        missed = measure(folder, given)
    print("\n".join(f"missed: {line}" for line in missed) or "all targets met")
    return 1 if missed else 0


def measure(folder, given):
    turns = [0, *given.searchers]
    with connection.connection_context():
        lent, back, cards = shelf(given.scans * len(turns))
    cards, missed = iter(cards), []
    process, bare_port = pages.start_bare()
    server = _server.Server(folder, JOBS=0)
    try:
        server.start()
        _server.ask(server.port, "GET", "/search?q=%E6%9C%AC")  # the first search waits for the arrays
        desk = Desk(server, bare_port)
        for turn, searchers in enumerate(turns):
            some = slice(turn * given.scans, (turn + 1) * given.scans)
            missed += at_the_desk(desk, searchers, lent[some], back[some], cards)
        missed += all_pages(desk, server)
        print(f"peak memory of the server {server.peak_memory():.0f} MB")
    finally:
        server.stop()
        process.terminate()
    return missed + due_notices()


if __name__ == "__main__":
    sys.exit(main())
