"""Lending, renewing, coming back: what is done, and every reason why not."""

import logging
from datetime import date, timedelta

import pytest

from library import clock, errors, policy
from library.account import retention
from library.lending import loans, renewals, returns, troubles
from library.lending.holds import holds
from models import Audit, HistoryEntry, Hold, Item, Loan, LoanNotice
from tests import engines, factories

TODAY = date(2026, 11, 25)
NOW = clock.at(TODAY, 10)
DESK = "staff:desk"


def days(number):
    return TODAY + timedelta(days=number)


def lend(patron, item, *, now=NOW, **given):
    return loans.check_out(patron, item, branch=factories.branch("本館"), now=now, by=DESK, **given)


def back(item, *, at=None, now=NOW, **given):
    return returns.give_back(item, at=at or factories.branch("本館"), now=now, **given)


def names(reasons):
    return [type(reason).__name__ for reason in reasons]


def refused(patron, item):
    return names(loans.check_out_refusals(patron, item, today=TODAY))


# -- check-out -------------------------------------------------------------------------------------------------------
def test_a_copy_is_lent_for_two_weeks(patron):
    lent = lend(patron, factories.item())
    assert (lent.is_new, lent.loan.lent_on, lent.loan.due_on) == (True, TODAY, days(14))


def test_a_due_date_on_a_closed_day_of_the_lending_branch_moves_on(patron):
    branch = factories.branch("東部", closed_weekdays="2")
    assert loans.due_date(patron, factories.item(), branch, today=TODAY) == days(15)


def test_a_branch_that_never_opens_lends_nothing_and_says_why(patron):
    policy.put("holidays_shift", False)
    never = factories.branch("東部", closed_weekdays="0123456")
    with pytest.raises(errors.NeverOpen):
        loans.check_out(patron, factories.item(), branch=never, now=NOW, by=DESK)
    assert Loan.select().count() == 0


def test_a_double_scan_lends_nothing_twice(patron):
    item = factories.item()
    first = lend(patron, item).loan
    again = lend(patron, item)
    assert (again.loan, again.is_new) == (first, False)
    assert Loan.select().count() == 1


def test_a_form_that_is_sent_again_after_the_return_lends_nothing(patron):
    item = factories.item()
    lend(patron, item, request="a")
    back(item)
    assert not lend(patron, item, request="a").is_new
    assert loans.open_loan_of(item) is None
    assert lend(patron, item, request="b").is_new


def test_no_scan_reads_a_whole_table(db, patron, caplog):
    """SQLite would, of an index over some rows alone, if the question did not say so: then each scan takes as long as
    there are loans.
    """
    item, small = factories.item(), {"setting", "policy_row", "closing_rule", "branch"}
    holds.place(factories.patron(), item.title, pickup_branch=item.branch, now=NOW)
    with caplog.at_level(logging.DEBUG, logger="peewee"):
        lend(patron, item, request="a")
        back(item)
    asked = [record.msg for record in caplog.records if record.msg[0].startswith("SELECT")]
    assert len(asked) > 15
    for sql, filled in asked:
        whole = {table for how, table in engines.reads(sql, filled) if how == "whole"}
        assert whole <= small, sql


def test_all_reasons_are_told_at_once(patron):
    patron.state, patron.expires_on = "suspended", days(-1)
    patron.save()
    for _ in range(10):
        factories.loan(patron, days(-1))
    item = factories.item(state="reference")
    factories.loan(factories.patron(), item=item)
    assert refused(patron, item) == [
        "CardSuspended", "CardExpired", "HasOverdue", "ItemNotLendable", "ItemOut", "LoanLimitReached",
    ]  # fmt: skip
    with pytest.raises(errors.Refusals) as caught:
        lend(patron, item)
    assert len(caught.value.reasons) == 6 and "窓口" in str(caught.value)


def test_a_closed_card_has_one_reason(patron):
    patron.state, patron.expires_on = "closed", days(-1)
    assert refused(patron, factories.item()) == ["CardClosed"]


@pytest.mark.parametrize(("days_left", "reasons"), [(0, []), (-1, ["HasOverdue"])])
def test_due_until_the_end_of_the_day(patron, days_left, reasons):
    factories.loan(patron, days(days_left))
    assert refused(patron, factories.item()) == reasons


