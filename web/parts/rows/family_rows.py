"""Rows of what a family has out and on hold: whose each is, its day, and what can be done. A child who shows no titles has one row of loans
and one of holds: how many, and the next day.
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


class Person(NamedTuple):
    """Somebody of a family as the viewer sees them. ``tie``: None for the viewer, who has no colour either."""

    tie: int | None
    name: str
    initial: str
    colour: int | None
    titles_hidden: bool
    may_renew: bool


class Member(NamedTuple):
    """A person with what is theirs; ``renewal``: what the viewer can renew of it at once."""

    person: Person
    loans: int
    holds: int
    rows: Rows
    renewal: dict[str, Any] | None


def people(viewer: Patron, looked_at: Iterable[FamilyTie]) -> dict[int, Person]:
    """Return the persons of a family by the ids of their patrons, the viewer last."""
    children = {
        tie.child.id: Person(
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
    return children | {viewer.id: Person(None, viewer.name, "私", None, titles_hidden=False, may_renew=True)}


def _called(name: str, viewer: str) -> str:
    """Return a name without that of the family where the viewer has the same: 陽葵 for 図書 陽葵."""
    first, *rest = name.split() or [name]
    return " ".join(rest) if rest and viewer.split()[:1] == [first] else name


# -- rows ------------------------------------------------------------------------------------------------------------
def loan_rows(found: Collection[Loan], family: Mapping[int, Person], judged: Renewals, *, today: date) -> Rows:
    """Return a row for each loan whose title is shown, and one for all the others of a person. One that is lost or looked for has no day:
    nobody asks for it, and among those without a title it is none.
    """
    shown = [loan for loan in found if not family[loan.patron_id or 0].titles_hidden]
    rows = [_loan_row(loan, family[loan.patron_id or 0], judged, today) for loan in shown]
    for patron, person in _hiding(family):
        days = [loan.due_on for loan in found if loan.patron_id == patron and loans.may_be_reminded(loan)]
        rows += _hidden_row("loan", person, days, today)
    return rows


def _hiding(family: Mapping[int, Person]) -> list[tuple[int, Person]]:
    return [(patron, person) for patron, person in family.items() if person.titles_hidden]


def _hidden_row(kind: str, person: Person, days: Collection[date | None], today: date) -> Rows:
    """Return one row for things of which no more is shown than how many there are, and the next of their days; none where there is none."""
    next_day = min((day for day in days if day), default=None)
    left = (next_day - today).days if next_day else None
    facts = {"kind": kind, "person": person, "things": len(days), "day": next_day, "days": left}
    return [HIDDEN | facts] if days else []


def _loan_row(loan: Loan, person: Person, judged: Renewals, today: date) -> dict[str, Any]:
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


def hold_rows_of(found: Collection[Row], family: Mapping[int, Person], *, today: date) -> Rows:
    """Return a row for each hold whose title is shown, and one for all the others of a person; one that is ready has the last day to
    collect it, the others have none.
    """
    shown = [row for row in found if not family[row.hold.patron_id].titles_hidden]
    rows = [_hold_row(row, family[row.hold.patron_id], today) for row in shown]
    for patron, person in _hiding(family):
        days = [_pickup_by(row) for row in found if row.hold.patron_id == patron]
        rows += _hidden_row("hold", person, days, today)
    return rows


def _pickup_by(row: Row) -> date | None:
    return row.hold.pickup_by if row.hold.state == "ready" else None


def _hold_row(row: Row, person: Person, today: date) -> dict[str, Any]:
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
    """Return the rows that have a day, by day."""
    dated = sorted((row for row in rows if row["day"]), key=lambda row: row["day"])
    return [(day, list(group)) for day, group in groupby(dated, key=lambda row: row["day"])]


def members(family: Mapping[int, Person], rows: Rows, plan: Together) -> list[Member]:
    """Return each person with their rows, those that have a day first."""
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
    """Return the next day on which loans are due, or all that are late: the day, how far it is, whose they are, how many; None for how many
    where somebody among them shows no titles.
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


def together(plan: Together, family: Mapping[int, Person], rows: Rows) -> dict[str, Any] | None:
    """Return what 家族の分もすべて延長する would do: of each loan whose it is, its name, its due date and the one after, or why it is left
    out; and who shows no titles, with how many it tries to renew. None where it would do nothing.
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


def refused(rows: Sequence[Mapping[str, Any]]) -> int:
    """Return how many loans the viewer could renew but for what their rows say."""
    return sum(row["refused"] for row in rows)
