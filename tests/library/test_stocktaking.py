"""蔵書点検: what is read at the shelves, against what should stand there."""

import csv
import io
from datetime import timedelta

import pytest

from library import clock, errors
from library.counting import stocktaking
from library.lending import loans
from models import Audit, Item, Stocktaking, StocktakingScan
from tests import factories


@pytest.fixture
def here(db):
    return factories.branch("本館")


@pytest.fixture
def session(here):
    return begin(here)


def begin(branch, shelf=""):
    return stocktaking.begin(branch, shelf, by="staff:suzuki", now=clock.now())


def scan(session, text):
    return stocktaking.scan(session, text, now=clock.now())[0].verdict


def close(session, set_missing=True):
    return stocktaking.close(session, set_missing=set_missing, by="staff:suzuki", now=clock.now())


def missing(session):
    return sorted(item.barcode for item in stocktaking.missing(session))


def copy(**given):
    return factories.item(factories.title("こころ"), **given)


def test_each_number_is_told_for_what_it_is(session, patron):
    away = factories.branch("東部")
    lent = copy()
    factories.loan(patron, item=lent)
    for barcode, verdict in (
        (copy(shelf="児童").barcode, "ok"),
        (copy(state="reference").barcode, "ok"),
        (copy(branch=away).barcode, "elsewhere"),
        (lent.barcode, "on_loan"),
        (copy(aside=True).barcode, "kept"),
        (copy(going_to=away).barcode, "kept"),
        (copy(state="missing").barcode, "found"),
        (copy(state="withdrawn").barcode, "withdrawn"),
        ("99999", "unknown"),
    ):
        assert scan(session, barcode) == verdict, verdict
    assert stocktaking.tally(session) == {
        "ok": 2, "elsewhere": 1, "shelf": 0, "on_loan": 1, "kept": 2, "found": 1, "withdrawn": 1, "unknown": 1,
    }  # fmt: skip


def test_on_one_shelf_a_copy_of_another_is_misplaced_and_nothing_else_is_missed(here):
    session = begin(here, "児童")
    at_home, away = copy(shelf="児童"), copy(shelf="開架")
    assert (scan(session, at_home.barcode), scan(session, away.barcode)) == ("ok", "shelf")
    lost = copy(shelf="児童")
    copy(shelf="開架")
    assert missing(session) == [lost.barcode]


def test_a_number_scanned_twice_counts_once(session):
    item = copy(barcode="0100000001")
    first = stocktaking.scan(session, "Ａ0100000001A", now=clock.now())
    again = stocktaking.scan(session, "0100000001", now=clock.now())
    assert (first[1], again[1]) == (True, False) and first[0] == again[0] and first[0].item == item
    stocktaking.scan(session, "x" * 500, now=clock.now())
    assert StocktakingScan.select().count() == 2


def test_numbers_that_stand_twice_in_a_file_count_once_and_the_latest_come_first(session):
    for barcode in ("0100000001", "0100000002"):
        copy(barcode=barcode)
    lines = ["0100000001", "A0100000001A", "0100-000002", "x"]
    assert stocktaking.scan_many(session, lines, now=clock.now()) == 3
    assert [each.barcode for each in stocktaking.latest(session, 2)] == ["X", "0100000002"]


def test_missing_is_what_should_stand_there_and_nobody_read(session, patron):
    read, lost, lent, other = copy(), copy(), copy(), factories.branch("東部")
    factories.loan(patron, item=lent)
    for elsewhere in (
        {"branch": other},
        {"aside": True},
        {"going_to": other},
        {"state": "repair"},
        {"at_branch": other},
    ):
        copy(**elsewhere)
    scan(session, read.barcode)
    assert missing(session) == [lost.barcode]


def test_a_copy_that_moves_meanwhile_is_not_missing(session, patron, moved_clock):
    back, lent, kept = copy(), copy(), copy()
    loan = factories.loan(patron, item=back)
    assert missing(session) == sorted([lent.barcode, kept.barcode])
    moved_clock.now += timedelta(hours=1)
    loans.give_back(loan, today=clock.today())
    factories.loan(patron, item=lent)
    copy(acquired_on=clock.today())
    assert missing(session) == [kept.barcode]


