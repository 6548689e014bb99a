"""件数: the figures of the old system beside ours; a difference needs a sentence that explains it."""

import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from peewee import SQL, fn

from library import errors
from library.cutover import steps
from library.lending.holds import hold_states
from library.store import database
from library.store.queries import tuples
from models import Branch, Hold, Item, Loan, Patron, SaidOut, Title

LABELS = {
    "patrons": "利用者",
    "titles": "書誌",
    "items": "所蔵",
    "loans": "貸出中",
    "overdue": "延滞",
    "holds": "予約",
}
LONGEST = 200  # letters of a sentence


class Figure(NamedTuple):
    """``here``: our figure; ``before``: the old system's, None until it is entered; ``why``: explains a difference."""

    name: str
    label: str
    here: int
    before: int | None
    why: str


def counted(*, today: date) -> dict[str, int]:
    """Return our figures now by the names of LABELS, without closed cards and withdrawn copies."""
    out = Loan.returned_on.is_null()
    return {
        "patrons": Patron.select().where(Patron.state != "closed").count(),
        "titles": Title.select().count(),
        "items": Item.select().where(Item.state != "withdrawn").count(),
        "loans": Loan.select().where(out).count(),
        "overdue": Loan.select().where(out, Loan.due_on < today).count(),
        "holds": Hold.select().where(Hold.state.in_(hold_states.OPEN)).count(),
    }


def every(*, today: date) -> list[Figure]:
    """Return all figures, ours beside those of the old system."""
    here, facts = counted(today=today), steps.by_name("counts").facts
    before, why = facts.get("before", {}), facts.get("why", {})
    return [Figure(name, label, here[name], before.get(name), why.get(name, "")) for name, label in LABELS.items()]


def lent_in_file_only() -> dict[str, list[str]]:
    """Return name of a branch → numbers of copies that a file said were 貸出中 and that have no loan: it was not imported,
    or they are back.
    """
    out = Loan.select(SQL("1")).where(Loan.item == SaidOut.item, Loan.returned_on.is_null())
    rows = SaidOut.select(Branch.name, Item.barcode).join(Item).join(Branch).where(~fn.EXISTS(out))
    found: dict[str, list[str]] = {}
    for branch, barcode in tuples(rows.order_by(Branch.position, Branch.id, Item.barcode)):
        found.setdefault(branch, []).append(barcode)
    return found


def confirm(before: Mapping[str, str], why: Mapping[str, str], *, by: str, today: date, now: datetime) -> None:
    """Store the figures of the old system with the sentences, and confirm the step. Where it is refused, the readable
    ones stay stored.

    Raises: RefusedTogether by ``before_…`` and ``why_…`` (FieldEmpty, FigureMalformed, DifferenceUnexplained).
    """
    numbers = {name: _number(before.get(name, "")) for name in LABELS}
    sentences = {name: " ".join(why.get(name, "").split())[:LONGEST] for name in LABELS}
    with database.writing():
        known = {name: number for name, number in numbers.items() if number is not None}
        steps.enter("counts", {"before": known, "why": sentences})
        problems = _problems(before, numbers, sentences, counted(today=today))
        if not problems:
            steps.confirm("counts", by=by, now=now)
    if problems:
        raise errors.RefusedTogether(problems)


def _problems(
    typed: Mapping[str, str], numbers: Mapping[str, int | None], why: Mapping[str, str], here: Mapping[str, int]
) -> dict[str, list[errors.Refused]]:
    problems: dict[str, list[errors.Refused]] = {}
    for name, number in numbers.items():
        if number is None:
            empty = not typed.get(name, "").strip()
            problems[f"before_{name}"] = [errors.FieldEmpty() if empty else errors.FigureMalformed()]
        elif number != here[name] and not why[name]:
            problems[f"why_{name}"] = [errors.DifferenceUnexplained(difference=f"{here[name] - number:+,}")]
    return problems


def _number(text: str) -> int | None:
    digits = unicodedata.normalize("NFKC", text).replace(",", "").strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None
