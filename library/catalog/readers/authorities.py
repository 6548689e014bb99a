"""典拠: MARC 21 authority records of creators and subjects, from the NDL, the Library of Congress and others."""

import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import BinaryIO, NamedTuple

import pymarc
from pymarc import Field

from library import errors
from library.catalog.readers import formats, identifiers, marc_bytes, marc_files, xml_stream
from library.catalog.readers.marc_fields import Fields, parts
from library.catalog.records import Identifier

AUTHORITY = "z"  # in leader/6
CREATOR, SUBJECT = "person", "subject"
KINDS = {"00": CREATOR, "10": CREATOR, "11": CREATOR, "50": SUBJECT, "51": SUBJECT}  # by the last digits of a tag
NDL = ("JTNDL", "NDL")  # in 003, when the number in 001 is one of the NDL's register
RELATIONS = {"g": "上位語", "h": "下位語", "a": "前の名前", "b": "後の名前", "f": "フルネーム"}  # $w/0
_HEADS = {"00": "abc", "10": "ab", "11": "andc", "50": "ab", "51": "a"}
_SUBDIVISIONS = "vxyz"


class Name(NamedTuple):
    """A name of a heading; ``relation``: to the heading, if the record gives it (上位語, 前の名前)."""

    name: str
    kana: str = ""
    latin: str = ""
    relation: str = ""


@dataclass
class Authority:
    """One authority record. ``others``: names in 4xx (を見よ); ``see_also``: names in 5xx (をも見よ)."""

    kind: str
    heading: Name
    others: list[Name] = field(default_factory=list)
    see_also: list[Name] = field(default_factory=list)
    identifiers: tuple[Identifier, ...] = ()


@dataclass
class Entry:
    """A record of a file: the authority, or the refusal of a record that is none."""

    number: int
    source_id: str
    authority: Authority | None = None
    refused: errors.RefusedTogether | None = None


class File:
    """A file of authority records, iterable over its entries; ``position`` of ``size`` bytes have been read."""

    charset, unknown, before = "", (), ()  # of tables

    def __init__(self, file: BinaryIO, encoding: str = "") -> None:
        self._file = file
        self.size = file.seek(0, 2)
        file.seek(0)
        head = file.read(formats.HEAD)
        self._is_xml = formats.is_xml(head)
        if not self._is_xml and not marc_bytes.may_begin(head):
            raise errors.FileIsNoAuthorities()
        self._encoding = encoding or ("" if self._is_xml else marc_files.encoding_of(file))

    @property
    def position(self) -> int:
        return self._file.tell()

    def __iter__(self) -> Iterator[Entry]:
        self._file.seek(0)
        number = 0
        try:
            for number, (source_id, decode) in enumerate(self._xml() if self._is_xml else self._binary(), 1):
                try:
                    yield Entry(number, source_id, read(decode()))
                except errors.Refused as reason:
                    yield Entry(number, source_id, refused=errors.RefusedTogether({"": [reason]}))
        except errors.XmlBroken as broken:
            yield Entry(number + 1, "", refused=errors.RefusedTogether({"": [broken]}))

    def _binary(self) -> Iterator[tuple[str, Callable[[], pymarc.Record]]]:
        encoding = self._encoding if self._encoding in marc_files.JAPANESE else ""
        for raw in marc_bytes.records(self._file):
            yield marc_bytes.identity(raw)[1], partial(marc_files.decoded, raw, encoding)

    def _xml(self) -> Iterator[tuple[str, Callable[[], pymarc.Record]]]:
        for element in xml_stream.elements(self._file, marc_files.RECORDS):
            yield marc_files.control(element, "001"), partial(marc_files.decoded_xml, ET.tostring(element, "utf-8"))


@contextmanager
def opened(path: Path, encoding: str = "") -> Iterator[File]:
    """Open a file of authority records. Raises: OSError, when there is none; FileIsNoAuthorities, when it is neither
    MARC 21 nor MARCXML.
    """
    with open(path, "rb") as file:
        yield File(file, encoding)


def read(marc: pymarc.Record) -> Authority:
    """Return the authority of a MARC record. Raises: RecordNoAuthority, for another kind of record;
    AuthorityOfOtherKind, for one of a title or genre.
    """
    fields = Fields(marc)
    if fields.leader[6:7] != AUTHORITY:
        raise errors.RecordNoAuthority()
    main = next((each for tag in sorted(fields.by_tag) if tag[:1] == "1" for each in fields.by_tag[tag]), None)
    kind = KINDS.get(main.tag[1:]) if main else None
    if main is None or kind is None or any(code == "t" for code, _ in main.subfields):
        raise errors.AuthorityOfOtherKind()
    heading = _name(fields, main)
    if not heading.name:
        raise errors.AuthorityOfOtherKind()
    return Authority(
        kind,
        heading,
        _names(fields, "4", kind, heading),
        _names(fields, "5", kind, heading),
        _identifiers(fields) if kind == CREATOR else (),
    )


def _names(fields: Fields, first: str, kind: str, heading: Name) -> list[Name]:
    """Return the names of the same kind in 4xx or 5xx (``first``: 4 or 5), each once, without the heading."""
    tags = {f"{first}{last}" for last, each in KINDS.items() if each == kind}
    found = {
        (each.name, each.kana): each for each in (_name(fields, field) for field in fields.among(tags)) if each.name
    }
    found.pop((heading.name, heading.kana), None)
    return list(found.values())


def _name(fields: Fields, field: Field) -> Name:
    control = next((value for code, value in field.subfields if code == "w"), "")
    return Name(*fields.forms(field, _text), RELATIONS.get(control[:1], ""))


def _text(field: Field) -> str:
    """Return a heading with its subdivisions (図書館--日本), a name without years of life."""
    last = field.tag[1:] if field.tag != "880" else ""
    main = parts(field, _HEADS.get(last, "ab"))
    return "--".join(filter(None, [main, *[parts(field, code) for code in _SUBDIVISIONS if last in ("50", "51", "")]]))


def _identifiers(fields: Fields) -> tuple[Identifier, ...]:
    texts = [f"(NDL){fields.control('001').strip()}"] if fields.control("003").strip() in NDL else []
    for each in fields.tagged("024"):
        values = dict(reversed([(code, value) for code, value in each.subfields]))
        texts += [values.get("a", ""), f"({values.get('2', '')}){values.get('a', '')}"]
    return identifiers.in_texts(texts)
