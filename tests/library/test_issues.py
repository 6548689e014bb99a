"""号の受け入れ: issues come in, and the newest is not lent before the next."""

from datetime import timedelta

import pytest

from library import clock, errors
from library.discovery import availability
from library.lending import loans
from library.lending.holds import hold_shelf, hold_states
from library.serials import arrivals, issues, serials
from models import Hold, Issue, Item, Serial, SerialCopies, Title
from tests import factories

BY = "staff:desk"


@pytest.fixture
def here(db):
    return factories.branch("本館")


@pytest.fixture
def serial(here):
    return made(here)


def made(here, copies=1, **given):
    usual = {"name": "こどもの科学室", "interval": "monthly", "began_on": clock.today() - timedelta(days=400)}
    row = Serial.create(**usual | given)
    SerialCopies.create(serial=row, branch=here, number=copies)
    return row


def receive(serial, name, here, number=None, days=0, **given):
    barcode = factories.item(factories.title("番号")).barcode
    Item.delete().where(Item.barcode == barcode).execute()
    at = clock.now() - timedelta(days=days)
    return issues.receive(serial.id, name, number or barcode, branch=here, by=BY, now=at, **given)


def next_name(serial, here):
    rows = [row for row in arrivals.standings(here) if row.id == serial.id]
    return arrivals.next_names(rows, today=clock.today())[serial.id]


def refused(call):
    with pytest.raises(errors.RefusedTogether) as caught:
        call()
    return {field: [type(one) for one in found] for field, found in caught.value.by_field.items()}


def lend(patron, copy, **given):
    return loans.check_out(patron, copy, branch=copy.branch, now=clock.now(), by=BY, **given)


def test_a_received_issue_is_a_title_with_a_copy(serial, here):
    got = receive(serial, "2026年12月号", here)
    title = got.issue.title
    assert (title.title, title.volume, title.material_type) == ("こどもの科学室", "2026年12月号", "雑誌")
    assert (got.item.branch_id, got.item.acquired_on, got.item.acquired_how) == (here.id, clock.today(), "購入")
    assert (got.freed, got.left) == ("", 0)


def test_the_issue_before_is_lent_when_the_next_comes(serial, here, patron):
    old = receive(serial, "2026年11月号", here, days=30)
    assert availability.for_titles([old.item.title_id])[old.item.title_id].kind == "here"
    with pytest.raises(errors.Refusals) as caught:
        lend(patron, old.item)
    assert [type(one) for one in caught.value.reasons] == [errors.NewestIssueNotLent]
    assert next_name(serial, here) == "2026年12月号"
    assert receive(serial, "2026年12月号", here).freed == "2026年11月号"
    assert lend(patron, old.item).is_new


def test_staff_lend_the_newest_issue_with_a_reason(serial, here, patron):
    assert lend(patron, receive(serial, "2026年12月号", here).item, override="館長の許可").is_new


@pytest.mark.parametrize("days, kind", [(59, "here"), (60, "in")])
def test_the_newest_issue_is_lent_after_sixty_days(serial, here, days, kind):
    title = receive(serial, "2026年10月号", here, days=days).item.title_id
    assert availability.for_titles([title])[title].kind == kind


def test_a_serial_may_lend_its_newest_issue(here, patron):
    assert lend(patron, receive(made(here, lends_newest=True), "2026年12月号", here).item).is_new


def test_an_extra_issue_is_lent_and_frees_none(serial, here, patron):
    old = receive(serial, "2026年12月号", here)
    extra = receive(serial, "2026年12月号増刊", here, kind="extra")
    assert extra.freed == ""
    assert lend(patron, extra.item).is_new
    with pytest.raises(errors.Refusals):
        lend(patron, old.item)


def test_the_newest_issue_is_that_of_its_branch(serial, here, patron):
    there = factories.branch("中央")
    SerialCopies.create(serial=serial, branch=there)
    receive(serial, "2026年11月号", here, days=20)
    late = receive(serial, "2026年11月号", there, days=20)
    receive(serial, "2026年12月号", here)
    with pytest.raises(errors.Refusals):
        lend(patron, late.item)
    assert next_name(serial, there) == "2026年12月号"
    assert receive(serial, "2026年12月号", there).freed == "2026年11月号"
    assert Issue.select().count() == 2


