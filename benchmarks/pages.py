"""What the pages take, against a Flask page that says one constant thing; both served by the same server with four threads.

    .venv/bin/python benchmarks/pages.py [--rounds 10] [--seconds 1]

Before each page of the library the bare page is measured, so that what else the machine does hits both alike; a ratio is of
such a pair, and the median and the range of all rounds are printed.
"""

import argparse
import logging
import statistics
import subprocess
import sys
from dataclasses import dataclass

import _load
import _server

PAGES = {
    "front page": "/",
    "sign-in page": "/login",
    "My Library": "/my/",
    "loans": "/my/loans",
    "edit page": "/my/profile",
}
SIGNED_OUT = {"front page", "sign-in page"}
CONNECTIONS = (1, 8)
MOST_P99, MOST_MEMORY, MOST_START = 60, 220, 2  # milliseconds at 8 connections, MB, seconds
THREADS = 4


def bare(port):
    """The smallest page that Flask can answer with."""
    from flask import Flask

    import serving

    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    app = Flask(__name__)
    page = "<!doctype html><html lang=ja><title>図書館</title><h1>図書館</h1></html>"
    app.add_url_rule("/", view_func=lambda: page)
    serving.listen(app, host="127.0.0.1", port=port, threads=THREADS, connections=1000).run()


def start_bare():
    port = _server.free_port()
    process = subprocess.Popen([sys.executable, __file__, "--bare", str(port)])
    while True:
        try:
            _server.ask(port, "GET", "/")
            return process, port
        except ConnectionError:
            if process.poll() is not None:
                raise


def second_start(server):
    server.stop()
    return server.start()


def signed_in_cookie(server, number=1):
    """Of a card of the demonstration."""
    from library.demonstration.patrons import CARDS

    browser = _server.Browser(server)
    status, _, text = browser.sign_in(CARDS[number][0], CARDS[number][1])
    if status != 303:
        raise RuntimeError(f"sign-in answered {status}: {text[:500]}")
    browser.ask("GET", "/my/")  # from now on the cookie has the token of its forms, as in any browser
    return browser.cookie


@dataclass
class Pair:
    """The bare page and, at once afterwards, a page of the library."""

    bare: _load.Run
    page: _load.Run

    @property
    def ratio(self):
        return self.page.rate / self.bare.rate

    @property
    def work(self):
        """The same by processor time of the two servers, which what else the machine does touches less."""
        return self.bare.processor / self.page.processor


def rounds(server, bare_server, number, seconds):
    """(connections, page) → pairs."""
    cookie = signed_in_cookie(server)
    pairs = {}
    for turn in range(number + 1):
        for connections in CONNECTIONS:
            for name, path in PAGES.items():
                load = {"connections": connections, "seconds": seconds}
                bare_run = _load.measure(*bare_server, "/", **load)
                sent = "" if name in SIGNED_OUT else cookie
                run = _load.measure(server.port, server.process.pid, path, cookie=sent, **load)
                if set(run.statuses) != {"200"}:
                    raise RuntimeError(f"{name} answered {run.statuses}")
                if turn:  # the first round warms up
                    pairs.setdefault((connections, name), []).append(Pair(bare_run, run))
    return pairs


def report(pairs):
    """Print the table; what is missed of the targets."""
    missed = []
    print("connections  page          requests/s   / bare (range)      work / bare    p50 ms  p99 ms")
    for (connections, name), measured in pairs.items():
        ratios, work = [pair.ratio for pair in measured], statistics.median(pair.work for pair in measured)
        rate, ratio = statistics.median(pair.page.rate for pair in measured), statistics.median(ratios)
        times = [each for pair in measured for each in pair.page.milliseconds]
        p50, p99 = _load.percentile(times, 50), _load.percentile(times, 99)
        spread = f"({min(ratios):.2f}–{max(ratios):.2f})"
        print(
            f"{connections:11}  {name:12}  {rate:10.0f}   {ratio:.2f} {spread:14} {work:11.2f}  {p50:8.1f}  {p99:6.1f}"
        )
        if connections == max(CONNECTIONS):
            missed += [f"{name}: p99 {p99:.0f} ms"] if p99 >= MOST_P99 else []
    report_bare(pairs)
    return missed


def report_bare(pairs):
    for connections in CONNECTIONS:
        runs = [pair.bare for (number, _), measured in pairs.items() if number == connections for pair in measured]
        rates, times = [run.rate for run in runs], [each for run in runs for each in run.milliseconds]
        print(
            f"{connections:11}  bare page     {statistics.median(rates):10.0f}   {min(rates):.0f}–{max(rates):.0f}"
            f"{'':20}  {_load.percentile(times, 50):8.1f}  {_load.percentile(times, 99):6.1f}"
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=1)
    parser.add_argument("--bare", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.bare:
        return bare(given.bare)
    process, bare_port = start_bare()
    try:
        with _server.serving() as server:
            start = second_start(server)
            missed = report(rounds(server, (bare_port, process.pid), given.rounds, given.seconds))
            memory = server.peak_memory()
    finally:
        process.terminate()
    print(f"second start to the first answered page {start:.2f} s; peak memory of the server {memory:.0f} MB")
    missed += [f"second start {start:.2f} s"] if start >= MOST_START else []
    missed += [f"memory {memory:.0f} MB"] if memory >= MOST_MEMORY else []
    print("\n".join(f"missed: {line}" for line in missed) or "all targets met")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