def test_a_library_may_lend_in_spite_of_overdue_items(patron):
    policy.put("overdue_stops", False)
    factories.loan(patron, days(-30))
    assert refused(patron, factories.item()) == []


def test_limits_are_those_of_category_and_type(patron):
    policy.put_row("", "DVD", loan_limit=1, loan_days=7)
    policy.put_row("児童", "", loan_limit=1)
    policy.put_row("児童", "DVD", lendable=False)
    disc = factories.item(material_type="DVD")
    assert lend(patron, disc).loan.due_on == days(7)
    assert refused(patron, factories.item(material_type="DVD")) == ["LoanKindLimitReached"]
    assert refused(patron, factories.item()) == []
    child = factories.patron(category="児童")
    assert refused(child, factories.item(material_type="DVD")) == ["KindNotLent"]
    lend(child, factories.item())
    assert refused(child, factories.item()) == ["LoanLimitReached"]


def test_an_own_loan_is_not_a_second_one(patron):
    item = factories.item()
    factories.loan(patron, days(3), item=item)
    assert refused(patron, item) == ["ItemOutToPatron"]


def test_an_override_is_on_record_without_the_title(patron):
    factories.loan(patron, days(-3))
    item = factories.item(state="reference")
    assert lend(patron, item, override="館長の許可").is_new
    row = Audit.get(Audit.action == "loan.overridden")
    assert row.patron == patron
    assert row.details == {"reasons": ["HasOverdue", "ItemNotLendable"], "why": "館長の許可"}


def test_a_copy_out_to_another_can_not_be_lent_by_any_override(patron):
    item = factories.item()
    factories.loan(factories.patron(), item=item)
    with pytest.raises(errors.Refusals):
        lend(patron, item, override="どうしても")


def test_an_override_that_is_blank_is_none(patron):
    with pytest.raises(errors.Refusals):
        lend(patron, factories.item(state="repair"), override="  ")


def test_a_missing_copy_on_the_desk_is_found(patron):
    item = factories.item(state="missing")
    lend(patron, item)
    assert Item.get_by_id(item.id).state == "available"


def test_history_is_recorded_for_those_only_who_keep_it_at_that_moment(patron):
    keeper = factories.patron(keep_history=True)
    lend(patron, factories.item())
    lent = lend(keeper, factories.item(factories.title("草枕", volume="上"))).loan
    renewals.renew(lent, now=clock.at(days(1)), by="patron")
    entry = HistoryEntry.get()
    assert (entry.patron, entry.title_text, entry.author_text, entry.branch_text, entry.lent_on) == (
        keeper, "草枕 上", "夏目漱石", "本館", TODAY,
    )  # fmt: skip
    assert entry.title == lent.item.title


# -- returns ---------------------------------------------------------------------------------------------------------
def test_a_return_says_how_late_it_is(patron):
    loan = factories.loan(patron, days(-3))
    found = back(loan.item)
    assert (found.what, found.late, found.loan.returned_on) == ("shelf", 3, TODAY)
    assert back(loan.item).loan is None


def test_the_book_drop_of_yesterday(patron):
    loan = factories.loan(patron, days(-1))
    assert back(loan.item, returned_on=days(-1)).late == 0
    assert Loan.get_by_id(loan.id).returned_on == days(-1)


@pytest.mark.parametrize("day", [-40, 1])
def test_a_return_day_is_between_the_loan_and_today(patron, day):
    loan = factories.loan(patron, days(-1))
    with pytest.raises(errors.ReturnDayImpossible):
        back(loan.item, returned_on=days(day))
    assert Loan.get_by_id(loan.id).returned_on is None


def test_a_copy_of_another_branch_is_sent_home_and_arrives(patron):
    home, here = factories.branch("清水"), factories.branch("本館")
    loan = factories.loan(patron, days(3), item=factories.item(branch=home))
    sent = back(loan.item, at=here)
    assert (sent.what, sent.to) == ("send", home)
    item = Item.get_by_id(loan.item_id)
    assert (item.at_branch, item.going_to) == (here, home)
    arrived = back(item, at=home)
    assert arrived.what == "shelf"
    item = Item.get_by_id(item.id)
    assert (item.at_branch, item.going_to, item.aside) == (None, None, False)