def test_a_hold_on_the_newest_issue_waits_for_the_next(serial, here, patron):
    old = receive(serial, "2026年11月号", here, days=30)
    hold = factories.hold(patron, old.issue.title)
    hold_shelf.advance_all(now=clock.now())
    assert Hold.get_by_id(hold.id).state == "waiting"
    got = receive(serial, "2026年12月号", here)
    assert Hold.get_by_id(hold.id).state == "preparing"
    issues.take_back(got.item.id, by=BY, now=clock.now())
    assert Hold.get_by_id(hold.id).state == "waiting"
    assert hold.state in hold_states.IN_LINE


@pytest.mark.parametrize("days, state", [(59, "waiting"), (60, "preparing")])
def test_the_night_notices_that_sixty_days_are_over(serial, here, patron, days, state):
    hold = factories.hold(patron, receive(serial, "2026年9月号", here, days=days).issue.title)
    hold_shelf.advance_all(now=clock.now())
    assert Hold.get_by_id(hold.id).state == state


def test_two_copies_go_to_one_issue_and_a_third_is_refused(here):
    serial = made(here, copies=2)
    assert receive(serial, "2026年12月号", here).left == 1
    assert next_name(serial, here) == "2026年12月号"
    assert receive(serial, "2026年12月号", here).left == 0
    assert refused(lambda: receive(serial, "2026年12月号", here)) == {"barcode": [errors.IssueReceived]}
    assert next_name(serial, here) == "2027年1月号"


def test_a_number_that_is_taken_or_read_twice_is_refused(serial, here):
    first = receive(serial, "2026年11月号", here, days=20)
    taken = {"barcode": [errors.BarcodeTaken]}
    assert refused(lambda: receive(serial, "2026年12月号", here, first.item.barcode)) == taken
    again = {"barcode": [errors.IssueReceivedSo]}
    assert refused(lambda: receive(serial, "2026年11月号", here, first.item.barcode)) == again
    assert refused(lambda: receive(serial, " ", here)) == {"name": [errors.IssueNameMissing]}
    assert Issue.select().count() == 1


@pytest.mark.parametrize("given", [{"interval": "daily"}, {"ended_on": clock.today()}])
def test_a_daily_and_an_ended_serial_take_no_issue(here, given):
    assert refused(lambda: receive(made(here, **given), "1号", here)) == {"barcode": [errors.SerialTakesNone]}


def test_a_receipt_is_undone_with_its_title(serial, here):
    got = receive(serial, "2026年12月号", here)
    assert issues.take_back(got.item.id, by=BY, now=clock.now()) == "こどもの科学室 2026年12月号"
    assert (Item.select().count(), Issue.select().count()) == (0, 0)
    assert not Title.select().where(Title.title == serial.name).exists()


def test_a_receipt_is_not_undone_after_a_loan_or_another_day(serial, here, patron):
    old = receive(serial, "2026年11月号", here, days=30)
    new = receive(serial, "2026年12月号", here)
    lend(patron, new.item, override="館長の許可")
    for got in (old, new):
        with pytest.raises(errors.Refusals):
            issues.take_back(got.item.id, by=BY, now=clock.now())


def test_a_branch_without_an_issue_for_long_is_told_so(serial, here):
    receive(serial, "2026年10月号", here, days=46)
    (row,) = arrivals.standings(here)
    assert row.is_late(clock.today())
    assert row.days(clock.today()) == 46
    serials.end(serial, by=BY, now=clock.now())
    (row,) = arrivals.standings(here)
    assert not row.is_late(clock.today())
    serials.resume(serial, by=BY, now=clock.now())
    assert Serial.get_by_id(serial.id).ended_on is None


TYPED = {"name": "園芸手帖", "name_kana": "", "publisher": "", "issn": "2900-1234", "interval": "monthly"} | {
    "acquired_how": "寄贈", "lends_newest": False, "keep_years": "３",
}  # fmt: skip


def test_a_serial_is_written_down_with_its_copies(here):
    row = serials.add(serials.read(TYPED, {here.id: "2"}), by=BY, now=clock.now())
    assert (row.issn, row.keep_years, row.began_on) == ("2900-1234", 3, clock.today())
    assert serials.copies_of(row) == {"本館": 2}


@pytest.mark.parametrize(
    "typed, number, field",
    [
        ({"name": " "}, "1", "name"),
        ({"issn": "2900-1235"}, "1", "issn"),
        ({"keep_years": "三"}, "1", "keep_years"),
        ({}, "0", "copies"),
        ({}, "10", "copies"),
    ],
)
def test_a_wrong_field_of_a_serial_is_refused(here, typed, number, field):
    found = refused(lambda: serials.read(TYPED | typed, {here.id: number}))
    assert [name.partition("-")[0] for name in found] == [field]
