"""Traces of texts in files, whatever the rows say: for tests of erasing."""

import subprocess
import tempfile
from pathlib import Path

PAGE = 4096
LOG_HEAD, FRAME_HEAD = 32, 24  # of SQLite's write-ahead log


def of_number(number) -> list[bytes]:
    """A large number as SQLite keeps it in a column and as a row's own, and as it stands in a text."""
    own, rest = [number & 0x7F], number >> 7
    while rest:
        own.insert(0, rest & 0x7F | 0x80)
        rest >>= 7
    return [number.to_bytes(6), bytes(own), str(number).encode()]


def pieces(folder):
    """Everything in all files of a folder: databases page by page, with pages that are free or only in the log; others
    line by line.
    """
    for path in folder.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        if content.startswith(b"SQLite format 3"):
            yield from (content[place : place + PAGE] for place in range(0, len(content), PAGE))
        elif path.name.endswith("-wal"):
            frames = range(LOG_HEAD + FRAME_HEAD, len(content), PAGE + FRAME_HEAD)
            yield from (content[place : place + PAGE] for place in frames)
        else:
            yield from content.splitlines()


def together(folder, ones, others) -> list[bytes]:
    """The pieces that have one of these and one of those. Of a copy that another process makes: to close a file of
    SQLite's frees the locks that this process has on it.
    """
    with tempfile.TemporaryDirectory() as copy:
        subprocess.run(["cp", "-r", str(folder), copy], check=True)
        found = list(pieces(Path(copy)))
    return [piece for piece in found if any(one in piece for one in ones) and any(one in piece for one in others)]
