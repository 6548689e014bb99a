"""The lists of requirements: what is pinned can be installed with the oldest Python that pyproject.toml promises."""

import importlib.metadata
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).resolve().parents[2]
LISTS = sorted(ROOT.glob("requirements*.txt"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
OLDEST = PROJECT["requires-python"].removeprefix(">=")


def pinned(file):
    lines = (line.strip() for line in file.read_text(encoding="utf-8").splitlines())
    wanted = [Requirement(line) for line in lines if line and not line.startswith(("#", "-r "))]
    return [each for each in wanted if each.marker is None or each.marker.evaluate()]


@pytest.mark.parametrize("file", LISTS, ids=lambda file: file.name)
def test_each_pinned_package_takes_the_oldest_python_that_is_promised(file):
    assert {
        each.name: requires
        for each in pinned(file)
        if OLDEST not in SpecifierSet(requires := importlib.metadata.metadata(each.name).get("Requires-Python", ""))
    } == {}
