"""電子書籍: as many at a time as there are licences, some days, a line, and nobody who had one is known afterwards."""

import threading
from datetime import timedelta

import pytest

from library import clock, errors, policy
from library.account import account_closing, retention
from library.catalog import editing
from library.ebooks import lending, stock
from library.reading import history
from library.store import database
from models import Audit, Ebook, EbookHold, EbookLoan, HistoryEntry, OutboxMail, Title, database as connection
from tests import engines, epubs, factories
from tests.conftest import NOW

DAY = timedelta(days=1)
TODAY = clock.day_of(NOW)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "ebooks"


@pytest.fixture
def ebook(db, folder):
    return epubs.stocked(folder)


def refused(rule, *args, **kwargs):
    with pytest.raises(errors.Refusals) as refusals:
        rule(*args, now=kwargs.pop("now", NOW), **kwargs)
    return [type(reason) for reason in refusals.value.reasons]


def states():
    return [hold.state for hold in EbookHold.select().order_by(EbookHold.id)]


# -- the stock -------------------------------------------------------------------------------------------------------
def test_a_file_becomes_a_title_that_is_found_and_lent(ebook, folder):
    title = Title.get()
    assert (title.title, title.material_type, title.isbn, title.language) == (
        "旅の本",
        "電子書籍",
        "9784003101018",
        "jpn",
    )
    assert stock.file_of(ebook, folder).read_bytes() == epubs.book("旅の本")
    assert {oct(path.stat().st_mode)[-3:] for path in folder.iterdir()} == {"600"}
    assert [row.action for row in Audit.select().order_by(Audit.id)] == ["title.added", "ebook.added"]
    assert lending.standing(Ebook.get(Ebook.title == title)).free == 1


def test_a_file_belongs_to_a_title_that_is_there(db, folder):
    title = factories.title("旅の本")
    path = folder / "x"
    folder.mkdir()
    path.write_bytes(epubs.book())
    assert [one.id for one in stock.candidates(stock.inspect(path))] == [title.id]
    assert epubs.stocked(folder, title_id=title.id).title_id == title.id
    assert Title.select().count() == 1
    with pytest.raises(errors.EpubThereAlready):
        stock.inspect(path)
    with pytest.raises(errors.TitleHasEbook):
        epubs.stocked(folder, "別の本", title_id=title.id)
    with pytest.raises(errors.TitleNotThere):
        epubs.stocked(folder, "別の本", title_id=99)
    path.unlink()
    assert len(list(folder.glob("*.epub"))) == 1
    assert not [one for one in folder.iterdir() if one.stem != Ebook.get().file and not one.name.startswith("upload")]
    assert [type(reason) for reason in editing.removal_refusals(title.id)] == [errors.TitleHasEbook]


def test_a_file_that_two_send_at_once_is_one_e_book(db, folder):
    folder.mkdir()
    path, said = folder / "upload", []
    path.write_bytes(epubs.book())
    terms = {"title_id": None, "licences": 1, "days": None, "by": "staff:a", "today": TODAY, "now": NOW}

    def send():
        with connection.connection_context():
            try:
                stock.add(path, folder, **terms)
            except errors.EpubThereAlready:
                said.append("there")

    threads = [threading.Thread(target=send) for _ in range(2)]
    with database.writing():
        for thread in threads:
            thread.start()
        while engines.waiting_writers() < 2:
            pass
    for thread in threads:
        thread.join()
    assert (said, Ebook.select().count(), Title.select().count()) == (["there"], 1, 1)
    assert len(list(folder.glob("*.epub"))) == 1


def test_a_withdrawn_ebook_is_read_to_its_day_and_its_file_erased_then(ebook, folder, patron):
    other, reader = factories.patron(), patron
    lending.borrow(ebook, reader, now=NOW)
    lending.wait(ebook, other, now=NOW)
    stock.withdraw(ebook, folder, by="staff:a", now=NOW)
    assert states() == ["withdrawn"]
    assert refused(lending.borrow, ebook, other) == [errors.EbookWithdrawn]
    assert refused(lending.wait, ebook, other) == [errors.EbookWithdrawn]
    assert stock.file_of(ebook, folder).exists()
    lending.end_all_over(now=NOW + 15 * DAY)
    assert stock.sweep(folder) == {"files": 1}
    assert not list(folder.iterdir())
    assert Ebook.get().erased
    assert epubs.stocked(folder, title_id=ebook.title_id).id != ebook.id


