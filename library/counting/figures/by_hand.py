"""Figures that the desk enters by hand: 来館者 and others by month and branch, 奉仕人口 and others by 年度. Empty is not 0."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from library import audit, errors
from library.counting.figures.definitions import FIGURES, Figure
from library.store import database
from library.store.queries import tuples
from models import Branch, MonthFigure, YearFigure

OF_MONTH = tuple(figure for figure in FIGURES.values() if figure.by_hand and not figure.year)
OF_YEAR = tuple(figure for figure in FIGURES.values() if figure.year)
MOST = 99_999_999


def of_months(branch: int, first: date, last: date) -> dict[date, dict[str, int]]:
    """Return month → name → number, of a branch."""
    rows = MonthFigure.select(MonthFigure.month, MonthFigure.name, MonthFigure.number).where(
        MonthFigure.branch == branch,
        MonthFigure.month.between(first, last),
        MonthFigure.name.in_([figure.name for figure in OF_MONTH]),
    )
    return _grouped(rows)


def of_years() -> dict[int, dict[str, int]]:
    """Return 年度 → name → number."""
    return _grouped(YearFigure.select(YearFigure.year, YearFigure.name, YearFigure.number))


def _grouped(rows: Any) -> dict[Any, dict[str, int]]:
    found: dict[Any, dict[str, int]] = {}
    for when, name, number in tuples(rows):
        found.setdefault(when, {})[name] = number
    return found


def enter_month(branch: Branch, month: date, typed: Mapping[str, str], *, by: str, now: datetime) -> None:
    """Store the figures of a month of a branch; an empty one is removed. Raises: RefusedTogether."""
    numbers = _read(typed, OF_MONTH)
    with database.writing():
        _store(MonthFigure, {"branch": branch, "month": month}, numbers)
        audit.record("figures.entered", actor=by, now=now, of=f"{branch.name} {month.year}年{month.month}月")


def enter_year(year: int, typed: Mapping[str, str], *, by: str, now: datetime) -> None:
    """Store the figures of a 年度; an empty one is removed. Raises: RefusedTogether."""
    numbers = _read(typed, OF_YEAR)
    with database.writing():
        _store(YearFigure, {"year": year}, numbers)
        audit.record("figures.entered", actor=by, now=now, of=f"{year}年度")


def _read(typed: Mapping[str, str], figures: Iterable[Figure]) -> dict[str, int | None]:
    numbers: dict[str, int | None] = {}
    refused: dict[str, list[errors.Refused]] = {}
    for figure in figures:
        text = unicodedata.normalize("NFKC", typed[figure.name]).replace(",", "").strip()
        if text and not (text.isascii() and text.isdigit() and int(text) <= MOST):
            refused[figure.name] = [errors.NumberOutOfRange(low=0, high=MOST)]
        else:
            numbers[figure.name] = int(text) if text else None
    if refused:
        raise errors.RefusedTogether(refused)
    return numbers


def _store(table: Any, key: Mapping[str, Any], numbers: Mapping[str, int | None]) -> None:
    at = [getattr(table, name) == value for name, value in key.items()]
    table.delete().where(*at, table.name.in_(list(numbers))).execute()
    if rows := [{**key, "name": name, "number": number} for name, number in numbers.items() if number is not None]:
        table.insert_many(rows).execute()
