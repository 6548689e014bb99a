"""Queues, copies for those who are first, the shelf and its clock, and the cart."""

from datetime import date, timedelta

import pytest

from library import clock, errors, policy
from library.account import retention
from library.discovery import availability
from library.lending import item_states, loans, returns
from library.lending.holds import cart, hold_list, hold_mails, hold_shelf, hold_states, holds
from library.store import database
from models import Audit, CartRow, Hold, HoldGroup, HoldNotice, Item, OutboxMail, Patron, PatronAddress
from tests import factories

TODAY = date(2026, 11, 25)
NOW = clock.at(TODAY, 10)
DESK = "staff:desk"


def days(number):
    return TODAY + timedelta(days=number)


def at(number, hour=10):
    return clock.at(days(number), hour)


def main():
    return factories.branch("本館")


def reader(**given):
    return factories.patron(**given)


def mailed(**given):
    """A patron whom mail about holds reaches."""
    patron = factories.patron(**given)
    factories.address(patron)
    factories.preference(patron, "hold", to_pc=True)
    return patron


def place(patron, title, *, branch=None, now=NOW, **given):
    return holds.place(patron, title, pickup_branch=branch or main(), now=now, **given)


def back(item, *, branch=None, now=NOW):
    return returns.give_back(item, at=branch or main(), now=now)


def lent_title(copies=1, branch=None):
    """A title all of whose copies are out."""
    title = factories.title()
    for _ in range(copies):
        factories.loan(reader(), days(5), item=factories.item(title, branch=branch or main()))
    return title


def copy_of(title):
    return title.items.order_by(Item.id).first()


def now_is(hold):
    return Hold.get_by_id(hold.id)


def state(hold):
    return now_is(hold).state


def names(reasons):
    return [type(reason).__name__ for reason in reasons]


def refused(patron, title):
    return names(holds.place_refusals(patron, title, today=TODAY))


def why_not(rule, *given, **more):
    with pytest.raises(errors.Refusals) as caught:
        rule(*given, **more)
    return names(caught.value.reasons)


# -- placing ---------------------------------------------------------------------------------------------------------
def test_first_come_first_served(db):
    title = lent_title()
    first, second = place(reader(), title), place(reader(), title)
    assert [hold_list.turn_of(hold) for hold in (first, second)] == [1, 2]
    assert hold_states.words(first, 1) == "予約中（1番目）"
    assert back(copy_of(title)).hold == first
    assert (state(first), state(second)) == ("ready", "waiting")


def test_one_place_per_title_and_none_for_what_one_has(patron):
    title = lent_title()
    place(patron, title)
    assert refused(patron, title) == ["AlreadyHeld"]
    mine = factories.loan(patron, days(5)).item.title
    assert refused(patron, mine) == ["AlreadyBorrowed"]


def test_all_reasons_are_told_at_once(db):
    patron = reader(state="suspended", expires_on=days(-1))
    factories.loan(patron, days(-1))
    for _ in range(10):
        factories.hold(patron)
    assert refused(patron, factories.title()) == [
        "CardSuspended", "CardExpired", "HasOverdue", "TitleHasNoCopy", "HoldLimitReached",
    ]  # fmt: skip


def test_holds_that_are_ready_count_and_those_that_are_over_do_not(patron):
    policy.put("hold_limit", 1)
    hold = place(patron, lent_title())
    assert refused(patron, lent_title()) == ["HoldLimitReached"]
    back(copy_of(hold.title))
    assert refused(patron, lent_title()) == ["HoldLimitReached"]
    holds.cancel(hold, by="patron", now=NOW)
    assert refused(patron, lent_title()) == []


def test_kinds_and_copies_that_are_not_reserved(patron):
    policy.put_row("", "雑誌", holdable=False)
    policy.put_row("", "CD", hold_limit=1)
    assert refused(patron, factories.item(factories.title(material_type="雑誌")).title) == ["KindNotHeld"]
    assert refused(patron, factories.item(state="reference").title) == ["TitleHasNoCopy"]
    place(patron, factories.item(factories.title(material_type="CD")).title)
    assert refused(patron, factories.item(factories.title(material_type="CD")).title) == ["HoldKindLimitReached"]


