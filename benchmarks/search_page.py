"""Pages of the catalogue: a search beside Datasette's and Groonga's, the wait of readers for it, answers to machines, a
reader beside a crawler.

    .venv/bin/python benchmarks/search_page.py [--groonga] [--rounds 5] [--seconds 3] [--asked 200]
        [--titles 100000] [--keep FOLDER]
    .venv/bin/python benchmarks/search_page.py --titles 500000 --alone

Datasette is installed into a folder of its own in the machine's folder of temporary files, once. It searches one FTS5
table with pieces of three letters, as it is offered: no facets, 20 rows a page. Ours counts branches, kinds, classes
and decades besides, as ``--groonga`` has Groonga do by four drilldowns (``apt-get install groonga-bin``). They are
asked in turns, each for another word every time; words have three letters and more, as shorter ones find nothing at
Datasette. ``--alone`` leaves the others out. Readers wait at 4 connections for words that each is asked for the first
time, and for very common ones; and 16 at once after a start. Suggestions while somebody types,
/isbn and parts of OAI-PMH are asked one after the other, with what each takes of the processor, which a busy machine
changes less. The crawler walks facets without a pause, as far as it is let; a reader searches meanwhile.
"""

import contextlib
import html
import json
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import venv
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import _catalogue
import _server
import _town
from promises import Promise, parser, report

VERSION = "0.65.5"
CONNECTIONS, MOST_MEMORY = 16, 250  # MB
OF_DATASETTE, OF_GROONGA = 3, 0.35  # times their requests a second
READERS, MOST_P95, MOST_P95_COMMON = 4, 60, 150  # connections; ms
AT_A_START, MOST_FIRST = 16, 1  # readers; seconds
COMMON = ("の", "学", "と", "論", "入門", "日本", "こう", "かん", "出版", "社")  # in every tenth title and more
COLUMNS = "title, title_kana, subtitle, series, author, publisher, subjects, isbn, ndc, year"
START_WITHIN, PORT = 60, "{port}"  # seconds; its place in a command
SUGGESTION, ISBN, PART = 30, 20, 200  # ms, p95
FORMATS = ("oai_dc", "dcndl", "marc21")
MOST_SLOWER = 1.1  # times the wait of the reader without a crawler
PAUSE = 0.1  # seconds between two searches of the reader
CRAWLER, READER = {"X-Forwarded-For": "192.0.2.1"}, {"X-Forwarded-For": "198.51.100.7"}


# -- a search beside other programs' ---------------------------------------------------------------------------------
class Other(NamedTuple):
    """Another program on the same titles: the command that serves them on a port, its page that answers when it is
    there, the address of a search, and how many of its requests a second are promised.
    """

    name: str
    command: tuple
    ready: str
    search: str
    least: float


def datasette(server) -> Other:
    """Return Datasette, installed once, with a table of the titles and their FTS5 table in pieces of three letters."""
    folder, path = Path(tempfile.gettempdir()) / f"madoguchi-datasette-{VERSION}", server.folder / "datasette.sqlite3"
    if not (folder / "bin" / "datasette").exists():
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([folder / "bin" / "pip", "install", "--quiet", f"datasette=={VERSION}"], check=True)
    path.unlink(missing_ok=True)
    with contextlib.closing(sqlite3.connect(path)) as copy:
        copy.execute("ATTACH ? AS library", (str(server.folder / "madoguchi.sqlite3"),))
        copy.execute(f"CREATE TABLE titles AS SELECT id, {COLUMNS} FROM library.title")
        copy.execute(
            f"CREATE VIRTUAL TABLE titles_fts USING fts5({COLUMNS}, content=titles, content_rowid=id, tokenize=trigram)"
        )
        copy.execute("INSERT INTO titles_fts (titles_fts) VALUES ('rebuild')")
        copy.commit()
    command = (folder / "bin" / "datasette", "serve", path, "--setting", "suggest_facets", "off", "--port", PORT)
    return Other("Datasette", command, "/-/versions.json", "/datasette/titles?_search={}&_size=20", OF_DATASETTE)


