from datetime import date, timedelta

import pytest
from playhouse.test_utils import count_queries

from library import clock, errors, policy
from library.account import retention
from library.lending import due_mails, loans, notices, renewals
from library.patrons import patrons
from models import Audit, Loan, LoanNotice, MailPreference, OutboxMail, Patron, PatronAddress
from tests import factories

TODAY = date(2026, 11, 25)
KEY = "key of the library"


def reader(*, days=1, kinds=("pc",), active=True, addresses=(("abc@example.jp", "pc"),), **given):
    """A patron who wants the due notice."""
    patron = factories.patron(**given)
    for position, (text, kind) in enumerate(addresses, start=1):
        factories.address(patron, text, kind, position)
    factories.preference(patron, to_pc="pc" in kinds, to_mobile="mobile" in kinds, active=active, days_before=days)
    return patron


def lend(patron, days, **given):
    return factories.loan(patron, TODAY + timedelta(days=days), **given)


def queue(day=TODAY, hour=8):
    return notices.queue_due(now=clock.at(day, hour))


def announced():
    """Loan ids by address, of the mails in the order they were put."""
    return [
        (row.address, [loan for loan, _ in row.facts["loans"]]) for row in OutboxMail.select().order_by(OutboxMail.id)
    ]


def notice_of(mail, today=TODAY):
    return due_mails.due_notices([mail], today=today).get(mail.id)


# -- whom it tells of what -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("chosen", "days_left", "told"),
    [(1, 0, True), (1, 1, True), (1, 2, False), (1, -1, False), (0, 0, True), (0, 1, False), (7, 7, True), (7, 3, True),
     (7, 8, False)],
)  # fmt: skip
def test_a_loan_is_announced_inside_the_window_of_its_patron(db, chosen, days_left, told):
    lend(reader(days=chosen), days_left)
    assert queue()["mails"] == told
    assert LoanNotice.select().count() == told


def test_all_items_of_a_patron_stand_in_one_mail_per_address(db):
    patron = reader(kinds=("pc", "mobile"), addresses=(("abc@example.jp", "pc"), ("a..b@docomo.ne.jp", "mobile")))
    both = [lend(patron, 1).id, lend(patron, 1).id]
    assert queue() == {"patrons": 1, "mails": 2, "loans": 2}
    assert announced() == [("abc@example.jp", both), ("a..b@docomo.ne.jp", both)]
    assert [row.address_kind for row in OutboxMail.select().order_by(OutboxMail.id)] == ["pc", "mobile"]


def test_a_second_run_queues_nothing(db):
    lend(reader(), 1)
    assert queue()["mails"] == 1
    assert queue(hour=9)["mails"] == 0
    assert queue(TODAY + timedelta(days=1))["mails"] == 0


def test_a_missed_day_is_caught_up(db):
    lend(reader(days=3), 3)
    assert queue(TODAY + timedelta(days=2))["mails"] == 1


def test_a_due_date_that_is_past_is_not_announced_late(db):
    lend(reader(days=3), 3)
    assert queue(TODAY + timedelta(days=4))["mails"] == 0


def test_a_renewal_is_announced_anew_and_another_edit_is_not(db):
    loan = lend(reader(), 1)
    queue()
    Loan.update(renewals=0, branch=factories.branch("東部")).execute()
    assert queue(TODAY + timedelta(days=1))["mails"] == 0
    Loan.update(due_on=loan.due_on + timedelta(days=14), renewals=1).execute()
    assert queue(TODAY + timedelta(days=1))["mails"] == 0
    assert queue(TODAY + timedelta(days=14))["mails"] == 1


def test_a_loan_found_after_todays_mail_waits_for_tomorrow(db):
    patron = reader(days=3)
    lend(patron, 1)
    queue()
    later = lend(patron, 2)
    assert queue(hour=10)["mails"] == 0
    assert queue(TODAY + timedelta(days=1))["mails"] == 1
    assert announced()[-1] == ("abc@example.jp", [later.id])


def test_unless_it_is_due_today(db):
    patron = reader(days=3)
    lend(patron, 1)
    queue()
    today, _ = lend(patron, 0), lend(patron, 2)
    assert queue(hour=10)["mails"] == 1
    assert announced()[-1] == ("abc@example.jp", [today.id])


