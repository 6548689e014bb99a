"""Titles in the fifteen elements of Dublin Core, which every harvester reads."""

from collections.abc import Iterator
from xml.etree import ElementTree as ET

from library.catalog import ndc
from library.catalog.readers.dcndl import NAMESPACES
from library.catalog.records import Record
from library.catalog.series import series

DC = NAMESPACES["dc"]
TYPES = {"地図": "Image", "録音資料": "Sound", "映像資料": "MovingImage", "静止画": "StillImage"}  # others are Text


def fill(parent: ET.Element, record: Record, *, address: str) -> None:
    """Add the elements of a title below ``parent``, one for each value; readings are left out."""
    for name, text in _values(record, address):
        if text:
            ET.SubElement(parent, f"{{{DC}}}{name}").text = text


def _values(record: Record, address: str) -> Iterator[tuple[str, str]]:
    yield "title", " ".join(filter(None, (record.title, record.volume, record.subtitle)))
    for each in record.names:
        yield "title", each.name
    for each in record.contributors:
        yield "creator", each.name
    if not record.contributors:
        yield "creator", record.author
    for heading, _ in record.subjects:
        yield "subject", heading
    for number in ndc.read_all(record.ndc).numbers or [record.ndc]:
        yield "subject", f"NDC {number}" if number else ""
    for text in (*record.contents.split("\n"), *record.note.split("\n")):
        yield "description", text
    yield "publisher", record.publisher
    yield "date", str(record.year) if record.year else record.year_text
    yield "type", TYPES.get(record.material_type, "Text")
    yield "type", record.material_type
    yield "format", record.extent
    yield "identifier", address
    for number in record.isbns:
        yield "identifier", f"ISBN {number}"
    yield "language", record.language
    for each in series.all_of(record):
        yield "relation", " ; ".join(filter(None, (each.name, each.number)))
