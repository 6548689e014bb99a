"""文字コード of a table: UTF-16, UTF-8, or a Japanese one."""

import codecs
from typing import BinaryIO

from library import errors
from library.files import archives, encodings

SAMPLE = 100_000  # bytes that tell in which of Japan's encodings a table is
DELIMITERS = "\t,;"  # of tables
SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
PACKED = (b"PK\x03\x04", b"\x1f\x8b")


def codec_for(file: BinaryIO, named: str = "") -> str:
    """Return the codec of a text file. Raises: a Refused if it is no text.

    UTF-16 is told by its byte order mark or zeros; else the ``named`` encoding, UTF-8 if (almost) the whole file is, or
    a Japanese one, CP932 in doubt.
    """
    file.seek(0)
    head = file.read(4096)
    if not head:
        raise errors.FileIsEmpty()
    if head.startswith(PACKED) and archives.is_packed(file):
        raise errors.FileIsPacked()
    if head.startswith(SPREADSHEETS):
        raise errors.FileIsSpreadsheet()
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    for encoding in ("utf-16-le", "utf-16-be"):
        if _is_utf16(head, encoding):
            return encoding
    if head.count(0) * 10 > len(head):
        raise errors.FileIsNoTable()
    if named not in encodings.CODECS:
        named = "iso-2022-jp" if encodings.is_iso_2022_jp(head) else "utf-8" if _is_utf8(file) else ""
    sample = _sample(file) if named != "utf-8" else []
    return encodings.codec_of(named or encodings.recognise(sample) or "cp932", sample)


def _sample(file: BinaryIO) -> list[bytes]:
    file.seek(0)
    return file.read(SAMPLE).splitlines()


def _is_utf16(head: bytes, encoding: str) -> bool:
    """Tell whether it is UTF-16 without a byte order mark: line ends and commas are two bytes, one of them zero."""
    if 0 not in head:
        return False
    text = codecs.getincrementaldecoder(encoding)("replace").decode(head)
    return "\ufffd" not in text and "\n" in text and any(mark in text.split("\n")[0] for mark in DELIMITERS)


def _is_utf8(file: BinaryIO) -> bool:
    """Tell whether a file is UTF-8, but for a few damaged characters, whose rows are refused later."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    broken = foreign = 0
    while chunk := file.read(1 << 20):
        text = decoder.decode(chunk)
        broken += text.count("\ufffd")
        foreign += len(text) - len(text.encode("ascii", "ignore"))
    broken += len(decoder.decode(b"", final=True))
    return broken * 10 <= foreign
