"""もくじ: the parts of a book in reading order, its list of contents, its pictures, and its direction."""

import posixpath
import struct
import zipfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from library import errors
from library.ebooks import epub, toc, xhtml

MOST_ENTRIES = 1_000
LONGEST = 100  # letters of an entry
CACHED = 32  # books; a file of the stock never changes
UNREADABLE = (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError, RuntimeError, struct.error, KeyError)


class Part(NamedTuple):
    """A document of the book. ``size`` in bytes; ``fixed``: a page whose layout can't change."""

    name: str
    size: int
    fixed: bool


class Entry(NamedTuple):
    """A line of the list of contents: a part by its number, from 1, and the place in it; ``depth`` from 0."""

    label: str
    part: int
    anchor: str
    depth: int


class Contents(NamedTuple):
    """``vertical``: written vertically unless a part says otherwise; ``pictures``: name → number from 1."""

    parts: tuple[Part, ...]
    entries: tuple[Entry, ...]
    pictures: dict[str, int]
    vertical: bool
    language: str

    def locate(self, base: str, target: str) -> tuple[int, str]:
        """Return the part (from 1) and anchor that a link in the document ``base`` leads to; part 0 if it leaves the
        book.
        """
        path, _, place = target.partition("#")
        name = join(base, path) if path else base
        numbers = (number for number, part in enumerate(self.parts, start=1) if part.name == name)
        return next(numbers, 0), xhtml.anchor(unquote(place))

    def label(self, number: int) -> str:
        """Return the chapter of a part; empty before the first."""
        return next((entry.label for entry in reversed(self.entries) if entry.part <= number), "")


def join(base: str, path: str) -> str:
    """Return the archive name of ``path`` as the document ``base`` refers to it; one that leaves the archive matches no
    part.
    """
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), unquote(path)))


@lru_cache(maxsize=CACHED)
def read(path: Path) -> Contents:
    """Return the contents of a book of the stock. Raises: EbookPartUnreadable for a damaged file; FileNotFoundError."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _contents(archive)
    except (errors.Refused, *UNREADABLE) as error:
        raise errors.EbookPartUnreadable() from error


def _contents(archive: zipfile.ZipFile) -> Contents:
    name, package = epub.read_package(archive)
    manifest = epub.list_manifest(archive, package, name)
    spine = package.find(f"{epub.OPF}spine")
    if spine is None:
        raise errors.EpubHasNoText()
    parts = tuple(_parts(archive, package, spine, manifest))
    pictures = [part for part, item in manifest.values() if item.get("media-type", "").startswith("image/")]
    found = Contents(
        parts,
        (),
        {picture: number for number, picture in enumerate(pictures, start=1)},
        _metas(package).get("primary-writing-mode", "").startswith("vertical")
        or spine.get("page-progression-direction") == "rtl",
        package.findtext(f".//{epub.DC}language", "").strip(),
    )
    entries = (
        Entry(label[:LONGEST], *found.locate(base, to), depth)
        for base, label, to, depth in toc.read(archive, spine, manifest)
    )
    return found._replace(entries=tuple(entry for entry in entries if entry.part and entry.label)[:MOST_ENTRIES])


def _parts(
    archive: zipfile.ZipFile, package: Element, spine: Element, manifest: dict[str, tuple[str, Element]]
) -> Iterator[Part]:
    is_fixed = _metas(package).get("rendition:layout") == "pre-paginated"
    for row in spine.iterfind(f"{epub.OPF}itemref"):
        own = row.get("properties", "").split()
        name, _ = manifest[row.get("idref", "")]
        fixed = "rendition:layout-pre-paginated" in own or (is_fixed and "rendition:layout-reflowable" not in own)
        yield Part(name, archive.getinfo(name).file_size, fixed)


def _metas(package: Element) -> dict[str, str]:
    """Return the metadata of the whole book by name, in the form of EPUB 3 and of EPUB 2."""
    metas = package.findall(f"{epub.OPF}metadata/{epub.OPF}meta")
    old = {name: meta.get("content", "") for meta in metas if (name := meta.get("name"))}
    return old | {
        name: (meta.text or "").strip() for meta in metas if (name := meta.get("property")) and not meta.get("refines")
    }
