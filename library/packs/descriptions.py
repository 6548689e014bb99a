"""The description of each table of a pack in Table Schema, for other programs and for our own reading."""

from collections.abc import Iterator, Mapping
from typing import Any

from peewee import BlobField, BooleanField, DateField, DateTimeField, Field, ForeignKeyField, IntegerField

from library.packs.contents import blob_file
from models import Table

_KINDS: tuple[tuple[type[Field], str], ...] = (
    (DateTimeField, "datetime"),
    (DateField, "date"),
    (BooleanField, "boolean"),
    (IntegerField, "integer"),
)


def schema(table: type[Table], present: set[str]) -> dict[str, Any]:
    """Return a table's description in Table Schema. ``present``: the names of all tables of the pack."""
    meta = table._meta
    described: dict[str, Any] = {
        "fields": [_described(field, meta.table_name) for field in meta.sorted_fields],
        "missingValues": ["\\N"],
        "primaryKey": [field.column_name for field in meta.get_primary_keys()],
    }
    if keys := list(_foreign_keys(table, present)):
        described["foreignKeys"] = keys
    return described


def _described(field: Field, table: str) -> dict[str, Any]:
    known: dict[str, Any] = {"name": field.column_name, "type": _kind(field)}
    if isinstance(field, BlobField):
        known["blob"] = blob_file(table)
    if not field.null:
        known["constraints"] = {"required": True}
    return known


def _kind(field: Field) -> str:
    while isinstance(field, ForeignKeyField):
        field = field.rel_field
    return next((name for kinds, name in _KINDS if isinstance(field, kinds)), "string")


def _foreign_keys(table: type[Table], present: set[str]) -> Iterator[Mapping[str, Any]]:
    for field, model in table._meta.refs.items():
        if model._meta.table_name in present:
            reference = {"resource": model._meta.table_name, "fields": field.rel_field.column_name}
            yield {"fields": field.column_name, "reference": reference}
