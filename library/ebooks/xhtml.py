"""XML documents of a book, read as reading programs do: HTML entities are letters, the document type is ignored."""

import codecs
import io
import re
from html import escape
from html.entities import html5
from xml.etree.ElementTree import Element

from library import errors
from library.catalog.readers import xml_stream

XHTML, SVG = "{http://www.w3.org/1999/xhtml}", "{http://www.w3.org/2000/svg}"
_DECLARATION = re.compile(r"\A\s*<\?xml\b[^>]*\?>")
_DOCUMENT_TYPE = re.compile(r"<!DOCTYPE\s[^<>\[]*>", re.I)  # one that declares nothing of its own
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]*;)")
_OF_XML = {"amp;", "lt;", "gt;", "quot;", "apos;"}
_ODD = re.compile(r"[^\w.-]")


def find(content: bytes, wanted: str) -> list[Element]:
    """Return the outermost elements of this name.

    Raises: EbookPartUnreadable for invalid XML, too deep nesting, or entities of its own.
    """
    try:
        text = _DOCUMENT_TYPE.sub("", _DECLARATION.sub("", _decoded(content), count=1), count=1)
        text = _ENTITY.sub(_letter, text)
        return list(xml_stream.elements(io.BytesIO(text.encode()), {wanted}))
    except (errors.Refused, ValueError) as error:
        raise errors.EbookPartUnreadable() from error


def _decoded(content: bytes) -> str:
    is_wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return content.decode("utf-16" if is_wide else "utf-8-sig")


def _letter(found: re.Match[str]) -> str:
    return found[0] if found[1] in _OF_XML else escape(html5.get(found[1], found[0]))


def anchor(identifier: str) -> str:
    """Return the id on our page for an id of the book; the page's own ids never begin like it."""
    return f"b-{_ODD.sub('_', identifier)}" if identifier else ""
