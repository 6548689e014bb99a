"""Four catalogues as libraries get them: CSV of a book supplier, MARC of the National Diet Library, both with kana;
MARC of the Library of Congress, which has romanised titles and no kana; CSV of a small library without readings.

``records/trc.csv``, ``ndl.txt``, ``loc.txt`` and ``small.csv`` hold the titles that queries ask for. MARC is written as
text: ``#`` begins a record, ``=`` a field, and what stands after `` | `` is the same field in the other script. To each
come 250 others, made of the words of ``others.txt``: without them every search would find what it wants.
"""

import csv
import io
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from tests.library.catalog.sources import Example, marc
from tests.relevance import romanised

FOLDER = Path(__file__).with_name("records")
OTHERS = 250
BRANCH = "中央図書館"
BETWEEN = " | "
CONTROL = "190401s{year}    ja     {audience}      000 0 jpn  "

Scripts = Callable[[str, str], Iterator[tuple[str, str]]]  # a field in the other script, once or more, with its code


class Word(NamedTuple):
    text: str
    kana: str
    ndc: str = ""


class Book(NamedTuple):
    title: Word
    family: Word
    given: Word
    ndc: str
    publisher: Word
    year: int


def csv_with_readings() -> bytes:
    return _csv("trc.csv", _others(0))


def csv_without_readings() -> bytes:
    return _csv("small.csv", _others(3))


def marc_with_kana() -> bytes:
    records = _records("ndl.txt") + [_of_the_diet(book) for book in _others(1)]
    return _marc(records, "JTNDL", 92_000_000, _kana_and_romaji)


def marc_in_romaji() -> bytes:
    records = _records("loc.txt") + [_of_congress(book) for book in _others(2)]
    return _marc(records, "DLC", 93_000_000, _japanese, packed="nfd")


def _csv(name: str, others: Iterator[Book]) -> bytes:
    """Return the file with the other books, each in the columns that the file has."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    file = io.StringIO()
    columns = text.split("\n", 1)[0].split(",")
    writer = csv.DictWriter(file, columns, extrasaction="ignore", lineterminator="\n")
    writer.writerows(_row(book) for book in others)
    return (text + file.getvalue()).encode()


# -- MARC ------------------------------------------------------------------------------------------------------------
def _records(name: str) -> list[list[str]]:
    blocks = (FOLDER / name).read_text(encoding="utf-8").strip().split("\n\n")
    return [[line for line in block.split("\n") if line.startswith("=")] for block in blocks]


def _marc(records: list[list[str]], source: str, first: int, scripts: Scripts, packed: str = "") -> bytes:
    made = b""
    for number, lines in enumerate(records, first):
        head = ["=LDR cam", f"=001 {number}", f"=003 {source}"]
        made += marc(Example("", "", packed, [*head, *_linked(lines, scripts)]))
    return made


def _linked(lines: list[str], scripts: Scripts) -> list[str]:
    """Return the fields with their links, then those in the other scripts that belong to them."""
    plain, linked = [], []
    for line in lines:
        here, _, there = line.partition(BETWEEN)
        tag, content = here[1:4], here[5:]
        if tag == "008":
            year, _, audience = content.partition(" ")
            content = CONTROL.format(year=year, audience=audience or " ")
        elif there:
            number = f"{len(plain):02}"
            content = f"$6880-{number}{content}"
            linked += [f"=880 $6{tag}-{number}/{script}{text}" for script, text in scripts(tag, there)]
        plain.append(f"={tag} {content}")
    return plain + linked


def _kana_and_romaji(tag: str, kana: str) -> Iterator[tuple[str, str]]:
    """Give the kana and the romanisation that the National Diet Library makes of it: without long vowels."""
    name = tag in ("700", "710")
    parts = [part if part[:1] == "$" else romanised.plain(part, name=name) for part in re.split(r"(\$\w)", kana)]
    yield "$1", kana
    yield "(B", "".join(parts)


def _japanese(tag: str, text: str) -> Iterator[tuple[str, str]]:
    yield "$1", text


# -- titles that nobody asks for
# -----------------------------------------------------------------------------------------
def _others(part: int) -> Iterator[Book]:
    """Give so many books, the same each time; no part has one of another."""
    words, chance = _words(), random.Random(f"others {part}")
    titles = list(dict.fromkeys(_titles(words)))
    random.Random("others").shuffle(titles)
    for title in titles[part * OTHERS : (part + 1) * OTHERS]:
        family, given, publisher = (chance.choice(words[kind]) for kind in ("families", "given", "publishers"))
        yield Book(title, family, given, title.ndc, publisher, chance.randrange(1955, 2025))


def _titles(words: dict[str, list[Word]]) -> Iterator[Word]:
    for pattern in words["titles"]:
        for place in words["places"]:
            for theme in words["themes"]:
                texts = [
                    text.format(place=a, theme=b) for text, a, b in zip(pattern, place, theme, strict=True) if text
                ]
                yield Word(*texts, theme.ndc)


def _words() -> dict[str, list[Word]]:
    found: dict[str, list[Word]] = {}
    kind = ""
    for line in (FOLDER / "others.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            kind = line[3:]
        else:
            found.setdefault(kind, []).append(Word(*line.split("=")))
    return found


def _row(book: Book) -> dict[str, str]:
    return {
        "書名": book.title.text,
        "書名ヨミ": book.title.kana,
        "著者": f"{book.family.text}　{book.given.text}／著",
        "著者ヨミ": f"{book.family.kana}　{book.given.kana}",
        "出版者": book.publisher.text,
        "出版年": str(book.year),
        "分類": book.ndc,
    }


def _of_the_diet(book: Book) -> list[str]:
    return [
        f"=008 {book.year}",
        f"=084 $a{book.ndc}$2njb/09",
        f"=245 $a{book.title.text} /$c{book.family.text}{book.given.text} 著. | $a{book.title.kana}.",
        f"=260 $a東京 :$b{book.publisher.text},$c{book.year}. | $b{book.publisher.kana}.",
        f"=700 $a{book.family.text}, {book.given.text} | $a{book.family.kana}, {book.given.kana}",
    ]


def _of_congress(book: Book) -> list[str]:
    family, given, publisher = (
        romanised.with_long_vowels(word.kana, name=True) for word in (book.family, book.given, book.publisher)
    )
    title, author = romanised.with_long_vowels(book.title.kana), book.family.text + book.given.text
    return [
        f"=008 {book.year}",
        f"=100 $a{family}, {given}. | $a{author}.",
        f"=245 $a{title} /$c{family} {given} cho. | $a{book.title.text} /$c{author}著.",
        f"=260 $aTōkyō :$b{publisher},$c{book.year}. | $a東京 :$b{book.publisher.text},$c{book.year}.",
    ]
