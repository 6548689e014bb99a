"""除籍: copies go with day and reason, are refused while somebody has them, and come back as they were."""

from datetime import timedelta

import pytest

from library import clock, errors
from library.catalog.query import query as queries
from library.catalog.shown import results
from library.counting import register, weeding
from library.lending import copies, item_states, items, loans, troubles, withdrawals
from library.serials import issues
from library.store import engine
from models import Audit, Branch, Item, Loan, Serial
from tests import factories

DESK = "staff:kanri"


def by():
    return {"by": DESK, "now": clock.now()}


def withdraw(*items, reason="複本", day=None, despite=()):
    reasons = dict.fromkeys((item.id for item in items), reason)
    return withdrawals.withdraw(reasons, day or clock.today(), despite=despite, **by())


def stored(item):
    row = Item.get_by_id(item.id)
    return row.state, row.withdrawn_on, row.withdrawn_reason, row.former_state


def test_a_withdrawn_copy_has_its_day_reason_and_former_state_and_gets_it_back(db):
    item, day = factories.item(state="missing"), clock.today() - timedelta(days=3)
    withdraw(item, reason="紛失・不明", day=day)
    assert stored(item) == ("withdrawn", day, "紛失・不明", "missing")
    withdrawals.take_back([item.id], **by())
    assert stored(item) == ("missing", None, "", "")
    assert [(row.action, row.actor) for row in Audit.select().order_by(Audit.id)] == [
        ("item.withdrawn", DESK), ("item.restored", DESK),
    ]  # fmt: skip
    with pytest.raises(errors.Refusals):
        withdrawals.take_back([item.id], **by())


def test_a_copy_on_loan_or_kept_for_a_hold_stays_and_so_do_all_with_it(db, patron):
    lent, free, kept = factories.item(), factories.item(), factories.item()
    factories.loan(patron, item=lent)
    factories.hold(patron, kept.title, state="ready", item=kept)
    for stopped, kind in ((lent, errors.CopyIsLent), (kept, errors.CopyIsKept)):
        with pytest.raises(errors.Refusals) as refused:
            withdraw(free, stopped)
        assert isinstance(refused.value.reasons[0], kind)
    assert {row.state for row in Item.select()} == {"available"}


def test_no_reason_lets_the_desk_lend_a_withdrawn_copy(db, patron):
    item = factories.item()
    withdraw(item)
    with pytest.raises(errors.Refusals) as refused:
        loans.check_out(patron, item, branch=item.branch, override="読みたいとのこと", **by())
    assert refused.value.reasons == [errors.ItemWithdrawn(state="除籍")] and not Loan.select().exists()


def test_a_last_copy_that_somebody_waits_for_goes_only_with_a_tick(db, patron):
    title = factories.title()
    first, second = factories.item(title), factories.item(title, state="lost")
    factories.hold(patron, title)
    with pytest.raises(errors.RefusedTogether) as refused:
        withdraw(first)
    assert refused.value.by_field == {f"despite-{first.id}": [errors.HoldsLoseLastCopy(count=1)]}
    withdraw(first, despite=[first.id])
    assert [(case.waiting, case.is_last) for case in withdrawals.cases([second.id])] == [(1, True)]


@pytest.mark.parametrize("days", [1, -11])
def test_a_day_to_come_or_before_the_accession_is_refused(db, days):
    item = factories.item(acquired_on=clock.today() - timedelta(days=10))
    with pytest.raises(errors.RefusedTogether, match="day"):
        withdraw(item, day=clock.today() + timedelta(days=days))
    with pytest.raises(errors.RefusedTogether, match="reason"):
        withdraw(item, reason="飽きた")


def test_a_title_leaves_the_search_with_its_last_copy_and_comes_back_with_it(db):
    title = factories.catalogued("北越雪譜")
    item = factories.item(title)
    withdraw(item)
    assert results.find(queries.Query(q="北越雪譜")).total == 0
    withdrawals.take_back([item.id], **by())
    assert results.find(queries.Query(q="北越雪譜")).ids == [title.id]


def test_a_number_of_a_withdrawn_copy_goes_to_no_other(db):
    item = factories.item(barcode="0100000001")
    withdraw(item)
    typed = dict.fromkeys((*copies.TEXTS, "acquired_on", "price"), "") | {"branch": str(item.branch_id)}
    values = copies.read(typed | {"barcode": "0100000001", "price": "¥1,980円"})
    assert values["price"] == 1980
    with pytest.raises(errors.RefusedTogether) as refused:
        copies.add(factories.title(), values, today=clock.today(), **by())
    assert refused.value.by_field == {"barcode": [errors.NumberOfWithdrawn()]}
    with pytest.raises(errors.RefusedTogether) as refused:
        copies.read(typed | {"barcode": "0100000002"}, Item.get())
    assert refused.value.by_field == {"barcode": [errors.NumberOfWithdrawn()]}


