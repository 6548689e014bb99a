"""A hold that its patron cancelled: for ten minutes it is passed over and counted nowhere, and can be had back as it
was.
"""

import threading
from datetime import date, timedelta

import pytest

from library import clock, errors, policy
from library.counting.list_kinds import KINDS
from library.discovery import availability
from library.lending import loans, returns
from library.lending.holds import cancelling, hold_list, hold_mails, hold_queue, hold_shelf, holds
from library.merging import lines
from library.store import database
from models import Hold, HoldNotice, Item, OutboxMail, database as connection
from tests import factories

TODAY = date(2026, 11, 25)
NOW = clock.at(TODAY, 10)
SOON, LATER = NOW + timedelta(minutes=9), NOW + timedelta(minutes=10)
DESK = "staff:desk"


def place(patron, title, **given):
    return holds.place(patron, title, **{"pickup_branch": factories.branch("本館"), "now": NOW} | given)


def back(item, **given):
    return returns.give_back(item, **{"at": factories.branch("本館"), "now": NOW} | given)


def lent():
    title = factories.title()
    factories.loan(factories.patron(), TODAY + timedelta(days=5), item=factories.item(title, branch=factories.branch()))
    return title


def copy_of(title):
    return title.items.get()


def state(hold):
    return Hold.get_by_id(hold.id).state


def mailed():
    patron = factories.patron()
    factories.address(patron)
    factories.preference(patron, "hold", to_pc=True)
    return patron


def why_not(rule, *given, **more):
    with pytest.raises(errors.Refusals) as caught:
        rule(*given, **more)
    return [type(reason).__name__ for reason in caught.value.reasons]


@pytest.fixture
def line(db):
    """Three who wait for one copy, in this order."""
    title = lent()
    return [place(factories.patron(), title, now=NOW - timedelta(hours=3 - number)) for number in range(3)]


# -- the ten minutes -------------------------------------------------------------------------------------------------
def test_it_is_passed_over_and_nobody_counts_it(line):
    first, second, third = line
    assert cancelling.give_up(first, now=NOW).cancel_at == LATER
    assert [hold_list.turn_of(hold) for hold in (second, third)] == [1, 2]
    assert hold_list.waiting_by_title([first.title_id]) == {first.title_id: 2}
    assert availability.for_titles([first.title_id])[first.title_id].waiting == 2
    assert hold_list.count_open(first.patron) == 0
    (row,) = hold_list.for_patron(first.patron, today=TODAY)
    assert (row.words, row.turn, row.wait) == ("取消", None, None)
    assert back(copy_of(first.title)).hold == second
    assert state(first) == "waiting"


def test_it_is_had_back_in_its_place(line):
    first, second, _ = line
    cancelling.give_up(first, now=NOW)
    assert cancelling.restore(first, now=SOON).cancel_at is None
    assert [hold_list.turn_of(hold) for hold in (first, second)] == [1, 2]
    assert back(copy_of(first.title)).hold == first


def test_two_presses_are_one(line):
    first = line[0]
    cancelling.give_up(first, now=NOW)
    assert why_not(cancelling.give_up, first, now=SOON) == ["HoldGivenUp"]
    assert Hold.get_by_id(first.id).cancel_at == LATER
    cancelling.restore(first, now=SOON)
    assert cancelling.restore(first, now=SOON).cancel_at is None


def test_after_ten_minutes_it_is_cancelled(line):
    first = line[0]
    cancelling.give_up(first, now=NOW)
    assert cancelling.finish(now=SOON) == {"cancelled": 0}
    assert why_not(cancelling.restore, first, now=LATER) == ["HoldOver"]
    assert cancelling.finish(now=LATER) == {"cancelled": 1}
    over = Hold.get_by_id(first.id)
    assert (over.state, over.reason, over.cancel_at, over.ended_at) == ("cancelled", "patron", None, LATER)
    assert cancelling.finish(now=LATER) == {"cancelled": 0}
    assert why_not(cancelling.give_up, first, now=LATER) == ["HoldOver"]


def test_any_change_of_the_line_ends_what_is_over(line):
    """The job may not have come by."""
    first = line[0]
    cancelling.give_up(first, now=NOW)
    place(factories.patron(), first.title, now=LATER)
    assert state(first) == "cancelled"


def test_the_library_sets_the_minutes(line):
    policy.put("undo_minutes", 3)
    assert cancelling.give_up(line[0], now=NOW).cancel_at == NOW + timedelta(minutes=3)


