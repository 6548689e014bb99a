"""Rows of what a family has out and on hold: whose each is, its day, and what can be done. A child who shows no titles has dates alone."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from library import dates
from library.lending import loans
from library.lending.holds.hold_list import Row
from library.lending.renewals import Renewals, Together
from library.people.family import ties
from models import FamilyTie, Loan, Patron
from web.parts import title_rows
from web.parts.rows import hold_rows

NO_TITLE = {"title_id": None, "name": "", "title": "", "author": "", "ndc": "", "url": ""}
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
            ties.initial(tie, tie.child.name),
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
def loan_rows(found: Iterable[Loan], family: Mapping[int, Person], judged: Renewals, *, today: date) -> Rows:
    """Return a row for each loan. One that is lost or looked for has no day: nobody asks for it."""
    return [_loan_row(loan, family[loan.patron_id or 0], judged, today) for loan in found]


def _loan_row(loan: Loan, person: Person, judged: Renewals, today: date) -> dict[str, Any]:
    asked_for = loan.trouble not in loans.NOT_ASKED_FOR
    reasons = judged.refusals(loan) if person.may_renew else []
    alone = [] if reasons or not person.may_renew else judged.together_refusals(loan)
    return _title(loan.item.title, person) | {
        "kind": "loan",
        "person": person,
        "day": loan.due_on if asked_for else None,
        "days": (loan.due_on - today).days,
        "words": dates.days_left(loan.due_on, today) if asked_for else "",
        "refused": bool(reasons),
        "reasons": [reason.sentence for reason in [*reasons, *alone]],
        "until": judged.due(loan) if person.may_renew and not reasons and not alone else None,
    }


def hold_rows_of(found: Iterable[Row], family: Mapping[int, Person], *, today: date) -> Rows:
    """Return a row for each hold; one that is ready has the last day to collect it, the others have none."""
    return [_hold_row(row, family[row.hold.patron_id], today) for row in found]


def _hold_row(row: Row, person: Person, today: date) -> dict[str, Any]:
    hold, day = row.hold, row.hold.pickup_by if row.hold.state == "ready" else None
    days = (day - today).days if day else None
    return _title(hold.title, person) | {
        "kind": "hold",
        "person": person,
        "day": day,
        "days": days,
        "days_left": days,
        "words": dates.days_left(day, today) if day else "",
        "branch": "" if person.titles_hidden else hold.pickup_branch.name,
        "state": row.words,
        "shape": title_rows.HOLD_SHAPES[hold.state],
        "steps": [] if person.titles_hidden else hold_rows.steps(hold),
        "refused": False,
        "reasons": [],
    }


def _title(title: Any, person: Person) -> dict[str, Any]:
    return dict(NO_TITLE) if person.titles_hidden else title_rows.facts(title)


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
        count = sum(row["kind"] == "loan" for row in mine)
        part = Together([each for each in plan.renewed if each[0].patron_id == patron], [])
        made.append(Member(person, count, len(mine) - count, mine, together(part, family)))
    return made


def nearest(rows: Rows, *, today: date) -> dict[str, Any] | None:
    """Return the next day on which loans are due, or all that are late: the day, how far it is, whose they are, how many."""
    due = [row for row in rows if row["kind"] == "loan" and row["day"]]
    late = [row for row in due if row["day"] < today]
    first = late or [row for row in due if row["day"] == min(row["day"] for row in due)]
    if not first:
        return None
    return {
        "day": first[0]["day"],
        "days": (first[0]["day"] - today).days,
        "people": list(dict.fromkeys(row["person"] for row in first)),
        "things": len(first),
    }


def together(plan: Together, family: Mapping[int, Person]) -> dict[str, Any] | None:
    """Return what 家族の分もすべて延長する would do: of each loan whose it is, its name, its due date and the one after, or why it is left
    out; None where it would do nothing.
    """
    rows = [
        {"id": loan.id, "person": family[loan.patron_id or 0], "name": _name(loan, family), "due_on": loan.due_on}
        | {"until": until}
        for loan, until in plan.renewed
    ]
    left_out: dict[str, list[str]] = {}
    for loan, reason in plan.left_out:
        person = family[loan.patron_id or 0]
        left_out.setdefault(reason.sentence, []).append(
            f"「{_name(loan, family)}」" if not person.titles_hidden else f"{person.name}さんの1点"
        )
    return {"rows": rows, "left_out": left_out} if rows else None


def _name(loan: Loan, family: Mapping[int, Person]) -> str:
    return "" if family[loan.patron_id or 0].titles_hidden else loan.item.title.full_name


def refused(rows: Sequence[Mapping[str, Any]]) -> int:
    """Return how many loans the viewer could renew but for what their rows say."""
    return sum(row["refused"] for row in rows)
