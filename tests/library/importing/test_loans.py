from datetime import date, timedelta

import pytest

from library import clock, errors, policy
from library.facts import use_facts
from library.importing import loans
from library.lending import overdue, returns
from library.lending.holds import hold_list, hold_shelf, holds
from models import Hold, Item, Loan, LoanNotice, OutboxMail, UseFact
from tests import factories

TODAY = date(2026, 11, 25)
NOW = clock.at(TODAY, 10)
HEADINGS = "登録番号,利用者番号,貸出日,返却期限日"


@pytest.fixture
def people(db):
    return factories.patron(card_number="0000000000017"), factories.patron(card_number="0000000000025")


@pytest.fixture
def copies(db):
    return [factories.item(barcode=f"{number:04}") for number in range(1, 21)]


@pytest.fixture
def bring(read, people, copies):
    def bring(*rows, headings=HEADINGS, **options):
        return read(loans, "\n".join([headings, *rows]), **{"now": NOW} | options)

    return bring


def line(number, card="0000000000017", lent="2026-11-11", due="2026-11-25"):
    return f"{number:04},{card},{lent},{due}"


def open_codes():
    return {loan.item.barcode for loan in Loan.select().where(Loan.returned_on.is_null())}


def test_a_loan_comes_in_once(bring, people, copies):
    assert bring(line(1), line(2)).counts == (2, 0, 0, 0)
    assert bring(line(1), line(2)).counts == (0, 0, 2, 0)
    loan = Loan.get(Loan.item == copies[0])
    assert (loan.patron, loan.branch, loan.lent_on, loan.due_on) == (
        people[0],
        copies[0].branch,
        date(2026, 11, 11),
        date(2026, 11, 25),
    )


def test_the_branch_of_a_loan_is_in_the_file_or_where_the_item_stands(bring):
    east = factories.branch("東部")
    bring("0001,0000000000017,2026-11-11,2026-11-25,東部", headings=HEADINGS + ",貸出館")
    assert Loan.get().branch == east


def test_another_due_date_is_a_renewal_and_an_earlier_one_a_correction(bring):
    bring(line(1))
    assert bring(line(1, due="2026-12-09")).counts == (0, 1, 0, 0)
    assert (Loan.get().due_on, Loan.get().renewals) == (date(2026, 12, 9), 1)
    bring(line(1, due="2026-12-08"))
    assert (Loan.get().due_on, Loan.get().renewals) == (date(2026, 12, 8), 1)


def test_an_item_that_was_lent_anew_has_come_back_before(bring, people):
    bring(line(1))
    done = bring(line(1, card="0000000000025", lent="2026-11-20", due="2026-12-04"))
    assert done.counts == (1, 0, 0, 0) and done.more == {"返却": 1}
    first, second = Loan.select().order_by(Loan.id)
    assert (first.returned_on, second.patron, second.returned_on) == (date(2026, 11, 20), people[1], None)


def test_a_loan_closed_by_mistake_is_opened_again(bring):
    bring(line(1))
    Loan.update(returned_on=TODAY).execute()
    assert bring(line(1)).counts == (0, 1, 0, 0)
    assert Loan.select().count() == 1 and Loan.get().returned_on is None


def test_wrong_rows_are_named_and_the_others_go_in(bring):
    bring(line(9, card="0000000000025", lent="2026-11-20"))
    done = bring(
        line(99),
        line(2, card="0000000000033"),
        line(3, card="17"),
        line(4, lent="きのう"),
        line(5, due="2026-11-10"),
        "0006,0000000000017,2026-11-11,",
        line(7),
        line(7, card="0000000000025"),
        line(9),
    )
    assert done.refused == [
        (2, "登録番号"),
        (3, "利用者番号"),
        (4, "利用者番号"),
        (5, "貸出日"),
        (6, "返却期限日"),
        (7, "返却期限日"),
        (8, "登録番号"),
        (9, "登録番号"),
        (10, "貸出日"),
    ]
    assert done.counts == (0, 0, 0, 9)
    assert open_codes() == {"0009"}


def test_without_a_snapshot_what_is_missing_stays_out(bring):
    bring(line(1), line(2))
    bring(line(1))
    assert open_codes() == {"0001", "0002"}


def test_a_loan_missing_in_a_snapshot_was_returned_today(bring):
    bring(*map(line, range(1, 21)))
    done = bring(*map(line, range(1, 19)), snapshot=True)
    assert done.counts == (0, 0, 18, 0) and done.more == {"返却": 2}
    returned = Loan.select().where(Loan.returned_on.is_null(False))
    assert {loan.item.barcode for loan in returned} == {"0019", "0020"}
    assert {loan.returned_on for loan in returned} == {TODAY}


# -- 督促 ------------------------------------------------------------------------------------------------------------
def late(number, days, card="0000000000017"):
    return line(number, card, lent="2026-08-01", due=str(TODAY - timedelta(days=days)))


def asked_for(days_later):
    """The barcodes that 督促 asks for on a morning so many days after the import."""
    overdue.queue(now=NOW + timedelta(days=days_later))
    asked = set()
    for mail in OutboxMail.select():
        asked |= {Loan.get_by_id(loan).item.barcode for loan, _ in mail.facts["loans"]}
    OutboxMail.delete().execute()
    return asked