def test_a_library_may_refuse_holds_on_what_is_in(patron):
    title = factories.item().title
    assert refused(patron, title) == []
    policy.put("holds_on_shelf", False)
    assert refused(patron, title) == ["TitleIsIn"]


def test_the_choice_of_branch_and_contact_is_checked(patron):
    closed = factories.branch("移動図書館", pickup=False)
    given = {"pickup_branch": closed, "contact_method": "mail", "now": NOW}
    assert why_not(holds.place, patron, lent_title(), **given) == ["BranchHandsOutNoHolds", "MailGoesNowhere"]


# -- copies that are in ----------------------------------------------------------------------------------------------
def test_a_copy_that_is_in_is_on_the_pull_list_of_its_branch(patron):
    east = factories.branch("東部")
    item = factories.item(branch=east)
    hold = place(patron, item.title)
    assert (state(hold), hold_states.words(hold)) == ("preparing", "準備中")
    assert hold_shelf.pull_list(east) == [hold] and hold_shelf.pull_list(main()) == []
    found = back(item, branch=east)
    assert (found.what, found.to, state(hold)) == ("hold", main(), "in_transit")
    assert hold_shelf.to_send(east) == [item]
    back(item, branch=main())
    assert state(hold) == "ready" and hold_shelf.on_shelf(main()) == [hold]


def test_a_visitor_who_takes_it_first_wins_and_the_list_goes_on(patron):
    title = factories.title()
    first, second = factories.item(title), factories.item(title, branch=factories.branch("東部"))
    hold = place(patron, title)
    assert now_is(hold).item == first
    loans.check_out(reader(), first, branch=main(), now=NOW, by=DESK)
    assert (state(hold), now_is(hold).item) == ("preparing", second)
    loans.check_out(reader(), second, branch=main(), now=NOW, by=DESK)
    assert (state(hold), now_is(hold).item) == ("waiting", None)


def test_the_copy_at_the_pickup_branch_is_fetched_rather(patron):
    title = factories.title()
    factories.item(title, branch=factories.branch("東部"))
    near = factories.item(title, branch=main())
    assert place(patron, title).item == near


def test_a_copy_that_is_not_found_is_missing(patron):
    item = factories.item()
    hold = place(patron, item.title)
    item_states.mark_missing(hold, by=DESK, now=NOW)
    assert (state(hold), Item.get_by_id(item.id).state) == ("waiting", "missing")
    assert back(item).hold == hold


def test_a_copy_that_comes_back_sooner_is_taken_and_the_other_stays(patron):
    title = lent_title()
    other = factories.item(title, branch=factories.branch("東部"))
    hold = place(patron, title)
    assert now_is(hold).item == other
    back(copy_of(title))
    assert (state(hold), now_is(hold).item) == ("ready", copy_of(title))
    assert hold_shelf.pull_list(other.branch) == []


# -- the shelf and its clock -----------------------------------------------------------------------------------------
def ready(patron=None, **given):
    title = lent_title()
    hold = place(patron or reader(), title, **given)
    back(copy_of(title))
    return now_is(hold)


def test_without_contact_the_clock_starts_the_day_after(db):
    hold = ready()
    assert (hold.told_on, hold.pickup_by) == (TODAY, days(7))
    assert hold_states.words(hold) == "受取可（2026年12月2日(水)まで）"


def test_it_runs_in_open_days_of_the_pickup_branch(db):
    east = factories.branch("東部", closed_weekdays="0")
    title = lent_title()
    hold = place(reader(), title, branch=east)
    back(copy_of(title)), back(copy_of(title), branch=east)
    assert now_is(hold).pickup_by == days(8)