def groonga(server) -> Other:
    """Return Groonga with the titles, their index in pieces of two letters, and what it counts in four drilldowns."""
    shutil.rmtree(server.folder / "groonga", ignore_errors=True)
    (path := server.folder / "groonga" / "titles").parent.mkdir()
    names, facets = COLUMNS.split(", "), ("branches", "kind", "class", "decade")
    with contextlib.closing(sqlite3.connect(server.folder / "madoguchi.sqlite3")) as library:
        rows = library.execute(
            f"SELECT {COLUMNS}, (SELECT group_concat(DISTINCT branch_id) FROM item WHERE title_id = title.id),"
            " material_type, substr(ndc, 1, 1), year / 10 * 10 FROM title"
        ).fetchall()
    given = [dict(zip((*names, *facets), (text or "" for text in row), strict=True)) for row in rows]
    values = [row | {"branches": str(row["branches"]).split(","), "decade": str(row["decade"])} for row in given]
    script = ["table_create Titles TABLE_NO_KEY"]
    script += [f"column_create Titles {name} COLUMN_SCALAR ShortText" for name in names]
    for name in facets:
        script.append(f"table_create all_{name} TABLE_HASH_KEY ShortText")
        script.append(f"column_create Titles {name} COLUMN_{'VECTOR' if name == 'branches' else 'SCALAR'} all_{name}")
    script += ["load --table Titles", json.dumps(values, ensure_ascii=False)]
    script.append(
        "table_create Terms TABLE_PAT_KEY ShortText --default_tokenizer TokenBigram --normalizer NormalizerAuto"
    )
    script.append(f"column_create Terms titles COLUMN_INDEX|WITH_POSITION|WITH_SECTION Titles {','.join(names)}")
    subprocess.run(["groonga", "-n", path], input="\n".join(script).encode(), stdout=subprocess.DEVNULL, check=True)
    search = "/d/select?table=Titles&match_columns=Terms.titles&query=%22{}%22&sort_keys=-_score&limit=20"
    search += f"&output_columns=_id,title,author,publisher,year&drilldown={','.join(facets)}&drilldown_limit=20"
    command = ("groonga", "--protocol", "http", "--bind-address", "127.0.0.1", "--port", PORT, "-s", path)
    return Other("Groonga", command, "/d/status", search, OF_GROONGA)


@contextlib.contextmanager
def serve(other: Other):
    """Serve by another program; yields (port, process)."""
    port = _server.free_port()
    command = [str(port) if part == PORT else part for part in other.command]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + START_WITHIN
        while time.monotonic() < until:
            with contextlib.suppress(ConnectionError):
                _server.ask(port, "GET", other.ready)
                break
            time.sleep(0.1)
        yield port, process
    finally:
        process.terminate()
        process.wait(20)


def words(count: int) -> list[str]:
    """Return beginnings of titles, three and five letters long in turns."""
    return [title[: 3 + place % 2 * 2] for place, title in enumerate(titles(count * 2)[:count])]


def titles(count: int) -> list[str]:
    """Return the titles among so many that have five letters and more, each once."""
    return list(dict.fromkeys(record.title for record in _catalogue.titles(count) if len(record.title) > 4))


def searches(texts: list[str]) -> list[str]:
    """Return the address of the search for each text."""
    return [f"/search?q={urllib.parse.quote(text)}" for text in texts]


def measure(server, given, other: Other) -> Promise:
    """Print the requests a second of both; return the promised ratio."""
    texts, rates = words(400), []
    ours = _server.opening(searches(texts))
    theirs = _server.opening([other.search.format(urllib.parse.quote(text)) for text in texts])
    with serve(other) as (port, process):
        for turn in range(given.rounds + 1):
            load = {"connections": CONNECTIONS, "seconds": given.seconds}
            their = _server.measure(port, process.pid, theirs, **load)
            our = _server.measure(server.port, server.process.pid, ours, **load)
            for name, run in ((other.name, their), ("the search", our)):
                if set(run.statuses) != {"200"}:
                    raise RuntimeError(f"{name} answered {run.statuses}")
            if turn:  # the first round warms up
                rates.append((our.rate, their.rate))
    our_rate, their_rate = (statistics.median(each) for each in zip(*rates, strict=True))
    ratios = [one / two for one, two in rates]
    work = f"{our.processor:.1f} and {their.processor:.1f} ms of the processor in the last turn"
    print(f"ours {our_rate:.0f}/s, {other.name} {their_rate:.0f}/s, {work}")
    print(f"{min(ratios):.2f} to {max(ratios):.2f} times")
    words_of = f"search page, times {other.name}'s at {CONNECTIONS} connections"
    return Promise(words_of, statistics.median(ratios), other.least, "", least=True)


