"""Days typed at the desk."""

from datetime import date, timedelta

from library import dates, errors

ANY_YEAR = range(1, 10_000)


def read(name: str, text: str, years: range = ANY_YEAR) -> date:
    """Return the day typed into the field ``name``. Raises: RefusedTogether."""
    try:
        day = dates.parse(text[:40])
        if day.year in years:
            return day
    except ValueError:
        pass
    raise errors.RefusedTogether({name: [errors.DateMalformed() if text else errors.FieldEmpty()]})


def read_span(first: str, last: str, *, longest: int, years: range = ANY_YEAR) -> tuple[date, date]:
    """Return the days in the fields ``first`` and ``last``, ``longest`` days at most. Raises: RefusedTogether."""
    begin, end = read("first", first, years), read("last", last, years)
    if not begin <= end < begin + timedelta(days=longest):
        raise errors.RefusedTogether({"last": [errors.SpanImpossible(days=longest)]})
    return begin, end


def between(first: date, last: date) -> list[date]:
    """Return all days from first to last."""
    return [first + timedelta(days=distance) for distance in range((last - first).days + 1)]
