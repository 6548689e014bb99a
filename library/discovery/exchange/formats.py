"""The formats in which other programs read titles, and the bytes of XML that are sent.

An element without a namespace takes that of the nearest ``xmlns`` above it, which ElementTree writes as it stands. So
each format is written without prefixes, as programs expect that compare the text.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from xml.etree import ElementTree as ET

import pymarc

from library.catalog import exporting, records
from library.catalog.records import Record
from library.discovery.exchange import dublin_core, ndl
from library.store import queries
from models import Title

XSI = "http://www.w3.org/2001/XMLSchema-instance"
OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
SRW_DC = "info:srw/schema/1/dc-schema"
MARC = "http://www.loc.gov/MARC21/slim"
ET.register_namespace("oai_dc", OAI_DC)
ET.register_namespace("srw_dc", SRW_DC)
_NOT_OF_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Format:
    """A format: its schema, its namespace, and the element of a title (id, record, address of its page)."""

    schema: str
    namespace: str
    element: Callable[[int, Record, str], ET.Element]


def _oai_dc(title_id: int, record: Record, address: str) -> ET.Element:
    root = ET.Element(f"{{{OAI_DC}}}dc")
    root.set(f"{{{XSI}}}schemaLocation", f"{OAI_DC} http://www.openarchives.org/OAI/2.0/oai_dc.xsd")
    dublin_core.fill(root, record, address=address)
    return root


def _srw_dc(title_id: int, record: Record, address: str) -> ET.Element:
    root = ET.Element(f"{{{SRW_DC}}}dc")
    dublin_core.fill(root, record, address=address)
    return root


def _dcndl(title_id: int, record: Record, address: str) -> ET.Element:
    return ndl.element(record, address=address)


def _marc(title_id: int, record: Record, address: str) -> ET.Element:
    return pymarc.record_to_xml_node(exporting.to_marc(title_id, record), namespace=True)


_NDL = Format("https://www.ndl.go.jp/jp/dlib/standards/meta/2020/12/ndl-dcndl.rdf", ndl.TERMS, _dcndl)
_MARC = Format("http://www.loc.gov/standards/marcxml/schema/MARC21slim.xsd", MARC, _marc)
OF_OAI = {
    "oai_dc": Format("http://www.openarchives.org/OAI/2.0/oai_dc.xsd", OAI_DC, _oai_dc),
    "dcndl": _NDL,
    "marc21": _MARC,
}
OF_SRU = {
    "dc": Format("http://www.loc.gov/standards/sru/dc-schema.xsd", SRW_DC, _srw_dc),
    "dcndl": _NDL,
    "marcxml": _MARC,
}


def load(title_ids: Iterable[int]) -> dict[int, Record]:
    """Return the records of titles by id; a record edited by hand comes without its source, which no longer agrees."""
    found = records.load(title_ids)
    edited = Title.select(Title.id).where(Title.id.in_(list(found)), Title.edited)
    for (title_id,) in queries.tuples(edited):
        found[title_id] = replace(found[title_id], format="", raw=b"")
    return found


def written(root: ET.Element) -> bytes:
    """Return a document as UTF-8, without the characters that XML forbids."""
    for each in root.iter():
        if each.text and _NOT_OF_XML.search(each.text):
            each.text = _NOT_OF_XML.sub("", each.text)
        for name, value in each.attrib.items():
            if _NOT_OF_XML.search(value):
                each.set(name, _NOT_OF_XML.sub("", value))
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)
