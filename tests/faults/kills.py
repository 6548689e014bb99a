"""The number of kills of a long run: 500 in all, or as many as ``KILLS`` says."""

import os

ALL = 500
KILLS = int(os.environ.get("KILLS") or ALL)


def share(of: int) -> int:
    """Return so many of the 500 kills, or the same part of fewer; at least one."""
    return max(1, of * KILLS // ALL)
