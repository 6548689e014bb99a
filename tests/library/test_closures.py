"""New closures and the days that they move, and asking for late loans."""

from datetime import date, timedelta

import pytest

from library import clock, errors, policy
from library.calendar import opening
from library.lending import closures, overdue, returns, troubles
from library.lending.holds import hold_shelf, holds
from models import Audit, ClosedDay, Hold, Loan, LoanNotice, OutboxMail, PatronAddress
from tests import factories

TODAY = date(2026, 11, 25)
NOW = clock.at(TODAY, 10)
ADMIN = "staff:admin"


def days(number):
    return TODAY + timedelta(days=number)


def main(**given):
    return factories.branch("本館", **given)


def wants_mail(kind="due", text="abc@example.jp", **given):
    patron = factories.patron(**given)
    factories.address(patron, text)
    factories.preference(patron, kind, to_pc=True, active=True)
    return patron


def on_shelf(patron, **given):
    loan = factories.loan(factories.patron(), days(5), item=factories.item(branch=main()))
    hold = holds.place(patron, loan.item.title, pickup_branch=main(), now=NOW, **given)
    returns.give_back(loan.item, at=main(), now=NOW)
    return Hold.get_by_id(hold.id)


def due(loan):
    return Loan.get_by_id(loan.id).due_on


# -- moving ----------------------------------------------------------------------------------------------------------
def test_it_is_shown_first_and_nothing_is_changed(patron):
    loan = factories.loan(patron, days(3))
    LoanNotice.create(loan=loan, kind="due", due_on=days(3))
    other = factories.loan(patron, days(4))
    hold = on_shelf(patron)
    moves = closures.preview([main()], [days(3)], today=TODAY)
    assert [(moved.row, moved.before, moved.after, moved.announced) for moved in moves.due_dates] == [
        (loan, days(3), days(4), True)
    ]
    assert [(moved.row, moved.before, moved.after) for moved in moves.deadlines] == [(hold, days(7), days(8))]
    assert moves.announced == 2
    assert (due(loan), due(other), ClosedDay.select().count()) == (days(3), days(4), 0)


def test_closing_moves_only_later_and_only_what_falls_on_it(patron):
    loans = [factories.loan(patron, days(left)) for left in (-1, 0, 3, 4, 5, 6)]
    elsewhere = factories.loan(patron, days(3), branch=factories.branch("東部"))
    closures.close([main()], [days(0), days(3), days(4), days(5)], by=ADMIN, now=NOW, note="特別整理")
    assert [due(loan) for loan in loans] == [days(-1), days(1), days(6), days(6), days(6), days(6)]
    assert due(elsewhere) == days(3)
    assert not opening.is_open(main(), days(3))
    assert Audit.get().details["due_dates"] == 4


def test_a_day_that_was_closed_when_it_was_given_stays(patron):
    ClosedDay.create(branch=main(), day=days(3))
    loan = factories.loan(patron, days(3))
    closures.close([main()], [days(4)], by=ADMIN, now=NOW)
    assert due(loan) == days(3)


def test_three_weeks(patron):
    loan, hold = factories.loan(patron, days(7)), on_shelf(patron)
    closures.close([main()], [days(number) for number in range(3, 24)], by=ADMIN, now=NOW)
    assert due(loan) == days(24)
    assert Hold.get_by_id(hold.id).pickup_by == days(28)


def test_taking_it_back_moves_nothing(patron):
    loan = factories.loan(patron, days(3))
    closures.close([main()], [days(3)], by=ADMIN, now=NOW)
    closures.remove_days([main()], [days(3)], by=ADMIN, now=NOW)
    assert opening.is_open(main(), days(3)) and due(loan) == days(4)


def test_a_rule_moves_too_and_an_opening_nothing(patron):
    loan = factories.loan(patron, date(2026, 12, 29))
    assert closures.preview_rule(None, "12/29〜1/3", today=TODAY).due_dates[0].after == date(2027, 1, 4)
    closures.add_rule(None, "12月29日〜1月3日", by=ADMIN, now=NOW)
    assert due(loan) == date(2027, 1, 4)
    closures.open_on([main()], [date(2027, 1, 2)], by=ADMIN, now=NOW)
    assert opening.is_open(main(), date(2027, 1, 2)) and due(loan) == date(2027, 1, 4)
    closures.remove_rule(None, "12/29-1/3", by=ADMIN, now=NOW)
    assert opening.is_open(main(), date(2026, 12, 30))


def test_a_day_is_entered_a_second_time_as_it_is_said_last(patron):
    for enter in (closures.open_on, closures.close, closures.close):
        enter([main()], [days(3)], by=ADMIN, now=NOW, note="点検")
    assert [(row.open, row.note) for row in ClosedDay.select()] == [(False, "点検")]


