"""Questions that pages ask all the time: their SQL is built once.

To build the SQL of a query takes peewee ten times longer than SQLite needs to answer it (docs/adr/0041-prepared-questions.md).
"""

import json
from collections.abc import Callable
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import lru_cache, wraps

from peewee import (
    SQL,
    AutoField,
    CharField,
    DateField,
    ForeignKeyField,
    IntegerField,
    ModelCursorWrapper,
    ModelObjectCursorWrapper,
    ModelTupleCursorWrapper,
    Select,
    TextField,
    Value,
    fn,
)

from models import database

AS_STORED = {
    AutoField,
    CharField,
    IntegerField,
    TextField,
}  # these and no kinds of them: read as the database gives them


SHARED = "shared"  # among the answers of a page: those that serve other pages
_answers = ContextVar("answers", default=None)


def remember_answers():
    """From now on nothing is asked twice, until ``forget_answers``: for a page that reads only."""
    _answers.set({})


def forget_answers():
    _answers.set(None)


@contextmanager
def remembered():
    """Ask nothing twice inside: for a piece of work that reads only."""
    before = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(before)


def once(ask: Callable) -> Callable:
    """What answers hashable questions from shared answers alone (see Prepared): it serves other pages, too. Nobody may change it."""

    @wraps(ask)
    def answer(*asked, **named):
        if (answers := _answers.get()) is None:
            return ask(*asked, **named)
        answers, question = _shared_by_all(answers), (ask, *asked, *named.items())
        if question in answers:
            return answers[question]
        found = ask(*asked, **named)
        if not _may_be_undone():
            answers[question] = found
        return found

    return answer


class _Blank:
    def __init__(self, name):
        self.name = name


def blank(name: str) -> Value:
    """A place in a prepared query that is filled in when it is asked: with a number, a text or a day, as the column keeps it."""
    return Value(_Blank(name), converter=False)


def among(name: str) -> Select:
    """For ``column.in_(…)`` in a prepared query: any number of numbers, which are filled in as ``listed`` makes them one text."""
    return Select((fn.json_each(blank(name)),), (SQL("value"),))


def listed(numbers) -> str:
    return json.dumps(list(numbers))


class Prepared:
    """A select that is made by ``build()`` at its first use and asked with its blanks filled in: ``rows(card=…)``.

    ``shared``: about the library, and about nobody. The answer serves other pages, too, until anything is written.
    """

    def __init__(self, build: Callable, *, shared=False):
        self._build, self._shared = build, shared
        self._made = None  # (SQL, parameters, blanks among them, what makes a row), set at once so that threads see all or nothing

    def rows(self, **filled) -> list:
        answers, question = _answers.get(), (self, *filled.items())
        if answers is None:
            return self._ask(filled)
        if self._shared:
            answers = _shared_by_all(answers)
        if question in answers:
            return list(answers[question])
        found = self._ask(filled)
        if not (self._shared and _may_be_undone()):
            answers[question] = found
        return list(found)

    def _ask(self, filled):
        sql, parameters, blanks, make_row = self._made or self._make(filled)
        found = database.execute_sql(sql, _filled_in(parameters, blanks, filled)).fetchall()
        return [make_row(row) for row in found] if make_row else found

    def first(self, **filled):
        """The first row, or None. All that the query finds is read: for questions with few answers."""
        return next(iter(self.rows(**filled)), None)

    def _make(self, filled):
        """Ask once: peewee learns from the columns of an answer how rows are made of it."""
        query = self._build()
        sql, parameters = _with_constants(*query.sql())
        blanks = [(place, value.name) for place, value in enumerate(parameters) if isinstance(value, _Blank)]
        cursor = database.execute_sql(sql, _filled_in(parameters, blanks, filled))
        wrapper = query._get_cursor_wrapper(cursor)
        wrapper.initialize()
        wrapper.cursor = None
        cursor.close()
        self._made = (sql, parameters, blanks, _maker(wrapper))
        return self._made


