"""Copies of a library from one engine to the other. Where the tests run on a server, each goes to a server and to a
file.
"""

import hashlib
import os
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

import models
from library.catalog.folding import fold
from library.catalog.fulltext import grams, index
from library.mail import installation
from library.store import backup, copying, database, locks, transfer
from models import Branch, Creator, Patron, Title, database as connection
from tests import factories, postgres

ROOT = Path(__file__).resolve().parents[2]
TARGETS = ("file", "server") if postgres.SERVER else ("file",)


@pytest.fixture(params=TARGETS)
def target(request, tmp_path):
    """The address of a database in which nothing is yet."""
    return str(tmp_path / "target.sqlite3") if request.param == "file" else postgres.new(f"target_{os.getpid()}")


@pytest.fixture
def file(db, tmp_path):
    """A function that puts the library of the test into a file, and returns its path."""

    def put(name="source.sqlite3"):
        path = tmp_path / name
        database.make_private(path)
        transfer.into_file(path)
        return path

    return put


def move(source, target, tmp_path, finish=index.rebuild):
    return transfer.move(str(source), str(target), instance=tmp_path, finish=finish, progress=lambda done, of: None)


@pytest.fixture
def inside(db):
    """A context in which the library at another address is the one that is open."""
    opened = []

    def open_there(url):
        former = connection.obj
        opened.append((database.open_database(str(url)), former))
        return opened[-1][0].connection_context()

    yield open_there
    for there, former in reversed(opened):
        there.close_all()
        connection.initialize(former)


def lent_library():
    """Make a library in which something stands in tables of all kinds."""
    patron = factories.patron()
    factories.catalogued("吾輩は猫である", copies=1)
    factories.catalogued("文学論", by=("夏目金之助", ""))
    Creator.update(person=Creator.get(Creator.name == "夏目金之助")).where(Creator.name == "夏目漱石").execute()
    factories.loan(patron, date(2026, 12, 9))
    factories.history(patron, 'こころ、"改行\nも"')
    factories.hold(patron)
    installation.bind("here")
    index.rebuild()
    return patron


def test_a_library_is_the_same_there_and_back_again(db, target, tmp_path):
    patron = lent_library()
    ids = [title.id for title in Title.select().order_by(Title.id)]
    there = move(address(db), target, tmp_path)
    back = move(target, tmp_path / "back.sqlite3", tmp_path)
    assert [each.read for each in there] == [each.written for each in back]
    assert {each.table: each.read.rows for each in back}["loan"] == 1
    assert [each.table for each in back if each.mended] == []
    assert connection.obj is db
    assert Patron.get().id == patron.id
    assert [title.id for title in Title.select().order_by(Title.id)] == ids


def address(db):
    return db.database


def test_a_copied_library_can_be_used_at_once(db, target, inside, tmp_path):
    patron = lent_library()
    move(address(db), target, tmp_path)
    with inside(target):
        assert index.is_complete()
        assert next(index.find_each([grams.phrase(fold.strict("猫である"))])).size
        assert Patron.get().id == patron.id
        assert factories.patron(card_number="99").id == patron.id + 1
        assert database.damage_and_orphans() == []
        assert database.pending() == []


def test_mails_are_held_and_nothing_that_is_short_lived_comes_along(db, target, inside, browse, tmp_path):
    browse.be(lent_library())
    assert models.Session.select().exists()
    move(address(db), target, tmp_path)
    with inside(target):
        assert installation.is_copied("here")
        assert not models.Session.select().exists()
        installation.release("here")
        assert not installation.is_copied("here")


def test_nothing_that_is_copied_refers_to_what_is_not():
    left_out = {table for table in models.ALL if table._meta.table_name in copying.SHORT_LIVED}
    assert len(left_out) == len(copying.SHORT_LIVED)
    assert not [table for table in copying.tables() if left_out & {key.rel_model for key in table._meta.refs}]


def test_the_text_of_a_table_is_that_of_a_pack(db):
    models.ClosedDay.insert(branch=factories.branch(), day=date(2026, 12, 29), note='年末"年始"').execute()
    row = models.ClosedDay.get()
    columns = [field.column_name for field in models.ClosedDay._meta.sorted_fields]
    cells = {"id": row.id, "branch_id": row.branch_id, "day": "2026-12-29", "open": "false", "note": '"年末""年始"""'}
    text = f"{','.join(columns)}\r\n{','.join(str(cells[name]) for name in columns)}\r\n"
    assert copying.counted(db, models.ClosedDay) == (1, hashlib.sha256(text.encode()).hexdigest())


def test_rows_beyond_one_reading_come_in_their_order_and_once(db, target, tmp_path):
    rows = [{"name": f"館{number:04}", "code": f"c{number:04}"} for number in range(2 * copying.BATCH)]
    Branch.insert_many(rows).execute()
    copied = {each.table: each.written.rows for each in move(address(db), target, tmp_path)}
    assert copied["branch"] == 2 * copying.BATCH


# -- what is refused
# -----------------------------------------------------------------------------------------------------
def test_a_database_that_is_not_empty_is_refused(db, target, tmp_path):
    move(address(db), target, tmp_path)
    with pytest.raises(copying.NotCopied, match="写し先は空ではありません"):
        move(address(db), target, tmp_path)


def test_the_same_database_is_refused(file, tmp_path):
    source = file()
    with pytest.raises(copying.NotCopied, match="同じ"):
        move(source, f"sqlite:///{tmp_path}/./{source.name}", tmp_path)


def test_where_there_is_no_library_nothing_is_made(db, target, tmp_path):
    with pytest.raises(copying.NotCopied, match="写し元に図書館がありません"):
        move(tmp_path / "none.sqlite3", target, tmp_path)
    move(address(db), target, tmp_path)  # where nothing is yet


