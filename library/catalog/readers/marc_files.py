"""MARC 21 and MARCXML files, record by record. Single records are parsed by pymarc."""

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
from library.catalog.readers import entries, marc, marc_bytes, remarks, xml_stream
from library.files import encodings

NAMESPACE = "http://www.loc.gov/MARC21/slim"
RECORDS = (f"{{{NAMESPACE}}}record", "record")
ET.register_namespace("marc", NAMESPACE)
SAMPLE = 200  # records by which the encoding of a file is judged
JAPANESE = frozenset(encodings.CODECS) - {"utf-8"}
NAMED = JAPANESE | {"marc-8"}
ESCAPE = b"\x1b"
_NO_MARC_8 = re.compile(rb"[\x80-\x87\x8a-\x8c\x8f-\x9f]")
# pymarc reads a space in any script of MARC-8 rightly, but complains
_IS_SPACE = re.compile("Unable to parse character 0x20 ")
_ODD_CODE = re.compile(rb"\x1f[^ -~]")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_ODD = (
    b"\xee",
    b"\xef",
    "〓".encode(),
    b"&#",
)  # every record with odd letters has one of these bytes, and some without
# kanji in MARC-8 and ISO-2022-JP without the ESC before $ and (, which programs for XML take out; no price begins so
_ESCAPES_LOST = re.compile(rb"\$1[!-#'EKQWi][!-~]{2,}?\([BNQ]|\$[B@][!-O][!-~](?:[!-~]{2})*?\([BJ]")
_BREAK = re.compile(r"[ \t]*[\r\n]\s*")
_LOW_CONTROLS = bytes(code for code in [*range(0x20), 0x7F] if code not in (0x09, 0x0A, 0x0D, 0x1B, 0x1D, 0x1E, 0x1F))
_HIGH_CONTROL = re.compile(rb"\xc2[\x80-\x9f]|\xef\xbf[\xbe\xbf]")
UNREADABLE = (exceptions.PymarcException, ValueError, IndexError, KeyError, SAXException)
REASONS = (
    (exceptions.TruncatedRecord, "リーダーのいう長さより短い"),
    (exceptions.RecordLeaderInvalid, "リーダーが24桁ではない"),
    (exceptions.RecordDirectoryInvalid, marc_bytes.WRONG),
    ((exceptions.BaseAddressInvalid, exceptions.BaseAddressNotFound), "リーダーにデータの始まりがない"),
    (exceptions.NoFieldsFound, "フィールドがない"),
    (UnicodeDecodeError, "文字コードが壊れている"),
)
# odd records are judged here; pymarc need not log them
logging.getLogger("pymarc").addHandler(logging.NullHandler())
logging.getLogger("pymarc").propagate = False


def encoding_of(file: BinaryIO) -> str:
    """Return the encoding of a file by its bytes, not its leaders: a Japanese one, ``marc-8`` or ``utf-8``. Raises:
    EncodingUnclear.
    """
    file.seek(0)
    others = [raw for raw in islice(marc_bytes.records(file), SAMPLE) if not _is_utf8(raw) and not _other_kind(raw)]
    return _recognised(others) if others else "utf-8"


def _recognised(raws: list[bytes]) -> str:
    return encodings.recognise([field for raw in raws for field in raw.split(marc_bytes.END_OF_FIELD)]) or "marc-8"


def read_binary(file: BinaryIO, holdings: Mapping | None = None, encoding: str = "") -> Iterator[entries.Entry]:
    """Yield the entries of a MARC 21 file; wrong lengths and encodings in leaders don't matter.

    ``encoding``: of all records that are not UTF-8; empty: judged for each record. A record in a given encoding is kept
    as MARCXML, as its bytes alone may not tell the encoding later.
    """
    for number, raw in enumerate(marc_bytes.records(file), 1):
        # read from the bytes, as a record that is known already need not be decoded
        source, source_id = marc_bytes.identity(raw)
        if encoding in NAMED and not _is_utf8(raw):
            yield _transcoded(number, raw, encoding, source, source_id, holdings)
        else:
            yield entries.Entry(number, "marc21", raw, source, source_id, partial(record, raw, holdings, encoding))


