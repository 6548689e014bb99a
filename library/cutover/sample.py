"""見本20人: patrons whom a person compares with the old system, field by field, before the library opens."""

import random
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from peewee import fn

from library import audit, errors, patron_columns
from library.account import own_data
from library.cutover import steps
from library.lending.holds import hold_states
from library.store import database
from library.store.queries import tuples
from models import CardNumber, Hold, Item, Loan, Patron, PatronAddress, Title

OF_EACH = 5
CHILD_BELOW = 15  # years
KINDS = {"most": "貸出の多い人", "overdue": "延滞のある人", "children": "子ども", "drawn": "無作為に選んだ人"}
RIGHT, WRONG = "right", "wrong"
LONGEST = 200  # letters of a note
# columns of a patron that an old system may have, too
_KNOWN = (*(each.name for each in patron_columns.COLUMNS if each.headings or each.at_desk), "state", "suspended_on")
BROUGHT = [each.own or each.label for each in map(patron_columns.BY_NAME.__getitem__, _KNOWN)]


class Sampled(NamedTuple):
    """A drawn patron: the kind for which they were drawn, and the verdict of the comparison ("" before it)."""

    patron: Patron
    kind: str
    verdict: str
    note: str


def every() -> list[Sampled]:
    """Return the drawn patrons who are still there, in the order of the draw."""
    drawn = steps.by_name("sample").facts.get("patrons", [])
    rows = {row.id: row for row in Patron.select().where(Patron.id.in_([one["patron"] for one in drawn]))}
    return [
        Sampled(rows[one["patron"]], one["kind"], one["verdict"], one["note"]) for one in drawn if one["patron"] in rows
    ]


def draw(*, today: date, by: str, now: datetime, chance: random.Random | None = None) -> int:
    """Draw a new sample, five patrons of each kind as far as there are, nobody twice; return their number. Verdicts
    until now are deleted.
    """
    chosen: list[tuple[int, str]] = []
    with database.writing():
        for kind, ids in _candidates(today, chance or random.SystemRandom()):
            known = {number for number, _ in chosen}
            chosen += [(number, kind) for number in ids if number not in known][:OF_EACH]
        rows = [{"patron": number, "kind": kind, "verdict": "", "note": ""} for number, kind in chosen]
        steps.enter("sample", {"patrons": rows})
        audit.record("move.sample_drawn", actor=by, now=now, count=len(rows))
    return len(rows)


def _candidates(today: date, chance: random.Random) -> Iterable[tuple[str, list[int]]]:
    """Yield each kind with more ids than are drawn, as some may have been drawn for another kind."""
    out = Loan.select(Loan.patron).where(Loan.returned_on.is_null(), Loan.patron.is_null(False)).group_by(Loan.patron)
    enough = OF_EACH * len(KINDS)
    yield "most", _ids(out.order_by(fn.count(Loan.id).desc(), Loan.patron).limit(enough))
    yield "overdue", _ids(out.where(Loan.due_on < today).order_by(fn.min(Loan.due_on), Loan.patron).limit(enough))
    there = Patron.select(Patron.id).where(Patron.state != "closed").order_by(Patron.id)
    born_after = today - timedelta(days=int(CHILD_BELOW * 365.25))
    for kind, rows in (("children", there.where(Patron.birth_date > born_after)), ("drawn", there)):
        ids = _ids(rows)
        yield kind, chance.sample(ids, min(enough, len(ids)))


def _ids(rows: Any) -> list[int]:
    return [number for (number,) in tuples(rows)]


def compared(patron: Patron) -> dict[str, list[str]]:
    """Return the data of a patron that an old system may have, too, by their headings: columns, other numbers, notes,
    addresses, loans, holds.
    """
    others = CardNumber.select(CardNumber.number).where(CardNumber.patron == patron, CardNumber.kind == "old")
    mails = PatronAddress.select(PatronAddress.address).where(PatronAddress.patron == patron)
    loans = Loan.select(Item.barcode, Loan.due_on).join(Item).where(Loan.patron == patron, Loan.returned_on.is_null())
    holds = Hold.select(Title.title).join(Title).where(Hold.patron == patron, Hold.state.in_(hold_states.OPEN))
    facts = {heading: [words] for heading, words in own_data.profile(patron) if heading in BROUGHT} | {
        "停止理由": [patron.suspended_reason],
        "ほかの番号": [number for (number,) in tuples(others)],
        "窓口メモ": [patron.desk_note],
        "メールアドレス": [address for (address,) in tuples(mails.order_by(PatronAddress.position))],
        "貸出中（返却期限）": [f"{barcode} {due:%Y-%m-%d}" for barcode, due in tuples(loans.order_by(Loan.due_on))],
        "予約": [title for (title,) in tuples(holds.order_by(Hold.id))],
    }
    return {heading: [word for word in words if word] for heading, words in facts.items()}


def judge(patron: Patron, verdict: str, note: str, *, by: str, now: datetime) -> None:
    """合っています or 違います: store the verdict on a drawn patron. Raises: NotInSample; RefusedTogether by ``note``."""
    note = " ".join(note.split())[:LONGEST]
    if verdict == WRONG and not note:
        raise errors.RefusedTogether({"note": [errors.DifferenceUnnamed()]})
    with database.writing():
        rows = steps.by_name("sample").facts.get("patrons", [])
        mine = next((row for row in rows if row["patron"] == patron.id), None)
        if mine is None:
            raise errors.NotInSample()
        mine.update(verdict=verdict, note=note if verdict == WRONG else "")
        steps.enter("sample", {"patrons": rows})
        audit.record("move.compared", actor=by, now=now, patron=patron, verdict=verdict)


def refusals() -> list[errors.Refused]:
    """Return the refusals of confirming the step: nobody drawn, some not compared, some that differ."""
    rows = every()
    if not rows:
        return [errors.SampleNotDrawn()]
    left = sum(not row.verdict for row in rows)
    wrong = sum(row.verdict == WRONG for row in rows)
    return [errors.SampleNotCompared(count=left)] if left else [errors.SampleDiffers(count=wrong)] if wrong else []


def confirm(*, by: str, now: datetime) -> None:
    """Confirm the step. Raises: Refusals."""
    with database.writing():
        if reasons := refusals():
            raise errors.Refusals(reasons)
        steps.confirm("sample", by=by, now=now)
