"""Fixtures of all tests: a database file of their own, a clock that stands still, an application, a browser without a
screen.
"""

import gc
import os
import shutil
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings as examples

from app import create_app
from library import clock
from library.access.guessing import remembered
from library.catalog.search import snapshot
from library.mail import installation
from library.store import database
from models import database as connection
from settings import config, folders
from tests import factories, pages, postgres, programs, templates
from tests.browser import serving

MARKED = ("browser", "faults")  # folders whose names are marks of their tests
NOW = datetime(2026, 11, 25, 1, 42, tzinfo=UTC)  # Wednesday, 10:42 in Tokyo


Flask.jinja_options = templates.OPTIONS

# what is tried is no matter of chance or of what else the machine does; --hypothesis-profile=default looks for more
examples.register_profile(
    "same", derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
examples.load_profile("same")


def pytest_collection_modifyitems(config, items):
    """Mark the tests of two folders by their names, and run them first: they wait for browsers and servers, and at the
    end one worker would be left alone with them. Leave out what is about the other engine.
    """
    for item in items:
        if item.path.parent.name in MARKED:
            item.add_marker(item.path.parent.name)
    items.sort(key=lambda item: item.path.parent.name not in MARKED)
    other = "sqlite" if postgres.SERVER else "postgresql"
    if left_out := [item for item in items if item.get_closest_marker(other)]:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker(other)]


def pytest_collection_finish():
    """Spare the collector the ten thousand tests themselves, which it would go through again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_terminal_summary(terminalreporter):
    programs.tell(terminalreporter)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory):
    """An empty library, made once and copied for each test; on a server it is emptied."""
    if postgres.SERVER:
        name = f"worker_{os.getpid()}"
        opened = database.open_database(postgres.new(postgres.template(name)))
        with opened.connection_context():
            database.migrate()
        opened.close_all()
        postgres.new(name, postgres.template(name))
        return name
    path = tmp_path_factory.mktemp("migrated") / "library.sqlite3"
    opened = database.open_database(str(path))
    with opened.connection_context():
        database.migrate()
        opened.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")  # all is in the one file, which is copied
    return path


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory):
    """The folder of a demonstration library, made once and copied for each test."""
    return serving.make_demonstration(tmp_path_factory.mktemp("demonstration") / "instance")


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
    if postgres.SERVER:
        postgres.empty(migrated)
        url = postgres.address(migrated)
    else:
        url = str(tmp_path / "madoguchi.sqlite3")
        shutil.copy(migrated, url)
    remembered.RIGHT.clear()  # of a process, which has one library
    snapshot.keep_in(None)  # an application of an earlier test may have named a file, with arrays of its library
    opened = database.open_database(url)
    opened.connect()
    if not postgres.SERVER:
        opened.execute_sql("PRAGMA synchronous = OFF")  # what a power cut leaves is not tried here
    yield opened
    if not opened.is_closed():
        opened.close()
    if postgres.SERVER:
        for each in (opened, connection.obj):  # a test may have made an application, which opens it once more
            each.close_all()


def make_app(instance, url=""):
    made = create_app(
        INSTANCE=str(instance),
        DATABASE_URL=url or str(instance / "madoguchi.sqlite3"),
        LIBRARY_NAME="すずかけ市立図書館",
        PUBLIC_URL="",
        MAIL_SERVER="",
    )
    made.testing = True
    return made


@pytest.fixture(scope="session")
def made_app(tmp_path_factory):
    """The application, made once: to make it takes longer than most tests. ``app`` leads it to a library of the test's
    own.
    """
    made = make_app(tmp_path_factory.mktemp("instance"))
    return made, dict(made.config), dict(made.extensions)


@pytest.fixture
def new_app(db, tmp_path):
    """An application before its first request: addresses may be added to it."""
    made = make_app(tmp_path, db.database)
    db.close()
    connection.connect(reuse_if_open=True)
    yield made
    if not connection.is_closed():
        connection.close()


@pytest.fixture
def app(made_app, db, tmp_path):
    made, settings, extensions = made_app
    _put_back(made.config, settings | {"INSTANCE": str(tmp_path), "DATABASE_URL": db.database})
    _put_back(made.extensions, extensions)
    made.instance_path = str(folders.prepare_instance(made.config))
    (tmp_path / "secret-key").write_text(settings["SECRET_KEY"], encoding="ascii")
    db.close()
    connection.connect(reuse_if_open=True)
    yield made
    if not connection.is_closed():
        connection.close()


def _put_back(changed, as_made):
    changed.clear()
    changed.update(as_made)


@pytest.fixture
def in_app(made_app):
    """The application's context, in which mails are handed to a server."""
    with made_app[0].app_context():
        yield


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
    browse.be(patron)
    return browse


@pytest.fixture
def settings(db, tmp_path):
    """Settings of an installation that the library knows, for jobs that send mail."""
    (tmp_path / "installation-id").write_text("here")
    installation.bind("here")
    return config.load(INSTANCE=str(tmp_path), SECRET_KEY="key", NOTICE_HOUR=8)


@pytest.fixture
def run(app):
    """Run a command on the library of the test: ``run("jobs", "list")``."""
    runner = app.test_cli_runner()

    def run(*words, **options):
        result = runner.invoke(args=list(words), **options)
        connection.connect(reuse_if_open=True)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return run
