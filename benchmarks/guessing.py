"""The answers to someone who guesses: one card or many, from one address or many, on a real server.

    .venv/bin/python benchmarks/guessing.py

Each line begins with empty counters. Afterwards the owner of a card that was guessed tries the right password: from a device
that signed in before, from a new one, and from a new one after the server was started anew. In the end many guess at all cards
without a pause, and meanwhile others sign in with the right password, from devices and addresses that were never seen.
"""

import contextlib
import itertools
import sys
import tempfile
import threading
import time
from collections import Counter

import _server
import _town

from library.store import database
from models import Throttle

PATRONS = 700
OWNER = 12  # the card that is guessed at
TARGETS = [number for number in range(PATRONS) if not (_town.is_closed(number) or _town.is_new(number))]
ATTACKS = {
    "1 card × 20 wrong, one client": [(OWNER, "203.0.113.1")] * 20,
    "1 card × 20 wrong, 20 clients": [(OWNER, f"203.0.113.{n}") for n in range(20)],
    "500 cards × 1 wrong, one client": [(number, "203.0.113.1") for number in TARGETS[:500]],
    "500 cards × 1 wrong, 500 clients": [(number, f"203.0.{n >> 8}.{n & 255}") for n, number in enumerate(TARGETS[:500])],
}  # fmt: skip
GUESSERS, RIGHT = 16, 28
WRONG = "wrong-wrong-wrong"


def attack(server, tries):
    """Answers by status, the last Retry-After in seconds, and whether a session ever came of it."""
    browser = _server.Browser(server)
    browser.open_sign_in()
    statuses, wait = Counter(), 0
    for number, browser.address in tries:
        status, headers, _ = browser.sign_in(_town.card(number), WRONG)
        statuses[status] += 1
        wait = int(headers.get("Retry-After", 0))
    return statuses, wait


def owner(server, device=None):
    """Return the answer to the owner of the card, at home, with the right password; the cookie of a device that is known."""
    browser = _server.Browser(server, address="198.51.100.7")
    browser.cookies |= {"device": device} if device else {}
    status, headers, _ = browser.sign_in(_town.card(OWNER), _town.PASSWORD)
    words = "in" if status == 303 else f"{status}, again in {headers['Retry-After']} s"
    return words, browser.cookies.get("device")


def run(server):
    _, device = owner(server)
    print(f"{'':34} {'answers (status × times)':28} wait     known device  new device             after a restart")
    for name, tries in ATTACKS.items():
        Throttle.delete().execute()
        statuses, wait = attack(server, tries)
        known, new = owner(server, device)[0], owner(server)[0]
        server.stop()
        server.start()
        again = owner(server)[0]
        told = ", ".join(f"{status} × {times}" for status, times in sorted(statuses.items()))
        print(f"{name:34} {told:28} {wait:5} s  {known:12}  {new:21}  {again}", flush=True)


def meanwhile(server):
    """Return the answers to others while GUESSERS guess as fast as they can, and how long that takes."""
    Throttle.delete().execute()
    over = threading.Event()
    guesses = Counter()

    def guess(number):
        browser = _server.Browser(server, address=f"203.0.113.{number}")
        for target in itertools.cycle(TARGETS[number::GUESSERS]):
            if over.is_set():
                return
            guesses[browser.sign_in(_town.card(target), WRONG)[0]] += 1

    threads = [threading.Thread(target=guess, args=(number,)) for number in range(GUESSERS)]
    for thread in threads:
        thread.start()
    answers, seconds = Counter(), []
    for number, target in enumerate(TARGETS[-RIGHT:]):
        browser = _server.Browser(server, address=f"198.51.100.{number}")
        browser.open_sign_in()
        begun = time.perf_counter()
        answers[browser.sign_in(_town.card(target), _town.PASSWORD)[0]] += 1
        seconds.append(time.perf_counter() - begun)
    over.set()
    for thread in threads:
        thread.join()
    slow = sorted(seconds)[int(len(seconds) * 0.95)]
    print(
        f"{GUESSERS} clients without a pause: {dict(guesses)}; meanwhile {answers[303]} of {RIGHT} right ones in, p95 {slow:.2f} s"
    )


def main():
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="madoguchi-"))
        _town.build(folder, patrons=PATRONS)
        server = _server.Server(folder, TRUSTED_PROXIES=1, JOBS=0)
        stack.callback(server.stop)
        server.start()
        stack.enter_context(database.open_database(f"{folder}/madoguchi.sqlite3").connection_context())
        run(server)
        meanwhile(server)


if __name__ == "__main__":
    sys.exit(main())