def test_a_copy_that_is_not_lent_out_is_told_of(patron):
    assert back(factories.item(state="withdrawn")).what == "off"


# -- undo ------------------------------------------------------------------------------------------------------------
def test_a_check_out_can_be_undone_and_leaves_nothing(db):
    patron = factories.patron(keep_history=True)
    item = factories.item()
    lent = lend(patron, item).loan
    loans.undo(lent, by=DESK, now=NOW)
    assert (Loan.select().count(), HistoryEntry.select().count()) == (0, 0)
    with pytest.raises(errors.Refusals):
        loans.undo(lent, by=DESK, now=NOW)


def test_undoing_a_check_out_opens_the_hold_again_with_its_deadline(patron):
    item = factories.item()
    hold = holds.place(patron, item.title, pickup_branch=factories.branch("本館"), now=NOW)
    assert back(item).hold == hold
    deadline = Hold.get_by_id(hold.id).pickup_by
    lent = lend(patron, item).loan
    assert Hold.get_by_id(hold.id).state == "collected"
    loans.undo(lent, by=DESK, now=NOW)
    hold = Hold.get_by_id(hold.id)
    assert (hold.state, hold.pickup_by, hold.ended_at, Item.get_by_id(item.id).aside) == ("ready", deadline, None, True)


def test_a_loan_that_is_not_of_today_or_was_renewed_stays(patron):
    old = factories.loan(patron, days(3))
    assert names(loans.undo_refusals(old, today=TODAY)) == ["UndoTooLate"]
    lent = lend(patron, factories.item()).loan
    lent.renewals = 1
    assert names(loans.undo_refusals(lent, today=TODAY)) == ["UndoNotLast"]


def test_a_return_can_be_undone(patron):
    loan = factories.loan(patron, days(-3))
    loan = back(loan.item).loan
    returns.undo(loan, by=DESK, now=NOW)
    assert loans.open_loan_of(loan.item).due_on == days(-3)
    assert Loan.get_by_id(loan.id).returned_at is None


def test_a_return_is_undone_only_as_long_as_nothing_came_of_it(patron):
    item = factories.loan(patron, days(3)).item
    first = back(item).loan
    lend(factories.patron(), item)
    assert names(returns.undo_refusals(first, today=TODAY)) == ["UndoNotLast"]
    assert names(returns.undo_refusals(first, today=days(1))) == ["UndoTooLate"]


def test_a_return_is_undone_though_loans_of_long_ago_were_written_down_later(patron):
    item = factories.loan(patron, days(3)).item
    factories.loan(None, days(-60), item=item, returned_on=days(-62))
    loan = back(item).loan
    assert returns.undo_refusals(loan, today=TODAY) == []
    returns.undo(loan, by=DESK, now=NOW)
    assert loans.open_loan_of(item).id == loan.id


def test_a_return_is_not_undone_when_the_copy_was_lent_and_came_back_again(patron):
    item = factories.loan(patron, days(3)).item
    first = back(item).loan
    other = lend(factories.patron(), item).loan
    back(item, now=NOW + timedelta(minutes=5))
    assert names(returns.undo_refusals(first, today=TODAY)) == ["UndoNotLast"]
    assert returns.undo_refusals(Loan.get_by_id(other.id), today=TODAY) == []


def test_undoing_a_return_takes_the_copy_back_from_the_next(patron):
    loan = factories.loan(patron, days(3))
    hold = holds.place(factories.patron(), loan.item.title, pickup_branch=loan.branch, now=NOW)
    loan = back(loan.item).loan
    assert Hold.get_by_id(hold.id).state == "ready"
    returns.undo(loan, by=DESK, now=NOW)
    hold, item = Hold.get_by_id(hold.id), Item.get_by_id(loan.item_id)
    assert (hold.state, hold.item, hold.pickup_by, item.aside) == ("waiting", None, None, False)


# -- renewal ---------------------------------------------------------------------------------------------------------
def renewable(loan, today=TODAY):
    return names(renewals.refusals(Loan.get_by_id(loan.id), today=today))


