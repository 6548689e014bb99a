"""Barcodes of the desk's own: on labels of copies and cards."""

from collections.abc import Sequence

from library.counting import bars, labels
from library.numbers import formats


def bars_of(number: str, sheet: labels.Sheet, known: Sequence[formats.Form]) -> dict | None:
    """Return the bars of a number as one path, and their width in millimetres on a sheet; None for one that no bars can say, or whose bars
    would be too fine there. ``known``: the forms of such numbers.
    """
    made = bars.draw(number, known)
    if made is None or not sheet.has_room(made.units):
        return None
    return {"path": made.path, "units": made.units, "width": sheet.bar_width(made.units)}
