"""The steps of the page 移行: a person confirms each (確認済み) and may reopen it; the last one opens the library."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from library import audit, errors
from library.backups import figures
from library.store import database
from models import CutoverStep

LABELS = {
    "counts": "件数",
    "sample": "見本20人",
    "rules": "貸出ルール",
    "numbers": "番号",
    "mails": "最初のメール",
    "backup": "控え",
}
# open again while the library's figures are others: files came in since
COUNTED = ("counts", "backup")


class Step(NamedTuple):
    """A step: the facts that were entered, and the person who confirmed it; ``confirmed_at`` is None
    while it is open.
    """

    name: str
    label: str
    facts: dict[str, Any]
    confirmed_at: datetime | None
    confirmed_by: str


def every() -> list[Step]:
    """Return the steps before the opening, in their order."""
    rows = {row.name: row for row in CutoverStep.select()}
    return [_step(name, rows.get(name)) for name in LABELS]


def by_name(name: str) -> Step:
    """Return one step. ``name``: a key of LABELS."""
    return _step(name, CutoverStep.get_or_none(CutoverStep.name == name))


def _step(name: str, row: CutoverStep | None) -> Step:
    if row is None or (name in COUNTED and row.facts.get("counts") != figures.of_library().counts):
        return Step(name, LABELS[name], row.facts if row else {}, None, "")
    return Step(name, LABELS[name], row.facts, row.confirmed_at, row.confirmed_by)


def open_ones() -> list[str]:
    """Return the labels of the steps that are not confirmed."""
    return [step.label for step in every() if step.confirmed_at is None]


def enter(name: str, facts: Mapping[str, Any], *, opens: bool = True) -> None:
    """Store the facts of a step, which ``opens`` it again: it was confirmed for others. In the caller's transaction."""
    _put(name, {"facts": dict(facts)} | ({"confirmed_at": None, "confirmed_by": ""} if opens else {}))


def confirm(name: str, *, by: str, now: datetime) -> None:
    """確認済み: note the person who confirms a step, in the caller's transaction. The rules of each step judge before."""
    facts = by_name(name).facts | ({"counts": figures.of_library().counts} if name in COUNTED else {})
    _put(name, {"facts": facts, "confirmed_at": now, "confirmed_by": by.removeprefix("staff:")})
    audit.record("move.confirmed", actor=by, now=now, of=LABELS[name])


def confirm_seen(name: str, *, by: str, now: datetime) -> None:
    """Confirm a step at which a person only looks, in a transaction of its own."""
    with database.writing():
        confirm(name, by=by, now=now)


def reopen(name: str, *, by: str, now: datetime) -> None:
    """Reopen a confirmed step. Raises: StepIsOpen."""
    with database.writing():
        if by_name(name).confirmed_at is None:
            raise errors.StepIsOpen()
        _put(name, {"confirmed_at": None, "confirmed_by": ""})
        audit.record("move.reopened", actor=by, now=now, of=LABELS[name])


def _put(name: str, values: dict[str, Any]) -> None:
    if not CutoverStep.update(values).where(CutoverStep.name == name).execute():
        CutoverStep.create(name=name, **values)


def forget() -> None:
    """Delete all that was entered and confirmed, in the caller's transaction."""
    CutoverStep.delete().execute()
