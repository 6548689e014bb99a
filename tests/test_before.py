"""A library of before 1.0.0 is refused by all that opens it, and nothing of it changes; its copies are refused, too.
``before/`` has what the last version before wrote.
"""

import gzip
import hashlib
from pathlib import Path

import pytest

from library.store import backup, database, engine
from models import database as connection
from tests import postgres

BEFORE = Path(__file__).with_name("before")
SENTENCE = "この図書館は 1.0.0 より前のものです。前の版の引っ越しパックで書き出して、取り込んでください。"
OLD_NAMES = ("0001_first", "0002_catalogue", "0067_titles_in_romaji")


def unpack(path):
    path.write_bytes(gzip.decompress((BEFORE / "library.sqlite3.gz").read_bytes()))
    path.chmod(0o600)
    return path


@pytest.fixture
def library(app):
    """The library of the test is one of before; ``library()`` returns its state, which must still be so in the end."""
    if engine.is_server():
        connection.execute_sql("DELETE FROM schema_migration")
        for name in OLD_NAMES:
            connection.execute_sql("INSERT INTO schema_migration (name, applied) VALUES (%s, now())", (name,))
        connection.close()
        yield lambda: sorted(postgres.run("SELECT string_agg(name, ' ') FROM schema_migration", name_of(app)).split())
        return
    connection.close_all()
    file = Path(app.config["DATABASE_URL"])
    for left in file.parent.glob(f"{file.name}-*"):
        left.unlink()
    unpack(file)
    yield lambda: hashlib.sha256(file.read_bytes()).hexdigest()


def name_of(app):
    return app.config["DATABASE_URL"].partition("?")[0].rpartition("/")[2]


@pytest.mark.parametrize(
    "words",
    [
        "jobs list", "db upgrade", "db check", "db backup x.sqlite3", "db restore x.sqlite3 --yes",
        "db copy x.sqlite3 y.sqlite3",
        "export everything x.zip", "export check x.zip", "import everything x.zip", "settings show", "init", "demo",
    ],
)  # fmt: skip
def test_each_command_says_what_to_do_and_leaves_the_library_as_it_is(library, run, words):
    before = library()
    done = run(*words.split())
    assert (done.exit_code, done.stdout, done.stderr) == (1, "", f"{SENTENCE}\n")
    connection.close()
    assert library() == before


@pytest.mark.sqlite("a copy is a file of SQLite")
def test_a_copy_of_before_is_not_restored_and_what_is_there_stays(app, run, tmp_path):
    copy = unpack(tmp_path / "copy.sqlite3")
    done = run("db", "restore", str(copy), "--yes")
    assert done.exit_code == 1 and done.stderr.endswith(f"{SENTENCE}\n")
    assert backup.problems_of(copy) == [SENTENCE]
    assert database.pending() == [] and not list(tmp_path.glob("*.before-restore-*"))


@pytest.mark.sqlite("two files")
def test_nothing_is_copied_from_a_library_of_before_nor_into_one(app, run, tmp_path):
    old = unpack(tmp_path / "old.sqlite3")
    before = old.read_bytes()
    for words in ((old, tmp_path / "new.sqlite3"), (app.config["DATABASE_URL"], old)):
        done = run("db", "copy", *map(str, words))
        assert done.exit_code == 1 and done.stderr.endswith(f"{SENTENCE}\n"), words
    assert old.read_bytes() == before and not (tmp_path / "new.sqlite3").exists()
