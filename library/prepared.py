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
        self._made = None  # (SQL, parameters, what makes a row), set at once so that threads see all or nothing

    def rows(self, **filled) -> list:
        sql, parameters, make_row = self._made or self._make(filled)
        found = database.execute_sql(sql, _filled_in(parameters, filled)).fetchall()
        return [make_row(row) for row in found]

    def first(self, **filled):
        """The first row, or None. All that the query finds is read: for questions with few answers."""
        return next(iter(self.rows(**filled)), None)

    def _make(self, filled):
        """Ask once: peewee learns from the columns of an answer how rows are made of it."""
        query = self._build()
        sql, parameters = query.sql()
        cursor = database.execute_sql(sql, _filled_in(parameters, filled))
        wrapper = query._get_cursor_wrapper(cursor)
        wrapper.initialize()
        wrapper.cursor = None
        cursor.close()
        self._made = (sql, parameters, wrapper.process_row)
        return self._made


def _filled_in(parameters, filled):
    return [filled[value.name] if isinstance(value, _Blank) else value for value in parameters]
