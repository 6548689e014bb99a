"""Tell how well the 五十音 keys agree with a list that was put in order by hand.

    python scripts/reading_order.py FILE.tsv [--reading 作品名読み] [--order ソート用読み] [--title 作品名]

Reads a UTF-8 table with a reading and a column made for sorting. Prints how many neighbours (in the order of that
column) stand the same way by our keys, and each pair that does not.
"""

import argparse
import csv
import sys
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from library.catalog.folding import sort_key


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("file", type=Path)
    for name, column in (("reading", "作品名読み"), ("order", "ソート用読み"), ("title", "作品名")):
        parser.add_argument(f"--{name}", default=column)
    arguments = parser.parse_args()
    with arguments.file.open(encoding="utf-8-sig", newline="") as lines:
        rows = [
            (row[arguments.order], row[arguments.reading], row[arguments.title])
            for row in csv.DictReader(lines, delimiter="\t")
        ]
    compare([row for row in rows if all(row)])


def compare(rows: list[tuple[str, str, str]]) -> None:
    ordered = sorted((order, sort_key.key(reading, title), reading) for order, reading, title in rows)
    wrong = [(one, other) for one, other in pairwise(ordered) if one[1] > other[1]]
    for (order, _, reading), (next_order, _, next_reading) in wrong:
        print(order, next_order, reading, next_reading, sep=" | ")
    same = sum(key.partition(" ")[0] == order for order, key, _ in ordered)
    pairs = len(ordered) - 1
    print(f"neighbours in the same order {pairs - len(wrong):,} of {pairs:,} ({1 - len(wrong) / pairs:.2%})")
    print(f"keys equal to the column {same:,} of {len(ordered):,} ({same / len(ordered):.2%})")


if __name__ == "__main__":
    main()
