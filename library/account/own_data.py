"""A patron's own data as files: JSON for programs, CSV for spreadsheets. Tables and columns:
``library.account.own_parts``.
"""

import io
import json
import zipfile
from dataclasses import replace
from datetime import date, datetime

from peewee import JOIN, Model, ModelSelect

from library import audit, audit_words, clock, patron_columns
from library.account.own_parts import PARTS, Part
from library.files.report import as_csv
from library.patrons import homes
from library.store import database
from library.store.queries import tuples
from models import Audit, Patron


def as_json(patron: Patron, *, now: datetime) -> bytes:
    """Return one JSON object: name of a part → list of rows, each column → value; ``made_at`` is the moment."""
    found = {
        part.name: [dict(zip(part.columns, map(_plain, row), strict=True)) for row in rows]
        for part, rows in _read(patron)
    }
    made = {"made_at": now.isoformat(timespec="seconds"), **found}
    return json.dumps(made, ensure_ascii=False, indent=1).encode()


def as_tables(patron: Patron, *, now: datetime) -> bytes:
    """Return a zip with one CSV file a part, empty ones too: UTF-8 with BOM, and no cell that a
    spreadsheet would run.
    """
    file, moment = io.BytesIO(), clock.local(now).timetuple()[:6]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (part, rows) in enumerate(_read(patron), start=1):
            named = zipfile.ZipInfo(f"{number:02}_{part.label}.csv", moment)
            table = as_csv(part.columns.values(), (map(_words, row) for row in rows))
            archive.writestr(named, table, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def note_download(patron: Patron, *, now: datetime) -> None:
    """Record that the patron downloaded their data."""
    with database.writing():
        audit.record("data.downloaded", actor="patron", now=now, patron=patron, via="site")


def profile(patron: Patron) -> list[tuple[str, str]]:
    """Return the columns of a patron's row as (heading, words)."""
    part = _parts(patron)[0]
    (row,) = tuples(_select(part, patron))
    return [
        (heading, _words(value)) for heading, value in zip(part.columns.values(), _in_words(part, row), strict=True)
    ]


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _words(value: object) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, datetime):
        return f"{clock.local(value):%Y-%m-%d %H:%M}"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)


# -- reading ---------------------------------------------------------------------------------------------------------
def _read(patron: Patron) -> list[tuple]:
    """Return each part with its rows."""
    return [(part, [_in_words(part, row) for row in tuples(_select(part, patron))]) for part in _parts(patron)]


def _parts(patron: Patron) -> tuple[Part, ...]:
    """Return the parts, the first without the columns that a 団体 alone has, unless it is one."""
    if homes.is_group(patron.category):
        return PARTS
    own = {path: words for path, words in PARTS[0].columns.items() if path not in patron_columns.OF_GROUPS}
    return (replace(PARTS[0], columns=own), *PARTS[1:])


def _select(part: Part, patron: Patron) -> ModelSelect:
    query, columns, reached = part.model.select(), [], {"": part.model}
    for path in part.columns:
        *keys, last = path.split(".")
        for depth, key in enumerate(keys):
            here, there = ".".join(keys[:depth]), ".".join(keys[: depth + 1])
            if there not in reached:
                reached[there] = getattr(part.model if not here else _model_at(part.model, here), key).rel_model.alias()
                on = getattr(reached[here], key) == reached[there].id
                query = query.join_from(reached[here], reached[there], JOIN.LEFT_OUTER, on=on)
        columns.append(getattr(reached[".".join(keys)], last))
    return query.select(*columns).where(part.mine(patron)).order_by(*part.model._meta.get_primary_keys())


def _model_at(model: type[Model], path: str) -> type[Model]:
    for key in path.split("."):
        model = getattr(model, key).rel_model
    return model


def _in_words(part: Part, row: tuple) -> tuple:
    """Return a row with the words of the pages for codes. Staff are not named, and their reasons and notes are left
    out.
    """
    values = []
    for path, value in zip(part.columns, row, strict=True):
        words = part.words.get(path.rpartition(".")[2], {})
        words = words() if callable(words) else words
        if part.model is Audit and path == "actor":
            value = "図書館" if value.startswith("staff:") else audit_words.actor(value)
        elif part.model is Audit and path == "details":
            value = audit_words.details({name: value[name] for name in value if name in ("fields", "of", "mail")})
        values.append(words.get(value, value) if isinstance(value, str) else value)
    return tuple(values)
