"""More of a test's values than every run tries."""

from typing import Any

import pytest


def in_the_long_run(*values: Any) -> list:
    """Return these values as parameters of a test for ``make test-long`` alone."""
    return [pytest.param(value, marks=pytest.mark.long) for value in values]
