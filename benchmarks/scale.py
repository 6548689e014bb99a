"""A town's scale and more: the circulation of a large consortium, and one, two and four web processes on PostgreSQL.

    scripts/with-postgres .venv/bin/python benchmarks/scale.py --only consortium [--items 1000000] [--seconds 600]
        [--engines sqlite postgresql] [--times 1 5]
    scripts/with-postgres .venv/bin/python benchmarks/scale.py --only processes [--processes 1 2 4] [--titles 100000]

The consortium is PINES (275 libraries): 548 check-outs and returns a minute, then five times as many. 1,000 lines stay
open, each of a terminal that opens a title now and then; the scans come over them at their times, whatever the server
does, and are timed from the moment at which they were due. Each engine has the same town. In the end the loans in the
database are counted: as many as were answered with a receipt.

To the processes 40 % of the requests search, 20 % open a title, 15 % are for the front page, 15 % for My Library, 10 %
lend and take back at the desk. Nobody pauses. Below 8 cores there is no verdict: client, processes and server share
what there is.
"""

import heapq
import os
import random
import re
import selectors
import sys
import tempfile
import time
import urllib.parse
from itertools import count
from pathlib import Path

import _catalogue
import _server
import _town
from promises import Promise, parser, report

from library.store import database
from models import Item, Loan, database as connection

# the consortium
PATRONS, COPIES, OUT = 100_000, 4, 20
LINES, A_MINUTE = 1_000, 548
LOOK_EVERY = 45  # seconds in which each line opens a title, so that none is idle for long
STAY = 30  # seconds after which a copy that was lent comes back
DESKS = 10  # sessions of staff
MOST_P95, MOST_P95_AT_TIMES = 200, 500  # ms; of more than is usual
TAG = re.compile(r"<[^>]*>")
# web processes
CONNECTIONS, READERS, REQUESTS = 32, 24, 4_000
CORES, TIMES, FOR_SECONDS = 8, 2.5, 20  # of one process's requests, by four
APART = 400  # requests between a loan and its return
MIX = {"search": 40, "title": 20, "front": 15, "my": 15, "desk": 10}


# -- the consortium --------------------------------------------------------------------------------------------------
class Line(_server.Connection):
    """A terminal's line. Scans and looks that fall due while it waits for an answer come after it."""

    def __init__(self, port):
        self.waiting, self.sent = [], None
        self.open(port)

    def ask(self):
        """Send what waits first, if anything does."""
        self.received, self.expected = b"", None
        self.sent = self.waiting.pop(0) if self.waiting else None
        if self.sent:
            self.socket.sendall(self.sent.request)

    def add(self, due):
        self.waiting.append(due)
        if self.sent is None:
            self.ask()


class Due:
    """A request at its time: ``words`` must be in the answer. ``back``: what is due after it."""

    def __init__(self, at, kind, request, words):
        self.back = None
        self.at, self.kind, self.request, self.words = at, kind, request, words.encode()


