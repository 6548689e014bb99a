"""MARC 21: what the fields of a bibliographic record mean, as a Record.

Files come with Japanese in 245 and its readings in 880 (National Diet Library), with romanisation in 245 and Japanese in 880
(Library of Congress), or with Latin alone. ``scripts`` tells which is which.
"""

import re
from collections.abc import Callable, Mapping

import pymarc
from pymarc import Field

from library import dates, errors
from library.catalog import ndc, statements
from library.catalog.readers import isbd
from library.catalog.readers.marc_fields import Fields, link_of, nfc
from library.catalog.records import Contributor, Holding, OtherTitle, Record

LINE = "\n"
NON_BIBLIOGRAPHIC = {"z": "典拠", "w": "分類", "q": "地域情報", "u": "所蔵", "v": "所蔵", "x": "所蔵", "y": "所蔵"}
KINDS = {"c": "楽譜", "d": "楽譜", "e": "地図", "f": "地図", "g": "映像資料", "i": "録音資料", "j": "録音資料", "k": "静止画",
         "m": "電子資料", "o": "キット", "r": "博物資料"}  # fmt: skip
FORMS = {"d": "大活字資料", "f": "点字資料", "o": "電子資料", "q": "電子資料", "s": "電子資料"}
JUVENILE = frozenset("abcj")  # 008/22, of kinds of material that have an audience there
WITH_AUDIENCE = frozenset("acdgijkmort")
NAMES = frozenset(("100", "110", "111", "700", "710", "711"))
SUBJECTS = frozenset(("600", "610", "611", "630", "650", "651", "653", "655", "690"))
SUBDIVISIONS = frozenset("vxyz")
NOTES = frozenset("250 500 501 502 504 511 518 521 525 530 533 534 538 546 550 580 586".split())
CONTENTS = frozenset(("505", "520"))
OTHER_TITLES = {"130": "統一書名", "240": "統一書名", "730": "統一書名", "246": "別書名", "740": "別書名"}
# headings of 240 that are no title of a book
COLLECTIVE = frozenset("works selections correspondence laws,etc".split())
RELATORS = {"aut": "著", "author": "著", "joint author": "著", "edt": "編", "editor": "編", "ed": "編", "com": "編", "comp": "編",
            "compiler": "編", "trl": "訳", "translator": "訳", "tr": "訳", "ill": "絵", "illustrator": "絵", "art": "絵", "pht": "写真",
            "photographer": "写真", "nrt": "朗読", "narrator": "朗読", "cmp": "作曲", "composer": "作曲"}  # fmt: skip
_SEMICOLON = re.compile(r"\s*;\s+")
_BETWEEN_WORDS = re.compile("[;；∥]")  # of 653, where some put several into one
_DIGITS = re.compile("[0-9]{4}")
_PRICE = re.compile(r"\s+:\s*(?![^(]*\))")  # not the colon within (paperback : alk. paper)


def record(marc: pymarc.Record, holdings: Mapping | None = None) -> Record:
    """Return the title that a MARC record describes, but for whose record it is. Refused when it describes none, or has no title.

    ``holdings``: tag → what each part of a holding is called there, as in the settings.
    """
    fields = Fields(marc)
    kind = fields.leader[6:7]
    if kind in NON_BIBLIOGRAPHIC:
        raise errors.RecordNotBibliographic(kind=NON_BIBLIOGRAPHIC[kind])
    made = Record(title="")
    _set_title(made, fields)
    _set_publication(made, fields)
    made.contributors = _contributors(fields, made.author)
    if not made.author:
        made.author = " ; ".join(each.name for each in made.contributors[:3])
    _set_numbers(made, fields)
    made.subjects = _subjects(fields)
    _set_kind(made, fields)
    made.extent = _joined(fields, "300", lambda field: _all(field, "abce"))
    made.note, made.contents = _notes(fields), _contents(fields)
    isbd.tidy(made)
    if holdings:
        made.holdings = _holdings(fields, holdings)
    return made


# -- texts -----------------------------------------------------------------------------------------------------------
def _first(field: Field, code: str) -> str:
    for each, value in field.subfields:
        if each == code:
            return isbd.trimmed(value)
    return ""


def _all(field: Field, codes: str) -> str:
    """Return subfields in their order, with the punctuation between them."""
    return isbd.trimmed(" ".join([value.strip() for code, value in field.subfields if code in codes]))


def _parts(field: Field, codes: str, sign: str = " ") -> str:
    return sign.join([trimmed for code, value in field.subfields if code in codes and (trimmed := isbd.trimmed(value))])


