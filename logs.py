"""The server's log on standard error, or in a file (DEVELOPMENT): lines for people, or a JSON object a line for programs (LOG_FORMAT)."""

import json
import logging
from datetime import UTC, datetime
from pathlib import Path

MOMENT = "%Y-%m-%dT%H:%M:%S%z"
TEXT = "%(asctime)s %(levelname)s %(name)s %(message)s"


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


def begin() -> None:
    """Log to standard error, until the settings are known in text."""
    logging.basicConfig(level=logging.INFO, format=TEXT, datefmt=MOMENT)
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # it warns of every request that waits its turn


def keep_in(file: Path) -> None:
    """Log to a file; what goes wrong is told on standard error, too."""
    for handler in logging.getLogger().handlers:
        handler.setLevel(logging.WARNING)
    logging.getLogger().addHandler(logging.FileHandler(file, encoding="utf-8"))


def write_as(kind: str) -> None:
    """Write lines as the setting LOG_FORMAT has it: text or json."""
    formatter = JsonLines() if kind == "json" else logging.Formatter(TEXT, MOMENT)
    for handler in logging.getLogger().handlers:
        handler.setFormatter(formatter)