def test_a_renewal_counts_from_the_day_it_is_asked_for(patron):
    loan = factories.loan(patron, days(2))
    assert renewals.Renewals([loan], today=TODAY).due(loan) == days(14)
    renewed = renewals.renew(loan, now=NOW, by="patron")
    assert (renewed.due_on, renewed.renewals, renewals.Renewals([renewed], today=TODAY).left(renewed)) == (
        days(14),
        1,
        0,
    )
    assert renewable(loan, days(1)) == ["RenewalsUsed"]


def test_a_renewal_that_gains_nothing_is_refused(patron):
    loan = lend(patron, factories.item()).loan
    assert renewable(loan) == ["RenewalNotLater"]
    assert renewable(loan, days(1)) == []
    with pytest.raises(errors.Refusals):
        renewals.renew(loan, now=NOW, by=DESK, override="お願い")


def test_any_overdue_item_refuses_all(patron):
    loan = factories.loan(patron, days(3))
    factories.loan(patron, days(-1))
    assert renewable(loan) == ["HasOverdue"]
    assert renewals.renew(loan, now=NOW, by=DESK, override="入院中").due_on == days(14)
    assert Audit.get(Audit.action == "loan.overridden").details["reasons"] == ["HasOverdue"]


def test_kinds_that_are_not_renewed(patron):
    policy.put_row("", "雑誌", renewals=0)
    assert renewable(factories.loan(patron, days(3), item=factories.item(material_type="雑誌"))) == ["KindNotRenewed"]


def test_somebody_who_waits_stops_it_unless_another_copy_is_free(patron):
    loan = factories.loan(patron, days(3))
    holds.place(factories.patron(), loan.item.title, pickup_branch=loan.branch, now=NOW)
    assert renewable(loan) == ["SomebodyWaits"]
    copy = factories.item(loan.item.title)
    back(copy)
    assert renewable(loan) == []


def test_a_holder_who_can_not_take_it_now_stops_nothing(patron):
    loan = factories.loan(patron, days(3))
    hold = holds.place(factories.patron(), loan.item.title, pickup_branch=loan.branch, now=NOW)
    holds.suspend(hold, days(30), now=NOW)
    assert renewable(loan) == []


def test_one_several_or_all_have_an_answer_each(patron):
    first, second, third = (factories.loan(patron, days(left)) for left in (1, 2, 3))
    Loan.update(renewals=1).where(Loan.id == second.id).execute()
    answers = renewals.renew_all([third, first, second], now=NOW, by="patron")
    assert [(answer.loan, answer.due_on, names(answer.reasons)) for answer in answers] == [
        (first, days(14), []), (second, days(2), ["RenewalsUsed"]), (third, days(14), []),
    ]  # fmt: skip


def test_all_together_leaves_out_what_would_gain_less_than_three_days(patron):
    little, enough = (factories.loan(patron, days(left)) for left in (12, 11))
    answers = renewals.renew_all([little, enough], now=NOW, by="patron", together=True)
    assert [(answer.loan, answer.due_on, names(answer.reasons)) for answer in answers] == [
        (enough, days(14), []), (little, days(12), ["RenewalGainsLittle"]),
    ]  # fmt: skip
    assert str(answers[1].reasons[0].sentence) == "延長しても2日しか延びません。延長する場合は1点ずつ押してください。"
    assert renewals.Renewals([Loan.get_by_id(little.id)], today=TODAY).left(Loan.get_by_id(little.id)) == 1
    assert renewals.renew_all([little], now=NOW, by="patron")[0].due_on == days(14)


def test_together_says_what_it_would_do_and_renews_exactly_that(patron):
    little, enough, lost = (factories.loan(patron, days(left)) for left in (12, 2, 3))
    troubles.claim_returned(lost, by="patron", now=NOW)
    mine = loans.open_loans(patron)
    judged = renewals.Renewals(mine, today=TODAY).together(mine)
    assert judged.renewed == [(enough, days(14))]
    assert [(loan, names([reason])) for loan, reason in judged.left_out] == [(little, ["RenewalGainsLittle"])]
    answers = renewals.renew_shown([enough], {enough.id: days(14)}, now=NOW, by="patron")
    assert [(answer.due_on, answer.reasons) for answer in answers] == [(days(14), ())]


