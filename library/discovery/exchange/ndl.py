"""Titles in DC-NDL (RDF), as the National Diet Library reads and sends them."""

from collections.abc import Iterable
from xml.etree import ElementTree as ET

from library.catalog import ndc, spoken
from library.catalog.readers.dcndl import ABOUT, COPY, DATATYPE, LABEL, NAMESPACES, RDF, RESOURCE
from library.catalog.records import Record
from library.catalog.series import series

TERMS = NAMESPACES["dcndl"]
W3CDTF = NAMESPACES["dcterms"] + "W3CDTF"
ISO639 = NAMESPACES["dcterms"] + "ISO639-2"
CLASSES = "http://id.ndl.go.jp/class/ndc"
LATEST_EDITION = "10"


def element(record: Record, *, address: str) -> ET.Element:
    """Return a title: its NDL record if it came from NDL, without the copies of other libraries, else one made of its
    fields.
    """
    if record.format == "dcndl":
        root = ET.fromstring(record.raw)  # noqa: S314 (made by the reader of a tree, without a document type)
        if root.tag == RDF:
            for copy in root.findall(COPY):
                root.remove(copy)
            return root
    return made_of(record, address=address)


def made_of(record: Record, *, address: str) -> ET.Element:
    """Return a record made of the fields of a title, without readings that were only derived from romanisation."""
    root = ET.Element(RDF)
    admin = _below(root, "dcndl:BibAdminResource")
    admin.set(ABOUT, address)
    _below(admin, "dcndl:record").set(RESOURCE, f"{address}#material")
    described = _below(root, "dcndl:BibResource")
    described.set(ABOUT, f"{address}#material")
    _add_titles(described, record)
    _add_creators(described, record)
    _add_subjects(described, record)
    _add_rest(described, record)
    return root


def _add_titles(described: ET.Element, record: Record) -> None:
    for number in record.isbns:
        _text(described, "dcterms:identifier", number, datatype=TERMS + "ISBN")
    kana, kana_of_subtitle, kana_of_volume = spoken.source_readings(record)
    whole = " : ".join(filter(None, (record.title, record.subtitle)))
    whole_kana = " : ".join(filter(None, (kana, kana_of_subtitle)))
    _text(described, "dcterms:title", whole)
    _described(described, "dc:title", whole, whole_kana)
    for each in record.names:
        _described(described, "dcndl:alternative", each.name, each.kana)
    _described(described, "dcndl:volume", record.volume, kana_of_volume)
    for each in series.all_of(record):
        text = " ; ".join(filter(None, (each.name, each.number)))
        _described(described, "dcndl:seriesTitle", text, each.kana)


def _add_creators(described: ET.Element, record: Record) -> None:
    for each in record.contributors:
        _agent(described, "dcterms:creator", each.name, each.kana)
    _text(described, "dc:creator", record.author)
    if record.publisher or record.place:
        agent = _agent(described, "dcterms:publisher", record.publisher, record.publisher_kana)
        _text(agent, "dcndl:location", record.place)
    _text(described, "dcterms:date", record.year_text)
    _text(described, "dcterms:issued", str(record.year or ""), datatype=W3CDTF)


def _add_subjects(described: ET.Element, record: Record) -> None:
    for heading, kana in record.subjects:
        _described(described, "dcterms:subject", heading, kana)
    for number in ndc.read_all(record.ndc).numbers:
        edition = record.ndc_edition.lstrip("0") or LATEST_EDITION
        _below(described, "dcterms:subject").set(RESOURCE, f"{CLASSES}{edition}/{number}")


def _add_rest(described: ET.Element, record: Record) -> None:
    _text(described, "dcterms:language", record.language, datatype=ISO639)
    _text(described, "dcterms:extent", record.extent)
    _below(described, "dcndl:materialType").set(LABEL, record.material_type)
    _text(described, "dcterms:audience", record.audience)
    _text(described, "dcndl:price", record.price)
    _texts(described, "dcterms:description", record.note.split("\n"))
    for text in filter(None, record.contents.split("\n")):
        _described(described, "dcndl:partTitle", text, "")


def _below(parent: ET.Element, short: str) -> ET.Element:
    prefix, _, local = short.partition(":")
    return ET.SubElement(parent, f"{{{NAMESPACES[prefix]}}}{local}")


def _text(parent: ET.Element, short: str, text: str, *, datatype: str = "") -> None:
    if text:
        made = _below(parent, short)
        made.text = text
        if datatype:
            made.set(DATATYPE, datatype)


def _texts(parent: ET.Element, short: str, texts: Iterable[str]) -> None:
    for text in texts:
        _text(parent, short, text)


def _described(parent: ET.Element, short: str, text: str, kana: str) -> None:
    if text:
        inner = _below(_below(parent, short), "rdf:Description")
        _text(inner, "rdf:value", text)
        _text(inner, "dcndl:transcription", kana)


def _agent(parent: ET.Element, short: str, name: str, kana: str) -> ET.Element:
    agent = _below(_below(parent, short), "foaf:Agent")
    _text(agent, "foaf:name", name)
    _text(agent, "dcndl:transcription", kana)
    return agent
