"""MARC 21 files as bytes: the bounds of records, their source and id, and new directories for wrong ones."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from library import errors

BLOCK = 1 << 18
LONGEST = 10_000_000  # bytes without an end of record, which are no MARC
FURTHEST = 99_999  # the last start of a field: five digits in the directory
LONGEST_FIELD = 9_999  # bytes of a field, with the sign of its end
DIRECTORY, ENTRY = 24, 12  # the start of a record's directory, and the length of its entries
END_OF_FIELD, END_OF_RECORD = b"\x1e", b"\x1d"
END = END_OF_FIELD[0]
BETWEEN = b"\r\n\x00\x1a\xef\xbb\xbf"  # between records, with the byte order mark of editors
BLANKS = b" \t" + BETWEEN
LEADER = re.compile(rb"([0-9]{5})[a-z][a-z][a-z ][ -~]{2}22[0-9]{5}[ -~]{3}45[ -~]{2}")
WRONG = "ディレクトリーの長さが合わない"


def may_begin(head: bytes) -> bool:
    """Tell whether a file that begins with ``head`` may be MARC 21: it has a leader in ASCII, even a wrong one, and
    ends of fields.
    """
    leader = _without_blanks_before(head)[:DIRECTORY]
    return (
        leader.isascii()
        and (leader.decode().isprintable() or leader[:5].isdigit())
        and END_OF_FIELD in head
        and b"\x1f" in head
    )


def records(file: BinaryIO) -> Iterator[bytes]:
    """Yield the records of a file, each with its end; the last may be cut off."""
    for chunk in _chunks(file):
        yield from _records_in(chunk)


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    """Yield the bytes of a file up to each end of record, the end with them; the last chunk may have none."""
    rest = b""
    while block := file.read(BLOCK):
        *whole, rest = (rest + block).split(END_OF_RECORD)
        for chunk in whole:
            if chunk := _without_blanks_before(chunk):
                yield chunk + END_OF_RECORD
        if len(rest) > LONGEST:
            yield rest
            rest = b""
    if (rest := _without_blanks_before(rest.strip(BETWEEN))).strip():
        yield rest


def _without_blanks_before(chunk: bytes) -> bytes:
    """Return a chunk without the blanks before its record; blanks that don't stand before a length may be the length
    and stay.
    """
    chunk = chunk.lstrip(BETWEEN)
    if chunk[:1] in (b" ", b"\t") and (begun := chunk.lstrip(BLANKS))[:5].isdigit():
        return begun
    return chunk


def _records_in(chunk: bytes) -> list[bytes]:
    """Return the records in a chunk: one, or two when the first has lost its end."""
    if chunk[:5].isdigit() and int(chunk[:5]) == len(chunk):
        return [chunk]
    if fits(chunk):
        return [b"%05d" % min(len(chunk), 99_999) + chunk[5:]]
    for found in LEADER.finditer(chunk, 24):
        if int(found[1]) == len(chunk) - found.start():
            return [chunk[: found.start()], chunk[found.start() :]]
    return [chunk]


def fits(raw: bytes) -> bool:
    """Tell whether all fields end where the directory has their ends."""
    try:
        base = int(raw[12:17])
        for at in range(DIRECTORY, base - 1, ENTRY):
            if raw[base + int(raw[at + 3 : at + 7]) + int(raw[at + 7 : at + 12]) - 1] != END:
                return False
    except (ValueError, IndexError):
        return False
    return base > DIRECTORY


def with_new_directory(raw: bytes) -> bytes:
    """Return a record with a new directory in place of a wrong one, such as one that counts letters instead of bytes.
    Raises: RecordUnreadable, when fields and entries don't match; RecordTooLong, when no directory could have its
    lengths.
    """
    directory, *fields = raw.rstrip(END_OF_RECORD).split(END_OF_FIELD)
    found = [directory[at : at + ENTRY] for at in range(DIRECTORY, len(directory), ENTRY)]
    while fields and not fields[-1]:
        fields.pop()
    if len(fields) > len(found):
        fields = _rejoined(fields, controls=sum(entry < b"010" for entry in found))
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


def _rejoined(fields: list[bytes], *, controls: int) -> list[bytes]:
    """Return the fields with those joined that an end of field inside of them has cut: after the control fields each
    begins with indicators.
    """
    whole = fields[:controls]
    for field in fields[controls:]:
        if len(whole) > controls and field[2:3] != b"\x1f":
            whole[-1] += b" " + field
        else:
            whole.append(field)
    return whole


def has_stray_ends(raw: bytes) -> bool:
    """Tell whether there are other ends of fields than the directory has: one may be inside of a field."""
    return raw.count(END_OF_FIELD) != (int(raw[12:17]) - DIRECTORY - 1) // ENTRY + 1


def tags(raw: bytes) -> set[str]:
    """Return the tags in a record's directory."""
    end = raw.find(END_OF_FIELD)
    return {raw[at : at + 3].decode("ascii", "replace") for at in range(DIRECTORY, end, ENTRY)}


def identity(raw: bytes) -> tuple[str, str]:
    """Return (source, id there), 003 and 001, of a record in bytes; empty when they can't be found."""
    try:
        return _identity(raw)
    except ValueError:
        try:
            return _identity(with_new_directory(raw))
        except (ValueError, errors.RecordUnreadable, errors.RecordTooLong):
            return "", ""


def _identity(raw: bytes) -> tuple[str, str]:
    """Return ``identity`` by the directory as it is. Raises: ValueError, when it does not lead to ends of fields."""
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
