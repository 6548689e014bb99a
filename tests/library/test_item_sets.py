"""セット: kept, lent in one scan, ticked off as its copies come back, and taken back as a whole."""

import threading
from datetime import timedelta

import pytest

from library import errors, policy
from library.account import account_closing, own_data
from library.counting.figures import counts
from library.facts import use_facts
from library.lending import copies, loans, renewals, returns, withdrawals
from library.lending.sets import item_sets, set_loans
from library.merging import titles
from library.numbers import cards
from models import HistoryEntry, Issue, Item, ItemSet, Loan, Patron, Serial, SetRow, UseFact, database as connection
from tests import factories, invariants
from tests.conftest import NOW

BY = {"by": "staff:desk", "now": NOW}
TYPED = {"name": "よみきかせ", "barcode": "S0001"}


@pytest.fixture
def group(db):
    policy.ship_rows()
    return factories.patron(category="団体", birth_date=None, name="すずかけ小学校", keep_history=True)


@pytest.fixture
def shelf(db):
    return [factories.item(factories.title(f"本{number}")) for number in range(12)]


@pytest.fixture
def filled(shelf):
    made = item_sets.save(None, TYPED | {"branch": str(shelf[0].branch_id)}, **BY)
    for item in shelf:
        item_sets.add(made, item, **BY)
    return made


def lend(patron, item_set, request="one", **more):
    return set_loans.check_out(patron, item_set, branch=item_set.branch, request=request, **BY | more)


def sentences(short):
    return {each.item.id: [str(reason) for reason in each.reasons] for each in short}


# -- kept ------------------------------------------------------------------------------------------------------------
def test_a_set_has_a_name_and_a_number_that_nothing_else_has(filled, shelf):
    factories.patron(card_number="0000003000123")
    branch = str(shelf[0].branch_id)
    for typed, problem in (
        ({"barcode": "s0001"}, {"barcode": errors.SetNumberTaken}),
        ({"barcode": shelf[0].barcode}, {"barcode": errors.SetNumberOfCopy}),
        ({"barcode": "0000003000123"}, {"barcode": errors.SetNumberOfCard}),
        ({"barcode": " "}, {"barcode": errors.FieldEmpty}),
        ({"name": "", "barcode": "S2"}, {"name": errors.FieldEmpty}),
        ({"name": "あ" * 61, "barcode": "S2"}, {"name": errors.FieldTooLong}),
    ):
        with pytest.raises(errors.RefusedTogether) as refused:
            item_sets.save(None, TYPED | {"branch": branch} | typed, **BY)
        assert {name: type(found[0]) for name, found in refused.value.by_field.items()} == problem
    changed = item_sets.save(filled, TYPED | {"branch": branch, "name": "紙芝居"}, **BY)
    assert (changed.id, changed.name) == (filled.id, "紙芝居")


@pytest.mark.parametrize("taken", ["S0001", "s0001"])
def test_no_copy_and_no_card_takes_the_number_of_a_set(filled, shelf, taken):
    values = {"barcode": taken.upper(), "branch": shelf[0].branch, "acquired_on": None}
    with pytest.raises(errors.RefusedTogether) as refused:
        copies.add(shelf[0].title, values, today=NOW.date(), **BY)
    assert type(refused.value.by_field["barcode"][0]) is errors.NumberOfSet
    for way in (cards.require_new, lambda text: cards.add_old(factories.patron(), text, **BY)):
        with pytest.raises(errors.NumberOfSet):
            way(taken)


def test_titles_that_become_one_leave_their_copies_in_the_set(filled, shelf):
    kept, other = shelf[0].title_id, shelf[1].title_id
    titles.merge(kept, other, seen=titles.plan(kept, other).seen, **BY)
    assert [item.id for item in item_sets.copies(filled)] == [item.id for item in shelf]
    assert {item.title_id for item in item_sets.copies(filled)[:2]} == {kept}


