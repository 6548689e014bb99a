"""住所・保護者・居住の別: where people are written to, and who answers for a child. The desk alone sees it, when it asks to."""

from datetime import date, datetime

from library import audit, dates, errors, policy, wording
from library.patrons import patrons
from library.store import database
from models import Patron

FIELDS = ("postal_code", "address", "guardian_name", "guardian_phone", "residence")  # columns
ASKED_BELOW, GUARDED_BELOW = 15, 18  # years of age: a guardian is asked for, is on file


def is_group(category: str, rules: policy.Policy | None = None) -> bool:
    """Tell whether a category is of 団体: without a birth date, and the guardian is the 担当者."""
    return category in (rules or policy).get("group_categories")


def labels(category: str, rules: policy.Policy | None = None) -> dict[str, str]:
    """Return the headings of the fields by column, for a person or a 団体."""
    words = {name: wording.field(name) for name in FIELDS}
    return words | {"guardian_name": "担当者", "guardian_phone": "担当者の電話"} if is_group(category, rules) else words


def shown(patron: Patron) -> list[tuple[str, str]]:
    """Return what is on file as (heading, value)."""
    words, residence = labels(patron.category), patrons.residences().get(patron.residence, "")
    values = {name: getattr(patron, name) for name in FIELDS} | {"residence": residence}
    return [(words[name], value) for name, value in values.items() if value]


def is_asked_for_guardian(patron: Patron, *, today: date) -> bool:
    return patron.birth_date is not None and dates.age(patron.birth_date, today=today) < ASKED_BELOW


def refusals(values: dict, *, today: date) -> dict[str, list[errors.Refused]]:
    """Return what can't be of a person with these values, by field: a group that was born, a guardian of whoever is of age."""
    born = values["birth_date"]
    if is_group(values["category"]):
        return {"birth_date": [errors.GroupHasNoBirthDate()]} if born else {}
    guardian = [name for name in ("guardian_name", "guardian_phone") if values[name]]
    if not guardian or born is None or dates.age(born, today=today) < GUARDED_BELOW:
        return {}
    return {guardian[0]: [errors.GuardianOfAdult(age=GUARDED_BELOW)]}


def note_view(patron: Patron, *, by: str, now: datetime) -> None:
    """Write down that somebody looked at the address of a person, each time."""
    with database.writing():
        audit.record("patron.address_viewed", actor=by, now=now, patron=patron)


def is_on_file(patron: Patron) -> bool:
    """Tell whether there is anything to see."""
    return any(getattr(patron, name) for name in FIELDS)
