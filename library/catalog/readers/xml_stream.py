"""XML as a stream: the wanted elements one after the other, so that memory does not grow with the file.

A document type is refused, and with it every entity: nothing can be made to grow, and nothing is fetched from elsewhere.
Nor is anything read that is nested deeper than DEEPEST: a tree of many levels costs more than its file, and what walks it fails.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO
from xml.parsers import expat

from library import errors

BLOCK = 1 << 16
DEEPEST = 100  # levels; records, answers and books come to 20


def elements(file: BinaryIO, wanted: Iterable[str], *, texts: Iterable[str] = ()) -> Iterator[Any]:
    """Yield each outermost element whose name is in ``wanted``, whole; of those in ``texts`` the text that is directly in them.

    Names are written ``{namespace}name``. XmlBroken where the file breaks off or is no XML from there on,
    XmlTooDeep where it is nested too deep.
    """
    collected = _Collected(frozenset(wanted), frozenset(texts))
    while block := file.read(BLOCK):
        collected.feed(block)
        yield from collected.take()
    collected.feed(b"", last=True)
    yield from collected.take()


def names(head: bytes) -> list[str]:
    """Return the names of the elements in the beginning of a file, each once."""
    found: dict[str, None] = {}
    parser = expat.ParserCreate(namespace_separator="}")
    parser.StartDoctypeDeclHandler = _refuse_document_type
    parser.StartElementHandler = lambda name, _: found.setdefault(_qualified(name))
    try:
        parser.Parse(head, False)
    except (expat.ExpatError, ValueError, LookupError) as error:
        if not found:
            raise errors.XmlBroken(line=getattr(error, "lineno", 1)) from error
    return list(found)


def _qualified(name: str) -> str:
    return "{" + name if "}" in name else name


def _refuse_document_type(*_: object) -> None:
    raise errors.XmlHasDocumentType()


class _Collected:
    def __init__(self, wanted: frozenset[str], texts: frozenset[str]) -> None:
        self._wanted, self._texts = wanted, texts
        self._builder: ET.TreeBuilder | None = None
        self._text: list[str] | None = None
        self._depth = self._outside = 0  # levels that are open; of them, around the element that is collected
        self._done: list[ET.Element | str] = []
        self._broken: errors.Refused | None = None
        self._parser = parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse_document_type
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._data

    def feed(self, block: bytes, last: bool = False) -> None:
        try:
            self._parser.Parse(block, last)
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
