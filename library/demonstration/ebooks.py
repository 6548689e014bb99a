"""Three short books of the demonstration as EPUB 3 files, so that lending and reading can be tried.

Their texts lie beside this module. The same text gives the same bytes.
"""

import io
import re
import struct
import zipfile
import zlib
from datetime import date, datetime, timedelta
from html import escape
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from library import clock
from library.demonstration import patrons
from library.ebooks import lending, positions, stock
from models import Ebook, Patron

TEXTS = Path(__file__).with_name("texts")
NEIGHBOURS = (8, 9)  # patrons who are not named to visitors
HALF = positions.Place(2, 3)  # of three parts
MADE = (2026, 1, 1, 0, 0, 0)
WIDTH, HEIGHT = 600, 860
Colour = tuple[int, int, int]
# licences, days, and the cover: ground, band, disc
SHELF = (
    ("hashi-no-uta", 1, 14, ((31, 61, 105), (211, 225, 244), (243, 216, 218))),
    ("toshokan-no-yoru", 2, 7, ((33, 71, 42), (213, 229, 212), (240, 231, 209))),
    ("suzukake-sanpo", None, None, ((98, 42, 29), (241, 219, 206), (255, 212, 61))),
)


class Text(NamedTuple):
    """The text of a book: lines ``名前：値``, an empty line, then ``# chapter`` and paragraphs; ``｜字《よみ》`` is ruby."""

    name: str
    facts: dict
    chapters: list

    @property
    def is_vertical(self) -> bool:
        return self.facts.get("組み") == "縦書き"


def write(*, folder: Path, today: date, now: datetime) -> None:
    """Add the books to the stock: one is lent out with a patron in line for it, one half read."""
    made = [_add(read(name), colours, licences, days, folder, today, now) for name, licences, days, colours in SHELF]
    people = list(Patron.select().order_by(Patron.card_number))
    reader, other, another = (people[place] for place in (patrons.READER, *NEIGHBOURS))
    yesterday = now - timedelta(days=1)
    lending.borrow(made[1], another, now=yesterday)
    positions.mark(lending.borrow(made[1], reader, now=yesterday), HALF)
    lending.borrow(made[0], other, now=yesterday)
    lending.wait(made[0], reader, now=yesterday)


def _add(
    text: Text,
    colours: tuple[Colour, Colour, Colour],
    licences: int | None,
    days: int | None,
    folder: Path,
    today: date,
    now: datetime,
) -> Ebook:
    with TemporaryDirectory() as room:
        path = Path(room) / "book.epub"
        path.write_bytes(build(text, cover(*colours)))
        day = today - timedelta(days=20)
        given = {"title_id": None, "licences": licences, "days": days, "by": "setup"}
        return stock.add(path, folder, today=day, now=clock.at(day), **given)


def read(name: str) -> Text:
    head, _, body = (TEXTS / f"{name}.txt").read_text(encoding="utf-8").partition("\n\n")
    facts = dict(line.split("：", 1) for line in head.splitlines())
    lines = [line.strip() for line in body.splitlines() if line.strip()]
    chapters, title = [], ""
    for is_heading, group in groupby(lines, lambda line: line.startswith("# ")):
        if is_heading:
            title = list(group)[-1][2:]
        else:
            chapters.append((title, list(group)))
    return Text(name, facts, chapters)


# -- the file --------------------------------------------------------------------------------------------------------
def build(text: Text, picture: bytes) -> bytes:
    """Return the EPUB 3 of a text with a cover."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        _put(archive, "mimetype", b"application/epub+zip", zipfile.ZIP_STORED)
        _put(archive, "META-INF/container.xml", _CONTAINER)
        _put(archive, "EPUB/package.opf", _package(text))
        _put(archive, "EPUB/nav.xhtml", _navigation(text))
        _put(archive, "EPUB/book.css", _STYLE)
        _put(archive, "EPUB/cover.png", picture, zipfile.ZIP_STORED)
        for number, (title, paragraphs) in enumerate(text.chapters, start=1):
            _put(archive, f"EPUB/chapter-{number}.xhtml", _chapter(title, paragraphs, text.is_vertical))
    return made.getvalue()


def _put(archive: zipfile.ZipFile, name: str, content: bytes | str, compression: int = zipfile.ZIP_DEFLATED) -> None:
    part = zipfile.ZipInfo(name, MADE)
    part.compress_type = compression
    archive.writestr(part, content)


_XML = '<?xml version="1.0" encoding="utf-8"?>\n'
_CONTAINER = f"""{_XML}<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""
_RUBY = re.compile("｜([^《]+)《([^》]+)》")
_STYLE = (
    ".vrtl { -epub-writing-mode: vertical-rl; writing-mode: vertical-rl; }\n"
    "body { line-height: 1.8; }\n"
    "h1 { font-size: 1.3em; margin: 2em 0; }\n"
    "p { margin: 0; text-indent: 1em; }\n"
)


