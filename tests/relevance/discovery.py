"""The queries of discovery.tsv and ways.tsv, asked of the library of ``catalogues``, and how many are answered (spec:
12, Finding, Sets).

    .venv/bin/python -m tests.relevance.discovery
    scripts/with-postgres .venv/bin/python -m tests.relevance.discovery

Prints a row for each kind of query and for each catalogue, then each query that misses: what stands first instead, and
where the wanted titles stand. Ends with 1 when a bound is not kept.

discovery.tsv is about what readers look for; ways.tsv has queries for each way in which words find a title, so that a
way that no query needs can go. A row of a table has a query as a reader types it, its kind, the titles that must stand
among the first ten, with the title it was written from first, and those that must not. Titles stand between `` | ``,
each with its volume.
"""

import csv
import io
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

from library.catalog.query import query as queries
from library.catalog.readers import formats
from library.catalog.shown import results
from library.files.report import Report
from library.importing import titles
from library.store import database
from models import Title
from tests import factories, libraries
from tests.relevance import catalogues

TABLE = Path(__file__).with_suffix(".tsv")
WAYS = Path(__file__).with_name("ways.tsv")
TODAY = date(2026, 11, 25)
BETWEEN, PAGE, LOOKED_AT = " | ", 10, 100
AT_TEN, AT_ONE, OF_A_KIND, NO_HITS = 0.99, 0.92, 0.95, 0.01
# kinds: what is asked is the first もしかして, where the query itself finds nothing of it
TYPOS = ("typo", "homophone", "near spelling", "frequent word")
FIRST = ("volume named", "author beside title")  # kinds: what is asked must be the first title
SMALL = "SMALL"
SOURCES = {
    "csv": "CSV with readings",
    "JTNDL": "MARC with kana",
    "DLC": "MARC in romaji",
    SMALL: "CSV without readings",
}


@dataclass(frozen=True)
class Case:
    query: str
    kind: str
    found: tuple[str, ...]
    forbidden: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """The names of the titles that a reader sees, the first ones first; ``suggested``: what もしかして said first."""

    case: Case
    source: str
    hits: list[str]
    suggested: str = ""

    @property
    def at_ten(self) -> bool:
        return set(self.case.found) <= set(self.hits[:PAGE])

    @property
    def at_one(self) -> bool:
        return self.hits[:1] != [] and self.hits[0] in self.case.found

    @property
    def unwanted(self) -> list[str]:
        return [name for name in self.case.forbidden if name in self.hits[:PAGE]]

    @property
    def is_kept(self) -> bool:
        return self.at_ten and not self.unwanted and (self.at_one or self.case.kind not in FIRST)

    def __str__(self):
        places = [f"{name} ({self.hits.index(name) + 1 if name in self.hits else '-'})" for name in self.case.found]
        first = " | ".join(self.hits[:3]) or "nothing"
        asked = f" → {self.suggested}" if self.suggested else ""
        bad = f"; forbidden: {' | '.join(self.unwanted)}" if self.unwanted else ""
        return f"[{self.case.kind}, {self.source}] {self.case.query}{asked}: {first}; wanted {' | '.join(places)}{bad}"


@dataclass(frozen=True)
class Share:
    """The share of these queries that are answered."""

    name: str
    answers: list[Answer]

    def part(self, holds: Callable[[Answer], object]) -> float:
        return sum(bool(holds(answer)) for answer in self.answers) / len(self.answers)

    @property
    def at_ten(self) -> float:
        return self.part(lambda answer: answer.at_ten)

    @property
    def at_one(self) -> float:
        return self.part(lambda answer: answer.at_one)

    @property
    def nothing(self) -> float:
        return self.part(lambda answer: not answer.hits)

    def __str__(self):
        return f"{self.name:24} {len(self.answers):4} {self.at_ten:7.1%} {self.at_one:7.1%} {self.nothing:7.1%}"


def cases(table: Path = TABLE) -> list[Case]:
    with open(table, encoding="utf-8", newline="") as file:
        _, *rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [Case(query, kind, _names(found), _names(forbidden)) for query, kind, found, forbidden in rows]


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split(BETWEEN)) if text else ()


