"""表紙の画像の取り寄せ: a minute's round of asking the source for covers of the catalogue's ISBNs, one after another."""

import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from library import errors, outgoing
from library.discovery.covers import catalogue, pictures, source
from library.discovery.covers.source import Source
from library.files import photographs
from library.store.lock import FileLock

PLACE = "{isbn13}"  # in COVERS_URL
PAUSE = 1.0  # seconds from the beginning of one request to that of the next
ROUND = 50  # requests, so that somebody who has the job run now waits for a minute at most
SECONDS, LARGEST = 5, 2 * 1024**2  # of an answer
AFTER_ABSENCE, AFTER_FAULT = timedelta(days=30), timedelta(days=1)
HEADERS = {"Accept": "image/webp,image/jpeg,image/png", "User-Agent": "Madoguchi (library catalogue)"}
ABSENT = (404, 410)
TOO_MANY = (429, 503)  # by which a source asks to be left alone


class Fault(Exception):
    """The source gave no picture and did not say that it has none. ``wholly``: this has nothing to do with the ISBN."""

    def __init__(self, name: str, *, wholly: bool = False) -> None:
        super().__init__(name)
        self.name, self.wholly = name, wholly


def run(
    settings: Mapping[str, Any], *, now: datetime, stop: threading.Event, pause: float = PAUSE, loopback: bool = False
) -> dict[str, int]:
    """Ask for the next ROUND of ISBNs; return counts by outcome. Pictures of a source other than COVERS_URL are
    removed.

    Ends early when ``stop`` is set or the source rests. ``loopback``: this machine only, without TLS, for trials.
    """
    folder = Path(settings["INSTANCE"]) / pictures.FOLDER
    if not settings["COVERS_URL"] and not folder.exists():
        return {}
    with FileLock(folder.with_suffix(".lock")) as is_mine:
        if not is_mine:
            return {}
        state, counts = source.read(), Counter()
        if state.url != settings["COVERS_URL"]:
            counts["covers_removed"] = pictures.clear(folder)
            state = Source(settings["COVERS_URL"])
            source.write(state)
        if not state.url:
            folder.rmdir()
            return dict(counts)
        if is_to_look := state.is_to_look(now):
            counts["covers_removed"] += catalogue.tidy(folder)
            state = replace(state, looked_at=now.isoformat())
            source.write(state)
        if (state.left or is_to_look) and not state.resting_until(now):
            counts += _fetch(folder, state, now, stop, pause, loopback)
        return dict(counts)


def _fetch(
    folder: Path, state: Source, now: datetime, stop: threading.Event, pause: float, loopback: bool
) -> Counter[str]:
    before, counts = state, Counter()
    isbns, left = catalogue.wanted(ROUND, now=now)
    for isbn in isbns:
        if stop.is_set() or state.resting_until(now):
            break
        next_at = time.monotonic() + pause
        try:
            content = _ask(state.url.replace(PLACE, isbn), loopback)
            if content:
                pictures.put(folder, isbn, content)
            else:
                pictures.note_absence(isbn, again_at=now + AFTER_ABSENCE)
            state = state.without_fault()
            counts["covers" if content else "covers_absent"] += 1
        except Fault as fault:
            if not fault.wholly:
                pictures.note_absence(isbn, again_at=now + AFTER_FAULT)
            state = state.with_fault(fault.name, now=now, wholly=fault.wholly)
            counts["covers_failed"] += 1
        stop.wait(max(0, next_at - time.monotonic()))
    state = replace(state, left=left - counts.total())
    if state != before:
        source.write(state)
    return counts


def _ask(address: str, loopback: bool) -> bytes:
    """Return the picture at an address as we draw it; empty where the source has none. Raises: Fault."""
    try:
        status, content = outgoing.fetch(address, seconds=SECONDS, largest=LARGEST, headers=HEADERS, loopback=loopback)
    except outgoing.FAULTS as error:
        raise Fault("unreachable") from error
    if status in ABSENT or (status == 200 and not content):
        return b""
    if status != 200:
        raise Fault(str(status), wholly=status in TOO_MANY)
    try:
        return photographs.draw_cover(content)
    except errors.PictureTooSmall:
        return b""  # the dot that some send instead of nothing
    except errors.Refused as error:
        raise Fault("picture") from error