def test_by_phone_it_starts_when_the_desk_has_called(db):
    hold = ready(contact_method="phone")
    assert hold.pickup_by is None and hold_states.words(hold) == "受取可"
    hold_shelf.start_clocks(now=at(9))
    assert now_is(hold).pickup_by is None and hold_shelf.to_contact(main()) == [hold]
    hold_shelf.contacted(hold, by=DESK, now=at(2))
    assert now_is(hold).pickup_by == days(9) and hold_shelf.to_contact(main()) == []
    hold_shelf.contacted(hold, by=DESK, now=at(3))
    assert now_is(hold).pickup_by == days(9)


def test_by_mail_it_starts_when_the_mail_was_sent(db):
    hold = ready(mailed(), contact_method="mail")
    assert hold_shelf.start_clocks(now=at(1))["started"] == 0
    OutboxMail.update(state="sent", sent_at=at(1, 23)).execute()
    assert hold_shelf.start_clocks(now=at(2)) == {"started": 1, "never_open": 0}
    assert (now_is(hold).told_on, now_is(hold).pickup_by) == (days(1), days(8))


def test_a_holder_without_mail_is_to_be_called_and_the_clock_starts_by_itself_after_three_open_days(db):
    hold = ready(mailed(), contact_method="mail")
    OutboxMail.update(state="failed").execute()
    assert hold_shelf.to_contact(main()) == [hold]
    hold_shelf.start_clocks(now=at(2))
    assert now_is(hold).pickup_by is None
    hold_shelf.start_clocks(now=at(3))
    assert (now_is(hold).told_on, now_is(hold).pickup_by) == (days(3), days(10))


def test_an_address_that_died_since_is_the_same(db):
    patron = mailed()
    title = lent_title()
    hold = place(patron, title, contact_method="mail")
    PatronAddress.update(undeliverable_at=NOW).execute()
    back(copy_of(title))
    assert OutboxMail.select().count() == 0 and hold_shelf.to_contact(main()) == [hold]


def test_a_branch_that_never_opens_lets_nothing_expire(db, caplog):
    policy.put("holidays_shift", False)
    main()
    factories.Branch.update(closed_weekdays="0123456").execute()
    hold = ready()
    assert (hold.state, hold.pickup_by) == ("ready", None)
    assert "開館日がありません" in caplog.text
    factories.Branch.update(closed_weekdays="").execute()
    assert hold_shelf.start_clocks(now=at(1))["started"] == 1
    assert now_is(hold).pickup_by == days(7)


def test_it_expires_strictly_after_its_last_day_and_the_next_is_told_once(db):
    title = lent_title()
    first = place(reader(), title)
    second = place(mailed(), title, contact_method="mail")
    back(copy_of(title))
    assert hold_shelf.expire(now=at(7, 23)) == {"expired": 0}
    assert hold_shelf.expire(now=at(8, 0)) == {"expired": 1}
    assert hold_shelf.expire(now=at(8, 1)) == {"expired": 0}
    assert (state(first), state(second), now_is(second).item) == ("expired", "ready", copy_of(title))
    assert [mail.facts for mail in OutboxMail.select()] == [{"holds": [second.id]}]
    assert hold_states.REASONS[now_is(first).reason] == "受取期限が過ぎたため"


def test_a_copy_that_nobody_wants_any_more_is_to_be_put_back(db):
    hold = ready()
    item = hold.item
    assert hold_shelf.to_reshelve(main()) == []
    hold_shelf.expire(now=at(8))
    assert hold_shelf.to_reshelve(main()) == [item]
    assert availability.for_titles([hold.title_id])[hold.title_id].kind == "none"
    assert back(item, now=at(8)).what == "shelf"
    assert hold_shelf.to_reshelve(main()) == []
    assert availability.for_titles([hold.title_id])[hold.title_id].kind == "in"


def test_a_copy_behind_the_desk_goes_to_whoever_comes_next(db):
    hold = ready()
    hold_shelf.expire(now=at(8))
    late = place(reader(), hold.title, now=at(8))
    assert state(late) == "waiting"
    assert back(hold.item, now=at(8)).hold == late


