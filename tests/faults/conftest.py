"""A library for a process of its own."""

import shutil

import pytest

from library.store import database


@pytest.fixture
def instance(tmp_path, migrated):
    """An instance folder with an empty library in it."""
    folder = tmp_path / "instance"
    folder.mkdir(mode=0o700)
    shutil.copy(migrated, folder / "madoguchi.sqlite3")
    return folder


@pytest.fixture
def rows(instance):
    """The same library, to look into while the server runs."""
    opened = database.open_database(str(instance / "madoguchi.sqlite3"))
    opened.connect()
    yield opened
    opened.close()
