"""The server's log on standard error, or in a file (DEVELOPMENT): lines for people, or a JSON object a line for
programs (LOG_FORMAT).
"""

import errno
import json
import logging
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

MOMENT = "%Y-%m-%dT%H:%M:%S%z"
TEXT = "%(asctime)s %(levelname)s %(name)s %(message)s"
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)  # nothing can be written to the disk
# the same as SQLite and PostgreSQL say it
SAYS_FULL = (
    "database or disk is full",
    "disk I/O error",
    "attempt to write a readonly database",
    "No space left on device",
)


class JsonLines(logging.Formatter):
    """Writes a record as an object: at (UTC), level, logger, message, and the error where there was one."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


class _File(logging.FileHandler):
    def handleError(self, record: logging.LogRecord) -> None:
        """Lose a line for which the disk has no room: what goes wrong is told on standard error, too."""
        if not _is_full(sys.exc_info()[1]):
            super().handleError(record)


def _in_one_line(record: logging.LogRecord) -> bool:
    """Leave the error in the line, and its traceback out, where the disk is full: it is nobody's mistake, and there
    will be many.
    """
    error = record.exc_info[1] if record.exc_info else None
    if _is_full(error):
        record.msg, record.args, record.exc_info = f"{record.getMessage()}: {error}", (), None
    return True


def _is_full(error: BaseException | None) -> bool:
    return any(
        (isinstance(each, OSError) and each.errno in FULL) or any(words in str(each) for words in SAYS_FULL)
        for each in _with_causes(error)
    )


def _with_causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def begin() -> None:
    """Log to standard error, until the settings are known in text."""
    logging.basicConfig(level=logging.INFO, format=TEXT, datefmt=MOMENT)
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # it warns of every request that waits its turn


def keep_in(file: Path) -> None:
    """Log to a file; what goes wrong is told on standard error, too."""
    for handler in logging.getLogger().handlers:
        handler.setLevel(logging.WARNING)
    logging.getLogger().addHandler(_File(file, encoding="utf-8"))


def write_as(kind: str) -> None:
    """Write lines as the setting LOG_FORMAT has it: text or json."""
    formatter = JsonLines() if kind == "json" else logging.Formatter(TEXT, MOMENT)
    for handler in logging.getLogger().handlers:
        handler.setFormatter(formatter)
        handler.addFilter(_in_one_line)