def test_it_can_be_kept_longer_once(db):
    hold = ready()
    assert hold_shelf.extend(hold, now=at(2)).pickup_by == days(14)
    assert names(hold_shelf.extend_refusals(now_is(hold), today=days(3))) == ["ExtendedAlready"]


def test_not_while_somebody_waits_nor_before_it_is_ready(db):
    hold = ready()
    place(reader(), hold.title)
    assert why_not(hold_shelf.extend, hold, now=NOW) == ["NextIsWaiting"]
    assert why_not(hold_shelf.extend, place(reader(), lent_title()), now=NOW) == ["HoldNotReady"]


# -- cancelling, letting others go first, other branches ---------------------------------------------------------------
def test_cancelling_lets_the_next_have_it(db):
    title = lent_title()
    first, second = place(reader(), title), place(reader(), title)
    back(copy_of(title))
    holds.cancel(first, by="patron", now=NOW)
    assert (state(first), state(second)) == ("cancelled", "ready")
    assert why_not(holds.cancel, first, by="patron", now=NOW) == ["HoldOver"]


def test_one_under_way_is_passed_on_when_it_arrives(db):
    east = factories.branch("東部")
    title = lent_title()
    first, second = place(reader(), title, branch=east), place(reader(), title)
    back(copy_of(title))
    holds.cancel(first, by="patron", now=NOW)
    assert (state(second), Item.get_by_id(copy_of(title).id).going_to) == ("waiting", east)
    assert back(copy_of(title), branch=east).to == main()
    assert state(second) == "in_transit"


def test_the_library_says_so_when_it_cancels(db):
    hold = place(mailed(), lent_title(), contact_method="mail")
    holds.cancel(hold, by=DESK, now=NOW)
    assert OutboxMail.get().kind == "hold_ended"
    letter = hold_mails.letter(OutboxMail.get(), today=TODAY)
    assert (letter.holds[0].title, letter.holds[0].reason) == ("こころ", "図書館で取り消しました")
    assert Audit.get(Audit.action == "hold.cancelled").details == {}


def test_cancelled_and_expired_ones_are_shown_for_sixty_days(patron):
    hold = place(patron, lent_title())
    holds.cancel(hold, by="patron", now=NOW)
    (row,) = hold_list.for_patron(patron, today=days(60))
    assert (row.words, row.reason) == ("取消", "ご本人の取消")
    assert hold_list.for_patron(patron, today=days(61)) == []
    assert retention.clean_up(now=at(59))["holds"] == 0
    assert retention.clean_up(now=at(61))["holds"] == 1


def test_a_suspended_hold_is_passed_over_and_keeps_its_place(db):
    title = lent_title(2)
    first, second = place(reader(), title), place(reader(), title)
    holds.suspend(first, days(10), now=NOW)
    copies = list(title.items.order_by(Item.id))
    assert back(copies[0]).hold == second
    assert hold_list.turn_of(first) == 1
    assert back(copies[1], now=at(10)).hold is None
    hold_shelf.advance_all(now=at(10))
    assert state(first) == "waiting"
    hold_shelf.advance_all(now=at(11))
    assert state(first) == "preparing"


def test_a_suspension_ends_before_its_day_if_one_wants(patron):
    item = factories.item()
    hold = holds.suspend(place(patron, item.title), days(10), now=NOW)
    assert (hold.state, hold_shelf.pull_list(main())) == ("waiting", [])
    assert holds.resume(hold, now=NOW).state == "preparing"
    assert why_not(holds.suspend, hold, TODAY, now=NOW) == ["SuspensionInThePast"]


def test_one_may_let_the_next_go_first(db):
    title = lent_title()
    first, second, third = (place(reader(), title) for _ in range(3))
    holds.yield_turn(first, now=NOW)
    assert [hold_list.turn_of(hold) for hold in (first, second, third)] == [2, 1, 3]
    holds.yield_turn(first, now=NOW)
    assert why_not(holds.yield_turn, first, now=NOW) == ["NobodyBehind"]
    assert back(copy_of(title)).hold == second
    assert why_not(holds.yield_turn, second, now=NOW) == ["HoldHasCopy"]
    late = place(reader(), title)
    assert hold_list.turn_of(late) == 3


