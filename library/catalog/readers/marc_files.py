"""MARC 21 and MARCXML files, record by record. The inside of a record is left to pymarc."""

import io
import logging
import re
import warnings
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from contextlib import nullcontext, redirect_stderr
from functools import partial
from itertools import islice
from typing import Any, BinaryIO
from xml.sax import SAXException

import pymarc
from pymarc import exceptions

from library import errors
from library.catalog import records
from library.catalog.readers import entries, marc, xml_stream
from library.files import encodings

NAMESPACE = "http://www.loc.gov/MARC21/slim"
RECORDS = (f"{{{NAMESPACE}}}record", "record")
ET.register_namespace("marc", NAMESPACE)
BLOCK = 1 << 18
SAMPLE = 200  # records that tell the encoding of a file
JAPANESE = frozenset(encodings.CODECS) - {"utf-8"}
LONGEST = 10_000_000  # bytes without an end of record: no MARC
END_OF_FIELD, END_OF_RECORD, ESCAPE = b"\x1e", b"\x1d", b"\x1b"
BETWEEN = b"\r\n\x00\x1a"
LEADER = re.compile(rb"([0-9]{5})[a-z][a-z][a-z ][ -~]{2}22[0-9]{5}[ -~]{3}45[ -~]{2}")
_NO_MARC_8 = re.compile(rb"[\x80-\x87\x8a-\x8c\x8f-\x9f]")
_ODD_CODE = re.compile(rb"\x1f[^ -~]")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SPACES = re.compile(r"\s+")
_LOW_CONTROLS = bytes(code for code in [*range(0x20), 0x7F] if code not in (0x09, 0x0A, 0x0D, 0x1B, 0x1D, 0x1E, 0x1F))
_HIGH_CONTROL = re.compile(rb"\xc2[\x80-\x9f]")
UNREADABLE = (exceptions.PymarcException, ValueError, IndexError, KeyError, SAXException)
REASONS = (
    (exceptions.TruncatedRecord, "リーダーのいう長さより短い"),
    (exceptions.RecordLeaderInvalid, "リーダーが24桁ではない"),
    (exceptions.RecordDirectoryInvalid, "ディレクトリーの長さが合わない"),
    ((exceptions.BaseAddressInvalid, exceptions.BaseAddressNotFound), "リーダーにデータの始まりがない"),
    (exceptions.NoFieldsFound, "フィールドがない"),
    (UnicodeDecodeError, "文字コードが壊れている"),
)
# what is odd in a record is judged here; pymarc need not tell it to the log as well
logging.getLogger("pymarc").addHandler(logging.NullHandler())
logging.getLogger("pymarc").propagate = False


def may_begin(head: bytes) -> bool:
    """Tell whether a file that begins so is MARC 21: a leader in ASCII, right or wrong, and ends of fields."""
    leader = head.lstrip(BETWEEN)[:24]
    return leader.isascii() and leader.decode().isprintable() and END_OF_FIELD in head and b"\x1f" in head


def encoding_of(file: BinaryIO) -> str:
    """Return the encoding of a file, whatever its leaders say: Japanese, ``marc-8`` or ``utf-8``. Raises: EncodingUnclear."""
    file.seek(0)
    sample = (raw for chunk in _chunks(file) for raw in _records(chunk))
    others = [raw for raw in islice(sample, SAMPLE) if not _is_utf8(raw)]
    return (encodings.recognise(others) or "marc-8") if others else "utf-8"


def read_binary(file: BinaryIO, holdings: Mapping | None = None, encoding: str = "") -> Iterator[entries.Entry]:
    """Yield the entries of a MARC 21 file, whatever its leaders say of lengths and encodings.

    ``encoding`` is that of all that is not UTF-8; where none is named, each record tells for itself. A record in an encoding of
    Japan becomes MARCXML, since alone it may not tell.
    """
    number = 0
    for chunk in _chunks(file):
        for raw in _records(chunk):
            number += 1
            # what is known already need not be decoded: its source and number are read off the directory
            source, source_id = identity(raw)
            if encoding in JAPANESE and not _is_utf8(raw):
                yield _transcoded(number, raw, encoding, source, source_id, holdings)
            else:
                read = partial(record, raw, holdings, encoding)
                yield entries.Entry(number, "marc21", raw, source, source_id, read)


