"""Mails as files, where a library has no mail server."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from library.mail import answers


def folder(settings: Mapping[str, Any]) -> Path:
    """Return the folder of mails that are written as files."""
    return Path(settings["INSTANCE"]) / "mail"


def write(settings: Mapping[str, Any], row_id: int, message_id: str, content: bytes) -> None:
    """Write a mail or push as a file for the operator alone: the whole of it, or nothing. Raises: ServerUnavailable (a
    full disk, a folder of somebody else: no other will fare better).
    """
    path = folder(settings) / f"{row_id:08}-{message_id}.eml"
    part = path.with_suffix(".part")
    try:
        folder(settings).mkdir(mode=0o700, exist_ok=True)
        with open(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise answers.ServerUnavailable(f"{type(error).__name__}: {error}") from error


def sweep(settings: Mapping[str, Any], erased: Callable[[list[str]], list[str]]) -> int:
    """Remove the files of mails whose text is erased and return their number. ``erased``: picks the erased among
    message ids.
    """
    files = {path.stem.rpartition("-")[2]: path for path in folder(settings).glob("*.eml")}
    gone = erased(list(files))
    for message_id in gone:
        files[message_id].unlink(missing_ok=True)
    return len(gone)
