"""Barcodes of the desk's own: on labels of copies and cards."""

from library.counting import labels, nw7


def drawn(number: str, sheet: labels.Sheet) -> dict | None:
    """Return the bars of a number as one path, and their width in millimetres on a sheet; None for one that NW-7 can't say."""
    bars = nw7.bars(number)
    if bars is None:
        return None
    return {"path": bars.path, "units": bars.units, "width": sheet.bar_width(bars.units)}
