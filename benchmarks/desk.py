"""A desk in a town of 100,000 titles, 150,000 copies, 20,000 patrons and 300,000 past loans, while others search.

    .venv/bin/python benchmarks/desk.py [--scans 200] [--searchers 1] [--titles 100000] [--keep FOLDER]

A member of staff signs in and scans as htmx sends it: a card, then five copies, and again; then what lay in the book
drop. First alone, then beside people who search without a pause. Then the pages that grow with a town. Times are those
of the one who waits; "work" is processor time of the server.
"""

import contextlib
import datetime
import statistics
import sys
import threading
import time
import urllib.parse

import _catalogue
import _server
import _town
from promises import Promise, parser, report

from library import clock, dates
from library.counting.figures import months
from library.facts import stages, use_facts
from library.lending import notices
from models import UseFact, database as connection

VISIT = 5  # copies that a patron takes along
MOST_SCAN, MOST_STATISTICS, MOST_DUE, MOST_LIST, MOST_TODAY = 60, 500, 2_000, 150, 50  # ms
AT = {"day": 14, "month": 11, "year": 8}  # letters of the address of the span that runs
OF_FIGURES = (
    "/survey/jla",
    "/survey/shakyo",
    "/figures/loans?by=month",
    "/figures/turnover?by=class",
    "/figures/cards",
)
FIGURES_BY_HAND = ["/desk/figures", "/desk/figures/year"]
FACTS = 1_000_000
DESK_LISTS = ("/desk/holds", "/desk/holds/shelf", "/desk/holds/contact", "/desk/holds/reshelve", "/desk/transfers")
PATRON_LISTS = ("/my/", "/my/loans", "/my/holds")


# -- at the desk -----------------------------------------------------------------------------------------------------
class Desk:
    """A browser with htmx at the desk; each scan is timed."""

    def __init__(self, server):
        self.server, self.browser = server, _server.Browser(server)
        self.browser.sign_in_at_the_desk(_town.LOGIN, _town.PASSWORD)

    def scan(self, path, words, **form):
        """Send one scan, whose answer must hold the words; return milliseconds, and seconds of work."""
        headers = {"HX-Request": "true", "HX-Current-URL": f"http://127.0.0.1:{self.server.port}{path}"}
        before = self.server.processor_seconds()
        form["csrf_token"] = self.browser.token
        took, (status, _, text) = timed(self.browser.ask, "POST", path, form, headers)
        if status != 200 or words not in text:
            raise RuntimeError(f"{path} answered {status} to {form}: {text[:1500]}")
        return took, self.server.processor_seconds() - before

    def lend(self, barcodes, cards):
        """Scan cards and copies as they come; return the times of either."""
        card_times, copy_times = [], []
        for place in range(0, len(barcodes), VISIT):
            card = next(cards)
            card_times.append(self.scan("/desk/checkout", card, card=card, item=""))
            for barcode in barcodes[place : place + VISIT]:
                form = {"card": card, "item": barcode, "request": f"{barcode}-{time.time()}"}
                copy_times.append(self.scan("/desk/checkout", barcode, **form))
        return card_times, copy_times

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
            some = _server.opening(["/search?q=" + urllib.parse.quote(words.pop()) for _ in range(500)])
            runs.append(_server.measure(server.port, server.process.pid, some, connections=searchers, seconds=2))

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


def at_the_desk(desk, searchers, lent, back, cards) -> list[Promise]:
    """Print the times of each kind of scan; return the promises of them."""
    with searching(desk.server, searchers) as runs:
        card_times, copy_times = desk.lend(lent, cards)
        returned = desk.take_back(back)
    who = f"beside {searchers} who search" if searchers else "alone"
    if runs and {status for run in runs for status in run.statuses} != {"200"}:
        raise RuntimeError(f"/search answered {[run.statuses for run in runs]}")
    print(who + (f" ({statistics.median(run.rate for run in runs):.0f} searches/s)" if runs else ""))
    kinds = {"card": card_times, "check-out": copy_times, "return": returned}
    return [Promise(f"{name} {who}, p95", _print_scans(name, times), MOST_SCAN) for name, times in kinds.items()]


def _print_scans(name, times) -> float:
    took, work = zip(*times, strict=True)
    p50, p95 = _server.percentile(took, 50), _server.percentile(took, 95)
    print(f"  {name:10} p50 {p50:6.1f}  p95 {p95:6.1f} ms  work {statistics.mean(work) * 1000:.1f} ms", flush=True)
    return p95