def test_letting_go_first_hands_over_the_copy_that_is_fetched(db):
    item = factories.item()
    first, second = place(reader(), item.title), place(reader(), item.title)
    holds.yield_turn(first, now=NOW)
    assert (state(first), state(second)) == ("waiting", "preparing")


def test_the_pickup_branch_can_be_changed_until_it_is_there(db):
    east = factories.branch("東部")
    title = lent_title()
    hold = place(reader(), title, branch=east)
    back(copy_of(title))
    holds.change_pickup(hold, main(), now=NOW)
    assert Item.get_by_id(copy_of(title).id).going_to == main()
    assert back(copy_of(title)).hold == hold and state(hold) == "ready"
    assert why_not(holds.change_pickup, hold, east, now=NOW) == ["HoldOnShelf"]


# -- cards that are blocked, copies that are gone ----------------------------------------------------------------------
def block(patron, now=NOW):
    with database.writing():
        Patron.update(state="suspended").where(Patron.id == patron.id).execute()
        holds.card_changed(patron, now=now)


def test_a_copy_set_aside_for_a_blocked_card_goes_to_the_next_and_the_place_in_line_stays(db):
    title = lent_title()
    patron = mailed()
    first, second = place(patron, title, contact_method="mail"), place(reader(), title)
    back(copy_of(title))
    block(patron)
    assert (state(first), state(second), hold_list.turn_of(first)) == ("waiting", "ready", 1)
    assert hold_mails.letter(OutboxMail.get(), today=TODAY) is None
    with database.writing():
        Patron.update(state="active").where(Patron.id == patron.id).execute()
        holds.card_changed(patron, now=NOW)
    holds.cancel(second, by="patron", now=NOW)
    assert state(first) == "ready"


@pytest.mark.parametrize("given", [{"state": "suspended"}, {"expires_on": days(-1)}])
def test_cards_that_can_not_borrow_are_passed_over(db, given):
    title = lent_title()
    patron = reader()
    first, second = place(patron, title), place(reader(), title)
    Patron.update(given).where(Patron.id == patron.id).execute()
    assert back(copy_of(title)).hold == second
    assert state(first) == "waiting"


@pytest.mark.parametrize("lost", ["lost", "missing", "repair"])
def test_a_copy_on_the_shelf_that_is_lost_lets_its_patron_wait_on(db, lost):
    hold = ready()
    item_states.change(hold.item, lost, by=DESK, now=NOW)
    assert (state(hold), now_is(hold).item, hold_list.turn_of(hold)) == ("waiting", None, 1)
    assert hold_shelf.on_shelf(main()) == hold_shelf.to_reshelve(main()) == []


@pytest.mark.parametrize("behind_the_desk", ["withdrawn", "lent"])
def test_a_copy_changed_by_an_import_is_caught_up_in_the_night(db, behind_the_desk):
    hold = ready()
    if behind_the_desk == "lent":
        factories.loan(reader(), days(14), item=hold.item)
    else:
        Item.update(state="withdrawn").where(Item.id == hold.item_id).execute()
    hold_shelf.advance_all(now=at(1, 0))
    assert (state(hold), now_is(hold).item) == ("waiting", None)


# -- lending ---------------------------------------------------------------------------------------------------------
def test_lending_any_copy_to_its_patron_closes_the_hold_and_frees_the_other(db):
    title = lent_title()
    patron = reader()
    first, second = place(patron, title), place(reader(), title)
    back(copy_of(title))
    other = factories.item(title)
    loans.check_out(patron, other, branch=main(), now=NOW, by=DESK)
    assert (state(first), state(second), now_is(second).item) == ("collected", "ready", copy_of(title))


