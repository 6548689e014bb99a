"""Settings that a library changes without touching code: the database's row, else the default of
``policy_settings``.
"""

import json
from collections import namedtuple
from typing import Any

from peewee import Select

from library import policy_settings
from library.store.queries import Query, pairs_as_json, rows_as_json
from models import PolicyRow, Setting, database

DEFAULTS = {name: setting.default for name, setting in policy_settings.ALL.items()}
LENDING = tuple(setting.name for setting in policy_settings.LENDING)

_SETTINGS = Query(lambda: Setting.select(Setting.name, Setting.value.cast("text")).tuples())
_ROW = namedtuple("Row", ("category", "material_type", *LENDING))
_BOTH = Query(
    lambda: Select(
        columns=(
            Setting.select(pairs_as_json(Setting.name, Setting.value.cast("text"))),
            PolicyRow.select(rows_as_json(*(getattr(PolicyRow, name) for name in _ROW._fields))),
        )
    ).bind(database)
)


class Policy:
    """All settings and rows as they were when it was read: for work that asks about many loans, titles
    or categories.
    """

    def __init__(self, stored: dict[str, str], rows: list) -> None:
        self._stored, self._rows = stored, {(row.category, row.material_type): row for row in rows}

    def get(self, name: str) -> Any:
        """Return the value of one setting. Raises: KeyError for a name that does not exist."""
        return json.loads(self._stored[name] or "null") if name in self._stored else DEFAULTS[name]

    def several(self, *names: str) -> dict[str, Any]:
        """Return the values of several settings by name."""
        return {name: self.get(name) for name in names}

    def lending(self, category: str, material_type: str = "", *, own: bool = True) -> dict[str, Any]:
        """Return the rules for patrons of a category and items of a type: the closest row that says something, column
        by column.

        A row of category and type comes before one of the type, that before one of the category, that before the
        default row. Without ``own``: what would hold if the first of these said nothing.
        """
        exact = (category, material_type)
        wanted = dict.fromkeys([exact, ("", material_type), (category, "")])
        near = [self._rows[key] for key in wanted if key in self._rows and (own or key != exact)]
        own_values = {name: value for name in LENDING if (value := _nearest(near, name)) is not None}
        return self.several(*LENDING) | own_values

    def type_limit(self, name: str, category: str, material_type: str) -> int | None:
        """Return the number of one type alone (``loan_limit``, ``hold_limit``), where a row of the type says so."""
        keys = ((category, material_type), ("", material_type))
        return _nearest([self._rows[key] for key in keys if key in self._rows and material_type], name)

    def rows(self) -> list:
        """Return all that differs from the default row, by category and type."""
        return list(self._rows.values())


def _nearest(rows: list, name: str) -> Any:
    """Return the value of this column in the first row that has one; None where none has."""
    return next((value for row in rows if (value := getattr(row, name)) is not None), None)


def read() -> Policy:
    """Return the policy as it is now, in one query."""
    settings, rows = map(json.loads, _BOTH.rows()[0])
    return Policy(settings, [_row(*values) for values in sorted(rows)])


def _row(category: str, material_type: str, *columns: int | None) -> _ROW:
    """Return a row with truth values as Python has them; SQLite has 0 and 1."""
    values = dict(zip(LENDING, columns, strict=True))
    booleans = {name: bool(values[name]) for name in ("lendable", "holdable") if values[name] is not None}
    return _ROW(category, material_type, **values | booleans)


def get(name: str) -> Any:
    """Return the value of one setting. Raises: KeyError for a name that does not exist."""
    return several(name)[name]


def several(*names: str) -> dict[str, Any]:
    """Return the values of several settings by name, in one query."""
    return Policy(dict(_SETTINGS.rows()), []).several(*names)


def lending(category: str, material_type: str = "", *, own: bool = True) -> dict[str, Any]:
    """Return the rules of one category and type: see ``Policy.lending``."""
    return read().lending(category, material_type, own=own)


def put(name: str, value: Any) -> None:
    """Store the value of a setting. Raises: KeyError for a name that does not exist."""
    if name not in DEFAULTS:
        raise KeyError(name)
    stored = Setting.insert(name=name, value=value)
    stored.on_conflict(conflict_target=[Setting.name], preserve=[Setting.value]).execute()


def put_row(category: str, material_type: str, **columns: Any) -> None:
    """Say what differs for a category, a type or both; a column that is None says nothing."""
    values = dict.fromkeys(LENDING) | columns
    PolicyRow.insert(category=category, material_type=material_type, **values).on_conflict(
        conflict_target=[PolicyRow.category, PolicyRow.material_type], update=values
    ).execute()


def ship_rows() -> None:
    """Give a new library the rules that differ for the shipped categories: those of 団体."""
    for category, columns in policy_settings.SHIPPED_ROWS.items():
        put_row(category, "", **columns)


def drop_row(category: str, material_type: str) -> None:
    PolicyRow.delete().where(PolicyRow.category == category, PolicyRow.material_type == material_type).execute()