def test_a_scanner_s_start_and_stop_are_no_part_of_the_number(filled):
    assert item_sets.by_barcode("Ａ S0001Ａ") == filled and item_sets.by_barcode("S0002") is None


def test_a_copy_is_in_one_set(filled, shelf):
    other = item_sets.save(None, {"name": "別", "barcode": "S0002", "branch": str(shelf[0].branch_id)}, **BY)
    with pytest.raises(errors.CopyInSet):
        item_sets.add(other, shelf[0], **BY)
    assert item_sets.remove(filled, shelf[0].id, **BY) == shelf[0]
    assert item_sets.remove(filled, shelf[0].id, **BY) is None
    item_sets.add(other, shelf[0], **BY)
    assert item_sets.of_copy(shelf[0].id) == other
    assert [each[1:] for each in item_sets.counted()] == [(11, 0), (1, 0)]


def test_a_withdrawn_copy_is_in_no_set_and_comes_back_with_the_withdrawal(filled, shelf):
    withdrawals.withdraw({shelf[0].id: "複本"}, NOW.date(), **BY)
    assert item_sets.of_copy(shelf[0].id) is None and len(item_sets.copies(filled)) == 11
    with pytest.raises(errors.CopyWithdrawnBefore):
        item_sets.add(filled, shelf[0], **BY)
    withdrawals.take_back([shelf[0].id], **BY)
    assert len(item_sets.copies(filled)) == 12


def test_a_set_on_loan_keeps_its_copies(filled, shelf, group):
    lend(group, filled)
    with pytest.raises(errors.CopyIsLent):
        item_sets.delete(filled, **BY)
    with pytest.raises(errors.CopyIsLent):
        item_sets.remove(filled, shelf[3].id, **BY)
    for item in shelf:
        returns.give_back(item, at=item.branch, now=NOW)
    item_sets.delete(filled, **BY)
    assert (ItemSet.select().count(), SetRow.select().count()) == (0, 0)


# -- lent ------------------------------------------------------------------------------------------------------------
def test_one_scan_lends_all_by_the_rule_of_groups(filled, group):
    lent = lend(group, filled)
    assert len(lent.loans) == 12 and lent.short == []
    assert {loan.due_on for loan in lent.loans} == {NOW.date() + timedelta(days=30)}
    assert UseFact.select().where(UseFact.is_group).count() == 12
    assert sum(fact.opens_visit for fact in UseFact.select()) == 1
    assert HistoryEntry.select().count() == 0  # of a group, whatever its row says


def test_the_same_scan_again_lends_nothing_more(filled, group):
    lend(group, filled)
    for request in ("one", "two"):
        assert lend(group, filled, request) == set_loans.Lent([], [])
    assert Loan.select().count() == 12


def test_a_copy_that_cannot_be_lent_is_named_and_nothing_is_half_lent(filled, shelf, group):
    loans.check_out(factories.patron(), shelf[4], branch=shelf[4].branch, **BY)
    lent = lend(group, filled)
    assert lent.loans == [] and list(sentences(lent.short)) == [shelf[4].id]
    assert Loan.select().count() == 1
    rest = lend(group, filled, without=[shelf[4].id])
    assert len(rest.loans) == 11 and [each.item.id for each in rest.short] == [shelf[4].id]


def test_a_newest_issue_of_a_set_is_named_as_one_that_stays(filled, shelf, group):
    serial = Serial.create(name="こどもの科学室", interval="monthly", began_on=NOW.date())
    Issue.create(serial=serial, title=shelf[0].title, position=1, name="2026年12月号")
    Item.update(acquired_on=NOW.date()).where(Item.id == shelf[0].id).execute()
    [short] = lend(group, filled).short
    assert short.item == shelf[0] and [type(each) for each in short.reasons] == [errors.NewestIssueNotLent]


def test_a_copy_that_became_short_since_the_page_was_shown_is_asked_about_again(filled, shelf, group):
    for item in shelf[:2]:
        loans.check_out(factories.patron(), item, branch=item.branch, **BY)
    lent = lend(group, filled, without=[shelf[0].id])
    assert lent.loans == [] and [each.item.id for each in lent.short] == [shelf[0].id, shelf[1].id]


