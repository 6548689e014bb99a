"""DC-NDL: titles in answers of the National Diet Library's search.

RDF comes as a file, nested in an SRU answer, or as escaped text; OpenSearch has its own items. Copies in an answer
stand in other libraries and are left out.
"""

import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import BinaryIO
from unicodedata import normalize
from urllib.parse import unquote

from library import dates, errors
from library.catalog import isbd, ndc, statements
from library.catalog.codes import accessible, kinds, languages
from library.catalog.readers import entries, identifiers, remarks, xml_stream
from library.catalog.records import WORK, Contributor, OtherTitle, Record
from library.catalog.series import series

NAMESPACES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "dcndl": "http://ndl.go.jp/dcndl/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "srw": "http://www.loc.gov/zing/srw/",
}
for _prefix, _uri in NAMESPACES.items():
    ET.register_namespace(_prefix, _uri)


def _name(short: str) -> str:
    prefix, _, local = short.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


RDF, ADMIN, TITLE, COPY, ITEM = (
    *map(_name, ("rdf:RDF", "dcndl:BibAdminResource", "dcndl:BibResource", "dcndl:Item")),
    "item",
)
PARTS = (ADMIN, TITLE, COPY, ITEM)
PACKED = (_name("srw:recordData"), "recordData")
ABOUT, RESOURCE, DATATYPE, LABEL, KIND = map(
    _name, ("rdf:about", "rdf:resource", "rdf:datatype", "rdfs:label", "xsi:type")
)
EDITIONS = ("10", "9", "8")  # of NDC
OWN = "R100000002"  # the provider number of NDL's own catalogue
SOURCE = "JTNDL"  # in 003 of its MARC records, which have the same numbers
_BOOK = re.compile(r"/books/(R[0-9]+)-I([^#/?\s]+?)(?:-00)?(?:#.*)?\Z")
_CLASS = re.compile(r"/class/ndc([0-9]*)/(.+)\Z")
_LIFE = re.compile(r",?\s*[0-9]{3,4}-(?:[0-9]{3,4})?\Z")
_DATE = re.compile("[0-9]{4}(?:[-.][0-9]+)*")
_SPACES = re.compile(r"\s+")
_BETWEEN_PARTS = re.compile(
    r"(?<!\s)(?!\n+--)\s++(?:--\s+|[―—]{2}\s*)|\n|[―—]{2}\s*"
)  # each run of spaces is tried once
OTHER_TITLES = {
    "統一書名": ("dcndl:uniformTitle",),
    "別書名": ("dcndl:alternative", "dcterms:alternative", "dcndl:alternativeTitle"),
}
_NUMBERS = ("ISBN", "ISBN13", "SetISBN", "ErrorISBN")
CHILDREN = ("児童", "青少年")
LIKE_KINDS = {
    "点字": "点字資料",
    "大活字": "大活字資料",
    "電子書籍": "電子資料",
    "電子雑誌": "電子資料",
    "和古書": "図書",
    "逐次刊行物": "雑誌",
}


# -- files -----------------------------------------------------------------------------------------------------------
def read(file: BinaryIO) -> Iterator[entries.Entry]:
    """Yield the entries of a file or answer, in RDF, SRU or OpenSearch; the last one is a refusal when the XML is
    broken.
    """
    number = 0
    try:
        for number, group in enumerate(_groups(file), 1):
            yield _entry(number, group)
    except errors.XmlBroken as broken:
        yield entries.refusal(number + 1, "dcndl", broken)


def decoded(raw: bytes) -> Record:
    """Return the record in stored source bytes. Raises: RecordHasNoTitle."""
    root = ET.fromstring(raw)  # noqa: S314 (made by us of a tree, without a document type)
    return _item(root) if root.tag == ITEM else _title(root)


def _entry(number: int, group: list[ET.Element]) -> entries.Entry:
    root = group[0]
    if root.tag != ITEM:
        root = ET.Element(RDF)
        root.extend(group)
    raw = ET.tostring(root, encoding="utf-8")
    source, source_id = _identity(root)
    return entries.Entry(number, "dcndl", raw, source, source_id, lambda: decoded(raw))


def _groups(file: BinaryIO) -> Iterator[list[ET.Element]]:
    """Yield the elements of each title: one item, or a BibAdminResource and the elements after it."""
    group: list[ET.Element] = []
    for element in _unpacked(file):
        has_title = element.tag == TITLE and _has_title(element)
        begins = element.tag in (ADMIN, ITEM) or (has_title and any(each.tag == TITLE for each in group))
        if begins and group:
            yield group
            group = []
        group.append(element)
    if group:
        yield group


def _unpacked(file: BinaryIO) -> Iterator[ET.Element]:
    for found in xml_stream.elements(file, PARTS, texts=PACKED):
        if isinstance(found, str):
            if found.strip():
                yield from xml_stream.elements(io.BytesIO(found.strip().encode()), PARTS)
        else:
            yield found


