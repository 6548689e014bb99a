"""The description of each table of a pack in Table Schema, for other programs and for our own reading.

columns.tsv has the Japanese title and sentence of each table and column; what it says of ``*`` is so in all tables.
Where it has no title, that of the patron's columns or of the records' headings is taken.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from peewee import BlobField, BooleanField, DateField, DateTimeField, Field, ForeignKeyField, IntegerField

from library import patron_columns
from library.catalog.readers import title_tables
from library.packs.contents import blob_file
from models import Table

WORDS = Path(__file__).with_name("columns.tsv")
TITLES = {"patron": patron_columns.LABELS, "title": title_tables.LABELS}

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
        **_worded(meta.table_name, ""),
        "fields": [_described(field, meta.table_name) for field in meta.sorted_fields],
        "missingValues": ["\\N"],
        "primaryKey": [field.column_name for field in meta.get_primary_keys()],
    }
    if keys := list(_foreign_keys(table, present)):
        described["foreignKeys"] = keys
    return described


@cache
def words() -> dict[tuple[str, str], list[str]]:
    """Return (table, column) → Japanese title and sentence; the column is empty for the table itself."""
    lines = WORDS.read_text(encoding="utf-8").splitlines()[1:]
    return {(table, column): said for table, column, *said in (line.split("\t") for line in lines)}


def _worded(table: str, column: str, name: str = "") -> dict[str, str]:
    title, sentence = words().get((table, column)) or words().get(("*", column), (column or table, ""))
    return {"title": title or TITLES[table][name], "description": sentence}


def _described(field: Field, table: str) -> dict[str, Any]:
    worded = _worded(table, field.column_name, field.name)
    known: dict[str, Any] = {"name": field.column_name, **worded, "type": _kind(field)}
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
