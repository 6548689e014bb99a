"""Signing in on a real server: the times of a refusal by its reason, then those who are right while somebody guesses at
10,000 cards.

    .venv/bin/python benchmarks/guessing.py [--patrons 10000] [--seconds 30] [--tries 200]

Unknown card, wrong password, closed card, wrong initial password: every try is another card from another address, in
turns, so that no counter stands in the way; the counter of all clients together is emptied now and then.

Somebody guesses without a pause; meanwhile others sign in with the right password: half of them in a browser that
signed in before, half strangers, who give 確認番号 where it is asked. Each comes from an address of its own, and comes
again after the time that an answer says which finds the server busy.
"""

import itertools
import random
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass

import _server
import _town
from promises import Promise, parser, report

from library import clock
from library.access import marks
from library.store import database
from models import Guess, Patron

RIGHT = 28
PHONE = "042-000-1234"
TIMES = 3  # that somebody comes again when it is busy
SIZES = (16, 200)  # addresses of who guesses
MOST_APART = 10  # percent
EMPTIED_EVERY = 40  # refusals


# -- refusals --------------------------------------------------------------------------------------------------------
def refused(server, tries) -> Promise:
    """Print the times of refusals by their reason; return the promised difference."""
    times = refusals(server, tries)
    medians = {kind: statistics.median(each) for kind, each in times.items()}
    base = medians["wrong password"]
    for kind, median in medians.items():
        low, _, high = statistics.quantiles(times[kind], n=4)
        ratio = median / base
        print(f"{kind:24} median {median:6.1f} ms (quarters {low:.1f}–{high:.1f})  / wrong password {ratio:.3f}")
    apart = max(abs(median / base - 1) for median in medians.values())
    return Promise("refused sign-ins, furthest apart", apart * 100, MOST_APART, "%")


def cards(tries):
    """Return (card, password) of each try by kind."""
    numbers = range(tries * 10)
    own = [n for n in numbers if _town.has_password(n)]
    return {
        "unknown card": [(_town.card(n + 1_000_000), _town.PASSWORD) for n in numbers],
        "wrong password": [(_town.card(n), "wrong-wrong-wrong") for n in own],
        "closed card": [(_town.card(n), _town.PASSWORD) for n in numbers if _town.is_closed(n)],
        "wrong initial password": [(_town.card(n), "0909") for n in numbers if _town.is_new(n)],
    }


def refusals(server, tries):
    browser = _server.Browser(server)
    browser.open_sign_in()
    kinds, times = cards(tries), {}
    turns = [(kind, turn) for turn in range(tries) for kind in random.sample(list(kinds), len(kinds))]
    for number, (kind, turn) in enumerate(turns):
        if number % EMPTIED_EVERY == 0:
            Guess.delete().execute()
        browser.address = f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"
        begun = time.perf_counter()
        status, _, text = browser.sign_in(*kinds[kind][turn])
        times.setdefault(kind, []).append((time.perf_counter() - begun) * 1000)
        if status != 422 or "カードの番号かパスワードが違います" not in text:
            raise RuntimeError(
                f"{kind}, try {number}: {status} {[(r.kind, r.failures) for r in Guess.select().order_by(-Guess.failures).limit(5)]}"
            )
    return times


# -- guesses ---------------------------------------------------------------------------------------------------------
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
    """Sign in as a person does; return True where that led in, and the seconds from the first press."""
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
    slow = _server.percentile(took, 95)
    print(f"{addresses} addresses: guesses answered {dict(attack.answers)}; in: {shares}, p95 {slow:.2f} s", flush=True)
    return shares, slow


def main():
    arguments = parser(__doc__)
    arguments.add_argument("--patrons", type=int, default=10_000)
    arguments.add_argument("--seconds", type=float, default=30)
    arguments.add_argument(
        "--tries", type=int, default=200, help="refusals of each kind; a tenth of the patrons at most"
    )
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="madoguchi-") as folder:
        _town.build(folder, patrons=given.patrons)
        targets = [n for n in range(given.patrons) if _town.has_password(n)]
        server = _server.Server(folder, TRUSTED_PROXIES=1, JOBS=0)
        try:
            server.start()
            with database.open_database(f"{folder}/madoguchi.sqlite3").connection_context():
                apart = refused(server, given.tries)
                Patron.update(phone_home=PHONE).execute()
                measured = {size: measure(server, size, targets, given.seconds) for size in SIZES}
        finally:
            server.stop()
    (few_marked, few_others), slow = measured[16]
    (marked, others), _ = measured[200]
    return report(
        [
            apart,
            Promise("right ones in, 16 guess", min(few_marked, few_others), 100, "%", least=True),
            Promise("p95 of their sign-ins", slow, 3, "s"),
            Promise("marked ones in, 200 guess", marked, 100, "%", least=True),
            Promise("unmarked ones in, 200 guess", others, 95, "%", least=True),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