# -- readers ---------------------------------------------------------------------------------------------------------
def wait(server, given) -> list[Promise]:
    """Print the times that readers wait for a page; return the promises of them."""
    promises = []
    for kind, texts, most in (
        ("words", words(5_400)[400:], MOST_P95),
        ("very common words", COMMON, MOST_P95_COMMON),
    ):
        load = {"connections": READERS, "seconds": 10 * given.seconds}
        run = _server.measure(server.port, server.process.pid, _server.opening(searches(texts)), **load)
        p50, p95 = (_server.percentile(run.milliseconds, part) for part in (50, 95))
        print(
            f"{kind}: {run.rate:.0f}/s, p50 {p50:.0f}, p95 {p95:.0f} ms, {run.processor:.1f} ms of the processor, {run.statuses}"
        )
        promises.append(Promise(f"search page, {kind}, {READERS} connections, p95", p95, most))
    return [*promises, Promise("first search after a start, of 16", first_after_a_start(server), MOST_FIRST, "s")]


def first_after_a_start(server) -> float:
    """Return the seconds that the last of many readers waits who all search as soon as the server answers."""
    server.stop()
    server.start()
    with ThreadPoolExecutor(AT_A_START) as readers:
        return max(readers.map(lambda path: asked(server, path)[0], searches(words(AT_A_START)))) / 1000


def asked(server, path: str, headers=()) -> tuple[float, int, str]:
    """Return the milliseconds that an answer takes, its status and its text."""
    began = time.perf_counter()
    status, _, text = _server.ask(server.port, "GET", path, headers=headers)
    return (time.perf_counter() - began) * 1000, status, text


