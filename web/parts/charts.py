"""Bar charts of a ``tallies.Count``, each with its table, for ``_chart.html``."""

from datetime import date

from library import dates
from library.tallies import Count

WIDEST = 8  # percent of a chart that a bar may take
MOST_MARKS = 7  # words below a chart of days or months
YEAR = 12  # months, which may all have their word


def chart_of(count: Count, csv_url: str = "", before: Count | None = None) -> dict[str, object]:
    """Return the values of ``_chart.html``: name, heading, unit, total, largest, bars, address of the CSV.

    ``before``: the same a year before. A day has none beside it, as weekdays shift.
    """
    most = max((number for _, number in count.rows), default=0)
    return {
        "name": count.name,
        "heading": count.heading,
        "unit": count.unit,
        "total": f"{count.total:,}",
        "most": f"{most:,}",
        "by_time": count.by_time,
        "largest": next((_words(count, what) for what, number in count.rows if number == most), None) if most else None,
        "bars": _bars(count, most, before),
        "before": f"{before.total:,}" if before else "",
        "has_columns": bool(before) and not is_by_day(count),
        "csv_url": csv_url,
    }


def _bars(count: Count, most: int, before: Count | None) -> list[dict[str, object]]:
    rows = enumerate(before.rows if before else ())
    earlier = {place if count.by_time else what: number for place, (what, number) in rows}
    room, every = 100 / max(1, len(count.rows)), -(-len(count.rows) // MOST_MARKS)
    wide = min(room * 0.8, WIDEST)
    return [
        {
            "label": _words(count, what),
            "number": f"{number:,}",
            "before": f"{earlier.get(place if count.by_time else what, 0):,}",
            "share": round(number * 100 / most, 2) if most else 0,
            "room": round(100 - number * 100 / most, 2) if most else 100,
            "x": round(place * room, 3),
            "width": round(wide, 3),
            "mark": _mark(count, what) if place % every == 0 else "",
        }
        for place, (what, number) in enumerate(count.rows)
    ]


def _words(count: Count, what: date | str) -> str:
    if not isinstance(what, date):
        return what
    return dates.with_weekday(what) if is_by_day(count) else f"{what.year}年{what.month}月"


def _mark(count: Count, what: date | str) -> str:
    """Return the short words below a bar."""
    if not isinstance(what, date):
        return ""
    if is_by_day(count):
        return f"{what.month}/{what.day}"
    return f"{what.month}月" if len(count.rows) <= YEAR else f"{what.year % 100}/{what.month}"


def is_by_day(count: Count) -> bool:
    """Tell whether it is the count of loans by day."""
    return count.name == "loans_by_day"
