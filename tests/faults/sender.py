"""A process that sends, for tests that kill it: its words are ``deliver|push|jobs INSTANCE PORT PIDFILE [ISO]``."""

import os
import sys
import threading
from functools import partial
from pathlib import Path

from flask import Flask

from library import clock
from library.mail import delivery, outbox
from library.store import database
from sending import mailer, pusher
from server import scheduler
from settings import config

TICK = "SENDER_TICK"  # seconds


def main():
    what, instance, port, pidfile, *now = sys.argv[1:]
    Path(pidfile).write_text(str(os.getpid()))
    settings = config.load(
        INSTANCE=instance,
        MAIL_SERVER="127.0.0.1",
        MAIL_PORT=int(port),
        MAIL_SENDER="library@example.jp",
        SECRET_KEY="key",
    )
    opened = database.open_database(settings["DATABASE_URL"])
    app = Flask("sender")
    app.config.update(settings)
    mailer.mail.init_app(app)
    if what == "jobs":
        print("started", flush=True)
        scheduler.start(app, seconds=float(os.environ.get(TICK) or 0.5))
        threading.Event().wait(600)
    else:
        with app.app_context(), opened.connection_context():
            moment = clock.parse(now[0]) if now else clock.now()
            channel = outbox.PUSH if what == "push" else outbox.MAIL
            sender = partial(pusher.Pusher, loopback=True) if what == "push" else mailer.Mailer
            print(delivery.deliver(sender, settings, now=moment, channel=channel))


if __name__ == "__main__":
    main()
