"""NW-7 (Codabar, JIS X 0506): the bars that scanners of libraries read."""

import barcode
from barcode.errors import BarcodeError

QUIET = 10  # narrow bars that stay white on each side
NARROW = 2  # units of the image in a narrow bar; a wide one has five
END = "A"  # start and stop letter; whoever reads a number drops them


class Bars:
    """The bars of one number, (first unit, units) each; the path of an image one unit high; all units with the white."""

    def __init__(self, modules: str):
        self.black = []
        place = QUIET * NARROW
        for run in modules.replace("01", "0 1").replace("10", "1 0").split():
            if run[0] == "1":
                self.black.append((place, len(run)))
            place += len(run)
        self.units = place + QUIET * NARROW
        self.path = "".join(f"M{first} 0h{units}v1h-{units}z" for first, units in self.black)


def bars(number: str) -> Bars | None:
    """Return the bars; None for a number with something else than digits and - $ : / . +, which NW-7 can't say."""
    try:
        modules = barcode.get("nw-7", f"{END}{number}{END}").build()[0] if number else ""
    except BarcodeError:
        return None
    return Bars(modules.strip("0")) if modules else None