def test_a_copy_lent_after_its_scan_was_on_its_shelf(session, patron):
    item = copy()
    assert scan(session, item.barcode) == "ok"
    factories.loan(patron, item=item)
    assert scan(session, item.barcode) == "ok"


def test_closing_makes_the_missing_ones_unknown_of_place_and_nothing_can_be_read_after(session, patron):
    read, lost, lent = copy(), copy(), copy()
    factories.loan(patron, item=lent)
    scan(session, read.barcode)
    assert close(session) == 1
    states = {item.barcode: item.state for item in Item.select()}
    assert states == {read.barcode: "available", lost.barcode: "missing", lent.barcode: "available"}
    assert Stocktaking.get().missing == 1 and Audit.get(Audit.action == "stocktaking.closed").details["count"] == 1
    with pytest.raises(errors.StocktakingClosed):
        scan(session, lost.barcode)
    with pytest.raises(errors.StocktakingClosed):
        close(session)


def test_closing_may_leave_the_states_alone_and_many_are_set_in_parts(session, here):
    for _ in range(stocktaking.A_FEW + 3):
        copy()
    assert close(session, set_missing=False) == 0
    assert not Item.select().where(Item.state == "missing").exists()
    assert close(begin(here)) == stocktaking.A_FEW + 3


def test_so_many_are_not_missing_but_were_not_read(session, monkeypatch):
    monkeypatch.setattr(stocktaking, "MOST_MISSING", 2)
    for _ in range(3):
        copy()
    with pytest.raises(errors.TooManyMissing):
        close(session)
    assert Stocktaking.get().closed_at is None and not Item.select().where(Item.state == "missing").exists()


def test_two_branches_are_counted_beside_one_another(session, here):
    other = factories.branch("東部")
    theirs, ours = copy(branch=other), copy()
    second = begin(other)
    assert (scan(second, theirs.barcode), scan(session, theirs.barcode)) == ("ok", "elsewhere")
    assert missing(second) == [] and missing(session) == [ours.barcode]


# -- files -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "content",
    [
        b"0100000001\r\n0100000002\r\n",
        b'"A0100000001A"\n\n"0100000002"',
        "\ufeff日時,登録番号\n2026-11-25,0100000001\n2026-11-25,0100000002\n".encode(),
        "資料番号\t場所\n0100000001\t開架\n0100000002\t".encode("cp932"),
        "0100000001\n0100000002\n".encode("utf-16"),
    ],
)
def test_files_of_scanners_are_read_whatever_they_look_like(content, session):
    for barcode in ("0100000001", "0100000002"):
        copy(barcode=barcode)
    numbers = stocktaking.read_file(content)
    assert stocktaking.scan_many(session, numbers, now=clock.now()) == 2
    assert stocktaking.scan_many(session, numbers, now=clock.now()) == 0
    assert stocktaking.tally(session)["ok"] == 2


@pytest.mark.parametrize("content", [b"", b"\n\n", b"PK\x03\x04" + b"\x00" * 99, b"x" * 101, b"1\n" * 20_001])
def test_a_file_that_is_no_list_of_numbers_is_refused(content):
    with pytest.raises(errors.ScansUnreadable):
        stocktaking.read_file(content)


def test_the_result_comes_out_as_a_table_in_which_nothing_is_a_formula(session):
    lost, read = copy(shelf="=1+1", call_number="913.6 ナ"), copy()
    scan(session, read.barcode)
    scan(session, "-5")
    text = "".join(stocktaking.write_csv(session))
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert rows[0] == list(stocktaking.HEADINGS)
    assert rows[1] == ["見つからない資料", lost.barcode, "こころ", "本館", "'=1+1", "913.6 ナ", ""]
    assert rows[2][:3] == ["登録のない番号", "'-5", ""]
    assert rows[3][:2] == ["この場所の資料", read.barcode] and rows[3][6] == "2026-11-25 10:42"
