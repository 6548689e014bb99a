"""相互貸借: a copy that another library lends arrives, goes to who asked for it, and goes back."""

import threading
from datetime import date, timedelta

import pytest

from library import clock, errors, policy
from library.catalog import removed_titles
from library.counting.figures import counts
from library.interlibrary import borrowings, partners, states
from library.lending import loans, renewals, returns, withdrawals
from library.requests import deciding, receipt
from models import (
    Audit,
    Borrowing,
    Hold,
    Item,
    OutboxMail,
    Partner,
    PatronRequest,
    RecordedSince,
    Title,
    Wanted,
    database as connection,
)
from sending import mail_texts
from tests import factories

TODAY = date(2026, 11, 25)
NOW = clock.at(TODAY, 10)
DESK = "staff:tanaka"
DUE = "2026-12-23"


def asked(title="北の灯台守", *, patron=None, branch=None, contact="none", **told) -> Borrowing:
    branch = branch or factories.branch("本館")
    patron = patron or factories.patron()
    made = receipt.ask(
        patron, receipt.Wish(title, **told), pickup_branch=branch, contact_method=contact, may_borrow=True, now=NOW
    )
    partner = Partner.get_or_none() or Partner.create(name="県立図書館")
    return deciding.borrow(made.wanted, partner, reply="", by=DESK, now=NOW)


def mailed():
    patron = factories.patron()
    factories.address(patron)
    factories.preference(patron, "hold", to_pc=True)
    return patron


def arrive(row, *, due=DUE, barcode="", in_house=False, no_renewal=True, at=None, now=NOW):
    return borrowings.arrive(
        row.id,
        due=due,
        barcode=barcode,
        in_house=in_house,
        no_renewal=no_renewal,
        at=at or row.branch,
        by=DESK,
        now=now,
    )


def fresh(row):
    return type(row).get_by_id(row.id)


def test_a_copy_that_arrives_is_kept_for_who_asked(db):
    RecordedSince.create(name="facts", day=date(2026, 4, 1))
    patron = mailed()
    came = arrive(asked(patron=patron, author="森 一葉", contact="mail", isbn="978-4-00-310101-8", year_text="2019"))
    item, row = came.item, fresh(came.borrowing)
    assert (item.barcode, item.owner.name, item.state, item.aside) == ("9000000001", "県立図書館", "available", True)
    assert (row.state, row.due_on, row.in_house, row.no_renewal) == ("arrived", date(2026, 12, 23), False, True)
    assert (came.hold.patron, came.hold.state, came.hold.item_id) == (patron, "ready", item.id)
    assert (item.title.title, item.title.author, item.title.isbn) == ("北の灯台守", "森 一葉", "9784003101018")
    assert Wanted.get().state == "arrived" and PatronRequest.get().hold_id == came.hold.id
    assert "hold_ready" in [mail.kind for mail in OutboxMail.select()]
    assert counts.count("borrowings", TODAY, TODAY, today=TODAY).total == 1
    assert Audit.get(Audit.action == "borrowing.arrived").patron_id is None


def test_a_copy_that_arrives_elsewhere_goes_to_the_pickup_branch(db):
    east, main = factories.branch("東部"), factories.branch("本館")
    came = arrive(asked(branch=east), at=main)
    assert (came.hold.state, came.item.branch_id, fresh(came.item).going_to_id) == ("in_transit", east.id, east.id)


def test_a_copy_for_whom_nobody_waits_any_more_goes_to_its_branch(db):
    row = asked()
    PatronRequest.update(cancelled=True, ended_at=NOW).execute()
    came = arrive(row)
    assert came.hold is None and not Hold.select().exists()
    assert borrowings.send_back(row.id, by=DESK, now=NOW).state == "sent_back"


