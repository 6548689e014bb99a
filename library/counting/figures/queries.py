"""The queries of figures: one text each, run as it is printed. No person, title or copy is in a query or its rows."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from library import dates, policy
from library.counting.figures import definitions
from library.store import engine

_ONE = "SELECT {part} AS part, {amount} AS number FROM {rows} WHERE {where} GROUP BY 1 ORDER BY 1"
_MARK = re.compile(r":([a-z_]+)")
NOTHING = "SELECT '' WHERE 1 = 0"  # the words of an empty list
Values = dict[str, Any]


def rules(policies: policy.Policy | None = None) -> Values:
    """Return the library's own words and choices that queries take."""
    names = ("magazine_types", "audiovisual_types", "group_categories", "partner_categories", "count_renewals")
    return (policies or policy).several(*names)


def values(first: date, last: date, branch: int | None, rules: Values) -> Values:
    """Return the parameters of all queries for a span and a branch, of a library with these ``rules``."""
    return days(first, last) | {
        "branch": branch,
        "magazines": rules["magazine_types"],
        "audiovisual": rules["audiovisual_types"],
        "groups": [each for each in rules["group_categories"] if each not in rules["partner_categories"]],
        "no_persons": [*rules["group_categories"], *rules["partner_categories"]],
        "loans": ["loan", "renewal"] if rules["count_renewals"] else ["loan"],
    }


def days(first: date, last: date) -> Values:
    """Return the days that queries of a span take.

    ``morning``: after the last day; ``pupils_from``, ``pupils_to``: births of those who are 小学生 then.
    """
    morning = last + timedelta(days=1)
    year = dates.fiscal_year(morning)[0].year
    return {
        "first": first,
        "last": last,
        "morning": morning,
        "first_month": first.replace(day=1),
        "last_month": last.replace(day=1),
        "pupils_from": date(year - 12, 4, 2),
        "pupils_to": date(year - 6, 4, 1),
    }


def text(figure: definitions.Figure, source: definitions.Source, by: str, given: Values) -> str:
    """Return the query of a figure as it is printed: with its days and words. ``source``: its own, or frozen months."""
    return _filled(_text([figure], source, by, given), given, _literal)


def rows(figures: Sequence[definitions.Figure], source: definitions.Source, by: str, given: Values) -> list[tuple]:
    """Return (part, number of each figure) in one reading of their source."""
    found: list[Any] = []

    def take(value: Any) -> str:
        found.append(value.isoformat() if isinstance(value, date) else value)
        return "?"

    sql = _filled(_text(figures, source, by, given), given, take)
    return engine.run(sql, found).fetchall()


def _text(figures: Sequence[definitions.Figure], source: definitions.Source, by: str, given: Values) -> str:
    is_stored = source in definitions.STORED
    number = "month_figure.number" if is_stored else "1"
    conditions = [f"month_figure.name = '{each.name}'" if is_stored else each.condition for each in figures]
    where = [source.span, *([f"{source.groups['branch']} = :branch"] if given["branch"] is not None else [])]
    if len(figures) == 1:
        amounts = "SUM(month_figure.number)" if is_stored else "COUNT(*)"
        where += conditions
    else:
        amounts = ", ".join(f"SUM(CASE WHEN {each} THEN {number} ELSE 0 END)" for each in conditions)
        where += [f"({' OR '.join(conditions)})"] if is_stored else []
    part = source.groups[by]
    return _ONE.format(part=part, amount=amounts, rows=source.rows, where=" AND ".join(where))


def _filled(sql: str, given: Values, take: Any) -> str:
    def one(found: re.Match[str]) -> str:
        value = given[found[1]]
        return (", ".join(map(take, value)) or NOTHING) if isinstance(value, list) else take(value)

    return _MARK.sub(one, sql)


def _literal(value: date | str | int) -> str:
    return str(value) if isinstance(value, int) else "'" + str(value).replace("'", "''") + "'"
