"""Opening the pages of a restored library in a process of its own, as the tables of this one belong to the library that
serves.
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from library.store import backup

PROGRAM = Path(__file__).resolve().parents[2] / "madoguchi.py"
PAGES = ("/", "/login", "/desk/login")
FILE = "madoguchi.sqlite3"  # of the database, in the restored folder
WITHIN = 300  # seconds: a check of the whole file is part of it
_SHOWN = ("LIBRARY_NAME", "PUBLIC_URL", "TIMEZONE")  # settings that pages show
# Nothing goes out: no job runs, no mail server is known, and the mails of a restored library are stopped.
_SILENT = {"JOBS": "false", "MAIL_SERVER": "", "ADMIN_MAIL": ""}


def open_pages(folder: Path, settings: Mapping[str, Any]) -> None:
    """Open the front page and the pages of signing in of the library in ``folder``, in a child process. Raises:
    NoBackup, with the child's last line.
    """
    ours = _SILENT | {"INSTANCE": str(folder), "DATABASE_URL": str(folder / FILE)}
    ours |= {name: str(settings[name]) for name in _SHOWN}
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MADOGUCHI_")}
    try:
        done = subprocess.run(  # noqa: S603 (our own program)
            [sys.executable, str(PROGRAM), "db", "visit"],
            env=clean | {f"MADOGUCHI_{name}": value for name, value in ours.items()},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=WITHIN,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise backup.NoBackup(f"控えから戻した図書館の画面が、{WITHIN}秒のうちに開きません。") from error
    if done.returncode:
        last = (done.stderr.strip() or "–").splitlines()[-1]
        raise backup.NoBackup(f"控えから戻した図書館の画面が開きません（{last}）。")
