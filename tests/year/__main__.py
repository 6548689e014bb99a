"""A year of a town, lent through the product's own acts, and its figures counted once more by somebody who didn't see
the product's counting.

    .venv/bin/python -m tests.year [--small] [--folder FOLDER] [--seed WORD]
    .venv/bin/python -m tests.year --compare FOLDER

From some days before 1 April 2025 to some days after 31 March 2026 people of three branches borrow, renew, reserve, and
take it back; the desk registers, changes and closes cards, adds copies and withdraws them, writes down what it lent
while the server was off, enters figures by hand, and at night the jobs run. Rows of titles, copies and patrons are
inserted; every act is the function that a page calls. The simulator keeps a diary of its own (``diary.sql``), which the
product never reads: it decides what a pupil, a visit or an open day is. ``count.sql`` counts the diary; then each
figure stands beside the product's, and once more after all that must change none (``Year.upheaval``). ``--compare``
counts a folder of an earlier run again. The whole takes half an hour, ``--small`` half a minute.
"""

import argparse
import sqlite3
import sys
import tempfile
import time
from pathlib import Path

from library.store import database
from models import JobRun
from settings import config
from tests.year import acts, beside
from tests.year.town import SMALL, WHOLE


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--small", action="store_true")
    options.add_argument("--seed", default="year")
    options.add_argument("--folder", type=Path, help="an empty one, which is kept")
    options.add_argument("--compare", type=Path, help="the folder of an earlier run")
    chosen = options.parse_args()
    if chosen.compare:
        database.open_database(config.load(INSTANCE=str(chosen.compare))["DATABASE_URL"]).connect(reuse_if_open=True)
        return bool(beside.differing(beside.both(sqlite3.connect(chosen.compare / "diary.sqlite3")), aloud=True))
    with tempfile.TemporaryDirectory() as there:
        folder, begun = chosen.folder or Path(there), time.monotonic()
        folder.mkdir(exist_ok=True)
        year = acts.build(folder, SMALL if chosen.small else WHOLE, chosen.seed)
        print(f"{time.monotonic() - begun:.0f} s; refused: {dict(year.refused)}")
        found = beside.differing(beside.both(year.diary.rows), aloud=True)
        erased = year.upheaval()
        after = beside.differing(beside.figures(year.diary.rows, by_day=False))
        failed = {row.name: row.last_error for row in JobRun.select().where(JobRun.last_error != "")}
        print(f"{len(found)} differ; {erased} patrons erased: {after or 'none'}; failed jobs: {failed or 'none'}")
        return bool(found or after or failed or not erased)


if __name__ == "__main__":
    sys.exit(main())
