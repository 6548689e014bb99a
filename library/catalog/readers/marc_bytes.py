"""MARC 21: a file as bytes. Where its records begin and end, whose they are, and their directories, made anew where they are wrong."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from library import errors

BLOCK = 1 << 18
LONGEST = 10_000_000  # bytes without an end of record: no MARC
FURTHEST = 99_999  # where a field may begin: five digits of the directory
LONGEST_FIELD = 9_999  # bytes, with the sign of its end
DIRECTORY, ENTRY = 24, 12  # where the directory of a record begins, and how long each of its entries is
END_OF_FIELD, END_OF_RECORD = b"\x1e", b"\x1d"
END = END_OF_FIELD[0]
BETWEEN = b"\r\n\x00\x1a\xef\xbb\xbf"  # with the mark that editors put before UTF-8
BLANKS = b" \t" + BETWEEN
LEADER = re.compile(rb"([0-9]{5})[a-z][a-z][a-z ][ -~]{2}22[0-9]{5}[ -~]{3}45[ -~]{2}")
WRONG = "ディレクトリーの長さが合わない"


def may_begin(head: bytes) -> bool:
    """Tell whether a file that begins so is MARC 21: a leader in ASCII, right or wrong, or at least its length, and ends of fields."""
    leader = _begun(head)[:DIRECTORY]
    return (
        leader.isascii()
        and (leader.decode().isprintable() or leader[:5].isdigit())
        and END_OF_FIELD in head
        and b"\x1f" in head
    )


def chunks(file: BinaryIO) -> Iterator[bytes]:
    """Yield what stands between the ends of records: with its end, but for a last one that has none."""
    rest = b""
    while block := file.read(BLOCK):
        *whole, rest = (rest + block).split(END_OF_RECORD)
        for chunk in whole:
            if chunk := _begun(chunk):
                yield chunk + END_OF_RECORD
        if len(rest) > LONGEST:
            yield rest
            rest = b""
    if (rest := _begun(rest.strip(BETWEEN))).strip():
        yield rest


def _begun(chunk: bytes) -> bytes:
    """Return a chunk from its first record on. Blanks before a length are between records; without one they may be the length."""
    chunk = chunk.lstrip(BETWEEN)
    if chunk[:1] in (b" ", b"\t") and (begun := chunk.lstrip(BLANKS))[:5].isdigit():
        return begun
    return chunk


def records_in(chunk: bytes) -> list[bytes]:
    """Return the chunk; where a record lost its end, so that the next one follows in the same chunk, both of them."""
    if chunk[:5].isdigit() and int(chunk[:5]) == len(chunk):
        return [chunk]
    if fits(chunk):
        return [b"%05d" % min(len(chunk), 99_999) + chunk[5:]]
    for found in LEADER.finditer(chunk, 24):
        if int(found[1]) == len(chunk) - found.start():
            return [chunk[: found.start()], chunk[found.start() :]]
    return [chunk]


def fits(raw: bytes) -> bool:
    """Tell whether each field ends where the directory says."""
    try:
        base = int(raw[12:17])
        for at in range(DIRECTORY, base - 1, ENTRY):
            if raw[base + int(raw[at + 3 : at + 7]) + int(raw[at + 7 : at + 12]) - 1] != END:
                return False
    except (ValueError, IndexError):
        return False
    return base > DIRECTORY


def mended(raw: bytes) -> bytes:
    """Return a record whose directory is wrong with one that has the lengths and starts of its fields, as where letters were counted
    instead of bytes. Raises: RecordUnreadable where that can't be told, RecordTooLong where no directory could say it.
    """
    directory, *fields = raw.rstrip(END_OF_RECORD).split(END_OF_FIELD)
    found = [directory[at : at + ENTRY] for at in range(DIRECTORY, len(directory), ENTRY)]
    while fields and not fields[-1]:
        fields.pop()
    if len(fields) > len(found):
        fields = _joined(fields, controls=sum(entry < b"010" for entry in found))
    numbered = all(len(entry) == ENTRY and entry[3:].isdigit() for entry in found)
    if not fields or len(found) != len(fields) or not numbered or max(map(len, fields)) >= LONGEST_FIELD:
        raise errors.RecordUnreadable(reason=WRONG)
    base, start, told = DIRECTORY + ENTRY * len(fields) + 1, 0, [b""] * len(fields)
    for place, field in zip(sorted(range(len(found)), key=lambda place: found[place][7:]), fields, strict=True):
        if start > FURTHEST:
            raise errors.RecordTooLong()
        told[place] = b"%s%04d%05d" % (found[place][:3], len(field) + 1, start)
        start += len(field) + 1
    head = b"%05d%s%05d%s" % (min(base + start + 1, 99_999), raw[5:12], base, raw[17:DIRECTORY])
    return b"".join([head, *told, END_OF_FIELD, *[field + END_OF_FIELD for field in fields], END_OF_RECORD])


def _joined(fields: list[bytes], *, controls: int) -> list[bytes]:
    """Put together what the sign of an end parts inside a field: after the control fields each begins with two indicators."""
    whole = fields[:controls]
    for field in fields[controls:]:
        if len(whole) > controls and field[2:3] != b"\x1f":
            whole[-1] += b" " + field
        else:
            whole.append(field)
    return whole


def has_stray_ends(raw: bytes) -> bool:
    """Tell whether there are more ends of fields than the directory has fields: one may be inside of a field."""
    return raw.count(END_OF_FIELD) != (int(raw[12:17]) - DIRECTORY - 1) // ENTRY + 1


def tags(raw: bytes) -> set[str]:
    """Return the tags that the directory names."""
    end = raw.find(END_OF_FIELD)
    return {raw[at : at + 3].decode("ascii", "replace") for at in range(DIRECTORY, end, ENTRY)}


def identity(raw: bytes) -> tuple[str, str]:
    """Return (source, id there), 003 and 001, of a record in its bytes; empty where they can't be found."""
    try:
        return _identity(raw)
    except ValueError:
        try:
            return _identity(mended(raw))
        except (ValueError, errors.RecordUnreadable, errors.RecordTooLong):
            return "", ""


def _identity(raw: bytes) -> tuple[str, str]:
    """ValueError where the directory does not lead to the ends of fields."""
    found = {b"001": "", b"003": ""}
    base = int(raw[12:17])
    if raw[base - 1 : base] != END_OF_FIELD:
        raise ValueError
    for at in range(DIRECTORY, base - ENTRY, ENTRY):
        tag = raw[at : at + 3]
        if not found.get(tag, "found"):
            first = base + int(raw[at + 7 : at + 12])
            end = first + int(raw[at + 3 : at + 7]) - 1
            if raw[end : end + 1] != END_OF_FIELD:
                raise ValueError
            found[tag] = raw[first:end].decode("utf-8", "replace").strip()[:255]
            if all(found.values()):
                break
    return found[b"003"], found[b"001"]
