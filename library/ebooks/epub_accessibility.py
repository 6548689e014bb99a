"""Accessibility metadata of an EPUB file, as its maker states it (EPUB Accessibility 1.1; schema.org).

EPUB 3 has it as ``property`` and text, EPUB 2 as ``name`` and ``content``.
"""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from library.catalog.codes import accessible

LONGEST, MOST = 1_000, 50  # letters of a summary, features
_OPF = "{http://www.idpf.org/2007/opf}"
_CONFORMS = re.compile(r"epub[ /-]?(?:accessibility|a11y)|a11y/accessibility", re.I)
_LEVEL = re.compile(r"accessibility-20170105\.html#wcag-(a{1,3})\b", re.I)  # how version 1.0 named its levels


def read(metadata: Element) -> dict[str, str]:
    """Return ``formats``, ``features`` (codes separated by spaces), ``standard`` and ``summary``, each only if
    stated.
    """
    features = dict.fromkeys(filter(None, map(accessible.feature, _values(metadata, "schema:accessibilityFeature"))))
    standard = next(filter(None, map(_standard, _values(metadata, "dcterms:conformsTo"))), "")
    formats = accessible.formats_of_features(features)
    if standard or (features and _is_read_as_text(metadata)):
        formats.add("accessible-epub")
    found = {
        "formats": accessible.to_column(formats),
        "features": " ".join(list(features)[:MOST]),
        "standard": standard,
        "summary": next(_values(metadata, "schema:accessibilitySummary"), "")[:LONGEST],
    }
    return {name: text for name, text in found.items() if text}


def _is_read_as_text(metadata: Element) -> bool:
    """Tell whether all content is there as text, which a program can enlarge and speak; false for a book of
    pictures.
    """
    sufficient = [re.split(r"[,\s]+", text) for text in _values(metadata, "schema:accessModeSufficient")]
    if sufficient:
        return ["textual"] in sufficient
    modes = list(_values(metadata, "schema:accessMode"))
    return not modes or "textual" in modes


def _standard(text: str) -> str:
    """Return the accessibility standard that a text names, an address as its name; empty for any other."""
    if level := _LEVEL.search(text):
        return f"EPUB Accessibility 1.0 - WCAG 2.0 Level {level[1].upper()}"
    return text[:LONGEST] if _CONFORMS.search(text) else ""


def _values(metadata: Element, name: str) -> Iterator[str]:
    for element in metadata:
        if element.get("refines"):
            continue
        text = ""
        if element.tag == f"{_OPF}meta":
            text = (
                element.text
                if element.get("property") == name
                else element.get("content")
                if element.get("name") == name
                else ""
            ) or ""
        elif element.tag == f"{_OPF}link" and element.get("rel") == name:
            text = element.get("href") or ""
        if text := " ".join(text.split()):
            yield text
