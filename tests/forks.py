"""Processes of the program without its second of reading modules: each is forked from one that has read them, and does
nothing else.

They are real ones: with a number, signals, files and sockets of their own. What is about the reading itself, about the
interpreter's options or about variables that it looks at is started by ``subprocess``.
"""

import contextlib
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

from flask import Flask

import tests
from library.access import passwords
from tests import templates

ROOT = Path(__file__).resolve().parents[1]
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["app", "flask.cli", "aiosmtpd.smtp", __name__])


class Process:
    """One that runs ``main``, with the part of ``subprocess.Popen`` that tests use. What it prints comes through
    ``stdout``.

    ``log``: the file to which its errors are added; else ``communicate`` returns them.
    """

    def __init__(self, main, *words, env, log=None, cwd=ROOT):
        self._errors = None if log else tempfile.NamedTemporaryFile("r", encoding="utf-8")  # noqa: SIM115 (it is closed by communicate)
        reading, writing = _FORKS.Pipe(duplex=False)
        given = (main, [str(word) for word in words], dict(env), writing, str(log or self._errors.name), str(cwd))
        self._process = _FORKS.Process(target=_become, args=given, daemon=True)
        self._process.start()
        writing.close()
        self.stdout = os.fdopen(os.dup(reading.fileno()), encoding="utf-8")
        reading.close()
        self.pid = self._process.pid

    @property
    def returncode(self):
        return self._process.exitcode

    def poll(self):
        return self.returncode

    def wait(self, timeout=None):
        self._process.join(timeout)
        if self.returncode is None:
            raise subprocess.TimeoutExpired(self._process.name, timeout)
        return self.returncode

    def communicate(self, timeout=None):
        """Return the text that is printed until its end, and its errors if they have no other file."""
        with self.stdout:
            printed = self.stdout.read()
        self.wait(timeout)
        if self._errors is None:
            return printed, None
        with self._errors:
            return printed, self._errors.read()

    def send_signal(self, number):
        """Send it, unless the process has ended. Its parent is the server of forks, which may know that a moment before
        us.
        """
        with contextlib.suppress(ProcessLookupError):
            if self.poll() is None:
                os.kill(self.pid, number)

    def kill(self):
        self.send_signal(signal.SIGKILL)

    def terminate(self):
        self.send_signal(signal.SIGTERM)


def run(main, *words, env, cwd=ROOT):
    """Run a command to its end, as ``subprocess.run`` does with captured text."""
    process = Process(main, *words, env=env, cwd=cwd)
    printed, errors = process.communicate()
    return subprocess.CompletedProcess(words, process.returncode, printed, errors)


# -- what a process runs: it finds its words in sys.argv
# -------------------------------------------------------------------
def serve():
    """``python app.py``"""
    import app

    app.main(sys.argv[1:])


def flask():
    """``python -m flask``"""
    from flask.cli import main

    main()


def madoguchi():
    """``madoguchi``, as an installed server has it"""
    import app

    app.run_command()


def script():
    """``python -c TEXT …``"""
    _, text, *words = sys.argv
    sys.argv = ["-c", *words]
    exec(text, {"__name__": "__main__"})


def _become(main, words, env, stdout, log, cwd):
    os.environ.clear()
    os.environ.update({"FLASK_APP": "app"} | env)
    time.tzset()
    os.chdir(cwd)
    os.dup2(stdout.fileno(), sys.stdout.fileno())
    stdout.close()
    with Path(log).open("ab") as file:
        os.dup2(file.fileno(), sys.stderr.fileno())
    warnings.simplefilter("error")
    warnings.simplefilter("ignore", ResourceWarning)
    passwords.HASHER = tests.AT_FULL_PRICE
    Flask.jinja_options = templates.OPTIONS
    sys.argv = [main.__name__, *words]
    main()
