"""Barcodes for the labels of copies and cards."""

from collections.abc import Sequence

from library.counting import bars, labels
from library.numbers import formats


def bars_of(number: str, sheet: labels.Sheet, known: Sequence[formats.Form]) -> dict | None:
    """Return a number's bars as ``path`` and ``units``, with ``width`` in mm on a sheet; None if it can't be coded.

    Also None if the bars would be too fine there. ``known``: the forms of such numbers.
    """
    made = bars.draw(number, known)
    if made is None or not sheet.has_room(made.units):
        return None
    return {"path": made.path, "units": made.units, "width": sheet.bar_width(made.units)}
