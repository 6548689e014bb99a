"""The application in this process: a browser that is signed in, the queries of a page, and the least page to compare with."""

import re

import _server  # noqa: F401 (finds the library)
from flask import Flask
from flask.testing import FlaskClient

from library import clock
from library.access import sessions
from models import Patron, database as connection

UNPLANNED = ("BEGIN", "SAVEPOINT", "RELEASE", "COMMIT", "ROLLBACK", "PRAGMA")
SMALL = {
    "branch",
    "closing_rule",
    "json_each",
    "policy_row",
    "setting",
    "job_run",
    "throttle",
    "migratehistory",
}  # in any town


def whole_tables(sent: list[tuple]) -> dict[str, str]:
    """Return step of the query plan → SQL wherever one of these queries reads a large table from end to end."""
    found = {}
    for sql, parameters in sent:
        if sql.startswith(UNPLANNED):
            continue
        plan = connection.connection().execute(f"EXPLAIN QUERY PLAN {sql}", parameters or ()).fetchall()
        names = {alias: table for table, alias in re.findall(r'"(\w+)" AS "(t\d+)"', sql)}
        for step in plan:
            scanned = re.match(r"SCAN (\w+)", step[3])
            if scanned and names.get(scanned[1], scanned[1]) not in SMALL:
                found[f"{step[3]} [{names.get(scanned[1], '')}]"] = sql
    return found


def signed_in(app: Flask, card: str) -> FlaskClient:
    """Return a browser in which the patron of the card is signed in."""
    client = app.test_client()
    with connection.atomic():
        token = sessions.begin(Patron.get(Patron.card_number == card), now=clock.now())
    with client.session_transaction() as session:
        session["_user_id"] = token
    return client


def bare_page() -> FlaskClient:
    """Return a browser on the smallest page that Flask can answer with."""
    app = Flask("bare")
    page = "<!doctype html><html lang=ja><title>図書館</title><h1>図書館</h1></html>"
    app.add_url_rule("/", view_func=lambda: page)
    return app.test_client()
