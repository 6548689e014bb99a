"""A look at a file before it is read in: which column is which, its first rows."""

from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from library import errors
from library.catalog.readers import formats, title_tables
from library.catalog.readers.entries import Entry
from library.files import spreadsheets
from library.importing import items
from models import full_name

SHOWN = 3  # rows
KINDS = {"titles": title_tables.COLUMNS, "items": items.COLUMNS}
TITLES = 5  # first records of a file that is no table


@dataclass
class Preview:
    """``columns``: (Column, the heading it goes by or "", its first cells); of a file that is no table ``titles`` of the first records.
    ``charset`` is what people call the encoding that was found or chosen, empty for UTF-8.
    """

    headings: list[str] = field(default_factory=list)
    columns: list[tuple] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    charset: str = ""


def read(kind: str, path: Path, mapping: dict[str, str], encoding: str = "") -> Preview:
    """Return the preview of a file; a column that must be there may be missing still. Refused when it is none of its kind."""
    if kind == "titles":
        with suppress(errors.HeadingsMissing), formats.opened(path, encoding=encoding) as catalogue:
            if catalogue.named:
                return Preview(
                    titles=[_title_of(entry) for entry in islice(catalogue, TITLES)], charset=catalogue.charset
                )
    return _of_table(path, [replace(column, required=False) for column in KINDS[kind]], mapping, encoding)


def _title_of(entry: Entry) -> str:
    try:
        record = entry.opened()
    except errors.RefusedTogether as refused:
        return "".join(reason.sentence for reasons in refused.by_field.values() for reason in reasons)
    return full_name(record.title, record.volume)


def _of_table(path: Path, columns: list[spreadsheets.Column], mapping: dict[str, str], encoding: str) -> Preview:
    with spreadsheets.opened(path, columns, mapping=mapping, encoding=encoding) as table:
        rows = list(islice(table, SHOWN))
        named = [
            (column, table.heading_of(column.name), [row.cells.get(column.name, "") for row in rows])
            for column in columns
        ]
        headings = list(dict.fromkeys(filter(None, table.headings)))
        return Preview(headings=headings, columns=named, charset=table.charset)