def _identity(root: ET.Element) -> tuple[str, str]:
    """Return (source, id there), empty when unknown; for NDL's own catalogue source and number of its MARC record."""
    about = _text(root, "link") or _text(root, "guid") if root.tag == ITEM else ""
    for tag in (ADMIN, TITLE):
        about = about or next((found for each in root.iter(tag) if (found := each.get(ABOUT))), "")
    found = _BOOK.search(about)
    if not found:
        return ("ndlsearch", about) if about else ("", "")
    provider, number = found.groups()
    return (SOURCE if provider == OWN else provider), number


# -- RDF -------------------------------------------------------------------------------------------------------------
def _title(root: ET.Element) -> Record:
    described = next(filter(_has_title, root.iter(TITLE)), None)
    if described is None:
        raise errors.RecordHasNoTitle()
    made = Record(title="")
    text, kana = next(iter(_all_described(described, "dc:title")), (_text(described, "dcterms:title"), ""))
    _set_title(made, text, kana)
    volumes = [each for short in ("dcndl:volume", "dcndl:partInformation") for each in _all_described(described, short)]
    made.volume, made.volume_kana = (" ".join(filter(None, texts)) for texts in _unzipped(volumes))
    _set_series(made, _all_described(described, "dcndl:seriesTitle"))
    made.author = statements.without_slashes(" ; ".join(_texts(described, "dc:creator")))
    agents = described.findall("dcterms:creator/foaf:Agent", NAMESPACES)
    made.contributors = remarks.with_stated_creators(made, [_agent(each, made.author) for each in agents])
    made.author = made.author or " ; ".join(each.name for each in made.contributors)
    agents = described.findall("dcterms:publisher/foaf:Agent", NAMESPACES)
    made.publisher, made.publisher_kana = (
        " ; ".join(filter(None, (_text(each, short) for each in agents)))
        for short in ("foaf:name", "dcndl:transcription")
    )
    made.place = next(filter(None, (_text(each, "dcndl:location") for each in agents)), "")
    made.year_text = _text(described, "dcterms:date")
    issued = _text(described, "dcterms:issued")
    made.year = dates.year_of(issued) or dates.year_of(made.year_text)
    made.year_text = made.year_text or issued
    numbers = described.findall("dcterms:identifier", NAMESPACES)
    made.isbns = [
        _clean(each.text) for each in numbers if (each.get(DATATYPE) or "").rpartition("/")[2] in _NUMBERS and each.text
    ]
    _set_subjects(made, described)
    labels = [each.get(LABEL) or "" for each in described.findall("dcndl:materialType", NAMESPACES)]
    _set_rest(made, described, labels, edition=_text(described, "dcndl:edition"))
    made.language = languages.code(_text(described, "dcterms:language"))
    made.extent = " ; ".join(_texts(described, "dcterms:extent"))
    parts = _all_described(described, "dcndl:partTitle")
    made.contents = "\n".join([*(text for text, _ in parts), *_contents(described)])
    known = {each.name for each in made.names}
    made.names += [OtherTitle(WORK, text, kana) for text, kana in dict(parts).items() if text and text not in known]
    return made


def _contents(root: ET.Element) -> list[str]:
    """Return the lines of the table of contents and the summary."""
    found = []
    for short in ("dcterms:tableOfContents", "dcterms:abstract"):
        for element in root.findall(short, NAMESPACES):
            texts = [element.text or "", *(each.text or "" for each in element.iter() if each is not element)]
            found += [line for text in texts for part in _BETWEEN_PARTS.split(text) if (line := _clean(part))]
    return found


def _unzipped(described: list[tuple[str, str]]) -> tuple[list[str], list[str]]:
    return [text for text, _ in described], [kana for _, kana in described]


def _set_series(made: Record, described: list[tuple[str, str]]) -> None:
    for text, kana in described:
        made.in_series += series.read(text, kana)
    made.series, made.series_kana = (" / ".join(filter(None, texts)) for texts in _unzipped(described))


def _has_title(described: ET.Element) -> bool:
    return any(described.find(short, NAMESPACES) is not None for short in ("dc:title", "dcterms:title"))


def _agent(agent: ET.Element, statement: str) -> Contributor:
    name, kana = (_LIFE.sub("", _text(agent, short)) for short in ("foaf:name", "dcndl:transcription"))
    found = identifiers.in_texts([agent.get(ABOUT) or "", *[each.get(RESOURCE) or "" for each in agent]])
    return Contributor(name, kana, statements.role_of(name, statement), identifiers=found)


def _set_subjects(made: Record, described: ET.Element) -> None:
    classes = []
    for element in described.findall("dcterms:subject", NAMESPACES):
        resource = element.get(RESOURCE) or ""
        if found := _CLASS.search(resource):
            classes += [(found[1], number) for number in remarks.classes_of(made, unquote(found[2]))]
    made.ndc_edition, made.ndc = ndc.of_newest_edition(classes)
    made.subjects = [(text, kana) for text, kana in _all_described(described, "dcterms:subject") if text]


def _all_described(parent: ET.Element, short: str) -> list[tuple[str, str]]:
    """Return (text, reading) of each element with this name: from its description, else (its own text, empty)."""
    found = []
    for element in parent.findall(short, NAMESPACES):
        inner = element.find("rdf:Description", NAMESPACES)
        if inner is None and element.find("rdf:value", NAMESPACES) is not None:
            inner = element
        if inner is not None:
            found.append((_text(inner, "rdf:value"), _text(inner, "dcndl:transcription")))
        elif element.text and element.text.strip():
            found.append((_clean(element.text), ""))
    return found