def _joined(fields: Fields, tag: str, read: Callable[[Field], str], sign: str = " ; ") -> str:
    return sign.join([text for field in fields.tagged(tag) if (text := fields.forms(field, read)[0])])


# -- title, series, publication --------------------------------------------------------------------------------------
def _set_title(made: Record, fields: Fields) -> None:
    field = next(iter(fields.tagged("245")), None)
    if field is None:
        raise errors.RecordIsUnimarc() if fields.tagged("200") else errors.RecordHasNoTitle()
    made.title, made.title_kana, latin = fields.forms(field, lambda each: _first(each, "a") or _parts(each, "kfg"))
    made.subtitle, made.subtitle_kana, latin_rest = fields.forms(field, lambda each: _parts(each, "b", " : "))
    made.volume = fields.forms(field, lambda each: _parts(each, "np"))[0]
    if not made.title:
        made.title, made.volume = made.volume, ""
    if not made.title:
        raise errors.RecordHasNoTitle()
    made.title_latin = f"{latin} : {latin_rest}" if latin and latin_rest else latin
    made.names = _other_titles(fields, made.title)
    made.author = fields.forms(field, lambda each: _first(each, "c"))[0]
    found = fields.tagged("490", "440") or fields.tagged("800", "810", "830")
    series = [fields.forms(each, lambda each: _parts(each, "av", " ; ")) for each in found]
    if series:
        made.series = " / ".join([text for text, _, _ in series if text])
        made.series_kana = " / ".join([kana for _, kana, _ in series if kana])


def _other_titles(fields: Fields, title: str) -> list[OtherTitle]:
    """Return 統一書名 and 別書名 beside the title, each once, and what stands in 880 alone."""
    tags = OTHER_TITLES.keys()
    found: dict[str, OtherTitle] = {}
    for field in fields.among(tags):
        text, kana, latin = fields.forms(field, _other_title)
        if text.split(".")[0].replace(" ", "").casefold() not in COLLECTIVE:
            found.setdefault(text, OtherTitle(OTHER_TITLES[field.tag], text, kana, latin))
    for field in fields.unlinked(tags):
        text = nfc(_other_title(field))
        found.setdefault(text, OtherTitle(OTHER_TITLES[link_of(field)[:3]], text))
    return [each for text, each in found.items() if text not in ("", title)]


def _other_title(field: Field) -> str:
    return _parts(field, "abnp")


def _set_publication(made: Record, fields: Fields) -> None:
    field = next(iter(fields.tagged("260") or [each for each in fields.tagged("264") if each.indicator2 == "1"]), None)
    if field:
        if fields.linked is None:
            made.place, made.publisher, made.year_text = map(
                nfc, (_first(field, "a"), _parts(field, "b", " ; "), _year_of(field))
            )
        else:
            made.place = fields.forms(field, lambda each: _first(each, "a"))[0]
            made.publisher = fields.forms(field, lambda each: _parts(each, "b", " ; "))[0]
            made.year_text = fields.forms(field, _year_of)[0]
    coded = fields.control("008")[7:11]
    if coded.isascii() and coded.isdigit() and "0500" <= coded <= "2200":
        made.year = int(coded)
    elif made.year_text:
        made.year = dates.year_of(made.year_text)
    elif found := _DIGITS.match(coded):
        made.year = int(found[0])


def _year_of(field: Field) -> str:
    return _first(field, "c") or _first(field, "g")


# -- people ----------------------------------------------------------------------------------------------------------
def _contributors(fields: Fields, statement: str) -> list[Contributor]:
    found = {}
    in_japanese = not statement.isascii()
    for field in fields.among(NAMES):
        if any(code == "t" for code, _ in field.subfields):
            continue  # a work that is named, not one who made this
        name, kana, latin = fields.forms(field, _name)
        if name and (name, kana) not in found:
            role = _relator(field) or (statements.role_of(name, statement) if in_japanese else "")
            found[name, kana] = Contributor(name, kana, role, latin)
    if found:
        return list(found.values())
    # those whom only the statement names: 地図編集部 著; without a role in Japanese nobody can tell what is a name
    return [each for each in statements.read(statement) if each.role]


def _name(field: Field) -> str:
    return _parts(field, "ab" if field.tag[-2:] != "11" else "andc") if field.tag != "880" else _parts(field, "ab")