def test_a_loan_chased_by_the_other_system_is_chased_again_at_the_next_stage_only(bring, people):
    factories.address(people[0])
    rows = [late(1, 5), late(2, 7), late(3, 20), late(4, 60), line(5)]
    for dry_run in (True, False):
        done = bring(*rows, dry_run=dry_run)
        assert (done.counts, done.more) == ((5, 0, 0, 0), {loans.ASKED: 3})
    assert bring(*rows).more == {}
    assert asked_for(0) == set(), "the first morning"
    assert asked_for(2) == {"0001"}, "seven days late"
    assert asked_for(7) == {"0002", "0005"}, "14 days late, and seven"
    assert asked_for(8) == {"0003"}, "28 days late"
    assert [loan.item.barcode for _, found in overdue.to_print(today=TODAY) for loan in found] == [
        "0004",
        "0003",
        "0002",
    ]


def test_a_due_date_that_a_file_moves_into_the_past_is_asked_for_at_the_next_stage_only(bring, people):
    factories.address(people[0])
    bring(line(1, due="2026-12-09"))
    done = bring(line(1, due="2026-11-15"))
    assert (done.counts, done.more) == ((0, 1, 0, 0), {loans.ASKED: 1})
    assert (asked_for(0), asked_for(4)) == (set(), {"0001"})


def test_other_stages_do_not_ask_for_what_was_reached_before_the_import(bring, people):
    factories.address(people[0])
    bring(late(1, 20))
    policy.put("overdue_stages", [3, 19, 25])
    assert (asked_for(0), asked_for(5)) == (set(), {"0001"})


def test_a_loan_that_is_known_before_it_is_late_is_asked_for_here(bring, people):
    factories.address(people[0])
    bring(line(1))
    bring(line(1), now=NOW + timedelta(days=7))
    assert asked_for(7) == {"0001"}


def test_a_snapshot_that_returns_more_than_a_tenth_is_stopped_whole(bring):
    bring(*map(line, range(1, 21)))
    with pytest.raises(errors.SnapshotReturnsTooMany, match="20点のうち3点"):
        bring(line(1, due="2026-12-09"), *map(line, range(2, 18)), snapshot=True)
    assert len(open_codes()) == 20
    assert Loan.select().where(Loan.renewals > 0).count() == 0
    done = bring(*map(line, range(1, 18)), snapshot=True, sure=True)
    assert done.more == {"返却": 3} and len(open_codes()) == 17


def test_a_snapshot_with_a_refused_row_is_stopped_whole(bring):
    bring(*map(line, range(1, 21)))
    rows = [line(1, due="2026-12-09"), line(2, due="x"), *map(line, range(3, 20))]
    with pytest.raises(errors.SnapshotHasRefusals, match="1行"):
        bring(*rows, snapshot=True)
    assert len(open_codes()) == 20 and Loan.select().where(Loan.renewals > 0).count() == 0
    done = bring(*rows, snapshot=True, sure=True)
    assert done.counts == (0, 1, 17, 1)
    assert "0002" in open_codes(), "an item in a refused row is still out"
    assert "0020" not in open_codes()


def test_an_empty_snapshot_is_stopped(bring):
    bring(line(1))
    with pytest.raises(errors.SnapshotReturnsTooMany):
        bring(snapshot=True)


def test_a_snapshot_of_one_branch_returns_loans_of_that_branch_alone(bring):
    east = factories.branch("東部")
    Loan.delete().execute()
    bring(*[f"{line(number)},東部" for number in range(1, 12)], headings=HEADINGS + ",貸出館")
    bring(line(12), line(13))
    done = bring(*map(line, range(1, 11)), snapshot=True, branch=east)
    assert done.more == {"返却": 1}
    assert open_codes() == {f"{number:04}" for number in (*range(1, 11), 12, 13)}


def test_a_dry_run_says_what_a_snapshot_would_do_and_does_nothing(bring):
    bring(*map(line, range(1, 21)))
    done = bring(line(1, due="2026-12-09"), *map(line, range(2, 20)), snapshot=True, dry_run=True)
    assert done.counts == (0, 1, 18, 0) and done.more == {"返却": 1}
    assert len(open_codes()) == 20 and Loan.select().where(Loan.renewals > 0).count() == 0


# -- what follows from a loan, wherever it was made ------------------------------------------------------------------
def reserved(patron, copy, *, state, method="none"):
    """A hold of a copy that is out, as it is after the copy came back."""
    factories.loan(factories.patron(), item=copy)
    hold = holds.place(patron, copy.title, pickup_branch=copy.branch, contact_method=method, now=NOW)
    returns.give_back(copy, at=copy.branch, now=NOW)
    assert Hold.get_by_id(hold.id).state == state
    return hold