def _transcoded(
    number: int, raw: bytes, encoding: str, source: str, source_id: str, holdings: Mapping | None
) -> entries.Entry:
    try:
        xml = pymarc.record_to_xml(decoded(raw, encoding), namespace=True)
    except errors.Refused as reason:
        return entries.refusal(number, "marc21", reason, source_id=source_id, raw=raw)
    return entries.Entry(number, "marcxml", xml, source, source_id, lambda: marc.record(decoded_xml(xml), holdings))


def read_xml(file: BinaryIO, holdings: Mapping | None = None) -> Iterator[entries.Entry]:
    """Yield the entries of a MARCXML file."""
    number = 0
    try:
        for element in xml_stream.elements(file, RECORDS):
            number += 1
            raw = ET.tostring(element, encoding="utf-8")
            source, source_id = (_control(element, tag) for tag in ("003", "001"))
            yield entries.Entry(
                number, "marcxml", raw, source, source_id, lambda raw=raw: marc.record(decoded_xml(raw), holdings)
            )
    except errors.XmlBroken as broken:
        yield entries.refusal(number + 1, "marcxml", broken)


def _control(element: ET.Element, tag: str) -> str:
    return next(((each.text or "").strip() for each in element if each.get("tag") == tag), "")


# -- the bytes of a file ---------------------------------------------------------------------------------------------
def _chunks(file: BinaryIO) -> Iterator[bytes]:
    """Yield what stands between the ends of records: with its end, but for a last one that has none."""
    rest = b""
    while block := file.read(BLOCK):
        *whole, rest = (rest + block).split(END_OF_RECORD)
        for chunk in whole:
            if chunk := chunk.lstrip(BETWEEN):
                yield chunk + END_OF_RECORD
        if len(rest) > LONGEST:
            yield rest
            rest = b""
    if rest := rest.strip(BETWEEN):
        yield rest


def _records(chunk: bytes) -> list[bytes]:
    """Return the chunk; where a record lost its end, so that the next one follows in the same chunk, both of them."""
    if chunk[:5].isdigit() and int(chunk[:5]) == len(chunk):
        return [chunk]
    if _fits(chunk):
        return [b"%05d" % min(len(chunk), 99_999) + chunk[5:]]
    for found in LEADER.finditer(chunk, 24):
        if int(found[1]) == len(chunk) - found.start():
            return [chunk[: found.start()], chunk[found.start() :]]
    return [chunk]


def _fits(raw: bytes) -> bool:
    """Tell whether each field ends where the directory says: then only the length in the leader is wrong."""
    base = raw[12:17]
    if not base.isdigit() or not 24 < int(base) < len(raw):
        return False
    directory = raw[24 : int(base) - 1]
    parts = [directory[at + 3 : at + 12] for at in range(0, len(directory), 12)]
    return all(
        len(part) == 9
        and part.isdigit()
        and raw[(end := int(base) + int(part[4:]) + int(part[:4])) - 1 : end] == END_OF_FIELD
        for part in parts
    )


def identity(raw: bytes) -> tuple[str, str]:
    """Return (source, id there), 003 and 001, of a record in its bytes; empty where they can't be found."""
    found = {}
    base = int(raw[12:17]) if raw[12:17].isdigit() else 0
    for at in range(24, base - 12, 12):
        tag, length, start = raw[at : at + 3], raw[at + 3 : at + 7], raw[at + 7 : at + 12]
        if tag in (b"001", b"003") and length.isdigit() and start.isdigit():
            first = base + int(start)
            found.setdefault(tag, raw[first : first + int(length) - 1].decode("utf-8", "replace").strip()[:255])
            if len(found) == 2:
                break
    return found.get(b"003", ""), found.get(b"001", "")


# -- one record ------------------------------------------------------------------------------------------------------
def record(raw: bytes, holdings: Mapping | None = None, encoding: str = "") -> records.Record:
    """Return the title that the record in these bytes describes. Refused when it can't be read, or describes none."""
    return marc.record(decoded(raw, encoding), holdings)


