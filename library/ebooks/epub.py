"""An EPUB file, checked before it is lent: complete, of a sane size; and its description of itself.

Nothing is unpacked to the disk. Every part is read once, so that a broken or swelling one is found here, not by a
reader.
"""

import io
import posixpath
import re
import struct
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import BinaryIO
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from library import errors
from library.catalog import isbn
from library.catalog.readers import xml_stream
from library.ebooks import epub_accessibility
from library.files import photographs

LARGEST = 200 * 1024**2  # bytes of the file
LARGEST_OPEN = 600 * 1024**2  # bytes of all that is in it
MOST_TIMES = 100  # as large open as closed; texts come to 10
MOST_PARTS = 5_000
LARGEST_XML = 4 * 1024**2
LARGEST_COVER = 2 * 1024**2
COVER, COVER_WIDTH = "image/jpeg", 480  # pixels
LONGEST, MOST_PEOPLE, MOST_SUBJECTS = 500, 20, 20  # letters of a text, people, headings
BLOCK = 1 << 16
MIMETYPE = b"application/epub+zip"
CONTAINER = "META-INF/container.xml"
LOCKS = ("META-INF/rights.xml", "META-INF/license.lcpl", "META-INF/sinf.xml")
FONT_ONLY = (
    "http://www.idpf.org/2008/embedding",
    "http://ns.adobe.com/pdf/enc#RC",
)  # made unreadable, though not the text
_OCF = "{urn:oasis:names:tc:opendocument:xmlns:container}"
OPF = "{http://www.idpf.org/2007/opf}"
DC = "{http://purl.org/dc/elements/1.1/}"
_ENC = "{http://www.w3.org/2001/04/xmlenc#}"
_ROLES = {"aut": "著", "trl": "訳", "edt": "編", "ill": "絵", "": "著"}


@dataclass
class Book:
    """A book as its EPUB file describes it. ``people`` are (name, reading, role); ``cover`` is redrawn, or empty.

    ``accessibility`` is as ``epub_accessibility.read`` returns it.
    """

    title: str
    title_kana: str = ""
    people: list = field(default_factory=list)
    language: str = ""
    identifier: str = ""
    isbn: str = ""
    publisher: str = ""
    date: str = ""
    description: str = ""
    subjects: list = field(default_factory=list)
    cover: bytes = b""
    cover_type: str = ""
    accessibility: dict[str, str] = field(default_factory=dict)


def read(file: BinaryIO) -> Book:
    """Return the book in this open file. Raises: the Refused that says what is wrong with it."""
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    if size > LARGEST:
        raise errors.EpubTooLarge(megabytes=LARGEST // 1024**2)
    try:
        with zipfile.ZipFile(file) as archive:
            _look_through(archive, size)
            return _book(archive)
    except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError, struct.error) as error:
        raise errors.EpubIsNoZip() from error


