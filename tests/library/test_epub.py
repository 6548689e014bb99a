"""EPUB files: their content, and which are refused, with the reason."""

import contextlib
import io
import random
import struct
import time
import zipfile

import pytest

from library import errors
from library.ebooks import epub
from library.files import photographs
from tests import epubs
from tests.epubs import METADATA, book, packed, parts

BILLION_LAUGHS = """<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>"""


def read(content):
    return epub.read(io.BytesIO(content))


def refusal(content):
    with pytest.raises(errors.Refused) as refused:
        read(content)
    return refused.value


def test_an_epub_says_its_title_and_creators():
    said = read(
        book(
            "旅&amp;の 本",
            metadata=METADATA
            + """<dc:creator id='a'>旅野 歩</dc:creator><meta refines='#a' property='file-as'>タビノ, アユム</meta>
            <dc:creator opf:role='trl' opf:file-as='ヤク, タロウ'>訳 太郎</dc:creator><dc:contributor opf:role='bkp'>製本所</dc:contributor>
            <dc:publisher>旅の会</dc:publisher><dc:date>2019-04-01T00:00:00Z</dc:date><dc:description>歩く。</dc:description><dc:subject>旅</dc:subject><dc:subject> 山 </dc:subject>""",
        )
    )
    assert (said.title, said.language, said.isbn) == ("旅&の 本", "ja", "9784003101018")
    assert said.identifier == "urn:isbn:9784003101018"
    assert said.people == [("旅野 歩", "タビノ, アユム", "著"), ("訳 太郎", "ヤク, タロウ", "訳")]
    assert (said.publisher, said.date, said.description) == ("旅の会", "2019-04-01", "歩く。")
    assert said.subjects == ["旅", "山"]


@pytest.mark.parametrize(
    ("picture", "marked", "kind"),
    [
        (epubs.COVER, "properties='cover-image'", "image/jpeg"),
        (epubs.JPEG, "properties='cover-image'", "image/jpeg"),
        (b"GIF89a" + bytes(50), "properties='cover-image'", ""),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "properties='cover-image'", ""),
        (epubs.COVER[:16] + struct.pack(">II", 90_000, 90_000) + epubs.COVER[24:], "properties='cover-image'", ""),
        (epubs.COVER + bytes(epub.LARGEST_COVER), "properties='cover-image'", ""),
        (b"\xff\xd8\xff\xe0\0\0" + bytes(50), "properties='cover-image'", ""),
        (epubs.COVER, "", ""),
    ],
)  # fmt: skip
def test_a_cover_is_taken_if_a_page_can_show_it(picture, marked, kind):
    item = f"<item id='p' href='p' media-type='image/png' {marked}/>"
    said = read(book(items=item, **{"OPS/p": picture}))
    assert said.cover_type == kind
    assert said.cover == (photographs.draw(picture, (480,))[0].content if kind else b"")


def test_a_cover_as_epub_2_names_it():
    said = read(
        book(
            metadata=METADATA + "<meta name='cover' content='p'/>",
            items="<item id='p' href='p' media-type='image/png'/>",
            **{"OPS/p": epubs.COVER},
        )
    )
    assert said.cover_type == "image/jpeg"


def test_a_part_that_is_deeper_than_any_book_is_refused_at_once():
    deep = METADATA + "<a>" * 590_000 + "</a>" * 590_000
    begun = time.process_time()
    refused = refusal(book(metadata=deep))
    assert time.process_time() - begun < 2
    assert isinstance(refused, errors.EpubPartUnreadable)
    assert "100段より深く" in refused.sentence


def encrypted(algorithm):
    return f"""<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" xmlns:enc="http://www.w3.org/2001/04/xmlenc#">
    <enc:EncryptedData><enc:EncryptionMethod Algorithm="{algorithm}"/></enc:EncryptedData></encryption>"""


def test_fonts_may_be_made_unreadable():
    assert read(book(**{"META-INF/encryption.xml": encrypted("http://www.idpf.org/2008/embedding")})).title


