"""Searching 100,000 and 500,000 titles: each kind of query against the plain way in SQL, and during an import.

    .venv/bin/python benchmarks/search.py [--titles 100000 500000] [--queries 60] [--keep FOLDER]

The plain way asks the same index: ``ORDER BY rank``, a count, and facets in SQL. Each query is asked once by each, one
after the other, so that nothing is remembered and what else the machine does hits both. With --keep the libraries stay
in that folder.
"""

import argparse
import dataclasses
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import _catalogue
import _server
from promises import Promise, parser, report

from library.catalog.folding import fold
from library.catalog.fulltext import grams, index
from library.catalog.query.query import SORTS, Query
from library.catalog.search import matching, snapshot
from library.catalog.shown import results
from library.store import database
from models import database as connection

COMMON = ("の", "学", "と", "論", "入門", "日本", "こう", "かん", "出版", "社")  # in every tenth title and more
WORDY = {"1 letter", "very common"}
MOST_P99, MOST_P99_WORDY, LEAST_TIMES = 60, 150, 3  # ms, ms, against the plain way
NOTHING_TO_GAIN = 5  # ms that the plain way takes: below that nobody waits
FACETS = ("material_type", "audience", "substr(ndc, 1, 1)", "year / 10")


def build(path, count):
    """Make a library in this file, unless it is there."""
    fresh = not path.exists()
    database.open_database(str(path))
    connection.connect(reuse_if_open=True)
    database.migrate()
    if fresh:
        spent = Stopwatch()
        began = time.perf_counter()
        _catalogue.store(count, put=lambda pairs: put_in_batches(pairs, spent))
        index.tidy()
        whole = time.perf_counter() - began
        print(
            f"made in {whole:.0f} s; index.put {spent.seconds / count * 1e6:.0f} µs a title, {path.stat().st_size / count:.0f} bytes a title"
        )
    began = time.perf_counter()
    shot = snapshot.current()
    print(f"{len(shot.ids)} titles; arrays read in {time.perf_counter() - began:.1f} s")


class Stopwatch:
    seconds = 0.0


def put_in_batches(pairs, spent):
    began = time.perf_counter()
    _catalogue.put_in_index(pairs)
    spent.seconds += time.perf_counter() - began


def kinds(count):
    """Return queries of each kind, taken from titles that are there, so that common words come as often as they do."""
    chance = random.Random("queries")
    made = list(_catalogue.titles(20_000))
    words = _catalogue.words()
    kanji = [letter for record in chance.sample(made, 2000) for letter in record.title if letter >= "一"]

    def some_of(choose):
        texts = dict.fromkeys(filter(None, (choose(chance.choice(made)) for _ in range(40 * count))))
        return list(texts)[:count]

    return {
        "1 letter": list(dict.fromkeys(kanji))[:count],
        "2 letters": some_of(lambda record: first_run(record.title, 2)),
        "3 letters": some_of(lambda record: first_run(record.title, 3)),
        "5 letters": some_of(lambda record: record.title[:5] if len(record.title) > 4 else ""),
        "whole title": some_of(lambda record: record.title),
        "two words": some_of(lambda record: f"{first_run(record.title, 2)} {record.contributors[0].name[:2]}"),
        "reading": some_of(
            lambda record: record.title_kana.split()[0] if len(record.title_kana.split()[0]) > 3 else ""
        ),
        "author": some_of(lambda record: record.contributors[0].name.replace(", ", "")),
        "ISBN": some_of(lambda record: record.isbns[0]),
        "nothing": [f"{word}ぬぬ" for word in words[:count]],
        "very common": list(COMMON),
    }


def first_run(text, size):
    found = re.search(f"[一-鿿]{{{size}}}", text)
    return found[0] if found else ""


def plain(text):
    """Ask in the way of the book: the best 20 by rank, their number, four facets."""
    match = (
        grams.phrase(fold.strict(text))
        if " " not in text
        else " AND ".join(map(grams.phrase, map(fold.strict, matching.words(text))))
    )
    ask = connection.execute_sql
    ask("SELECT rowid / 8 FROM search WHERE search MATCH ? ORDER BY rank LIMIT 20", (match,)).fetchall()
    ask("CREATE TEMP TABLE found AS SELECT DISTINCT rowid / 8 AS id FROM search WHERE search MATCH ?", (match,)).close()
    ask("SELECT count(*) FROM found").fetchone()
    for facet in FACETS:
        ask(f"SELECT {facet}, count(*) FROM found JOIN title USING (id) GROUP BY 1").fetchall()
    ask("DROP TABLE found").close()


def timed(work, *given, **named):
    began = time.perf_counter()
    work(*given, **named)
    return (time.perf_counter() - began) * 1000