# -- lending ---------------------------------------------------------------------------------------------------------
def test_a_loan_lasts_its_days_and_comes_back_by_itself(ebook, patron):
    loan = lending.borrow(ebook, patron, now=NOW)
    assert (loan.due_on, loan.licence) == (TODAY + 14 * DAY, 1)
    assert lending.borrow(ebook, patron, now=NOW).id == loan.id
    assert lending.end_all_over(now=NOW + 14 * DAY) == {"loans": 0, "expired": 0}
    assert lending.end_all_over(now=NOW + 15 * DAY) == {"loans": 1, "expired": 0}
    loan = EbookLoan.get()
    assert (loan.returned_on, loan.patron_id) == (TODAY + 15 * DAY, None)


def test_days_of_the_licence_come_before_those_of_the_type(db, folder, patron):
    policy.put_row("", "電子書籍", loan_days=3)
    assert lending.borrow(epubs.stocked(folder), patron, now=NOW).due_on == TODAY + 3 * DAY
    own = epubs.stocked(folder, "別の本", days=21)
    assert lending.borrow(own, patron, now=NOW).due_on == TODAY + 21 * DAY


def test_a_patron_after_the_last_day_needs_not_wait_for_the_job(ebook, patron):
    lending.borrow(ebook, patron, now=NOW)
    other = factories.patron()
    assert refused(lending.borrow, ebook, other, now=NOW + 14 * DAY) == [errors.EbookAllOut]
    assert lending.borrow(ebook, other, now=NOW + 15 * DAY).patron_id == other.id


def test_a_licence_without_number_is_for_everybody(db, folder):
    ebook = epubs.stocked(folder, licences=None)
    for _ in range(3):
        assert lending.borrow(ebook, factories.patron(), now=NOW).licence is None
    assert refused(lending.wait, ebook, factories.patron()) == [errors.EbookIsFree]


def test_all_reasons_are_told(db, folder, ebook):
    policy.put_row("", "電子書籍", loan_limit=1, hold_limit=1)
    patron = factories.patron(state="suspended")
    factories.loan(patron, TODAY - DAY)
    lending.borrow(ebook, factories.patron(), now=NOW)
    assert refused(lending.borrow, ebook, patron) == [errors.CardSuspended, errors.HasOverdue, errors.EbookAllOut]
    eager = factories.patron()
    second, third = epubs.stocked(folder, "別の本"), epubs.stocked(folder, "三冊め")
    lending.borrow(second, eager, now=NOW)
    assert refused(lending.borrow, third, eager) == [errors.LoanKindLimitReached]
    assert refused(lending.wait, second, eager) == [errors.EbookLentToPatron]
    lending.wait(ebook, eager, now=NOW)
    assert refused(lending.wait, ebook, eager) == [errors.AlreadyHeld, errors.HoldKindLimitReached]
    policy.put_row("", "電子書籍", lendable=False)
    assert refused(lending.borrow, third, factories.patron()) == [errors.KindNotLent]


def test_printed_books_and_e_books_are_counted_apart(ebook, patron):
    for _ in range(10):
        factories.loan(patron, TODAY + DAY)
    assert lending.borrow(ebook, patron, now=NOW)


def test_the_database_has_the_last_word(ebook, patron):
    lending.borrow(ebook, patron, now=NOW)
    given = {"ebook": ebook, "licence": 1, "lent_on": TODAY, "due_on": TODAY}
    for wrong in ({"patron": factories.patron()}, {"patron": patron, "licence": 2}, {"patron": None}):
        with pytest.raises(lending.IntegrityError):
            EbookLoan.create(**given | wrong)
    with pytest.raises(lending.IntegrityError):
        EbookLoan.create(**given | {"patron": factories.patron(), "licence": 2, "returned_on": TODAY})


# -- who had it ------------------------------------------------------------------------------------------------------
def test_a_return_cuts_the_loan_from_its_patron_at_once(ebook, patron):
    loan = lending.borrow(ebook, patron, now=NOW)
    lending.give_back(loan, now=NOW)
    lending.give_back(loan, now=NOW + DAY)
    kept = EbookLoan.get()
    assert (kept.patron_id, kept.returned_on) == (None, TODAY)


def test_history_is_kept_for_those_who_want_it(ebook, patron):
    reader = factories.patron(keep_history=True)
    lending.give_back(lending.borrow(ebook, patron, now=NOW), now=NOW)
    lending.borrow(ebook, reader, now=NOW)
    entry = HistoryEntry.get()
    assert (entry.patron, entry.title_text, entry.branch_text, entry.title_id) == (
        reader,
        "旅の本",
        "電子書籍",
        ebook.title_id,
    )
    assert history.listed(reader, today=TODAY).records == []
    assert [row.title for row in history.listed(reader, today=TODAY + DAY).records] == ["旅の本"]


