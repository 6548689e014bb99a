"""Somebody guesses at 10,000 cards without a pause; meanwhile others sign in with the right password, on a real server.

    .venv/bin/python benchmarks/guessing.py [--patrons 10000] [--seconds 30]

Of those who are right half are in a browser that signed in before and half are strangers, who give 確認番号 where it is asked. Each
comes from an address of its own. Who is told that it is busy comes again after the time that the answer says.
"""

import itertools
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass

import _server
import _town
from _promises import Promise, parser, report

from library import clock
from library.access import marks
from library.store import database
from models import Guess, Patron

RIGHT = 28
PHONE = "042-000-1234"
TIMES = 3  # that somebody comes again when it is busy
SIZES = (16, 200)  # addresses of who guesses


@dataclass
class Attack:
    """So many addresses, each of which guesses at cards one after the other as fast as it is answered."""

    server: _server.Server
    addresses: int
    targets: list

    def __post_init__(self):
        self.over, self.answers = threading.Event(), Counter()
        self.threads = [threading.Thread(target=self._guess, args=(n,)) for n in range(self.addresses)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        for thread in self.threads:
            thread.join()

    def _guess(self, number):
        browser = _server.Browser(self.server, address=f"203.{number // 250}.113.{number % 250}")
        for turn, target in enumerate(itertools.cycle(self.targets[number :: self.addresses])):
            if self.over.is_set():
                return
            self.answers[browser.sign_in(_town.card(target), f"wrong-{turn}")[0]] += 1


def come(server, number, target, mark):
    """Sign in as a person does; return whether that led in, and the seconds from the first press."""
    browser = _server.Browser(server, address=f"198.{number // 250}.100.{number % 250}")
    browser.cookies |= {"device": mark} if mark else {}
    browser.open_sign_in()
    begun, form = time.perf_counter(), {"card": _town.card(target), "password": _town.PASSWORD}
    for _ in range(TIMES + 1):
        status, headers, text = browser.ask("POST", "/login", form | {"csrf_token": browser.token})
        if status == 422 and "確認番号" in text and "check" not in form:
            form["check"] = PHONE[-4:]
            status, headers, _ = browser.ask("POST", "/login", form | {"csrf_token": browser.token})
        if status != 503:
            break
        time.sleep(int(headers["Retry-After"]))
    return status == 303, time.perf_counter() - begun


def measure(server, addresses, targets, seconds):
    """Return the shares of marked and unmarked ones who got in, and the p95 of the time that it took."""
    Guess.delete().execute()
    people = targets[-RIGHT:]
    cards = {number: Patron.get(Patron.card_number == _town.card(number)) for number in people}
    known = {number: marks.remember(cards[number], None, now=clock.now()) for number in people[::2]}
    came, took = {True: [], False: []}, []
    with Attack(server, addresses, targets) as attack:
        for number, target in enumerate(people):
            is_in, needed = come(server, number, target, known.get(target))
            came[target in known].append(is_in)
            took.append(needed)
            time.sleep(max(0, seconds / RIGHT - needed))
    shares = [100 * sum(group) / len(group) for group in (came[True], came[False])]
    slow = sorted(took)[int(len(took) * 0.95)]
    print(f"{addresses} addresses: guesses answered {dict(attack.answers)}; in: {shares}, p95 {slow:.2f} s", flush=True)
    return shares, slow


def main():
    arguments = parser(__doc__)
    arguments.add_argument("--patrons", type=int, default=10_000)
    arguments.add_argument("--seconds", type=float, default=30)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="madoguchi-") as folder:
        _town.build(folder, patrons=given.patrons)
        targets = [n for n in range(given.patrons) if not (_town.is_closed(n) or _town.is_new(n))]
        server = _server.Server(folder, TRUSTED_PROXIES=1, JOBS=0)
        try:
            server.start()
            with database.open_database(f"{folder}/madoguchi.sqlite3").connection_context():
                Patron.update(phone_home=PHONE).execute()
                measured = {size: measure(server, size, targets, given.seconds) for size in SIZES}
        finally:
            server.stop()
    (few_marked, few_others), slow = measured[16]
    (marked, others), _ = measured[200]
    return report(
        [
            Promise("right ones in, 16 guess", min(few_marked, few_others), 100, "%", least=True),
            Promise("p95 of their sign-ins", slow, 3, "s"),
            Promise("marked ones in, 200 guess", marked, 100, "%", least=True),
            Promise("unmarked ones in, 200 guess", others, 95, "%", least=True),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
