"""記録の取り込み: what was done without the server comes in on its day, once, in whatever order it is sent."""

import uuid
from datetime import date, timedelta

import pytest

from library import clock, errors
from library.account import retention
from library.offline import entries
from models import Audit, HistoryEntry, Hold, Item, Loan, OfflineEntry
from tests import factories

YESTERDAY = timedelta(days=1)


def entry(kind, item, patron=None, ago=YESTERDAY, **given):
    """An act with this copy, so long ago; copies and cards may be texts."""
    values = {
        "key": str(uuid.uuid4()),
        "barcode": getattr(item, "barcode", item),
        "card": getattr(patron, "card_number", patron) or "",
        "at": clock.now() - ago,
    }
    return entries.Entry(kind=kind, **values | given)


def take(*some, now=None):
    return entries.take(some, at=factories.branch("本館"), by="staff:a", now=now or clock.now())


def conflicts():
    return [row.conflict for row in OfflineEntry.select().where(OfflineEntry.conflict != "").order_by(OfflineEntry.at)]


def open_loan(item):
    return Loan.get_or_none(Loan.item == item, Loan.returned_on.is_null())


def test_a_loan_is_of_its_day_and_due_from_there(patron):
    item = factories.item()
    assert take(entry("loan", item, patron)) == (1, 0, 0)
    loan = open_loan(item)
    assert (loan.patron, loan.lent_on, loan.due_on) == (patron, date(2026, 11, 24), date(2026, 12, 8))


def test_a_later_due_day_that_the_patron_was_told_holds(patron):
    first, second, third = (factories.item() for _ in range(3))
    take(
        entry("loan", first, patron, due_on=date(2026, 12, 20)),
        entry("loan", second, patron, due_on=date(2026, 12, 1)),
        entry("loan", third, patron, due_on=date(2030, 1, 1)),
    )
    assert [open_loan(item).due_on.day for item in (first, second, third)] == [20, 8, 8]


def test_a_return_is_of_its_day_and_late_from_there(patron):
    loan = factories.loan(patron, due_on=date(2026, 11, 24))
    take(entry("return", loan.item))
    loan = Loan.get_by_id(loan.id)
    assert (loan.returned_on, loan.returned_at) == (date(2026, 11, 24), clock.now())


def test_the_same_again_does_nothing(patron):
    lent, back = factories.item(), factories.loan(patron)
    both = [entry("loan", lent, patron), entry("return", back.item)]
    assert take(*both) == (2, 0, 0)
    before = list(Loan.select().order_by(Loan.id).dicts())
    assert take(*both) == take(*both[::-1]) == (0, 0, 2)
    assert list(Loan.select().order_by(Loan.id).dicts()) == before
    assert OfflineEntry.select().count() == 2


def test_settled_entries_name_nobody(patron):
    take(entry("loan", factories.item(), patron, why="カードを忘れた"))
    row = OfflineEntry.get()
    assert (row.card, row.barcode, row.why, row.due_on, row.patron, row.item) == ("", "", "", None, None, None)


def test_broken_rules_are_recorded_and_written_down_without_the_title(patron):
    patron.state = "suspended"
    patron.save()
    item = factories.item(factories.title("秘密の本"), state="reference")
    take(entry("loan", item, patron, why="館長の了解"))
    assert open_loan(item).patron == patron
    row = Audit.get(Audit.action == "loan.offline")
    assert (row.patron, row.actor) == (patron, "staff:a")
    assert (row.details["reasons"], row.details["why"]) == (["CardSuspended", "ItemNotLendable"], "館長の了解")


def test_each_entry_that_is_applied_leaves_a_row_with_the_card_or_the_copy(patron):
    lent, back, old = factories.item(), factories.loan(factories.patron()).item, factories.item()
    take(entry("loan", lent, patron), entry("return", back), entry("loan", old, patron, ago=timedelta(days=15)))
    rows = Audit.select().where(Audit.action.endswith(".offline"))
    told = {(row.action, row.actor, row.patron, row.details.get("copy")) for row in rows}
    assert told == {
        ("loan.offline", "staff:a", patron, None),
        ("return.offline", "staff:a", None, back.barcode),
    }