@pytest.mark.parametrize(
    ("due", "barcode", "field", "reason"),
    [
        ("", "", "due", errors.FieldEmpty),
        ("きのう", "", "due", errors.DateMalformed),
        ("2026-11-24", "", "due", errors.PartnersDayOver),
        (DUE, "A0000001", "barcode", errors.NumberNotTemporary),
        (DUE, "9000001000", "barcode", errors.NumberNotTemporary),
        (DUE, "9000000001", "barcode", errors.BarcodeTaken),
    ],
)
def test_a_wrong_day_or_number_changes_nothing(db, due, barcode, field, reason):
    arrive(asked("絹と糸車"))
    row, titles = asked(), Title.select().count()
    with pytest.raises(errors.RefusedTogether) as refused:
        arrive(row, due=due, barcode=barcode)
    assert [type(each) for each in refused.value.by_field[field]] == [reason]
    assert (fresh(row).state, Title.select().count()) == ("asked", titles)


def test_numbers_are_taken_lowest_first_or_as_scanned_and_are_free_after_the_copy_went_back(db):
    first, second = asked("絹と糸車"), asked("北の灯台守")
    assert arrive(first, barcode="９０００００００２１").item.barcode == "9000000021"
    assert arrive(second).item.barcode == "9000000001"
    loans.check_out(Hold.get(Hold.title == fresh(second).item.title).patron, fresh(second).item, branch=second.branch,
                    now=NOW, by=DESK)  # fmt: skip
    returns.give_back(fresh(second).item, at=second.branch, now=NOW)
    borrowings.send_back(second.id, by=DESK, now=NOW)
    assert not Item.select().where(Item.barcode == "9000000001").exists()
    assert arrive(asked("陶工の手帖")).item.barcode == "9000000001"
    with pytest.raises(errors.Refusals) as refused:
        borrowings.undo_sending(second.id, by=DESK, now=NOW)
    assert isinstance(refused.value.reasons[0], errors.UndoChanged)


def test_a_range_that_is_used_up_says_so(db):
    policy.put("temporary_numbers", ["9001", "9001"])
    arrive(asked("絹と糸車"))
    with pytest.raises(errors.RefusedTogether) as refused:
        arrive(asked("北の灯台守"))
    assert isinstance(refused.value.by_field["barcode"][0], errors.TemporaryNumbersUsed)


def test_a_copy_comes_again_under_its_record(db):
    came = arrive(asked())
    loans.check_out(came.hold.patron, came.item, branch=came.item.branch, now=NOW, by=DESK)
    returns.give_back(came.item, at=came.item.branch, now=NOW)
    borrowings.send_back(came.borrowing.id, by=DESK, now=NOW)
    again = arrive(asked())
    assert again.item.title_id == came.item.title_id and Title.select().count() == 1
    assert again.item.id != came.item.id


# -- undoing an arrival ----------------------------------------------------------------------------------------------
def test_an_arrival_can_be_undone(db):
    RecordedSince.create(name="facts", day=date(2026, 4, 1))
    came = arrive(asked(contact="mail", patron=mailed()))
    row = borrowings.undo_arrival(came.borrowing.id, by=DESK, now=NOW)
    request = PatronRequest.get()
    assert (row.state, Wanted.get().state, Wanted.get().ended_at) == ("asked", "borrowing", None)
    assert (request.hold_id, request.ended_at) == (None, None) and not Hold.select().exists()
    assert fresh(came.item).state == "withdrawn" and removed_titles.removed_among([came.item.title_id])
    assert OutboxMail.get(OutboxMail.kind == "hold_ready").facts["holds"] == []
    assert counts.count("borrowings", TODAY, TODAY, today=TODAY).total == 0
    again = arrive(row)
    assert (again.item.id, again.item.barcode, again.hold.state) == (came.item.id, "9000000001", "ready")


