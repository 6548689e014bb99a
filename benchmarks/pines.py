"""The circulation of a large consortium (PINES: 275 libraries): 548 check-outs and returns a minute, then five times as many.

    scripts/with-postgres .venv/bin/python benchmarks/pines.py [--items 1000000] [--seconds 600] [--processes 1]
        [--engines sqlite postgresql] [--times 1 5]

1,000 lines stay open, each of a terminal that opens a title now and then; the scans come over them at their times, whatever the
server does, and are timed from the moment at which they were due. Each engine has the same town. In the end the loans in
the database are counted: as many as were answered with a receipt.
"""

import heapq
import os
import random
import re
import selectors
import sys
import tempfile
import time
from itertools import count
from pathlib import Path

import _big_town
import _load
import _server
import _town
from _promises import Promise, parser, report

from library import clock
from library.access import passwords
from library.store import database
from models import Item, Loan, Staff, database as connection

PATRONS, COPIES, OUT = 100_000, 4, 20
LINES, A_MINUTE = 1_000, 548
LOOK_EVERY = 45  # seconds in which each line opens a title, so that none is idle for long
STAY = 30  # seconds after which a copy that was lent comes back
DESKS = 10  # sessions of staff
MOST_P95, MOST_P95_AT_TIMES = 200, 500  # ms; of more than is usual
TAG = re.compile(r"<[^>]*>")


class Line(_load.Connection):
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
            desk.sign_in_at_the_desk(_big_town.LOGIN, _town.PASSWORD)
            self.desks.append(desk)
        with connection.connection_context():
            free = Item.select(Item.barcode).where(Item.id > items // OUT).order_by(Item.id).limit(100_000)
            self.free = iter([barcode for (barcode,) in free.tuples()])
        self.cards = [_town.card(n) for n in range(2, PATRONS) if not _town.is_closed(n)]
        self.chance.shuffle(self.cards)
        self.numbers = count()

    def lend(self, at):
        """Return a check-out, which has the return of the same copy with it: nobody brings back what is not lent yet."""
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
            at, kind, _load.written(self.port, "POST", path, headers, form | {"csrf_token": desk.token}), barcode
        )

    def look(self, at):
        title = self.chance.randint(1, self.titles)
        return Due(at, "title", _load.written(self.port, "GET", f"/titles/{title}", {}), "</html>")


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
        return _load.percentile(self.milliseconds["checkout"] + self.milliseconds["returns"], 95)

    def report(self, words):
        print(f"{words}: {len(self.errors)} errors", *dict.fromkeys(self.errors[:5]), flush=True)
        for kind, times in self.milliseconds.items():
            p50, p95, p99 = (_load.percentile(times, part) for part in (50, 95, 99))
            print(f"  {kind:10} {len(times):6}  p50 {p50:6.1f}  p95 {p95:6.1f}  p99 {p99:6.1f} ms", flush=True)


def loans():
    with connection.connection_context():
        return Loan.select().count()


def measure(name, url, folder, given) -> list[Promise]:
    """Build the town on one engine, serve it, and let it lend."""
    size = {"patrons": PATRONS, "titles": given.items // COPIES, "items": given.items, "open_loans": given.items // OUT}
    began = time.perf_counter()
    _town.build(folder, url=url, **size)
    with connection.connection_context(), database.writing():
        known = passwords.hash_password(_town.PASSWORD)
        Staff.create(
            login=_big_town.LOGIN, role="admin", password_hash=known, must_change_password=False, created_at=clock.now()
        )
    print(f"{name}: {given.items} copies made in {time.perf_counter() - began:.0f} s", flush=True)
    settings = {"DATABASE_URL": url, "PROCESSES": given.processes} if url else {}
    server = _server.Server(folder, JOBS=0, CONNECTIONS=LINES + 100, **settings)
    promises = []
    try:
        server.start()
        for times in given.times:
            a_minute, most = times * A_MINUTE, MOST_P95 if times == 1 else MOST_P95_AT_TIMES
            consortium = Consortium(server, given.items)
            before = loans()
            run = Run(consortium, a_minute, given.seconds).go()
            words = f"{name}, {a_minute} transactions a minute beside {LINES} lines"
            run.report(words)
            promises += [Promise(f"{words}, p95", run.p95(), most), Promise(f"{words}, errors", len(run.errors), 0, "")]
            promises.append(Promise(f"{words}, loans that are missing", run.lent - (loans() - before), 0, ""))
    finally:
        server.stop()
        connection.close_all()
    return promises


def main() -> int:
    arguments = parser(__doc__)
    arguments.add_argument("--items", type=int, default=1_000_000)
    arguments.add_argument("--seconds", type=int, default=600)
    arguments.add_argument("--processes", type=int, default=1)
    arguments.add_argument("--times", type=int, nargs="+", default=[1, 5])
    arguments.add_argument("--engines", nargs="+", default=["sqlite", "postgresql"], choices=["sqlite", "postgresql"])
    given = arguments.parse_args()
    if "postgresql" in given.engines and "TEST_SERVER" not in os.environ:
        arguments.error("there is no server: run it by scripts/with-postgres")
    promises = []
    for name in given.engines:
        with tempfile.TemporaryDirectory(prefix="madoguchi-") as folder:
            url = _server.new_database("pines") if name == "postgresql" else ""
            promises += measure(name, url, Path(folder), given)
    return report(promises)


if __name__ == "__main__":
    sys.exit(main())
