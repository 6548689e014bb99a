"""区分の一括変更: whom it reaches, what is shown before, and how it is undone."""

from datetime import date, timedelta

import pytest

from library import audit_words, errors, policy
from library.account import recategorizing, retention
from models import Audit, CategoryChange, Patron
from tests import factories
from tests.conftest import NOW

BY = {"by": "staff:suzuki", "now": NOW}
UNTIL = date(2014, 4, 1)
MOVE = recategorizing.Move("児童", "一般", UNTIL)


def child(born=UNTIL, **given):
    return factories.patron(**{"category": "児童", "birth_date": born} | given)


def categories(*patrons):
    return [Patron.get_by_id(patron.id).category for patron in patrons]


def found(move=MOVE):
    return [each.patron for each in recategorizing.candidates(move)]


def test_the_first_of_april_twelve_years_ago_is_offered(db):
    assert recategorizing.offered_day(date(2026, 11, 25)) == recategorizing.offered_day(date(2026, 1, 5)) == UNTIL


def test_it_reaches_those_of_the_category_who_were_born_by_then_and_whose_card_is_open(db):
    second, first = child(name_kana="スズキ"), child(date(2013, 1, 1), name_kana="サトウ", state="suspended")
    child(date(2014, 4, 2)), child(category="一般"), child(state="closed"), child(None)
    assert found() == [first, second]
    assert recategorizing.count_without_birth_date(MOVE) == 1


def test_typed_words_are_read_and_impossible_ones_refused_at_their_field(db):
    factories.patron(category="町外")
    assert recategorizing.read("町外", "一般", "平成26年4月1日") == recategorizing.Move("町外", "一般", UNTIL)
    policy.put("categories", ["一般", "児童", "団体"])
    policy.put("group_categories", ["団体"])
    for old, new, day, refusals in (
        ("市外", "団体", "きのう", {"from_category": errors.ChoiceUnknown, "to_category": errors.ChoiceUnknown,
         "born_until": errors.DateMalformed}),
        ("一般", "一般", "", {"to_category": errors.SameCategory, "born_until": errors.FieldEmpty}),
        ("団体", "町外", "2014-04-01", {"from_category": errors.ChoiceUnknown, "to_category": errors.ChoiceUnknown}),
    ):  # fmt: skip
        with pytest.raises(errors.RefusedTogether) as caught:
            recategorizing.read(old, new, day)
        assert {name: type(one[0]) for name, one in caught.value.by_field.items()} == refusals


def test_a_patron_over_the_new_limits_is_named_with_the_reason(db):
    policy.put_row("一般", "", loan_limit=1, hold_limit=0)
    policy.put_row("", "CD", loan_limit=0)
    over, under = child(), child()
    factories.loan(over, title=factories.title(material_type="CD")), factories.loan(over)
    factories.hold(over)
    factories.loan(under, returned_on=NOW.date()), factories.loan(under)
    told = {each.patron: each.over for each in recategorizing.candidates(MOVE)}
    assert told == {over: [("貸出", 2, 1), ("貸出（CD）", 1, 0), ("予約", 1, 0)], under: []}


def test_ticked_patrons_are_changed_and_it_is_written_down_for_each(db):
    ticked, left, stranger = child(), child(), child(date(2015, 1, 1))
    moved = recategorizing.change(MOVE, [ticked.id, stranger.id, 99999], **BY)
    assert (moved.count, moved.left) == (1, 2)
    assert categories(ticked, left, stranger) == ["一般", "児童", "児童"]
    one, all_of_it = Audit.select().order_by(Audit.id)
    assert (one.action, one.patron, one.details["fields"]) == ("patron.changed", ticked, ["category"])
    assert (all_of_it.action, all_of_it.actor) == ("patrons.recategorized", "staff:suzuki")
    assert audit_words.details(all_of_it.details) == "対象：児童→一般 件数：1"


def test_nobody_is_changed_where_nobody_is_ticked_or_left(db):
    patron = child(category="一般")
    for ids, refusal in (([], errors.NobodyTicked), ([patron.id], errors.NobodyLeft)):
        with pytest.raises(refusal):
            recategorizing.change(MOVE, ids, **BY)
    assert not CategoryChange.select().exists() and not Audit.select().exists()


def test_it_is_undone_for_those_who_still_have_the_new_category(db):
    policy.put("categories", ["一般", "児童", "学生"])
    back, moved_on, closed = child(), child(), child()
    made = recategorizing.change(MOVE, [back.id, moved_on.id, closed.id], **BY).change
    Patron.update(category="学生").where(Patron.id == moved_on.id).execute()
    Patron.update(state="closed").where(Patron.id == closed.id).execute()
    assert recategorizing.undo(made.id, **BY) == (1, 2)
    assert categories(back, moved_on, closed) == ["児童", "学生", "一般"]
    with pytest.raises(errors.RecategorizingOver):
        recategorizing.undo(made.id, **BY)


def test_after_30_days_it_stays_and_the_list_of_it_is_erased(db):
    patron = child()
    made = recategorizing.change(MOVE, [patron.id], **BY).change
    last = NOW + timedelta(days=30) - timedelta(seconds=1)
    assert recategorizing.recent(now=last) == [(made, 1)]
    for number, now in ((made.id, last + timedelta(seconds=1)), (99999, NOW)):
        with pytest.raises(errors.RecategorizingOver):
            recategorizing.undo(number, by="staff:suzuki", now=now)
    assert recategorizing.recent(now=last + timedelta(seconds=1)) == []
    assert retention.clean_up(now=last)["category_changes"] == 0
    assert retention.clean_up(now=last + timedelta(seconds=2))["category_changes"] == 1
    assert recategorizing.undone_until(made) == date(2026, 12, 25)