@pytest.mark.parametrize(
    "change",
    [
        lambda hold: holds.suspend(hold, TODAY + timedelta(days=9), now=NOW),
        lambda hold: holds.resume(hold, now=NOW),
        lambda hold: holds.yield_turn(hold, now=NOW),
        lambda hold: holds.change_pickup(hold, hold.pickup_branch, now=NOW),
    ],
)
def test_nothing_of_it_is_changed_meanwhile(line, change):
    cancelling.give_up(line[0], now=NOW)
    assert why_not(change, line[0]) == ["HoldGivenUp"]


def test_a_turn_is_yielded_to_somebody_who_wants_it(line):
    first, second, third = line
    cancelling.give_up(second, now=NOW)
    holds.yield_turn(first, now=NOW)
    assert [hold_list.turn_of(hold) for hold in (third, first)] == [1, 2]


# -- a copy that is kept ---------------------------------------------------------------------------------------------
def test_its_copy_stays_until_then_and_goes_to_the_next(line):
    first, second, _ = line
    item = copy_of(first.title)
    back(item)
    cancelling.give_up(first, now=NOW)
    assert (state(first), state(second), Item.get_by_id(item.id).aside) == ("ready", "waiting", True)
    cancelling.finish(now=LATER)
    assert (state(first), state(second)) == ("cancelled", "ready")


def test_a_pull_list_takes_the_next_and_gives_back(db):
    title = factories.title()
    factories.item(title)
    first, second = place(factories.patron(), title), place(factories.patron(), title, now=SOON)
    assert (state(first), state(second)) == ("preparing", "waiting")
    cancelling.give_up(first, now=SOON)
    assert (state(first), state(second)) == ("waiting", "preparing")
    cancelling.restore(first, now=SOON)
    assert (state(first), state(second)) == ("preparing", "waiting")


def test_nobody_is_told_of_it(db):
    hold = place(mailed(), lent(), contact_method="mail")
    back(copy_of(hold.title))
    cancelling.give_up(hold, now=NOW)
    assert hold_mails.letter(OutboxMail.get(), today=TODAY) is None
    assert hold_shelf.open_of(hold.patron) == []
    assert hold_shelf.start_clocks(now=NOW) == {"started": 0, "never_open": 0}
    cancelling.restore(hold, now=SOON)
    letters = [hold_mails.letter(mail, today=TODAY) for mail in OutboxMail.select()]
    assert [letter.holds[0].title for letter in letters if letter] == ["こころ"]


def test_a_patron_who_was_told_is_not_told_again(db):
    hold = place(mailed(), lent(), contact_method="mail")
    back(copy_of(hold.title))
    OutboxMail.update(state="sent", sent_at=NOW).execute()
    cancelling.give_up(hold, now=NOW)
    cancelling.restore(hold, now=SOON)
    assert (OutboxMail.select().count(), HoldNotice.select().count()) == (1, 1)


def test_a_copy_that_arrives_meanwhile_is_told_when_it_is_had_back(db):
    east = factories.branch("東部")
    hold = place(mailed(), lent(), contact_method="mail", pickup_branch=east)
    item = copy_of(hold.title)
    back(item)
    cancelling.give_up(hold, now=NOW)
    back(item, at=east, now=SOON)
    assert (state(hold), OutboxMail.select().count()) == ("ready", 0)
    cancelling.restore(hold, now=SOON)
    assert OutboxMail.get().kind == "hold_ready"


def test_a_patron_who_borrows_it_after_all_has_it(line):
    first = line[0]
    item = copy_of(first.title)
    back(item)
    cancelling.give_up(first, now=NOW)
    loans.check_out(first.patron, item, branch=item.branch, now=SOON, by=DESK)
    assert state(first) == "collected"
    assert cancelling.finish(now=LATER) == {"cancelled": 0}


def test_the_desk_need_not_wait_and_nobody_is_told(db):
    hold = place(mailed(), lent(), contact_method="mail")
    cancelling.give_up(hold, now=NOW)
    holds.cancel(hold, by=DESK, now=SOON)
    assert (Hold.get_by_id(hold.id).reason, OutboxMail.select().count()) == ("patron", 0)


# -- reserving again -------------------------------------------------------------------------------------------------
def test_reserving_again_takes_the_old_place_with_the_new_choice(line):
    first = line[0]
    east = factories.branch("東部")
    cancelling.give_up(first, now=NOW)
    until = TODAY + timedelta(days=3)
    again = place(
        first.patron, first.title, pickup_branch=east, contact_method="phone", now=SOON, suspended_until=until
    )
    assert (again.id, again.cancel_at, again.placed_at) == (first.id, None, NOW - timedelta(hours=3))
    assert (again.pickup_branch, again.contact_method, again.suspended_until) == (east, "phone", until)
    assert hold_list.turn_of(again) == 1


