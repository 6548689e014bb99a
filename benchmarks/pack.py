"""Measure a pack of a town, out and in, in seconds, megabytes and memory, beside a backup of the same library and a drill of that.

    .venv/bin/python benchmarks/pack.py [--titles 100000] [--keep FOLDER]

With PostgreSQL, from there and back (``scripts/with-postgres``, address in DATABASE_URL): ``--url`` and ``--to``. Each is a process of its own.
"""

import multiprocessing
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(1, str(Path(__file__).resolve().parents[1]))

import _big_town
from _promises import Promise, parser, report

from library import clock
from library.backups import drill
from library.catalog.search import index
from library.packs import loading, opening, writing
from library.store import backup, database
from models import database as connection
from settings import config

PASSPHRASE = "neko-sami-toru-haya-kumi-sote-mizu"
MOST_MEGABYTES = 300


def measured(work, *given):
    """Run some work in a process of its own; return seconds by the clock, by the processor, and megabytes of memory."""
    receiver, sender = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("spawn").Process(target=_measure, args=(sender, work, given))
    process.start()
    sender.close()  # so that the end of one that failed is noticed
    found = receiver.recv()
    process.join()
    return found


def _measure(sender, work, given):
    began = time.perf_counter()
    work(*given)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sender.send((time.perf_counter() - began, sum(os.times()[:4]), memory))  # with the processes that it started


def back_up(url, target):
    with _opened(url):
        backup.write(target)


def drill_of(copy):
    drill.try_copy(copy, config.load(INSTANCE=str(copy.parent)))


def drill_of_damage(copy):
    """Change one byte in the middle of the copy, and have the drill find it."""
    with open(copy, "r+b") as file:
        file.seek(copy.stat().st_size // 2)
        byte = file.read(1)[0]
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte ^ 1]))
    try:
        drill_of(copy)
    except backup.NoBackup:
        return
    raise RuntimeError("the damage was not found")


def write(url, target):
    with _opened(url):
        origin = writing.Origin("町", "1", target.parent / "ebooks")
        writing.to_encrypted_zip(target, PASSPHRASE, origin, now=clock.now(), progress=lambda done, of: None)


def load(pack, url, instance):
    with opening.opened(pack, lambda: PASSPHRASE, room=instance) as source:
        loading.load(source, url, instance, finish=index.rebuild, progress=lambda done, of: None)


def _opened(url):
    database.open_database(url)
    return connection.connection_context()


def main() -> int:
    options = parser(__doc__)
    _big_town.arguments(options)
    options.add_argument(
        "--url", default="", help="address of a server whose library is written (built there, if empty)"
    )
    options.add_argument("--to", default="", help="address of an empty database that the pack goes into")
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="madoguchi-") as temporary:
        folder = given.keep or Path(temporary)
        if not (folder / "built").exists():
            _big_town.build(folder, given.titles, given.url)
            (folder / "built").touch()
        url, here = given.url or str(folder / "madoguchi.sqlite3"), Path(temporary)
        new = here / "new"
        new.mkdir()
        steps = {
            "backup": (back_up, url, here / "copy.sqlite3"),
            "drill": (drill_of, here / "copy.sqlite3"),
            "damage": (drill_of_damage, here / "copy.sqlite3"),
            "pack out": (write, url, here / "town.zip.age"),
            "pack in": (load, here / "town.zip.age", given.to or str(new / "madoguchi.sqlite3"), new),
        }
        memory = 0.0
        for name, (work, *parts) in steps.items():
            seconds, processor, megabytes = measured(work, *parts)
            memory = max(memory, megabytes if name.startswith("pack") else 0)
            print(
                f"{name:9} {seconds:6.1f} s  (processor {processor:6.1f} s)  {megabytes:5.0f} MB of memory", flush=True
            )
        for path in (here / "copy.sqlite3", here / "town.zip.age"):
            print(f"{path.name}: {path.stat().st_size / 1024**2:.0f} MB")
    return report([Promise("memory of a pack", memory, MOST_MEGABYTES, "MB")])


if __name__ == "__main__":
    sys.exit(main())
