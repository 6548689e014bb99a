"""One, two and four web processes on PostgreSQL: how many requests of a town's mix they answer.

    scripts/with-postgres .venv/bin/python benchmarks/scale.py [--processes 1 2 4] [--seconds 20] [--titles 100000]

Of the requests 40 % search, 20 % open a title, 15 % are for the front page, 15 % for My Library, 10 % lend and take back at the desk.
Nobody pauses. Below 8 cores there is no verdict: client, processes and server share what there is.
"""

import os
import random
import sys
import tempfile
import time
import urllib.parse
from pathlib import Path

import _big_town
import _catalogue
import _load
import _server
import _town
from _promises import Promise, parser, report

from models import database as connection

CONNECTIONS, READERS, REQUESTS = 32, 24, 4_000
CORES, TIMES = 8, 2.5  # of one process's requests, by four
APART = 400  # requests between a loan and its return
MIX = {"search": 40, "title": 20, "front": 15, "my": 15, "desk": 10}


def requests(server, titles) -> list[tuple]:
    """Return requests of the mix for ``_load.measure_requests``; each copy that is lent comes back some requests later."""
    chance = random.Random("scale")
    words = [word for word in _catalogue.words() if len(word) > 1]
    able = (n for n in range(2, 5000) if not _town.is_closed(n) and not _town.is_new(n) and n != _big_town.READER)
    readers = [_big_town.reader(server, next(able)).cookie for _ in range(READERS)]
    desk = _server.Browser(server)
    desk.sign_in_at_the_desk(_big_town.LOGIN, _town.PASSWORD)
    with connection.connection_context():
        free, _, cards = _big_town.shelf(REQUESTS)
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


def measure(folder, url, processes, given) -> float:
    """Return the requests a second that so many processes answer; print what they were."""
    server = _server.Server(folder, DATABASE_URL=url, PROCESSES=processes, JOBS=0)
    try:
        server.start()
        asked = requests(server, given.titles)
        _load.measure_requests(
            server.port, asked[:400], connections=CONNECTIONS, seconds=3
        )  # each process reads its arrays
        run = _load.measure_requests(server.port, asked, connections=CONNECTIONS, seconds=given.seconds)
    finally:
        server.stop()
    p50, p95 = (_load.percentile(run.milliseconds, part) for part in (50, 95))
    print(
        f"{processes} processes: {run.rate:.0f} requests/s, p50 {p50:.0f}, p95 {p95:.0f} ms, {run.statuses}", flush=True
    )
    if bad := {status: count for status, count in run.statuses.items() if status not in ("200", "303")}:
        raise RuntimeError(f"{processes} processes answered {bad}")
    return run.rate


def main() -> int:
    arguments = parser(__doc__)
    arguments.add_argument("--processes", type=int, nargs="+", default=[1, 2, 4])
    arguments.add_argument("--seconds", type=int, default=20)
    arguments.add_argument("--titles", type=int, default=_big_town.TITLES)
    given = arguments.parse_args()
    if "TEST_SERVER" not in os.environ:
        arguments.error("there is no server: run it by scripts/with-postgres")
    with tempfile.TemporaryDirectory(prefix="madoguchi-") as folder:
        url = _server.new_database("scale")
        _big_town.build(Path(folder), given.titles, url)
        connection.close_all()
        rates = {processes: measure(folder, url, processes, given) for processes in given.processes}
        cores = len(os.sched_getaffinity(0))
        for processes, rate in rates.items():
            print(f"{processes} processes answer {rate / rates[min(rates)]:.2f} times as much as {min(rates)}")
        if cores < CORES or {1, 4} - set(rates):
            print(f"no verdict: {cores} cores, and {CORES} are needed for one")
            return 0
        return report([Promise("4 processes, times the requests of one", rates[4] / rates[1], TIMES, "", least=True)])


if __name__ == "__main__":
    sys.exit(main())
