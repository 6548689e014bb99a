"""QR code (JIS X 0510) of a number, for scanners that can't read bars."""

from collections.abc import Sequence

import segno

QUIET = 4  # squares that stay white on each side


class Squares:
    """The dark squares of one number as the path of an image; ``side``: squares of a side, with the margin."""

    def __init__(self, rows: Sequence[Sequence[int]]):
        self.side = len(rows) + 2 * QUIET
        self.path = "".join(
            f"M{QUIET + x} {QUIET + y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
        )


def squares(number: str) -> Squares:
    """Return the squares of a number, at correction level M against scratches."""
    return Squares(segno.make_qr(number, error="m", boost_error=False).matrix)
