"""EPUB files as they come, and as they should not: made here part by part."""

import io
import zipfile

from library import clock
from library.demonstration import ebooks
from library.ebooks import stock
from library.files import photographs

CONTAINER = """<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
<rootfile full-path="{path}" media-type="application/oebps-package+xml"/></rootfiles></container>"""
PACKAGE = """<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:opf="http://www.idpf.org/2007/opf">{metadata}</metadata>
<manifest><item id="c" href="c.xhtml" media-type="application/xhtml+xml"/>{items}</manifest>
<spine>{spine}</spine></package>"""
METADATA = "<dc:identifier id='id'>urn:isbn:9784003101018</dc:identifier><dc:title>{title}</dc:title><dc:language>ja</dc:language>"
SPINE = "<itemref idref='c'/>"
COVER = ebooks.cover((1, 2, 3), (4, 5, 6), (7, 8, 9))
JPEG = photographs.draw(COVER, [64])[0].content


def parts(title="旅の本", metadata=METADATA, items="", spine=SPINE, path="OPS/book.opf", **more) -> dict:
    """The parts of a good book by name; ``more`` by name, None for one that is left out."""
    made = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER.format(path=path),
        path: PACKAGE.format(metadata=metadata.format(title=title), items=items, spine=spine),
        "OPS/c.xhtml": "<html xmlns='http://www.w3.org/1999/xhtml'><body><p>あ</p></body></html>",
    } | more
    return {name: content for name, content in made.items() if content is not None}


def packed(contents: dict) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            at_no_time = zipfile.ZipInfo(name)  # the same bytes whenever it is packed
            archive.writestr(at_no_time, content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def book(title="旅の本", **given) -> bytes:
    return packed(parts(title, **given))


def stocked(folder, title="旅の本", *, title_id=None, licences=1, days=None, **given):
    """An e-book of the library, its file in ``folder``."""
    path = folder / f"upload-{title}"
    folder.mkdir(exist_ok=True)
    path.write_bytes(book(title, **given))
    now = clock.now()
    made = stock.add(
        path, folder, title_id=title_id, licences=licences, days=days, by="staff:a", today=clock.today(), now=now
    )
    path.unlink()
    return made