def _transcoded(
    number: int, raw: bytes, encoding: str, source: str, source_id: str, holdings: Mapping | None
) -> entries.Entry:
    try:
        xml = pymarc.record_to_xml(_decoded_or_refused(raw, encoding), namespace=True)
    except errors.Refused as reason:
        return entries.refusal(number, "marc21", reason, source_id=source_id, raw=raw)
    return entries.Entry(
        number, "marcxml", xml, source, source_id, lambda: _from_bytes(xml, decoded_xml(xml), holdings)
    )


def read_xml(file: BinaryIO, holdings: Mapping | None = None) -> Iterator[entries.Entry]:
    """Yield the entries of a MARCXML file."""
    number = 0
    try:
        for number, element in enumerate(xml_stream.elements(file, RECORDS), 1):
            raw = ET.tostring(element, encoding="utf-8")
            source, source_id = (control(element, tag) for tag in ("003", "001"))
            yield entries.Entry(
                number, "marcxml", raw, source, source_id, lambda raw=raw: _from_bytes(raw, decoded_xml(raw), holdings)
            )
    except errors.XmlBroken as broken:
        yield entries.refusal(number + 1, "marcxml", broken)


def control(element: ET.Element, tag: str) -> str:
    """Return the text of the control field with this tag in a ``record`` element; empty when there is none."""
    return next(((each.text or "").strip() for each in element if each.get("tag") == tag), "")


# -- one record ------------------------------------------------------------------------------------------------------
def record(raw: bytes, holdings: Mapping | None = None, encoding: str = "") -> records.Record:
    """Return the record of a title from MARC bytes. Raises: a Refused, when they can't be read or describe no title."""
    return _from_bytes(raw, _decoded_or_refused(raw, encoding), holdings)


def _from_bytes(raw: bytes, decoded: pymarc.Record, holdings: Mapping | None) -> records.Record:
    made = marc.record(decoded, holdings)
    if b"$" in raw and ESCAPE not in raw and _ESCAPES_LOST.search(raw):
        raise errors.RecordLostEscapes()
    if any(sign in raw for sign in _ODD):
        remarks.note_odd_letters(made)
    return made


def _decoded_or_refused(raw: bytes, encoding: str) -> pymarc.Record:
    """Return the pymarc record. Raises: a Refused; for another kind of MARC that one, also when its letters can't be
    read.
    """
    try:
        return decoded(raw, encoding)
    except (errors.RecordGarbled, errors.RecordUnreadable, errors.EncodingUnclear) as reason:
        if other := _other_kind(raw):
            raise other from reason
        raise


def _other_kind(raw: bytes) -> errors.Refused | None:
    return marc.other_marc_refusal(marc_bytes.tags(raw))


def decoded(raw: bytes, encoding: str = "") -> pymarc.Record:
    """Return the pymarc record. Valid UTF-8 is read as such; else ``encoding``, or the characters, decide, not the
    leader. Raises: a Refused.
    """
    if not raw.endswith(marc_bytes.END_OF_RECORD):
        raise errors.RecordCutOff()
    if len(raw) > marc_bytes.DIRECTORY and not marc_bytes.fits(raw):
        raw = marc_bytes.with_new_directory(raw)
    if is_utf8 := _is_utf8(raw):
        record = _read_by_pymarc(raw, force_utf8=True)
    else:
        encoding = encoding or _own_encoding(raw)
        raw = raw[:9] + b" " + raw[10:]
        record = _from_codecs(raw, encoding) if encoding in encodings.CODECS else _from_marc8(raw)
    parted = any("\x1f" in (field.data or "") for field in record.fields if field.control_field)
    return without_controls(record) if parted or _has_controls(raw) or (is_utf8 and ESCAPE in raw) else record


