"""住所・保護者・居住の別: a patron's postal address and guardian. The desk alone sees them, when it asks to."""

from collections.abc import Container, Iterable
from datetime import date, datetime

from library import audit, dates, errors, patron_columns, policy
from library.patrons import patrons
from library.store import database
from models import Patron

FIELDS = patron_columns.emptied(patron_columns.HOME)
SHOWN = (*FIELDS, *patron_columns.OF_GROUPS)
ASKED_BELOW, GUARDED_BELOW = 15, 18  # years of age: the desk asks for a guardian, may store one


def is_group(category: str, rules: policy.Policy | None = None) -> bool:
    """Tell whether a category is of 団体 or 相手館, which have no birth date and a 担当者 as guardian."""
    return any(kinds(category, rules))


def kinds(category: str, rules: policy.Policy | None = None) -> tuple[bool, bool]:
    """Return the answers to two questions, in one query: is a category of 団体, is it of 相手館 (相互貸借)?"""
    of = (rules or policy).several("group_categories", "partner_categories")
    return category in of["group_categories"], category in of["partner_categories"]


def labels(category: str, rules: policy.Policy | None = None) -> dict[str, str]:
    """Return column → heading, for a patron or a 団体."""
    words = {name: patron_columns.LABELS[name] for name in SHOWN}
    return words | {"guardian_name": "担当者", "guardian_phone": "担当者の電話"} if is_group(category, rules) else words


def asked(
    columns: Iterable[patron_columns.Column], *, group: bool, refused: Container[str] = ()
) -> list[patron_columns.Column]:
    """Return the columns that the desk asks of a 団体, or of a person, and the ``refused`` ones."""
    left_out = patron_columns.OF_PERSONS if group else patron_columns.OF_GROUPS
    return [column for column in columns if column.name not in left_out or column.name in refused]


def shown(patron: Patron) -> list[tuple[str, str]]:
    """Return the columns that are filled, as (heading, value)."""
    words, residence = labels(patron.category), patrons.residences().get(patron.residence, "")
    values = {name: getattr(patron, name) for name in SHOWN} | {"residence": residence}
    return [(words[name], value) for name, value in values.items() if value]


def is_asked_for_guardian(patron: Patron, *, today: date) -> bool:
    """Tell whether the desk asks for a guardian of this patron, who is under ASKED_BELOW."""
    return patron.birth_date is not None and dates.age(patron.birth_date, today=today) < ASKED_BELOW


def refusals(values: dict, *, today: date) -> dict[str, list[errors.Refused]]:
    """Return the refusals of these values by field: a birth date of a 団体, a guardian of an adult."""
    born = values["birth_date"]
    if is_group(values["category"]):
        return {"birth_date": [errors.GroupHasNoBirthDate()]} if born else {}
    guardian = [name for name in ("guardian_name", "guardian_phone") if values[name]]
    if not guardian or born is None or dates.age(born, today=today) < GUARDED_BELOW:
        return {}
    return {guardian[0]: [errors.GuardianOfAdult(age=GUARDED_BELOW)]}


def note_view(patron: Patron, *, by: str, now: datetime) -> None:
    """Record that the address of a patron was looked at, each time."""
    with database.writing():
        audit.record("patron.address_viewed", actor=by, now=now, patron=patron)


def is_on_file(patron: Patron) -> bool:
    """Tell whether any of the columns is filled."""
    return any(getattr(patron, name) for name in SHOWN)
