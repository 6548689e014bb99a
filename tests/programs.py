"""Programs and rights of a machine that tests need beside Python, make and git. Tests that lack one are left out by
name, with one line at the end of the run; where all is to be tried (``CI``) they fail instead.
"""

import os
import shutil
from glob import glob
from pathlib import Path
from stat import S_IXOTH

import pytest

SMTPD = shutil.which("smtpd", path="/usr/sbin:/usr/local/sbin")
FAKETIME = next(iter(glob("/usr/lib/*/faketime/libfaketimeMT.so.1")), "")
CHROMIUM = next(
    (
        found
        for name in (os.environ.get("CHROME_PATH"), "chromium-headless-shell", "chromium", "google-chrome")
        if name and (found := shutil.which(name))
    ),
    None,
)
SCREEN_READER = os.environ.get("SCREEN_READER", "")  # a file; scripts/screen-reader brings it
TEXTLINT = os.environ.get("TEXTLINT", "")  # a file, as well; scripts/textlint brings it
# all else has the name of its program
_FOUND = {
    "Chromium": lambda: CHROMIUM,
    "epubcheck": lambda: shutil.which("java") and shutil.which("epubcheck"),
    "faketime": lambda: FAKETIME,
    "fiu-utils": lambda: shutil.which("fiu-run"),
    "OpenSMTPD": lambda: SMTPD,
    "virtual-screen-reader": lambda: os.path.isfile(SCREEN_READER),
    "textlint": lambda: os.path.isfile(TEXTLINT),
    "root": lambda: os.geteuid() == 0,
    "a checkout open to all": lambda: all(folder.stat().st_mode & S_IXOTH for folder in Path(__file__).parents),
}
_BEGINNING = "Skipped: needs "


def lacks(name: str) -> bool:
    """Tell whether tests are left out because the machine lacks this."""
    return not os.environ.get("CI") and not _FOUND.get(name, lambda: shutil.which(name))()


def need(name: str) -> pytest.MarkDecorator:
    """Return the mark of a test that needs this of the machine."""
    return pytest.mark.skipif(lacks(name), reason=f"needs {name}")


def require(name: str) -> None:
    """Leave out the test that runs, if the machine lacks this."""
    if lacks(name):
        pytest.skip(f"needs {name}")


def tell(terminalreporter) -> None:
    """Write a line for each thing that was missing: ``skipped: 4 need epubcheck``. The tests' names go to the file
    SKIPPED_TO, if one is named.
    """
    left_out = [each for each in terminalreporter.stats.get("skipped", []) if each.longrepr[2].startswith(_BEGINNING)]
    needed = [each.longrepr[2].removeprefix(_BEGINNING) for each in left_out]
    for name in sorted(set(needed)):
        terminalreporter.write_line(f"skipped: {needed.count(name)} need {name}")
    if file := os.environ.get("SKIPPED_TO"):
        with open(file, "w", encoding="utf-8") as names:
            names.writelines(f"{each.nodeid}\n" for each in left_out)
