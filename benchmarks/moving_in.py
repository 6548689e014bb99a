"""A town moves in: its files beside a bare loop, a MARC 21 file beside pymarc, the wait of a desk meanwhile; and out as
a pack.

    .venv/bin/python benchmarks/moving_in.py [--patrons 20000] [--titles 40000] [--loans 5000] [--holds 3000]
    .venv/bin/python benchmarks/moving_in.py --only marc [--records 20000 | --marc FILE.mrc]

The files are those of ``tests/other_library.py``: another program's headings, numbers and days. Each import is a
process of its own on a copy of the same library; the bare loop looks up what a row must refer to, makes it by
``create``, and commits every 200 rows. Compared is processor time. Then copies come in while a desk lends. The library
that is there then goes out as a backup, with a drill of it, and as a pack, which goes into a new one. The MARC 21 file,
invented titles unless one is given, goes twice into a library of its own.
"""

import csv
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path

import _catalogue
import _server
import _town
import desk
import pymarc
from peewee import SQL
from promises import Promise, parser, report

from library import clock, policy
from library.backups import drill
from library.catalog import exporting
from library.catalog.fulltext import index
from library.catalog.readers import formats
from library.files.report import Report
from library.importing import assignments, kinds, titles
from library.importing.words import Adding
from library.packs import loading, opening, writing
from library.store import backup, database
from models import Branch, Hold, Item, Loan, Patron, Title, database as connection
from server import web_server
from settings import config
from tests import other_library

LEAST = {"patrons": 0.25, "items": 0.25, "loans": 0.2, "holds": 0.2}
LEAST_OF_PYMARC = 0.09  # that only reads
MOST_MEGABYTES, MOST_SCAN, ROWS = 300, 60, 200
PASSPHRASE = "neko-sami-toru-haya-kumi-sote-mizu"
GROUPS = {
    "branches": "branches",
    "titles": "catalog",
    "items": "items",
    "patrons": "patrons",
    "loans": "loans",
    "holds": "holds",
}


@contextmanager
def opened(folder):
    database.open_database(str(folder / "madoguchi.sqlite3"))
    with connection.connection_context():
        yield
    connection.obj.close_all()


# -- ours
# ----------------------------------------------------------------------------------------------------------------
def ours(folder, kind, path):
    """Read a file in; return rows, refused rows, processor seconds, peak memory in MB."""
    with opened(folder):
        each = kinds.KINDS[kind]
        pairs = [tuple(pair.split("=")) for pair in other_library.MAPPED[GROUPS[kind]]]
        assigned = assignments.read(pairs, each.columns)
        done, begun = Report(), time.process_time()
        chosen = {"pad_zeros": True, "adding": Adding(all=True)}
        with each.opened(path, {"mapping": assigned.headings, "values": assigned.values}) as file:
            each.read_in(file, now=clock.now(), chosen=chosen, report=done)
        took = time.process_time() - begun
    return done.read, done.counts["refused"], took, _server.peak_memory()


# -- the bare loop
# ---------------------------------------------------------------------------------------------------------
def bare(folder, kind, path):
    """Make each row by ``create``, 200 a transaction; return rows and processor seconds."""
    with opened(folder):
        encoding = "cp932" if kind == "items" else "utf-8-sig"
        begun, count = time.process_time(), 0
        with open(path, encoding=encoding, newline="") as file:
            rows = csv.DictReader(file)
            branches = {row.name: row for row in Branch.select()}
            while part := [row for row, _ in zip(rows, range(ROWS), strict=False)]:
                with connection.atomic():
                    for row in part:
                        BARE[kind](row, branches, count)
                        count += 1
        return count, time.process_time() - begun


def _patron(row, branches, number):
    Patron.create(
        card_number=f"{number:010}", name=row["利用者氏名"], name_kana=row["フリガナ"], birth_date="1978-08-08",
        category=row["区分"],
        phone_home=row["TEL"], phone_mobile=row["電話番号2"], branch=branches[row["登録館名"]], registered_on="2018-04-01",
        expires_on="2028-03-31", postal_code=row["郵便番号"], address=row["住所1"], desk_note=row["備考"],
    )  # fmt: skip


def _item(row, branches, number):
    title = Title.select(Title.id).where(*_named(row["MARC番号"])).get()
    Item.create(
        title=title, barcode=row["バーコード"].upper(), branch=branches[row["館"]], shelf=row["場所"], call_number=row["請求記号"],
        acquired_on="2020-04-01",
    )  # fmt: skip


