"""館: entering, ordering and giving up branches."""

from datetime import date

import pytest

from library import branches, clock, errors
from library.calendar import hours
from library.counting.figures import counts
from library.facts import use_facts
from library.lending import closures, loans, renewals, returns
from library.site import branch_editing, week
from models import Audit, Branch, Hold, Item, Loan, OutboxMail, Patron, Stocktaking, UseFact
from tests import factories

BY = {"by": "staff:kanri"}
TYPED = {
    "code": "K1", "name": "北館", "name_kana": "キタカン", "postal_code": "〒５０１ー１２３４", "address": "北町1-2",
    "phone": "0575-22-6101",
    "map_url": "https://maps.example.jp/?q=1", "pickup": True,
    **{name: "" for day in hours.DAYS for names in week.spans(day) for name in names},
    **{week.closed(day): False for day in week.WEEKDAYS},
}  # fmt: skip
TODAY = date(2026, 11, 25)


def by():
    return BY | {"now": clock.now()}


def test_a_branch_is_entered_behind_the_others_with_its_week(db):
    factories.branch("本館", position=7)
    days = {"closed_0": True, "opens_7_1": "10", "closes_7_1": "15"}
    days |= {"opens_1_1": "9:30", "closes_1_1": "12:00", "opens_1_2": "13:00", "closes_1_2": "17:00"}
    row = Branch.get_by_id(branch_editing.add(branch_editing.read(TYPED | days), **by()).id)
    assert (row.position, row.postal_code, row.map_url) == (8, "501-1234", "https://maps.example.jp/?q=1")
    assert (row.closed_weekdays, sorted(row.hours), row.hours["1"]) == (
        "0",
        ["1", "7"],
        [["9:30", "12:00"], ["13:00", "17:00"]],
    )
    assert Audit.get(Audit.action == "branch.added").details["of"] == "北館"


@pytest.mark.parametrize(
    ("field", "text", "refusal"),
    [
        ("code", "", errors.FieldEmpty),
        ("code", "北 1", errors.BranchCodeMalformed),
        ("code", "ｈ", errors.BranchCodeTaken),
        ("name", " ", errors.FieldEmpty),
        ("name", "本館", errors.BranchNameTaken),
        ("postal_code", "501-123", errors.PostalCodeMalformed),
        ("map_url", "http://maps.example.jp/", errors.MapLinkMalformed),
        ("map_url", "javascript:alert(1)", errors.MapLinkMalformed),
        ("opens_3_1", "朝から", errors.TimeUnreadable),
        ("closes_3_1", "25時", errors.TimeUnreadable),
    ],
)
def test_a_branch_that_is_none_is_refused_at_its_field(db, field, text, refusal):
    factories.branch("本館", code="H")
    with pytest.raises(errors.RefusedTogether) as refused:
        branch_editing.read(TYPED | {field: text})
    assert (field, refusal) in [(name, type(found[0])) for name, found in refused.value.by_field.items()]


def test_the_code_stays_and_a_branch_may_keep_its_name(db):
    row = factories.branch("本館", code="H")
    values = branch_editing.read(TYPED | {"name": "本館", "code": "other"}, row)
    assert branch_editing.change(row, values, **by()).code == "H"


def test_a_newly_closed_weekday_moves_what_falls_due_on_it(db):
    row = factories.branch("本館", code="H")
    loan = factories.loan(factories.patron(), branch=row, due_on=date(2026, 11, 30))
    values = branch_editing.read(TYPED | {"name": "本館", "closed_0": True}, row)
    assert [moved.after for moved in branch_editing.preview(row, values, today=TODAY).due_dates] == [date(2026, 12, 1)]
    branch_editing.change(row, values, **by())
    assert type(loan).get_by_id(loan.id).due_on == date(2026, 12, 1)
    assert Branch.get_by_id(row.id).closed_weekdays == "0"


def test_branches_stand_in_the_order_that_a_librarian_makes(db):
    one, two, three = (factories.branch(name, position=5) for name in ("一", "二", "三"))
    assert branch_editing.move(three, -1) == 2
    assert [row.name for row in branches.in_order()] == ["一", "三", "二"]
    assert branch_editing.move(one, -1) == 1 and branch_editing.move(two, 1) == 3


@pytest.fixture
def two(db):
    return factories.branch("北館", position=1), factories.branch("本館", position=2)


def test_a_branch_that_is_given_up_leaves_its_books_holds_and_people_to_another(two):
    north, main = two
    mine, away, visiting = (
        factories.item(branch=north),
        factories.item(branch=north, at_branch=main),
        factories.item(branch=main, at_branch=north),
    )
    going = factories.item(branch=main, going_to=north)
    patron = factories.patron(branch=north, pickup_branch=north)
    hold = factories.hold(factories.patron(), pickup_branch=north)
    moved = branch_editing.close(north, main, **by())
    assert (moved.items, moved.holds, moved.patrons, moved.pickups) == (3, 1, 1, 1)
    for item in (mine, away, visiting):
        row = Item.get_by_id(item.id)
        assert (row.branch_id, row.at_branch_id) == (main.id, None)
    assert Item.get_by_id(going.id).going_to_id == main.id
    patron = Patron.get_by_id(patron.id)
    assert (patron.branch_id, patron.pickup_branch_id) == (main.id, main.id)
    assert Hold.get_by_id(hold.id).pickup_branch_id == main.id
    assert Branch.get_by_id(north.id).closed_on == clock.today()
    assert branches.in_order() == [main] and branches.find(north.id) is None


