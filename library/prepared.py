"""Questions that pages ask all the time: their SQL is built once.

To build the SQL of a query takes peewee ten times longer than SQLite needs to answer it (docs/adr/0041-prepared-questions.md).
"""

from collections.abc import Callable

from peewee import Value

from models import database


class _Blank:
    def __init__(self, name):
        self.name = name


def blank(name: str) -> Value:
    """A place in a prepared query that is filled in when it is asked: with a number or a text, as the column keeps it."""
    return Value(_Blank(name), converter=False)


class Prepared:
    """A select that is made by ``build()`` at its first use and asked with its blanks filled in: ``rows(card=…)``."""

    def __init__(self, build: Callable):
        self._build = build
        self._made = None  # (query, sql, parameters), set at once so that threads see all or nothing

    def rows(self, **filled) -> list:
        query, sql, parameters = self._made or self._make()
        values = [filled[value.name] if isinstance(value, _Blank) else value for value in parameters]
        return list(query._get_cursor_wrapper(database.execute_sql(sql, values)))

    def first(self, **filled):
        """The first row, or None. All that the query finds is read: for questions with few answers."""
        return next(iter(self.rows(**filled)), None)

    def _make(self):
        query = self._build()
        self._made = (query, *query.sql())
        return self._made
