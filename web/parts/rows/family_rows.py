"""Rows of a family's loans and holds: each with its patron, its day and its acts.

A child who shows no titles has one row of loans and one of holds: their number, and the next day.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from library.language import sentences
from library.lending import loans
from library.lending.holds.hold_list import Row
from library.lending.renewals import Renewals, Together
from library.patrons.family import ties
from models import FamilyTie, Loan, Patron
from web.parts import title_rows

NO_TITLE = {"title_id": None, "name": "", "title": "", "author": "", "ndc": "", "url": ""}
HIDDEN = NO_TITLE | {"state": "", "branch": "", "no": ""}
Rows = list[dict[str, Any]]


class FamilyPatron(NamedTuple):
    """A patron of a family as the viewer sees them. ``tie``: None for the viewer."""

    tie: int | None
    name: str
    initial: str
    colour: int
    titles_hidden: bool
    may_renew: bool

    @property
    def called(self) -> str:
        """The name by which a page speaks of them."""
        return sentences.Sentence("{name}さん", name=self.name) if self.tie else "ご本人"


class Member(NamedTuple):
    """A patron of a family with the number of loans and their rows, the holds that are ``ready`` and those ``held``.

    Those of who shows no titles are a row among the loans.
    """

    person: FamilyPatron
    loans: int
    lent: Rows
    ready: Rows
    held: Rows


class Renewal(NamedTuple):
    """The effect of まとめて延長する: ``rows`` renewed, to one day ``until`` if it is one, and ``refused`` rows of loans.

    ``whole``: rows of patrons who show no titles.
    """

    rows: Rows
    until: date | None
    refused: Rows
    whole: Rows

    @property
    def judged(self) -> int:
        """The number of loans that are renewed or refused."""
        return len(self.rows) + len(self.refused)


def family_patrons(viewer: Patron, looked_at: Iterable[FamilyTie]) -> dict[int, FamilyPatron]:
    """Return patron id → patron of a family, the viewer first."""
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
    return {viewer.id: FamilyPatron(None, viewer.name, "本", 0, titles_hidden=False, may_renew=True)} | children


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
    no = "延長できません（{why}）" if reasons else "まとめて延長しません（{why}）"
    refused = next(iter([*reasons, *alone]), None)  # one is enough beside a title
    return title_rows.facts(loan.item.title) | {
        "kind": "loan",
        "person": person,
        "things": 1,
        "day": loan.due_on if loans.may_be_reminded(loan) else None,
        "days": (loan.due_on - today).days,
        "no": sentences.Sentence(no, why=refused.opening()) if refused else "",
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
        "branch": hold.pickup_branch.name,
        "state": row.words,
        "no": "",
    }


# -- arranging -------------------------------------------------------------------------------------------------------
def by_day(rows: Rows) -> list[tuple[date, Rows]]:
    """Return (day, rows) of the rows that have a day, in order; those of the viewer first."""
    dated = sorted((row for row in rows if row["day"]), key=lambda row: (row["day"], row["person"].tie is not None))
    return [(day, list(group)) for day, group in groupby(dated, key=lambda row: row["day"])]


def members(family: Mapping[int, FamilyPatron], rows: Rows) -> list[Member]:
    """Return each patron with their rows, in the order of days, those without a day last."""
    made = []
    for person in family.values():
        mine = sorted(
            (row for row in rows if row["person"] is person),
            key=lambda row: (row["day"] is None, row["day"] or date.min),
        )
        held = [row for row in mine if row["kind"] == "hold" and row["name"]]
        lent = [row for row in mine if row not in held]
        things = sum(row["things"] for row in lent if row["kind"] == "loan")
        ready = [row for row in held if row["day"]]
        made.append(Member(person, things, lent, ready, [row for row in held if row not in ready]))
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
        "people": sorted({row["person"] for row in first}, key=lambda person: person.tie or 0),
        "things": None if any(row["person"].titles_hidden for row in first) else len(first),
    }


def together(plan: Together, family: Mapping[int, FamilyPatron], rows: Rows) -> Renewal:
    """Return the effect of まとめて延長する on the loans that are left to the viewer."""
    shown = [
        {"id": loan.id, "person": family[loan.patron_id or 0], "name": loan.item.title.full_name}
        | {"due_on": loan.due_on, "until": until}
        for loan, until in plan.renewed
    ]
    days = {until for _, until in plan.renewed}
    lent = [row for row in rows if row["kind"] == "loan"]
    whole = [row for row in lent if row["person"].titles_hidden and row["person"].may_renew]
    return Renewal(shown, days.pop() if len(days) == 1 else None, [row for row in lent if row["no"]], whole)