BAD = {
    "no zip": (b"hello", errors.EpubIsNoZip),
    "empty": (b"", errors.EpubIsNoZip),
    "cut off": (book()[:-200], errors.EpubIsNoZip),
    "another zip": (packed({"a.txt": "a"}), errors.EpubIsNoEpub),
    "a page of the web, too": (b"<script>alert(1)</script>" + book(), errors.EpubIsNoEpub),
    "text of another key": (
        book(**{"META-INF/encryption.xml": encrypted("x").replace("enc:EncryptionMethod", "enc:Other")}),
        errors.EpubIsLocked,
    ),
    "one name on many a disk": (book(**{"ops/C.xhtml": "x"}), errors.EpubPartTwice),
    "mimetype not first": (packed({"a": "", **parts()}), errors.EpubIsNoEpub),
    "another mimetype": (book(mimetype="application/zip"), errors.EpubIsNoEpub),
    "rights": (book(**{"META-INF/rights.xml": "<r/>"}), errors.EpubIsLocked),
    "encrypted text": (
        book(**{"META-INF/encryption.xml": encrypted("http://www.w3.org/2001/04/xmlenc#aes256-cbc")}),
        errors.EpubIsLocked,
    ),
    "up and away": (book(**{"../../etc/passwd": "x"}), errors.EpubPartNameUnsafe),
    "from the root": (book(**{"/etc/passwd": "x"}), errors.EpubPartNameUnsafe),
    "of a drive": (book(**{"C:\\x": "x"}), errors.EpubPartNameUnsafe),
    "a bomb": (book(**{"OPS/zeros": bytes(50_000_000)}), errors.EpubIsBomb),
    "too many": (book(**{f"OPS/{n}": "" for n in range(epub.MOST_PARTS)}), errors.EpubHasTooManyParts),
    "no container": (book(**{"META-INF/container.xml": None}), errors.EpubPartMissing),
    "container of nothing": (book(**{"META-INF/container.xml": "<x/>"}), errors.EpubPartUnreadable),
    "entities": (book(**{"META-INF/container.xml": BILLION_LAUGHS + "<x>&b;</x>"}), errors.EpubPartUnreadable),
    "package gone": (book(path="x.opf", **{"x.opf": None}), errors.EpubPartMissing),
    "package broken": (book(**{"OPS/book.opf": "<package"}), errors.EpubPartUnreadable),
    "package of entities": (book(**{"OPS/book.opf": BILLION_LAUGHS + "<p/>"}), errors.EpubPartUnreadable),
    "package huge": (
        book(**{"OPS/book.opf": "<p>" + random.Random(1).randbytes(2_200_000).hex()}),
        errors.EpubPartUnreadable,
    ),
    "no title": (book(metadata=METADATA.replace("{title}", "  ")), errors.EpubHasNoTitle),
    "no text": (book(spine=""), errors.EpubHasNoText),
    "text of nothing": (book(spine="<itemref idref='x'/>"), errors.EpubHasNoText),
    "chapter gone": (book(**{"OPS/c.xhtml": None}), errors.EpubPartMissing),
    "part outside": (
        book(items="<item id='x' href='../../../etc/passwd' media-type='text/plain'/>"),
        errors.EpubPartMissing,
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_with_its_reason(name):
    content, reason = BAD[name]
    refused = refusal(content)
    assert type(refused) is reason
    assert refused.sentence


def test_a_part_whose_bytes_changed_is_found():
    content = bytearray(book(**{"OPS/plain": "a" * 5}))
    place = content.index(b"OPS/plain") + len("OPS/plain")
    content[place + 1] ^= 0xFF
    assert type(refusal(bytes(content))) in (errors.EpubPartBroken, errors.EpubIsNoZip)


def test_the_same_name_twice_is_refused():
    made = io.BytesIO(book())
    with zipfile.ZipFile(made, "a") as archive, pytest.warns(UserWarning):
        archive.writestr("OPS/c.xhtml", "another")
    assert type(refusal(made.getvalue())) is errors.EpubPartTwice


def test_a_link_to_elsewhere_and_a_part_with_a_password_are_refused():
    link = zipfile.ZipInfo("OPS/link")
    link.external_attr = 0o120777 << 16
    made = io.BytesIO(book())
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    assert type(refusal(made.getvalue())) is errors.EpubPartNameUnsafe
    content = bytearray(book())
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    assert type(refusal(bytes(content))) is errors.EpubIsLocked


@pytest.mark.parametrize("way", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_epub_that_no_reader_unpacks_is_refused(way):
    made = io.BytesIO(book())
    with zipfile.ZipFile(made, "a", way) as archive:
        archive.writestr("OPS/more", "x")
    assert type(refusal(made.getvalue())) is errors.EpubPartUnreadable


def test_a_small_file_that_says_much_is_read_in_no_time():
    """20,000 people with an element each that might say more of them: nobody walks through all for each."""
    said = "<dc:creator id='a'>歩</dc:creator><meta refines='#b' property='role'>aut</meta>" * 20_000
    begun = time.process_time()
    assert len(read(book(metadata=METADATA + said)).people) == epub.MOST_PEOPLE
    assert time.process_time() - begun < 5


def test_a_huge_file_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "huge"
    with path.open("wb") as file:
        file.truncate(epub.LARGEST + 1)
    with path.open("rb") as file, pytest.raises(errors.EpubTooLarge):
        epub.read(file)


def test_sizes_that_lie_are_found():
    """Many parts that share the same bytes: small as a file, and larger than any reader can open."""
    content = bytearray(book(**{"OPS/zeros": bytes(300_000)}))
    place = content.rindex(b"PK\x01\x02")
    content[place + 24 : place + 28] = struct.pack("<I", 10)
    assert type(refusal(bytes(content))) in (errors.EpubPartBroken, errors.EpubIsNoZip)
    content[place + 24 : place + 28] = struct.pack("<I", 0xFFFFFFF0)
    assert type(refusal(bytes(content))) is errors.EpubUnpacksTooLarge


def test_no_change_of_a_byte_is_more_than_a_refusal():
    good = book(**{"OPS/p": epubs.COVER}, items="<item id='p' href='p' properties='cover-image'/>")
    for place in range(0, len(good), 7):
        content = bytearray(good)
        content[place] ^= 0x5A
        with contextlib.suppress(errors.Refused):
            read(bytes(content))
