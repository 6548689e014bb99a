"""A pack that is being written or read when its process is killed: nothing half done is left, and the next try needs no
care.
"""

import os

import pytest

from library.catalog.fulltext import index
from library.packs import loading, writing
from models import Patron
from tests import factories, forks
from tests.library.packs import library

pytestmark = pytest.mark.sqlite("a process of its own opens the file of the test")
STOP = "def stop(*_): print('here', flush=True); time.sleep(600)\n"


def killed(program):
    """Run a program until it says that it is there, and kill it."""
    text = f"import sys, time\nfrom pathlib import Path\n{STOP}{program}"
    child = forks.Process(forks.script, text, env=os.environ)
    assert child.stdout.readline() == "here\n"
    child.kill()
    child.communicate()


@pytest.fixture
def ebooks(db, tmp_path):
    library.fill(tmp_path / "ebooks")
    return tmp_path / "ebooks"


def test_killed_while_it_is_written_a_pack_is_not_there(db, ebooks, tmp_path, monkeypatch):
    out = tmp_path / "out"
    out.mkdir()
    killed(
        "from datetime import UTC, datetime\nfrom library.packs import writing\nfrom library.store import database\n"
        "from models import database as connection\n"
        f"database.open_database({db.database!r})\n"
        f"origin = writing.Origin('x', '1', Path({str(ebooks)!r}))\n"
        "with connection.connection_context():\n"
        f"    writing.to_encrypted_zip(Path({str(out / 'p.zip.age')!r}), {library.PASSPHRASE!r}, origin, now=datetime.now(UTC), progress=stop)\n"
    )
    assert all(path.name.startswith(".") for path in out.iterdir())
    factories.patron(card_number="99")  # nobody was kept from writing
    monkeypatch.setattr(writing.age, "lock_key", lambda secret, passphrase: f"{secret}\n".encode())
    library.write(writing.to_encrypted_zip, out / "p.zip.age", ebooks, library.PASSPHRASE)
    assert sorted(path.name for path in out.iterdir()) == ["key.age", "p.zip.age"]


@pytest.mark.parametrize("moment", ["finish", "progress"])
def test_killed_while_it_is_read_no_library_is_there(db, ebooks, tmp_path, moment):
    library.write(writing.to_folder, tmp_path / "pack", ebooks)
    new = tmp_path / "new"
    new.mkdir()
    given = {"finish": "lambda: None", "progress": "lambda *_: None"} | {moment: "stop"}
    killed(
        "from library.packs import loading, opening\n"
        f"with opening.opened(Path({str(tmp_path / 'pack')!r}), lambda: '', room=Path({str(new)!r})) as source:\n"
        f"    loading.load(source, {str(new / 'x.sqlite3')!r}, Path({str(new)!r}), finish={given['finish']}, progress={given['progress']})\n"
    )
    assert not (new / "x.sqlite3").exists()
    with library.opened(tmp_path / "pack", new) as source:
        loading.load(source, str(new / "x.sqlite3"), new, finish=index.rebuild, progress=lambda done, of: None)
    with library.inside(new / "x.sqlite3"):
        assert Patron.select().count() == 1
    assert sorted(path.name for path in new.iterdir()) == ["ebooks", "server.lock", "x.sqlite3"]
