"""Rebuild library/catalog/folding/variants.tsv, the kanji that a search takes for another, from Unihan's variants and
kanji_variants.toml.

    python scripts/kanji_variants.py Unihan_Variants.txt[.bz2] > library/catalog/folding/variants.tsv

Each row is directed, from the form that is folded away to the one that is kept. Two characters of JIS X 0208 become one
only by a list of that file, never by a property of Unihan, which also joins words that Japanese keeps apart. How the
choice is made stands in docs/adr/0050-folding.md.
"""

import bz2
import sys
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

Variants = dict[str, set[str]]
HEADER = """\
# Kanji that a search takes for another: folded form, kept form, source. Made by scripts/kanji_variants.py; do not edit.
# joyo: forms in brackets in 常用漢字表 (Cabinet notification 2 of 2010). jinmei: pairs in 人名用漢字表 (Ordinance for Enforcement
#   of the Family Register Act, tables 1 and 2). Laws and notifications, free of copyright (Copyright Act, article 13).
# hand: Madoguchi's own list, forms met in names and in foreign catalogues.
# z, semantic, simplified: Unicode Character Database, Unihan_Variants.txt {version}, (c) Unicode, Inc.,
#   Unicode License v3
"""
LISTS = Path(__file__).with_suffix(".toml")


def main() -> None:
    properties, version = read_unihan(sys.argv[1])
    rows = pairs(properties)
    print(HEADER.format(version=version), end="")
    for folded, (kept, source) in sorted(rows.items()):
        print(folded, kept, source, sep="\t")


def read_unihan(path: str) -> tuple[dict[str, Variants], str]:
    """Return property → character → set of characters, and the version."""
    properties: dict[str, Variants] = defaultdict(lambda: defaultdict(set))
    version = ""
    with bz2.open(path, "rt", encoding="utf-8") if path.endswith(".bz2") else open(path, encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("# Unicode version:"):
                version = line.split(":")[1].strip()
            elif line.startswith("U+"):
                code, name, values = line.rstrip("\n").split("\t")
                found = {_character(value.partition("<")[0]) for value in values.split()}
                properties[name][_character(code)] |= found - {_character(code)}
    return properties, version


def pairs(properties: dict[str, Variants]) -> dict[str, tuple[str, str]]:
    """Return folded → (kept, source): the lists first, then what Unihan knows of characters outside JIS X 0208."""
    rows: dict[str, tuple[str, str]] = {}
    for source, text in tomllib.loads(LISTS.read_text(encoding="utf-8")).items():
        for kept, *others in text.split():
            for folded in others:
                if unicodedata.normalize("NFKC", folded) == folded != kept:
                    rows.setdefault(folded, (kept, source))
    rows = {folded: (_end(kept, rows), source) for folded, (kept, source) in rows.items()}
    for source, candidates in _unihan_steps(properties):
        new = {}
        for folded in sorted(set(candidates) - set(rows)):
            if _foreign(folded) and (kept := _choice(candidates[folded], rows)):
                new[folded] = (kept, source)
        rows |= new
    return rows


def _unihan_steps(properties: dict[str, Variants]) -> Iterator[tuple[str, Variants]]:
    """Yield the characters that each one could be folded to, the surest property first."""
    yield "z", _both_ways(properties["kZVariant"])
    yield "semantic", _both_ways(properties["kSemanticVariant"])
    yield "simplified", properties["kTraditionalVariant"]
    # The way from traditional to simplified is not taken: it joins 錶 with 表 and 麵 with 面. 彥, 產 and the like are in the
    # list ``hand``.


def _both_ways(variants: Variants) -> Variants:
    both: Variants = defaultdict(set)
    for one, others in variants.items():
        for other in others:
            both[one].add(other)
            both[other].add(one)
    return both


def _choice(candidates: set[str], rows: dict[str, tuple[str, str]]) -> str:
    """Return the one Japanese character among them; of several, the only one of level 1; else none."""
    ends = {_end(character, rows) for character in candidates}
    ends = {character for character in ends if not _foreign(character)}
    if len(ends) > 1:
        ends = {character for character in ends if _level(character) == 1}
    return ends.pop() if len(ends) == 1 else ""


def _end(character: str, rows: dict[str, tuple[str, str]]) -> str:
    """Follow the pairs to where they lead, so that one look-up is enough."""
    seen = {character}
    while character in rows and (character := rows[character][0]) not in seen:
        seen.add(character)
    return character


def _foreign(character: str) -> bool:
    return _level(unicodedata.normalize("NFKC", character)) == 0


def _level(character: str) -> int:
    """Return 1 or 2, the level of JIS X 0208, 0 for what is not in it."""
    try:
        row = character.encode("iso2022_jp")[3] - 0x20
    except (UnicodeEncodeError, IndexError):
        return 0
    return 1 if row < 48 else 2


def _character(code: str) -> str:
    return chr(int(code.removeprefix("U+"), 16))


if __name__ == "__main__":
    main()