def test_a_copy_set_aside_is_lent_to_others_with_a_reason_only(db):
    hold = ready(mailed(), contact_method="mail")
    patron = reader()
    assert names(loans.check_out_refusals(patron, hold.item, today=TODAY)) == ["HeldForAnother"]
    loans.check_out(patron, hold.item, branch=main(), now=NOW, by=DESK, override="本人が譲った")
    assert (state(hold), now_is(hold).item, hold_list.turn_of(hold)) == ("waiting", None, 1)
    assert not Item.get_by_id(hold.item_id).aside
    back(hold.item)
    assert state(hold) == "ready"
    assert hold_mails.letter(OutboxMail.select().order_by(OutboxMail.id.desc()).get(), today=TODAY).holds


def test_that_somebody_was_told_of_the_copy_is_said_before_it_is_lent_to_another(db):
    hold = ready(contact_method="phone")
    other = reader()
    assert names(loans.check_out_refusals(other, hold.item, today=TODAY)) == ["HeldForAnother"]
    hold_shelf.contacted(hold, by=DESK, now=NOW)
    reasons = loans.check_out_refusals(other, hold.item, today=TODAY)
    assert names(reasons) == ["HeldForAnother", "HolderWasTold"]
    assert "11月25日(水)にお知らせしています" in reasons[1].sentence
    unasked = ready()
    assert names(loans.check_out_refusals(other, unasked.item, today=TODAY)) == ["HeldForAnother"]


# -- groups ----------------------------------------------------------------------------------------------------------
def volumes(patron, kind, count=3):
    titles = [lent_title() for _ in range(count)]
    for title in titles:
        factories.cart_row(patron, title)
    answers = cart.place(patron, titles, pickup_branch=main(), contact_method="none", order=kind, now=NOW)
    return titles, [answer.hold for answer in answers]


def test_a_later_volume_comes_after_the_earlier_was_lent(patron):
    titles, (first, second, third) = volumes(patron, "in_order")
    assert back(copy_of(titles[1])).hold is None
    assert (state(first), state(second)) == ("waiting", "waiting")
    back(copy_of(titles[0]))
    assert (state(first), state(second)) == ("ready", "waiting")
    loans.check_out(patron, copy_of(titles[0]), branch=main(), now=NOW, by=DESK)
    assert (state(second), state(third)) == ("preparing", "waiting")


def test_an_earlier_volume_that_is_cancelled_holds_nothing_up(patron):
    titles, (first, second, _) = volumes(patron, "in_order")
    back(copy_of(titles[1]))
    holds.cancel(first, by="patron", now=NOW)
    assert state(second) == "preparing"


def test_of_any_one_the_first_to_come_cancels_the_rest(db):
    patron, other = mailed(), reader()
    titles, (first, second, third) = volumes(patron, "any_one")
    behind = place(other, titles[0])
    assert back(copy_of(titles[1])).hold == second
    assert [state(hold) for hold in (first, second, third)] == ["cancelled", "ready", "cancelled"]
    assert hold_states.REASONS[now_is(first).reason].startswith("「いずれか一つ」")
    assert back(copy_of(titles[0])).hold == behind
    assert OutboxMail.select().count() == 0


def test_groups_go_with_their_last_hold(patron):
    _, placed = volumes(patron, "any_one", 2)
    for hold in placed:
        holds.cancel(hold, by="patron", now=NOW)
    retention.clean_up(now=at(61))
    assert HoldGroup.select().count() == 0


# -- the wait, and what a list says ------------------------------------------------------------------------------------
def test_a_hold_that_ends_while_its_list_is_read_is_told_all_the_same(db):
    title = lent_title(1)
    first, second = place(reader(), title), place(reader(), title)
    Hold.update(state="cancelled", ended_at=NOW).where(Hold.id == first.id).execute()
    assert hold_list.turn_of(first) == 2 and hold_list.turn_of(second) == 1
    assert holds.yield_refusals(first)


def wait_of(hold):
    copies = hold_list.copies_to_come([hold.title_id]).get(hold.title_id, 0)
    return hold_list.estimate(hold, hold_list.turn_of(hold), copies, policy.read())


