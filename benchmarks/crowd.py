"""A crowd: 64 browsers that ask without a pause, for a minute on My Library, then for a minute on the search.

.venv/bin/python benchmarks/crowd.py [--seconds 60] [--connections 64] [--titles 100000] [--keep FOLDER]
"""

import sys
import urllib.parse

import _big_town
import _catalogue
import _load
from _promises import Promise, parser, report

PATRON = 8  # a card with some loans
MOST_P99 = 600  # ms


def measure(server, given) -> list[Promise]:
    """Print what each page answered; return what was promised."""
    words = [word for word in _catalogue.words() if len(word) > 1][:2000]
    searches = " ".join("/search?q=" + urllib.parse.quote(word) for word in words)
    promises = []
    for name, path, cookie in (
        ("My Library", "/my/", _big_town.reader(server, PATRON).cookie),
        ("search", searches, ""),
    ):
        load = {"connections": given.connections, "seconds": given.seconds, "cookie": cookie}
        run = _load.measure(server.port, server.process.pid, path, **load)
        p50, p99 = (_load.percentile(run.milliseconds, part) for part in (50, 99))
        print(f"{name:10} {run.rate:6.0f}/s  p50 {p50:.0f}  p99 {p99:.0f} ms  {run.statuses}", flush=True)
        errors = sum(number for status, number in run.statuses.items() if status != "200")
        promises += [
            Promise(f"{given.connections} browsers on {name}, p99", p99, MOST_P99),
            Promise(f"{given.connections} browsers on {name}, errors", errors, 0, ""),
        ]
    return promises


def main() -> int:
    arguments = _big_town.arguments(parser(__doc__))
    arguments.add_argument("--connections", type=int, default=64)
    arguments.add_argument("--seconds", type=float, default=60)
    given = arguments.parse_args()
    with _big_town.served(given) as server:
        return report(measure(server, given))


if __name__ == "__main__":
    sys.exit(main())