def _package(text: Text) -> str:
    numbers = range(1, len(text.chapters) + 1)
    items = "\n".join(f'<item id="c{n}" href="chapter-{n}.xhtml" media-type="application/xhtml+xml"/>' for n in numbers)
    spine = "".join(f'<itemref idref="c{n}"/>' for n in numbers)
    facts = {name: escape(value) for name, value in text.facts.items()}
    subjects = "".join(f"<dc:subject>{subject}</dc:subject>\n" for subject in facts["件名"].split("；"))
    return f"""{_XML}<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="ja">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">{facts["番号"]}</dc:identifier>
<dc:identifier>urn:isbn:{facts["ISBN"]}</dc:identifier>
<dc:title id="t">{facts["書名"]}</dc:title>
<meta refines="#t" property="file-as">{facts["読み"]}</meta>
<dc:creator id="a">{facts["著者"]}</dc:creator>
<meta refines="#a" property="role" scheme="marc:relators">aut</meta>
<meta refines="#a" property="file-as">{facts["著者の読み"]}</meta>
<dc:publisher>すずかけ市立図書館</dc:publisher>
<dc:language>ja</dc:language>
<dc:date>2026-01-01</dc:date>
{subjects}<dc:description>{facts["紹介"]}</dc:description>
<meta property="dcterms:modified">2026-01-01T00:00:00Z</meta>
<meta property="schema:accessMode">textual</meta>
<meta property="schema:accessModeSufficient">textual</meta>
<meta property="schema:accessibilityFeature">structuralNavigation</meta>
<meta property="schema:accessibilityFeature">tableOfContents</meta>
<meta property="schema:accessibilityFeature">readingOrder</meta>
<meta property="schema:accessibilityFeature">displayTransformability</meta>
<meta property="schema:accessibilityHazard">none</meta>
<meta property="schema:accessibilitySummary">文字だけの本です。画面読み上げで読めて、文字の大きさや色を変えられます。</meta>
</metadata>
<manifest>
<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="css" href="book.css" media-type="text/css"/>
<item id="cover" href="cover.png" media-type="image/png" properties="cover-image"/>
{items}
</manifest>
<spine{' page-progression-direction="rtl"' if text.is_vertical else ""}>{spine}</spine>
</package>
"""


def _page(title: str, body: str, vertical: bool = False) -> str:
    kind = ' class="vrtl"' if vertical else ""
    return f"""{_XML}<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" xml:lang="ja" lang="ja"{kind}>
<head><title>{escape(title)}</title><link rel="stylesheet" type="text/css" href="book.css"/></head>
<body>{body}</body>
</html>
"""


def _navigation(text: Text) -> str:
    rows = "".join(
        f'<li><a href="chapter-{n}.xhtml">{escape(title)}</a></li>'
        for n, (title, _) in enumerate(text.chapters, start=1)
    )
    return _page("目次", f'<nav epub:type="toc"><h1>目次</h1><ol>{rows}</ol></nav>')


def _chapter(title: str, paragraphs: list[str], vertical: bool) -> str:
    body = "".join(f"<p>{escape(one)}</p>" for one in paragraphs)
    return _page(title, f"<h1>{escape(title)}</h1>" + _RUBY.sub(r"<ruby>\1<rt>\2</rt></ruby>", body), vertical)


# -- the cover -------------------------------------------------------------------------------------------------------
def cover(ground: Colour, band: Colour, disc: Colour) -> bytes:
    """Return a picture as PNG: a disc over a band on a ground."""
    rows = b"".join(b"\0" + _row(y, bytes(ground), bytes(band), bytes(disc)) for y in range(HEIGHT))
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_part(kind, content) for kind, content in parts)


def _row(y: int, ground: bytes, band: bytes, disc: bytes) -> bytes:
    if y > HEIGHT - 170:
        return band * WIDTH
    reach = 150**2 - (y - 330) ** 2
    half = int(reach**0.5) if reach > 0 else 0
    side = (WIDTH - 2 * half) // 2
    return ground * side + disc * (WIDTH - 2 * side) + ground * side


def _part(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
