"""件数: the figures of the old system beside ours; a difference needs a sentence that explains it."""

import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from library import errors
from library.backups import figures as library_figures
from library.cutover import steps
from library.store import database
from library.store.queries import tuples
from models import Branch, Item, Loan, SaidOut

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
    here = library_figures.of_library().counts
    here["titles"] = here.pop("records")
    here["overdue"] = Loan.select().where(Loan.returned_on.is_null(), Loan.due_on < today).count()
    return {name: here[name] for name in LABELS}


def every(*, today: date) -> list[Figure]:
    """Return all figures, ours beside those of the old system."""
    here, facts = counted(today=today), steps.by_name("counts").facts
    before, why = facts.get("before", {}), facts.get("why", {})
    return [Figure(name, label, here[name], before.get(name), why.get(name, "")) for name, label in LABELS.items()]


def doubtful(*, today: date) -> dict[str, list[tuple[str, str]]]:
    """Return the copies whose loans can't be as the files say: words of the doubt → (name of the branch, number of the
    copy), in their order. A doubt without copies is left out.
    """
    out = Loan.select(Loan.item).where(Loan.returned_on.is_null())
    doubts = {
        "貸出の記録がない「貸出中」の資料": Item.id.in_(SaidOut.select(SaidOut.item)) & Item.id.not_in(out),
        "貸出日がこれから先の資料": Item.id.in_(out.where(Loan.lent_on > today)),
        "除籍したのに貸出中の資料": (Item.state == "withdrawn") & Item.id.in_(out),
    }
    rows = Item.select(Branch.name, Item.barcode).join(Branch, on=Item.branch)
    rows = rows.order_by(Branch.position, Branch.id, Item.barcode)
    found = {words: list(tuples(rows.where(doubt))) for words, doubt in doubts.items()}
    return {words: copies for words, copies in found.items() if copies}


def by_branch(copies: list[tuple[str, str]]) -> str:
    """Return copies in words, the branch before its own: 本館 10001、10002／東部 10003."""
    branches = groupby(copies, key=itemgetter(0))
    return "／".join(f"{name} {'、'.join(number for _, number in each)}" for name, each in branches)


def refusal(*, today: date) -> errors.Refused:
    """Return the reason why the step is open: figures that are not entered, not explained, or others by now."""
    found = every(today=today)
    if missing := [each.label for each in found if each.before is None]:
        return errors.FiguresMissing(names="、".join(missing))
    if left := [
        f"{one.label} {one.here - (one.before or 0):+,}" for one in found if one.here != one.before and not one.why
    ]:
        return errors.FiguresUnexplained(differences="、".join(left))
    confirmed = steps.by_name("counts").facts.get("counts", library_figures.of_library().counts)
    return errors.StepUnconfirmed() if confirmed == library_figures.of_library().counts else errors.FiguresChanged()


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
