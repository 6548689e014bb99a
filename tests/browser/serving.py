"""A library that really runs: app.py in a process of its own, on its own copy of the demonstration."""

import contextlib
import email
import email.policy
import os
import re
from pathlib import Path

from flask import Flask

from library import clock
from library.access import sessions
from library.store import database
from models import Patron, database as connection
from tests import forks, libraries
from tests.server import free_port
from web import cookies

FIRST_CARD, FIRST_PASSWORD = "0000002377570", "0808"
READER_CARD, READER_PASSWORD = "0000002377588", "suzukake-demo"
MAIL_SENDER = "libsend@library.example.jp"


def environment(instance, **settings):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MADOGUCHI_")}
    ours = {"INSTANCE": instance, "JOBS": "0", "MAINTENANCE": "", "MAIL_SENDER": MAIL_SENDER}
    settings = ours | libraries.settings(instance) | settings
    return kept | {f"MADOGUCHI_{name}": str(value) for name, value in settings.items()}


def make_demonstration(instance):
    forks.run(forks.flask, "demo", env=environment(instance)).check_returncode()
    return instance


class RunningLibrary:
    """One library: its address, its rows, its commands, its mails."""

    def __init__(self, instance, **settings):
        self.instance = Path(instance)
        self.log = self.instance / "server.log"
        self.port = free_port()
        self.environment = environment(instance, PORT=self.port, **settings)
        self.process = None

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self):
        self.process = forks.Process(forks.serve, env=self.environment, log=self.log)
        if not self.process.stdout.readline():
            self.stop()
            raise RuntimeError(self.log.read_text(encoding="utf-8"))
        return self

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=20)
        self.process.stdout.close()

    def session_cookie(self, who) -> str:
        """Return the cookie of a browser that has signed in as this patron or member of staff."""
        begin = sessions.begin if isinstance(who, Patron) else sessions.begin_at_desk
        signer = Flask("signer")
        signer.secret_key = (self.instance / "secret-key").read_text().strip()
        kept = {"_user_id": begin(who, scope="full", now=clock.now()), "_fresh": True}
        return cookies.SignedSessions().get_signing_serializer(signer).dumps(kept)

    @contextlib.contextmanager
    def rows(self):
        """The models speak to this library's database."""
        opened = database.open_database(libraries.address(self.instance))
        with opened.connection_context():
            yield connection
        opened.close_all()

    def command(self, *words):
        """Run ``flask …`` as an administrator would; what it printed."""
        done = forks.run(forks.flask, *words, env=self.environment)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def mails_to(self, address):
        """Return the mails sent there, which are files where there is no mail server."""
        files = sorted((self.instance / "mail").glob("**/*.eml"))
        mails = [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]
        return [mail for mail in mails if mail["To"] == address]

    def complaints(self):
        """Return the warnings and errors in the server's log: none, in a good run."""
        lines = self.log.read_text(encoding="utf-8").splitlines()
        return [line for line in lines if re.search(r"ERROR|WARNING|Traceback|Warning:", line)]


@contextlib.contextmanager
def running(demonstration, folder, kind=RunningLibrary, **settings):
    """A running library on a fresh copy of the demonstration."""
    instance = Path(folder) / "instance"
    libraries.copy(demonstration, instance)
    library = kind(instance, **settings)
    try:
        yield library.start()
    finally:
        library.stop()
