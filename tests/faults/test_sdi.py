"""A run of SDI that is killed in the middle and run again queues the same mails: none is lost, none comes twice."""

import os
import signal
import time

import pytest

from library import clock
from library.store import database
from models import MailPreference, OutboxMail, Patron, PatronAddress, SdiCondition, SdiTitle
from tests import factories, forks

PATRONS = 400
RUN = """
import sys
from library import clock
from library.reading import sdi_mails
from library.store import database
opened = database.open_database(sys.argv[1])
clock.set_source(lambda: clock.parse(sys.argv[2]))
with opened.connection_context():
    print(sdi_mails.queue(now=clock.now()))
"""


@pytest.fixture
def conditions(db):
    """Two searches of each patron, and titles that came since; some are found by both."""
    day, ids = clock.today(), range(1, PATRONS + 1)
    with database.writing():
        Patron.insert_many(
            [{"id": n, "card_number": f"{n:013}", "name": "図書 花子", "birth_date": day} for n in ids]
        ).execute()
        PatronAddress.insert_many(
            [{"patron": n, "position": 1, "address": f"p{n}@example.jp", "kind": "pc"} for n in ids]
        ).execute()
        MailPreference.insert_many([{"patron": n, "kind": "sdi", "to_pc": True} for n in ids]).execute()
    for name in ("猫の町", "猫と犬", "犬の川端歩き", "鳥"):
        factories.catalogued(name, accession_date=day)
    for n in ids:
        for query in ("q=猫", "q=犬") if n % 2 else ("q=鳥", "q=猫の"):
            SdiCondition.create(patron=n, name=query, query=query, created_at=clock.now())
    return {(row.patron_id, row.query) for row in SdiCondition.select()}


def start(db):
    return forks.Process(forks.script, RUN, db.database, clock.now().isoformat(), env=os.environ)


def queued():
    return sorted(OutboxMail.select(OutboxMail.key).where(OutboxMail.kind == "sdi").tuples())


def announced():
    return sorted(SdiTitle.select(SdiTitle.condition, SdiTitle.title).tuples())


def test_a_run_that_is_killed_again_and_again_queues_each_mail_once(db, conditions):
    kills = 0
    for more in (1, 150, 300):
        process = start(db)
        while process.poll() is None and len(queued()) < more:
            time.sleep(0.002)
        process.kill()
        process.communicate()
        kills += process.returncode == -signal.SIGKILL
    assert kills and len(queued()) > 0
    process = start(db)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    assert queued() == sorted((f"sdi:{n}:{clock.today()}:p{n}@example.jp",) for n in range(1, PATRONS + 1))
    after, rows = queued(), announced()
    assert len(rows) == PATRONS // 2 * (2 + 2) + PATRONS // 2 * (1 + 1)
    process = start(db)
    process.communicate(timeout=60)
    assert (queued(), announced()) == (after, rows)