def _named(source_id):
    """Return the condition that the index of titles serves."""
    return Title.source == "csv", Title.source_id == source_id, SQL("source_id <> ''")


def _loan(row, branches, number):
    if row["返却日"]:
        return
    item = Item.get(Item.barcode == row["バーコード"])
    patron = Patron.get(Patron.card_number == row["貸出券番号"].zfill(10))
    Loan.create(item=item, patron=patron, branch=item.branch_id, lent_on="2026-11-11", due_on="2026-11-25")


def _hold(row, branches, number):
    if row["状態"] == "取消":
        return
    patron = Patron.get(Patron.card_number == row["貸出券番号"])
    title = Title.get(*_named(row["書誌レコード番号"]))
    Hold.create(patron=patron, title=title, pickup_branch=branches[row["受取館"]], placed_at=clock.now())


BARE = {"patrons": _patron, "items": _item, "loans": _loan, "holds": _hold}


# -- measured
# ------------------------------------------------------------------------------------------------------------
def alone(work, *given):
    """Run a measurement in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, given)


def found(folder):
    """Make the library that the town moves into."""
    folder.mkdir(mode=0o700)
    with database.founding(str(folder / "madoguchi.sqlite3")):
        policy.put("card_forms", other_library.CARD_FORMS)
        policy.put("item_forms", other_library.ITEM_FORMS)
        _town.add_staff()
    connection.obj.close_all()


def copied(folder, kind):
    other = folder.with_name(f"bare-{kind}")
    shutil.copytree(folder, other)
    return other


def compared(folder, paths):
    """Read all files in; yield the promises of each."""
    peak = 0
    for kind, group in GROUPS.items():
        plain = alone(bare, copied(folder, kind), kind, paths[group]) if kind in BARE else None
        rows, refused, took, megabytes = alone(ours, folder, kind, paths[group])
        peak = max(peak, megabytes)
        print(
            f"{kind}: {rows:,} rows, {refused:,} refused, {rows / took:,.0f} a second of work, {megabytes:.0f} MB",
            flush=True,
        )
        yield Promise(f"{kind}: refused, of 100 rows", 100 * refused / rows, 1, "")
        if plain:
            print(f"    the bare loop: {plain[0] / plain[1]:,.0f}")
            yield Promise(
                f"{kind}: of the bare loop", (rows / took) / (plain[0] / plain[1]), LEAST[kind], "", least=True
            )
    yield Promise("memory, the most of an import", peak, MOST_MEGABYTES, "MB")


def scanned(folder, path, count) -> Promise:
    """Lend and take back while copies come in; return the promise of the scans."""
    rows = path.read_text(encoding="cp932").replace("md", "me")
    other = path.with_name("more.txt")
    other.write_text(rows, encoding="cp932")
    cards = cycle(other_library.card(number) for number in range(1, 4000) if number % 97)
    server = _server.Server(folder, JOBS=0)
    server.start()
    try:
        clerk, times = desk.Desk(server), []
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            working, number = pool.apply_async(ours, (folder, "items", other)), 0
            while not working.ready():
                card = next(cards)
                times.append(clerk.scan("/desk/checkout", card, card=card, item=""))
                barcode = other_library.barcode(number := (number + 1) % (2 * count))
                times.append(clerk.scan("/desk/returns", barcode, item=barcode, day=clock.today().isoformat()))
            working.get()
    finally:
        server.stop()
    print(f"{len(times):,} scans while copies came in")
    return Promise(
        "a scan at the desk while copies come in, p95", _server.percentile([took for took, _ in times], 95), MOST_SCAN
    )


# -- out as a pack, and in again
# -----------------------------------------------------------------------------------------
def packed(folder):
    """Print the cost of each step; return the promise of the memory."""
    copy, pack, new = (folder.with_name(name) for name in ("copy.sqlite3", "town.zip.age", "new"))
    new.mkdir()
    steps = {
        "backup": alone(costs, back_up, folder, copy),
        "drill": alone(costs, drill_of, copy),
        "pack out": alone(costs, write_pack, folder, pack),
        "pack in": alone(costs, load_pack, pack, new),
    }
    for name, (seconds, processor, megabytes) in steps.items():
        print(f"{name:9} {seconds:6.1f} s  (processor {processor:6.1f} s)  {megabytes:5.0f} MB of memory", flush=True)
    print(*(f"{path.name}: {path.stat().st_size / 1024**2:.0f} MB" for path in (copy, pack)), sep="\n")
    most = max(megabytes for name, (_, _, megabytes) in steps.items() if name.startswith("pack"))
    return Promise("memory of a pack", most, MOST_MEGABYTES, "MB")


def costs(work, *given):
    """Return the seconds of some work by the clock, by the processor, and the megabytes of memory."""
    began = time.perf_counter()
    work(*given)
    return time.perf_counter() - began, sum(os.times()[:4]), _server.peak_memory()  # with the processes that it started


def back_up(folder, copy):
    with opened(folder):
        backup.write(copy)


def drill_of(copy):
    drill.try_backup(copy, config.load(INSTANCE=str(copy.parent)))


def write_pack(folder, pack):
    with opened(folder):
        origin = writing.Origin("町", "1", folder / "ebooks")
        writing.to_encrypted_zip(pack, PASSPHRASE, origin, now=clock.now(), progress=lambda done, of: None)


def load_pack(pack, instance):
    with opening.opened(pack, lambda: PASSPHRASE, room=instance) as source:
        url = str(instance / "madoguchi.sqlite3")
        loading.load(source, url, instance, finish=index.rebuild, progress=lambda done, of: None)


# -- a MARC 21 file
# ------------------------------------------------------------------------------------------------------
def catalogued(folder, given):
    """Print the cost of the records, the first time and again; return the promises of them."""
    path = given.marc or written(folder / "records.mrc", given.records)
    before = alone(read_only, path)
    records, plain = (one + other for one, other in zip(before, alone(read_only, path), strict=True))
    *imports, megabytes = alone(read_in, path, folder)
    print(f"pymarc only reads {records / plain:,.0f} records a second of work")
    for totals, rate, work in imports:
        print(f"import: {rate:,.0f} records/s, {work * 1e6:,.0f} µs of work a record; {totals}")
    ratio = plain / records / imports[0][2]
    return [
        Promise("import, of pymarc only reading (work)", ratio, LEAST_OF_PYMARC, "", least=True),
        Promise("import, memory", megabytes, MOST_MEGABYTES, "MB"),
    ]


def written(path, count):
    """Write so many invented titles as MARC 21; return the path."""
    with path.open("wb") as file:
        for number, record in enumerate(_catalogue.titles(count), 1):
            record.source, record.source_id = "BENCH", f"{number:09}"
            file.write(exporting.marc_from_fields(number, record).as_marc())
    return path


def read_only(path):
    """Return the number of records, and the processor seconds of pymarc alone."""
    begun = time.process_time()
    with path.open("rb") as file:
        count = sum(1 for _ in pymarc.MARCReader(file))
    return count, time.process_time() - begun


def read_in(path, folder):
    """Import the file twice; return (counts, records a second, seconds of work a record) of each, and the peak memory
    in MB.
    """
    results = []
    with opened(folder):
        database.migrate()
        web_server.spare_what_stays()  # as each command does
        for _ in range(2):
            done, begun, worked = Report(), time.perf_counter(), time.process_time()
            with formats.opened(path, source="benchmark") as catalogue:
                titles.read_in(catalogue, report=done, today=clock.today())
            rate = done.read / (time.perf_counter() - begun)
            results.append((done.totals, rate, (time.process_time() - worked) / done.read))
    return [*results, _server.peak_memory()]


def main():
    arguments = parser(__doc__)
    sizes = {"patrons": 20_000, "titles": 40_000, "loans": 5_000, "holds": 3_000}
    for name, size in sizes.items():
        arguments.add_argument(f"--{name}", type=int, default=size)
    arguments.add_argument("--records", type=int, default=20_000, help="of the MARC 21 file that is made")
    arguments.add_argument("--marc", type=Path, metavar="FILE", help="a MARC 21 file instead")
    arguments.add_argument("--only", choices=("files", "marc"))
    given = arguments.parse_args()
    promises = []
    with tempfile.TemporaryDirectory(prefix="madoguchi-") as temporary:
        if given.only != "marc":
            folder = Path(temporary, "library")
            found(folder)
            paths = other_library.write(Path(temporary), **{name: getattr(given, name) for name in sizes})
            promises += [*compared(folder, paths), scanned(folder, paths["items"], given.titles), packed(folder)]
        if given.only != "files":
            promises += catalogued(Path(temporary), given)
    return report(promises)


if __name__ == "__main__":
    sys.exit(main())