def test_a_folder_that_is_missing_is_named(db, tmp_path):
    with pytest.raises(database.Unusable, match="nowhere がありません"):
        move(address(db), tmp_path / "nowhere" / "x.sqlite3", tmp_path)


def test_a_library_of_another_version_is_refused(file, target, tmp_path):
    old, new = file("old.sqlite3"), file("new.sqlite3")
    change(old, "DELETE FROM schema_migration WHERE id = (SELECT max(id) FROM schema_migration)")
    with pytest.raises(copying.NotCopied, match="古い版"):
        move(old, target, tmp_path)
    change(new, "INSERT INTO schema_migration (name, applied) VALUES ('9999_future', '2030-01-01')")
    with pytest.raises(database.Unusable, match="新しい版"):
        move(new, target, tmp_path)


def test_while_a_server_runs_nothing_is_copied(file, target, tmp_path):
    source = file()
    (tmp_path / "elsewhere").mkdir()
    with locks.FileLock(tmp_path / "server.lock"), pytest.raises(copying.NotCopied, match="サーバーが動いています"):
        move(source, target, tmp_path / "elsewhere")
    with locks.FileLock(tmp_path / "elsewhere" / "server.lock"), pytest.raises(copying.NotCopied, match="動いています"):
        move(source, target, tmp_path / "elsewhere")


@pytest.mark.postgresql
def test_while_somebody_serves_from_a_server_nothing_is_copied(db, tmp_path):
    serving = locks.serving_lock(tmp_path, serving=True)
    with serving, pytest.raises(copying.NotCopied, match="サーバーが動いています"):
        move(address(db), tmp_path / "target.sqlite3", tmp_path)


def change(path, sql, values=()):
    opened = database.sqlite3.connect(str(path))
    with opened:
        opened.execute(sql, values)
    opened.close()


def test_a_value_that_is_none_of_its_column_is_named_and_nothing_is_left(file, target, tmp_path):
    patron = factories.patron()
    source = file()
    change(source, "UPDATE patron SET expires_on = 'いつか'")
    with pytest.raises(copying.NotCopied, match=f"patron {patron.id} の expires_on の値は、写せません"):
        move(source, target, tmp_path)
    move(file("good.sqlite3"), target, tmp_path)


def test_a_value_that_a_server_can_not_hold_is_named(file, target, tmp_path):
    patron = factories.patron()
    factories.staff("desk", login="suzuki")
    with_nul, large = file("nul.sqlite3"), file("large.sqlite3")
    change(with_nul, "UPDATE patron SET name = ?", ("図\0書",))
    change(large, "UPDATE staff SET id = ?", (2**31,))
    if target.startswith("postgresql"):
        with pytest.raises(copying.NotCopied, match=f"staff {2**31} の id の値は、写せません"):
            move(large, target, tmp_path)
    copied = {each.table: each.mended for each in move(with_nul, target, tmp_path)}
    assert copied["patron"] == ([f"patron {patron.id}"] if target.startswith("postgresql") else [])


# -- all or nothing
# ------------------------------------------------------------------------------------------------------
def test_a_row_that_was_changed_on_the_way_is_found(db, tmp_path):
    factories.branch("本館")
    draft = transfer.upgrade(tmp_path / "draft.sqlite3")
    with draft.connection_context():
        draft.execute_sql(
            "CREATE TRIGGER other AFTER INSERT ON branch BEGIN UPDATE branch SET name = name || '?' WHERE id = NEW.id; END"
        )
        with pytest.raises(copying.Differs, match="写しを取り消しました（branch）"):
            copying.compare(copying.fill(db, draft), draft)


@pytest.mark.postgresql
def test_a_difference_undoes_the_copy(db, tmp_path):
    factories.branch("本館")
    name = f"target_{os.getpid()}"
    url = postgres.new(name)
    postgres.run(
        """
        CREATE FUNCTION other() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.name := NEW.name || '?'; RETURN NEW; END $$;
        CREATE FUNCTION made() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
            IF to_regclass('branch') IS NOT NULL AND NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'other') THEN
                CREATE TRIGGER other BEFORE INSERT ON branch FOR EACH ROW EXECUTE FUNCTION other();
            END IF;
        END $$;
        CREATE EVENT TRIGGER made ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION made();
        """,
        name,
    )
    with pytest.raises(copying.Differs, match="branch"):
        move(address(db), url, tmp_path)
    postgres.run("DROP EVENT TRIGGER made", name)
    move(address(db), url, tmp_path)  # nothing was left


def test_killed_in_the_middle_it_leaves_nothing(file, target, tmp_path):
    source = file()
    program = (
        "import sys, time; from pathlib import Path; from library.store import transfer\n"
        "def stop(): print('all rows are there', flush=True); time.sleep(600)\n"
        f"transfer.move({str(source)!r}, {target!r}, instance=Path({str(tmp_path)!r}), finish=stop, progress=lambda *_: None)"
    )
    with subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout.readline() == "all rows are there\n"
        child.send_signal(signal.SIGKILL)
    move(source, target, tmp_path)


# -- copies of a server
# --------------------------------------------------------------------------------------------------
def test_a_copy_in_a_file_is_a_good_one_that_reads_as_the_library_does(db, file):
    lent_library()
    path = file()
    assert backup.problems_of(path) == []
    opened = database.sqlite3.connect(str(path))
    assert opened.execute("SELECT card_number FROM patron").fetchall() == [(Patron.get().card_number,)]
    assert opened.execute("SELECT indexed_to FROM search_state").fetchone() == (0,)
    opened.close()
