"""XML as a stream: the wanted elements one after the other, so that memory does not grow with the file.

A document type is refused, and with it every entity, so that no entity can expand and nothing is fetched from
elsewhere. Elements nested deeper than DEEPEST are refused: they cost more than their file, and code that walks such a
tree fails. Japanese encodings, which the parser does not know, are turned into UTF-8. When the declared encoding is
wrong (UTF-16 over UTF-8), the bytes decide.
"""

import codecs
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO
from xml.parsers import expat

from library import errors

BLOCK = 1 << 16
_DECLARED = re.compile(rb"""<\?xml\b[^>]*?\sencoding\s*=\s*["']([\w.:-]+)""")
_CODECS = {
    **dict.fromkeys(("shift-jis", "sjis", "x-sjis", "windows-31j", "ms932", "cp932"), "cp932"),
    "euc-jp": "euc_jis_2004",
}
DEEPEST = 100  # levels; records, answers and e-books have up to 20


def elements(file: BinaryIO, wanted: Iterable[str], *, texts: Iterable[str] = ()) -> Iterator[Any]:
    """Yield each outermost element whose name is in ``wanted``, and the text directly in each element whose name is in
    ``texts``.

    Names are written ``{namespace}name``. Raises: XmlBroken, when the file breaks off or is no XML from some line on;
    XmlTooDeep; XmlHasDocumentType.
    """
    block = file.read(BLOCK).lstrip()  # a blank line before the declaration is an error to the parser
    collected = _Collected(frozenset(wanted), frozenset(texts), _Encoding(block))
    while block:
        collected.feed(block)
        yield from collected.take()
        block = file.read(BLOCK)
    collected.feed(b"", last=True)
    yield from collected.take()


def element_names(head: bytes) -> list[str]:
    """Return the names of the elements in the beginning of a file, each once, in order. Raises: XmlBroken, when there
    are none.
    """
    found: dict[str, None] = {}
    encoding = _Encoding(head := head.lstrip())
    parser = expat.ParserCreate(encoding.name, namespace_separator="}")
    parser.StartDoctypeDeclHandler = _refuse_document_type
    parser.StartElementHandler = lambda name, _: found.setdefault(_qualified(name))
    try:
        parser.Parse(encoding.encoded(head), False)
    except (expat.ExpatError, ValueError, LookupError) as error:
        if not found:
            raise errors.XmlBroken(line=getattr(error, "lineno", 1)) from error
    return list(found)


class _Encoding:
    """The encoding of a file that begins with ``head``; ``name`` is for the parser, None when the parser finds it
    itself.
    """

    def __init__(self, head: bytes) -> None:
        found = _DECLARED.match(head.removeprefix(codecs.BOM_UTF8))
        declared = found[1].decode().lower().replace("_", "-") if found else ""
        is_wrong = (not head.isascii() or declared.startswith("utf-16")) and _may_be_utf8(head)
        codec = "" if is_wrong else _CODECS.get(declared, "")
        self.name = "utf-8" if codec or (declared and is_wrong) else None
        self._decoder = codecs.getincrementaldecoder(codec)() if codec else None
        self._codec, self.is_broken = codec, False

    def encoded(self, block: bytes, last: bool = False) -> bytes:
        """Return a block as the parser takes it, up to a broken letter."""
        if self._decoder is None:
            return block
        try:
            return self._decoder.decode(block, last).encode()
        except UnicodeDecodeError as error:
            self.is_broken = True
            return error.object[: error.start].decode(self._codec).encode()


def _may_be_utf8(head: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)  # the last letter may be cut
    except UnicodeDecodeError:
        return False
    return True


def _qualified(name: str) -> str:
    return "{" + name if "}" in name else name


def _refuse_document_type(*_: object) -> None:
    raise errors.XmlHasDocumentType()


class _Collected:
    def __init__(self, wanted: frozenset[str], texts: frozenset[str], encoding: _Encoding) -> None:
        self._wanted, self._texts, self._encoding = wanted, texts, encoding
        self._builder: ET.TreeBuilder | None = None
        self._text: list[str] | None = None
        self._depth = self._outside = 0  # open levels, and those around the element that is collected
        self._done: list[ET.Element | str] = []
        self._broken: errors.Refused | None = None
        self._parser = parser = expat.ParserCreate(encoding.name, namespace_separator="}")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse_document_type
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._data

    def feed(self, block: bytes, last: bool = False) -> None:
        try:
            self._parser.Parse(self._encoding.encoded(block, last), last)
            if self._encoding.is_broken:
                self._broken = errors.XmlBroken(line=self._parser.CurrentLineNumber)
        except (expat.ExpatError, ValueError, LookupError) as error:
            self._broken = errors.XmlBroken(line=getattr(error, "lineno", self._parser.CurrentLineNumber))
        except errors.XmlTooDeep as refusal:
            self._broken = refusal

    def take(self) -> Iterator[ET.Element | str]:
        done, self._done = self._done, []
        yield from done
        if self._broken:
            raise self._broken

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = _qualified(name)
        self._depth += 1
        if self._depth > DEEPEST:
            raise errors.XmlTooDeep(line=self._parser.CurrentLineNumber, levels=DEEPEST)
        if self._builder is None:
            self._text = [] if name in self._texts else None
            if name not in self._wanted:
                return
            self._builder, self._outside = ET.TreeBuilder(), self._depth - 1
        self._builder.start(name, {_qualified(key): value for key, value in attributes.items()})

    def _data(self, text: str) -> None:
        if self._builder is not None:
            self._builder.data(text)
        elif self._text is not None:
            self._text.append(text)

    def _end(self, name: str) -> None:
        self._depth -= 1
        if self._builder is not None:
            self._builder.end(_qualified(name))
            if self._depth == self._outside:
                self._done.append(self._builder.close())
                self._builder = None
        elif self._text is not None:
            self._done.append("".join(self._text))
            self._text = None