def test_an_arrival_that_others_know_of_is_not_undone(db):
    came = arrive(asked())
    with pytest.raises(errors.Refusals) as tomorrow:
        borrowings.undo_arrival(came.borrowing.id, by=DESK, now=NOW + timedelta(days=1))
    assert isinstance(tomorrow.value.reasons[0], errors.UndoTooLate)
    loans.check_out(came.hold.patron, came.item, branch=came.item.branch, now=NOW, by=DESK)
    with pytest.raises(errors.Refusals) as lent:
        borrowings.undo_arrival(came.borrowing.id, by=DESK, now=NOW)
    assert isinstance(lent.value.reasons[0], errors.UndoNotLast)


def test_an_arrival_is_not_undone_after_the_mail(db):
    came = arrive(asked(contact="mail", patron=mailed()))
    OutboxMail.update(state="sent").where(OutboxMail.kind == "hold_ready").execute()
    with pytest.raises(errors.Refusals) as told:
        borrowings.undo_arrival(came.borrowing.id, by=DESK, now=NOW)
    assert isinstance(told.value.reasons[0], errors.UndoTold)


# -- going back ------------------------------------------------------------------------------------------------------
def test_a_copy_on_loan_or_kept_does_not_go_back(db):
    came = arrive(asked())
    with pytest.raises(errors.Refusals) as kept:
        borrowings.send_back(came.borrowing.id, by=DESK, now=NOW)
    loans.check_out(came.hold.patron, came.item, branch=came.item.branch, now=NOW, by=DESK)
    with pytest.raises(errors.Refusals) as lent:
        borrowings.send_back(came.borrowing.id, by=DESK, now=NOW)
    assert [type(each.value.reasons[0]) for each in (kept, lent)] == [errors.CopyIsKept, errors.CopyIsLent]


def test_sending_back_can_be_undone_on_that_day(db):
    came = arrive(asked())
    loans.check_out(came.hold.patron, came.item, branch=came.item.branch, now=NOW, by=DESK)
    returns.give_back(came.item, at=came.item.branch, now=NOW)
    borrowings.send_back(came.borrowing.id, by=DESK, now=NOW)
    with pytest.raises(errors.Refusals):
        borrowings.undo_sending(came.borrowing.id, by=DESK, now=NOW + timedelta(days=1))
    row = borrowings.undo_sending(came.borrowing.id, by=DESK, now=NOW)
    assert (row.state, row.sent_back_on, fresh(came.item).barcode) == ("arrived", None, "9000000001")
    assert fresh(came.item).state == "available"


def test_a_copy_for_the_house_is_not_lent_and_goes_back_after_use(db):
    came = arrive(asked(), in_house=True)
    reasons = loans.check_out_refusals(came.hold.patron, came.item, today=TODAY)
    assert [type(each) for each in reasons] == [errors.BorrowedInHouse]
    borrowings.send_back(came.borrowing.id, by=DESK, now=NOW)
    assert Hold.get().state == "collected"


@pytest.mark.parametrize("in_house", [True, False])
def test_the_mail_says_that_a_copy_stays_in_the_library(settings, in_house):
    arrive(asked(patron=mailed(), contact="mail"), in_house=in_house)
    told = mail_texts.Texts(settings).letter(OutboxMail.get(OutboxMail.kind == "hold_ready"), now=NOW)
    assert ("図書館の中でご覧ください。" in told.text) is in_house


def test_a_copy_that_may_be_renewed_is_renewed_until_its_owners_day(db):
    came = arrive(asked(), due="2026-12-20", no_renewal=False)
    lent = loans.check_out(came.hold.patron, came.item, branch=came.item.branch, now=NOW, by=DESK).loan
    assert lent.due_on == date(2026, 12, 9)
    later = clock.at(date(2026, 12, 8), 10)
    assert renewals.renew(lent, now=later, by=DESK).due_on == date(2026, 12, 15)
    assert isinstance(renewals.refusals(fresh(lent), today=date(2026, 12, 9))[0], errors.BorrowedNotRenewed)