def _shared_by_all(answers):
    """The answers that serve other pages, as they are when a page first asks; those of this page alone, where the database
    can't tell of changes.
    """
    if SHARED not in answers:
        still_true = getattr(database.connection(), "answers_still_true", None)
        if still_true is None:
            return answers
        answers[SHARED] = still_true()
    return answers[SHARED]


def _may_be_undone():
    """Whether what is read now stands in a transaction that may be rolled back."""
    return database.in_transaction() or getattr(database.connection(), "in_transaction", False)


def _with_constants(sql, parameters):
    """The same with its constant texts in the SQL. From a list SQLite takes them more slowly, and can't know that an index holds
    what is looked for.
    """
    pieces = sql.split("?")
    if len(pieces) != len(parameters) + 1:  # a server, whose places look otherwise
        return sql, parameters
    made, left = pieces[0], []
    for value, piece in zip(parameters, pieces[1:], strict=True):
        if value is None or (type(value) is str and "\0" not in value):
            made += "NULL" if value is None else "'" + value.replace("'", "''") + "'"
        else:
            made += "?"
            left.append(value)
        made += piece
    return made, left


def _filled_in(parameters, blanks, filled):
    values = parameters.copy()
    for place, name in blanks:
        values[place] = filled[name]
    return values


def _maker(wrapper):
    """What makes a row a model and what was joined to it, as peewee does, with what it finds out for every row found out
    once; None where a row is to be as the database gives it. Joins lead from a foreign key to its table; one that found
    nothing leads to None.
    """
    if isinstance(wrapper, ModelObjectCursorWrapper) and wrapper.is_model:
        columns = [_column(wrapper, *column) for column in enumerate(wrapper.unique_columns)]
        return lambda row: _instance(wrapper.constructor, columns, row)
    if type(wrapper) is ModelTupleCursorWrapper:
        converted = [
            (place, convert) for place, _, convert in (_column(wrapper, n, "") for n in range(wrapper.ncols)) if convert
        ]
        return (lambda row: _converted(row, converted)) if converted else None
    if not isinstance(wrapper, ModelCursorWrapper):
        return wrapper.process_row
    root, made_of = wrapper.model, {}
    for place, key, name, _ in wrapper._row_spec:
        made_of.setdefault(key, []).append(_column(wrapper, place, name))
    parts = [(key, model, made_of[key]) for key, model, _ in wrapper._constructor_list]
    joins = [(source, name, target) for source, name, target, *_ in wrapper.src_to_dest]

    def make(row):
        made = {key: _instance(model, columns, row) for key, model, columns in parts}
        for source, name, target in joins:
            made[source].__rel__[name] = made[target] if any(made[target].__data__.values()) else None
        return made[root]

    return make


def _converted(row, columns):
    values = list(row)
    for place, convert in columns:
        if values[place] is not None:
            values[place] = convert(values[place])
    return tuple(values)


def _column(wrapper, place, name):
    """Where in a row it stands, what it is called in the model, and what makes a Python value of it, if anything must."""
    field = wrapper.fields[place]
    kind, convert = type(field.rel_field if isinstance(field, ForeignKeyField) else field), wrapper.converters[place]
    if convert is None or kind in AS_STORED or type(getattr(convert, "__self__", None)) in AS_STORED:
        return place, name, None
    return place, name, _day if kind is DateField else convert


@lru_cache(maxsize=5000)
def _day(kept):
    """A day as SQLite keeps it; the same few are asked for again and again."""
    return date.fromisoformat(kept) if isinstance(kept, str) else kept


def _instance(model, columns, row):
    instance = model.__new__(model)
    instance.__rel__, instance._dirty = {}, set()
    instance.__data__ = {
        name: row[place] if convert is None or row[place] is None else convert(row[place])
        for place, name, convert in columns
    }
    return instance
