"""開館時間 in the form of a branch: two spans a day, each with fields from and to, and the closed weekdays."""

from collections.abc import Mapping
from typing import Any

from library import errors
from library.calendar import hours
from models import Branch

WEEKDAYS = tuple(day for day in hours.DAYS if day != hours.HOLIDAY)


def spans(day: str) -> list[tuple[str, str]]:
    """Return the field names of a day, (from, to) of each span."""
    return [(f"opens_{day}_{number}", f"closes_{day}_{number}") for number in range(1, hours.MOST + 1)]


def closed(day: str) -> str:
    """Return the field name of a weekday's tick for 休館."""
    return f"closed_{day}"


def read(typed: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns ``hours`` and ``closed_weekdays`` from the typed fields. Raises: RefusedTogether by field.

    A closed weekday keeps its hours, for days on which the branch opens all the same (臨時開館).
    """
    problems: dict[str, list[errors.Refused]] = {}
    week = {day: found for day in hours.DAYS if (found := _day(typed, day, problems))}
    if problems:
        raise errors.RefusedTogether(problems)
    return {"hours": week, "closed_weekdays": "".join(day for day in WEEKDAYS if typed[closed(day)])}


def _day(typed: Mapping[str, Any], day: str, problems: dict[str, list[errors.Refused]]) -> hours.Spans:
    """Return the spans of a day; add its refusals to ``problems`` by field."""
    found: hours.Spans = []
    before = len(problems)
    for names in spans(day):
        if not any(typed[name].strip() for name in names):
            continue
        times = [_time(typed[name], name, problems) for name in names]
        if all(times):
            _try(lambda times=times: found.append(hours.span(*times)), names[1], problems)
    if len(problems) > before:
        return []
    return _try(lambda: hours.in_order(found), spans(day)[-1][0], problems) or []


def _time(text: str, name: str, problems: dict[str, list[errors.Refused]]) -> str:
    if not text.strip():
        problems[name] = [errors.HoursHalf()]
        return ""
    return _try(lambda: hours.time(text), name, problems) or ""


def _try(rule: Any, name: str, problems: dict[str, list[errors.Refused]]) -> Any:
    try:
        return rule()
    except errors.Refused as refusal:
        problems[name] = [refusal]
        return None


def shown(branch: Branch) -> dict[str, Any]:
    """Return the values of all fields for a branch."""
    values: dict[str, Any] = {closed(day): day in branch.closed_weekdays for day in WEEKDAYS}
    for day in hours.DAYS:
        values |= _filled(day, branch.hours.get(day, []))
    return values


def _filled(day: str, found: hours.Spans) -> dict[str, str]:
    return {
        name: time
        for names, times in zip(spans(day), found, strict=False)
        for name, time in zip(names, times, strict=True)
    }


def spread(typed: Mapping[str, Any]) -> dict[str, str]:
    """Return field values that fill the open weekdays without hours with those of the first weekday that has any."""
    times = {day: [[typed[name] for name in names] for names in spans(day)] for day in WEEKDAYS}
    first = next((found for found in times.values() if any(map(any, found))), [])
    empty = [day for day, found in times.items() if not any(map(any, found)) and not typed[closed(day)]]
    return {name: time for day in empty for name, time in _filled(day, first).items()}
