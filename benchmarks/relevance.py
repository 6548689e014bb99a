"""Check that a library of the works of Aozora Bunko finds the titles that a librarian expects: relevance.tsv, after an
import by the command.

    .venv/bin/python benchmarks/relevance.py WORKS.tsv [--keep FOLDER]

WORKS.tsv is a list of works (作品名, 作品名読み, 人物, …), such as the one that Aozora Bunko publishes. Prints the
titles that are missed, come first instead of the exact one, or are found and should not be, and the agreement of the
order by title with ソート用読み.
"""

import argparse
import csv
import os
import subprocess
import sys
import tempfile
import time
import urllib.parse
from itertools import pairwise
from pathlib import Path

import _server

from app import create_app
from library.catalog.query.query import Query
from library.catalog.shown import results
from library.store import database
from models import Title, database as connection
from tests.relevance import expectations, strings

EXPECTED = Path(__file__).with_suffix(".tsv")
LEAST_ORDER, LONGEST = 0.99, 1.0  # neighbours in the same order; seconds of any answer


def load(folder, works):
    """Make a library with these works in the folder; return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "library.sqlite3"
    if not path.exists():
        settings = os.environ | {"MADOGUCHI_INSTANCE": str(folder), "MADOGUCHI_DATABASE_URL": str(path)}
        flask = [sys.executable, "-m", "flask", "--app", str(_server.ROOT / "app.py")]
        for command in (["init"], ["catalog", "import", works]):
            subprocess.run([*flask, *command], env=settings, cwd=_server.ROOT, check=True)
    return path


def judge(expected):
    """Print the counts of queries and failures; return a line for each failure."""
    library = expectations.Library()
    answers = {each.query: library.failures(each) for each in expected}
    wanted = sum(len(each.found) for each in expected)
    missed = sum(len(failures.missed) for failures in answers.values())
    firsts = sum(bool(each.first) for each in expected)
    late = sum(bool(failures.first) for failures in answers.values())
    false = sum(len(failures.false) + len(failures.strict) for failures in answers.values())
    print(f"{len(expected)} queries; recall {wanted - missed} of {wanted} ({1 - missed / wanted:.1%}); ", end="")
    print(f"exact title first {firsts - late} of {firsts}; forbidden hits {false}")
    return [f"{query}: {failures}" for query, failures in answers.items() if failures.any]


def compare_order(works):
    """Print the neighbours of the list's own order that stand the same way in the search by title; return a line where
    they are too few.
    """
    with open(works, encoding="utf-8-sig", newline="") as file:
        rows = {row["作品ID"]: row for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)}
    names = dict(Title.select(Title.id, Title.source_id).tuples())
    found = results.find(Query(sort="title"), size=len(names)).ids
    places = {names[title_id]: place for place, title_id in enumerate(found)}
    known = [(row["ソート用読み"], places[work]) for work, row in rows.items() if row["ソート用読み"]]
    # Works with one reading stand in an order of their own on both sides.
    pairs = [(one, other) for one, other in pairwise(sorted(known)) if one[0] != other[0]]
    wrong = [f"{one[0]} | {other[0]}" for one, other in pairs if one[1] > other[1]]
    print(
        f"order by title: {len(pairs) - len(wrong):,} of {len(pairs):,} neighbours as in ソート用読み ({1 - len(wrong) / len(pairs):.2%})"
    )
    print(*(f"    {pair}" for pair in wrong), sep="\n")
    return [f"order by title: {len(wrong)} of {len(pairs)}"] if len(wrong) > (1 - LEAST_ORDER) * len(pairs) else []


def ask_anything(path, folder):
    """Ask for random strings as patrons never type them; return a line for each that fails, and for a slow one."""
    app = create_app(INSTANCE=str(folder), DATABASE_URL=str(path))
    client, times, failed = app.test_client(), [], []
    for address in strings.addresses():
        began = time.perf_counter()
        status = client.get(address, buffered=True).status_code
        times.append((time.perf_counter() - began, address))
        failed += [f"{status}: {address[:80]}"] if status >= 500 else []
    seconds, address = max(times)
    print(
        f"{len(times)} random strings: the slowest {seconds * 1000:.0f} ms, {urllib.parse.unquote(address, errors='replace')[:60]!r}"
    )
    return failed + ([f"slowest {seconds:.1f} s"] if seconds > LONGEST else [])


def measure(folder, works):
    path = load(folder, works)
    database.open_database(str(path))
    with connection.connection_context():
        missed = judge(expectations.read(EXPECTED)) + compare_order(works)
    return missed + ask_anything(path, folder)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("works", help="the list of works")
    parser.add_argument("--keep", type=Path, help="where the library stays for the next time")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="madoguchi-") as folder:
        missed = measure(given.keep or Path(folder), given.works)
    print("\n".join(f"missed: {line}" for line in missed) or "all as expected")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
