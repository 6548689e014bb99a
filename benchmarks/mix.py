"""A town's mix of requests, arriving at a fixed rate whatever the server does: what it takes, and the rate at which it
gives in.

    .venv/bin/python benchmarks/mix.py [--rate 60] [--seconds 60] [--titles 100000] [--steps] [--crowd 60]
        [--keep FOLDER]

Of the requests 20 % are for the front page, 30 % search, 15 % open a title, 2 % sign in, 13 % are for My Library, 8 %
for the loans, 2 % change a patron's information in its three steps, 10 % lend and take back at the desk. A request is
timed from the moment at which it was due, so that one that waits behind others counts as long as a person would wait.
"""

import queue
import random
import sys
import threading
import time
import urllib.parse

import _catalogue
import _server
import _town
from bs4 import BeautifulSoup
from promises import Promise, parser, report

from models import database as connection

VISITORS = 48  # at most so many requests under way
READERS, CHANGERS = 60, 8  # patrons who are signed in before; those who change their information
MOST_P95, MOST_P99, MOST_MEMORY = 60, 150, 220  # ms, ms, MB
GIVES_IN = 200  # ms of p95
CROWD, CARD, MOST_P99_OF_CROWD = 64, 8, 600  # browsers; a card with some loans; ms


class Town:
    """The requests of the mix. Each visit is a generator function: it yields (name, method, path, form) and is sent
    (status, text).
    """

    def __init__(self, server, titles):
        self.server, self.titles = server, titles
        self.chance = random.Random("mix")
        self.words = [word for word in _catalogue.words() if len(word) > 1]
        numbers = _town.numbers_of_readers(READERS + CHANGERS)
        self.cards = [_town.card(number) for number in numbers]
        self.readers = [_town.reader(server, number) for number in numbers]
        self.changers = queue.SimpleQueue()
        for browser in self.readers[READERS:]:
            self.changers.put(browser)
        with connection.connection_context():
            self.free, _, lenders = _town.shelf(20_000)
        self.free, self.lenders = iter(self.free), lenders
        self.counter = _server.Browser(server)
        self.counter.sign_in_at_the_desk(_town.LOGIN, _town.PASSWORD)
        self.visits = {
            self.front: 20, self.search: 30, self.title: 15, self.sign_in: 2, self.my_library: 13, self.loans: 8,
            self.change: 2 / 3, self.lend_and_take_back: 10 / 2,
        }  # fmt: skip

    def some_visit(self):
        return self.chance.choices(list(self.visits), list(self.visits.values()))[0]

    def front(self):
        yield _server.Browser(self.server), "GET", "/", None

    def search(self):
        text = urllib.parse.quote(self.chance.choice(self.words))
        yield _server.Browser(self.server), "GET", f"/search?q={text}", None

    def title(self):
        yield _server.Browser(self.server), "GET", f"/titles/{self.chance.randint(1, self.titles)}", None

    def my_library(self):
        yield self.chance.choice(self.readers[:READERS]), "GET", "/my/", None

    def loans(self):
        yield self.chance.choice(self.readers[:READERS]), "GET", "/my/loans", None

    def sign_in(self):
        browser = _server.Browser(self.server)
        browser.open_sign_in()
        form = {"csrf_token": browser.token, "card": self.chance.choice(self.cards), "password": _town.PASSWORD}
        yield browser, "POST", "/login", form

    def change(self):
        browser = self.changers.get()
        try:
            page = yield browser, "GET", "/my/profile", None
            form = filled_in(page, "/my/profile")
            form["due_days"] = self.chance.choice([day for day in "1234567" if day != form.get("due_days")])
            form["contact_method"] = "mail"  # without which nobody gets the due notice
            yield browser, "POST", "/my/profile", form
            page = yield browser, "GET", "/my/profile/confirm", None
            yield browser, "POST", "/my/profile/confirm", filled_in(page, "/my/profile/confirm")
        finally:
            self.changers.put(browser)

    def lend_and_take_back(self):
        barcode, card = next(self.free), self.chance.choice(self.lenders)
        token = self.counter.token
        form = {"csrf_token": token, "card": card, "item": barcode, "request": f"{barcode}-{time.time()}"}
        yield self.counter, "POST", "/desk/checkout", form
        yield self.counter, "POST", "/desk/returns", {"csrf_token": token, "item": barcode}


def filled_in(page, action):
    """Return the fields that a browser would send of the form with this action."""
    form = next(f for f in BeautifulSoup(page, "html.parser").find_all("form") if f.get("action") in (action, None, ""))
    sent = {}
    for field in form.find_all(["input", "select"]):
        if not field.get("name") or field.has_attr("disabled"):
            continue
        if field.name == "select":
            chosen = field.find("option", selected=True) or field.find("option")
            sent[field["name"]] = chosen["value"]
        elif field.get("type") not in ("checkbox", "radio") or field.has_attr("checked"):
            sent[field["name"]] = field.get("value", "")
    return sent