def _relator(field: Field) -> str:
    for code, value in field.subfields:
        if code in "e4" and (word := isbd.trimmed(value)):
            return RELATORS.get(word.casefold(), word if not word.isascii() else "")
    return ""


# -- numbers, subjects, kinds ----------------------------------------------------------------------------------------
def _set_numbers(made: Record, fields: Fields) -> None:
    numbers, cancelled = [], []
    for field in fields.tagged("020"):
        for code, value in field.subfields:
            if code in "az":
                number, *price = _PRICE.split(value.strip(), maxsplit=1)
                (numbers if code == "a" else cancelled).append(number)
                made.price = made.price or (isbd.trimmed(price[0]) if price else "")
            elif code == "c":
                made.price = made.price or isbd.trimmed(value)
    made.isbns = list(dict.fromkeys([_SEMICOLON.sub(", ", number) for number in numbers + cancelled if number]))
    classes = [found for field in fields.tagged("084") if (found := _class(field))]
    if classes:
        made.ndc_edition, made.ndc = max(classes, key=lambda each: int(each[0] or 0))


def _class(field: Field) -> tuple[str, str] | None:
    """Return (edition, number) where the scheme is NDC: njb/10, njb/09, ndc10; None for any other."""
    scheme = _first(field, "2").casefold()
    if not scheme.startswith(("njb", "ndc")):
        return None
    return re.sub(r"\D", "", scheme).lstrip("0"), ndc.read(_first(field, "a"))[0]


def _subjects(fields: Fields) -> list[tuple[str, str]]:
    found: dict[str, str] = {}
    for field in fields.among(SUBJECTS):
        if field.tag == "653":
            for code, value in field.subfields:
                for word in _BETWEEN_WORDS.split(nfc(value)) if code == "a" else ():
                    found.setdefault(isbd.trimmed(word), "")
        else:
            heading, kana, _ = fields.forms(field, _heading)
            if heading and not found.get(heading):
                found[heading] = kana
    found.pop("", None)
    return list(found.items())


def _heading(field: Field) -> str:
    """Return 電子図書館--日本."""
    subfields = field.subfields
    if len(subfields) == 1:
        code, value = subfields[0]
        return isbd.trimmed(value) if code == "a" else ""
    main = " ".join([part for code, value in subfields if code in "abcdnpt" and (part := isbd.trimmed(value))])
    return "--".join([main, *[isbd.trimmed(value) for code, value in subfields if code in SUBDIVISIONS]])


def _set_kind(made: Record, fields: Fields) -> None:
    kind, level = fields.leader[6:7], fields.leader[7:8]
    coded, physical = fields.control("008"), fields.control("007")
    made.material_type = KINDS.get(kind) or ("雑誌" if level in "si" and kind == "a" else "図書")
    if kind in "at":
        made.material_type = FORMS.get(coded[23:24], made.material_type)
    if physical[:2] in ("fb", "tb"):
        made.material_type = "点字資料" if physical[0] == "f" else "大活字資料"
    if coded[22:23] in JUVENILE and kind in WITH_AUDIENCE and made.material_type != "雑誌":
        made.audience = "児童"
    language = coded[35:38].strip(" |\\")
    if not language:
        language = next((_first(field, "a")[:3] for field in fields.tagged("041")), "")
    made.language = language


# -- notes, contents, holdings ---------------------------------------------------------------------------------------
def _notes(fields: Fields) -> str:
    lines = [text for field in fields.among(NOTES) if (text := fields.forms(field, _note)[0])]
    lines += [nfc(text) for field in fields.unlinked(NOTES) if (text := _note(field))]
    return LINE.join(lines)


def _note(field: Field) -> str:
    return isbd.trimmed(" ".join([value.strip() for code, value in field.subfields if code in "abcnp"]))


def _contents(fields: Fields) -> str:
    return LINE.join([text for field in fields.among(CONTENTS) if (text := fields.forms(field, _chapters)[0])])


def _chapters(field: Field) -> str:
    """Put each title with who wrote it on a line of its own."""
    text = ""
    for code, value in field.subfields:
        if code in "atrgb":
            text += (LINE if code == "t" and text else " " if text else "") + value.strip()
    return LINE.join(map(isbd.trimmed, text.split(LINE))) if text else ""


def _holdings(fields: Fields, mapping: Mapping) -> list[Holding]:
    found = []
    for tag, parts in mapping.items():
        for field in fields.tagged(tag):
            values = {name: nfc(_parts(field, codes)) for name, codes in parts.items()}
            if values.get("barcode"):
                found.append(Holding(**values))
    return found
