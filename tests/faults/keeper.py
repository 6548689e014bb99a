"""A process that changes a library, for tests that kill it: its words are ``upgrade ADDRESS MIGRATIONS``, ``backup
INSTANCE COPY`` or ``restore INSTANCE COPY``.

It says "ready" just before it begins, and "done" after it.
"""

import sys
from pathlib import Path

from library.store import backup, database, versions


def main():
    what, library, other = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    address = library if what == "upgrade" else str(Path(library) / "madoguchi.sqlite3")
    opened = database.open_database(address)
    if what == "upgrade":
        versions.MIGRATIONS = other
    print("ready", flush=True)
    if what == "restore":
        backup.restore(other, Path(address))
    else:
        with opened.connection_context():
            database.migrate() if what == "upgrade" else backup.write(other)
    print("done", flush=True)