def test_a_mail_that_was_cancelled_does_not_use_up_the_day(db):
    patron = reader()
    lend(patron, 1)
    queue()
    OutboxMail.update(state="cancelled").execute()
    lend(patron, 1)
    assert queue(hour=10)["mails"] == 1


@pytest.mark.parametrize(
    "given",
    [
        {"active": False},
        {"kinds": ()},
        {"kinds": ("mobile",)},
        {"addresses": ()},
        {"state": "closed"},
    ],
)
def test_a_patron_who_does_not_want_it_or_cannot_get_it_is_left_alone(db, given):
    lend(reader(**given), 1)
    assert queue() == {"patrons": 0, "mails": 0, "loans": 0}
    assert LoanNotice.select().count() == 0


def test_a_suspended_patron_is_told_too(db):
    lend(reader(state="suspended"), 1)
    assert queue()["mails"] == 1


def test_an_undeliverable_address_is_left_out(db):
    patron = reader(addresses=(("abc@example.jp", "pc"), ("dead@example.jp", "pc")))
    PatronAddress.update(undeliverable_at=clock.now()).where(PatronAddress.address == "dead@example.jp").execute()
    loan = lend(patron, 1)
    queue()
    assert announced() == [("abc@example.jp", [loan.id])]


def test_a_later_address_releases_no_flood(db):
    patron = reader(addresses=())
    for days in range(5):
        lend(patron, days)
        queue(TODAY + timedelta(days=days))
    factories.address(patron)
    assert queue(TODAY + timedelta(days=4)) == {"patrons": 1, "mails": 1, "loans": 1}


def test_returned_loans_are_not_announced(db):
    loan = lend(reader(), 1)
    loans.give_back(loan, today=TODAY)
    assert queue()["mails"] == 0


def test_many_patrons_are_told_in_several_transactions(db, monkeypatch):
    monkeypatch.setattr(notices, "PATRONS_AT_ONCE", 2)
    for _ in range(5):
        lend(reader(), 1)
    assert queue() == {"patrons": 5, "mails": 5, "loans": 5}
    assert LoanNotice.select().where(LoanNotice.mail.is_null()).count() == 0


def test_the_day_is_the_librarys_and_not_that_of_greenwich(db):
    lend(reader(days=0), 0)
    assert notices.queue_due(now=clock.at(TODAY, 0, 30) - timedelta(hours=1))["mails"] == 0
    assert notices.queue_due(now=clock.at(TODAY, 0, 30))["mails"] == 1


# -- what is left to say ---------------------------------------------------------------------------------------------
def test_a_loan_returned_or_renewed_meanwhile_is_dropped_from_the_mail(db):
    patron = reader()
    returned, renewed, kept = lend(patron, 1), lend(patron, 1), lend(patron, 1, title=factories.title("草枕"))
    queue()
    loans.give_back(returned, today=TODAY)
    Loan.update(due_on=TODAY + timedelta(days=14)).where(Loan.id == renewed.id).execute()
    notice = notice_of(OutboxMail.get())
    assert [loan.title for loan in notice.loans] == ["草枕"]
    loans.give_back(kept, today=TODAY)
    assert notice_of(OutboxMail.get()) is None


def test_a_mail_says_nothing_about_what_fell_due_while_it_waited(db):
    lend(reader(), 1)
    queue()
    assert notice_of(OutboxMail.get(), TODAY + timedelta(days=1))
    assert notice_of(OutboxMail.get(), TODAY + timedelta(days=2)) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda: MailPreference.update(active=False).execute(),
        lambda: MailPreference.update(to_pc=False).execute(),
        lambda: PatronAddress.update(address="new@example.jp").execute(),
        lambda: PatronAddress.update(kind="mobile").execute(),
        lambda: PatronAddress.update(undeliverable_at=clock.now()).execute(),
        lambda: Patron.update(state="closed").execute(),
    ],
)
def test_a_patron_who_switched_it_off_meanwhile_gets_nothing(db, change):
    lend(reader(), 1)
    queue()
    change()
    assert notice_of(OutboxMail.get()) is None


def test_two_patrons_with_one_address_do_not_read_each_others_loans(db):
    mother, child = reader(name="図書 花子"), reader(name="図書 一郎")
    lend(mother, 1, title=factories.title("こころ")), lend(child, 1, title=factories.title("草枕"))
    queue()
    found = due_mails.due_notices(list(OutboxMail.select().order_by(OutboxMail.id)), today=TODAY)
    assert [(notice.name, [loan.title for loan in notice.loans]) for notice in found.values()] == [
        ("図書 花子", ["こころ"]),
        ("図書 一郎", ["草枕"]),
    ]


