"""A process that changes the files of a library, for tests that kill it: its words are ``upgrade|backup|restore INSTANCE [COPY]``.

It says "ready" just before it begins, and "done" after it.
"""

import sys
from pathlib import Path

from library.store import backup, database


def main():
    what, instance, *copy = sys.argv[1:]
    file = Path(instance) / "madoguchi.sqlite3"
    opened = database.open_database(str(file))
    print("ready", flush=True)
    if what == "restore":
        backup.restore(Path(copy[0]), file)
    else:
        with opened.connection_context():
            database.migrate() if what == "upgrade" else backup.write(Path(copy[0]))
    print("done", flush=True)
