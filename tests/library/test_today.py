"""今日のひとこと: the first that applies, case by case."""

from datetime import date, timedelta

import pytest

from library.account.glance import Glance, Line
from library.account.today import choose

TODAY = date(2026, 11, 25)


def after(days):
    return TODAY + timedelta(days=days)


def line(days=None, name="こころ", more="", number=1):
    return Line(None if days is None else after(days), name, more, number)


def chosen(*, state="active", expires_on=None, **kinds):
    empty = {name: [] for name in Glance._fields} | {"history": 0}
    return choose(Glance(**empty | kinds), card_state=state, expires_on=expires_on, today=TODAY)


LATE, SOON, LATER = line(-1), line(2), line(14)
ALL = {
    "loans": [LATE, SOON],
    "undeliverable": [line(name="abc@example.jp")],
    "ready": [line(7, more="本館")],
    "family": [line(1, "桃子", number=4)],
}


@pytest.mark.parametrize(
    ("code", "kinds"),
    [
        ("overdue", ALL | {"state": "suspended"}),
        ("suspended", ALL | {"loans": [SOON], "state": "suspended", "expires_on": after(-1)}),
        ("expired", ALL | {"loans": [SOON], "expires_on": after(-1)}),
        ("undeliverable", ALL | {"loans": [SOON]}),
        ("ready", ALL | {"loans": [SOON], "undeliverable": []}),
        ("due_soon", ALL | {"loans": [SOON], "undeliverable": [], "ready": []}),
        ("family", {"loans": [LATER], "family": ALL["family"]}),
        ("family", {"family": [line(-3, "桃子", number=4)]}),
        ("next", {"loans": [LATER], "family": [line(4, "桃子", number=4)]}),
        ("next", {"loans": [line(4)]}),
        ("due_soon", {"loans": [line(3)]}),
        ("due_soon", {"loans": [line(0)]}),
        ("nothing", {}),
        ("nothing", {"asked": [line(name="太郎")], "expires_on": after(30), "ebooks_ready": [line(2)]}),
    ],
)
def test_the_first_that_applies_is_the_sentence_of_the_day(code, kinds):
    assert chosen(**kinds).first.code == code


def test_the_others_that_apply_stand_beside_it_in_the_same_order():
    found = chosen(**ALL | {"asked": [line(name="太郎")], "ebooks_ready": [line(2)], "expires_on": after(30)})
    codes = ["undeliverable", "ready", "ebook_ready", "due_soon", "family", "card_asked", "expiring"]
    assert [matter.code for matter in found.also] == codes
    assert chosen(loans=[LATER]).also == []


@pytest.mark.parametrize("trouble", ["lost", "claimed"])
def test_an_unsettled_claim_is_not_asked_for(trouble):
    assert chosen(loans=[line(-9, more=trouble), line(1, more=trouble)]).first.code == "nothing"


def test_a_day_is_named_with_all_that_is_due_on_it():
    first = chosen(loans=[line(2), line(2, number=5), line(3)]).first
    assert (first.day, first.things, first.id, first.days) == (after(2), 2, 1, 2)
    later = chosen(loans=[line(14), line(14), line(15)]).first
    assert (later.day, later.things) == (after(14), 2)


def test_a_ready_hold_names_the_first_and_counts_the_others():
    first = chosen(ready=[line(7, more="本館", number=3), line(9, "草枕", "分館")]).first
    assert (first.name, first.branch, first.day, first.others, first.id) == ("こころ", "本館", after(7), 1, 3)


def test_an_expiry_is_told_thirty_days_ahead():
    assert chosen(expires_on=after(31)).also == []
    assert [matter.code for matter in chosen(expires_on=TODAY).also] == ["expiring"]
    assert chosen(state="suspended", expires_on=after(-1)).also == []
