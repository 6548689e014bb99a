"""The night after a return nobody can tell any more who borrowed what: not from the rows, the file, the mails or the
log.
"""

import logging
from datetime import date, timedelta
from pathlib import Path

import pytest

from library import clock
from library.lending import loans, renewals, returns
from library.lending.holds import holds
from library.mail import delivery
from models import ALL, Audit, HistoryEntry, Hold, HoldNotice, Loan, OutboxMail
from sending import mailer
from server import jobs
from tests import factories, traces

TODAY = date(2026, 11, 25)
DESK = "staff:desk"
NAME, WORK = "利用者名前太郎", "他にない書名"


@pytest.fixture
def patron(db):
    made = factories.patron(name=NAME)
    factories.address(made)
    factories.preference(made, "hold", to_pc=True)
    factories.preference(made, "due", to_pc=True, active=True, days_before=7)
    return made


def at(day, hour=10):
    return clock.at(TODAY + timedelta(days=day), hour)


def a_loan_with_all_that_comes_of_it(patron, item, settings):
    """Reserved, told of, lent, announced, renewed, asked for, and brought back late; every mail went out."""
    branch = item.branch
    holds.place(patron, item.title, pickup_branch=branch, contact_method="mail", now=at(0))
    returns.give_back(item, at=branch, now=at(0))
    delivery.deliver(mailer.Mailer, settings, now=at(0))
    loan = loans.check_out(patron, item, branch=branch, now=at(1), by=DESK, request="a").loan
    jobs.run("due_notices", settings=settings, now=at(9))
    delivery.deliver(mailer.Mailer, settings, now=at(9))
    renewals.renew(loan, now=at(9), by="patron")
    jobs.run("overdue", settings=settings, now=at(31))
    delivery.deliver(mailer.Mailer, settings, now=at(31))
    assert [mail.kind for mail in OutboxMail.select().order_by(OutboxMail.id)] == ["hold_ready", "due", "overdue"]
    assert {mail.state for mail in OutboxMail.select()} == {"sent"}
    returns.give_back(item, at=branch, now=at(32))


def night(settings):
    for job in ("hold_expiry", "hold_queue", "unlink", "clean_up", "mail_files"):
        jobs.run(job, settings=settings, now=at(33, 0))


def in_the_file(db, text):
    """Count how often a text lies in the database file, free pages and the log of changes included."""
    files = list(Path(db.database).parent.glob(f"{Path(db.database).name}*"))
    return sum(path.read_bytes().count(text.encode()) for path in files)


@pytest.mark.sqlite("the bytes of a file; a server's are its operator's (docs/privacy.md)")
def test_nothing_is_left_but_the_loan_of_somebody(settings, db, patron, tmp_path, caplog):
    caplog.set_level(logging.INFO)
    item = factories.item(factories.title(WORK))
    before = in_the_file(db, WORK)
    a_loan_with_all_that_comes_of_it(patron, item, settings)
    assert in_the_file(db, WORK) > before and list((tmp_path / "mail").glob("*.eml"))
    night(settings)
    assert in_the_file(db, WORK) == before
    assert in_the_file(db, '"loans": [[') == in_the_file(db, '"holds": [') == 0
    assert not list((tmp_path / "mail").iterdir())
    assert WORK not in caplog.text and NAME not in caplog.text and item.barcode not in caplog.text
    loan = Loan.get()
    assert (loan.patron, loan.category, loan.age_group, loan.renewals) == (None, "", "", 1)
    assert Hold.select().count() == HoldNotice.select().count() == HistoryEntry.select().count() == 0


@pytest.mark.sqlite("the bytes of a file; a server's are its operator's (docs/privacy.md)")
def test_no_page_of_the_file_has_both_of_them(settings, db, tmp_path):
    """Nor has the log of changes, without anybody's help, or a mail: rows that went, indexes and free room are looked
    through.
    """
    first = 0x5A5B5C5D5E00  # numbers that nothing else looks like
    person = factories.patron(id=first, name=NAME, card_number="0009876543210")
    factories.address(person, "hanako@readers.example.jp")
    factories.preference(person, "hold", to_pc=True)
    factories.preference(person, "due", to_pc=True, active=True, days_before=7)
    title = factories.title(WORK, id=first + 0x100)
    item = factories.item(title, id=first + 0x200, barcode="0008765432109")
    factories.loan(factories.patron(), date(2027, 2, 1), id=first + 0x300)
    factories.hold(factories.patron(), id=first + 0x400)
    a_loan_with_all_that_comes_of_it(person, item, settings)
    loan, hold = Loan.select().order_by(Loan.id.desc()).first(), Hold.select().order_by(Hold.id.desc()).first()
    assert (loan.id, hold.id) == (first + 0x301, first + 0x401)
    who = [*traces.of_number(person.id), *(text.encode() for text in (NAME, person.card_number, "hanako@"))]
    what = [WORK.encode(), item.barcode.encode()]
    what += [mark for row in (title, item, loan) for mark in traces.of_number(row.id)]
    by_way_of = traces.of_number(hold.id)  # stays in the key of a mail that told of it, and leads nowhere from there
    assert len(traces.together(tmp_path, who, what)) > 5 and traces.together(tmp_path, by_way_of, what)
    night(settings)
    assert traces.together(tmp_path, who, what) == traces.together(tmp_path, by_way_of, what) == []


def test_no_row_has_both_of_them(settings, db, patron):
    item = factories.item(factories.title(WORK))
    a_loan_with_all_that_comes_of_it(patron, item, settings)
    night(settings)
    of_patron = {"patron_id"}
    of_title = {"title_id", "item_id", "loan_id", "hold_id"}
    for model in ALL:
        columns = {field.column_name for field in model._meta.sorted_fields}
        if columns & of_patron and columns & of_title:
            assert not model.select().where(model.patron == patron.id).exists(), model
    for row in Audit.select():
        assert row.patron_id is None or not {"title", "item", "loan", "barcode"} & set(row.details)


def test_records_that_the_patron_keeps_stay(settings, db):
    keeper = factories.patron(name=NAME, keep_history=True)
    item = factories.item(factories.title(WORK))
    loans.check_out(keeper, item, branch=item.branch, now=at(0), by=DESK)
    returns.give_back(item, at=item.branch, now=at(1))
    jobs.run("unlink", settings=settings, now=at(2, 0))
    assert Loan.get().patron is None
    assert HistoryEntry.get(HistoryEntry.patron == keeper).title_text == WORK
