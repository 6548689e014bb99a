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
