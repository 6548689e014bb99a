"""Records of a CSV or TSV text: a broken record ends with its line, and reading goes on."""

import csv
from collections import deque
from collections.abc import Iterator
from typing import TextIO

from library import errors

LINE_MAXIMUM = 1_000_000  # characters; what is longer is no line of a table
RECORD_LINES = 200  # lines that one quoted row may span before its quote counts as never closed


class Lines:
    """The lines of a text with their numbers; None for one that is too long."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._number = 0
        self.skipped = 0  # blank lines before the first that says something
        self._waiting: deque[tuple[int, str | None]] = deque()

    def __next__(self) -> tuple[int, str | None]:
        if self._waiting:
            return self._waiting.popleft()
        line = self._text.readline(LINE_MAXIMUM)
        if not line:
            raise StopIteration
        self._number += 1
        if len(line) == LINE_MAXIMUM and not line.endswith(("\r", "\n")):
            self._skip_line()
            return self._number, None
        return self._number, line

    def _skip_line(self) -> None:
        while (rest := self._text.readline(LINE_MAXIMUM)) and not rest.endswith(("\r", "\n")):
            pass

    def put_back(self, lines: list[tuple[int, str | None]]) -> None:
        self._waiting.extendleft(reversed(lines))

    def peek_content(self) -> str:
        """Return the first line that is not blank, and drop the blank ones before it."""
        while (taken := next(self, None)) is not None:
            number, line = taken
            if line is None:
                raise errors.FileIsNoTable()
            if line.strip():
                self.put_back([(number, line)])
                return line
            self.skipped = number
        raise errors.FileIsEmpty()

    def peek(self, count: int) -> list[str]:
        """Return the next lines, ``count`` at most, without taking them."""
        taken = [line for line in (next(self, None) for _ in range(count)) if line is not None]
        self.put_back(taken)
        return [text for _, text in taken if text is not None]


class Records:
    """Yields (line number, cells, refusal) of each record. After a broken one reading goes on with its second line."""

    def __init__(self, lines: Lines, delimiter: str) -> None:
        self._lines = lines
        self._delimiter = delimiter
        self._taken: list[tuple[int, str | None]] = []

    def __iter__(self) -> Iterator[tuple[int, list[str], errors.Refused | None]]:
        reader = self._reader()
        while True:
            self._taken.clear()
            try:
                cells = next(reader)
            except StopIteration:
                return
            except (csv.Error, _NotClosed) as error:
                self._lines.put_back(self._taken[1:])
                long = self._taken[0][1] is None or "limit" in str(error)
                yield self._taken[0][0], [], errors.RowTooLong() if long else errors.RowQuotesBroken()
                reader = self._reader()
            else:
                yield self._taken[0][0], cells, None

    def _reader(self) -> Iterator[list[str]]:
        return csv.reader(_Feed(self._lines, self._taken), delimiter=self._delimiter, strict=True)


class _Feed:
    """Hands lines to the csv module and remembers those of the current record."""

    def __init__(self, lines: Lines, taken: list[tuple[int, str | None]]) -> None:
        self._lines = lines
        self._taken = taken

    def __iter__(self) -> "_Feed":
        return self

    def __next__(self) -> str:
        number, line = next(self._lines)
        self._taken.append((number, line))
        if line is None or len(self._taken) > RECORD_LINES:
            raise _NotClosed
        return line


class _NotClosed(Exception):
    """The record has no end, or holds a line that is too long."""