def test_reserving_again_leaves_the_copy_where_it_is(line):
    first = line[0]
    back(copy_of(first.title))
    cancelling.give_up(first, now=NOW)
    again = place(first.patron, first.title, pickup_branch=factories.branch("東部"), now=SOON)
    assert (again.id, again.state, again.pickup_branch.name) == (first.id, "ready", "本館")


def test_reserving_later_is_a_new_hold_at_the_end(line):
    first = line[0]
    cancelling.give_up(first, now=NOW)
    again = place(first.patron, first.title, now=LATER)
    assert again.id != first.id
    assert hold_list.turn_of(again) == 3


def test_it_leaves_room_for_another_and_then_stays_cancelled(db):
    policy.put("hold_limit", 1)
    hold = place(factories.patron(), lent())
    cancelling.give_up(hold, now=NOW)
    place(hold.patron, lent(), now=SOON)
    assert why_not(cancelling.restore, hold, now=SOON) == ["HoldLimitReached"]
    assert Hold.get_by_id(hold.id).cancel_at == LATER


def test_two_places_in_merged_lines_are_one_that_is_wanted(db):
    patron, title, other = factories.patron(), lent(), lent()
    given_up, wanted = place(patron, title), place(patron, other, now=SOON)
    cancelling.give_up(given_up, now=SOON)
    with database.writing():
        lines.serve_next(lines.join(title.id, other.id, now=SOON), title.id, now=SOON)
    left = Hold.get(Hold.state == "waiting")
    assert (left.id, left.cancel_at, state(wanted)) == (given_up.id, None, "cancelled")


# -- who else looks --------------------------------------------------------------------------------------------------
def test_the_desk_s_list_of_holds_has_it_no_more(line):
    cancelling.give_up(line[0], now=NOW)
    assert [hold.id for hold in KINDS["holds"].rows((Hold.id,), TODAY)] == [hold.id for hold in line[1:]]


# -- together --------------------------------------------------------------------------------------------------------
def test_the_job_and_the_patron_at_once_agree(line):
    """Whoever is first wins: it is had back and stays, or it is over and can't be had back."""
    first = line[0]
    cancelling.give_up(first, now=NOW)
    outcomes, start = [], threading.Barrier(3)

    def run(rule, *given, **more):
        with connection.connection_context():
            start.wait()
            try:
                rule(*given, **more)
                outcomes.append((rule.__name__, True))
            except errors.Refusals:
                outcomes.append((rule.__name__, False))

    threads = [
        threading.Thread(target=run, args=(cancelling.restore, first), kwargs={"now": SOON}),
        threading.Thread(target=run, args=(cancelling.restore, first), kwargs={"now": SOON}),
        threading.Thread(target=run, args=(cancelling.finish,), kwargs={"now": LATER}),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ended = Hold.get_by_id(first.id)
    restored = sum(done for name, done in outcomes if name == "restore")
    assert (ended.state, ended.cancel_at, restored) in [("waiting", None, 2), ("cancelled", None, 0)]


# -- the days of its steps -------------------------------------------------------------------------------------------
def test_the_days_of_its_steps_are_written_down(db):
    east = factories.branch("東部")
    title = factories.title()
    item = factories.item(title, branch=factories.branch("本館"))
    hold = place(factories.patron(), title, pickup_branch=east)
    assert Hold.get_by_id(hold.id).preparing_on == TODAY
    day = timedelta(days=1)
    back(item, now=NOW + day)
    back(item, at=east, now=NOW + 2 * day)
    hold = Hold.get_by_id(hold.id)
    assert (hold.preparing_on, hold.sent_on, hold.on_shelf_on) == (TODAY, TODAY + day, TODAY + 2 * day)


def test_a_copy_that_is_there_was_sent_nowhere_and_one_that_is_lost_leaves_no_day(line):
    first = line[0]
    item = copy_of(first.title)
    back(item)
    kept = Hold.get_by_id(first.id)
    assert (kept.preparing_on, kept.sent_on, kept.on_shelf_on) == (TODAY, None, TODAY)
    with database.writing():
        hold_queue.back_in_line(kept)
    waiting = Hold.get_by_id(first.id)
    assert (waiting.state, waiting.preparing_on, waiting.sent_on) == ("waiting", None, None)