def test_a_copy_that_was_set_aside_and_is_lent_to_another_is_promised_to_nobody(bring, people, copies):
    first = reserved(people[1], copies[0], state="ready")
    holds.place(factories.patron(), copies[0].title, pickup_branch=copies[0].branch, now=NOW)
    bring(line(1))
    hold, copy = Hold.get_by_id(first.id), Item.get_by_id(copies[0].id)
    assert (hold.state, hold.item, hold.pickup_by, hold_list.turn_of(hold)) == ("waiting", None, None, 1)
    assert not copy.aside and hold_shelf.on_shelf(copy.branch) == hold_shelf.to_reshelve(copy.branch) == []


def test_a_copy_that_was_to_be_fetched_is_taken_off_the_list_and_another_put_on_it(bring, people, copies):
    other = factories.item(copies[0].title)
    hold = holds.place(people[1], copies[0].title, pickup_branch=copies[0].branch, now=NOW)
    assert Hold.get_by_id(hold.id).item == copies[0]
    bring(line(1))
    assert [row.item for row in hold_shelf.pull_list(copies[0].branch)] == [other]


def test_the_hold_of_the_borrower_is_collected_and_what_was_kept_goes_to_the_next(bring, people, copies):
    other = factories.item(copies[0].title, barcode="0099")
    factories.loan(factories.patron(), item=other)
    mine = reserved(people[0], copies[0], state="ready")
    next_one = holds.place(people[1], copies[0].title, pickup_branch=copies[0].branch, now=NOW)
    bring("0099,0000000000017,2026-11-25,2026-12-09")
    assert [Hold.get_by_id(hold.id).state for hold in (mine, next_one)] == ["collected", "ready"]
    assert Hold.get_by_id(mine.id).loan.item == other


def test_a_dry_run_breaks_no_promise(bring, people, copies):
    hold = reserved(people[1], copies[0], state="ready")
    bring(line(1), dry_run=True)
    assert Hold.get_by_id(hold.id).state == "ready" and Item.get_by_id(copies[0].id).aside


def test_a_copy_returned_by_a_snapshot_is_on_the_list_of_the_next_holder(bring, people, copies):
    bring(line(1), line(2))
    hold = holds.place(people[1], copies[0].title, pickup_branch=copies[0].branch, now=NOW)
    bring(line(2), snapshot=True, sure=True)
    assert (Hold.get_by_id(hold.id).state, Hold.get_by_id(hold.id).item) == ("preparing", copies[0])


def test_statistics_count_what_was_lent_elsewhere(bring, people):
    use_facts.begin(date(2026, 1, 1))
    bring(line(1))
    fact = UseFact.get()
    assert (fact.channel, fact.category, fact.age_group) == ("import", "一般", "40-49")


# -- more columns ----------------------------------------------------------------------------------------------------
MORE = f"{HEADINGS},貸出館,返却日,延長回数,督促回数,通知済"


def test_loans_that_have_come_back_are_left_out(bring):
    done = bring(f"{line(1)},,2026/11/20,,,", f"{line(1, card='0000000000025')},,00000000,,,", headings=MORE)
    assert done.counts == (1, 0, 0, 0) and done.more == {loans.SKIPPED_ROWS: 1}
    assert (open_codes(), Loan.get().patron.card_number) == ({"0001"}, "0000000000025")


def test_renewals_are_counted_as_the_other_system_did(bring):
    bring(f"{line(1)},,,2,,", headings=MORE)
    assert Loan.get().renewals == 2
    assert bring(f"{line(1)},,,2,,", headings=MORE).counts == (0, 0, 1, 0)
    bring(f"{line(1, due='2026-12-09')},,,3,,", headings=MORE)
    assert (Loan.get().renewals, Loan.get().due_on) == (3, date(2026, 12, 9))


def test_a_loan_chased_twice_is_chased_here_at_the_third_stage(bring, people):
    factories.address(people[0])
    bring(f"{late(1, 3)},,,,2,", headings=MORE)
    assert (asked_for(5), asked_for(12), asked_for(25)) == (set(), set(), {"0001"})


def test_a_due_notice_that_the_other_system_sent_is_not_sent_again(bring):
    bring(f"{line(1)},,,,,1", line(2) + ",,,,,", headings=MORE)
    assert [(row.loan.item.barcode, row.kind, row.due_on) for row in LoanNotice.select()] == [("0001", "due", TODAY)]


def test_a_copy_and_a_card_are_found_without_their_zeros(bring, people):
    policy.put("item_forms", [{"id": 1, "length": 4, "pads": True, "is_for_new": True}])
    policy.put("card_forms", [{"id": 1, "length": 13, "pads": True, "is_for_new": True}])
    assert bring("7,17,H38.11.11,平成38年11月25日").refused == [(2, "貸出日")], "days of lending end with their era"
    done = bring("7,17,R8.11.11,平成38年11月25日")
    assert (done.counts, done.warned) == ((1, 0, 0, 0), [(2, "返却期限日")])
    assert (open_codes(), Loan.get().patron) == ({"0007"}, people[0])


def test_a_branch_that_the_library_lacks_stops_the_file(bring):
    with pytest.raises(errors.ValuesUnknown, match="貸出館「西部」1行"):
        bring(f"{line(1)},西部", headings=HEADINGS + ",貸出館")