def test_an_entry_that_came_in_time_is_tried_again_after_a_month(patron, moved_clock):
    late = factories.item()
    take(entry("loan", late, "4242"))
    patron.card_number = "4242"
    patron.save()
    entries.try_again(OfflineEntry.get().id, by="staff:a", now=moved_clock.now + timedelta(days=30))
    assert open_loan(late).patron == patron


def test_numbers_are_read_as_at_the_desk(patron):
    item = factories.item(barcode="0000000017")
    take(entry("loan", "A0000000017A", f"ａ{patron.card_number}ａ"))
    assert open_loan(item).patron == patron


def test_a_loan_enters_the_history_of_who_keeps_one(patron):
    patron.keep_history = True
    patron.save()
    take(entry("loan", factories.item(factories.title("こころ")), patron))
    assert HistoryEntry.get().lent_on == date(2026, 11, 24)


# -- conflicts ---------------------------------------------------------------------------------------------------------
def test_unknown_numbers_are_listed_with_all_that_was_read(patron):
    take(
        entry("loan", "999", patron, why="本の番号が汚れている"),
        entry("loan", factories.item(), "42"),
        entry("return", "998"),
    )
    assert sorted(conflicts()) == ["unknown_card", "unknown_item", "unknown_item"]
    row = OfflineEntry.get(OfflineEntry.barcode == "999")
    assert (row.card, row.why, row.patron) == (patron.card_number, "本の番号が汚れている", patron)
    assert not Loan.select().exists()


def test_a_copy_that_another_has_is_listed_and_not_lent(patron):
    loan = factories.loan(factories.patron())
    assert take(entry("loan", loan.item, patron)) == (0, 1, 0)
    assert conflicts() == ["out_to_another"] and open_loan(loan.item) == loan


def test_a_copy_that_the_patron_has_already_is_listed_unless_it_is_the_same_loan(patron):
    old = factories.loan(patron, due_on=date(2026, 12, 1))
    item = factories.item()
    take(
        entry("loan", item, patron),
        entry("loan", item, patron, ago=timedelta(hours=25)),
        entry("loan", old.item, patron),
    )
    assert conflicts() == ["out_to_same"]
    assert Loan.select().count() == 2


def test_a_copy_that_is_kept_for_another_is_lent_and_listed(patron):
    item = factories.item()
    factories.hold(factories.patron(), item.title, item=item, state="ready", on_shelf_on=date(2026, 11, 20))
    assert take(entry("loan", item, patron)) == (0, 1, 0)
    assert conflicts() == ["held"] and open_loan(item).patron == patron
    assert Hold.get().state == "waiting"


def test_a_copy_that_somebody_waits_for_comes_back_and_is_listed(patron):
    loan = factories.loan(patron)
    factories.hold(factories.patron(), loan.item.title)
    take(entry("return", loan.item))
    assert conflicts() == ["to_be_held"] and open_loan(loan.item) is None
    assert Hold.get().item == loan.item


def test_a_return_of_a_copy_that_is_not_out_is_listed(patron):
    item = factories.item()
    take(entry("return", item))
    assert conflicts() == ["not_out"]


def test_a_return_of_before_the_loan_does_not_end_it(patron):
    loan = factories.loan(patron, due_on=date(2026, 12, 9), lent_on=date(2026, 11, 25))
    take(entry("return", loan.item), entry("return", loan.item, ago=timedelta(hours=1)))
    assert conflicts() == ["not_out", "lent_that_day"] and open_loan(loan.item) == loan


def test_a_closed_card_gets_nothing(patron):
    patron.state, patron.closed_on = "closed", date(2026, 11, 1)
    patron.save()
    take(entry("loan", factories.item(), patron))
    assert conflicts() == ["card_closed"]


def test_a_loan_that_comes_in_after_a_later_one_is_written_down_as_over(patron):
    item, other = factories.item(), factories.patron()
    factories.loan(other, item=item, lent_on=date(2026, 11, 25), due_on=date(2026, 12, 9))
    take(entry("loan", item, patron))
    loan = Loan.get(Loan.patron == patron)
    assert (loan.lent_on, loan.returned_on) == (date(2026, 11, 24), date(2026, 11, 25))
    take(entry("return", item, ago=timedelta(hours=23)))
    assert Loan.get_by_id(loan.id).returned_on == date(2026, 11, 24)
    assert open_loan(item).patron == other and conflicts() == []


