"""Questions to the database at a town's size: how many each page asks, how long it takes, and which read a whole table.

.venv/bin/python benchmarks/town.py [--patrons 20000] [--past 300000] [--open 5000]
"""

import argparse
import itertools
import logging
import re
import sys
import tempfile
import time

import _server  # noqa: F401 (finds the library)
import _town

import app as madoguchi
import jobs
from library import clock
from library.access import passwords, sessions
from models import Patron, Staff
from models import database as connection

PAGES = ["/", "/login", "/my/", "/my/loans", "/my/profile", "/my/profile/changes", "/my/sessions", "/healthz"]
READER = 7  # a card with loans
SMALL = {
    "branch",
    "closing_rule",
    "json_each",
    "policy_row",
    "setting",
    "job_run",
    "throttle",
    "migratehistory",
}  # as large in any town


class Questions(logging.Handler):
    """What peewee asks, kept."""

    def __init__(self):
        super().__init__()
        self.asked = []
        logging.getLogger("peewee").addHandler(self)
        logging.getLogger("peewee").setLevel(logging.DEBUG)

    def emit(self, record):
        if isinstance(record.msg, tuple):
            self.asked.append(record.msg)

    def whole_tables(self):
        """Large tables that were read from end to end, with the question."""
        found = {}
        for sql, parameters in self.asked:
            if sql.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "COMMIT", "ROLLBACK", "PRAGMA")):
                continue
            plan = connection.connection().execute(f"EXPLAIN QUERY PLAN {sql}", parameters or ()).fetchall()
            names = {alias: table for table, alias in re.findall(r'"(\w+)" AS "(t\d+)"', sql)}
            for step in plan:
                scanned = re.match(r"SCAN (\w+)", step[3])
                if scanned and names.get(scanned[1], scanned[1]) not in SMALL:
                    found[f"{step[3]} [{names.get(scanned[1], '')}]"] = sql
        return found


def observe(name, questions, work):
    work()  # builds what is built once
    questions.asked.clear()
    begun = time.perf_counter()
    work()
    took = (time.perf_counter() - begun) * 1000
    asked = len(questions.asked)
    found = questions.whole_tables()
    print(f"{name:24} {asked:3} questions {took:8.1f} ms", flush=True)
    for step, sql in found.items():
        print(f"    {step}: {sql[:150]}")
    return found


def signed_in(app):
    client = app.test_client()
    patron = Patron.get(Patron.card_number == _town.card(READER))
    with connection.atomic():
        token = sessions.begin(patron, now=clock.now())
    with client.session_transaction() as session:
        session["_user_id"] = token
    return client


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
        questions = Questions()
        with connection.connection_context():
            client = signed_in(app)
            for path in PAGES:
                observe(path, questions, lambda path=path: client.get(path))
            observe("sign in, wrong and right", questions, lambda: post_sign_in(app))
            for name, scan in scans(app).items():
                observe(name, questions, scan)
            app.config["WTF_CSRF_ENABLED"] = True
            observe("tick", questions, lambda: jobs.tick(app.config, now=clock.now()))
            for job in jobs.JOBS:
                if job.in_tick:
                    observe(
                        f"job {job.name}",
                        questions,
                        lambda job=job: jobs.run(job.name, now=clock.now(), settings=app.config),
                    )


if __name__ == "__main__":
    sys.exit(main())
