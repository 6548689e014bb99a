"""The table of contents of a book: the navigation of EPUB 3, else that of EPUB 2."""

import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from library.ebooks import epub, xhtml

OPS_TYPE = "{http://www.idpf.org/2007/ops}type"
NCX = "{http://www.daisy.org/z3986/2005/ncx/}"


def read(
    archive: zipfile.ZipFile, spine: Element, manifest: dict[str, tuple[str, Element]]
) -> Iterator[tuple[str, str, str, int]]:
    """Yield (document, label, target, depth) of each line of the table of contents."""
    for name, item in manifest.values():
        if "nav" in item.get("properties", "").split():
            for nav in xhtml.find(epub.read_part(archive, name), f"{xhtml.XHTML}nav"):
                if "toc" in nav.get(OPS_TYPE, "").split():
                    yield from ((name, *line) for line in _lines(nav, 0))
                    return
    if ncx := manifest.get(spine.get("toc", "")):
        for points in xhtml.find(epub.read_part(archive, ncx[0]), f"{NCX}navMap"):
            yield from ((ncx[0], *line) for line in _points(points, 0))


def _lines(element: Element, depth: int) -> Iterator[tuple[str, str, int]]:
    for row in element.iterfind(f"{xhtml.XHTML}ol/{xhtml.XHTML}li"):
        if (link := row.find(f"{xhtml.XHTML}a")) is not None:
            yield " ".join("".join(link.itertext()).split()), link.get("href", ""), depth
        yield from _lines(row, depth + 1)


def _points(element: Element, depth: int) -> Iterator[tuple[str, str, int]]:
    for point in element.iterfind(f"{NCX}navPoint"):
        target = point.find(f"{NCX}content")
        if target is not None:
            yield " ".join(point.findtext(f"{NCX}navLabel/{NCX}text", "").split()), target.get("src", ""), depth
        yield from _points(point, depth + 1)
