"""What all tests share: a database file of their own, a clock that stands still, an application, a browser without one."""

import shutil
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from app import create_app
from library import clock, database
from models import database as connection
from tests import factories, pages

NOW = datetime(2026, 11, 25, 1, 42, tzinfo=UTC)  # Wednesday, 10:42 in Tokyo


@pytest.fixture(scope="session")
def migrated(tmp_path_factory):
    """An empty library, made once and copied for each test."""
    path = tmp_path_factory.mktemp("migrated") / "library.sqlite3"
    opened = database.open_database(str(path))
    with opened.connection_context():
        database.migrate()
        opened.execute_sql("PRAGMA journal_mode=delete")
    return path


@pytest.fixture
def moved_clock():
    """The clock stands at NOW; ``moved_clock.now = …`` moves it."""
    hand = SimpleNamespace(now=NOW)
    clock.set_source(lambda: hand.now)
    yield hand
    clock.set_source(None)


@pytest.fixture
def db(migrated, tmp_path, moved_clock):
    """An empty library, connected."""
    path = tmp_path / "madoguchi.sqlite3"
    shutil.copy(migrated, path)
    opened = database.open_database(str(path))
    opened.connect()
    yield opened
    if not opened.is_closed():
        opened.close()


@pytest.fixture
def app(db, tmp_path):
    made = create_app(
        INSTANCE=str(tmp_path),
        DATABASE_URL=db.database,
        LIBRARY_NAME="すずかけ市立図書館",
        PUBLIC_URL="",
        MAIL_SERVER="",
    )
    made.testing = True
    db.close()
    connection.connect(reuse_if_open=True)
    yield made
    if not connection.is_closed():
        connection.close()


@pytest.fixture
def browse(app):
    """A browser without a screen: every page that it opens is checked on the way (tests/pages.py)."""
    return pages.Browser(app)


@pytest.fixture
def patron(db):
    return factories.patron()


@pytest.fixture
def signed_in(browse, patron):
    """A browser in which ``patron`` has signed in."""
    browse.sign_in(patron)
    return browse