# -- the archive -----------------------------------------------------------------------------------------------------
def _look_through(archive: zipfile.ZipFile, size: int) -> None:
    parts = archive.infolist()
    if len(parts) > MOST_PARTS:
        raise errors.EpubHasTooManyParts(most=MOST_PARTS)
    first = parts[0] if parts else None
    if first is None or first.filename != "mimetype" or first.header_offset or first.file_size > 100:
        raise errors.EpubIsNoEpub()  # of an offset: something else stands before, as which the file would pass, too
    _check_names(parts)
    whole = sum(part.file_size for part in parts)
    if whole > LARGEST_OPEN:
        raise errors.EpubUnpacksTooLarge(megabytes=LARGEST_OPEN // 1024**2)
    if whole > max(size, BLOCK) * MOST_TIMES:
        raise errors.EpubIsBomb(times=MOST_TIMES)
    if any(part.flag_bits & 0x1 for part in parts) or any(part.filename in LOCKS for part in parts):
        raise errors.EpubIsLocked()
    for part in parts:
        _read_through(archive, part)
    if read_part(archive, "mimetype").strip() != MIMETYPE:
        raise errors.EpubIsNoEpub()


def _check_names(parts: list[zipfile.ZipInfo]) -> None:
    seen = set()
    for part in parts:
        name = part.orig_filename
        steps = name.split("/")
        bad = name.startswith("/") or ".." in steps or re.search(r"[\x00-\x1f\x7f\\:]", name) or len(name) > LONGEST
        is_link = part.external_attr >> 28 == 0xA  # of Unix: a name that leads elsewhere
        if bad or is_link:
            raise errors.EpubPartNameUnsafe(name=_one_line(name)[:60])
        alike = unicodedata.normalize("NFC", name).casefold()  # one file on the disk of many a reader
        if alike in seen:
            raise errors.EpubPartTwice(name=_one_line(name)[:60])
        seen.add(alike)


def _read_through(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Read a part to its end, which checks its checksum; no more bytes come out of it than it declares."""
    if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise errors.EpubPartUnreadable(name=_one_line(part.filename)[:60], reason="EPUB では使えない圧縮です")
    try:
        with archive.open(part) as opened:
            while opened.read(BLOCK):
                pass
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise errors.EpubPartBroken(name=_one_line(part.filename)[:60]) from error


def read_part(archive: zipfile.ZipFile, name: str, largest: int = LARGEST_XML) -> bytes:
    """Return a part of the archive. Raises: EpubPartMissing; EpubPartUnreadable, with more than ``largest`` bytes."""
    try:
        part = archive.getinfo(name)
    except KeyError as error:
        raise errors.EpubPartMissing(name=_one_line(name)[:60]) from error
    if part.file_size > largest:
        raise errors.EpubPartUnreadable(name=_one_line(name)[:60], reason="大きすぎます")
    return archive.read(part)


def find_element(archive: zipfile.ZipFile, name: str, wanted: str) -> Element | None:
    """Return the first element of this name in an XML part. Raises: EpubPartUnreadable, also for any document type."""
    try:
        return next(xml_stream.elements(io.BytesIO(read_part(archive, name)), {wanted}), None)
    except (errors.XmlBroken, errors.XmlHasDocumentType) as refusal:
        raise errors.EpubPartUnreadable(
            name=_one_line(name)[:60], reason=refusal.sentence.removesuffix("。")
        ) from refusal


# -- what it says ----------------------------------------------------------------------------------------------------
def _book(archive: zipfile.ZipFile) -> Book:
    _require_readable(archive)
    path, package = read_package(archive)
    metadata = package.find(f"{OPF}metadata")
    titles = _texts(metadata, "title")
    if metadata is None or not titles:
        raise errors.EpubHasNoTitle()
    manifest = list_manifest(archive, package, path)
    refined = _refinements(metadata)
    identifier, number = _identifiers(package, metadata)
    cover, cover_type = _cover(archive, package, manifest)
    return Book(
        title=titles[0][1],
        title_kana=_refined(refined, titles[0][0], "file-as"),
        people=_creators(metadata, refined),
        language=_first(metadata, "language").lower()[:20],
        identifier=identifier,
        isbn=number,
        publisher=_first(metadata, "publisher"),
        date=_first(metadata, "date")[:10],
        description=_first(metadata, "description"),
        subjects=[text[:200] for _, text in _texts(metadata, "subject")][:MOST_SUBJECTS],
        cover=cover,
        cover_type=cover_type,
        accessibility=epub_accessibility.read(metadata),
    )


def _require_readable(archive: zipfile.ZipFile) -> None:
    """Refuse encrypted parts other than fonts: only another program has the key."""
    name = "META-INF/encryption.xml"
    if name not in archive.NameToInfo:
        return
    root = find_element(archive, name, f"{_OCF}encryption")
    locked = root.iter(f"{_ENC}EncryptedData") if root is not None else ()
    methods = [one.find(f"{_ENC}EncryptionMethod") for one in locked]
    if root is None or any(method is None or method.get("Algorithm") not in FONT_ONLY for method in methods):
        raise errors.EpubIsLocked()


def read_package(archive: zipfile.ZipFile) -> tuple[str, Element]:
    """Return the name and the root element of the part in which the book describes itself."""
    path = _package_path(archive)
    found = find_element(archive, path, f"{OPF}package")
    if found is None:
        raise errors.EpubPartUnreadable(name=_one_line(path)[:60], reason="EPUB の記述ではありません")
    return path, found


def _package_path(archive: zipfile.ZipFile) -> str:
    container = find_element(archive, CONTAINER, f"{_OCF}container")
    for rootfile in container.iter(f"{_OCF}rootfile") if container is not None else ():
        path = rootfile.get("full-path")
        if path and rootfile.get("media-type") == "application/oebps-package+xml":
            return path
    raise errors.EpubPartUnreadable(name=CONTAINER, reason="本の記述の場所が書かれていません")


def list_manifest(archive: zipfile.ZipFile, package: Element, path: str) -> dict[str, tuple[str, Element]]:
    """Return (name, element) of each part by id, checked to be there, the text included."""
    folder, found = posixpath.dirname(path), {}
    for item in package.iterfind(f"{OPF}manifest/{OPF}item"):
        href = item.get("href", "")
        if "://" in href or href.startswith("data:"):
            continue  # of EPUB 3: a sound or film elsewhere
        name = posixpath.normpath(posixpath.join(folder, unquote(href.partition("#")[0])))
        if name not in archive.NameToInfo:
            raise errors.EpubPartMissing(name=_one_line(href)[:60])
        found[item.get("id", "")] = (name, item)
    spine = [item.get("idref") for item in package.iterfind(f"{OPF}spine/{OPF}itemref")]
    if not spine or any(one not in found for one in spine):
        raise errors.EpubHasNoText()
    return found


def _texts(metadata: Element | None, name: str) -> list[tuple[Element, str]]:
    """Return (element, text) of each element that is not empty."""
    found = metadata.iterfind(f"{DC}{name}") if metadata is not None else ()
    return [(one, text[:LONGEST]) for one in found if (text := _one_line("".join(one.itertext())))]


def _first(metadata: Element | None, name: str) -> str:
    return next((text for _, text in _texts(metadata, name)), "")


def _refinements(metadata: Element) -> dict[tuple[str | None, str | None], str]:
    """Return the refinements of EPUB 3, by (#id of the element, property); the first of each counts."""
    metas = reversed(metadata.findall(f"{OPF}meta[@refines]"))
    return {(meta.get("refines"), meta.get("property")): _one_line(meta.text or "")[:LONGEST] for meta in metas}


def _refined(refined: dict[tuple[str | None, str | None], str], element: Element, what: str) -> str:
    """Return a property of an element: from its own attribute (EPUB 2), or from the refinements (EPUB 3)."""
    elsewhere = refined.get((f"#{element.get('id', '')}", what))
    return _one_line(element.get(f"{OPF}{what}", ""))[:LONGEST] if elsewhere is None else elsewhere


def _creators(metadata: Element, refined: dict[tuple[str | None, str | None], str]) -> list[tuple[str, str, str]]:
    people = []
    for kind, role in (("creator", ""), ("contributor", None)):
        for element, name in _texts(metadata, kind):
            own_role = _refined(refined, element, "role") or role
            if own_role in _ROLES:
                people.append((name[:200], _refined(refined, element, "file-as")[:200], _ROLES[own_role]))
    return people[:MOST_PEOPLE]


def _identifiers(package: Element, metadata: Element) -> tuple[str, str]:
    """Return the identifier of the book, and an ISBN if there is one among its identifiers."""
    found = _texts(metadata, "identifier")
    own = [text for element, text in found if element.get("id") == package.get("unique-identifier")]
    numbers = [number for _, text in found if (number := isbn.normalise(re.sub(r"^urn:isbn:", "", text, flags=re.I)))]
    return (own or [text for _, text in found] or [""])[0], next(iter(numbers), "")


def _cover(archive: zipfile.ZipFile, package: Element, manifest: dict[str, tuple[str, Element]]) -> tuple[bytes, str]:
    """Return the cover redrawn and its type; both empty if the book has none that can be shown."""
    named = [
        meta.get("content") for meta in package.iterfind(f"{OPF}metadata/{OPF}meta") if meta.get("name") == "cover"
    ]
    for one, (name, item) in manifest.items():
        is_cover = "cover-image" in item.get("properties", "").split() or one in named
        if is_cover and archive.getinfo(name).file_size <= LARGEST_COVER:
            try:
                return photographs.draw(archive.read(name), [COVER_WIDTH])[0].content, COVER
            except errors.Refused:
                return b"", ""
    return b"", ""


def _one_line(text: str) -> str:
    """Return a text on one line in NFKC spelling, without control characters."""
    shown = "".join(" " if unicodedata.category(one)[0] == "C" else one for one in unicodedata.normalize("NFC", text))
    return " ".join(shown.split())
