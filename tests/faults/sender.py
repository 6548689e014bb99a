"""A process that sends, for tests that kill it: its words are ``deliver|push|jobs INSTANCE PORT PIDFILE [ISO]``."""

import os
import sys
import threading
from pathlib import Path

from library import clock
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
    if what == "jobs":
        print("started", flush=True)
        scheduler.start(settings, seconds=float(os.environ.get(TICK) or 0.5))
        threading.Event().wait(600)
    else:
        with opened.connection_context():
            moment = clock.parse(now[0]) if now else clock.now()
            if what == "push":
                print(pusher.deliver(settings, now=moment, loopback=True))
            else:
                print(mailer.deliver(settings, now=moment))


if __name__ == "__main__":
    main()
