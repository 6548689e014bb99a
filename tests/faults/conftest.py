"""A library for a process of its own, and one that sends."""

import pytest

from library.mail import installation
from library.store import database
from tests import libraries


@pytest.fixture
def instance(tmp_path, migrated):
    """An instance folder with an empty library in it."""
    folder = tmp_path / "instance"
    folder.mkdir(mode=0o700)
    libraries.fill(folder, migrated)
    return folder


@pytest.fixture
def rows(instance):
    """The same library, to look into while the server runs."""
    opened = database.open_database(libraries.address(instance))
    opened.connect()
    yield opened
    opened.close()
    opened.close_all()


@pytest.fixture
def library(db, in_app, tmp_path):
    """A library that may send, with nothing to say yet."""
    (tmp_path / "installation-id").write_text("here")
    installation.bind("here")
    return {
        "INSTANCE": str(tmp_path), "MAIL_SERVER": "127.0.0.1", "MAIL_PORT": 0, "MAIL_USE_TLS": False,
        "MAIL_USE_SSL": False, "MAIL_CA_FILE": "",
        "MAIL_USERNAME": "", "MAIL_PASSWORD": "", "MAIL_SENDER": "library@example.jp", "MAIL_REPLY_TO": "",
        "MAIL_TIMEOUT": 30,
        "LIBRARY_NAME": "すずかけ市立図書館", "PUBLIC_URL": "https://library.example.jp", "SECRET_KEY": "key",
    }  # fmt: skip
