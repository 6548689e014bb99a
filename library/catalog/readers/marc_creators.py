"""MARC 21: the creators of a record, the works in the book named with them, and former owners of the copy (旧蔵)."""

import re
from typing import NamedTuple

from pymarc import Field

from library.catalog import isbd, statements
from library.catalog.folding import scripts
from library.catalog.readers import identifiers
from library.catalog.readers.marc_fields import Fields, first, parts
from library.catalog.records import WORK, Contributor, OtherTitle

NAMES = frozenset(("100", "110", "111", "700", "710", "711"))
RELATORS = {"aut": "著", "author": "著", "joint author": "著", "edt": "編", "editor": "編", "ed": "編", "com": "編",
    "comp": "編",
            "compiler": "編", "trl": "訳", "translator": "訳", "tr": "訳", "ill": "絵", "illustrator": "絵", "art": "絵",
            "pht": "写真",
            "photographer": "写真", "nrt": "朗読", "narrator": "朗読", "cmp": "作曲", "composer": "作曲",
            "arr": "編曲", "lyr": "作詞", "prf": "演奏", "performer": "演奏", "cnd": "指揮", "conductor": "指揮", "sng": "歌",
            "singer": "歌",
            "act": "出演", "actor": "出演", "drt": "監督", "fmd": "監督", "director": "監督", "film director": "監督", "pbl": "出版",
            "publisher": "出版", "prt": "印刷", "printer": "印刷", "dst": "発売", "distributor": "発売"}  # fmt: skip
OWNER = "旧蔵"
_LINE = "\n"
_BETWEEN_NAMES = re.compile(r"[,\s]+")
# in $d: 1867-1916, 1935-, 1967 July 2-, b. 1936; no year that is guessed, nor of a death or of work (active 1797)
_BORN = re.compile(r"(?:(\d{3,4})(?: [A-Z][a-z]+(?: \d{1,2})?)?-|b\. ?(\d{4})\Z)")
_DASH_AT_END = re.compile(r"\s*(?:--|[―—]{1,2})\s*\Z")  # between two parts of 505


class CreatorsOfRecord(NamedTuple):
    """The creators of the book, creators of works in it, these works, and a note for each former owner."""

    contributors: list[Contributor]
    of_works: list[Contributor]
    works: list[OtherTitle]
    owners: list[str]


def read(fields: Fields, statement: str) -> CreatorsOfRecord:
    """Return the creators of a record; those of works in the book have no role. ``statement``: of responsibility."""
    made: dict[tuple[str, str, str], Contributor] = {}
    named: set[tuple[str, str]] = set()
    of_works: list[Contributor] = []
    works, owners = [], []
    in_japanese = not statement.isascii()
    for field in fields.among(NAMES):
        codes = {code for code, _ in field.subfields}
        name, kana, latin = fields.forms(field, _name)
        if "5" in codes and field.tag[0] == "7":
            owners += [f"{OWNER}: {name}"] if name else []
            continue
        creator = Contributor(name, kana, "", latin, identifiers.read(field, fields), _born(field))
        if "t" in codes:
            works.append(OtherTitle(WORK, *fields.forms(field, _work)))
            of_works.append(creator)
        elif name:
            is_first = (name, kana) not in named
            stated = statements.role_of(name, statement) if in_japanese and is_first else ""
            creator.role = _relator(field) or stated
            if is_first or creator.role:  # one who wrote and translated it stands there twice
                made.setdefault((name, kana, creator.role), creator)
                named.add((name, kana))
    for field in fields.tagged("505"):
        works += _works_of_contents(fields, field)
        of_works += _creators_of_contents(fields, field)
    if not made:
        # creators that only the statement names: 地図編集部 著, 夢野久作; Latin letters without a role may be any words
        stated = statements.read(statement)
        with_role = [each for each in stated if each.role or scripts.script_of(each.name) != scripts.LATIN]
        made = {(each.name, each.kana, each.role): each for each in with_role}
    makers = list(made.values())
    return CreatorsOfRecord(
        makers, _of_works_alone(makers, of_works), [work for work in works if work.name], list(dict.fromkeys(owners))
    )


def _of_works_alone(makers: list[Contributor], of_works: list[Contributor]) -> list[Contributor]:
    """Return the creators of works that are not among the makers; makers without a reading get theirs from these."""
    known = {_letters(each.name): each for each in makers} if of_works else {}
    others = []
    for each in of_works:
        if (same := known.setdefault(_letters(each.name), each)) is each and each.name:
            others.append(each)
        elif not same.kana and not same.latin:
            same.name, same.kana, same.latin, same.identifiers = each.name, each.kana, each.latin, each.identifiers
            same.born = each.born
    return others


def _letters(name: str) -> str:
    return _BETWEEN_NAMES.sub("", name)


def _name(field: Field) -> str:
    return parts(field, "andc" if field.tag[-2:] == "11" else "ab")


def _born(field: Field) -> str:
    """Return the year in which a person was born, empty when it is not known."""
    found = _BORN.match(first(field, "d")) if field.tag[1:] == "00" else None
    return found[1] or found[2] if found else ""


def _work(field: Field) -> str:
    """Return the title of a work, from $t on; the subfields before belong to the name."""
    found = next((place for place, part in enumerate(field.subfields) if part.code == "t"), len(field.subfields))
    words = [word for part in field.subfields[found:] if part.code in "tnp" and (word := isbd.trimmed(part.value))]
    return " ".join(words)


def _relator(field: Field) -> str:
    for code, value in field.subfields:
        if code in "e4" and (word := isbd.trimmed(value)):
            return RELATORS.get(word.casefold(), word if not word.isascii() else "")
    return ""


# -- 505 with $t and $r ------------------------------------------------------------------------------------------------
def _works_of_contents(fields: Fields, field: Field) -> list[OtherTitle]:
    forms = fields.forms(field, lambda each: _lines(each, "t"))
    names, *others = (text.split(_LINE) for text in forms)
    others = [each if len(each) == len(names) else [""] * len(names) for each in others]
    return [OtherTitle(WORK, *each) for each in zip(names, *others, strict=True)]


def _creators_of_contents(fields: Fields, field: Field) -> list[Contributor]:
    """Return the creators in $r when it is Japanese; in other languages it is a sentence."""
    lines = fields.forms(field, lambda each: _lines(each, "r"))[0].split(_LINE)
    return [Contributor(each.name) for line in lines if line and not line.isascii() for each in statements.read(line)]


def _lines(field: Field, code: str) -> str:
    """Return the subfields of this code, a line each, without the dash that cataloguers put before the next part."""
    texts = [isbd.trimmed(_DASH_AT_END.sub("", value)) for each, value in field.subfields if each == code]
    return _LINE.join(filter(None, texts))
