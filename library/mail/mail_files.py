"""Mails as files, where a library has no mail server."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any


def folder(settings: Mapping[str, Any]) -> Path:
    """Return where mails go as files when no server is set."""
    return Path(settings["INSTANCE"]) / "mail"


def write(settings: Mapping[str, Any], row_id: int, message_id: str, content: bytes) -> None:
    """Write a mail for the operator alone: the whole of it, or nothing. Raises OSError (a full disk, a folder of somebody else)."""
    folder(settings).mkdir(mode=0o700, exist_ok=True)
    path = folder(settings) / f"{row_id:08}-{message_id}.eml"
    part = path.with_suffix(".part")
    with open(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def sweep(settings: Mapping[str, Any], erased: Callable[[list[str]], list[str]]) -> int:
    """Remove the mail files whose text is erased (``erased(message_ids)`` picks them) and return their number."""
    files = {path.stem.rpartition("-")[2]: path for path in folder(settings).glob("*.eml")}
    gone = erased(list(files))
    for message_id in gone:
        files[message_id].unlink(missing_ok=True)
    return len(gone)