def test_whose_book_waits_there_is_told_the_new_place(two):
    north, main = two
    patron = factories.patron()
    factories.address(patron)
    factories.preference(patron, "hold", to_pc=True)
    title = factories.title()
    item = factories.item(title, branch=north, aside=True)
    factories.hold(
        patron, title, item=item, state="ready", pickup_branch=north, contact_method="mail", on_shelf_on=TODAY
    )
    branch_editing.close(north, main, **by())
    assert OutboxMail.select().where(OutboxMail.kind == "hold_ready").count() == 1


def test_a_closed_branch_stays_in_the_statistics(two):
    north, main = two
    factories.loan(factories.patron(), branch=north, lent_on=date(2026, 11, 20), due_on=date(2026, 12, 4))
    branch_editing.close(north, main, **by())
    use_facts.begin(date(2026, 11, 1))
    UseFact.insert(id=1, act="loan", day=date(2026, 11, 20), branch=north, channel="desk").execute()
    count = counts.count("loans", date(2026, 11, 1), date(2026, 11, 30), today=TODAY)
    assert dict(count.rows)[north.id] == 1


def test_the_last_branch_one_being_counted_and_a_target_that_is_none_are_refused(two):
    north, main = two
    for target in (None, north):
        with pytest.raises(errors.BranchNotChosen):
            branch_editing.close(north, target, **by())
    Stocktaking.create(branch=north, started_at=clock.now())
    with pytest.raises(errors.Refusals, match="蔵書点検"):
        branch_editing.close(north, main, **by())
    Stocktaking.delete().execute()
    branch_editing.close(north, main, **by())
    assert [type(reason) for reason in branch_editing.closing_refusals(main)] == [errors.LastBranch]


def test_holds_go_to_a_branch_that_hands_them_out(two):
    north, main = two
    Branch.update(pickup=False).where(Branch.id == main.id).execute()
    factories.hold(factories.patron(), pickup_branch=north)
    with pytest.raises(errors.BranchHandsOutNoHolds):
        branch_editing.close(north, main, **by())
    assert Branch.get_by_id(north.id).closed_on is None


def test_a_branch_is_opened_again_as_it_was_and_what_went_away_stays_there(two):
    north, main = two
    item = factories.item(branch=north)
    branch_editing.close(north, main, **by())
    branch_editing.reopen(north, **by())
    branch_editing.reopen(north, **by())
    assert branches.in_order() == [north, main]
    assert Item.get_by_id(item.id).branch == main and not Branch.get_by_id(north.id).pickup
    assert [row.details["of"] for row in Audit.select().where(Audit.action == "branch.reopened")] == ["北館"]


# -- what is out of a branch that is given up ------------------------------------------------------------------------
@pytest.fixture
def lent(two):
    """A loan of a copy of a branch that was given up afterwards, with the branch that has its copies now."""
    north, main = two
    due = date(2026, 12, 4)
    loan = factories.loan(factories.patron(), branch=north, item=factories.item(branch=north), due_on=due)
    branch_editing.close(north, main, **by())
    return Loan.get_by_id(loan.id), main


def test_it_keeps_its_day_and_its_branch_and_comes_back_to_the_new_one(lent):
    loan, main = lent
    assert (loan.branch.name, loan.due_on) == ("北館", date(2026, 12, 4))
    elsewhere = factories.branch("東部")
    back = returns.give_back(loan.item, at=elsewhere, now=clock.now())
    assert (back.what, back.to) == ("send", main)
    assert returns.give_back(loan.item, at=main, now=clock.now()).what == "shelf"


def test_it_is_renewed_by_the_days_of_the_new_branch(lent):
    loan, main = lent
    Branch.update(closed_weekdays="2").where(Branch.id == main.id).execute()  # 9 December is a Wednesday
    assert renewals.renew(loan, now=clock.now(), by="patron").due_on == date(2026, 12, 10)


def test_a_closure_of_the_new_branch_moves_its_day(lent):
    loan, main = lent
    moved = closures.close([main], [date(2026, 12, 4)], now=clock.now(), **BY)
    assert [each.after for each in moved.due_dates] == [date(2026, 12, 5)]
    assert Loan.get_by_id(loan.id).due_on == date(2026, 12, 5)


def test_a_loan_that_is_taken_back_lies_at_the_new_branch(two):
    north, main = two
    patron, item = factories.patron(), factories.item(branch=north)
    loan = loans.check_out(patron, item, branch=north, now=clock.now(), by="staff:kanri", request="a").loan
    branch_editing.close(north, main, **by())
    loans.undo(loan, now=clock.now(), **BY)
    assert Item.get_by_id(item.id).at_branch_id in (None, main.id)
