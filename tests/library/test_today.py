"""今日のひとこと: the first that applies, case by case."""

from datetime import date, timedelta

import pytest

from library.account.glance import Glance, Line
from library.account.today import MOST_ALSO, choose, due

TODAY = date(2026, 11, 25)


def after(days):
    return TODAY + timedelta(days=days)


def line(days=None, name="こころ", more="", number=1):
    return Line(None if days is None else after(days), name, more, number)


def mine(**kinds):
    return Glance(**{name: [] for name in Glance._fields} | {"history": 0} | kinds)


def chosen(*, state="active", expires_on=None, **kinds):
    found = mine(**kinds)
    return choose(found, due(found, today=TODAY), card_state=state, expires_on=expires_on, today=TODAY)


def codes(today):
    return [matter.code for matter in ([today.first] if today.first else []) + today.also + today.more]


ALL = {
    "loans": [line(-1), line(1), line(3)],
    "undeliverable": [line(name="abc@example.jp")],
    "ready": [line(7, more="本館")],
    "family": [line(0, "桃子", number=4), line(2, "桃子", number=4)],
}


def test_the_pressing_matters_come_first_and_the_others_follow_in_their_order():
    assert codes(chosen(**ALL, state="suspended")) == [
        "overdue", "family", "due", "ready", "family", "due", "undeliverable", "suspended",
    ]  # fmt: skip
    assert codes(chosen(**ALL | {"loans": [], "family": [line(-1, "桃子", number=4)]}, expires_on=after(-1))) == [
        "family_late", "ready", "undeliverable", "expired",
    ]  # fmt: skip


def test_on_one_day_ones_own_come_first():
    found = chosen(loans=[line(2)], family=[line(2, "桃子", number=4), line(1, "太郎", number=5)])
    assert [(matter.code, matter.id, matter.days) for matter in (found.first, *found.also)] == [
        ("family", 5, 1), ("due", 1, 2), ("family", 4, 2),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "kinds",
    [
        {},
        {"loans": [line(4)], "family": [line(14, "桃子", number=4)]},
        {"asked": [line(name="太郎")], "expires_on": after(30), "ebooks_ready": [line(2)]},
    ],
)
def test_a_day_without_anything_urgent_has_no_sentence(kinds):
    assert chosen(**kinds).first is None


def test_four_others_are_told_and_the_rest_is_kept_for_a_press():
    found = chosen(**ALL)
    assert len(found.also) == MOST_ALSO == 4
    assert [matter.code for matter in found.more] == ["due", "undeliverable"]


@pytest.mark.parametrize("trouble", ["lost", "claimed"])
def test_an_unsettled_claim_is_not_asked_for(trouble):
    assert codes(chosen(loans=[line(-9, more=trouble), line(1, more=trouble)])) == []


def test_a_day_is_named_with_all_that_is_due_on_it():
    first = chosen(loans=[line(2), line(2, number=5), line(3)]).first
    assert (first.day, first.name, first.others, first.things, first.id, first.days) == (after(2), "こころ", 1, 2, 1, 2)


def test_a_child_without_loans_and_one_who_shows_no_titles_are_counted_nowhere():
    children = [line(1, "桃子", number=4), line(2, "桃子", number=4), Line(None, "太郎", "", 5)]
    (only,) = due(mine(family=children), today=TODAY, hidden={4})
    assert (only.day, only.tie, only.lines) == (after(1), 4, [])


def test_a_ready_hold_names_the_first_and_counts_the_others():
    first = chosen(ready=[line(7, more="本館", number=3), line(9, "草枕", "分館")]).first
    assert (first.name, first.branch, first.day, first.others, first.id) == ("こころ", "本館", after(7), 1, 3)


def test_an_expiry_is_told_thirty_days_ahead():
    assert codes(chosen(expires_on=after(31))) == []
    assert codes(chosen(expires_on=TODAY)) == ["expiring"]
    assert codes(chosen(state="suspended", expires_on=after(-1))) == ["suspended"]