def test_closing_for_good_is_refused(patron):
    factories.loan(patron, days(3))
    with pytest.raises(errors.NeverOpen):
        closures.close([main()], [days(number) for number in range(400)], by=ADMIN, now=NOW)
    assert ClosedDay.select().count() == 0


def test_each_patron_concerned_has_one_mail(db):
    patron = wants_mail()
    factories.preference(patron, "hold", to_pc=True)
    loan, hold = factories.loan(patron, days(3)), on_shelf(patron, contact_method="mail")
    hold_shelf.contacted(hold, by=ADMIN, now=NOW)
    OutboxMail.delete().execute()
    factories.loan(factories.patron(), days(3))
    quiet = wants_mail("hold", "other@example.jp")
    factories.loan(quiet, days(3))
    closures.close([main()], [days(3)], by=ADMIN, now=NOW)
    mail = OutboxMail.get()
    assert OutboxMail.select().count() == 1
    assert (mail.kind, mail.address, mail.facts) == (
        "closure", "abc@example.jp", {"loans": [[loan.id, days(4).isoformat()]], "holds": [hold.id]},
    )  # fmt: skip
    letter = closures.letter(mail, today=TODAY)
    assert (letter.loans, letter.holds) == ([loan], [hold])
    Loan.update(due_on=days(20)).where(Loan.id == loan.id).execute()
    assert closures.letter(mail, today=TODAY).loans == []
    Hold.update(state="expired").execute()
    assert closures.letter(mail, today=TODAY) is None


# -- 督促 -------------------------------------------------------------------------------------------------------------
def late(patron, number):
    return factories.loan(patron, days(-number))


def ask(day=0):
    return overdue.queue(now=clock.at(days(day), 8))


def stages():
    return [
        (row.loan_id, row.stage)
        for row in LoanNotice.select().where(LoanNotice.kind == "overdue").order_by(LoanNotice.id)
    ]


def test_the_highest_stage_is_asked_once(db):
    patron = wants_mail()
    one, two = late(patron, 20), late(patron, 7)
    late(patron, 6)
    assert ask() == {"patrons": 1, "mails": 1, "loans": 2}
    assert stages() == [(one.id, 14), (two.id, 7)]
    assert ask() == {"patrons": 0, "mails": 0, "loans": 0}
    assert OutboxMail.get().facts == {"loans": [[one.id, days(-20).isoformat()], [two.id, days(-7).isoformat()]]}


def test_each_stage_in_turn_and_a_missed_day_is_caught_up(db):
    loan = late(wants_mail(), 1)
    for day in (5, 6, 7, 14, 30, 31, 90):
        ask(day)
    assert stages() == [(loan.id, 7), (loan.id, 14), (loan.id, 28)]


def test_it_goes_to_all_addresses_that_work(db):
    patron = factories.patron()
    factories.address(patron, "abc@example.jp")
    factories.address(patron, "def@docomo.ne.jp", "mobile", 2)
    late(patron, 8)
    assert ask()["mails"] == 2
    PatronAddress.update(undeliverable_at=NOW).execute()
    late(patron, 15)
    assert ask(1)["mails"] == 0


def test_a_copy_that_is_lost_or_looked_for_or_back_is_not_asked_for(db):
    patron = wants_mail()
    lost, claimed, returned = late(patron, 8), late(patron, 8), late(patron, 8)
    troubles.report_lost(lost, by=ADMIN, now=NOW)
    troubles.claim_returned(claimed, by="patron", now=NOW)
    returns.give_back(returned.item, at=main(), now=NOW)
    assert ask()["mails"] == 0
    assert overdue.to_print(today=TODAY) == []


def test_a_renewal_begins_anew_and_what_came_back_meanwhile_is_not_in_the_mail(db):
    patron = wants_mail()
    one, two = late(patron, 8), late(patron, 8)
    ask()
    mail = OutboxMail.get()
    returns.give_back(one.item, at=main(), now=NOW)
    assert overdue.letter(mail, today=TODAY).loans == [two]
    Loan.update(due_on=days(1)).where(Loan.id == two.id).execute()
    assert overdue.letter(mail, today=TODAY) is None
    ask(8)
    assert stages()[-1] == (two.id, 7)


def test_the_list_to_print_has_everybody_mail_or_not(db):
    reached, other = wants_mail(name_kana="ア"), factories.patron(name_kana="イ")
    one, two, three = late(other, 9), late(reached, 8), late(other, 30)
    late(other, 3)
    assert overdue.to_print(today=TODAY) == [(reached, [two]), (other, [three, one])]
    assert overdue.to_print(today=TODAY, days=28) == [(other, [three])]
    policy.put("overdue_stages", [])
    assert ask()["mails"] == 0
