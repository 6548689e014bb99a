"""Source records for tests, written as text that one can read and turned into the bytes that libraries send.

``marc_records.txt`` and ``dcndl_records.txt``: ``##`` says the kind, ``#`` what it is about, ``@`` how it is packed,
``=`` what the source has, ``>`` what must come out of it, field by field; a field that is not named must be empty.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape

from pymarc import marc8_mapping

from library.catalog.records import Record

HERE = Path(__file__).parent
NOT_SHOWN = (
    "source",
    "raw",
    "format",
    "holdings",
    "names",
    "in_series",
    "subject_latin",
    "contributors",
    "subjects",
    "isbns",
    "remarks",
)
CODECS = ("cp932", "euc_jp", "iso2022_jp", "koi8_r", "cp1251", "gb18030", "big5")
_FIELD = re.compile(r"=(\w{3}) ?([^$]*)(.*)", re.S)


@dataclass
class Example:
    """A source record with what is expected of it."""

    kind: str = ""
    about: str = ""
    packed: str = ""
    lines: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def __str__(self):
        return f"{self.kind}: {self.about}"


def examples(name: str) -> list[Example]:
    found, kind = [], ""
    for line in (HERE / name).read_text(encoding="utf-8").split("\n"):
        if line.startswith("## "):
            kind = line[3:]
        elif line.startswith("# "):
            found.append(Example(kind, line[2:]))
        elif line.startswith("@ "):
            found[-1].packed = line[2:]
        elif line.startswith("="):
            found[-1].lines.append(line)
        elif line.startswith("> "):
            found[-1].expected.append(line[2:])
    return found


def shown(record: Record) -> list[str]:
    """All that a record says, as lines of ``field: value``."""
    lines = []
    for name in Record.__slots__:
        value = getattr(record, name)
        if name not in NOT_SHOWN and value and (name, value) not in (("material_type", "図書"), ("audience", "一般")):
            lines.append(f"{name}: {value}".replace("\n", " ⏎ "))
    lines += [f"isbn: {number}" for number in record.isbns]
    lines += [f"also: {each.name} | {each.kana} | {each.kind} | {each.latin}" for each in record.names]
    lines += [f"in: {each.name} | {each.kana} | {each.number} | {each.latin}" for each in record.in_series]
    lines += [f"by: {each.name} | {each.kana} | {each.role} | {each.latin}" for each in record.contributors]
    lines += [
        f"known: {each.name} | {register} {number}"
        for each in record.contributors
        for register, number in each.identifiers
    ]
    latin = record.subject_latin
    lines += [f"on: {heading} | {kana} | {latin.get(heading, '')}" for heading, kana in record.subjects]
    return [line.rstrip(" |") for line in lines]


# -- MARC ------------------------------------------------------------------------------------------------------------
def marc(example: Example) -> bytes:
    """The record as bytes of MARC 21, built here without the library that reads it."""
    packed, kind, fields = example.packed, "cam", []
    for line in example.lines:
        tag, before, rest = _FIELD.match(line).groups()
        if tag == "LDR":
            kind = before
        elif tag < "010":
            fields.append((tag, _encoded(before + rest, packed)))
        else:
            indicators = f"{'' if packed != 'odd fields' else '000'}{before:>2}"
            fields.append((tag, indicators.encode() + _subfields(rest, packed)))
    return _with_leader(fields, kind, packed)


def _subfields(text, packed):
    parts = [part for part in re.split(r"\$(?=[0-9a-z])", text) if part]
    parts = _joined_amounts(parts)
    return b"".join(b"\x1f" + part[:1].encode() + _encoded(part[1:], packed) for part in parts)


def _joined_amounts(parts):
    """``$c$15.95``: the second sign is one of money, and in ``$6245-01/$1`` one of a script."""
    joined = []
    for part in parts:
        money = joined and joined[-1] == "c" and part[0].isdigit()
        script = joined and joined[-1].startswith("6") and joined[-1].endswith("/")
        if money or script:
            joined[-1] += "$" + part
        else:
            joined.append(part)
    return joined


def _encoded(text, packed):
    if packed in CODECS:
        return text.encode(packed)
    if packed == "nfd":
        return unicodedata.normalize("NFD", text).encode()
    return _marc8(text) if packed.startswith("marc8") else text.encode()


def _marc8(text):
    """Marks before their letters; kana and kanji by three bytes between escape sequences."""
    latin, eacc = ({chr(code): key for key, (code, _) in marc8_mapping.CODESETS[name].items()} for name in (0x45, 0x31))
    out, wide = b"", False
    for letter in re.findall(
        r".[\u0300-\u036f]*", unicodedata.normalize("NFD", text) if text.isascii() or _is_latin(text) else text
    ):
        base, marks = letter[0], letter[1:]
        is_wide = base in eacc and not base.isascii()
        if is_wide != wide:
            out += b"\x1b$1" if is_wide else b"\x1b(B"
            wide = is_wide
        if is_wide:
            out += eacc[base].to_bytes(3, "big")
        else:
            out += bytes(latin[mark] for mark in marks) + (
                base.encode("ascii") if base.isascii() else bytes([latin[base]])
            )
    return out + (b"\x1b(B" if wide else b"")


def _is_latin(text):
    return all(ord(letter) < 0x250 for letter in text)


def _with_leader(fields, kind, packed):
    says = " " if packed in ("marc8", "utf8 says marc8") else "a"
    directory, data = "", b""
    for tag, content in fields:
        content += b"\x1e"
        directory += f"{tag}{len(content):04}{len(data):05}"
        data += content
    base = 24 + len(directory) + 1
    length = {"wrong length": "00100", "no length": "     "}.get(packed, f"{base + len(data) + 1:05}")
    leader = f"{length}{kind} {says}22{base:05}   4500"
    return leader.encode() + directory.encode() + b"\x1e" + data + b"\x1d"


def marcxml(examples_: list[Example]) -> bytes:
    """A tidy MARCXML file of records whose values are plain."""
    records = []
    for example in examples_:
        rows = ["<leader>00000nam a2200000 a 4500</leader>"]
        for line in example.lines:
            tag, before, rest = _FIELD.match(line).groups()
            if tag == "LDR":
                rows = [f"<leader>     {before} a22        4500</leader>"]
            elif tag < "010":
                rows.append(f'<controlfield tag="{tag}">{escape(before + rest)}</controlfield>')
            else:
                parts = _joined_amounts([part for part in re.split(r"\$(?=[0-9a-z])", rest) if part])
                inner = "".join(f'\n<subfield code="{part[0]}">{escape(part[1:])}</subfield>' for part in parts)
                rows.append(
                    f'<datafield tag="{tag}" ind1="{before[:-1] or " "}" ind2="{before[-1:] or " "}">{inner}\n</datafield>'
                )
        records.append("<record>\n" + "\n".join(rows) + "\n</record>")
    body = "\n".join(records)
    return f'<?xml version="1.0"?>\n<collection xmlns="http://www.loc.gov/MARC21/slim">\n{body}\n</collection>'.encode()


# -- DC-NDL ----------------------------------------------------------------------------------------------------------
XMLNS = (
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:rdfs="http://www.w3.org/2000/01/rdf-schema#" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:dcndl="http://ndl.go.jp/dcndl/terms/" xmlns:foaf="http://xmlns.com/foaf/0.1/" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)
SRU = (
    '<?xml version="1.0" encoding="UTF-8"?><searchRetrieveResponse xmlns="http://www.loc.gov/zing/srw/"><version>1.2</version>'
    "<extraResponseData>&lt;facets&gt;&lt;/facets&gt;</extraResponseData><records><record><recordSchema>dcndl</recordSchema>"
    "<recordData>{}</recordData><recordPosition>1</recordPosition></record></records></searchRetrieveResponse>"
)
DESCRIBED = {
    "dc:title",
    "dcndl:seriesTitle",
    "dcndl:volume",
    "dcndl:alternative",
    "dcndl:uniformTitle",
    "dcndl:partTitle",
    "subject",
}
TERMS = "http://ndl.go.jp/dcndl/terms/"


def dcndl(example: Example) -> bytes:
    """The answer as bytes: RDF alone, nested or escaped in an SRU answer, or an item of OpenSearch."""
    if example.packed == "opensearch":
        inner = "".join(_element(*line[1:].split(" ", 1)) for line in example.lines)
        return f'<rss version="2.0" {XMLNS}><channel><title>search</title><item>{inner}</item></channel></rss>'.encode()
    about = next(line.split(" ")[1] for line in example.lines if line.startswith("=about "))
    inner = "".join(_described(*line[1:].split(" ", 1)) for line in example.lines if not line.startswith("=about "))
    rdf = (
        f'<rdf:RDF {XMLNS}><dcndl:BibAdminResource rdf:about="{about}"><dcndl:catalogingStatus>C7</dcndl:catalogingStatus>'
        f'</dcndl:BibAdminResource><dcndl:BibResource rdf:about="{about}#material">{inner}</dcndl:BibResource>'
        f'<dcndl:BibResource rdf:about="{about}#material"><dcndl:record rdf:resource="{about}#item"/></dcndl:BibResource>'
        f'<dcndl:Item rdf:about="{about}#item"><dcndl:callNumber>X</dcndl:callNumber></dcndl:Item></rdf:RDF>'
    )
    packed = {"nested": rdf, "escaped": escape(rdf)}.get(example.packed)
    return (SRU.format(packed) if packed else rdf).encode()


def _described(name, value):
    value, _, kana = value.partition(" | ")
    reading = f"<dcndl:transcription>{escape(kana)}</dcndl:transcription>" if kana else ""
    if name in DESCRIBED:
        name = "dcterms:subject" if name == "subject" else name
        return f"<{name}><rdf:Description><rdf:value>{escape(value)}</rdf:value>{reading}</rdf:Description></{name}>"
    if name in ("dcterms:creator", "dcterms:publisher"):
        name_, _, place = value.partition(" @ ")
        location = f"<dcndl:location>{place}</dcndl:location>" if place else ""
        return f"<{name}><foaf:Agent><foaf:name>{escape(name_)}</foaf:name>{reading}{location}</foaf:Agent></{name}>"
    if name in ("ndc10", "ndc9", "ndlc"):
        return f'<dcterms:subject rdf:resource="http://id.ndl.go.jp/class/{name}/{value}"/>'
    if name in ("ISBN", "JPNO"):
        return f'<dcterms:identifier rdf:datatype="{TERMS}{name}">{value}</dcterms:identifier>'
    if name == "type":
        return f'<dcndl:materialType rdf:resource="http://ndl.go.jp/ndltype/X" rdfs:label="{value}"/>'
    return f"<{name}>{escape(value)}</{name}>"


def _element(name, value):
    """``dc:identifier(dcndl:ISBN) 978…``: what stands in brackets is the type."""
    name, _, kind = name.partition("(")
    typed = f' xsi:type="{kind[:-1]}"' if kind else ""
    return f"<{name}{typed}>{escape(value)}</{name}>"