def test_the_limit_counts_the_copies_of_the_set_themselves(filled, shelf):
    lent = lend(factories.patron(), filled)  # 10 at once
    assert [each.item.id for each in lent.short] == [shelf[10].id, shelf[11].id]
    assert all(type(reason) is errors.LoanLimitReached for each in lent.short for reason in each.reasons)


def test_an_empty_set_is_refused(filled, shelf, group):
    for item in shelf:
        item_sets.remove(filled, item.id, **BY)
    with pytest.raises(errors.SetIsEmpty):
        lend(group, filled)


# -- taken back, ticked off ------------------------------------------------------------------------------------------
def test_returns_tick_off_until_the_set_is_complete(filled, shelf, group):
    lend(group, filled)
    left = []
    for item in shelf:
        returns.give_back(item, at=item.branch, now=NOW)
        left.append(set_loans.missing(filled))
    assert left == [*range(11, -1, -1)]


def test_lending_is_taken_back_as_a_whole_with_its_facts(filled, shelf, group):
    other = loans.check_out(group, factories.item(), branch=shelf[0].branch, **BY).loan
    made = lend(group, filled).loans
    assert set_loans.together(other) == [] and len(set_loans.undo(made[5], **BY)) == 12
    assert [loan.id for loan in Loan.select()] == [other.id]
    assert [(fact.loan_id, fact.opens_visit) for fact in UseFact.select()] == [(other.id, True)]


def test_a_set_counts_as_loans_to_groups_and_a_copy_of_it_as_a_person_s(filled, shelf, group):
    use_facts.begin(NOW.date())
    lend(group, filled)
    for item in shelf:
        returns.give_back(item, at=item.branch, now=NOW)
    loans.check_out(factories.patron(), shelf[0], branch=shelf[0].branch, **BY)
    day = NOW.date()
    found = {name: counts.count(name, day, day, today=day).total for name in ("loans", "group_loans")}
    assert found == {"loans": 1, "group_loans": 12}


def test_the_facts_of_a_group_are_in_its_data_and_go_with_the_card(group):
    Patron.update(representative="田中 進", delivery_to="1階 職員室").execute()
    mine = Patron.get_by_id(group.id)
    told = own_data.as_json(mine, now=NOW).decode()
    assert "田中 進" in told and "1階 職員室" in told
    account_closing.close(mine, **BY)
    closed = Patron.get_by_id(group.id)
    assert (closed.state, closed.representative, closed.delivery_to) == ("closed", "", "")
    person = own_data.as_json(factories.patron(), now=NOW).decode()
    assert "代表者" not in person and "配送先" not in person


def test_lending_is_not_taken_back_in_part(filled, shelf, group):
    made = lend(group, filled).loans
    assert renewals.renew_all([made[2]], **BY)
    returns.give_back(shelf[0], at=shelf[0].branch, now=NOW)
    with pytest.raises(errors.Refusals):
        set_loans.undo(made[5], **BY)
    assert Loan.select().count() == UseFact.select().where(UseFact.act == "loan").count() == 12


# -- two at once -----------------------------------------------------------------------------------------------------
def test_two_clerks_lend_a_set_to_two_groups_at_once(filled, group):
    other, outcomes = factories.patron(category="団体", birth_date=None), []

    def act(patron):
        with connection.connection_context():
            outcomes.append(lend(patron, filled, request=str(patron.id)))

    assert filled.branch
    desks = [threading.Thread(target=act, args=(patron,)) for patron in (group, other)]
    for desk in desks:
        desk.start()
    for desk in desks:
        desk.join()
    assert sorted((len(lent.loans), len(lent.short)) for lent in outcomes) == [(0, 12), (12, 0)]
    assert len({loan.patron_id for loan in Loan.select()}) == 1 and Loan.select().count() == 12
    invariants.check_lending()