def decoded(raw: bytes, encoding: str = "") -> pymarc.Record:
    """Return the record. UTF-8 is that, whatever is named; else the characters decide, not the leader. Raises: Refused."""
    if not raw.endswith(END_OF_RECORD):
        raise errors.RecordCutOff()
    if _is_utf8(raw):
        record = _parsed(raw, force_utf8=True)
    else:
        encoding = encoding or _own_encoding(raw)
        raw = raw[:9] + b" " + raw[10:]
        record = _from_codecs(raw, encoding) if encoding in encodings.CODECS else _from_marc8(raw)
    return _cleaned(record, _CONTROLS, "") if _has_controls(raw) else record


def _own_encoding(raw: bytes) -> str:
    """Return what a record is in that is no UTF-8. What is UTF-8 for the most part is refused: as MARC-8 it would be nonsense."""
    text = raw.decode("utf-8", "replace")
    if 2 * text.count("\ufffd") < len(text) - len(text.encode("ascii", "ignore")):
        raise errors.RecordGarbled(encoding="UTF-8")
    return encodings.recognise([raw]) or "marc-8"


def _from_codecs(raw: bytes, encoding: str) -> pymarc.Record:
    for codec in encodings.CODECS[encoding]:
        try:
            return _parsed(raw, file_encoding=codec)
        except errors.RecordUnreadable as refusal:
            if not isinstance(refusal.__cause__, UnicodeDecodeError):
                raise
    raise errors.RecordGarbled(encoding=encodings.NAMES[encoding])


def _from_marc8(raw: bytes) -> pymarc.Record:
    record, odd = None, io.StringIO()
    if not _NO_MARC_8.search(raw):
        with redirect_stderr(odd):  # where pymarc writes what it leaves out
            record = _parsed(raw)
    if record is None or odd.getvalue():
        raise errors.RecordGarbled(encoding="MARC-8")
    return record


def _parsed(raw: bytes, **options: Any) -> pymarc.Record:
    """Return what pymarc reads. Odd subfield codes, of which it warns, are left as they are."""
    odd = not raw.isascii() and _ODD_CODE.search(raw)
    try:
        with warnings.catch_warnings(action="ignore") if odd else nullcontext():
            return pymarc.Record(raw, hide_utf8_warnings="force_utf8" in options, **options)
    except UNREADABLE as error:
        raise _unreadable(error) from error


def _has_controls(raw: bytes) -> bool:
    has_low = len(raw.translate(None, _LOW_CONTROLS)) != len(raw)
    return has_low or (b"\xc2" in raw and _HIGH_CONTROL.search(raw) is not None)


def decoded_xml(raw: bytes) -> pymarc.Record:
    """Return the record of one ``record`` element."""
    try:
        try:
            record = _from_xml(raw)
        except exceptions.PymarcException:
            element = ET.fromstring(raw)  # noqa: S314 (made by us of a tree, without a document type)
            for child in element:
                if child.tag.endswith("leader"):  # programs that tidy XML take the spaces out of it
                    child.text = (child.text or "").ljust(24)[:24]
            record = _from_xml(ET.tostring(element, encoding="utf-8"))
    except UNREADABLE as error:
        raise _unreadable(error) from error
    return _cleaned(record, _SPACES, " ")  # the line breaks of a tidy file


def _unreadable(error: Exception) -> errors.RecordUnreadable:
    words = (reason for kind, reason in REASONS if isinstance(error, kind))
    return errors.RecordUnreadable(reason=next(words, "MARC 21 の形になっていない"))


def _from_xml(raw: bytes) -> pymarc.Record:
    return pymarc.parse_xml_to_array(io.BytesIO(raw))[0]


def _is_utf8(raw: bytes) -> bool:
    if raw.isascii():
        return ESCAPE not in raw
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def _cleaned(record: pymarc.Record, signs: re.Pattern[str], put: str) -> pymarc.Record:
    for field in record.fields:
        if not field.control_field:
            field.subfields = [pymarc.Subfield(code, signs.sub(put, value)) for code, value in field.subfields]
    return record
