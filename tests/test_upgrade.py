"""A library of an earlier version goes on after ``db upgrade``: cards sign in, copies are found as they are scanned, nobody is lost."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from playhouse.migrations import Runner

from library import clock
from library.account import retention
from library.calendar import moving
from library.lending import items
from library.numbers import forms
from library.people import finding, patrons
from library.store import database
from models import Loan, Patron, database as connection

VERSION = "0020_features"
ROWS = Path(__file__).with_name("rows_0020.sql")

pytestmark = pytest.mark.sqlite("a file of a version that knew no server")


@pytest.fixture
def upgraded(app, run, tmp_path):
    """Put the file of the earlier version in place of the test's, and upgrade it; return what the command said."""
    path = tmp_path / "earlier.sqlite3"
    opened = database.open_database(str(path))
    with opened.connection_context():
        Runner(opened, str(database.MIGRATIONS)).up(target=VERSION)
        for statement in ROWS.read_text(encoding="utf-8").split(";\n"):
            if statement.strip():
                opened.execute_sql(statement)
        opened.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    opened.close_all()
    connection.close_all()
    target = Path(app.config["DATABASE_URL"])
    for left in target.parent.glob(f"{target.name}-*"):
        left.unlink()
    shutil.move(path, target)
    database.open_database(str(target)).connect(reuse_if_open=True)
    return run("db", "upgrade").stdout


def test_cards_open_what_they_opened_and_lost_ones_nothing(upgraded, browse):
    assert [form.words for form in forms.cards()] == ["13桁の数字"]
    patron = patrons.by_card("0000002377570")
    assert browse.sign_in(patron, "0808").location == "/login/first-password"
    assert patrons.by_card("0000002377000") is None


def test_copies_are_found_as_they_are_scanned(upgraded):
    for scanned, number in {
        "a000012b": "A000012B",
        "A000013C": "A000013C",
        "ａ０００013c": "A000013C",
        "k000042": None,
        "k-000042": "K-000042",
        "b000001x": "b000001x",
        "B000001X": "B000001X",
    }.items():
        found = items.by_barcode(scanned)
        assert (found and found.barcode) == number, scanned
    assert "資料の番号の形: 8桁の英数字と記号、10桁の数字" in upgraded
    assert "小文字のまま残した資料番号（大文字にすると、ほかの資料の番号です）: b000001x" in upgraded


def test_people_are_found_and_nobody_is_erased(upgraded):
    for text, number in {"高橋": 1, "たかはし": 1, "0575226101": 1, "山崎": 2}.items():
        assert [patron.id for patron in finding.find(text).patrons] == [number]
    late = Patron.get(Patron.card_number == "0000002377588")
    assert late.retention_from >= clock.today(), "time to be erased counts from the upgrade"
    assert retention.erased_on(late.retention_from) > date(2029, 1, 1)
    assert not retention.expired_cards(clock.today()).count()
    assert Patron.get(Patron.category == "団体").card_number == "0000002377596"
    assert Loan.select().where(Loan.returned_on.is_null()).count() == 2
    assert not moving.is_on(today=clock.today())
