"""Measure how fast a town moves in, beside a bare loop of csv and peewee, what memory it takes, and how long a desk waits meanwhile.

    .venv/bin/python benchmarks/moving_in.py [--patrons 20000] [--titles 40000] [--loans 5000] [--holds 3000]

The files are those of ``tests/other_library.py``: another program's headings, numbers and days. Each import is a process of its own on a
copy of the same library; the bare loop looks up what a row must refer to, makes it by ``create``, and commits every 200 rows. Compared is
processor time. Then copies come in while a desk lends.
"""

import csv
import multiprocessing
import resource
import shutil
import sys
import tempfile
import time
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path

sys.path.insert(1, str(Path(__file__).resolve().parents[1]))

import _load
import _server
import _town
import desk
from _promises import Promise, parser, report
from peewee import SQL

from library import clock, policy
from library.access import passwords
from library.files.report import Report
from library.importing import assignments, kinds
from library.importing.words import Adding
from library.store import database
from models import Branch, Hold, Item, Loan, Patron, Staff, Title, database as connection
from tests import other_library

LEAST = {"patrons": 0.25, "items": 0.25, "loans": 0.2, "holds": 0.2}
MOST_MEGABYTES, MOST_SCAN, ROWS = 300, 60, 200
GROUPS = {
    "branches": "branches",
    "titles": "catalog",
    "items": "items",
    "patrons": "patrons",
    "loans": "loans",
    "holds": "holds",
}
LOGIN = "madoguchi"


@contextmanager
def opened(folder):
    database.open_database(str(folder / "madoguchi.sqlite3"))
    with connection.connection_context():
        yield
    connection.obj.close_all()


# -- ours ----------------------------------------------------------------------------------------------------------------
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
    return done.read, done.counts["refused"], took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


# -- the bare loop ---------------------------------------------------------------------------------------------------------
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
        card_number=f"{number:010}", name=row["利用者氏名"], name_kana=row["フリガナ"], birth_date="1978-08-08", category=row["区分"],
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


# -- measured ------------------------------------------------------------------------------------------------------------
def alone(work, *given):
    """Run a measurement in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, given)


def found(folder):
    folder.mkdir(mode=0o700)
    with database.founding(str(folder / "madoguchi.sqlite3")):
        policy.put("card_forms", other_library.CARD_FORMS)
        policy.put("item_forms", other_library.ITEM_FORMS)
        Staff.create(
            login=LOGIN, role="desk", password_hash=passwords.hash_password(_town.PASSWORD), must_change_password=False,
            created_at=clock.now(),
        )  # fmt: skip
    connection.obj.close_all()


def copied(folder, kind):
    other = folder.with_name(f"bare-{kind}")
    shutil.copytree(folder, other)
    return other


def compared(folder, paths):
    """Read all files in; yield what is promised of each."""
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


def scanned(folder, path, titles):
    """Return the p95 of check-outs in ms while copies come in, and how many there were."""
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
                barcode = other_library.barcode(number := (number + 1) % (2 * titles))
                times.append(clerk.scan("/desk/returns", barcode, item=barcode, day=clock.today().isoformat()))
            working.get()
    finally:
        server.stop()
    return _load.percentile([took for took, _ in times], 0.95), len(times)


def main():
    arguments = parser(__doc__)
    sizes = {"patrons": 20_000, "titles": 40_000, "loans": 5_000, "holds": 3_000}
    for name, size in sizes.items():
        arguments.add_argument(f"--{name}", type=int, default=size)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="madoguchi-") as temporary:
        folder = Path(temporary, "library")
        found(folder)
        paths = other_library.write(Path(temporary), **{name: getattr(given, name) for name in sizes})
        promises = list(compared(folder, paths))
        took, count = scanned(folder, paths["items"], given.titles)
        print(f"{count:,} scans while copies came in")
        promises.append(Promise("a scan at the desk while copies come in, p95", took, MOST_SCAN))
    return report(promises)


if __name__ == "__main__":
    sys.exit(main())
