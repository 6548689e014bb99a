"""F19: a database that is damaged, halved or headless: the server does not start and names the cure; one that breaks
while it serves answers 503. Real processes on real files.
"""

import random
import re

import peewee
import pytest

from library.store import backup, engine
from models import database as connection
from tests import factories, forks
from tests.long import in_the_long_run
from tests.server import Visitor, environment, refusal, running

pytestmark = pytest.mark.sqlite("damage to a file")
ENGINES_WORDS = re.compile(r"malformed|not a database|sqlite|disk image|Error|codec", re.I)


def headless(whole):
    return whole[4096:]


def halved(whole):
    return whole[: len(whole) // 2]


def spotted(whole):
    """Return the file with bytes of other values in a hundred pages."""
    chance, found = random.Random(19), bytearray(whole)
    for page in chance.sample(range(1, len(whole) // 4096), min(100, len(whole) // 4096 - 1)):
        found[page * 4096 : page * 4096 + 200] = chance.randbytes(200)
    return bytes(found)


def flask(instance, *words):
    return forks.run(forks.flask, *words, env=environment(instance))


@pytest.mark.parametrize("break_", [spotted, *in_the_long_run(headless, halved)])
def test_the_cure_is_named_and_cures(instance, rows, break_):
    patron = factories.patron()
    copy = backup.folder(str(instance)) / "madoguchi-2026-11-25.sqlite3"
    copy.parent.mkdir(mode=0o700)
    backup.write(copy)
    newer = copy.with_name("madoguchi-2026-11-26.sqlite3")
    newer.write_bytes(break_(copy.read_bytes()))  # the newest copy is broken, too
    rows.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    rows.close()
    path = instance / "madoguchi.sqlite3"
    broken = break_(path.read_bytes())
    path.write_bytes(broken)
    said = refusal(instance)
    assert said == (
        "madoguchi: データベースが壊れています。サーバーを止めて、いちばん新しい控えに戻してください: "
        f"MADOGUCHI_INSTANCE={instance} .venv/bin/flask db restore {copy}"
    )
    assert path.read_bytes() == broken
    restore = said.partition(" .venv/bin/flask ")[2].split()
    assert flask(instance, *restore, "--yes").returncode == 0
    with running(instance, JOBS=0) as server:
        assert Visitor(server).sign_in(patron.card_number, factories.PASSWORD)[0] == 303
    connection.connect(reuse_if_open=True)


def test_without_a_copy_that_is_good_the_sentence_says_so(instance, rows):
    rows.close()
    path = instance / "madoguchi.sqlite3"
    path.write_bytes(headless(path.read_bytes()))
    assert "に使える控えがありません。" in refusal(instance)
    connection.connect(reuse_if_open=True)


def test_one_that_breaks_while_it_serves_answers_503_and_says_nothing_of_the_inside(tmp_path):
    with running(tmp_path / "instance", JOBS=0) as server:
        visitor = Visitor(server)
        assert visitor.get("/login")[0] == 200
        path = tmp_path / "instance" / "madoguchi.sqlite3"
        with path.open("r+b") as file:
            file.write(b"\xff" * path.stat().st_size)
        for address in ("/titles/1", "/search?q=a", "/guide", "/news"):
            status, page, _ = visitor.get(address)
            assert status == 503, address
            assert "ただいまご利用いただけません" in page
            assert not ENGINES_WORDS.search(page)
        assert visitor.get("/readyz")[0] == 503
        assert visitor.get("/static/app.css")[0] == 200


def test_an_index_of_the_search_that_can_not_be_opened_is_damage():
    assert engine.is_damage(peewee.DatabaseError("vtable constructor failed: search"))


def test_a_damaged_database_is_refused_and_left_as_it_is(instance, rows):
    rows.close()
    path = instance / "madoguchi.sqlite3"
    path.write_bytes(path.read_bytes()[:4096] + b"\xff" * 4096 + path.read_bytes()[8192:])
    before = path.read_bytes()
    assert "壊れて" in refusal(instance)
    assert path.read_bytes() == before
    rows.connect()


def test_a_database_whose_names_are_damaged_is_refused_with_a_sentence(instance, rows):
    """SQLite's words about such a name are no text, and Python fails on reading them."""
    rows.close()
    path = instance / "madoguchi.sqlite3"
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b"tablepatronpatron", b"table\xff\xff\xff\xff\xff\xffpatron", 1))
    assert path.read_bytes() != whole
    assert "データベースが壊れています。" in refusal(instance)
    done = flask(instance, "db", "check")
    assert done.returncode == 1
    _, said = done.stderr.splitlines()  # the first names the library
    assert said.startswith("データベースが壊れています。")
    path.write_bytes(whole)
    rows.connect()


@pytest.mark.parametrize("content", [b"not a database at all" * 100, b"SQLite format 3\x00" + b"\x00" * 50])
def test_a_file_that_is_no_database_is_refused(instance, content):
    (instance / "madoguchi.sqlite3").write_bytes(content)
    assert "データベースが壊れています。" in refusal(instance)
