"""予約 from another system: who waits for what, in which order, and that nobody is told again."""

from datetime import date

import pytest

from library import clock, errors
from library.importing import holds
from library.lending.holds import hold_queue, hold_shelf
from models import Hold, HoldNotice, Item, OutboxMail
from tests import factories

TODAY = date(2026, 11, 25)
NOW = clock.at(TODAY, 10)
HEADINGS = "利用者番号,書誌番号,受取館,予約日時,予約順位,連絡方法,状態,登録番号,取置期限"


@pytest.fixture
def people(db):
    return [factories.patron(card_number=f"{number:013}") for number in range(1, 6)]


@pytest.fixture
def title(db):
    """A title whose only copy is out."""
    title = factories.title("こころ", source="csv", source_id="T1")
    factories.loan(factories.patron(), item=factories.item(title, barcode="0001", branch=factories.branch("本館")))
    return title


@pytest.fixture
def bring(read, people, title):
    def bring(*rows, headings=HEADINGS, **options):
        return read(holds, "\n".join([headings, *rows]), **{"now": NOW} | options)

    return bring


def line(card, title="T1", at="", rank="", method="", state="", barcode="", until=""):
    return f"{card},{title},本館,{at},{rank},{method},{state},{barcode},{until}"


def queue(title):
    return [
        hold.patron.card_number[-1] for hold in Hold.select().where(Hold.title == title).order_by(*hold_queue.ORDER)
    ]


def test_holds_of_a_file_stand_in_the_order_of_rank_then_time_then_row(bring, people, title):
    rows = [
        line("0000000000001"),
        line("0000000000002", rank="2", at="2026/11/01 9:00"),
        line("0000000000003", rank="1", at="2026/11/20"),
        line("0000000000004", rank="2", at="2026/11/01 8:59"),
        line("0000000000005"),
    ]
    for dry_run, counts in ((True, (5, 0, 0, 0)), (False, (5, 0, 0, 0)), (False, (0, 0, 5, 0))):
        assert bring(*rows, dry_run=dry_run).counts == counts
    assert queue(title) == ["3", "4", "2", "1", "5"]
    first = Hold.get(Hold.patron == people[1])
    assert (first.placed_at, first.state, first.contact_method) == (clock.at(date(2026, 11, 1), 9), "waiting", "none")


def test_without_ranks_time_and_row_decide(bring, title):
    headings = "利用者番号,書誌番号,受取館,予約日"
    bring(
        "0000000000001,T1,本館,R8.11.3", "0000000000002,T1,本館,2026-11-02", "0000000000003,T1,本館,2026-11-02",
        headings=headings,
    )  # fmt: skip
    assert queue(title) == ["2", "3", "1"]


def test_a_title_is_named_by_a_copy_too(bring, title):
    assert bring(line("0000000000001", title="", barcode="0001")).counts == (1, 0, 0, 0)
    assert Hold.get().title == title and Hold.get().item is None


def test_a_copy_set_aside_before_is_on_the_shelf_and_nobody_is_told_again(bring, people):
    copy = factories.item(
        factories.title(source="csv", source_id="T2"), barcode="0002", branch=factories.branch("東部")
    )
    factories.address(people[0])
    row = line("0000000000001", "T2", method="メール", state="取置済", barcode="0002", until="2026/12/1")
    assert bring(row, dry_run=True).counts == (1, 0, 0, 0) and not Item.get_by_id(copy.id).aside
    assert bring(row).more == {holds.READY: 1}
    hold, copy = Hold.get(), Item.get_by_id(copy.id)
    assert (hold.state, hold.item, hold.pickup_by, hold.contact_method) == ("ready", copy, date(2026, 12, 1), "mail")
    assert (copy.aside, copy.at_branch.name) == (True, "本館")
    assert list(hold_shelf.on_shelf(hold.pickup_branch)) == [hold]
    assert OutboxMail.select().count() == 0 and HoldNotice.get().kind == "ready"
    assert bring(row).counts == (0, 0, 1, 0)


def test_a_copy_without_a_deadline_waits_from_today(bring):
    factories.item(factories.title(source="csv", source_id="T2"), barcode="0002", branch=factories.branch("本館"))
    done = bring(line("0000000000001", "T2", state="取置済", barcode="0002"))
    assert done.mended == [(2, "取置期限")] and Hold.get().pickup_by == date(2026, 12, 2)


def test_a_hold_whose_copy_can_not_be_set_aside_waits(bring):
    done = bring(
        line("0000000000001", state="取置済", barcode="0001"),
        line("0000000000002", state="取置済"),
        line("0000000000003", state="回送中"),
    )
    assert done.counts == (3, 0, 0, 0) and done.emptied == [(2, "状態"), (3, "状態"), (4, "状態")]
    assert {hold.state for hold in Hold.select()} == {"waiting"}


def test_holds_that_are_over_are_left_out(bring):
    done = bring(line("0000000000001", state="取消"), line("0000000000002", state="貸出済"))
    assert done.counts == (0, 0, 0, 0) and done.more == {holds.OVER: 2}


def test_wrong_rows_are_named_and_the_others_go_in(bring):
    factories.branch("東部", pickup=False)
    done = bring(
        line("0000000000009"),
        line("0000000000001", title="T9"),
        line("0000000000001", title=""),
        line("0000000000001", title="", barcode="0009"),
        "0000000000003,T1,,,,,,,",
        "0000000000004,T1,東部,,,,,,",
        line("0000000000002", rank="x", at="いつか", method="手紙", until="x"),
    )
    assert done.refused == [
        (2, "利用者番号"),
        (3, "書誌番号"),
        (4, "書誌番号"),
        (5, "登録番号"),
        (6, "受取館"),
        (7, "受取館"),
    ]
    assert done.emptied == [(8, "連絡方法"), (8, "予約順位"), (8, "予約日時"), (8, "取置期限")]
    assert done.counts == (1, 0, 0, 6)


def test_two_of_one_patron_for_one_title_that_differ_are_refused(bring):
    rows = [line("0000000000001"), line("0000000000002"), line("0000000000001", rank="3"), line("0000000000002")]
    done = bring(*rows)
    assert done.refused == [(2, "利用者番号"), (4, "利用者番号")] and done.counts == (1, 0, 1, 2)


def test_a_branch_that_the_library_lacks_stops_the_file(bring):
    with pytest.raises(errors.ValuesUnknown, match="受取館「西部」1行"):
        bring("0000000000001,T1,西部,,,,,,")


def test_a_copy_that_stands_on_its_shelf_is_fetched_for_the_first(bring):
    other = factories.item(factories.title(source="csv", source_id="T2"), branch=factories.branch("本館"))
    bring(line("0000000000001", "T2", rank="2"), line("0000000000002", "T2", rank="1"))
    assert [(row.item, row.patron.card_number[-1]) for row in hold_shelf.pull_list(other.branch)] == [(other, "2")]
