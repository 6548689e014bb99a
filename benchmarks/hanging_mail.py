"""Pages while the mail server takes the call and says nothing.

    .venv/bin/python benchmarks/hanging_mail.py [--rounds 3] [--seconds 2]

Two servers on the same demonstration, measured in turns: the delivery of one hangs, the other has no jobs.
"""

import socket
import statistics
import sys

import _load
import _server
from _promises import Promise, parser, report

PAGES = {"front page": "/", "My Library": "/my/"}
CONNECTIONS = 8
HANGS = 300  # seconds that the delivery waits: longer than this takes
MOST_P99 = 60


def measure(servers, rounds, seconds):
    """Return the runs by page and server."""
    cookies = {name: _server.signed_in_cookie(server) for name, server in servers.items()}
    runs = {}
    for turn in range(rounds + 1):
        for page, path in PAGES.items():
            for name, server in servers.items():
                run = _load.measure(
                    server.port,
                    server.process.pid,
                    path,
                    connections=CONNECTIONS,
                    seconds=seconds,
                    cookie=cookies[name],
                )
                if set(run.statuses) != {"200"}:
                    raise RuntimeError(f"{page} answered {run.statuses}")
                if turn:  # the first round warms up
                    runs.setdefault((page, name), []).append(run)
    return runs


def main():
    arguments = parser(__doc__)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--seconds", type=float, default=2)
    given = arguments.parse_args()
    with socket.create_server(("127.0.0.1", 0)) as mute:
        mute.settimeout(60)
        mail = {"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": mute.getsockname()[1], "MAIL_TIMEOUT": HANGS}
        with _server.serving(NOTICE_HOUR=0, **mail) as hanging, _server.serving(JOBS=0) as calm:
            line, _ = mute.accept()
            runs = measure({"hanging": hanging, "calm": calm}, given.rounds, given.seconds)
            line.close()
    promises = []
    for page in PAGES:
        rates, p99 = {}, {}
        for name in ("hanging", "calm"):
            rates[name] = statistics.median(run.rate for run in runs[page, name])
            p99[name] = _load.percentile([each for run in runs[page, name] for each in run.milliseconds], 99)
        promises.append(Promise(f"{page} while mail hangs, p99", p99["hanging"], MOST_P99))
        print(
            f"{page:12} while delivery hangs: p99 {p99['hanging']:.0f} ms (calm {p99['calm']:.0f} ms), "
            f"requests/s {rates['hanging'] / rates['calm']:.2f} of calm"
        )
    return report(promises)


if __name__ == "__main__":
    sys.exit(main())