def test_the_wait_is_a_range_of_copies_loan_days_and_place(db):
    title = lent_title(2)
    rows = [place(reader(), title) for _ in range(3)]
    assert [wait_of(hold) for hold in rows] == [
        hold_list.Wait(0, 21), hold_list.Wait(0, 21), hold_list.Wait(14, 42),
    ]  # fmt: skip
    Item.update(state="lost").execute()
    assert wait_of(rows[0]) is None


def test_a_patrons_list_has_what_is_ready_first_and_says_what_can_be_done(patron):
    waiting = place(patron, lent_title())
    place(reader(), waiting.title)
    shelf = ready(patron)
    first, second = hold_list.for_patron(patron, today=TODAY)
    assert (first.hold, second.hold, second.turn, second.wait) == (shelf, waiting, 1, hold_list.Wait(0, 21))
    assert {name: names(reasons) for name, reasons in first.refusals.items()} == {
        "cancel": [], "suspend": ["HoldHasCopy"], "yield": ["HoldHasCopy"], "change": ["HoldOnShelf"],
    }  # fmt: skip
    assert all(reasons == [] for reasons in second.refusals.values())
    assert hold_list.count_open(patron) == 2


# -- mails -----------------------------------------------------------------------------------------------------------
def test_holds_that_become_ready_together_stand_in_one_mail(db):
    patron = mailed()
    rows = [ready(patron, contact_method="mail") for _ in range(3)]
    assert OutboxMail.get().facts == {"holds": [hold.id for hold in rows]}
    OutboxMail.update(state="sent", sent_at=NOW).execute()
    later = ready(patron, contact_method="mail")
    assert OutboxMail.select().count() == 2
    hold_shelf.start_clocks(now=NOW)
    assert [now_is(hold).pickup_by for hold in (*rows, later)] == [days(7)] * 3 + [None]


def test_a_mail_tells_the_deadline_that_it_starts(db):
    ready(mailed(), contact_method="mail")
    assert hold_mails.letter(OutboxMail.get(), today=days(1)).holds[0].pickup_by == days(8)


def test_the_deadline_is_told_two_days_before_once_and_a_missed_day_is_caught_up(db):
    hold = ready(mailed(), contact_method="mail")
    hold_shelf.contacted(hold, by=DESK, now=NOW)
    OutboxMail.delete().execute()
    assert [hold_shelf.remind(now=at(day))["mails"] for day in (4, 6, 7)] == [0, 1, 0]
    assert OutboxMail.get().kind == "hold_deadline"
    hold_shelf.extend(hold, now=at(7))
    assert [hold_shelf.remind(now=at(day))["mails"] for day in (8, 12)] == [0, 1]


def test_a_patron_who_collected_meanwhile_hears_nothing(db):
    patron = mailed()
    hold = ready(patron, contact_method="mail")
    loans.check_out(patron, hold.item, branch=main(), now=NOW, by=DESK)
    assert hold_mails.letter(OutboxMail.get(), today=TODAY) is None


@pytest.mark.parametrize("given", [{"undeliverable_at": NOW}, {"kind": "mobile"}, {"address": "new@example.jp"}])
def test_nor_who_can_not_be_reached_there_any_more(db, given):
    ready(mailed(), contact_method="mail")
    PatronAddress.update(given).execute()
    assert hold_mails.letter(OutboxMail.get(), today=TODAY) is None


def test_the_night_after_the_return_no_mail_tells_what_was_reserved(db):
    patron = mailed()
    hold = ready(patron, contact_method="mail")
    OutboxMail.update(state="sent", sent_at=NOW, text="こころ", subject="件名").execute()
    loans.check_out(patron, hold.item, branch=main(), now=NOW, by=DESK)
    back(hold.item)
    retention.unlink_returned(now=at(1, 0))
    mail = OutboxMail.get()
    assert (mail.text, mail.facts) == ("", {})
    assert Hold.select().count() == HoldNotice.select().count() == 0