def stock() -> Report:
    """Read the four catalogues into the library that is open; return the report of the import."""
    report = Report()
    factories.branch(catalogues.BRANCH)
    for made, source in (
        (catalogues.csv_with_readings, "TEST"),
        (catalogues.marc_with_kana, "TEST"),
        (catalogues.marc_in_romaji, "TEST"),
        (catalogues.csv_without_readings, SMALL),
    ):
        titles.read_in(formats.recognise(io.BytesIO(made()), source=source), report=report, today=TODAY)
    return report


def answers(asked: Iterable[Case]) -> list[Answer]:
    """Ask the library that is open."""
    rows = list(Title.select(Title.id, Title.title, Title.volume, Title.source).tuples())
    names = {number: f"{title} {volume}".strip() for number, title, volume, _ in rows}
    sources = {names[number]: SOURCES.get(source, SOURCES["csv"]) for number, *_, source in rows}
    return [_answer(case, names, sources[case.found[0]]) for case in asked]


def _answer(case: Case, names: dict[int, str], source: str) -> Answer:
    hits, suggested = _asked(case.query, names)
    if case.kind in TYPOS and not set(case.found) & set(hits[:PAGE]) and suggested:
        return Answer(case, source, _asked(suggested, names)[0], suggested)
    return Answer(case, source, hits)


def _asked(text: str, names: dict[int, str]) -> tuple[list[str], str]:
    """Return the titles that the page of this search shows, and its first suggestion."""
    page = results.find(queries.from_address(urlencode({"q": text})), size=LOOKED_AT)
    return [names[number] for number in page.ids], next((text for text, _ in page.suggestions), "")


def shares(given: list[Answer]) -> list[Share]:
    kinds = dict.fromkeys(answer.case.kind for answer in given)
    return [Share(kind, [answer for answer in given if answer.case.kind == kind]) for kind in kinds]


def broken(given: list[Answer]) -> list[str]:
    """Return the bounds that these answers do not keep."""
    every = Share("all", given)
    return [
        *([f"in the first ten {every.at_ten:.1%} < {AT_TEN:.0%}"] if every.at_ten < AT_TEN else []),
        *([f"first {every.at_one:.1%} < {AT_ONE:.0%}"] if every.at_one < AT_ONE else []),
        *([f"without a hit {every.nothing:.1%} > {NO_HITS:.0%}"] if every.nothing > NO_HITS else []),
        *(f"{kind.name}: in the first ten {kind.at_ten:.1%} < {OF_A_KIND:.0%}" for kind in shares(given) if kind.at_ten < OF_A_KIND),
        *(f"forbidden: {answer}" for answer in given if answer.unwanted),
    ]  # fmt: skip


def broken_ways(given: list[Answer]) -> list[str]:
    """Return the bound that the answers to ways.tsv do not keep: they are few of a kind, and judged together."""
    share = Share("ways", given)
    kept = share.part(lambda answer: answer.is_kept)
    return [f"{share.name}: {kept:.1%} < {OF_A_KIND:.0%}"] if kept < OF_A_KIND else []


def show(given: list[Answer]) -> None:
    print(f"{'':24} {'':>4} {'@10':>7} {'@1':>7} {'no hit':>7}")
    for share in shares(given):
        print(share)
    for source in sorted({answer.source for answer in given}):
        print(Share(source, [answer for answer in given if answer.source == source]))
    print(Share("all", given))
    print(*(f"missed {answer}" for answer in given if not answer.is_kept), sep="\n")
    print(*(f"not first {answer}" for answer in given if answer.is_kept and not answer.at_one), sep="\n")


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="madoguchi-") as folder:
        opened = database.open_database(libraries.address(folder))
        with opened.connection_context():
            database.migrate()
            print(stock().totals)
            given, ways = answers(cases()), answers(cases(WAYS))
        opened.close_all()
    show(given)
    show(ways)
    lines = broken(given) + broken_ways(ways)
    print("\n".join(f"not kept: {line}" for line in lines) or "all bounds are kept")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
