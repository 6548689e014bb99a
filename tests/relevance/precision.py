"""Everyday words asked of catalogues, and how many of the titles that are found have them (spec: 14, 3).

    .venv/bin/python -m tests.relevance.precision [--files RECORDS.mrc WORKS.tsv …]

Asks the words of everyday.tsv of the three catalogues of ``catalogues``, of the demonstration and of each file, a
library of its own each. ``oracle`` judges the titles. Prints a row for each kind of word, each word with too few, each
title among the first ten that has its word by no way, and where the number that is said differs from the oracle's.
Ends with 1 when a bound is not kept.

A row of the table has a word as a reader types it, its kind, the words that must remain of it, each of which a title
must have, and between `` | `` the texts that may be left out of a sentence. Of a kanji, titles that have it in a title,
a person, a series or a subject come first: any other before the last of them has it by no way, unless its whole title
is read so. What is looked for instead is judged by its own words, and printed apart.
"""

import argparse
import csv
import io
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from library.catalog.query.query import Query
from library.catalog.readers import formats
from library.catalog.shown import results as search
from library.demonstration import branches, titles as demonstrated
from library.files.report import Report
from library.importing import titles
from library.store import database
from tests import factories, libraries
from tests.relevance import catalogues, oracle
from tests.relevance.oracle import NONE, WAYS

TABLE = Path(__file__).with_name("everyday.tsv")
TODAY = date(2026, 11, 25)
BETWEEN, PAGE, LEAST = " | ", 10, 9
KANJI, SENTENCE = "kanji", "sentence"
MADE = {
    "CSV with readings": catalogues.csv_with_readings,
    "MARC with kana": catalogues.marc_with_kana,
    "MARC in romaji": catalogues.marc_in_romaji,
}


@dataclass(frozen=True)
class Case:
    kind: str
    text: str
    words: tuple[str, ...]  # that must remain
    stripped: tuple[str, ...]

    def shorter(self) -> list[str]:
        """Return the texts that may be looked for instead."""
        return [" ".join(self.words), *(self.text.replace(each, "") for each in self.stripped)]


@dataclass(frozen=True)
class Judgement:
    """The ways by which all titles found have a word, in their order, and the names of the first ones; the number that
    is said, and that of the titles that surely have it. ``late``: titles with the kanji in the title that come after
    the first ten, in which others stand.
    """

    case: Case
    instead: str
    ways: list[str]
    names: list[str]
    said: int
    had: int
    late: int = 0

    @property
    def first(self) -> list[str]:
        return self.ways[:PAGE]

    @property
    def wrong(self) -> list[str]:
        return [name for name, way in zip(self.names, self.first, strict=True) if way == NONE]

    @property
    def is_kept(self) -> bool:
        return len(self.wrong) <= (PAGE - LEAST if len(self.first) == PAGE else 0)

    @property
    def share(self) -> float:
        return 1 - len(self.wrong) / len(self.first) if self.first else 1.0

    def __str__(self) -> str:
        asked = f"{self.case.text} → {self.instead}" if self.instead else self.case.text
        counted = f"of all {self.said} {self.said - self.ways.count(NONE)}, {self.had} surely have it"
        return f"[{self.case.kind}] {asked}: {len(self.first) - len(self.wrong)} of {len(self.first)}; {counted}"


