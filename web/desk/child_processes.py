"""Child processes of this program for long work, while the server goes on."""

import os
import subprocess
import sys
import threading
from pathlib import Path

from flask import current_app

PROGRAM = Path(__file__).resolve().parents[2] / "madoguchi.py"
OURS = ("INSTANCE", "DATABASE_URL", "TIMEZONE")  # settings that it has to share


def start(arguments: list[str], lock: int) -> None:
    """Start a command with these arguments. It inherits the lock's descriptor and ends with the server's service."""
    process = subprocess.Popen(  # noqa: S603 (our own program)
        [sys.executable, str(PROGRAM), *arguments],
        env=os.environ | {f"MADOGUCHI_{name}": str(current_app.config[name]) for name in OURS},
        stdin=subprocess.DEVNULL,
        pass_fds=[lock],
    )
    threading.Thread(target=process.wait, name=arguments[0], daemon=True).start()