def test_a_closed_card_has_nothing_and_the_next_is_served(ebook, patron):
    staying = factories.patron()
    lending.borrow(ebook, patron, now=NOW)
    lending.wait(ebook, staying, now=NOW)
    account_closing.close(patron, by="staff:a", now=NOW)
    assert EbookLoan.get().patron_id is None
    assert states() == ["ready"]


# -- the line --------------------------------------------------------------------------------------------------------
def test_the_first_in_line_is_told_and_has_it_kept_for_some_days(ebook, patron):
    first, second = factories.patron(), factories.patron()
    factories.address(first)
    loan = lending.borrow(ebook, patron, now=NOW)
    holds = [lending.wait(ebook, one, now=NOW) for one in (first, second)]
    assert [lending.Mine(one, today=TODAY).holds[0].before for one in (first, second)] == [0, 1]
    lending.give_back(loan, now=NOW)
    assert states() == ["ready", "waiting"]
    assert EbookHold.get_by_id(holds[0].id).until == TODAY + 7 * DAY
    mail = OutboxMail.get()
    assert (mail.kind, mail.patron, mail.facts) == ("ebook_ready", first, {"text": "2026年12月2日(水)"})
    assert refused(lending.borrow, ebook, patron) == [errors.EbookAllOut]
    lending.borrow(ebook, first, now=NOW)
    assert states() == ["waiting"]
    assert OutboxMail.get().state == "cancelled"


def test_an_ebook_that_nobody_takes_goes_to_the_next_once(ebook, patron):
    first, second = factories.patron(), factories.patron()
    for one in (first, second):
        factories.address(one)
    loan = lending.borrow(ebook, patron, now=NOW)
    for one in (first, second):
        lending.wait(ebook, one, now=NOW)
    lending.give_back(loan, now=NOW)
    lending.end_all_over(now=NOW + 7 * DAY)
    assert states() == ["ready", "waiting"]
    for _ in range(2):
        lending.end_all_over(now=NOW + 8 * DAY)
    assert states() == ["expired", "ready"]
    assert [(mail.patron, mail.state) for mail in OutboxMail.select().order_by(OutboxMail.id)] == [
        (first, "cancelled"),
        (second, "queued"),
    ]
    assert [hold.state for hold in lending.Mine(first, today=TODAY + 8 * DAY).over] == ["expired"]
    retention.clean_up(now=NOW + 70 * DAY)
    assert states() == ["ready"]


def test_a_patron_who_may_not_borrow_is_passed_over_and_keeps_the_place(ebook, patron):
    blocked, second = factories.patron(), factories.patron()
    loan = lending.borrow(ebook, patron, now=NOW)
    for one in (blocked, second):
        lending.wait(ebook, one, now=NOW)
    type(blocked).update(state="suspended").where(type(blocked).id == blocked.id).execute()
    lending.give_back(loan, now=NOW)
    assert states() == ["waiting", "ready"]


def test_a_patron_who_leaves_the_line_lets_the_next_in(ebook, patron):
    loan = lending.borrow(ebook, patron, now=NOW)
    holds = [lending.wait(ebook, factories.patron(), now=NOW) for _ in range(2)]
    lending.give_back(loan, now=NOW)
    lending.leave(holds[0], now=NOW)
    assert states() == ["cancelled", "ready"]
    assert refused(lending.leave, holds[0]) == [errors.EbookLineEmpty]
    lending.borrow(ebook, holds[1].patron, now=NOW)  # in another tab
    assert refused(lending.leave, holds[1]) == [errors.EbookLineEmpty]


def test_more_licences_serve_those_who_wait(ebook, patron):
    lending.borrow(ebook, patron, now=NOW)
    for _ in range(3):
        lending.wait(ebook, factories.patron(), now=NOW)
    stock.change(ebook, licences=3, days=None, by="staff:a", now=NOW)
    assert states() == ["ready", "ready", "waiting"]
    stock.change(ebook, licences=1, days=None, by="staff:a", now=NOW)
    assert lending.standing(ebook).free == 0
    stock.change(ebook, licences=None, days=None, by="staff:a", now=NOW)
    assert states() == ["ready", "ready", "ready"]
