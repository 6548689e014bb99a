"""MARC 21: a Record from the fields of a bibliographic record.

Files have Japanese in 245 and readings in 880 (National Diet Library), romanisation in 245 and Japanese in 880 (Library
of Congress), or Latin letters alone; ``scripts`` tells them apart.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence

import pymarc
from pymarc import Field

from library import dates, errors
from library.catalog import isbd, ndc, records, spoken, statements
from library.catalog.codes import accessible, languages
from library.catalog.folding import romanised
from library.catalog.readers import marc_creators, remarks
from library.catalog.readers.marc_fields import Fields, first, joined, nfc, parts
from library.catalog.readers.private_fields import link_of
from library.catalog.records import Holding, InSeries, OtherTitle, Record
from library.catalog.series import series

LINE = "\n"
NON_BIBLIOGRAPHIC = {"z": "典拠", "w": "分類", "q": "地域情報", "u": "所蔵", "v": "所蔵", "x": "所蔵", "y": "所蔵"}
# the tags of the title in other kinds of MARC; here it is 245
OTHER_KINDS = {"200": "UNIMARC", "251": "2011年までの JAPAN/MARC"}
KINDS = {"c": "楽譜", "d": "楽譜", "e": "地図", "f": "地図", "g": "映像資料", "i": "録音資料", "j": "録音資料", "k": "静止画",
         "m": "電子資料", "o": "キット", "r": "博物資料"}  # fmt: skip
FORMS = {"d": "大活字資料", "f": "点字資料", "o": "電子資料", "q": "電子資料", "s": "電子資料"}
# 利用しやすい形式: of 008, of the first two letters of 007, of 336 $b
FORMATS_OF_ITEM = {"d": "large-print", "f": "braille"}
PHYSICAL = {"tb": "large-print", "tc": "braille", "fb": "braille", "fd": "tactile"}
CONTENT = {"tct": "braille", "tcm": "braille", "tci": "tactile", "tcf": "tactile"}
WITH_FORM_AT_29 = frozenset("efgkor")  # maps, visual materials; for others the form is in 008/23
BEFORE_NOTE = {"0": "利用に必要なもの：", "2": accessible.LACKS}  # of 532, by its first indicator
JUVENILE = frozenset("abcj")  # in 008/22, for kinds of material that have an audience there
WITH_AUDIENCE = frozenset("acdgijkmort")
SUBJECTS = frozenset(("600", "610", "611", "630", "650", "651", "653", "655", "690"))
SUBDIVISIONS = frozenset("vxyz")
NOTES = frozenset("250 500 501 502 504 511 518 521 525 530 533 534 538 546 550 580 586".split())
# subfields of notes that have more than most: a thesis, a recording, a reproduction
NOTE_PARTS = {"502": "abcdgo", "518": "adop", "533": "abcdefmn"}
CONTENTS = frozenset(("505", "520"))
OTHER_TITLES = {"130": "統一書名", "240": "統一書名", "730": "統一書名", "246": "別書名", "740": "別書名"}
ANALYTICAL = "740"  # with 2, the title of a work in the book
# collective headings in 240, which are no title of a book
COLLECTIVE = frozenset(
    "works selections correspondence laws,etc novels plays poems proseworks shortstories speeches essays treaties,etc".split()
)
_SEMICOLON = re.compile(r"\s*;\s+")
_BETWEEN_WORDS = re.compile("[;；∥]")  # in 653, where some cataloguers write several words
_BETWEEN_PARTS = re.compile(r"\n|(?:\s+|(?<=[.)?!]))--(?!-)\s*|\s*[―—]{2}\s*")
_QUALIFIER = re.compile(r"(?<=\S)\s*\([^()]*\)\Z")
_ORIGINAL = re.compile("原(?:書|タイトル|題)|original title", re.I)
_DIGITS = re.compile("[0-9]{4}")
_PRICE = re.compile(r"\s+:\s*(?![^(]*\))")  # not the colon within (paperback : alk. paper)


def record(marc: pymarc.Record, holdings: Mapping | None = None) -> Record:
    """Return the record of a title, without ``source`` and ``source_id``. Raises: a Refused, when the MARC record is
    not bibliographic or has no title.

    ``holdings``: tag → part of a holding → its subfield codes, as in the settings.
    """
    fields = Fields(marc)
    kind = fields.leader[6:7]
    if kind in NON_BIBLIOGRAPHIC:
        raise errors.RecordNotBibliographic(kind=NON_BIBLIOGRAPHIC[kind])
    made = Record(title="")
    _set_kind(made, fields)
    _set_title(made, fields)
    _set_series(made, fields)
    _set_publication(made, fields)
    creators = marc_creators.read(fields, made.author)
    makers = creators.contributors and remarks.with_stated_creators(made, creators.contributors, also=creators.of_works)
    made.contributors = makers + creators.of_works
    made.names = _other_titles(fields, made.title, creators.works)
    if not made.author:
        made.author = " ; ".join(each.name for each in creators.contributors[:3])
    _set_numbers(made, fields)
    made.subjects, latin = _subjects(fields)
    made.subject_latin = latin if latin and spoken.is_japanese(made) else {}
    made.extent = _joined(fields, "300", lambda field: joined(field, "abce"))
    made.note, made.contents = LINE.join(filter(None, [_notes(fields), *creators.owners])), _contents(fields)
    _set_accessibility(made, fields)
    isbd.tidy(made)
    if holdings:
        made.holdings = _holdings(fields, holdings)
    return made


def other_marc_refusal(tags: Collection[str]) -> errors.Refused | None:
    """Return the refusal of a record of another kind of MARC, known by its tags; None when it may be MARC 21."""
    if "245" in tags or "880" in tags:
        return None
    found = (errors.RecordIsOtherMarc(name=name, tag=tag) for tag, name in OTHER_KINDS.items() if tag in tags)
    return next(found, None)


def _joined(fields: Fields, tag: str, read: Callable[[Field], str]) -> str:
    return " ; ".join([text for field in fields.tagged(tag) if (text := fields.forms(field, read)[0])])


# -- title, series, publication --------------------------------------------------------------------------------------
def _set_title(made: Record, fields: Fields) -> None:
    field = next(iter(fields.tagged("245")), None)
    if field is None:
        raise other_marc_refusal(fields.by_tag) or errors.RecordHasNoTitle()
    read: tuple[Callable[[Field], str], ...] = (
        lambda each: first(each, "a") or parts(each, "kfg"),
        lambda each: parts(each, "b", " : "),
        lambda each: parts(each, "np", LINE),
    )
    forms = [fields.forms(field, each) for each in read]
    forms[2] = _on_one_line(forms[2])
    if not forms[0][0]:
        forms = [forms[2], forms[1], ("", "", "")]
    (
        (made.title, made.title_kana, latin),
        (made.subtitle, made.subtitle_kana, latin_rest),
        (made.volume, made.volume_kana, latin_part),
    ) = forms
    if not made.title:
        raise errors.RecordHasNoTitle()
    made.title_latin = ". ".join(
        filter(None, (f"{latin} : {latin_rest}" if latin and latin_rest else latin, latin and latin_part))
    )
    if not made.title_kana and latin and spoken.is_japanese(made):
        spoken.fill_title_readings(made, (latin, latin_rest, latin_part), is_kunrei=fields.is_kunrei())
    made.author = statements.without_slashes(fields.forms(field, lambda each: first(each, "c"))[0])


def _on_one_line(forms: tuple[str, str, str]) -> tuple[str, str, str]:
    """Return texts on one line. Their parts stand on lines of their own so that the spaces between them are not closed
    up.
    """
    text, kana, latin = (each.replace(LINE, " ") for each in forms)
    return text, kana, latin


def _set_series(made: Record, fields: Fields) -> None:
    """Set the series (叢書) with their numbers; one in both 490 and 8xx counts once, also if it is romanised in one of
    them.
    """
    found: list[InSeries] = []
    numbers_spoken: list[str] = []
    known: dict[str, int] = {}
    for field in fields.tagged("440", "490", "800", "810", "811", "830"):
        codes = "anp" if field.tag in ("440", "490", "830") else "tnp"
        name, reading, latin = _on_one_line(fields.forms(field, lambda each, codes=codes: parts(each, codes, LINE)))
        name, (number, spoken_number, _) = isbd.unbracketed(name), fields.forms(field, lambda each: parts(each, "v"))
        if not (key := series.key(name)):
            continue
        # a heading in 8xx may have a qualifier: Library of law (London, England)
        place = known.get(key, known.get(series.key(_QUALIFIER.sub("", name))) if field.tag[0] == "8" else None)
        if place is None:
            known[key] = known[series.key(latin) or key] = place = len(found)
            found.append(InSeries(name, reading, latin))
            numbers_spoken.append("")
        if number and not found[place].number:
            found[place].number, numbers_spoken[place] = number, spoken_number
    made.in_series = found
    made.series = " / ".join([f"{each.name} ; {each.number}" if each.number else each.name for each in found])
    readings = zip([each.kana for each in found], numbers_spoken, strict=True)
    made.series_kana = " / ".join([f"{kana} ; {spoken}" if spoken else kana for kana, spoken in readings if kana])


def _other_titles(fields: Fields, title: str, works: Sequence[OtherTitle]) -> list[OtherTitle]:
    """Return 統一書名, 原題 and 別書名, and the works in the book (収録作品), each once, without the title itself."""
    found: dict[str, OtherTitle] = {}
    for field in fields.among(OTHER_TITLES.keys()):
        text, kana, latin = fields.forms(field, _other_title)
        kind = records.ORIGINAL if _ORIGINAL.search(nfc(parts(field, "i"))) else OTHER_TITLES[field.tag]
        kind = records.WORK if field.tag == ANALYTICAL and field.indicator2 == "2" else kind
        if kind == records.WORK or text.split(".")[0].replace(" ", "").casefold() not in COLLECTIVE:
            found.setdefault(text, OtherTitle(kind, text, kana, latin))
    for work in works:
        known = found.setdefault(work.name, work)
        known.kind, known.kana, known.latin = work.kind, known.kana or work.kana, known.latin or work.latin
    return [each for text, each in found.items() if text not in ("", title)]


def _other_title(field: Field) -> str:
    return parts(field, "abnp")


def _set_publication(made: Record, fields: Fields) -> None:
    field = next(iter(fields.tagged("260") or [each for each in fields.tagged("264") if each.indicator2 == "1"]), None)
    if field:
        made.place = fields.forms(field, lambda each: first(each, "a"))[0]
        made.publisher, made.publisher_kana, _ = fields.forms(field, lambda each: parts(each, "b", " ; "))
        made.year_text = fields.forms(field, _year_of)[0]
    coded = fields.control("008")[7:11]
    if coded.isascii() and coded.isdigit() and "0500" <= coded <= "2200":
        made.year = int(coded)
    elif made.year_text:
        made.year = dates.year_of(made.year_text)
    elif found := _DIGITS.match(coded):
        made.year = int(found[0])


def _year_of(field: Field) -> str:
    return first(field, "c") or first(field, "g")


# -- numbers, subjects, kinds ----------------------------------------------------------------------------------------
def _set_numbers(made: Record, fields: Fields) -> None:
    numbers, cancelled = [], []
    for field in fields.tagged("020"):
        for code, value in field.subfields:
            if code in "az":
                number, *price = _PRICE.split(value.strip(), maxsplit=1)
                if code == "a":
                    remarks.note_bad_isbn(made, isbd.trimmed(number))
                (numbers if code == "a" else cancelled).append(isbd.trimmed(number))
                made.price = made.price or (isbd.trimmed(price[0]) if price else "")
            elif code == "c":
                made.price = made.price or isbd.trimmed(value)
    made.isbns = list(dict.fromkeys([_SEMICOLON.sub(", ", number) for number in numbers + cancelled if number]))
    classes = []
    for field in fields.tagged("084"):
        scheme = first(field, "2").casefold()
        if scheme.startswith(("njb", "ndc")):  # njb/10, njb/09, ndc10
            text = parts(field, "a")
            numbers = remarks.classes_of(made, text) if text else ()
            classes += [(re.sub(r"\D", "", scheme).lstrip("0"), number) for number in numbers]
    made.ndc_edition, made.ndc = ndc.of_newest_edition(classes)


def _subjects(fields: Fields) -> tuple[list[tuple[str, str]], dict[str, str]]:
    """Return the subjects as (heading, reading), and heading → romanisation of those without a reading."""
    found: dict[str, str] = {}
    in_latin: dict[str, str] = {}
    for field in fields.among(SUBJECTS):
        if field.tag == "653":
            for code, value in field.subfields:
                for word in _BETWEEN_WORDS.split(nfc(value)) if code == "a" else ():
                    found.setdefault(isbd.trimmed(word), "")
        else:
            heading, kana, latin = fields.forms(field, _heading)
            if heading and not found.get(heading):
                found[heading] = kana
                if latin and not kana:
                    in_latin[heading] = latin
    found.pop("", None)
    return list(found.items()), in_latin


def _heading(field: Field) -> str:
    """Return a heading with its subdivisions: 電子図書館--日本; a personal name with years: 夏目, 漱石, 1867-1916."""
    subfields = field.subfields
    if len(subfields) == 1:
        code, value = subfields[0]
        return isbd.trimmed(value) if code == "a" else ""
    named = [(code, part) for code, value in subfields if code in "abcdnpt" and (part := isbd.trimmed(value))]
    main = "".join([f", {part}" if code == "d" else f" {part}" for code, part in named]).lstrip(", ")
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
        language = next((first(field, "a")[:3] for field in fields.tagged("041")), "")
    made.language = languages.code(language)


def _set_accessibility(made: Record, fields: Fields) -> None:
    """Set 利用しやすい形式 from coded fields and designation, and the lines of ``accessibility`` from 341 and 532."""
    place = 29 if fields.leader[6:7] in WITH_FORM_AT_29 else 23
    found = {FORMATS_OF_ITEM.get(fields.control("008")[place : place + 1])}
    found |= {PHYSICAL.get((field.data or "")[:2]) for field in fields.tagged("007")}
    found |= {CONTENT.get(value) for field in fields.tagged("336") for code, value in field.subfields if code == "b"}
    lines = []
    for field in fields.tagged("341"):
        features = [nfc(value).strip() for code, value in field.subfields if code in "bcde"]
        found |= accessible.formats_of_features(map(accessible.feature, features))
        lines.append(accessible.describe_features(features, first(field, "a")))
    for field in fields.tagged("532"):
        text = fields.forms(field, lambda each: first(each, "a"))[0]
        lines.append(text and BEFORE_NOTE.get(field.indicator1, "") + text)
    for field in fields.tagged("245"):  # the general designation, as in [大活字]
        kind = isbd.unbracketed(fields.forms(field, lambda each: first(each, "h"))[0])
        found |= accessible.mentioned_in_text(kind)
        if "図書" in (made.material_type, kind) and not accessible.mentioned_in_text(kind):
            made.material_type = kind if kind.isupper() or not kind.isascii() else "図書"  # CD, 紙芝居
    made.formats = accessible.to_column(filter(None, found))
    made.accessibility = LINE.join(dict.fromkeys(filter(None, lines)))


# -- notes, contents, holdings ---------------------------------------------------------------------------------------
def _notes(fields: Fields) -> str:
    lines = []
    for field in fields.among(NOTES):
        text, _, latin = fields.forms(field, _note)
        # beside a Japanese note in 880, the note in the field may be another one, in English
        lines += [latin, text] if latin and not romanised.kana_reading(text, latin) else [text]
    return LINE.join(filter(None, lines))


def _note(field: Field) -> str:
    codes = NOTE_PARTS.get(link_of(field)[:3] if field.tag == "880" else field.tag, "abcnp")
    return isbd.trimmed(" ".join([value.strip() for code, value in field.subfields if code in codes]))


def _contents(fields: Fields) -> str:
    return LINE.join([text for field in fields.among(CONTENTS) if (text := fields.forms(field, _chapters)[0])])


def _chapters(field: Field) -> str:
    """Return the parts of a contents note with their creators, a line each: by titles ($t), or by dashes."""
    text = ""
    for code, value in field.subfields:
        if code in "atrgb":
            text += (LINE if code == "t" and text else " " if text else "") + value.strip()
    return LINE.join(filter(None, map(isbd.trimmed, _BETWEEN_PARTS.split(text))))


def _holdings(fields: Fields, mapping: Mapping) -> list[Holding]:
    found = []
    for tag, places in mapping.items():
        for field in fields.tagged(tag):
            values = {name: nfc(parts(field, codes)) for name, codes in places.items()}
            if values.get("barcode"):
                found.append(Holding(**values))
    return found
