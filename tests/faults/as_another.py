"""The server or a command as the user who owns FOLDER, as systemd starts it: ``as_another FOLDER app.py|flask|madoguchi
…``.

An application is made beforehand, so that all is loaded: that user may not enter the folders that Python lies in. Where
FOLDER is root's, it is root who begins.
"""

import os
import socket
import sys
import tempfile
from pathlib import Path

from flask.cli import main as flask

import app


def main():
    """Be the owner of FOLDER first."""
    folder, program, *sys.argv[1:] = sys.argv[1:]
    with tempfile.TemporaryDirectory() as warm:
        app.create_app(INSTANCE=warm)
    socket.getaddrinfo("127.0.0.1", 80)
    owner = Path(folder).stat()
    if owner.st_uid:
        os.setgroups([])
        os.setgid(owner.st_gid)
        os.setuid(owner.st_uid)
    sys.argv[0] = program
    {"flask": flask, "madoguchi": app.run_command, "app.py": lambda: app.main(sys.argv[1:])}[program]()