class Consortium:
    """The requests of all terminals."""

    def __init__(self, server, items):
        self.port, self.titles = server.port, items // COPIES
        self.chance = random.Random("pines")
        self.desks = []
        for _ in range(DESKS):
            desk = _server.Browser(server)
            desk.sign_in_at_the_desk(_town.LOGIN, _town.PASSWORD)
            self.desks.append(desk)
        with connection.connection_context():
            free = Item.select(Item.barcode).where(Item.id > items // OUT).order_by(Item.id).limit(100_000)
            self.free = iter([barcode for (barcode,) in free.tuples()])
        self.cards = [_town.card(n) for n in range(2, PATRONS) if not _town.is_closed(n)]
        self.chance.shuffle(self.cards)
        self.numbers = count()

    def lend(self, at):
        """Return a check-out, which has the return of the same copy with it: nobody brings back what is
        not lent yet.
        """
        number, barcode = next(self.numbers), next(self.free)
        form = {"card": self.cards[number % len(self.cards)], "item": barcode, "request": f"{barcode}-{at}"}
        lent = self._scan(at, "checkout", barcode, form)
        lent.back = self._scan(at + STAY, "returns", barcode, {"item": barcode})
        return lent

    def _scan(self, at, kind, barcode, form):
        desk, path = self.desks[next(self.numbers) % DESKS], f"/desk/{kind}"
        headers = {
            "Cookie": desk.cookie, "HX-Request": "true", "HX-Current-URL": f"http://127.0.0.1:{self.port}{path}",
        }  # fmt: skip
        return Due(
            at, kind, _server.written(self.port, "POST", path, headers, form | {"csrf_token": desk.token}), barcode
        )

    def look(self, at):
        title = self.chance.randint(1, self.titles)
        return Due(at, "title", _server.written(self.port, "GET", f"/titles/{title}", {}), "</html>")


class Run:
    """So many transactions a minute (half of them check-outs) over all lines, for so many seconds."""

    def __init__(self, consortium, a_minute, seconds):
        self.consortium, self.end = consortium, seconds
        self.every = 120 / a_minute  # seconds from one check-out to the next; each has its return
        self.milliseconds, self.errors, self.lent = {"checkout": [], "returns": [], "title": []}, [], 0
        self.agenda, self.order = [], count()
        self.ready = selectors.DefaultSelector()

    def _open_again(self, line):
        self.ready.unregister(line.socket)
        line.open(self.consortium.port)
        self.ready.register(line.socket, selectors.EVENT_READ, line)

    def go(self):
        lines = [Line(self.consortium.port) for _ in range(LINES)]
        for line in lines:
            self.ready.register(line.socket, selectors.EVENT_READ, line)
        begun = time.perf_counter()
        self._plan(lines)
        while self.agenda or any(line.sent for line in lines):
            now = time.perf_counter() - begun
            while self.agenda and self.agenda[0][0] <= now:
                _, _, line, due = heapq.heappop(self.agenda)
                line.add(due)
            wait = max(0, self.agenda[0][0] - now) if self.agenda else 1
            for key, _ in self.ready.select(timeout=min(wait, 1)):
                self._take(key.data, begun)
            if now > self.end + 120:
                self.errors.append("answers are still missing two minutes after the end")
                break
        for line in lines:
            line.socket.close()
        return self

    def _plan(self, lines):
        at, consortium = 1.0, self.consortium
        while at < self.end:
            self._put(consortium.chance.choice(lines), consortium.lend(at))
            at += consortium.chance.expovariate(1 / self.every)
        for place, line in enumerate(lines):
            for first in range(0, self.end + STAY, LOOK_EVERY):
                self._put(line, consortium.look(first + LOOK_EVERY * place / LINES))

    def _put(self, line, due):
        heapq.heappush(self.agenda, (due.at, next(self.order), line, due))

    def _take(self, line, begun):
        due = line.sent
        try:
            if not line.is_complete():
                return
        except OSError as error:  # a line that was idle for long may be closed
            if due:
                self.errors.append(f"{due.kind}: {error}")
            self._open_again(line)
            return
        self.milliseconds[due.kind].append((time.perf_counter() - begun - due.at) * 1000)
        if line.status != "200" or due.words not in line.received:
            words = " ".join(TAG.sub(" ", line.received.decode(errors="replace")).split())
            self.errors.append(f"{due.kind} answered {line.status}: {words[-500:]}")
        elif due.kind == "checkout":
            self.lent += 1
            due.back.at = max(due.back.at, time.perf_counter() - begun)
            self._put(line, due.back)
        line.ask()

    def p95(self):
        return _server.percentile(self.milliseconds["checkout"] + self.milliseconds["returns"], 95)

    def report(self, words):
        print(f"{words}: {len(self.errors)} errors", *dict.fromkeys(self.errors[:5]), flush=True)
        for kind, times in self.milliseconds.items():
            p50, p95, p99 = (_server.percentile(times, part) for part in (50, 95, 99))
            print(f"  {kind:10} {len(times):6}  p50 {p50:6.1f}  p95 {p95:6.1f}  p99 {p99:6.1f} ms", flush=True)


def loans():
    with connection.connection_context():
        return Loan.select().count()


def circulate(name, given) -> list[Promise]:
    """Build the consortium on one engine, serve it, and let it lend; return the promises."""
    url = new_database("pines") if name == "postgresql" else ""
    size = {"patrons": PATRONS, "titles": given.items // COPIES, "items": given.items, "open_loans": given.items // OUT}
    with tempfile.TemporaryDirectory(prefix="madoguchi-") as folder:
        began = time.perf_counter()
        _town.build(Path(folder), url=url, **size)
        with connection.connection_context(), database.writing():
            _town.add_staff()
        print(f"{name}: {given.items} copies made in {time.perf_counter() - began:.0f} s", flush=True)
        settings = {"DATABASE_URL": url} if url else {}
        server = _server.Server(folder, JOBS=0, CONNECTIONS=LINES + 100, **settings)
        try:
            server.start()
            return [promise for times in given.times for promise in one_run(server, name, times, given)]
        finally:
            server.stop()
            connection.close_all()


def one_run(server, name, times, given) -> list[Promise]:
    """Print one run at so many times the usual rate; return the promises of it."""
    a_minute, most = times * A_MINUTE, MOST_P95 if times == 1 else MOST_P95_AT_TIMES
    consortium, before = Consortium(server, given.items), loans()
    run = Run(consortium, a_minute, given.seconds).go()
    words = f"{name}, {a_minute} transactions a minute beside {LINES} lines"
    run.report(words)
    return [
        Promise(f"{words}, p95", run.p95(), most),
        Promise(f"{words}, errors", len(run.errors), 0, ""),
        Promise(f"{words}, loans that are missing", run.lent - (loans() - before), 0, ""),
    ]


# -- web processes ---------------------------------------------------------------------------------------------------
def serve(given) -> list[Promise]:
    """Print the requests that each number of processes answers; return the promise, with cores enough for a verdict."""
    with tempfile.TemporaryDirectory(prefix="madoguchi-") as folder:
        url = new_database("scale")
        _town.build_large(Path(folder), given.titles, url)
        connection.close_all()
        rates = {processes: rate_of(folder, url, processes, given.titles) for processes in given.processes}
    cores = len(os.sched_getaffinity(0))
    for processes, rate in rates.items():
        print(f"{processes} processes answer {rate / rates[min(rates)]:.2f} times as much as {min(rates)}")
    if cores < CORES or {1, 4} - set(rates):
        print(f"no verdict: {cores} cores, and {CORES} are needed for one")
        return []
    return [Promise("4 processes, times the requests of one", rates[4] / rates[1], TIMES, "", least=True)]


def requests(server, titles) -> list[tuple]:
    """Return requests of the mix for ``_server.measure``; each copy that is lent comes back some requests later."""
    chance = random.Random("scale")
    words = [word for word in _catalogue.words() if len(word) > 1]
    readers = [_town.reader(server, number).cookie for number in _town.numbers_of_readers(READERS)]
    desk = _server.Browser(server)
    desk.sign_in_at_the_desk(_town.LOGIN, _town.PASSWORD)
    with connection.connection_context():
        free, _, cards = _town.shelf(REQUESTS)
    free, returns, asked = iter(free), {}, []
    while len(asked) < REQUESTS or returns:
        kind = chance.choices(list(MIX), list(MIX.values()))[0]
        if form := returns.pop(len(asked), None):
            asked.append(("POST", "/desk/returns", {"Cookie": desk.cookie}, form))
        elif kind == "search":
            asked.append(("GET", f"/search?q={urllib.parse.quote(chance.choice(words))}", {}))
        elif kind == "title":
            asked.append(("GET", f"/titles/{chance.randint(1, titles)}", {}))
        elif kind == "my":
            asked.append(("GET", "/my/", {"Cookie": chance.choice(readers)}))
        elif kind == "desk" and chance.random() < 0.5 and len(asked) < REQUESTS:
            barcode = next(free)
            form = {"csrf_token": desk.token, "item": barcode}
            lent = form | {"card": chance.choice(cards), "request": f"{barcode}-{time.time()}"}
            asked.append(("POST", "/desk/checkout", {"Cookie": desk.cookie}, lent))
            returns[len(asked) + APART] = form
        else:
            asked.append(("GET", "/", {}))
    return asked


def rate_of(folder, url, processes, titles) -> float:
    """Print the answers of so many processes; return the requests a second."""
    server = _server.Server(folder, DATABASE_URL=url, PROCESSES=processes, JOBS=0)
    try:
        server.start()
        asked = requests(server, titles)
        here = {"port": server.port, "pid": server.process.pid, "connections": CONNECTIONS}
        _server.measure(requests=asked[:400], seconds=3, **here)  # each process reads its arrays
        run = _server.measure(requests=asked, seconds=FOR_SECONDS, **here)
    finally:
        server.stop()
    p50, p95 = (_server.percentile(run.milliseconds, part) for part in (50, 95))
    print(
        f"{processes} processes: {run.rate:.0f} requests/s, p50 {p50:.0f}, p95 {p95:.0f} ms, {run.statuses}", flush=True
    )
    if bad := {status: count for status, count in run.statuses.items() if status not in ("200", "303")}:
        raise RuntimeError(f"{processes} processes answered {bad}")
    return run.rate


def new_database(name) -> str:
    """Make a database on the server of ``scripts/with-postgres`` and return its address."""
    import psycopg

    server = os.environ["TEST_SERVER"]
    with psycopg.connect(server.format("postgres"), autocommit=True) as there:
        there.execute(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0 LOCALE 'C'")
    return server.format(name)


def main() -> int:
    arguments = parser(__doc__)
    arguments.add_argument("--items", type=int, default=1_000_000)
    arguments.add_argument("--seconds", type=int, default=600)
    arguments.add_argument("--times", type=int, nargs="+", default=[1, 5])
    arguments.add_argument("--engines", nargs="+", default=["sqlite", "postgresql"], choices=["sqlite", "postgresql"])
    arguments.add_argument("--processes", type=int, nargs="+", default=[1, 2, 4])
    arguments.add_argument("--titles", type=int, default=_town.TITLES)
    arguments.add_argument("--only", choices=("consortium", "processes"))
    given = arguments.parse_args()
    if "TEST_SERVER" not in os.environ and (given.only != "consortium" or "postgresql" in given.engines):
        arguments.error("there is no server: run it by scripts/with-postgres")
    promises = []
    if given.only != "processes":
        promises += [promise for name in given.engines for promise in circulate(name, given)]
    return report(promises if given.only == "consortium" else promises + serve(given))


if __name__ == "__main__":
    sys.exit(main())
