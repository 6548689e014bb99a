"""Arrays of numbers in a file that is mapped into memory instead of being read."""

import json
import os
from collections.abc import Mapping
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

import numpy as np

_FIRST = b"madoguchi arrays 1\n"
_STEP = 64  # bytes; each array begins at a multiple of it


def write(path: Path, facts: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> None:
    """Write arrays and facts (JSON) for the owner of the process only; readers of a former file keep that one."""
    places, end = {}, 0
    for name, array in arrays.items():
        places[name] = (array.dtype.str, len(array), end)
        end += -(-array.nbytes // _STEP) * _STEP
    head = json.dumps({"facts": facts, "arrays": places, "bytes": end}, ensure_ascii=False).encode()
    begin = -(-(len(_FIRST) + 9 + len(head)) // _STEP) * _STEP
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with open(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
            file.write((_FIRST + f"{len(head):8}\n".encode() + head).ljust(begin, b" "))
            for array in arrays.values():
                file.write(np.ascontiguousarray(array).data)
                file.write(bytes(-array.nbytes % _STEP))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def read(path: Path) -> tuple[dict[str, Any], dict[str, np.ndarray]] | None:
    """Return the facts and the read-only mapped arrays of a file; None if it is missing or cut short."""
    try:
        with path.open("rb") as file:
            mapped = mmap(file.fileno(), 0, access=ACCESS_READ)
    except (OSError, ValueError):
        return None
    first = len(_FIRST) + 9
    if mapped[: len(_FIRST)] != _FIRST or not mapped[len(_FIRST) : first].strip().isdigit():
        return None
    length = int(mapped[len(_FIRST) : first])
    begin = -(-(first + length) // _STEP) * _STEP
    try:
        head = json.loads(mapped[first : first + length])
    except ValueError:
        return None
    if begin + head["bytes"] != len(mapped):
        return None
    arrays = {
        name: np.frombuffer(mapped, np.dtype(kind), count, begin + offset)
        for name, (kind, count, offset) in head["arrays"].items()
    }
    return head["facts"], arrays
