"""Titles and names of catalogues that get ふりがな by the reading of their record (spec: 13, 2).

    .venv/bin/python -m tests.relevance.readings RECORDS.mrc WORKS.tsv … [--undivided 20]

Prints a row a file for titles, subtitles and names: those with kanji and a reading, and the share of them whose reading
divides in one way. Readings that were made of a romanisation are not counted. ``--undivided`` shows some that don't.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from library.catalog import spoken
from library.catalog.folding import readings
from library.catalog.readers import formats
from library.catalog.records import Record
from library.language import furigana

KINDS = ("titles", "subtitles", "names")


class Read(NamedTuple):
    """A text of a record with kanji, and its reading."""

    kind: str
    text: str
    kana: str


def texts_of(path: Path) -> Iterator[Read]:
    """Yield the texts with kanji and a reading of a catalogue file."""
    with formats.opened(path, source="TEST") as catalogue:
        for entry in catalogue:
            entry.parse()
            if entry.record:
                yield from (each for each in _texts(entry.record) if each.kana and readings.has_kanji(each.text))


def _texts(record: Record) -> Iterator[Read]:
    title, subtitle, _ = spoken.source_readings(record)
    yield Read("titles", record.title, title)
    yield Read("subtitles", record.subtitle, subtitle)
    yield from (Read("names", each.name, each.kana) for each in record.contributors)


def show(path: Path, undivided: int) -> None:
    """Print the shares of a file, and the first texts whose readings don't divide."""
    found = list(texts_of(path))
    print(path.name)
    for kind in KINDS:
        texts = [each for each in found if each.kind == kind]
        without = [each for each in texts if furigana.divide(each.text, each.kana) is None]
        if texts:
            share = 1 - len(without) / len(texts)
            print(f"  {kind:10} {len(texts) - len(without):6} of {len(texts):6}  {share:6.1%}")
        for each in without[:undivided]:
            print(f"    {each.text}\t{each.kana}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="+", help="MARC, DC-NDL or a table of titles")
    parser.add_argument("--undivided", type=int, default=0, metavar="N", help="show N of each kind")
    given = parser.parse_args()
    for path in given.files:
        show(path, given.undivided)


if __name__ == "__main__":
    main()