# -- the cart --------------------------------------------------------------------------------------------------------
def test_a_cart_holds_titles_up_to_its_limit(patron):
    policy.put("cart_limit", 2)
    first, second, third = (factories.title() for _ in range(3))
    cart.add(patron, first, now=NOW)
    assert why_not(cart.add, patron, first, now=NOW) == ["InCartAlready"]
    cart.add(patron, second, now=at(1))
    assert why_not(cart.add, patron, third, now=NOW) == ["CartFull"]
    assert [row.title for row in cart.rows(patron)] == [first, second]
    assert cart.remove(patron, [first, third]) == 1 and cart.count(patron) == 1


def in_cart(patron):
    return [f"{row.title.title}{row.title.volume}" for row in cart.rows(patron)]


def test_a_cart_is_in_the_order_of_adding_and_volumes_in_theirs(patron):
    for name, volume in (("明暗", "下"), ("門", ""), ("明暗", "上"), ("道草", ""), ("明暗", "中")):
        cart.add(patron, factories.title(name, volume=volume), now=NOW)
    assert in_cart(patron) == ["明暗上", "明暗中", "明暗下", "門", "道草"]


def test_a_cart_is_brought_into_another_order_and_that_is_the_order_of_the_holds(patron):
    titles = [factories.item(factories.title(name)).title for name in "甲乙丙"]
    for title in titles:
        cart.add(patron, title, now=NOW)
    assert [cart.move(patron, titles[2], -1) for _ in range(3)] == [2, 1, 1]
    assert [cart.move(patron, titles[0], 1) for _ in range(2)] == [3, 3]
    assert in_cart(patron) == ["丙", "乙", "甲"]
    cart.remove(patron, [titles[1]])
    cart.add(patron, titles[1], now=NOW)
    assert in_cart(patron) == ["丙", "甲", "乙"]
    chosen = [row.title for row in cart.rows(patron)]
    answers = cart.place(patron, chosen, pickup_branch=main(), contact_method="none", order="in_order", now=NOW)
    assert [state(answer.hold) for answer in answers] == ["preparing", "waiting", "waiting"]
    assert why_not(cart.move, patron, titles[0], 1) == ["CartRowsGone"]


def test_a_refused_title_stays_in_the_cart_with_its_reason(patron):
    policy.put("hold_limit", 2)
    gone = factories.title()
    titles = [lent_title(), gone, lent_title(), lent_title()]
    for title in titles:
        factories.cart_row(patron, title)
    assert [names(answer.reasons) for answer in cart.preview(holds.Standing(patron, today=TODAY), titles)] == [
        [],
        ["TitleHasNoCopy"],
        [],
        [],
    ]
    answers = cart.place(patron, titles, pickup_branch=main(), contact_method="none", now=NOW)
    assert [names(answer.reasons) for answer in answers] == [
        [], ["TitleHasNoCopy"], [], ["HoldLimitReached"],
    ]  # fmt: skip
    assert [row.title for row in cart.rows(patron)] == [gone, titles[3]]


def test_a_wrong_choice_places_nothing(patron):
    title = lent_title()
    factories.cart_row(patron, title)
    given = {"pickup_branch": main(), "contact_method": "mail", "order": "in_order", "now": NOW}
    assert why_not(cart.place, patron, [title], **given) == ["MailGoesNowhere", "OneAloneHasNoOrder"]
    assert CartRow.select().count() == 1 and Hold.select().count() == 0


# -- how it looks to others --------------------------------------------------------------------------------------------
def test_a_copy_that_is_fetched_is_still_in_and_one_that_is_kept_is_not(patron):
    item = factories.item()
    place(patron, item.title)
    assert availability.for_titles([item.title_id])[item.title_id].kind == "in"
    back(item)
    assert availability.for_titles([item.title_id])[item.title_id].kind == "none"


def test_a_change_that_the_table_does_not_know_is_a_mistake(patron):
    hold = place(patron, lent_title())
    with pytest.raises(KeyError):
        hold_states.move(hold, "expired")
