"""Rows of a family's loans and holds: each with its patron, its day and its acts.

A child who shows no titles has one row of loans and one of holds: their number, and the next day.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from library.lending import loans
from library.lending.holds.hold_list import Row
from library.lending.renewals import Renewals, Together
from library.patrons.family import ties
from models import FamilyTie, Loan, Patron
from web.parts import title_rows
from web.parts.rows import hold_rows

NO_TITLE = {"title_id": None, "name": "", "title": "", "author": "", "ndc": "", "url": ""}
HIDDEN = NO_TITLE | {"state": "", "branch": "", "steps": [], "refused": False, "reasons": [], "until": None}
Rows = list[dict[str, Any]]


class FamilyPatron(NamedTuple):
    """A patron of a family as the viewer sees them. ``tie``: None for the viewer, who has no colour either."""

    tie: int | None
    name: str
    initial: str
    colour: int | None
    titles_hidden: bool
    may_renew: bool


class Member(NamedTuple):
    """A patron of a family with counts and rows; ``renewal``: loans that the viewer can renew at once."""

    person: FamilyPatron
    loans: int
    holds: int
    rows: Rows
    renewal: dict[str, Any] | None


def family_patrons(viewer: Patron, looked_at: Iterable[FamilyTie]) -> dict[int, FamilyPatron]:
    """Return patron id → patron of a family, the viewer last."""
    children = {
        tie.child.id: FamilyPatron(
            tie.id,
            _called(tie.child.name, viewer.name),
            ties.badge_letter(tie, tie.child.name),
            tie.colour,
            tie.titles_hidden,
            tie.may_renew,
        )
        for tie in looked_at
        if tie.child
    }
    return children | {viewer.id: FamilyPatron(None, viewer.name, "私", None, titles_hidden=False, may_renew=True)}


def _called(name: str, viewer: str) -> str:
    """Return a name without the family name if the viewer has the same: 陽葵 for 図書 陽葵."""
    first, *rest = name.split() or [name]
    return " ".join(rest) if rest and viewer.split()[:1] == [first] else name


# -- rows ------------------------------------------------------------------------------------------------------------
def loan_rows(found: Collection[Loan], family: Mapping[int, FamilyPatron], judged: Renewals, *, today: date) -> Rows:
    """Return a row for each loan with a shown title, and one for the other loans of each patron.

    Lost and claimed loans have no day, as nobody asks for them, and don't count among those without a title.
    """
    shown = [loan for loan in found if not family[loan.patron_id or 0].titles_hidden]
    rows = [_loan_row(loan, family[loan.patron_id or 0], judged, today) for loan in shown]
    for patron, person in _hiding(family):
        days = [loan.due_on for loan in found if loan.patron_id == patron and loans.may_be_reminded(loan)]
        rows += _hidden_row("loan", person, days, today)
    return rows


def _hiding(family: Mapping[int, FamilyPatron]) -> list[tuple[int, FamilyPatron]]:
    return [(patron, person) for patron, person in family.items() if person.titles_hidden]


def _hidden_row(kind: str, person: FamilyPatron, days: Collection[date | None], today: date) -> Rows:
    """Return a row with the number of loans or holds and the next day; no row if there are none."""
    next_day = min((day for day in days if day), default=None)
    left = (next_day - today).days if next_day else None
    facts = {"kind": kind, "person": person, "things": len(days), "day": next_day, "days": left}
    return [HIDDEN | facts] if days else []


def _loan_row(loan: Loan, person: FamilyPatron, judged: Renewals, today: date) -> dict[str, Any]:
    reasons = judged.refusals(loan) if person.may_renew else []
    alone = [] if reasons or not person.may_renew else judged.together_refusals(loan)
    return title_rows.facts(loan.item.title) | {
        "kind": "loan",
        "person": person,
        "things": 1,
        "day": loan.due_on if loans.may_be_reminded(loan) else None,
        "days": (loan.due_on - today).days,
        "refused": bool(reasons),
        "reasons": [reason.sentence for reason in [*reasons, *alone]],
        "until": judged.due(loan) if person.may_renew and not reasons and not alone else None,
    }


def hold_rows_of(found: Collection[Row], family: Mapping[int, FamilyPatron], *, today: date) -> Rows:
    """Return a row for each hold with a shown title, and one for the other holds of each patron.

    A ready hold has its last pickup day, the others none.
    """
    shown = [row for row in found if not family[row.hold.patron_id].titles_hidden]
    rows = [_hold_row(row, family[row.hold.patron_id], today) for row in shown]
    for patron, person in _hiding(family):
        days = [_pickup_by(row) for row in found if row.hold.patron_id == patron]
        rows += _hidden_row("hold", person, days, today)
    return rows


def _pickup_by(row: Row) -> date | None:
    return row.hold.pickup_by if row.hold.state == "ready" else None


def _hold_row(row: Row, person: FamilyPatron, today: date) -> dict[str, Any]:
    hold, day = row.hold, _pickup_by(row)
    days = (day - today).days if day else None
    return title_rows.facts(hold.title) | {
        "kind": "hold",
        "person": person,
        "things": 1,
        "day": day,
        "days": days,
        "days_left": days,
        "branch": hold.pickup_branch.name,
        "state": row.words,
        "shape": title_rows.HOLD_SHAPES[hold.state],
        "steps": hold_rows.steps(hold),
        "refused": False,
        "reasons": [],
    }


# -- arranging -------------------------------------------------------------------------------------------------------
def by_day(rows: Rows) -> list[tuple[date, Rows]]:
    """Return (day, rows) of the rows that have a day, in order."""
    dated = sorted((row for row in rows if row["day"]), key=lambda row: row["day"])
    return [(day, list(group)) for day, group in groupby(dated, key=lambda row: row["day"])]


def members(family: Mapping[int, FamilyPatron], rows: Rows, plan: Together) -> list[Member]:
    """Return each patron with their rows, rows with a day first."""
    made = []
    for patron, person in family.items():
        mine = sorted(
            (row for row in rows if row["person"] is person),
            key=lambda row: (row["day"] is None, row["day"] or date.min),
        )
        lent, held = (sum(row["things"] for row in mine if row["kind"] == kind) for kind in ("loan", "hold"))
        part = Together([each for each in plan.renewed if each[0].patron_id == patron], [])
        made.append(Member(person, lent, held, mine, together(part, {patron: person}, mine)))
    return made


def nearest(rows: Rows, *, today: date) -> dict[str, Any] | None:
    """Return the late loans, else those due next: ``day``, ``days`` left, ``people`` and number of ``things``.

    None if nothing is due. ``things`` is None if one of the patrons shows no titles.
    """
    due = [row for row in rows if row["kind"] == "loan" and row["day"]]
    late = [row for row in due if row["day"] < today]
    first = late or [row for row in due if row["day"] == min(row["day"] for row in due)]
    if not first:
        return None
    return {
        "day": first[0]["day"],
        "days": (first[0]["day"] - today).days,
        "people": list(dict.fromkeys(row["person"] for row in first)),
        "things": None if any(row["person"].titles_hidden for row in first) else len(first),
    }


def together(plan: Together, family: Mapping[int, FamilyPatron], rows: Rows) -> dict[str, Any] | None:
    """Return the effect of 家族の分もすべて延長する: ``rows`` renewed with patron, name and due dates; None without any.

    ``whole``: rows of patrons who show no titles; ``left_out``: reason → names of loans that are not renewed.
    """
    shown = [
        {"id": loan.id, "person": family[loan.patron_id or 0], "name": loan.item.title.full_name}
        | {"due_on": loan.due_on, "until": until}
        for loan, until in plan.renewed
    ]
    whole = [row for row in rows if row["kind"] == "loan" and row["person"].titles_hidden and row["person"].may_renew]
    left_out: dict[str, list[str]] = {}
    for loan, reason in plan.left_out:
        left_out.setdefault(reason.sentence, []).append(f"「{loan.item.title.full_name}」")
    return {"rows": shown, "whole": whole, "left_out": left_out} if shown or whole else None


def count_refused(rows: Sequence[Mapping[str, Any]]) -> int:
    """Return the number of loans left to the viewer whose renewal is refused, each with its reasons in its row."""
    return sum(row["refused"] for row in rows)