def test_a_loan_that_would_get_another_day_than_was_shown_is_not_renewed(patron):
    loan = factories.loan(patron, days(2))
    answers = renewals.renew_shown([loan], {loan.id: days(13)}, now=NOW, by="patron")
    assert names(answers[0].reasons) == ["RenewalNotAsShown"]
    assert (Loan.get_by_id(loan.id).due_on, Loan.get_by_id(loan.id).renewals) == (days(2), 0)


def test_a_library_sets_how_much_all_together_has_to_gain(patron):
    loan = factories.loan(patron, days(13))
    policy.put("renew_gain_days", 1)
    assert renewals.renew_all([loan], now=NOW, by="patron", together=True)[0].due_on == days(14)


def test_a_returned_loan_can_not_be_renewed(patron):
    loan = factories.loan(patron, days(3))
    back(loan.item)
    assert renewable(loan) == ["LoanOver"]


# -- lost, damaged, returned they say --------------------------------------------------------------------------------
def test_a_lost_item_is_asked_for_no_more_and_stays_with_its_patron(patron):
    loan = factories.loan(patron, days(-3))
    troubles.report_lost(loan, by=DESK, now=NOW)
    assert Item.get_by_id(loan.item_id).state == "lost"
    assert refused(patron, factories.item()) == []
    assert renewable(loan) == ["LoanUnsettled"]
    assert troubles.unsettled() == [loan]
    troubles.settle(loan, item_state="withdrawn", by=DESK, now=NOW)
    loan = Loan.get_by_id(loan.id)
    assert (loan.returned_on, loan.trouble, loan.item.state) == (TODAY, "", "withdrawn")


def test_a_lost_item_that_turns_up_is_simply_returned(patron):
    loan = factories.loan(patron, days(-3))
    troubles.report_lost(loan, by=DESK, now=NOW)
    assert back(loan.item).what == "shelf"
    loan = Loan.get_by_id(loan.id)
    assert (loan.trouble, loan.item.state, loan.returned_on) == ("", "available", TODAY)


def test_a_claim_is_looked_after(patron):
    loan = factories.loan(patron, days(-3))
    troubles.claim_returned(loan, by="patron", now=NOW)
    assert not loans.is_overdue(Loan.get_by_id(loan.id), today=TODAY)
    troubles.reject_claim(loan, by=DESK, now=NOW)
    assert loans.is_overdue(Loan.get_by_id(loan.id), today=TODAY)


def test_damage_keeps_the_last_borrower_until_it_is_settled(patron):
    loan = back(factories.loan(patron, days(3)).item).loan
    troubles.report_damage(loan, by=DESK, now=NOW)
    night = clock.at(days(1), 0, 5)
    retention.unlink_returned(now=night)
    assert Loan.get_by_id(loan.id).patron == patron
    assert Item.get_by_id(loan.item_id).state == "repair"
    troubles.settle(loan, item_state="available", by=DESK, now=night)
    retention.unlink_returned(now=night)
    assert Loan.get_by_id(loan.id).patron is None
    with pytest.raises(errors.Refusals):
        troubles.report_damage(loan, by=DESK, now=night)


def test_nothing_of_this_is_in_the_record_together_with_a_title(patron):
    loan = factories.loan(patron, days(-3), title=factories.title("とても珍しい書名"))
    troubles.report_lost(loan, by=DESK, now=NOW)
    back(loan.item)
    for row in Audit.select():
        text = str(row.details)
        assert row.patron_id is None or not any(word in text for word in ("とても", loan.item.barcode, "title", "item"))


# -- the night -------------------------------------------------------------------------------------------------------
def test_a_return_entered_today_for_yesterday_is_cut_tonight_and_not_before(patron):
    loan = factories.loan(patron, days(-1))
    back(loan.item, returned_on=days(-1))
    assert retention.unlink_returned(now=clock.at(TODAY, 23)) == {"loans": 0}
    assert retention.unlink_returned(now=clock.at(days(1), 0)) == {"loans": 1}


def test_the_hold_that_led_to_a_loan_goes_with_it(patron):
    item = factories.item()
    holds.place(patron, item.title, pickup_branch=factories.branch("本館"), now=NOW)
    back(item), lend(patron, item), back(item)
    assert Hold.get().state == "collected"
    retention.unlink_returned(now=clock.at(days(1)))
    assert Hold.select().count() == 0
    assert Loan.get().patron is None
    assert LoanNotice.select().count() == 0
