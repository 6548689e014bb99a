"""Settings that a library changes without touching code: the database's row, else the default here."""

import json

from library.queries import Query
from models import PolicyRow, Setting

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
    "material_types": ["図書", "雑誌", "CD", "DVD", "紙芝居", "電子書籍"],
    "renew_gain_days": 3,  # a renewal of all leaves out what would gain fewer days
    "overdue_stops": True,  # any overdue item stops loans, holds and renewals
    "holds_on_shelf": True,  # 在架予約: holds on items that are in
    "overdue_stages": [7, 14, 28],  # days late, at which 督促 goes out
    "card_years": 5,
    "first_password_mode": "birthday",  # or "code": a one-time code printed at the desk
    "first_password_days": 30,  # how long month and day of birth open, from issue
    "first_code_days": 14,
    "password_minimum": 10,  # characters, 8 to 15
    "demonstration": False,  # the library that does not exist
    "address": "",
    "phone": "",
    "sdi_day": "金",  # 新着資料のお知らせ goes out on this day of the week, from this hour
    "sdi_hour": 7,
    "reference_days": 90,  # after its answer a question is forgotten
    "terminals": [],  # addresses and networks of computers in the library
    "holidays_shift": True,  # a closed weekday that is a holiday moves to the next weekday that is none
}
LENDING = ("lendable", "holdable", "loan_limit", "loan_days", "renewals", "hold_limit", "cart_limit", "shelf_days")

_KEPT = Query(lambda: Setting.select(Setting.name, Setting.value.cast("text")).tuples())
_ROWS = Query(lambda: PolicyRow.select().namedtuples())


def get(name: str):
    """The value of one setting. KeyError for a name that does not exist."""
    return several(name)[name]


def several(*names) -> dict:
    """The values of several settings, in one question to the database: the table is smaller than a page."""
    kept = dict(_KEPT.rows())
    return {name: json.loads(kept[name] or "null") if name in kept else DEFAULTS[name] for name in names}


def put(name: str, value):
    if name not in DEFAULTS:
        raise KeyError(name)
    Setting.replace(name=name, value=value).execute()


# -- lending ---------------------------------------------------------------------------------------------------------
def lending(category: str, material_type: str = "", *, own: bool = True) -> dict:
    """What holds for patrons of a category and items of a type: the closest row that says something, column by column.

    A row of category and type comes before one of the type, that before one of the category, that before the default row.
    Without ``own``: what would hold if the first of these said nothing.
    """
    rows = {(row.category, row.material_type): row for row in _ROWS.rows()}
    exact = (category, material_type)
    wanted = dict.fromkeys([exact, ("", material_type), (category, "")])
    near = [rows[key] for key in wanted if key in rows and (own or key != exact)]
    return several(*LENDING) | {name: said for name in LENDING if (said := _first_said(near, name)) is not None}


def type_limit(name: str, category: str, material_type: str) -> int | None:
    """How many of one type alone (``loan_limit``, ``hold_limit``), where a row of the type says so."""
    rows = {(row.category, row.material_type): row for row in _ROWS.rows()}
    near = [rows[key] for key in ((category, material_type), ("", material_type)) if key in rows and material_type]
    return _first_said(near, name)


def _first_said(rows, name):
    return next((value for row in rows if (value := getattr(row, name)) is not None), None)


def rows() -> list:
    """All that differs from the default row."""
    return sorted(_ROWS.rows(), key=lambda row: (row.category, row.material_type))


def put_row(category: str, material_type: str, **columns):
    """Say what differs for a category, a type or both; a column that is None says nothing."""
    said = dict.fromkeys(LENDING) | columns
    PolicyRow.insert(category=category, material_type=material_type, **said).on_conflict(
        conflict_target=[PolicyRow.category, PolicyRow.material_type], update=said
    ).execute()


def drop_row(category: str, material_type: str):
    PolicyRow.delete().where(PolicyRow.category == category, PolicyRow.material_type == material_type).execute()
