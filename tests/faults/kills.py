"""The number of kills of a long run: 500 in all, or as many as ``KILLS`` says."""

import os

import pytest

ALL = 500
KILLS = int(os.environ.get("KILLS") or ALL)


def share(of: int) -> int:
    """Return so many of the 500 kills, or the same part of fewer; at least one."""
    return max(1, of * KILLS // ALL)


def runs(few: int, part: int) -> list:
    """Return the numbers of kills of a test: a few for its short run, and four parts of the long one."""
    return [few, *(pytest.param(share(part), marks=pytest.mark.long, id=f"part {number}") for number in range(4))]