# -- OpenSearch ------------------------------------------------------------------------------------------------------
def _item(root: ET.Element) -> Record:
    made = Record(title="")
    _set_title(made, _text(root, "dc:title") or _text(root, "title"), _text(root, "dcndl:titleTranscription"))
    made.volume = _text(root, "dcndl:volume")
    titles, kana = _texts(root, "dcndl:seriesTitle"), _texts(root, "dcndl:seriesTitleTranscription")
    _set_series(made, list(zip(titles, kana if len(kana) == len(titles) else [""] * len(titles), strict=True)))
    names, kana = (
        [_LIFE.sub("", text) for text in _texts(root, short)] for short in ("dc:creator", "dcndl:creatorTranscription")
    )
    kana += [""] * (len(names) - len(kana))
    made.author = statements.without_slashes(_statement(root)) or " ; ".join(names)
    made.contributors = [
        Contributor(name, reading, statements.role_of(name, made.author))
        for name, reading in zip(names, kana, strict=False)
    ]
    made.contributors = remarks.with_stated_creators(made, made.contributors)
    made.publisher = " ; ".join(_texts(root, "dc:publisher"))
    made.publisher_kana = " ; ".join(_texts(root, "dcndl:publisherTranscription"))
    made.volume_kana = _text(root, "dcndl:volumeTranscription")
    made.contents = "\n".join(_contents(root))
    made.year_text = _text(root, "dcterms:issued") or _text(root, "dc:date")
    made.year = dates.year_of(made.year_text)
    made.isbns = list(dict.fromkeys(_kinds(root, "dc:identifier", *_NUMBERS)))
    made.ndc_edition, made.ndc = ndc.of_newest_edition(
        [
            (edition, number)
            for edition in EDITIONS
            for text in _kinds(root, "dc:subject", f"NDC{edition}")
            for number in remarks.classes_of(made, text)
        ]
    )
    made.subjects = [
        (_clean(each.text), "") for each in root.findall("dc:subject", NAMESPACES) if each.text and not each.get(KIND)
    ]
    _set_rest(made, root, _texts(root, "category"), description="dc:description")
    made.extent = " ; ".join(_texts(root, "dc:extent"))
    return made


def _statement(root: ET.Element) -> str:
    """Return the statement of responsibility in an item's ``author``, which has the names of dc:creator before it,
    separated by commas.
    """
    text = _text(root, "author") + ","
    for name in _texts(root, "dc:creator"):
        text = text.removeprefix(f"{name},")
    return " ; ".join(filter(None, text.split(",")))


def _kinds(root: ET.Element, short: str, *kinds: str) -> list[str]:
    found = root.findall(short, NAMESPACES)
    return [_clean(each.text) for each in found if each.text and (each.get(KIND) or "").rpartition(":")[2] in kinds]


# -- both ------------------------------------------------------------------------------------------------------------
def _set_title(made: Record, text: str, kana: str) -> None:
    """Set title and subtitle, with readings, from ``暗号技術入門 : 秘密の国のアリス``. Raises: RecordHasNoTitle."""
    made.title, _, made.subtitle = text.partition(" : ")
    made.title_kana, _, made.subtitle_kana = kana.partition(" : ")
    if not made.subtitle:
        made.title_kana, made.subtitle_kana = kana, ""
    made.title = isbd.trimmed(made.title)
    if not made.title:
        raise errors.RecordHasNoTitle()


def _set_rest(
    made: Record, root: ET.Element, labels: list[str], *, description: str = "dcterms:description", edition: str = ""
) -> None:
    made.formats = accessible.to_column(accessible.mentioned_in_text(" ".join(labels)))
    named = [LIKE_KINDS.get(label, label) for label in labels]
    made.material_type = next((kind for kind in reversed(kinds.MATERIALS) if kind in named), "図書")
    if _text(root, "dcterms:audience") in CHILDREN:
        made.audience = "児童"
    made.price = _text(root, "dcndl:price")
    made.names = []
    for kind, shorts in OTHER_TITLES.items():
        others = [each for short in shorts for each in _all_described(root, short)]
        known = {each.name for each in made.names} | {made.title}
        made.names += [
            OtherTitle(kind, text, kana) for text, kana in dict(others).items() if text and text not in known
        ]
    notes = [text for text in _texts(root, description) if not _DATE.fullmatch(text)]
    made.note = "\n".join(filter(None, [edition, *notes]))
    isbd.tidy(made)


def _text(parent: ET.Element, short: str) -> str:
    return next(iter(_texts(parent, short)), "")


def _texts(parent: ET.Element, short: str) -> list[str]:
    return [text for each in parent.findall(short, NAMESPACES) if (text := _clean(each.text or ""))]


def _clean(text: str) -> str:
    """Return the text on one line, in NFC, without the ideographic spaces that some providers send."""
    return normalize("NFC", _SPACES.sub(" ", text).strip())