# -- other programs --------------------------------------------------------------------------------------------------
def answers(server, given) -> list[Promise]:
    """Ask for suggestions, numbers and parts, one after the other; return the promises of each."""
    suggestions = typed(given.asked * 2)[given.asked // 2 :]
    promises = [
        Promise("suggestions, p95", waits(server, "suggestions", suggestions), SUGGESTION),
        Promise("/isbn, p95", waits(server, "/isbn", isbns(server)[: given.asked]), ISBN),
    ]
    for prefix in FORMATS:
        took = parts(server, prefix, given.asked // 4)
        promises.append(Promise(f"a part of OAI-PMH, {prefix}, p95", took, PART))
    return promises


def typed(count: int) -> list[str]:
    """Return beginnings of titles from two to five letters, as the box asks for them while they are typed."""
    texts = [title[:end] for title in titles(count) for end in (2, 3, 4, 5)]
    return [f"/suggest?q={urllib.parse.quote(text)}" for text in texts[:count]]


def isbns(server) -> list[str]:
    """Return the addresses of numbers of titles that a search finds."""
    numbers: list[str] = []
    for text in ("日本", "入門", "社会"):
        page = asked(server, f"/search.csv?q={urllib.parse.quote(text)}")[2]
        numbers += re.findall(r"\b97[89][0-9]{10}\b", page.replace("-", ""))
    return [path for number in dict.fromkeys(numbers) for path in (f"/isbn/{number}", f"/isbn/{number}.json")]


def waits(server, name: str, paths: list[str]) -> float:
    """Return the 95th percentile of the milliseconds that the answers to these take."""
    taken, before = [], server.processor_seconds()
    for path in paths:
        took, status, _ = asked(server, path)
        taken.append(took)
        if status not in (200, 204, 404):
            raise RuntimeError(f"{path} answered {status}")
    print_work(server, name, before, len(taken))
    return _server.percentile(taken, 95)


def parts(server, prefix: str, count: int) -> float:
    """Return the same of so many parts of all records: each names the next one."""
    taken, before = [], server.processor_seconds()
    path = f"/oai?verb=ListRecords&metadataPrefix={prefix}"
    while path and len(taken) < count:
        took, _, text = asked(server, path)
        taken.append(took)
        token = re.search(r"<(?:\w+:)?resumptionToken[^>]*>([^<]+)<", text)
        path = f"/oai?verb=ListRecords&resumptionToken={urllib.parse.quote(html.unescape(token[1]))}" if token else ""
    print_work(server, prefix, before, len(taken))
    return _server.percentile(taken, 95)


def print_work(server, name: str, before: float, count: int) -> None:
    work = (server.processor_seconds() - before) * 1000 / count
    print(f"{name}: {work:.1f} ms of the processor")


# -- a crawler -------------------------------------------------------------------------------------------------------
def beside_a_crawler(server, count: int) -> Promise:
    """Print the wait of a reader alone and beside a crawler; return the promised ratio."""
    paths = searches([record.title[:4] for record in _catalogue.titles(4 * count)])
    read(server, paths[:20])
    alone = read(server, paths[20::4][:count])
    with crawled(server) as seen:
        beside = read(server, paths[21::4][:count])
    print(f"a reader alone {alone:.0f} ms, beside a crawler {beside:.0f}; the crawler had {seen}")
    return Promise("a reader beside a crawler, times alone", beside / alone, MOST_SLOWER, "")


def read(server, paths: list[str]) -> float:
    """Return the median wait, in milliseconds, of a reader who asks these with a pause after each."""
    taken = []
    for path in paths:
        taken.append(asked(server, path, READER)[0])
        time.sleep(PAUSE)
    return _server.percentile(taken, 50)


@contextlib.contextmanager
def crawled(server):
    """Have a crawler follow the links of result pages until the end; yields the number of answers by status."""
    ended, seen = threading.Event(), {}

    def crawl():
        ahead = ["/search?q=%E6%97%A5%E6%9C%AC"]
        while ahead and not ended.is_set():
            path = ahead.pop(0)
            _, status, text = asked(server, path, CRAWLER)
            seen[status] = seen.get(status, 0) + 1
            if status == 429:
                ahead.append(path)
            elif len(ahead) < 1_000:
                ahead += [html.unescape(each) for each in re.findall(r'href="(/search\?[^"]+)"', text)]

    crawler = threading.Thread(target=crawl)
    crawler.start()
    try:
        yield seen
    finally:
        ended.set()
        crawler.join()


def main() -> int:
    arguments = _town.arguments(parser(__doc__))
    arguments.add_argument("--rounds", type=int, default=5, help="turns of ours and another program")
    arguments.add_argument("--seconds", type=float, default=3)
    arguments.add_argument("--asked", type=int, default=200, help="suggestions, numbers, pages of the reader")
    arguments.add_argument("--alone", action="store_true", help="without other programs")
    arguments.add_argument("--groonga", action="store_true", help="beside Groonga as well")
    given = arguments.parse_args()
    if given.groonga and not shutil.which("groonga"):
        print("Groonga is not there: apt-get install --no-install-recommends groonga-bin")
        return 2
    others = [] if given.alone else [datasette, groonga] if given.groonga else [datasette]
    with tempfile.TemporaryDirectory(prefix="madoguchi-") as temporary:
        given.keep = given.keep or Path(temporary)  # one town for all three servers
        with _town.served(given) as server:
            promises = wait(server, given) + [measure(server, given, other(server)) for other in others]
            memory = Promise("search page, memory of the server", server.peak_memory(), MOST_MEMORY, "MB")
        with _town.served(given, API_ALLOW="127.0.0.1") as server:
            promises += [memory, *answers(server, given)]
        with _town.served(given, API_ALLOW="", TRUSTED_PROXIES=1) as server:
            return report([*promises, beside_a_crawler(server, given.asked)])


if __name__ == "__main__":
    sys.exit(main())
