"""The page of a search beside Datasette's page of the same search on the same titles, at 16 connections; and what readers wait for it.

    .venv/bin/python benchmarks/search_page.py [--rounds 5] [--seconds 3] [--titles 100000] [--keep FOLDER]
    .venv/bin/python benchmarks/search_page.py --titles 500000 --alone

Datasette is installed into a folder of its own in the machine's folder of temporary files, once. It searches one FTS5 table with pieces of
three letters, as it is offered: no facets, 20 rows a page. Ours counts branches, kinds, classes and decades besides. The two are
asked in turns, each for another word every time; words have three letters and more, as shorter ones find nothing there. ``--alone``
leaves Datasette out. Readers wait at 8 connections for words that each is asked for the first time, and for very common ones; and 16 at once
after a start.
"""

import contextlib
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import venv
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import _big_town
import _catalogue
import _load
import _server
from _promises import Promise, parser, report

VERSION = "0.65.5"
CONNECTIONS, LEAST_TIMES, MOST_MEMORY = 16, 3, 250  # times Datasette's requests a second; MB
READERS, MOST_P95, MOST_P95_COMMON = 8, 60, 150  # connections; ms
AT_A_START, MOST_FIRST = 16, 1  # readers; seconds
COMMON = ("の", "学", "と", "論", "入門", "日本", "こう", "かん", "出版", "社")  # in every tenth title and more
COLUMNS = "title, title_kana, subtitle, series, author, publisher, subjects, isbn, ndc, year"
START_WITHIN = 60  # seconds


def datasette() -> Path:
    """Return the program, installed once."""
    folder = Path(tempfile.gettempdir()) / f"madoguchi-datasette-{VERSION}"
    if not (folder / "bin" / "datasette").exists():
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([folder / "bin" / "pip", "install", "--quiet", f"datasette=={VERSION}"], check=True)
    return folder / "bin" / "datasette"


def copy_titles(library: Path, path: Path) -> None:
    """Make the table that Datasette serves: the titles, and their FTS5 table in pieces of three letters."""
    path.unlink(missing_ok=True)
    with contextlib.closing(sqlite3.connect(path)) as copy:
        copy.execute("ATTACH ? AS library", (str(library),))
        copy.execute(f"CREATE TABLE titles AS SELECT id, {COLUMNS} FROM library.title")
        copy.execute(
            f"CREATE VIRTUAL TABLE titles_fts USING fts5({COLUMNS}, content=titles, content_rowid=id, tokenize=trigram)"
        )
        copy.execute("INSERT INTO titles_fts (titles_fts) VALUES ('rebuild')")
        copy.commit()


@contextlib.contextmanager
def serve_copy(path: Path):
    """Serve the copy by Datasette; yields (port, process)."""
    port = _server.free_port()
    command = [datasette(), "serve", path, "--port", str(port), "--setting", "suggest_facets", "off"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + START_WITHIN
        while time.monotonic() < until:
            with contextlib.suppress(ConnectionError):
                _server.ask(port, "GET", "/-/versions.json")
                break
            time.sleep(0.1)
        yield port, process
    finally:
        process.terminate()
        process.wait(20)


def words(count: int) -> list[str]:
    """Return beginnings of titles, three and five letters long in turns."""
    titles = dict.fromkeys(record.title for record in _catalogue.titles(count * 2) if len(record.title) > 4)
    return [urllib.parse.quote(title[: 3 + place % 2 * 2]) for place, title in enumerate(list(titles)[:count])]


def measure(server, given) -> list[Promise]:
    """Print requests a second of both; return what was promised."""
    texts, rates = words(400), []
    copy = server.folder / "datasette.sqlite3"
    copy_titles(server.folder / "madoguchi.sqlite3", copy)
    ours = " ".join(f"/search?q={text}" for text in texts)
    theirs = " ".join(f"/datasette/titles?_search={text}&_size=20" for text in texts)
    with serve_copy(copy) as (port, process):
        for turn in range(given.rounds + 1):
            load = {"connections": CONNECTIONS, "seconds": given.seconds}
            their = _load.measure(port, process.pid, theirs, **load)
            our = _load.measure(server.port, server.process.pid, ours, **load)
            for name, run in (("Datasette", their), ("the search", our)):
                if set(run.statuses) != {"200"}:
                    raise RuntimeError(f"{name} answered {run.statuses}")
            if turn:  # the first round warms up
                rates.append((our.rate, their.rate))
    our_rate, their_rate = (statistics.median(each) for each in zip(*rates, strict=True))
    ratios = [one / other for one, other in rates]
    print(f"ours {our_rate:.0f}/s, Datasette {their_rate:.0f}/s; {min(ratios):.1f} to {max(ratios):.1f} times")
    return [
        Promise(
            "search page, times Datasette's at 16 connections", statistics.median(ratios), LEAST_TIMES, "", least=True
        )
    ]


def wait(server, given) -> list[Promise]:
    """Print what readers wait for a page; return what was promised of it."""
    promises = []
    asked = {
        "words": (words(1_900)[400:], MOST_P95),
        "very common words": (list(map(urllib.parse.quote, COMMON)), MOST_P95_COMMON),
    }
    for kind, (texts, most) in asked.items():
        paths = " ".join(f"/search?q={text}" for text in texts)
        run = _load.measure(server.port, server.process.pid, paths, connections=READERS, seconds=10 * given.seconds)
        p50, p95 = (_load.percentile(run.milliseconds, part) for part in (50, 95))
        print(
            f"{kind}: {run.rate:.0f}/s, p50 {p50:.0f}, p95 {p95:.0f} ms, {run.processor:.1f} ms of the processor, {run.statuses}"
        )
        promises.append(Promise(f"search page, {kind}, {READERS} connections, p95", p95, most))
    return [*promises, Promise("first search after a start, of 16", first_after_a_start(server), MOST_FIRST, "s")]


def first_after_a_start(server) -> float:
    """Return how long the last of many readers waits who all search as soon as the server answers."""
    server.stop()
    server.start()

    def search(text):
        began = time.perf_counter()
        _server.ask(server.port, "GET", f"/search?q={text}")
        return time.perf_counter() - began

    with ThreadPoolExecutor(AT_A_START) as readers:
        return max(readers.map(search, words(AT_A_START)))


def main() -> int:
    arguments = _big_town.arguments(parser(__doc__))
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--seconds", type=float, default=3)
    arguments.add_argument("--alone", action="store_true", help="without Datasette")
    given = arguments.parse_args()
    with _big_town.served(given) as server:
        promises = wait(server, given) if given.alone else wait(server, given) + measure(server, given)
        return report(
            [*promises, Promise("search page, memory of the server", server.peak_memory(), MOST_MEMORY, "MB")]
        )


if __name__ == "__main__":
    sys.exit(main())
