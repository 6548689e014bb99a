"""運用ルール: the settings that a librarian changes on a page: read, judged, stored, and recorded with what changed."""

import unicodedata
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from library import audit, errors, networks, policy
from library.store import database
from models import Item, Patron, PolicyRow, Title

YES_NO = (
    "lendable", "holdable", "overdue_stops", "holds_on_shelf", "holidays_shift", "staff_second_factor", "postcard_titles",
    "suggestions",
)  # fmt: skip
LIMITS = {  # name → the least and the most that makes sense
    "loan_limit": (0, 1000),
    "loan_days": (1, 365),
    "renewals": (0, 20),
    "hold_limit": (0, 1000),
    "cart_limit": (1, 500),
    "shelf_days": (1, 60),
    "renew_gain_days": (1, 31),
    "undo_minutes": (1, 60),
    "family_self_age": (12, 17),
    "card_years": (1, 20),
    "first_password_days": (1, 365),
    "first_code_days": (1, 365),
    "password_minimum": (8, 15),
    "sdi_hour": (0, 23),
    "reference_days": (1, 1095),
}
STAGES = (1, 365)
MOST_STAGES = 5
LISTS = ("categories", "material_types")
NETWORKS = ("terminals", "desk_networks")
SWITCHES = (
    "renew_gain_days", "undo_minutes", "family_self_age", "overdue_stops", "overdue_stages", "holds_on_shelf", "holidays_shift", "card_years", "first_password_mode",
    "first_password_days", "first_code_days", "password_minimum", "staff_second_factor", "sdi_day", "sdi_hour", "reference_days", "terminals", "desk_networks",
    "address", "phone", "categories", "group_categories", "residence_outside", "postcard_titles", "material_types", "suggestions",
)  # fmt: skip

SIGN_IN = (  # how people sign in
    "first_password_mode", "first_password_days", "first_code_days", "password_minimum", "staff_second_factor", "terminals", "desk_networks",
)  # fmt: skip


# -- what was typed --------------------------------------------------------------------------------------------------
def read_switches(typed: dict) -> dict:
    """Return the values of the settings that hold for the whole library; RefusedTogether by field."""
    values = _read(typed, SWITCHES)
    refused = {name: _still_used(name, values[name]) for name in LISTS}
    refused["group_categories"] = _strange_groups(values["group_categories"], values["categories"])
    if any(refused.values()):
        raise errors.RefusedTogether({name: found for name, found in refused.items() if found})
    return values


def read_lending(typed: dict, *, default: bool = False) -> dict:
    """Return the columns of a row of lending, None for an empty one, which the default row can't have. RefusedTogether by field."""
    filled = {name: text for name, text in typed.items() if default or text.strip()}
    return dict.fromkeys(policy.LENDING) | _read(filled, [name for name in policy.LENDING if name in filled])


def read_numbers(typed: dict, limits: dict) -> dict:
    """Return numbers within (least, most), None where nothing is typed. RefusedTogether by field."""
    values, refused = dict.fromkeys(limits), {}
    for name, span in limits.items():
        text = unicodedata.normalize("NFKC", typed[name] or "").strip()
        try:
            values[name] = _number(text, *span) if text else None
        except errors.Refused as refusal:
            refused[name] = [refusal]
    if refused:
        raise errors.RefusedTogether(refused)
    return values


def _read(typed: dict, names: Iterable[str]) -> dict:
    values, refused = {}, {}
    for name in names:
        try:
            values[name] = _value(name, typed.get(name, ""))
        except errors.Refused as refusal:
            refused[name] = [refusal]
    if refused:
        raise errors.RefusedTogether(refused)
    return values


def _value(name: str, text: str) -> Any:
    if name in YES_NO:
        return text == "y"
    if name in LISTS:
        return _words(text)
    if name == "group_categories":
        return _words(text) if text.strip() else []
    if name == "residence_outside":
        return _word(text)
    if name in NETWORKS:
        return networks.read(text)
    if name == "overdue_stages":
        return _stages(unicodedata.normalize("NFKC", text))
    return (
        _number(unicodedata.normalize("NFKC", text).strip(), *LIMITS[name])
        if name in LIMITS
        else " ".join(text.split())
    )


