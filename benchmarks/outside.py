"""Answers of the catalogue besides its pages: suggestions while somebody types, /isbn, parts of OAI-PMH; a crawler beside a reader.

    .venv/bin/python benchmarks/outside.py [--titles 500000] [--rounds 200] [--keep FOLDER]

One after the other, each another title; with what each took of the processor, which a busy machine changes less. The crawler walks facets from address to address without a pause, as far as it is let; the reader asks
a search every tenth of a second meanwhile, and before.
"""

import contextlib
import html
import re
import sys
import threading
import time
import urllib.parse

import _big_town
import _catalogue
import _load
import _server
from _promises import Promise, parser, report

SUGGESTION, ISBN, PART = 30, 20, 200  # ms, p95
MOST_SLOWER = 1.1  # times what the reader waits without a crawler
PAUSE = 0.1  # seconds between two searches of the reader
CRAWLER, READER = {"X-Forwarded-For": "192.0.2.1"}, {"X-Forwarded-For": "198.51.100.7"}
FORMATS = ("oai_dc", "dcndl", "marc21")


def typed(count: int) -> list[str]:
    """Return beginnings of titles from two to five letters, as the box asks for them while they are typed."""
    titles = dict.fromkeys(record.title for record in _catalogue.titles(count) if len(record.title) > 4)
    return [f"/suggest?q={urllib.parse.quote(title[:end])}" for title in titles for end in (2, 3, 4, 5)][:count]


def isbns(server) -> list[str]:
    """Return the addresses of numbers of titles that a search finds."""
    numbers: list[str] = []
    for text in ("日本", "入門", "社会"):
        page = _server.ask(server.port, "GET", f"/search.csv?q={urllib.parse.quote(text)}")[2]
        numbers += re.findall(r"\b97[89][0-9]{10}\b", page.replace("-", ""))
    return [path for number in dict.fromkeys(numbers) for path in (f"/isbn/{number}", f"/isbn/{number}.json")]


def waits(server, name: str, paths: list[str]) -> float:
    """Return the 95th percentile of what the answers to these took, in milliseconds."""
    taken, before = [], _load.processor_seconds(server.process.pid)
    for path in paths:
        began = time.perf_counter()
        status = _server.ask(server.port, "GET", path)[0]
        taken.append((time.perf_counter() - began) * 1000)
        if status not in (200, 204, 404):
            raise RuntimeError(f"{path} answered {status}")
    print_work(server, name, before, len(taken))
    return _load.percentile(taken, 95)


def print_work(server, name: str, before: float, count: int) -> None:
    work = (_load.processor_seconds(server.process.pid) - before) * 1000 / count
    print(f"{name}: {work:.1f} ms of the processor")


def parts(server, prefix: str, count: int) -> float:
    """Return the same of so many parts of all records, one after the other."""
    taken, before = [], _load.processor_seconds(server.process.pid)
    path = f"/oai?verb=ListRecords&metadataPrefix={prefix}"
    while path and len(taken) < count:
        began = time.perf_counter()
        text = _server.ask(server.port, "GET", path)[2]
        taken.append((time.perf_counter() - began) * 1000)
        token = re.search(r"<(?:\w+:)?resumptionToken[^>]*>([^<]+)<", text)
        path = f"/oai?verb=ListRecords&resumptionToken={urllib.parse.quote(html.unescape(token[1]))}" if token else ""
    print_work(server, prefix, before, len(taken))
    return _load.percentile(taken, 95)


def read(server, paths: list[str]) -> float:
    """Return what a reader waits who asks these with a pause after each: the middle of it, in milliseconds."""
    taken = []
    for path in paths:
        began = time.perf_counter()
        _server.ask(server.port, "GET", path, headers=READER)
        taken.append((time.perf_counter() - began) * 1000)
        time.sleep(PAUSE)
    return _load.percentile(taken, 50)


@contextlib.contextmanager
def crawled(server):
    """Have a crawler follow the links of result pages until the end; yields how often each status came."""
    ended, seen = threading.Event(), {}

    def crawl():
        ahead = ["/search?q=%E6%97%A5%E6%9C%AC"]
        while ahead and not ended.is_set():
            path = ahead.pop(0)
            status, _, text = _server.ask(server.port, "GET", path, headers=CRAWLER)
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
    arguments = _big_town.arguments(parser(__doc__))
    arguments.add_argument("--rounds", type=int, default=200)
    given = arguments.parse_args()
    with _big_town.served(given, API_ALLOW="127.0.0.1") as server:
        promises = [
            Promise(
                "suggestions, p95",
                waits(server, "suggestions", typed(given.rounds * 2)[given.rounds // 2 :]),
                SUGGESTION,
            ),
            Promise("/isbn, p95", waits(server, "/isbn", isbns(server)[: given.rounds]), ISBN),
        ]
        for prefix in FORMATS:
            promises.append(
                Promise(f"a part of OAI-PMH, {prefix}, p95", parts(server, prefix, given.rounds // 4), PART)
            )
    with _big_town.served(given, API_ALLOW="", TRUSTED_PROXIES=1) as server:
        paths = [f"/search?q={urllib.parse.quote(record.title[:4])}" for record in _catalogue.titles(4 * given.rounds)]
        read(server, paths[:20])
        alone = read(server, paths[20::4][: given.rounds])
        with crawled(server) as seen:
            beside = read(server, paths[21::4][: given.rounds])
        print(f"a reader alone {alone:.0f} ms, beside a crawler {beside:.0f}; the crawler had {seen}")
        promises.append(Promise("a reader beside a crawler, times alone", beside / alone, MOST_SLOWER, ""))
    return report(promises)


if __name__ == "__main__":
    sys.exit(main())