# -- pages -----------------------------------------------------------------------------------------------------------
def page(browser, path, most, *, by_work=False, times=8) -> Promise:
    """Print the time that the page takes, and the server's work at it; return the promise of one of the two."""
    took = []
    browser.ask("GET", path)
    before = browser.server.processor_seconds()
    for _ in range(times):
        passed, (status, _, text) = timed(browser.ask, "GET", path)
        if status != 200:
            raise RuntimeError(f"{path} answered {status}: {text[:500]}")
        took.append(passed)
    work = (browser.server.processor_seconds() - before) * 1000 / times
    print(
        f"  {path[:60]:60} {statistics.median(took):6.0f} ms, longest {max(took):6.0f}  work {work:6.0f} ms  {len(text.encode()) // 1024} KB",
        flush=True,
    )
    return Promise(f"{path[:60]}, {'work' if by_work else 'longest'}", work if by_work else max(took), most)


def all_pages(desk, server) -> list[Promise]:
    today = clock.today()
    spans = [f"?of={kind}{at}" for kind in AT for at in ("", f"&at={today:%Y-%m-%d}"[: AT[kind]])]
    count_facts(today)
    figures = [f"/desk/reports{each}" for each in (*spans, "?of=year&branch=2", *OF_FIGURES)] + FIGURES_BY_HAND
    promises = [page(desk.browser, path, MOST_STATISTICS) for path in figures]
    promises += [page(desk.browser, "/desk/", MOST_TODAY, by_work=True)]
    closure = f"first={today + datetime.timedelta(days=3)}&last={today + datetime.timedelta(days=5)}"
    promises += [page(desk.browser, f"/desk/calendar?{closure}", MOST_STATISTICS, by_work=True)]
    promises += [page(desk.browser, path, MOST_LIST, by_work=True) for path in DESK_LISTS]
    reader = _town.reader(server)
    return promises + [page(reader, path, MOST_LIST, by_work=True) for path in PATRON_LISTS]


def count_facts(today):
    """Write FACTS of this 年度 and the two before, and keep their months as the job of each night does."""
    first = dates.year_before(dates.year_before(dates.fiscal_year(today)[0]))
    days = (today - first).days
    with connection.connection_context():
        if UseFact.select().count() < FACTS:
            use_facts.begin(first)
            _town.put(UseFact, (_fact(n, first + datetime.timedelta(days=n % days)) for n in range(FACTS)))
        took, kept = timed(lambda: months.keep(now=clock.now()))
    print(f"{FACTS} facts; months {kept} in {took / 1000:.0f} s", flush=True)


def _fact(number, day):
    """A fifth are renewals, a tenth holds; every third loan opens a visit."""
    act = ("loan", "loan", "loan", "renewal", "loan", "hold", "loan", "renewal", "loan", "loan")[number % 10]
    return {
        "id": number * 7_919 % 2**53, "act": act, "day": day, "hour": number % 9 + 10, "branch": number % 14 + 1,
        "channel": "desk", "category": "一般", "stage": stages.GROWN if number % 4 else "小", "residence": "resident",
        "material_type": "図書", "ndc": f"{number % 10}13", "opens_visit": act == "loan" and number % 3 == 0,
        "first_in_year": act == "loan" and number % 40 == 0,
    }  # fmt: skip


def due_notices() -> Promise:
    with connection.connection_context():
        notices.patrons_to_tell(today=clock.today())
        took, patrons = timed(lambda: notices.patrons_to_tell(today=clock.today()))
        whole, counts = timed(lambda: notices.queue_due(now=clock.now()))
    print(f"due notices: {len(patrons)} patrons selected in {took:.0f} ms; {counts} queued in {whole:.0f} ms")
    return Promise("due notices, selection of the patrons", took, MOST_DUE)


def measure(server, given) -> list[Promise]:
    turns = [0, *given.searchers]
    with connection.connection_context():
        lent, back, cards = _town.shelf(given.scans * len(turns))
    desk, cards, promises = Desk(server), iter(cards), []
    for turn, searchers in enumerate(turns):
        some = slice(turn * given.scans, (turn + 1) * given.scans)
        promises += at_the_desk(desk, searchers, lent[some], back[some], cards)
    promises += all_pages(desk, server)
    print(f"peak memory of the server {server.peak_memory():.0f} MB")
    return promises


def main() -> int:
    arguments = _town.arguments(parser(__doc__))
    arguments.add_argument("--scans", type=int, default=200)
    arguments.add_argument("--searchers", type=int, nargs="+", default=[1])
    given = arguments.parse_args()
    with _town.served(given) as server:
        promises = measure(server, given)
        return report([*promises, due_notices()])


if __name__ == "__main__":
    sys.exit(main())
