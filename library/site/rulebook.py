"""運用ルール: the settings that a librarian changes on a page: read, judged, stored, and recorded with what changed."""

from collections.abc import Iterable
from datetime import datetime

from library import audit, errors, policy, policy_settings
from library.store import database
from models import Item, Patron, PolicyRow, Title


# -- today's rule ----------------------------------------------------------------------------------------------------
def in_words(rules: policy.Policy) -> list[tuple[policy_settings.Group, str, list[str]]]:
    """Return each group of settings with its rule of today, and sentences for what is odd in it."""
    found = []
    for group in policy_settings.GROUPS:
        values = rules.several(*(setting.name for setting in group.settings))
        cares = [care for setting in group.settings if (care := setting.care_of(values[setting.name]))]
        found.append((group, group.in_words(values), cares))
    return found


def differences(rules: policy.Policy, settings: Iterable[policy_settings.Declared]) -> list[tuple[str, str, str]]:
    """Return each category and material type for which one of these settings differs, with the differences in words."""
    rows = [(row.category, row.material_type, _phrases(row._asdict(), settings)) for row in rules.rows()]
    return [row for row in rows if row[2]]


def phrases(category: str, material_type: str) -> str:
    """Return the differences for a category and material type in words; empty without any."""
    return _phrases(lending_row(category, material_type), policy_settings.LENDING)


def _phrases(values: dict, settings: Iterable[policy_settings.Declared]) -> str:
    known = {setting.name: values.get(setting.name) for setting in policy_settings.LENDING}
    return "、".join(each.phrase_of(known) for each in settings if known.get(each.name) is not None)


# -- what was typed --------------------------------------------------------------------------------------------------
def read(typed: dict, settings: Iterable[policy_settings.Declared]) -> dict:
    """Return the values of these settings; RefusedTogether by field."""
    values = _read(typed, settings)
    refused = {name: _still_used(name, values[name]) for name in ("categories", "material_types") if name in values}
    categories = values.get("categories") or policy.get("categories")
    for name in {"group_categories", "partner_categories"} & values.keys():
        refused[name] = _strange_groups(values[name], categories)
    if any(refused.values()):
        raise errors.RefusedTogether({name: found for name, found in refused.items() if found})
    return values


def read_lending(typed: dict) -> dict:
    """Return the columns of a row of lending, None for an empty one; RefusedTogether by field."""
    filled = [setting for setting in policy_settings.LENDING if typed.get(setting.name, "").strip()]
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
def change(values: dict, *, by: str, now: datetime) -> list[str]:
    """Store settings of the whole library; return the names of those that changed, which alone are recorded."""
    with database.writing():
        before = policy.several(*values)
        changed = {name: value for name, value in values.items() if value != before[name]}
        for name, value in changed.items():
            policy.put(name, value)
        if changed:
            audit.record("policy.changed", actor=by, now=now, changes=_changes(before, changed))
    return list(changed)


def change_lending(category: str, material_type: str, columns: dict, *, by: str, now: datetime) -> None:
    """Store what differs for a category or material type. A row without a value is deleted."""
    with database.writing():
        before = lending_row(category, material_type)
        changed = {name: value for name, value in columns.items() if value != before[name]}
        if not changed:
            return
        if any(value is not None for value in columns.values()):
            policy.put_row(category, material_type, **columns)
        else:
            policy.drop_row(category, material_type)
        audit.record(
            "policy.lending", actor=by, now=now, of=row_name(category, material_type), changes=_changes(before, changed)
        )


def lending_row(category: str, material_type: str) -> dict:
    """Return the differences for a category or material type, None for a column without one."""
    row = PolicyRow.get_or_none(PolicyRow.category == category, PolicyRow.material_type == material_type)
    return {name: getattr(row, name, None) for name in policy.LENDING}


def row_name(category: str, material_type: str) -> str:
    """Return the words for whom and what a row is about."""
    return "・".join(part for part in (category, material_type) if part)


def _changes(before: dict, changed: dict) -> dict[str, list[str]]:
    words = {name: policy_settings.ALL[name].words for name in changed}
    return {name: [words[name](before[name]), words[name](value)] for name, value in changed.items()}
