"""Queries at a town's size: how many each page, scan and job sends, how long it takes, and which read a whole table.

.venv/bin/python benchmarks/town.py [--patrons 20000] [--past 300000] [--open 5000]
"""

import argparse
import itertools
import sys
import tempfile
import time

import _process
import _town
from playhouse.test_utils import count_queries

import app as madoguchi
from library import clock
from library.access import passwords
from models import Staff, database as connection
from server import jobs

PAGES = ["/", "/login", "/my/", "/my/loans", "/my/profile", "/my/profile/changes", "/my/sessions", "/healthz"]
READER = 7  # a card with loans


def observe(name, work):
    """Print how many queries the work sends, how long it takes, and each read of a whole table."""
    work()  # builds what is built once
    begun = time.perf_counter()
    with count_queries() as queries:
        work()
    took = (time.perf_counter() - begun) * 1000
    print(f"{name:24} {queries.count:3} queries {took:8.1f} ms", flush=True)
    for step, sql in _process.whole_tables([record.msg for record in queries.get_queries()]).items():
        print(f"    {step}: {sql[:150]}")


def post_sign_in(app):
    """Wrong password, then right, as a form; the token's check is left out."""
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    for password in ("wrong-wrong-wrong", _town.PASSWORD):
        client.post("/login", data={"card": _town.card(READER), "password": password})
    app.config["WTF_CSRF_ENABLED"] = True


def scans(app):
    """A member of staff lends and takes back, and each scan is of another copy."""
    app.config["WTF_CSRF_ENABLED"] = False
    client, numbers = app.test_client(), itertools.count()
    known = passwords.hash_password(_town.PASSWORD)
    Staff.create(login="desk", role="desk", password_hash=known, must_change_password=False, created_at=clock.now())
    client.post("/desk/login", data={"login": "desk", "password": _town.PASSWORD})

    def lend():
        number = next(numbers)
        form = {"card": _town.card(number * 10 + 3), "item": f"{45_000 + number:010}", "request": f"scan-{number}"}
        client.post("/desk/checkout", data=form)

    return {
        "lend": lend,
        "return": lambda: client.post("/desk/returns", data={"item": f"{next(numbers):010}", "day": ""}),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--patrons", type=int, default=20_000)
    parser.add_argument("--past", type=int, default=300_000)
    parser.add_argument("--open", type=int, default=5_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="madoguchi-") as folder:
        _town.build(folder, patrons=given.patrons, titles=50_000, past_loans=given.past, open_loans=given.open)
        app = madoguchi.create_app(INSTANCE=folder, MAIL_SERVER="")
        app.testing = True  # one connection for all
        with connection.connection_context():
            client = _process.signed_in(app, _town.card(READER))
            for path in PAGES:
                observe(path, lambda path=path: client.get(path))
            observe("sign in, wrong and right", lambda: post_sign_in(app))
            for name, scan in scans(app).items():
                observe(name, scan)
            app.config["WTF_CSRF_ENABLED"] = True
            observe("tick", lambda: jobs.tick(app.config, now=clock.now()))
            for job in jobs.JOBS:
                if job.in_tick:
                    observe(
                        f"job {job.name}",
                        lambda job=job: jobs.run(job.name, now=clock.now(), settings=app.config),
                    )


if __name__ == "__main__":
    sys.exit(main())
