"""Settings that a library changes without touching code: the database's row, else the default here."""

import json
from collections import namedtuple
from typing import Any

from peewee import Select

from library.store.queries import Query, pairs_as_json, rows_as_json
from models import PolicyRow, Setting, database

DEFAULTS = {
    # the default row of lending; what differs for a category of patrons or a material type is in PolicyRow
    "lendable": True,
    "holdable": True,
    "loan_limit": 10,  # items at a time
    "loan_days": 14,
    "renewals": 1,
    "hold_limit": 10,  # open holds, those ready for pickup included
    "cart_limit": 10,
    "shelf_days": 7,  # open days that a copy waits on the shelf
    "categories": ["一般", "児童"],
    "group_categories": [],  # those of categories that are 団体
    "residence_outside": "市外",  # the last word of 居住の別
    "postcard_titles": False,  # 督促のはがき names what is out
    "material_types": ["図書", "雑誌", "CD", "DVD", "紙芝居", "電子書籍"],
    "renew_gain_days": 3,  # a renewal of all leaves out what would gain fewer days
    "family_self_age": 15,  # from which on a child may show the family no titles
    "undo_minutes": 10,  # how long a patron can take back what they did: 元に戻す
    "overdue_stops": True,  # any overdue item stops loans, holds and renewals
    "holds_on_shelf": True,  # 在架予約: holds on items that are in
    "suggestions": True,  # 検索候補, while words are typed
    "overdue_stages": [7, 14, 28],  # days late, at which 督促 goes out
    "card_years": 5,
    "first_password_mode": "birthday",  # or "code": a one-time code printed at the desk
    "first_password_days": 30,  # how long month and day of birth open, from issue
    "first_code_days": 14,
    "password_minimum": 10,  # characters, 8 to 15
    "staff_second_factor": False,  # 窓口 too needs a second factor
    "demonstration": False,  # the library that does not exist
    "moving": None,  # since a library was moved in (移行): {"opens_on": the day, or None}; see library.calendar.before_opening
    "library_name": "",  # over the setting LIBRARY_NAME
    "accent": "",  # #rrggbb; empty: that of the style sheets
    "logo": None,  # the measures of library.site.branding.Logo
    "address": "",
    "phone": "",
    "sdi_day": "金",  # 新着資料のお知らせ goes out on this day of the week, from this hour
    "sdi_hour": 7,
    "reference_days": 90,  # until a question is erased, from its answer on
    "terminals": [],  # addresses and networks of computers in the library
    "desk_networks": [],  # addresses and networks from which the staff sign in
    "card_forms": [{"id": 1, "length": 13, "is_for_new": True}],  # numbers of cards: library.numbers.formats
    "item_forms": [{"id": 1, "letters": True, "is_for_new": True}],  # numbers of copies: 1 to 20 characters
    "holidays_shift": True,  # a closed weekday that is a holiday moves to the next weekday that is none
}
LENDING = ("lendable", "holdable", "loan_limit", "loan_days", "renewals", "hold_limit", "cart_limit", "shelf_days")

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
    """All settings and rows as they were when it was read: for work that asks about many loans, titles or categories."""

    def __init__(self, stored: dict[str, str], rows: list) -> None:
        self._stored, self._rows = stored, {(row.category, row.material_type): row for row in rows}

    def get(self, name: str) -> Any:
        """Return the value of one setting. Raises: KeyError for a name that does not exist."""
        return json.loads(self._stored[name] or "null") if name in self._stored else DEFAULTS[name]

    def several(self, *names: str) -> dict[str, Any]:
        """Return the values of several settings by name."""
        return {name: self.get(name) for name in names}

    def lending(self, category: str, material_type: str = "", *, own: bool = True) -> dict[str, Any]:
        """Return what holds for patrons of a category and items of a type: the closest row that says something, column by column.

        A row of category and type comes before one of the type, that before one of the category, that before the default row.
        Without ``own``: what would hold if the first of these said nothing.
        """
        exact = (category, material_type)
        wanted = dict.fromkeys([exact, ("", material_type), (category, "")])
        near = [self._rows[key] for key in wanted if key in self._rows and (own or key != exact)]
        own_values = {name: value for name in LENDING if (value := _nearest(near, name)) is not None}
        return self.several(*LENDING) | own_values

    def type_limit(self, name: str, category: str, material_type: str) -> int | None:
        """Return how many of one type alone (``loan_limit``, ``hold_limit``), where a row of the type says so."""
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
    """Return what holds for one category and type: see ``Policy.lending``."""
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


def drop_row(category: str, material_type: str) -> None:
    PolicyRow.delete().where(PolicyRow.category == category, PolicyRow.material_type == material_type).execute()