class Run:
    """One run at one rate: milliseconds of each request by what was asked, and the errors."""

    def __init__(self, town):
        self.town, self.due = town, queue.SimpleQueue()
        self.milliseconds, self.errors, self.lock = {}, [], threading.Lock()

    def go(self, rate, seconds):
        """Let visits begin so that ``rate`` requests a second are due."""
        visitors = [threading.Thread(target=self._visit, daemon=True) for _ in range(VISITORS)]
        for visitor in visitors:
            visitor.start()
        begun, at = time.perf_counter(), 0.0
        while at < seconds:
            time.sleep(max(0, begun + at - time.perf_counter()))
            visit = self.town.some_visit()
            self.due.put((begun + at, visit))
            at += self.town.chance.expovariate(rate) * {"change": 4, "lend_and_take_back": 2}.get(visit.__name__, 1)
        for _ in visitors:
            self.due.put(None)
        for visitor in visitors:
            visitor.join()
        return self

    def _visit(self):
        while (due := self.due.get()) is not None:
            at, visit = due
            try:
                self._ask(visit, at)
            except Exception as error:
                with self.lock:
                    self.errors.append(f"{visit.__name__}: {error!r}")

    def _ask(self, visit, at):
        visiting, page = visit(), None
        while True:
            try:
                browser, method, path, form = visiting.send(page)
            except StopIteration:
                return
            status, _, page = browser.ask(method, path, form)
            took, at = (time.perf_counter() - at) * 1000, time.perf_counter()
            with self.lock:
                self.milliseconds.setdefault(visit.__name__, []).append(took)
                if status >= 400:
                    self.errors.append(f"{visit.__name__}: {method} {path} answered {status}")

    def percentile(self, part):
        return _server.percentile([each for times in self.milliseconds.values() for each in times], part)

    def report(self, rate, seconds):
        number = sum(map(len, self.milliseconds.values()))
        print(
            f"{rate} requests/s: {number / seconds:.0f} answered, p50 {self.percentile(50):.0f}, p95 {self.percentile(95):.0f}, "
            f"p99 {self.percentile(99):.0f} ms, {len(self.errors)} errors",
            flush=True,
        )


def measure(town, given) -> list[Promise]:
    """Print the run at the promised rate, then the rate at which the server gives in; return the
    promises of the first.
    """
    run = Run(town).go(given.rate, given.seconds)
    run.report(given.rate, given.seconds)
    for name, times in sorted(run.milliseconds.items()):
        p50, p95, p99 = (_server.percentile(times, part) for part in (50, 95, 99))
        print(f"  {name:20} {len(times):6}  p50 {p50:6.1f}  p95 {p95:6.1f}  p99 {p99:6.1f} ms")
    print(*run.errors[:5], sep="\n")
    memory = town.server.peak_memory()
    rate, step = given.rate, run
    while given.steps and step.percentile(95) <= GIVES_IN:
        rate += given.rate // 2
        step = Run(town).go(rate, max(10, given.seconds // 4))
        step.report(rate, max(10, given.seconds // 4))
    at = f"a town's mix at {given.rate} requests/s"
    return [
        Promise(f"{at}, p95", run.percentile(95), MOST_P95),
        Promise(f"{at}, p99", run.percentile(99), MOST_P99),
        Promise(f"{at}, errors", len(run.errors), 0, ""),
        Promise(f"{at}, memory", memory, MOST_MEMORY, "MB"),
    ]


def crowd(server, seconds) -> list[Promise]:
    """Print the answers to browsers that never pause, on each page; return the promises of them."""
    server.stop()  # the mix leaves nothing behind but what it wrote
    _town.start(server)
    words = [word for word in _catalogue.words() if len(word) > 1][:2000]
    asked = {
        "My Library": _server.opening(["/my/"], _town.reader(server, CARD).cookie),
        "search": _server.opening(["/search?q=" + urllib.parse.quote(word) for word in words]),
    }
    promises = []
    for name, requests in asked.items():
        run = _server.measure(server.port, server.process.pid, requests, connections=CROWD, seconds=seconds)
        p50, p99 = (_server.percentile(run.milliseconds, part) for part in (50, 99))
        print(f"{name:10} {run.rate:6.0f}/s  p50 {p50:.0f}  p99 {p99:.0f} ms  {run.statuses}", flush=True)
        errors = sum(number for status, number in run.statuses.items() if status != "200")
        promises += [
            Promise(f"{CROWD} browsers on {name}, p99", p99, MOST_P99_OF_CROWD),
            Promise(f"{CROWD} browsers on {name}, errors", errors, 0, ""),
        ]
    return promises


def main() -> int:
    arguments = _town.arguments(parser(__doc__))
    arguments.add_argument("--rate", type=int, default=60)
    arguments.add_argument("--seconds", type=int, default=60)
    arguments.add_argument("--steps", action="store_true", help="go on until p95 passes 200 ms")
    arguments.add_argument("--crowd", type=float, default=0, metavar="SECONDS", help="64 browsers without a pause, too")
    given = arguments.parse_args()
    with _town.served(given) as server:
        promises = measure(Town(server, given.titles), given)
        return report(promises + crowd(server, given.crowd) if given.crowd else promises)


if __name__ == "__main__":
    sys.exit(main())
