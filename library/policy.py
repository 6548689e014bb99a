"""Settings that a library changes without touching code: the database's row, else the default here."""

from library.prepared import Prepared
from models import Setting

DEFAULTS = {
    "loan_limit": 10,  # items at a time
    "first_password_mode": "birthday",  # or "code": a one-time code printed at the desk
    "first_password_days": 30,  # how long month and day of birth open, from issue
    "first_code_days": 14,
    "password_minimum": 10,  # characters, 8 to 15
    "address": "",
    "phone": "",
    "holidays_shift": True,  # a closed weekday that is a holiday moves to the next weekday that is none
}

_KEPT = Prepared(lambda: Setting.select(Setting.name, Setting.value).tuples())


def get(name: str):
    """The value of one setting. KeyError for a name that does not exist."""
    return several(name)[name]


def several(*names) -> dict:
    """The values of several settings, in one question to the database: the table is smaller than a page."""
    kept = dict(_KEPT.rows())
    return {name: kept.get(name, DEFAULTS[name]) for name in names}


def put(name: str, value):
    if name not in DEFAULTS:
        raise KeyError(name)
    Setting.replace(name=name, value=value).execute()
