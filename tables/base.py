"""Fields and base class of all tables.

Moments are stored in UTC and read with their zone; days (due dates, birthdays) are dates. peewee adds ``branch_id`` to
a foreign key ``branch``, and its ``backref`` to the other table: annotations name those in use.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, TypeVar

from peewee import (
    SQL,
    AutoField,
    BooleanField,
    Check,
    DatabaseProxy,
    DateTimeField,
    Field,
    ForeignKeyField,
    IntegerField,
    Model,
    Node,
    TextField,
)

M = TypeVar("M", bound=Model)

database = DatabaseProxy()
FIRST_MOMENT = datetime(1970, 1, 1, tzinfo=UTC)


class InstantField(DateTimeField):
    """A moment, stored in UTC without zone, read in UTC with it."""

    def db_value(self, value: datetime | None) -> Any:
        if value is not None and value.tzinfo is not None:
            value = value.astimezone(UTC).replace(tzinfo=None)
        return super().db_value(value)

    def python_value(self, value: datetime | str | None) -> datetime | None:
        if isinstance(value, str):
            value = datetime.fromisoformat(value)
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


class JSONField(Field):
    """A small structure, stored as JSON text so that both databases read it alike."""

    field_type = "TEXT"

    def db_value(self, value: Any) -> str | None:
        return None if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)

    def python_value(self, value: str | None) -> Any:
        return None if value is None else json.loads(value)


class TableMeta:
    database = database
    legacy_table_names = False


class Table(Model):
    id = AutoField()

    Meta: type = TableMeta


def one_of(column: str, *values: str) -> Node:
    listed = ", ".join(f"'{value}'" for value in values)
    return Check(f"{column} IN ({listed})")


def later_text(*constraints: Node) -> TextField[str]:
    """Return a text column added after its table was made; empty in older rows."""
    return TextField(default="", constraints=[SQL("DEFAULT ''"), *constraints])


def later_flag() -> BooleanField[bool]:
    return BooleanField(default=False, constraints=[SQL("DEFAULT FALSE")])


def later_moment() -> DateTimeField[datetime]:
    """Return a column of moments added after its table was made; 1970-01-01 in older rows."""
    return InstantField(default=FIRST_MOMENT, constraints=[SQL("DEFAULT '1970-01-01 00:00:00'")])


def later_number() -> IntegerField[int]:
    return IntegerField(default=0, constraints=[SQL("DEFAULT 0")])


def later_key(model: type[M], on_delete: str = "SET NULL", **options: Any) -> ForeignKeyField[M | None]:
    """Return a foreign key added after its table was made, with its constraint inline, as none can be added later."""
    options |= {
        "null": True,
        "constraints": [SQL(f'REFERENCES "{model._meta.table_name}" ("id") ON DELETE {on_delete}')],
    }
    return ForeignKeyField(model, _deferred=True, **options)  # pyright: ignore[reportCallIssue] (the stubs lack it)


def holder_key(model: type[M], **options: Any) -> ForeignKeyField[M]:
    """Return the foreign key to a row's patron, typed as never null: only a sealed row, found by ``sealed_for``, has
    none.
    """
    return ForeignKeyField(model, null=True, on_delete="CASCADE", **options)  # pyright: ignore[reportReturnType]