def cases() -> list[Case]:
    with open(TABLE, encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [Case(row["kind"], row["word"], tuple(row["remain"].split()), _parts(row["stripped"])) for row in rows]


def _parts(text: str) -> tuple[str, ...]:
    return tuple(text.split(BETWEEN)) if text else ()


# -- the catalogues --------------------------------------------------------------------------------------------------
def _read_in(catalogue) -> None:
    factories.branch(catalogues.BRANCH)
    titles.read_in(catalogue, report=Report(), today=TODAY)


def _read_made(made: Callable[[], bytes]) -> None:
    _read_in(formats.recognise(io.BytesIO(made()), source="TEST"))


def _read_file(path: Path) -> None:
    with formats.opened(path, source="TEST") as catalogue:
        _read_in(catalogue)


def _demonstrate() -> None:
    with database.writing():
        branches.write(today=TODAY)
        demonstrated.write(today=TODAY)
        demonstrated.write_more(today=TODAY)


STOCKED = {name: partial(_read_made, made) for name, made in MADE.items()} | {"demonstration": _demonstrate}


@contextmanager
def opened(stock: Callable[[], None], folder: str) -> Iterator[None]:
    """Open a new library in a folder with these titles."""
    library = database.open_database(libraries.address(folder))
    with library.connection_context():
        database.migrate()
        stock()
        yield
    library.close_all()


# -- judging ---------------------------------------------------------------------------------------------------------
def judgements(asked: Iterable[Case]) -> list[Judgement]:
    """Ask the library that is open, and judge its answers."""
    every = oracle.records()
    shown = search.find(Query(), size=len(every) + 1).ids
    records = {number: every[number] for number in shown}
    return [_judge(case, records) for case in asked]


def _judge(case: Case, records: dict[int, oracle.Record]) -> Judgement:
    results = search.find(Query(q=case.text), size=len(records) + 1)
    words = [oracle.Word(text) for text in (results.instead or " ".join(case.words)).split()]
    found = [records[number] for number in results.ids]
    ways, late = [oracle.weakest(word.way(record) for word in words) for record in found], 0
    if case.kind == KANJI and not results.instead:
        ways[:PAGE] = _ways_of_kanji(words[0], found, ways)
        others = sum(map(words[0].in_title, found[PAGE:]))
        late = min(others, sum(not words[0].in_title(record) for record in found[:PAGE]))
    had = sum(all(word.surely(record) for word in words) for record in records.values())
    return Judgement(case, results.instead, ways, [each.name for each in found[:PAGE]], results.total, had, late)


def _ways_of_kanji(word: oracle.Word, found: list[oracle.Record], ways: list[str]) -> list[str]:
    """Return the ways of the first ten: none for one that lacks the kanji in its headings and stands before another
    that has it there, unless the kanji is its whole title.
    """
    last = max((place for place, record in enumerate(found) if word.in_headings(record)), default=-1)
    return [
        way if place > last or word.in_headings(record) or word.is_title(record) else NONE
        for place, (way, record) in enumerate(zip(ways[:PAGE], found[:PAGE], strict=True))
    ]


def broken(given: Iterable[Judgement]) -> list[str]:
    """Return the words that find too many titles without them."""
    return [str(each) for each in given if not each.is_kept]


# -- printing --------------------------------------------------------------------------------------------------------
def show(name: str, given: list[Judgement]) -> None:
    print(f"\n== {name}\n{'':10} {'words':>6} {'found':>6} {'the first ten':>50} {'all':>50}")
    print(f"{'':24}" + 2 * (" " + "".join(f"{way.split()[0]:>10}" for way in (*WAYS[:-1], "none"))))
    plain = [each for each in given if not each.instead]
    for kind in dict.fromkeys(each.case.kind for each in given):
        print(_row(kind, [each for each in plain if each.case.kind == kind]))
    print(_row("all", plain))
    print(_row("instead", [each for each in given if each.instead]))
    print(*(f"too few {line}" for line in broken(given)), sep="\n")
    print(*(f"no way {each.case.text}: {' | '.join(each.wrong)}" for each in given if each.wrong), sep="\n")
    print(
        "counted by no way:",
        *(f"{each.case.text} {each.ways.count(NONE)}/{each.said}" for each in plain if NONE in each.ways),
    )
    print(
        "surely, more than said:",
        *(f"{each.case.text} {each.had}>{each.said}" for each in plain if each.had > each.said),
    )
    print("titles not first:", *(f"{each.case.text} {each.late}" for each in given if each.late))
    print(*(f"instead {each}{_strange(each)}" for each in given if each.instead), sep="\n")


def _row(name: str, given: list[Judgement]) -> str:
    first = Counter(way for each in given for way in each.first)
    every = Counter(way for each in given for way in each.ways)
    counts = [" " + "".join(f"{counted[way]:10}" for way in WAYS) for counted in (first, every)]
    return f"{name:10} {len(given):6} {sum(bool(each.said) for each in given):6}" + "".join(counts)


def _strange(given: Judgement) -> str:
    texts = {"".join(map(oracle.fold, text.split())) for text in given.case.shorter()}
    return "" if oracle.fold(given.instead) in texts else " (other words)"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=Path, nargs="+", default=[], help="MARC or a table of titles")
    files = {path.name: partial(_read_file, path) for path in parser.parse_args().files}
    unkept = []
    for name, stock in (STOCKED | files).items():
        with tempfile.TemporaryDirectory(prefix="madoguchi-") as folder, opened(stock, folder):
            given = judgements(cases())
        show(name, given)
        unkept += [f"{name}: {line}" for line in broken(given)]
    print("\n".join(f"not kept: {line}" for line in unkept) or "all bounds are kept")
    return 1 if unkept else 0


if __name__ == "__main__":
    sys.exit(main())
