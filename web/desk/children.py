"""Processes of this program that go on with long work while the server answers others."""

import os
import subprocess
import sys
import threading
from pathlib import Path

from flask import current_app

PROGRAM = Path(__file__).resolve().parents[2] / "madoguchi.py"
OURS = ("INSTANCE", "DATABASE_URL", "TIMEZONE")  # settings that it has to share


def start(words: list[str], lock: int) -> None:
    """Start a command of ours. It inherits the lock, and ends with the server's service."""
    process = subprocess.Popen(  # noqa: S603 (our own program)
        [sys.executable, str(PROGRAM), *words],
        env=os.environ | {f"MADOGUCHI_{name}": str(current_app.config[name]) for name in OURS},
        stdin=subprocess.DEVNULL,
        pass_fds=[lock],
    )
    threading.Thread(target=process.wait, name=words[0], daemon=True).start()