def test_a_loan_beside_one_of_its_day_without_an_hour_is_listed(patron):
    item = factories.item()
    days = {"lent_on": date(2026, 11, 24), "due_on": date(2026, 12, 8), "returned_on": date(2026, 11, 24)}
    factories.loan(factories.patron(), item=item, **days)
    take(entry("loan", item, patron))
    assert conflicts() == ["lent_later"] and open_loan(item) is None


def test_a_return_waits_for_the_loan_that_waits_before_it(patron):
    item, other = factories.item(), factories.patron()
    hours = [timedelta(hours=hours) for hours in (30, 29, 28, 27)]
    first = entry("loan", item, patron, ago=hours[0])
    back, second, again = (
        entry("return", item, ago=hours[1]),
        entry("loan", item, other, ago=hours[2]),
        entry("return", item, ago=hours[3]),
    )
    take(first, second, again)
    assert conflicts() == ["out_to_another", "after_waiting"] and open_loan(item).patron == patron
    take(back)
    assert conflicts() == [] and open_loan(item) is None and Loan.select().count() == 2


@pytest.mark.parametrize("minutes", [-1, 1])
def test_one_loan_that_was_written_down_twice_is_one_although_it_is_over(patron, minutes):
    item = factories.item()
    take(entry("loan", item, patron, ago=timedelta(hours=20)), entry("return", item, ago=timedelta(hours=18)))
    take(entry("loan", item, patron, ago=timedelta(hours=20, minutes=minutes)))
    assert Loan.select().count() == 1 and conflicts() == []


@pytest.mark.parametrize(
    ("ago", "why"),
    [
        (timedelta(minutes=-11), "time"),
        (timedelta(days=-40_000), "time"),
        (timedelta(days=14, minutes=1), "old"),
        (timedelta(days=400_000), "old"),
    ],
)
def test_a_wrong_clock_and_an_old_entry_are_listed_and_not_applied(patron, ago, why):
    take(entry("loan", factories.item(), patron, ago=ago))
    assert conflicts() == [why] and not Loan.select().exists()


def test_a_clock_that_is_a_little_fast_is_not_minded(patron):
    assert take(entry("loan", factories.item(), patron, ago=timedelta(minutes=-9))) == (1, 0, 0)


# -- the order of arrival ----------------------------------------------------------------------------------------------
def story(item, first, second):
    """A copy that comes back, goes out, comes back and goes out again, at two desks in turn."""
    hours = (timedelta(hours=hours) for hours in (30, 29, 28, 27))
    return [
        entry("return", item, ago=next(hours)),
        entry("loan", item, first, ago=next(hours)),
        entry("return", item, ago=next(hours)),
        entry("loan", item, second, ago=next(hours)),
    ]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_desks_are_taken_in_in_either_order(patron, order):
    other = factories.patron()
    loan = factories.loan(patron)
    acts = story(loan.item, other, patron)
    desks = [acts[0::2], acts[1::2]]  # one gave back, the other lent
    for desk in order:
        take(*desks[desk])
    last = open_loan(loan.item)
    assert last is not None and last.patron == patron and last.id != loan.id
    assert Loan.get_by_id(loan.id).returned_on == date(2026, 11, 24)
    assert conflicts() == []


def test_a_return_that_came_before_its_loan_waits_for_it(patron):
    item = factories.item()
    take(entry("return", item, ago=timedelta(hours=20)))
    assert conflicts() == ["not_out"]
    assert take(entry("loan", item, patron, ago=timedelta(hours=21))) == (1, 0, 0)
    assert conflicts() == [] and Loan.get().returned_on == date(2026, 11, 24)


def test_an_entry_killed_before_its_second_try_is_made_up_for_when_all_is_sent_again(patron, monkeypatch):
    item = factories.item()
    back, lent = entry("return", item, ago=timedelta(hours=20)), entry("loan", item, patron, ago=timedelta(hours=21))
    take(back)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(entries, "_try_waiting", kill)
        take(lent)
    assert conflicts() == ["not_out"]
    assert take(lent) == (0, 0, 1)
    assert conflicts() == [] and Loan.get().returned_on == date(2026, 11, 24)


def kill(*_):
    raise KeyboardInterrupt


