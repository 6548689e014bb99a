"""A second process that reads records while this one writes those before them.

It opens no file and no database, and ends with the process that it works for. What it doesn't read, because it has not started
yet or is gone, that one reads itself.
"""

import os
import pickle
import select
import subprocess
import sys
from contextlib import suppress

from library.catalog import entries, formats, store

FROM = 1 << 19  # bytes of a file for which it is worth while
GONE = (EOFError, OSError, pickle.UnpicklingError)


class Reader:
    """``send`` entries, do something else, and ``receive`` them with their records, but for those that are refused."""

    def __init__(self, size, holdings):
        self._process, self._is_ready, self._sent = None, False, []
        if size >= FROM and len(os.sched_getaffinity(0)) > 1:
            command = [
                sys.executable,
                "-c",
                f"import sys; sys.path[:] = {sys.path}; import {__name__} as it; it.serve()",
            ]
            apart = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "start_new_session": True}  # Ctrl+C is for us
            self._process = subprocess.Popen(command, **apart)  # noqa: S603 (this module)
            _write(self._process.stdin, holdings)

    def send(self, batch):
        with suppress(*GONE):
            if self._process and (self._is_ready or select.select([self._process.stdout], [], [], 0)[0]):
                self._is_ready = self._is_ready or pickle.load(self._process.stdout)  # noqa: S301 (from ourselves)
                _write(self._process.stdin, [(each.format, each.raw, each.source, each.source_id) for each in batch])
                self._sent = batch

    def receive(self):
        sent, self._sent = self._sent, []
        with suppress(*GONE):
            for entry, record in zip(sent, pickle.load(self._process.stdout) if sent else ()):  # noqa: B905, S301
                if record:
                    entry.record, record.raw = record, entry.raw

    def close(self):
        if self._process:
            self._process.kill()
            self._process.communicate()


def _write(stream, thing):
    pickle.dump(thing, stream, pickle.HIGHEST_PROTOCOL)
    stream.flush()


def serve():
    os.nice(10)  # whoever serves pages goes first
    with suppress(*GONE):
        given, told = sys.stdin.buffer, sys.stdout.buffer
        holdings = pickle.load(given)  # noqa: S301
        _write(told, True)
        while True:
            found = [_read(holdings, *source) for source in pickle.load(given)]  # noqa: S301
            store.draw_up([record for record in found if record])
            _write(told, found)


def _read(holdings, form, raw, source, source_id):
    entry = entries.Entry(0, form, raw, source, source_id, lambda: formats.reread(form, raw, holdings), digest="-")
    entry.open()
    if entry.record:
        entry.record.raw = b""  # it is there
    return entry.record
