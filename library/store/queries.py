"""Compiled queries: selects whose SQL is built once and run often.

peewee takes ten times longer to build the SQL than SQLite to answer it (docs/adr/0041-compiled-queries.md).
"""

import json
from collections import namedtuple
from collections.abc import Callable, Iterable
from typing import Any

from peewee import (
    SQL,
    Alias,
    AutoField,
    Cast,
    CharField,
    Field,
    ForeignKeyField,
    Function,
    IntegerField,
    Select,
    TextField,
    Value,
    fn,
)

from library.store import engine
from models import database

AS_STORED = {
    AutoField,
    CharField,
    ForeignKeyField,
    IntegerField,
    TextField,
}  # fields whose stored values need no conversion


class _Blank:
    def __init__(self, name: str) -> None:
        self.name = name


def blank(name: str) -> Value:
    """Return a named parameter of a query, filled in when it runs with a number, text or day as stored."""
    return Value(_Blank(name), converter=False)


def among(name: str) -> Select:
    """Return a parameter for any number of ids, for ``column.in_(…)``; its value is made by ``listed``."""
    if engine.is_server():
        return Select((fn.json_array_elements_text(Cast(blank(name), "json")),), (SQL("value::bigint"),))
    return Select((fn.json_each(blank(name)),), (SQL("value"),))


def among_texts(name: str) -> Select:
    """Return a parameter for any number of texts, for ``column.in_(…)``; its value is made by ``listed``."""
    if engine.is_server():
        return Select((fn.json_array_elements_text(Cast(blank(name), "json")),), (SQL('value COLLATE "C"'),))
    return among(name)


def listed(values: Iterable[int | str]) -> str:
    """Return the value of an ``among`` parameter: ids or texts as JSON."""
    return json.dumps(list(values))


def rows_as_json(*columns: Any) -> Function | Cast:
    """Return the function that makes one JSON list of all rows of a select, each a list of these columns."""
    if engine.is_server():
        return Cast(fn.coalesce(fn.json_agg(fn.json_build_array(*columns)), SQL("'[]'")), "text")
    return fn.json_group_array(fn.json_array(*columns))


def pairs_as_json(name: Any, value: Any) -> Function | Cast:
    """Return the function that makes one JSON object of all rows of a select: name → value."""
    if engine.is_server():
        return Cast(fn.coalesce(fn.json_object_agg(name, value), SQL("'{}'")), "text")
    return fn.json_group_object(name, value)


def tuples(select: Any) -> list[tuple[Any, ...]]:
    """Return the rows of a select as tuples."""
    return list(select.tuples())


class Query:
    """A select that ``build()`` makes at its first use. ``rows(patron=…)`` fills its parameters; rows have names."""

    def __init__(self, build: Callable[[], Any]) -> None:
        self._build = build
        # is_server → (SQL, parameters, maker of rows), set in one step, as threads share it
        self._compiled: dict[bool, tuple[str, list, Callable]] = {}

    def rows(self, **filled: Any) -> list[Any]:
        """Return all rows."""
        sql, parameters, make_rows = self._compiled.get(engine.is_server()) or self._compile()
        values = [filled[value.name] if isinstance(value, _Blank) else value for value in parameters]
        return make_rows(database.execute_sql(sql, values).fetchall())

    def first(self, **filled: Any) -> Any:
        """Return the first row, or None; all rows are read, so it is for queries of few."""
        return next(iter(self.rows(**filled)), None)

    def _compile(self) -> tuple[str, list, Callable]:
        query = self._build()
        self._compiled[engine.is_server()] = compiled = (*query.sql(), _row_maker(query))
        return compiled


class Models(Query):
    """A query of models. ``model`` is read whole, or as the fields that are named in its place; ``joined`` names those
    of other tables, so too, by their paths (``item.title``), and ``more`` what else is read, by its attribute.
    ``build`` gets the select of all this and adds the joins and conditions. A model is None where a join found none.
    """

    def __init__(self, model: Any, joined: dict[str, Any], build: Callable[[Any], Any], **more: Any) -> None:
        read = {"": model} | joined
        fields = {path: one if isinstance(one, tuple) else one._meta.sorted_fields for path, one in read.items()}
        self._parts = [(path, some[0].model, [field.name for field in some]) for path, some in fields.items()]
        self._more = tuple(more)
        every = [field for some in fields.values() for field in some]
        super().__init__(lambda: build(every[0].model.select(*every, *more.values())))

    def rows(self, **filled: Any) -> list[Any]:
        """Return all rows as models."""
        return [self._model(row) for row in super().rows(**filled)]

    def _model(self, row: Any) -> Any:
        made, start = {}, 0
        for path, model, names in self._parts:
            values = dict(zip(names, row[start : start + len(names)], strict=True))
            made[path] = None if values["id"] is None else model(**values)
            start += len(names)
            whose, _, name = path.rpartition(".")
            if path and made[whose] is not None:
                setattr(made[whose], name, made[path])
        for name, value in zip(self._more, row[start:], strict=True):
            setattr(made[""], name, value)
        return made[""]


def _row_maker(query: Any) -> Callable[[list[tuple]], list[tuple]]:
    while not isinstance(query, Select):  # a union has the columns of its first select
        query = query.lhs
    columns = query.selected_columns
    row = namedtuple("Row", [_name(column) for column in columns], rename=True)
    converted = [(place, convert) for place, column in enumerate(columns) if (convert := _conversion(column))]

    def make_rows(found: list[tuple]) -> list[tuple]:
        if not converted:
            return [row._make(values) for values in found]
        return [row._make(_convert(values, converted)) for values in found]

    return make_rows


def _name(column: Any) -> str:
    """Return the name of a column in a row; a foreign key is ``patron_id``, as on a model."""
    return getattr(column, "object_id_name", "") or getattr(column, "name", "") or "_"


def _conversion(column: Any) -> Callable | None:
    """Return the function from a stored value to its Python value; None if they are the same."""
    field = column.unalias() if isinstance(column, Alias) else column
    return field.python_value if isinstance(field, Field) and type(field) not in AS_STORED else None


def _convert(values: tuple, converted: list[tuple[int, Callable]]) -> list:
    made = list(values)
    for place, convert in converted:
        made[place] = convert(made[place])
    return made
