"""Try whether the time of a refused sign-in tells what was wrong: unknown card, wrong password, closed card.

    .venv/bin/python benchmarks/sign_in.py [--tries 200]

Every try is another card from another address, in turns, so that no counter stands in the way; the counter of all clients
together is emptied now and then. A card that never signed in (wrong initial password) is measured along.
"""

import random
import statistics
import sys
import tempfile
import time

import _server
import _town
from _promises import Promise, parser, report

from library.store import database
from models import Guess

MOST_APART = 10  # percent
EMPTIED_EVERY = 40


def cards(tries):
    """Return (card, password) of each try by kind."""
    numbers = range(tries * 10)
    own = [n for n in numbers if not (_town.is_closed(n) or _town.is_new(n))]
    return {
        "unknown card": [(_town.card(n + 1_000_000), _town.PASSWORD) for n in numbers],
        "wrong password": [(_town.card(n), "wrong-wrong-wrong") for n in own],
        "closed card": [(_town.card(n), _town.PASSWORD) for n in numbers if _town.is_closed(n)],
        "wrong initial password": [(_town.card(n), "0909") for n in numbers if _town.is_new(n)],
    }


def measure(server, tries):
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


def main():
    arguments = parser(__doc__)
    arguments.add_argument("--tries", type=int, default=200)
    tries = arguments.parse_args().tries
    with tempfile.TemporaryDirectory(prefix="madoguchi-") as folder:
        _town.build(folder, patrons=tries * 10)
        server = _server.Server(folder, TRUSTED_PROXIES=1, JOBS=0)
        try:
            server.start()
            with database.open_database(f"{folder}/madoguchi.sqlite3").connection_context():
                times = measure(server, tries)
        finally:
            server.stop()
    medians = {kind: statistics.median(each) for kind, each in times.items()}
    base = medians["wrong password"]
    for kind, median in medians.items():
        low, _, high = statistics.quantiles(times[kind], n=4)
        print(
            f"{kind:24} median {median:6.1f} ms (quarters {low:.1f}–{high:.1f})  / wrong password {median / base:.3f}"
        )
    apart = max(abs(median / base - 1) for median in medians.values())
    return report([Promise("refused sign-ins, furthest apart", apart * 100, MOST_APART, "%")])


if __name__ == "__main__":
    sys.exit(main())
