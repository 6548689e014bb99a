"""雑誌: the serials that the library takes, as the desk writes them down, ends them (休刊) and takes them up (復刊)."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from library import audit, branches, clock, errors
from library.serials.intervals import INTERVALS
from library.store import database
from models import Issue, Serial, SerialCopies

TEXTS = ("name", "name_kana", "publisher")
HOW = ("購入", "寄贈")
MOST_COPIES, MOST_YEARS = 9, 99


def issn(text: str) -> str:
    """Return an ISSN as it is printed; empty for none. Raises: IssnWrong."""
    digits = re.sub("ISSN|[^0-9A-Z]", "", unicodedata.normalize("NFKC", text).upper())
    if not digits:
        return ""
    total = sum(int(digit) * (8 - place) for place, digit in enumerate(digits[:7]) if digit.isdigit())
    if not re.fullmatch("[0-9]{7}[0-9X]", digits) or "0123456789X"[-total % 11] != digits[7]:
        raise errors.IssnWrong()
    return f"{digits[:4]}-{digits[4:]}"


def read(typed: Mapping[str, Any], numbers: Mapping[int, str]) -> dict[str, Any]:
    """Return the columns of typed fields, and as ``copies`` the number for each branch (id → typed text). Raises:
    RefusedTogether by field.
    """
    problems: dict[str, Sequence[errors.Refused]] = {}
    values: dict[str, Any] = {name: " ".join(typed[name].split()) for name in TEXTS}
    if not values["name"]:
        problems["name"] = [errors.FieldEmpty()]
    try:
        values["issn"] = issn(typed["issn"])
    except errors.Refused as refusal:
        problems["issn"] = [refusal]
    if typed["interval"] not in INTERVALS:
        problems["interval"] = [errors.ChoiceUnknown()]
    values |= {name: typed[name] for name in ("interval", "acquired_how")} | {
        "lends_newest": bool(typed["lends_newest"])
    }
    values["keep_years"] = _number(typed["keep_years"], 1, MOST_YEARS, "keep_years", problems)
    copies = {id: _number(text, 0, MOST_COPIES, f"copies-{id}", problems) or 0 for id, text in numbers.items()}
    if not any(copies.values()) and not problems:
        problems[f"copies-{next(iter(numbers), 0)}"] = [errors.SerialForNoBranch()]
    if problems:
        raise errors.RefusedTogether(problems)
    return values | {"copies": copies}


def _number(text: str, low: int, high: int, field: str, problems: dict[str, Sequence[errors.Refused]]) -> int | None:
    digits = unicodedata.normalize("NFKC", text).strip()
    if not digits:
        return None
    if not digits.isascii() or not digits.isdigit() or not low <= int(digits[:9]) <= high:
        problems[field] = [errors.CellIsNoNumber(low=low, high=high)]
        return None
    return int(digits)


def add(values: dict[str, Any], *, by: str, now: datetime) -> Serial:
    """Add a serial, which is taken from today on. ``values``: of ``read``. Raises: RefusedTogether."""
    same = [getattr(Serial, name) == values[name] for name in ("name", "publisher", "issn")]
    with database.writing():
        if Serial.select().where(*same, Serial.ended_on.is_null()).exists():
            raise errors.RefusedTogether({"name": [errors.SerialKnown()]})
        columns = {name: value for name, value in values.items() if name != "copies"}
        serial = Serial.create(began_on=clock.day_of(now), **columns)
        _set_copies(serial, values["copies"])
        audit.record("serial.added", actor=by, now=now, serial=serial.id)
    return serial


def change(serial: Serial, values: dict[str, Any], *, by: str, now: datetime) -> Serial:
    """Change a serial; titles of its issues stay as they are. ``values``: of ``read``."""
    with database.writing():
        Serial.update({name: value for name, value in values.items() if name != "copies"}).where(
            Serial.id == serial.id
        ).execute()
        _set_copies(serial, values["copies"])
        audit.record("serial.changed", actor=by, now=now, serial=serial.id)
    return Serial.get_by_id(serial.id)


def _set_copies(serial: Serial, copies: Mapping[int, int]) -> None:
    SerialCopies.delete().where(SerialCopies.serial == serial.id).execute()
    for branch, number in copies.items():
        if number:
            SerialCopies.create(serial=serial, branch=branch, number=number)


def copies_of(serial: Serial) -> dict[str, int]:
    """Return the names of the branches that take a serial, each with its number of copies."""
    rows = {row.branch_id: row.number for row in SerialCopies.select().where(SerialCopies.serial == serial.id)}
    return {branch.name: rows[branch.id] for branch in branches.in_order() if branch.id in rows}


def end(serial: Serial, *, by: str, now: datetime) -> None:
    """休刊: take a serial until today; its issues stay. Nothing for one that has ended."""
    _set_end(serial, clock.day_of(now), "serial.ended", by=by, now=now)


def resume(serial: Serial, *, by: str, now: datetime) -> None:
    """復刊: take a serial again. Nothing for one that is taken."""
    _set_end(serial, None, "serial.resumed", by=by, now=now)


def _set_end(serial: Serial, day: date | None, action: str, *, by: str, now: datetime) -> None:
    with database.writing():
        other = Serial.ended_on.is_null(day is not None)
        if Serial.update(ended_on=day).where(Serial.id == serial.id, other).execute():
            audit.record(action, actor=by, now=now, serial=serial.id)


def delete(serial: Serial, *, by: str, now: datetime) -> None:
    """Delete a serial that was registered by mistake. Raises: SerialHasIssues."""
    with database.writing():
        if Issue.select().where(Issue.serial == serial.id).exists():
            raise errors.SerialHasIssues()
        if Serial.delete().where(Serial.id == serial.id).execute():
            audit.record("serial.deleted", actor=by, now=now, of=serial.name)
