"""バーコード of a number for library scanners: NW-7 (Codabar, JIS X 0506) or Code39 (JIS X 0503)."""

import re
from collections.abc import Sequence

import barcode
from barcode.charsets import code39 as charset
from barcode.errors import BarcodeError

from library.numbers import formats

QUIET = 10  # narrow bars that stay white on each side
NARROW, WIDE = 2, 5  # units of the image


class Bars:
    """The bars of one number. ``black``: (first unit, units); ``units``: width with margins; ``path``: of an image."""

    def __init__(self, modules: str):
        self.black = []
        place = QUIET * NARROW
        for run in re.findall("1+|0+", modules):
            if run[0] == "1":
                self.black.append((place, len(run)))
            place += len(run)
        self.units = place + QUIET * NARROW
        self.path = "".join(f"M{first} 0h{units}v1h-{units}z" for first, units in self.black)


def draw(number: str, known: Sequence[formats.Form]) -> Bars | None:
    """Return the bars of a number in the code of its form, else NW-7, else Code39; None if none has its characters."""
    form = next((each for each in known if each.fits(number)), formats.Form())
    drawn = code39(number) if form.bars == "code39" else None
    return drawn or nw7(number, form.letter) or code39(number)


def nw7(number: str, letter: str = "A") -> Bars | None:
    """Return NW-7 bars with start and stop ``letter``; None if the number has anything but digits and - $ : / . +"""
    try:
        modules = barcode.get("nw-7", f"{letter}{number}{letter}").build()[0] if number else ""
    except BarcodeError:
        return None
    return Bars(modules.strip("0")) if modules else None


def code39(number: str) -> Bars | None:
    """Return Code39 bars with start and stop ``*``; None if it has anything but digits, capitals and - . $ / +"""
    if not number or not set(number) <= set(charset.MAP) - set(" %"):
        return None
    shapes = [charset.EDGE, *(charset.MAP[each][1] for each in number), charset.EDGE]
    widened = [re.sub("(.)\\1*", _widths, shape) for shape in shapes]
    return Bars(("0" * NARROW).join(widened))


def _widths(run: re.Match[str]) -> str:
    return run[1] * (WIDE if len(run[0]) > 1 else NARROW)