def test_a_refusal_of_the_partner_lets_its_request_be_considered_once_more(db):
    row = asked()
    deciding.take_back(row.wanted, by=DESK, now=NOW)
    assert (fresh(row).state, Wanted.get().state) == ("refused", "considered")
    with pytest.raises(errors.BorrowingElsewhere) as refused:
        arrive(row)
    assert "断られた" in refused.value.sentence


def test_a_borrowed_copy_is_neither_withdrawn_nor_restored_as_the_librarys_own(db):
    came = arrive(asked(), in_house=True)
    with pytest.raises(errors.Refusals) as refused:
        withdrawals.withdraw({came.item.id: "複本"}, TODAY, by=DESK, now=NOW)
    assert errors.CopyIsBorrowed in map(type, refused.value.reasons)
    borrowings.send_back(came.borrowing.id, by=DESK, now=NOW)
    with pytest.raises(errors.Refusals):
        withdrawals.take_back([came.item.id], by=DESK, now=NOW)


def test_a_copy_is_near_its_owners_day_for_a_week(db):
    came = arrive(asked(), due="2026-12-02")
    assert states.is_near(came.borrowing, today=TODAY)
    assert not states.is_near(arrive(asked("絹と糸車"), due="2026-12-03").borrowing, today=TODAY)


# -- the other libraries ---------------------------------------------------------------------------------------------
def test_a_partner_is_written_down_changed_stopped_and_taken_up(db):
    row = partners.write(None, " 県立  図書館 ", "ＪＰ-1000001", by=DESK, now=NOW)
    assert (row.name, row.isil) == ("県立 図書館", "JP-1000001")
    partners.write(row, "県立図書館", "", by=DESK, now=NOW)
    partners.stop(row, by=DESK, now=NOW)
    assert partners.offered() == [] and partners.find(str(row.id)) is None
    partners.stop(row, resume=True, by=DESK, now=NOW)
    assert [each.name for each in partners.offered()] == ["県立図書館"]


@pytest.mark.parametrize(
    ("name", "isil", "field"), [("", "", "name"), ("県立図書館", "", "name"), ("町立図書館", "図書館", "isil")]
)
def test_a_partner_needs_a_name_of_its_own_and_a_readable_isil(db, name, isil, field):
    Partner.create(name="県立図書館")
    with pytest.raises(errors.RefusedTogether) as refused:
        partners.write(None, name, isil, by=DESK, now=NOW)
    assert list(refused.value.by_field) == [field] and Partner.select().count() == 1


# -- together --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("act", ["arrive", "send_back"])
def test_two_who_press_at_once_do_it_once(db, act):
    row, start, outcomes = asked(), threading.Barrier(4), []
    if act == "send_back":
        arrive(row, in_house=True)

    def press():
        with connection.connection_context():
            start.wait()
            try:
                arrive(row) if act == "arrive" else borrowings.send_back(row.id, by=DESK, now=NOW)
                outcomes.append("done")
            except errors.BorrowingElsewhere:
                outcomes.append("refused")

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "refused", "refused", "refused"]
    assert Item.select().count() == Hold.select().count() == 1


def test_a_work_that_is_over_is_not_decided_and_one_asked_for_is_not_undone(db):
    row = asked()
    for act in (borrowings.undo_arrival, borrowings.send_back, borrowings.undo_sending):
        with pytest.raises(errors.BorrowingElsewhere):
            act(row.id, by=DESK, now=NOW)
    arrive(row)
    with pytest.raises(errors.WantedElsewhere):
        deciding.borrow(row.wanted, row.partner, reply="", by=DESK, now=NOW)
    with pytest.raises(errors.BorrowingElsewhere):
        arrive(row)


def test_an_arrival_is_not_undone_once_the_work_is_asked_for_again(db):
    row = asked()
    arrive(row)
    asked()
    with pytest.raises(errors.Refusals) as refused:
        borrowings.undo_arrival(row.id, by=DESK, now=NOW)
    assert [type(each) for each in refused.value.reasons] == [errors.UndoNotLast]