def _own_encoding(raw: bytes) -> str:
    """Return the encoding of a record that is not valid UTF-8. Raises: RecordGarbled, when most of it is UTF-8, as it
    would be nonsense in MARC-8.
    """
    text = raw.decode("utf-8", "replace")
    if 2 * text.count("\ufffd") < len(text) - len(text.encode("ascii", "ignore")):
        raise errors.RecordGarbled(encoding="UTF-8")
    return _recognised([raw])


def _from_codecs(raw: bytes, encoding: str) -> pymarc.Record:
    for codec in encodings.CODECS[encoding]:
        try:
            return _read_by_pymarc(raw, file_encoding=codec)
        except errors.RecordUnreadable as refusal:
            if not isinstance(refusal.__cause__, UnicodeDecodeError):
                raise
    raise errors.RecordGarbled(encoding=encodings.NAMES[encoding])


def _from_marc8(raw: bytes) -> pymarc.Record:
    record, odd = None, io.StringIO()
    if not _NO_MARC_8.search(raw):
        with redirect_stderr(odd):  # pymarc writes there the characters that it leaves out
            record = _read_by_pymarc(raw)
    if record is None or not all(map(_IS_SPACE.match, odd.getvalue().splitlines())):
        raise errors.RecordGarbled(encoding="MARC-8")
    return record


def _read_by_pymarc(raw: bytes, **options: Any) -> pymarc.Record:
    """Return the record that pymarc reads; odd subfield codes, of which it warns, stay. Raises: RecordUnreadable."""
    odd = not raw.isascii() and _ODD_CODE.search(raw)
    try:
        with warnings.catch_warnings(action="ignore") if odd else nullcontext():
            return pymarc.Record(raw, hide_utf8_warnings="force_utf8" in options, **options)
    except UNREADABLE as error:
        raise _unreadable(error) from error


def _has_controls(raw: bytes) -> bool:
    has_low = len(raw.translate(None, _LOW_CONTROLS)) != len(raw)
    may_have_high = b"\xc2" in raw or b"\xef\xbf" in raw
    return has_low or marc_bytes.has_stray_ends(raw) or (may_have_high and _HIGH_CONTROL.search(raw) is not None)


def without_controls(record: pymarc.Record) -> pymarc.Record:
    """Return the record, changed in place, without control characters, which XML may not have."""
    record.leader = pymarc.Leader(_CONTROLS.sub(" ", str(record.leader)))
    for field in record.fields:
        if field.control_field:
            field.data = _CONTROLS.sub("", field.data or "")
        else:
            field.indicator1, field.indicator2 = (
                _CONTROLS.sub(" ", each) for each in (field.indicator1, field.indicator2)
            )
            field.subfields = [
                pymarc.Subfield(_CONTROLS.sub(" ", code), _CONTROLS.sub("", value)) for code, value in field.subfields
            ]
    return record


def decoded_xml(raw: bytes) -> pymarc.Record:
    """Return the pymarc record of one ``record`` element. Raises: RecordUnreadable."""
    try:
        try:
            record = _from_xml(raw)
        except exceptions.PymarcException:
            element = ET.fromstring(raw)  # noqa: S314 (made by us of a tree, without a document type)
            for child in element:
                if child.tag.endswith("leader"):  # programs that format XML take spaces out of it
                    child.text = (child.text or "").ljust(24)[:24]
            record = _from_xml(ET.tostring(element, encoding="utf-8"))
    except UNREADABLE as error:
        raise _unreadable(error) from error
    return _without_breaks(record)


def _unreadable(error: Exception) -> errors.Refused:
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


def _without_breaks(record: pymarc.Record) -> pymarc.Record:
    """Return the record, changed in place, without the line breaks of formatted XML."""
    for field in record.fields:
        if not field.control_field:
            field.subfields = [pymarc.Subfield(code, _BREAK.sub(" ", value)) for code, value in field.subfields]
    return record