def _number(text: str, low: int, high: int) -> int:
    if not text:
        raise errors.FieldEmpty
    if not text.isdecimal() or len(text) > 4 or not low <= int(text) <= high:
        raise errors.NumberOutOfRange(low=low, high=high)
    return int(text)


def _stages(text: str) -> list[int]:
    """Return days late, rising; an empty list means that nobody is asked."""
    low, high = STAGES
    words = text.replace("、", " ").replace(",", " ").split()
    days = [int(word) for word in words if word.isdecimal() and len(word) < 4]
    if (
        len(days) < len(words)
        or days != sorted({*days})
        or len(days) > MOST_STAGES
        or any(not low <= n <= high for n in days)
    ):
        raise errors.NumbersUnreadable(low=low, high=high, most=MOST_STAGES)
    return days


def _word(text: str) -> str:
    word = " ".join(text.split())
    if not word:
        raise errors.FieldEmpty
    return word


def _words(text: str) -> list[str]:
    words = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    if not words:
        raise errors.ListEmpty
    if doubled := next((word for word in words if words.count(word) > 1), None):
        raise errors.ListHasDouble(word=doubled)
    return words


def _strange_groups(groups: list[str], categories: list[str]) -> list[errors.Refused]:
    """Return refusals for words that are no category."""
    return [errors.GroupIsNoCategory(word=word) for word in groups if word not in categories]


def _still_used(name: str, words: list[str]) -> list[errors.Refused]:
    """Return refusals for words taken out of a list that something still uses."""
    columns = {
        "categories": [("利用者", Patron.category), ("貸出ルール", PolicyRow.category)],
        "material_types": [
            ("書誌", Title.material_type), ("資料", Item.material_type), ("貸出ルール", PolicyRow.material_type),
        ],
    }[name]  # fmt: skip
    return [
        errors.WordInUse(word=word, where=where)
        for word in policy.get(name)
        if word not in words
        for where, column in columns
        if column.model.select().where(column == word).exists()
    ]


# -- what changes ----------------------------------------------------------------------------------------------------
def change(values: dict, *, by: str, now: datetime) -> None:
    """Store settings of the whole library; only changes are recorded."""
    with database.writing():
        before = policy.several(*values)
        changed = {name: value for name, value in values.items() if value != before[name]}
        for name, value in changed.items():
            policy.put(name, value)
        if changed:
            audit.record("policy.changed", actor=by, now=now, changes=_changes(before, changed))


def change_lending(category: str, material_type: str, columns: dict, *, by: str, now: datetime) -> None:
    """Store a row of lending, the default row where both are empty. A row without a value is deleted."""
    with database.writing():
        before = lending_row(category, material_type)
        changed = {name: value for name, value in columns.items() if value != before[name]}
        if not changed:
            return
        if not category and not material_type:
            for name, value in changed.items():
                policy.put(name, value)
        elif any(value is not None for value in columns.values()):
            policy.put_row(category, material_type, **columns)
        else:
            policy.drop_row(category, material_type)
        audit.record(
            "policy.lending", actor=by, now=now, of=row_name(category, material_type), changes=_changes(before, changed)
        )


def lending_row(category: str, material_type: str) -> dict:
    """Return the values of a row itself, None where it has none."""
    if not category and not material_type:
        return policy.several(*policy.LENDING)
    row = PolicyRow.get_or_none(PolicyRow.category == category, PolicyRow.material_type == material_type)
    return {name: getattr(row, name, None) for name in policy.LENDING}


def row_name(category: str, material_type: str) -> str:
    """Return the words for whom and what a row is about."""
    return "・".join(part for part in (category, material_type) if part) or "既定"


def _changes(before: dict, changed: dict) -> dict[str, list[str]]:
    return {name: [_shown(before[name]), _shown(value)] for name, value in changed.items()}


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, list):
        return "・".join(map(str, value)) or "なし"
    return "–" if value in (None, "") else str(value)
