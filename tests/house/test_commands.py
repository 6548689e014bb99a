"""No test is forgotten or run twice: the commands of the Makefile share them out by marks, and CI runs each command."""

import re
from itertools import product

import pytest

from scripts.check_tree import ROOT
from tests.conftest import MARKED

COMMANDS = ("test", "test-screens", "test-faults", "test-long")


def asked_by(command):
    """Return the marks that a command of the Makefile asks for."""
    return re.search(rf'^{command}: .*\n\t.*\$\(RUN_TESTS\) "(.+)"$', (ROOT / "Makefile").read_text(), re.M)[1]


@pytest.mark.parametrize(("folder", "long"), list(product((*MARKED, "library"), (False, True))))
def test_one_command_runs_a_test(folder, long):
    marks = {mark: mark == folder for mark in MARKED} | {"long": long}
    assert [eval(asked_by(command), marks) for command in COMMANDS].count(True) == 1


def test_ci_runs_every_command():
    run = (ROOT / ".ci" / "run").read_text()
    assert [command for command in COMMANDS if not re.search(rf"\bmake {command}(?![\w-])", run)] == []


def test_ci_leaves_out_one_test_alone_whose_long_form_looks_at_the_same_screens():
    """Both look at screens of one list, the long one at all of them in more ways (``check_once`` and nine ways)."""
    left_out = re.findall(r"--deselect=(\S+?)::(\w+)", (ROOT / ".ci" / "run").read_text())
    assert left_out == [("tests/browser/test_screens.py", "test_every_screen_fits_and_is_accessible")]
    text = (ROOT / left_out[0][0]).read_text(encoding="utf-8")
    long = text.partition("def test_every_screen_is_accessible_in_every_size_by_day_by_night_and_in_forced_colours(")[2]
    assert "def test_every_screen_fits_and_is_accessible(" in text
    assert all(f"{check}(" in long.partition("\ndef ")[0] for check in ("check_once", "objections", "wrong"))