def stop_card(patron, loan):
    Patron.update(state="suspended").where(Patron.id == patron.id).execute()


def wait_for_it(patron, loan):
    factories.hold(factories.patron(), loan.item.title)


def be_late_with_another(patron, loan):
    lend(patron, -1)


def use_it_up(patron, loan):
    Loan.update(renewals=1).where(Loan.id == loan.id).execute()


def lend_no_longer(patron, loan):
    policy.put_row("", "図書", renewals=0)


def lend_for_a_day(patron, loan):
    """Renewed today it would be due no later; on its last day it would."""
    policy.put("loan_days", 1)


@pytest.mark.parametrize(
    ("change", "renewable"),
    [
        (lambda patron, loan: None, True),
        (stop_card, False),
        (wait_for_it, False),
        (be_late_with_another, False),
        (use_it_up, False),
        (lend_no_longer, False),
        (lend_for_a_day, True),
    ],
)
def test_it_knows_what_the_page_would_renew_before_it_is_due(db, change, renewable):
    patron = reader(days=2)
    loan = lend(patron, 2, title=factories.title(material_type="図書"))
    queue()
    change(patron, loan)
    assert [each.renewable for each in notice_of(OutboxMail.get()).loans] == [renewable]
    on_the_last_day = renewals.refusals(Loan.get_by_id(loan.id), today=loan.due_on)
    assert renewable == (on_the_last_day == [])


def test_a_renewal_that_is_stopped_stops_no_other(db):
    """One query asks for the late loans and the waiting of everybody."""
    first, second = (reader(addresses=((f"{name}@example.jp", "pc"),)) for name in "ab")
    loans_of = [lend(first, 1), lend(first, 1), lend(second, 1)]
    queue()
    wait_for_it(first, loans_of[0])
    mails = list(OutboxMail.select().order_by(OutboxMail.id))
    found = due_mails.due_notices(mails, today=TODAY)
    assert [[each.renewable for each in found[mail.id].loans] for mail in mails] == [[False, True], [True]]
    be_late_with_another(second, loans_of[2])
    found = due_mails.due_notices(mails, today=TODAY)
    assert [[each.renewable for each in found[mail.id].loans] for mail in mails] == [[False, True], [False]]


def test_many_notices_are_read_in_as_few_queries_as_one(db):
    def queries(number):
        mails = list(OutboxMail.select().limit(number))
        due_mails.due_notices(mails, today=TODAY)  # what is prepared is made once
        with count_queries() as asked:
            found = due_mails.due_notices(mails, today=TODAY)
        assert len(found) == number
        return asked.count

    for number in range(20):
        patron = reader(addresses=((f"p{number}@example.jp", "pc"),))
        lend(patron, 1), lend(patron, 1)
    queue()
    assert queries(20) == queries(1) < 20


# -- what the loan list says -----------------------------------------------------------------------------------------
def reminder(loan, today=TODAY):
    patron = loan.patron
    preference = MailPreference.get(MailPreference.patron == patron)
    return notices.reminders(patron, [loan], preference, patrons.addresses(patron), today=today)[loan.id]


@pytest.mark.parametrize(("days_left", "expected"), [(5, TODAY + timedelta(days=4)), (1, TODAY), (0, TODAY)])
def test_the_loan_list_says_when_and_where(db, days_left, expected):
    found = reminder(lend(reader(), days_left))
    assert (found.day, found.kinds, found.reason) == (expected, ("自PC",), None)


def test_the_day_it_says_is_the_day_it_happens(db):
    patron = reader(days=3)
    lend(patron, 1)
    queue()
    later, today = lend(patron, 2), lend(patron, 0)
    assert reminder(later).day == TODAY + timedelta(days=1)
    assert reminder(today).day == TODAY
    queue(hour=10)
    assert announced()[-1][1] == [today.id]
    queue(TODAY + timedelta(days=1))
    assert announced()[-1][1] == [later.id]


def test_it_names_both_kinds_once(db):
    three = (("abc@example.jp", "pc"), ("def@docomo.ne.jp", "mobile"))
    assert (
        reminder(lend(reader(kinds=("pc", "mobile"), addresses=three), 5)).sentence
        == "11月29日(日)に自PCと携帯へお知らせします"
    )


