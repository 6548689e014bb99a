"""電子書籍を読む: a part of a book as a piece of our page, and its pictures. The file is not trusted, whoever added it."""

import zipfile
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import Element

from library import errors
from library.ebooks import cleaning, contents, epub, xhtml
from library.ebooks.contents import Contents
from library.ebooks.writer import Address, Writer
from library.files import photographs

LARGEST = 512 * 1024  # bytes of a document: 170,000 letters, twice the longest chapters
LARGEST_PICTURE = 8 * 1024**2
CACHED = 16  # parts, of which one is seldom more than 100 KB


class Part(NamedTuple):
    """A part as HTML; for a page of fixed layout the address of its picture and its alternative text (``words``).

    Addresses are relative to that of the part. ``indented``: paragraphs begin with a space, or the language needs none.
    """

    html: str
    vertical: bool
    indented: bool
    picture: str = ""
    words: str = ""


@lru_cache(maxsize=CACHED)
def part(path: Path, number: int) -> Part:
    """Return a part, numbered from 1, of a book of the stock. Raises: EbookPartUnreadable if it can't be shown."""
    book = contents.read(path)
    described = book.parts[number - 1]
    root = _document(path, described.name)
    body = root.find(f"{xhtml.XHTML}body")
    if body is None:
        raise errors.EbookPartUnreadable()
    writer = Writer(_linked(book, described.name, number), _pictured(book, described.name))
    html = cleaning.clean(writer.write(body))
    vertical = _is_vertical(root, body, book.vertical)
    if described.fixed:
        if writer.pictures != 1 or writer.letters:
            raise errors.EbookPartUnreadable()
        return Part("", vertical, True, *writer.shown)
    return Part(html, vertical, bool(writer.indented) or not book.language.startswith("ja"))


def _document(path: Path, name: str) -> Element:
    try:
        with zipfile.ZipFile(path) as archive:
            found = xhtml.find(epub.read_part(archive, name, LARGEST), f"{xhtml.XHTML}html")
    except (errors.Refused, *contents.UNREADABLE) as error:
        raise errors.EbookPartUnreadable() from error
    if not found:
        raise errors.EbookPartUnreadable()
    return found[0]


def _is_vertical(root: Element, body: Element, otherwise: bool) -> bool:
    """Tell whether a page is 縦書き: by a class of 電書協, else as the book."""
    classes = {*root.get("class", "").split(), *body.get("class", "").split()}
    return "vrtl" in classes or (otherwise and "hltr" not in classes)


def _linked(book: Contents, name: str, number: int) -> Address:
    def link(target: str) -> str:
        to, anchor = book.locate(name, target)
        place = f"#{anchor}" if anchor else ""
        return "" if not target or not to else place if to == number and place else f"{to}{place}"

    return link


def _pictured(book: Contents, name: str) -> Address:
    def picture(target: str) -> str:
        number = book.pictures.get(contents.join(name, target), 0)
        return f"files/{number}" if number else ""

    return picture


def picture(path: Path, number: int) -> tuple[str, bytes]:
    """Return the MIME type, told from its content, and the content of a picture of a book, numbered from 1.

    Raises: EbookPartUnreadable for a wrong number, and for a picture that is not safe to show.
    """
    names = list(contents.read(path).pictures)
    if not 0 < number <= len(names):
        raise errors.EbookPartUnreadable()
    try:
        with zipfile.ZipFile(path) as archive:
            content = epub.read_part(archive, names[number - 1], LARGEST_PICTURE)
        return photographs.kind(content), content
    except (errors.Refused, *contents.UNREADABLE) as error:
        raise errors.EbookPartUnreadable() from error
