"""Measure how fast a catalogue file goes in, beside pymarc only reading the same file, and what memory it takes.

    .venv/bin/python benchmarks/catalog_import.py [FILE.mrc] [--count 20000]

Without a file one is made: invented Japanese titles with their readings. Each import is a process of its own on a new library. The
smaller file is a part of the same, to see what memory grows with.
"""

import multiprocessing
import re
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

import _catalogue
import pymarc
from _promises import Promise, parser, report

from library import clock
from library.catalog import exporting
from library.catalog.readers import formats
from library.files.report import Report
from library.importing import titles
from library.store import database

LEAST_RATIO, MOST_MEGABYTES = 0.12, 300  # of pymarc that only reads
PART = 4_000
END_OF_RECORD = b"\x1d"


def make(path, count):
    with path.open("wb") as file:
        for number, record in enumerate(_catalogue.titles(count), 1):
            record.source, record.source_id = "BENCH", f"{number:09}"
            file.write(exporting.marc_of(number, record).as_marc())


def cut(whole, path, count):
    with whole.open("rb") as file, path.open("wb") as out:
        out.writelines(islice(_records(file), count))


def _records(file):
    rest = b""
    while block := file.read(1 << 20):
        *found, rest = (rest + block).split(END_OF_RECORD)
        yield from (each + END_OF_RECORD for each in found)


def read_only(path):
    """Return records a second and processor seconds a record of pymarc alone."""
    begun, worked, count = time.perf_counter(), time.process_time(), 0
    with path.open("rb") as file:
        for _ in pymarc.MARCReader(file):
            count += 1
    return count / (time.perf_counter() - begun), (time.process_time() - worked) / count


def read_in(path, folder, results):
    """Import the file twice into a new library."""
    opened = database.open_database(f"{folder}/{path.name}.sqlite3")
    with opened.connection_context():
        database.migrate()
        for _ in range(2):
            rows, begun, worked = Report(), time.perf_counter(), time.process_time()
            with formats.opened(path, source="benchmark") as catalogue:
                titles.read_in(catalogue, report=rows, today=clock.today())
            rate = rows.read / (time.perf_counter() - begun)
            results.put((rows.totals, rate, (time.process_time() - worked) / rows.read))
    # not what getrusage says: there the process that started this one counts, too
    results.put(int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1]) / 1024)


def in_a_process(path, folder):
    """Return (totals, records a second, processor seconds a record) of the first and the second import, and peak memory in MB."""
    apart = multiprocessing.get_context("spawn")
    results = apart.Queue()
    process = apart.Process(target=read_in, args=(path, folder, results))
    process.start()
    first, second, megabytes = results.get(), results.get(), results.get()
    process.join()
    return first, second, megabytes


def main():
    arguments = parser(__doc__)
    arguments.add_argument("file", nargs="?", type=Path)
    arguments.add_argument(
        "--count", type=int, default=20_000, help="records of the file that is made, or that are taken of one"
    )
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        whole, part = Path(folder, "whole.mrc"), Path(folder, "part.mrc")
        if given.file is None:
            make(whole, given.count)
        elif "--count" in " ".join(sys.argv):
            cut(given.file, whole, given.count)
        else:
            whole = given.file
        cut(whole, part, PART)
        _, _, small = in_a_process(part, folder)
        before = read_only(whole)
        (totals, rate, worked), (again, again_rate, _), megabytes = in_a_process(whole, folder)
        plain, plain_work = ((one + other) / 2 for one, other in zip(before, read_only(whole), strict=True))
    print(f"pymarc only reading      {plain:10,.0f} records/s")
    print(f"import                   {rate:10,.0f} records/s   ratio {rate / plain:.2f}   {totals}")
    print(
        f"processor time           {worked * 1e6:10,.0f} µs a record, pymarc {plain_work * 1e6:.0f}   ratio {plain_work / worked:.2f}"
    )
    print(f"import of the same again {again_rate:10,.0f} records/s   {again}")
    print(f"peak memory              {megabytes:10,.0f} MB; {small:,.0f} MB with {PART:,} records")
    return report(
        [
            Promise("import, of pymarc only reading (work)", plain_work / worked, LEAST_RATIO, "", least=True),
            Promise("import, memory", megabytes, MOST_MEGABYTES, "MB"),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