def test_of_one_copy_only_what_may_have_changed_is_tried_again(patron, monkeypatch):
    item, hours = factories.item(), [timedelta(hours=6 * (50 - place)) for place in range(40)]
    loans = [entry("loan", item, patron, ago=ago) for ago in hours[0::2]]
    take(*[entry("return", item, ago=ago) for ago in hours[1::2]])
    tried, apply = [], entries._apply
    monkeypatch.setattr(entries, "_apply", lambda row, taking: (tried.append(row.id), apply(row, taking))[1])
    take(*loans)
    assert conflicts() == [] and Loan.select().count() == 20
    assert len(tried) < 20 + 2 * 20


# -- settling ----------------------------------------------------------------------------------------------------------
def test_it_is_tried_again_once_the_card_is_there(db):
    item = factories.item()
    take(entry("loan", item, "0000000000042"))
    row = OfflineEntry.get()
    with pytest.raises(errors.StillInConflict, match="まだ取り込めません"):
        entries.try_again(row.id, by="staff:a", now=clock.now())
    patron = factories.patron(card_number="0000000000042")
    entries.try_again(row.id, by="staff:a", now=clock.now())
    assert open_loan(item).patron == patron and conflicts() == []
    with pytest.raises(errors.EntrySettled):
        entries.try_again(row.id, by="staff:a", now=clock.now())


def test_settled_entries_are_erased_and_not_taken_in_again(patron):
    one = entry("loan", "999", patron)
    take(one)
    entries.resolve(OfflineEntry.get().id, by="staff:a", now=clock.now())
    row = OfflineEntry.get()
    assert (row.card, row.barcode, row.patron, row.conflict) == ("", "", None, "")
    assert Audit.get(Audit.action == "offline.resolved").patron == patron
    assert take(one) == (0, 0, 1)
    with pytest.raises(errors.EntrySettled):
        entries.resolve(row.id, by="staff:a", now=clock.now())


def test_settled_entries_are_forgotten_after_a_year_and_waiting_ones_never(patron, moved_clock):
    take(entry("loan", factories.item(), patron), entry("return", "998"))
    moved_clock.now += timedelta(days=366)
    retention.clean_up(now=moved_clock.now)
    assert [row.barcode for row in OfflineEntry.select()] == ["998"]


# -- what is sent ------------------------------------------------------------------------------------------------------
GOOD = {
    "id": "3f0f6b46-6a57-4c0e-9f43-5a5d2a1c0a77",
    "kind": "loan",
    "at": "2026-11-25T01:00:00.123Z",
    "card": "1",
    "item": "2",
}


def test_entries_of_a_browser_are_read():
    found = entries.read([GOOD | {"due": "2026-12-09", "why": "急ぎ\0", "branch": "B1"}])[0]
    assert (found.kind, found.barcode, found.card, found.why, found.branch) == ("loan", "2", "1", "急ぎ", "B1")
    assert found.due_on == date(2026, 12, 9) and found.at.isoformat() == "2026-11-25T01:00:00.123000+00:00"


@pytest.mark.parametrize(
    "forged",
    [
        None, {}, [1], [[]], [GOOD | {"id": "x"}], [GOOD | {"kind": "gift"}], [GOOD | {"at": "2026-11-25T01:00:00"}],
        [GOOD | {"at": 5}],
        [GOOD | {"item": 7}], [GOOD | {"item": ["9" * 5_000]}], [GOOD | {"item": None}], [GOOD | {"card": {"a": 1}}],
         [GOOD | {"due": "soon"}], [{"id": GOOD["id"]}],
        [GOOD | {"at": "0001-01-01T00:00:00+23:00"}],
    ],
)  # fmt: skip
def test_forged_entries_are_refused_whole(forged):
    with pytest.raises(errors.EntriesUnreadable):
        entries.read(forged)


def test_more_than_two_hundred_at_once_are_refused():
    with pytest.raises(errors.TooManyEntries):
        entries.read([GOOD] * 201)
    assert len(entries.read([GOOD] * 200)) == 200


def test_long_numbers_are_cut_and_found_nowhere(patron, db):
    take(*entries.read([GOOD | {"item": "9" * 5_000, "card": "<script>"}]))
    row = OfflineEntry.get()
    assert (len(row.barcode), row.card) == (100, "<script>")
    assert Item.select().count() == 0
