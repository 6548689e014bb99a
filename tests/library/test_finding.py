"""利用者を探す: by index, and in whatever form a number or a name is typed."""

import logging

import pytest

from library.account import registration
from library.numbers import cards
from library.patrons import finding
from models import CardNumber, Patron
from tests import engines, factories
from tests.conftest import NOW

NUMBERS = ["card_key", "guardian_phone_key", "phone_home_key", "phone_mobile_key", "phone_work_key"]


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        ("0575(22)6101", NUMBERS),
        ("6101", NUMBERS),
        ("髙橋", ["kana_key", "name_key"]),
        ("タカハシ", ["kana_key", "name_key"]),
    ],
)
def test_nobody_is_found_by_reading_all_the_cards(db, caplog, typed, keys):
    with caplog.at_level(logging.DEBUG, logger="peewee"):
        finding.find(typed)
    (asked,) = [record.msg for record in caplog.records if 'FROM "patron"' in record.msg[0]]
    steps = [step for step in engines.reads(*asked) if step[0] != "sort"]
    assert sorted(steps) == [("index", f"patron_{key}") for key in keys]


def test_a_number_of_a_card_is_found_by_index_too(db, caplog):
    factories.patron(card_number="0000003000123")
    with caplog.at_level(logging.DEBUG, logger="peewee"):
        assert len(finding.find("3000123").patrons) == len(finding.find("A0000003000123A").patrons) == 1
    asked = [record.msg for record in caplog.records if 'FROM "patron"' in record.msg[0]]
    assert len(asked) == 2
    assert not [step for query in asked for step in engines.reads(*query) if step[0] == "whole"]


@pytest.mark.parametrize("column", ["phone_home", "phone_mobile", "phone_work", "guardian_phone"])
def test_each_phone_is_found_also_that_of_the_guardian(db, column):
    patron = factories.patron(**{column: "0575-22-6101"})
    factories.patron(**{column: "0575-22-6102"})
    for typed in ("0575(22)6101", "05-7522-6101", "226101", "６１０１"):
        assert finding.find(typed).patrons == [patron], typed


def test_a_phone_that_lost_its_zero_is_found_as_it_is_dialled(db):
    patron = factories.patron(phone_home="575-22-6101")
    assert finding.find("0575-22-6101").patrons == [patron]
    Patron.update(phone_home="0575-22-6101").execute()
    registration.fold_again()
    assert finding.find("575226101").patrons == [patron]


@pytest.mark.parametrize("typed", ["キヨウコ", "きょうこ", "ｷｮｳｺ", "キョーコ", "キョウーコ", "ギョウコ"])
def test_a_reading_is_found_loosely(db, typed):
    stored = "キョーコ" if typed == "キョーコ" else "キョウコ"
    patron = factories.patron(name="京子", name_kana=stored)
    assert finding.find(typed).patrons == [patron]


def test_a_card_that_was_replaced_is_found_by_its_new_number(db):
    patron = factories.patron(card_number="0000003000123")
    registration.replace_card(patron, "0000003000456", by="staff:suzuki", now=NOW)
    assert finding.find("0456").patrons == [patron] and not finding.find("0456").by_other
    for typed in ("0123", "0000003000123", "0000-0030-00123"):
        found = finding.find(typed)
        assert found.patrons == [patron], typed
        assert (found.by_other[patron.id].kind, found.by_other[patron.id].number) == ("lost", "0000003000123")


def test_an_old_card_is_found_by_its_last_digits_and_a_mykey_whole_alone(db):
    patron = factories.patron(card_number="0000003000123")
    by = {"by": "staff:suzuki", "now": NOW}
    cards.add_old(patron, "K-00987", **by)
    cards.add_mykey(patron, "AB120456", is_confirmed=True, **by)
    assert finding.find("00987").by_other[patron.id].kind == "old"
    assert finding.find("0456").patrons == []
    assert finding.find("AB120456").by_other[patron.id].kind == "mykey"


def test_a_lost_number_of_nobody_finds_nobody(db):
    CardNumber.create(number="0000003000123", kind="lost", key="3210003000000")
    assert finding.find("0123").patrons == []


def test_old_numbers_are_found_by_index(db, caplog):
    with caplog.at_level(logging.DEBUG, logger="peewee"):
        finding.find("6101")
    asked = [record.msg for record in caplog.records if 'FROM "card_number"' in record.msg[0]]
    assert asked and not [step for query in asked for step in engines.reads(*query) if step[0] == "whole"]