def engine(asked):
    """Print the table of all kinds; return the promises of each."""
    promises = []
    print("kind            hits   p50 ms   p99 ms   the plain way / ours (all)")
    for kind, texts in asked.items():
        ours, theirs, hits = [], [], []
        for text in texts:
            ours.append(timed(results.find, Query(q=text)))
            hits.append(results.find(Query(q=text)).total)
            if kind != "ISBN":
                theirs.append(timed(plain, text))
        times = sum(theirs) / sum(ours) if theirs else float("nan")
        p50, p99 = _server.percentile(ours, 50), _server.percentile(ours, 99)
        print(f"{kind:12} {statistics.median(hits):8.0f} {p50:8.2f} {p99:8.2f} {times:8.1f}")
        promises.append(Promise(f"{kind}, p99", p99, MOST_P99_WORDY if kind in WORDY else MOST_P99))
        if theirs and _server.percentile(theirs, 50) > NOTHING_TO_GAIN:
            promises.append(Promise(f"{kind}, times the plain way", times, LEAST_TIMES, "", least=True))
    return promises


def orders(asked):
    """Print page 1 and page 500 in each order, the first time and again; return the promises of each."""
    promises = []
    texts = [*asked["2 letters"][:15], *COMMON[:5]]
    print("order        page     first p50   p99 ms   again p50   p99 ms")
    for sort in SORTS:
        for page in (1, 500):
            first, again = [], []
            for text in texts:
                query = Query(q=text, sort=sort, page=page)
                results.forget()
                first.append(timed(results.find, query))
                again.append(timed(results.find, query))
            p50, p99 = _server.percentile(first, 50), _server.percentile(first, 99)
            print(
                f"{sort:12} {page:4} {p50:12.2f} {p99:8.2f} {_server.percentile(again, 50):10.2f} {_server.percentile(again, 99):8.2f}"
            )
            promises.append(Promise(f"order {sort}, page {page}, p99", p99, MOST_P99_WORDY))
    return promises


def during_import(path, asked, seconds=20):
    """Ask the same searches while another process writes titles without a pause; return the promises."""
    texts = [text for kind, each in asked.items() if kind not in WORDY for text in each[:20]]
    quiet = [timed(results.find, Query(q=text, page=2)) for text in texts]
    first = connection.execute_sql("SELECT max(id) FROM title").fetchone()[0] + 1
    writer = subprocess.Popen(
        [sys.executable, __file__, "--write", str(path), "--first", str(first)], stdout=subprocess.PIPE
    )
    busy, stop = [], time.perf_counter() + seconds
    while time.perf_counter() < stop:
        for text in texts:
            results.forget()
            busy.append(timed(results.find, Query(q=text, page=2)))
    writer.terminate()
    written = len(writer.communicate()[0].split())
    p99 = _server.percentile(busy, 99)
    print(
        f"during an import ({200 * written / seconds:.0f} titles/s): p50 {_server.percentile(busy, 50):.2f}, p99 {p99:.2f}, "
        f"longest {max(busy):.0f} ms; quiet p50 {_server.percentile(quiet, 50):.2f}, p99 {_server.percentile(quiet, 99):.2f} ms"
    )
    return [Promise("during an import, p99", p99, MOST_P99_WORDY)]


def write(path, first):
    """Put in batches of 200 titles until killed, with a word on standard output for each. They go again
    with the copy.
    """
    database.open_database(path)
    connection.connect()
    made = list(_catalogue.titles(5_000, seed="more"))
    while True:
        for begin in range(0, len(made), 200):
            pairs = list(enumerate(made[begin : begin + 200], first))
            with database.writing():
                _catalogue.write_titles(pairs, f"more {first}-")
                index.put(pairs)
            first += 200
            print("batch", flush=True)


def measure(folder, count, given):
    path = folder / f"titles-{count}.sqlite3"
    build(path, count)
    asked = kinds(given.queries)
    promises = engine(asked) + orders(asked) + during_import(path, asked)
    print(f"peak memory of this process {_server.peak_memory():.0f} MB")
    connection.close()
    return [dataclasses.replace(each, words=f"{count} titles, {each.words}") for each in promises]


def main():
    arguments = parser(__doc__)
    arguments.add_argument("--titles", type=int, nargs="+", default=[100_000, 500_000])
    arguments.add_argument("--queries", type=int, default=60)
    arguments.add_argument("--keep", type=Path)
    arguments.add_argument("--write", help=argparse.SUPPRESS)
    arguments.add_argument("--first", type=int, help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if given.write:
        return write(given.write, given.first)
    with tempfile.TemporaryDirectory(prefix="madoguchi-") as folder:
        return report([each for count in given.titles for each in measure(given.keep or Path(folder), count, given)])


if __name__ == "__main__":
    sys.exit(main())