def test_no_other_way_withdraws_a_copy_or_brings_it_back(db, patron):
    item = factories.item()
    with pytest.raises(errors.Refusals):
        item_states.change(item, "withdrawn", **by())
    loan = loans.check_out(patron, item, branch=Branch.get(), **by()).loan
    troubles.report_lost(loan, **by())
    troubles.settle(Loan.get(), item_state="withdrawn", **by())
    assert stored(item) == ("withdrawn", clock.today(), "弁償による代替", "lost")
    troubles.report_damage(Loan.get(), **by())
    with pytest.raises(errors.Refusals):
        item_states.change(item, "available", **by())
    assert stored(item)[0] == "withdrawn"


# -- candidates ------------------------------------------------------------------------------------------------------
def years_ago(years):
    return clock.today() - timedelta(days=366 * years)


def found(**given):
    asked = {"years": 5, "branch": None, "ndc": "", "today": clock.today(), "size": 50, "offset": 0}
    ids, total = weeding.find(**asked | given)
    return weeding.look_at(items.with_ids(ids), today=clock.today()), total


def test_candidates_with_most_reasons_come_first_and_say_them(db, patron):
    old = {"acquired_on": years_ago(12)}
    last = factories.item(factories.title("北越雪譜"), **old)
    outdated = factories.item(factories.title("パソコン入門", ndc="007.6", year=2011), **old)
    many = factories.title("こころ", ndc="913.6")
    three = [factories.item(many, **old) for _ in range(3)]
    factories.loan(patron, item=last, lent_on=years_ago(8), due_on=years_ago(7), returned_on=years_ago(7))
    factories.loan(patron, item=three[0], lent_on=years_ago(1), due_on=clock.today(), returned_on=clock.today())
    factories.item(acquired_on=years_ago(1))
    rows, total = found()
    assert [row.item.id for row in rows] == [outdated.id, three[1].id, three[2].id, last.id] and total == 4
    assert (rows[0].old, rows[0].reason, rows[0].is_last) == ((clock.today().year - 11, "007"), "内容が古い", True)
    assert (rows[1].copies, rows[1].reason, rows[1].is_last, rows[1].idle) == (3, "複本", False, 12)
    assert (rows[3].last_loan, rows[3].idle, rows[3].is_last) == (years_ago(8), 8, True)
    assert [row.item.id for row in found(ndc="0")[0]] == [outdated.id]
    assert found(branch=factories.branch("東部").id) == ([], 0)


@pytest.mark.sqlite("its plan of the query")
def test_candidates_are_found_by_the_numbers_of_loans_and_no_loan_is_read(db):
    """So 400,000 copies take a third of a second, with 2.5 million loans."""
    values = [1] * (3 * len(weeding.AGING) + 6)
    plan = [row[-1] for row in engine.run("EXPLAIN QUERY PLAN " + weeding._FOUND.format(more=""), values)]
    assert "SEARCH loan USING COVERING INDEX loan_item_id (item_id=? AND rowid>?)" in plan


# -- 図書原簿 -------------------------------------------------------------------------------------------------------------
def test_the_register_has_all_copies_by_number_and_by_day_with_a_subtotal_for_each_sheet(db):
    for number in range(25):
        day = clock.today() - timedelta(days=number)
        factories.item(barcode=f"01000000{number:02}", acquired_on=day, acquired_how="購入", price=1000)
    gone = Item.get(Item.barcode == "0100000003")
    Item.update(acquired_on=None).where(Item.id == gone.id).execute()
    withdraw(gone, reason="汚損・破損")
    lines = register.entries(register.by_number("0100000001", "0100000021"))
    assert [len(part) for part, _ in register.sheets(lines)] == [20, 1]
    assert register.subtotal(lines) == (21, [("購入", 21)], 21_000, 1)
    assert lines[2].cells()[-2:] == [clock.today().isoformat(), "汚損・破損"]
    assert len(register.entries(register.by_day(clock.today() - timedelta(days=4), clock.today()))) == 4


def test_issues_past_their_years_are_candidates_however_often_they_are_lent(db, patron):
    here, today = factories.branch("本館"), clock.today()
    kept = Serial.create(name="天文", interval="monthly", keep_years=3, began_on=today - timedelta(days=3000))
    ever = Serial.create(name="短歌", interval="monthly", began_on=today - timedelta(days=3000))
    on_the_day = today.replace(year=today.year - 3, day=min(today.day, 28))

    def came(serial, name, day):
        at = clock.at(day)
        return issues.receive(serial.id, name, f"44000{name[0]}", branch=here, by=DESK, now=at).item

    old = came(kept, "1号", on_the_day - timedelta(days=1))
    came(kept, "2号", on_the_day + timedelta(days=3))
    came(ever, "3号", on_the_day - timedelta(days=1))
    factories.loan(patron, item=old, returned_on=today)
    found = weeding.find(years=5, branch=here.id, ndc="", today=today, size=9, offset=0)
    assert found == ([old.id], 1)
    (row,) = weeding.look_at(items.with_ids([old.id]), today=today)
    assert (row.past, row.reason) == (3, "その他")
