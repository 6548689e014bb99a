"""The format explains itself: a program that knows FORMAT.ja.md alone finds in a pack what the database has."""

import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from library import clock
from library.catalog import records
from library.cutover import figures
from library.lending.holds import hold_queue
from library.packs import writing
from models import Branch, CardNumber, Hold, Item, Loan, Patron, Title
from tests import factories
from tests.library.packs import library

READER = Path(__file__).with_name("foreign_reader.py")
NIGHT = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)  # after midnight in Japan
BY = [
    records.Contributor("夏目漱石", "ナツメ, ソウセキ", role="著"),
    records.Contributor("安野光雅", "アンノ, ミツマサ", role="絵"),
]


def fill():
    """Make a library with what a stranger gets wrong; return a patron, and a title for which some wait."""
    patron = factories.patron(card_number="0000000012", name='ヤマ"ダ,\r\n太郎', phone_work="096-1", category="一般")
    CardNumber.create(patron=patron, number="0099", kind="old")
    factories.address(patron, "second@example.jp", position=2)
    factories.address(patron, "first@example.jp")
    factories.patron(state="closed", branch=None, birth_date=None)
    facts = {
        "volume": "上",
        "year": 2014,
        "isbns": ["9784101010137"],
        "subjects": [("友情", "ユウジョウ"), ("遺産", "")],
    }
    found, bare = factories.catalogued(contributors=BY, **facts), factories.title("無題")
    lent, back = factories.item(found, call_number="913.6 ナ"), factories.item(bare, branch=factories.branch("分館"))
    factories.item(found, state="withdrawn")
    factories.loan(patron, date(2026, 12, 9), item=lent, renewals=1)
    factories.loan(None, date(2026, 12, 1), item=back, returned_on=date(2026, 11, 30))
    for rank, later in ((0, 500_000), (0, 0), (-1, 900_000), (0, 20_000)):
        factories.hold(factories.patron(), found, rank=rank, placed_at=NIGHT + timedelta(microseconds=later))
    factories.hold(patron, bare, state="ready", item=back, pickup_branch=back.branch)
    factories.hold(patron, found, state="collected")
    return patron, found


@pytest.fixture
def theirs(db, tmp_path):
    """The database of the stranger, and what it is made of."""
    patron, found = fill()
    library.write(writing.to_folder, tmp_path / "pack", tmp_path / "ebooks")
    subprocess.run([sys.executable, READER, tmp_path / "pack", tmp_path / "theirs.sqlite3"], check=True)
    with closing(sqlite3.connect(tmp_path / "theirs.sqlite3")) as made:
        yield lambda query: made.execute(query).fetchall(), patron, found


def test_a_stranger_finds_the_patrons_and_titles_that_the_database_has(theirs):
    ask, patron, _ = theirs
    assert ask("SELECT card, name, kana, born, zip, home, kind, branch, until, state FROM reader") == [
        (*each[:3], each[3] and each[3].isoformat(), *each[4:8], each[8] and each[8].isoformat(), each[9])
        for each in Patron.select(
            Patron.card_number, Patron.name, Patron.name_kana, Patron.birth_date, Patron.postal_code, Patron.address,
            Patron.category, Branch.name, Patron.expires_on, Patron.state,
        ).join(Branch, "LEFT JOIN").order_by(Patron.id).tuples()
    ]  # fmt: skip
    (one,) = ask(f"SELECT phones, others, mails FROM reader WHERE card = '{patron.card_number}'")
    assert one == (";;096-1", "old:0099", "first@example.jp,second@example.jp")
    columns = (
        Title.id,
        Title.title,
        Title.title_kana,
        Title.volume,
        Title.publisher,
        Title.year,
        Title.isbn,
        Title.ndc,
    )
    of = "uid, name, reading, volume, publisher, year, isbn, class"
    assert ask(f"SELECT {of} FROM book") == list(Title.select(*columns).order_by(Title.id).tuples())
    assert ask("SELECT authors, subjects FROM book") == [
        ("夏目漱石/ナツメ, ソウセキ/著;安野光雅/アンノ, ミツマサ/絵", "友情\tユウジョウ;遺産"),
        *[(None, "")] * (Title.select().count() - 1),
    ]


def test_a_stranger_finds_the_copies_loans_and_holds_that_the_database_has(theirs):
    ask, patron, found = theirs
    columns = (Item.barcode, Item.title, Branch.name, Item.shelf, Item.call_number, Item.state)
    assert ask("SELECT * FROM copy") == list(Item.select(*columns).join(Branch).order_by(Item.id).tuples())
    lent = Loan.get(Loan.returned_on.is_null())
    assert ask("SELECT * FROM lent") == [(lent.item.barcode, patron.card_number, "2026-11-25", "2026-12-09", 1)]
    queue = Hold.select().where(Hold.title == found, Hold.state == "waiting").order_by(*hold_queue.ORDER)
    assert ask(f"SELECT card, placed, place FROM queue WHERE book = {found.id} ORDER BY place") == [
        (hold.patron.card_number, "2026-11-25 00:30:00", place) for place, hold in enumerate(queue, start=1)
    ]
    (kept,) = ask(f"SELECT branch, state, copy, place FROM queue WHERE card = '{patron.card_number}'")
    assert kept == ("分館", "ready", Hold.get(state="ready").item.barcode, 1)
    counts = {"holds": len(ask("SELECT 1 FROM queue")), "loans": len(ask("SELECT 1 FROM lent"))}
    counts["items"] = len(ask("SELECT 1 FROM copy WHERE state <> 'withdrawn'"))
    counts["patrons"] = len(ask("SELECT 1 FROM reader WHERE state <> 'closed'"))
    assert counts.items() <= figures.counted(today=clock.today()).items()


def test_the_program_of_a_stranger_is_short_and_knows_nothing_of_ours():
    text = READER.read_text(encoding="utf-8")
    imported = set(re.findall(r"^(?:import|from) (\w+)", text, re.M))
    assert len(text.splitlines()) <= 60 and imported <= sys.stdlib_module_names
