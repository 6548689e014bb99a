"""A library of the version before: each number of a person stays, and the forms of copies are those that are found."""

import pytest

from library import policy
from library.numbers import cards, forms
from library.people import patrons
from library.store import database, engine
from models import Audit, CardNumber
from tests import factories

TRIGGERS = ("patron_gets_number", "patron_gets_other_number", "patron_goes_with_numbers")


@pytest.fixture
def earlier(db):
    """The database as it was before, with the number of each patron in their own row alone; ``lost(number, patron)`` adds one."""
    for trigger in TRIGGERS:
        engine.run(f"DROP TRIGGER {trigger}{' ON patron' if engine.is_server() else ''}")
    if engine.is_server():
        engine.run("DROP FUNCTION number_patron")
    engine.run("DROP TABLE card_number")
    key = "SERIAL" if engine.is_server() else "INTEGER"
    moment = "TIMESTAMP" if engine.is_server() else "DATETIME"
    engine.run(
        f"CREATE TABLE lost_card (id {key} NOT NULL PRIMARY KEY, card_number VARCHAR(255) NOT NULL UNIQUE, "
        f"patron_id INTEGER REFERENCES patron (id) ON DELETE SET NULL, reported_at {moment} NOT NULL)"
    )
    engine.run("DELETE FROM schema_migration WHERE name LIKE '0041%' OR name LIKE '0049%'")

    def lost(number, patron=None):
        sql = "INSERT INTO lost_card (card_number, patron_id, reported_at) VALUES (?, ?, ?)"
        engine.run(sql, (number, patron and patron.id, "2026-11-20 01:00:00"))

    return lost


def copies(*numbers):
    title = factories.title()
    for number in numbers:
        factories.item(title, barcode=number)


def test_numbers_of_now_and_lost_ones_come_into_one_table(earlier):
    patron, other = factories.patron(card_number="0000000000017"), factories.patron(card_number="0000000000025")
    earlier("0000000000009", patron)
    earlier("0000000000033")
    earlier("0000000000025", patron)  # a file gave it to somebody else: it is theirs, and said
    assert database.migrate() == ["0041_numbers", "0049_ends_of_other_numbers"]
    rows = [(row.number, row.kind, row.patron_id) for row in CardNumber.select().order_by(CardNumber.number)]
    assert rows == [
        ("0000000000009", "lost", patron.id),
        ("0000000000017", "current", patron.id),
        ("0000000000025", "current", other.id),
        ("0000000000033", "lost", None),
    ]
    assert CardNumber.get(CardNumber.number == "0000000000009").until.isoformat() == "2026-11-20T01:00:00+00:00"
    assert [row.key for row in CardNumber.select().where(CardNumber.kind == "lost").order_by(CardNumber.id)] == [
        "9000000000000",
        "3300000000000",
    ]
    assert cards.lost_and_given() == ["0000000000025"]
    note = Audit.get(Audit.action == "patron.lost_number_given")
    assert note.patron == patron and note.details["reason"] == "紛失の届け 2026-11-20"
    assert patrons.by_card("0000000000017") == patron and cards.stored("0000000000033")[0].kind == "lost"
    new = factories.patron(card_number="0000000000041")
    assert patrons.by_card("0000000000041") == new
    assert [form.length for form in forms.cards()] == [13]


def test_a_lost_card_that_was_found_again_is_nothing_to_be_said(earlier):
    patron = factories.patron(card_number="0000000000017")
    earlier("0000000000017", patron)
    database.migrate()
    assert cards.lost_and_given() == [] and CardNumber.get().kind == "current"


def test_copies_keep_a_form_for_each_length_and_new_ones_are_as_long_as_the_last(earlier):
    copies("A000012B", "0100000001", "0100000002", "0100000003", "K-000042")
    database.migrate()
    assert [(form.length, form.letters, form.is_for_new) for form in forms.items()] == [
        (10, False, True),
        (8, True, False),
    ]


@pytest.mark.parametrize(
    "numbers", [("12", "0100000001"), ("1" * 30, "0100000001"), tuple("1" * length for length in range(4, 11))]
)
def test_numbers_of_too_many_lengths_have_a_form_for_any(earlier, numbers):
    copies(*numbers)
    database.migrate()
    known = forms.items()
    assert known[-1].length is None and known[-1].letters and len(known) <= forms.MOST
    assert [form.is_for_new for form in known].count(True) == 1


def test_a_library_without_copies_keeps_the_form_it_was_shipped_with(earlier):
    database.migrate()
    assert policy.get("item_forms") == policy.DEFAULTS["item_forms"]