def test_it_says_why_there_is_none(db):
    assert reminder(lend(reader(active=False), 5)).reason == "stopped"
    assert reminder(lend(reader(addresses=()), 5)).reason == "no_address"
    assert reminder(lend(reader(), -1)).reason == "overdue"


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("queued", "まもなくお知らせします"),
        ("sent", "お知らせ済みです（11月25日(水)）"),
        ("failed", "お知らせのメールが届きませんでした（11月25日(水)）"),
    ],
)
def test_it_says_what_became_of_the_mail(db, state, sentence):
    loan = lend(reader(), 1)
    queue()
    OutboxMail.update(state=state, sent_at=clock.at(TODAY, 8)).execute()
    assert reminder(loan).sentence == sentence


def test_after_a_renewal_it_looks_forward_again(db):
    loan = lend(reader(), 1)
    queue()
    loan.due_on += timedelta(days=14)
    loan.save()
    assert reminder(loan).day == loan.due_on - timedelta(days=1)


# -- stopping --------------------------------------------------------------------------------------------------------
def test_the_stop_link_stops_one_kind_of_one_patron(db):
    patron, other = reader(), reader()
    factories.preference(patron, "registration", active=True)
    token = notices.stop_token(patron.id, "due", KEY)
    assert notices.stoppable(token, KEY) == (patron, "due")
    assert MailPreference.get(MailPreference.patron == patron, MailPreference.kind == "due").active
    assert notices.stop(token, KEY, now=clock.now()) == "due"
    active = {(row.patron, row.kind) for row in MailPreference.select().where(MailPreference.active)}
    assert active == {(patron, "registration"), (other, "due")}


def test_stopping_is_noted_once(db):
    token = notices.stop_token(reader().id, "due", KEY)
    notices.stop(token, KEY, now=clock.now())
    notices.stop(token, KEY, now=clock.now())
    assert [row.action for row in Audit.select()] == ["mail.stopped"]


@pytest.mark.parametrize("damage", [lambda t: t[:-1], lambda t: "due-2" + t[5:], lambda t: "", lambda t: t + "x",
    lambda t: "登録." + t])  # fmt: skip
def test_a_stop_link_that_the_library_did_not_make_is_dead(db, damage):
    token = notices.stop_token(reader().id, "due", KEY)
    with pytest.raises(errors.LinkDead):
        notices.stop(damage(token), KEY, now=clock.now())
    assert MailPreference.get().active


def test_a_link_of_another_library_or_for_another_kind_is_dead(db):
    patron = reader()
    for token in (notices.stop_token(patron.id, "due", "other key"), notices.stop_token(patron.id, "security", KEY)):
        with pytest.raises(errors.LinkDead):
            notices.stoppable(token, KEY)


# -- forgetting ------------------------------------------------------------------------------------------------------
def test_the_night_after_its_return_a_loan_and_the_mails_about_it_name_nobody(db):
    patron = reader(
        days=3, kinds=("pc", "mobile"), addresses=(("abc@example.jp", "pc"), ("def@docomo.ne.jp", "mobile"))
    )
    gone, kept = lend(patron, 1), lend(patron, 2)
    queue()
    OutboxMail.update(state="sent", sent_at=clock.at(TODAY, 8), text="草枕", subject="件名").execute()
    loans.give_back(gone, today=TODAY)
    assert retention.unlink_returned(now=clock.at(TODAY, 23, 59)) == {"loans": 0}
    assert retention.unlink_returned(now=clock.at(TODAY + timedelta(days=1), 0)) == {"loans": 1}
    assert Loan.get_by_id(gone.id).patron is None
    assert {(row.text, row.subject, str(row.facts)) for row in OutboxMail.select()} == {("", "", "{}")}
    assert LoanNotice.get(LoanNotice.loan == gone).mail is None
    assert LoanNotice.get(LoanNotice.loan == kept).mail is not None
    assert reminder(kept).reason == "sent"


def test_a_mail_that_still_waits_keeps_what_else_it_has_to_say(db):
    patron = reader(days=3)
    gone, kept = lend(patron, 2), lend(patron, 3)
    queue()
    loans.give_back(gone, today=TODAY)
    retention.unlink_returned(now=clock.at(TODAY + timedelta(days=1)))
    assert announced() == [("abc@example.jp", [kept.id])]
    assert len(notice_of(OutboxMail.get(), TODAY + timedelta(days=1)).loans) == 1
