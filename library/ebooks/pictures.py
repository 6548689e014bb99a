"""Pictures out of files of others: JPEG and PNG of a sane size alone are shown, by what their first bytes say."""

import struct

LARGEST = 2 * 1024**2  # bytes
SIDES = range(32, 6001)  # pixels
_JPEG_SIZES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}


def kind_of(content: bytes) -> str:
    """image/png or image/jpeg; empty for anything else, or one that is too large or too small."""
    if len(content) > LARGEST:
        return ""
    kind, sides = (
        ("image/png", _png(content)) if content[:8] == b"\x89PNG\r\n\x1a\n" else ("image/jpeg", _jpeg(content))
    )
    return kind if sides and all(side in SIDES for side in sides) else ""


def _png(content):
    return struct.unpack(">II", content[16:24]) if content[12:16] == b"IHDR" and len(content) >= 33 else None


def _jpeg(content):
    """From the segment that tells them, which others of any length come before."""
    at = 2 if content[:3] == b"\xff\xd8\xff" else len(content)
    while at + 9 <= len(content) and content[at] == 0xFF:
        mark, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4])
        if mark in _JPEG_SIZES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        if length < 2:
            return None
        at += 2 + length
    return None
