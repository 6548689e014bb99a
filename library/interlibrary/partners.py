"""相手館: the libraries with which this one lends and borrows, as the desk writes them down and stops them."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

from peewee import ModelSelect

from library import audit, errors
from library.store import database
from models import Partner

LONGEST = 60  # letters of a name
_ISIL = re.compile(r"[A-Z0-9]{1,4}-[A-Za-z0-9:/-]{1,11}")


def all_of_them() -> ModelSelect[Partner]:
    return Partner.select().order_by(Partner.name)


def offered() -> list[Partner]:
    """Return the libraries of which a copy can be asked, by name."""
    return list(all_of_them().where(~Partner.is_stopped))


def choices() -> list[tuple[int | str, str]]:
    """Return the choices of a field (id, name); the only partner there is is chosen."""
    rows: list[tuple[int | str, str]] = [(row.id, row.name) for row in offered()]
    return rows if len(rows) == 1 else [("", "選ぶ"), *rows]


def find(chosen: str) -> Partner | None:
    """Return one that a copy can be asked of by the typed id; None if there is none."""
    return next((row for row in offered() if str(row.id) == chosen), None)


def write(partner: Partner | None, name: str, isil: str, *, by: str, now: datetime) -> Partner:
    """Add a library, or change ``partner``. Raises: RefusedTogether by field (name, isil)."""
    name, isil = " ".join(name.split()), "".join(unicodedata.normalize("NFKC", isil).split())
    problems: dict[str, list[errors.Refused]] = {} if name else {"name": [errors.FieldEmpty()]}
    if isil and not _ISIL.fullmatch(isil):
        problems["isil"] = [errors.IsilMalformed()]
    with database.writing():
        if Partner.select().where(Partner.name == name, Partner.id != (partner and partner.id)).exists():
            problems["name"] = [errors.PartnerNameTaken(name=name)]
        if problems:
            raise errors.RefusedTogether(problems)
        row = partner or Partner()
        row.name, row.isil = name, isil
        row.save()
        audit.record("partner.changed" if partner else "partner.added", actor=by, now=now, partner=name)
    return row


def stop(partner: Partner, *, resume: bool = False, by: str, now: datetime) -> None:
    """Ask nothing of a library from now on, or ``resume`` it; what is under way goes on."""
    with database.writing():
        Partner.update(is_stopped=not resume).where(Partner.id == partner.id).execute()
        audit.record("partner.resumed" if resume else "partner.stopped", actor=by, now=now, partner=partner.name)
