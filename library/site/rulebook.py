"""運用ルール: the settings that a librarian changes on a page: read, judged, stored, and recorded with what changed."""

from collections.abc import Iterable
from datetime import datetime

from library import audit, errors, policy, policy_settings
from library.store import database
from models import Item, Patron, PolicyRow, Title


# -- what was typed --------------------------------------------------------------------------------------------------
def read_switches(typed: dict) -> dict:
    """Return the values of the settings that hold for the whole library; RefusedTogether by field."""
    values = _read(typed, policy_settings.OF_LIBRARY)
    refused = {name: _still_used(name, values[name]) for name in ("categories", "material_types")}
    refused["group_categories"] = _strange_groups(values["group_categories"], values["categories"])
    if any(refused.values()):
        raise errors.RefusedTogether({name: found for name, found in refused.items() if found})
    return values


def read_lending(typed: dict, *, default: bool = False) -> dict:
    """Return the columns of a row of lending, None for an empty one, which the default row can't have. RefusedTogether
    by field.
    """
    filled = [setting for setting in policy_settings.LENDING if default or typed.get(setting.name, "").strip()]
    return dict.fromkeys(policy.LENDING) | _read(typed, filled)


def read_numbers(typed: dict, limits: dict) -> dict:
    """Return numbers within (least, most), None where nothing is typed. RefusedTogether by field."""
    filled = [
        policy_settings.Number(name, None, low=low, high=high)
        for name, (low, high) in limits.items()
        if (typed[name] or "").strip()
    ]
    return dict.fromkeys(limits) | _read(typed, filled)


def _read(typed: dict, settings: Iterable[policy_settings.Declared]) -> dict:
    values, refused = {}, {}
    for setting in settings:
        try:
            values[setting.name] = setting.read(typed.get(setting.name, ""))
        except errors.Refused as refusal:
            refused[setting.name] = [refusal]
    if refused:
        raise errors.RefusedTogether(refused)
    return values


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
