"""The rows of a pack, read as strictly as they were written: by one pattern a table, made of its description."""

import base64
import binascii
import codecs
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any, Protocol

BLOCK = 1 << 20  # bytes
AT_ONCE = 1_000  # rows that are read at a time
LONGEST = 1 << 26  # characters of a row
_TEXT = r'"[^"]*+(?:""[^"]*+)*+"'
_DAY = r"\d{4}-\d\d-\d\d"
_CELLS = {
    "integer": r"-?\d+",
    "boolean": "true|false",
    "date": _DAY,
    "datetime": rf"{_DAY}T\d\d:\d\d:\d\d(?:\.\d{{6}})?Z",
    "string": _TEXT,
    "blob": "[0-9a-f]{64}",
}


class Broken(Exception):
    """A file is not as it was written."""


class BrokenBlob(Broken):
    """The file of a table's binary values is not as it was written."""


class Stream(Protocol):
    def read(self, size: int, /) -> bytes: ...


def _moment(text: str) -> str:
    return text[:-1].replace("T", " ")


def _quoted(text: str) -> str:
    return text[1:-1].replace('""', '"') if '""' in text else text[1:-1]


# from the text to the value in SQLite; kinds not listed stay text
_VALUES: dict[str, Callable[[str], Any]] = {
    "integer": int,
    "boolean": lambda text: int(text == "true"),
    "datetime": _moment,
    "string": _quoted,
}


def kinds(schema: Mapping[str, Any]) -> dict[str, str]:
    """Return column → kind of a description, in its order. Raises: Broken."""
    try:
        found = {each["name"]: "blob" if "blob" in each else each["type"] for each in schema["fields"]}
    except (KeyError, TypeError) as error:
        raise Broken from error
    if not found or not all(re.fullmatch("[a-z_0-9]+", name) and kind in _CELLS for name, kind in found.items()):
        raise Broken
    return found


def titles(schema: Mapping[str, Any]) -> str:
    """Return the second line of a table: the titles of its columns, which older packs don't have."""
    found = [each.get("title") for each in schema["fields"]]
    return ",".join(f'"{title}"' for title in found) + "\r\n" if all(found) else ""


def read(
    stream: Stream, columns: Mapping[str, str], blobs: Iterator[bytes] | None = None, *, second: str = ""
) -> Iterator[list[Any]]:
    """Yield the values of each row as SQLite stores them; ``blobs`` has those of a file of their own.

    ``second``: the line that follows the names of the columns.

    Raises: Broken, BrokenBlob.
    """
    row = re.compile(",".join(rf"({_CELLS[kind]}|\\N)" for kind in columns.values()) + "\r\n")
    convert = [_VALUES.get(kind, str) for kind in columns.values()]
    elsewhere = [place for place, kind in enumerate(columns.values()) if kind == "blob"]
    matches = _matches(stream, f"{','.join(columns)}\r\n{second}", row)
    while batch := [found.groups() for found in islice(matches, AT_ONCE)]:
        found = [
            [None if cell == "\\N" else change(cell) for cell in cells]
            for change, cells in zip(convert, zip(*batch, strict=True), strict=True)
        ]
        for values in map(list, zip(*found, strict=True)):
            for place in elsewhere:
                values[place] = None if values[place] is None else _blob(values[place], blobs)
            yield values
    if blobs is not None and next(blobs, None) is not None:
        raise BrokenBlob


def _matches(stream: Stream, headings: str, row: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """Yield each row of a text, after its headings."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    text, at, is_over, began = "", 0, False, False
    while True:
        while found := row.match(text, at) if began else None:
            at = found.end()
            yield found
        if not began and text.startswith(headings):
            at, began = len(headings), True
            continue
        text, at = text[at:], 0
        if is_over:
            break
        if len(text) > LONGEST:
            raise Broken
        block = stream.read(BLOCK)
        try:
            text += decoder.decode(block, final=not block)
        except UnicodeDecodeError as error:
            raise Broken from error
        is_over = not block
    if text or not began:
        raise Broken


def _blob(digest: str, blobs: Iterator[bytes] | None) -> bytes:
    content = next(blobs, None) if blobs else None
    if content is None or hashlib.sha256(content).hexdigest() != digest:
        raise BrokenBlob
    return content


def read_blobs(lines: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the values in a file of binary values, in order. Raises: BrokenBlob."""
    if next(lines, b"") != b"sha256,base64\r\n":
        raise BrokenBlob
    for line in lines:
        try:
            yield base64.b64decode(line[65:].removesuffix(b"\r\n"), validate=True)
        except binascii.Error as error:
            raise BrokenBlob from error
