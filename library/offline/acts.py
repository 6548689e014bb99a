"""The acts of the offline desk, applied to the library: a loan or return for each entry, or a conflict.

A loan is recorded whatever rules it broke, and 操作の記録 tells which (非常時の貸出); only the impossible isn't, as one copy with
two patrons. A return ends the loan of its moment, never a later one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from library import audit, clock, errors, metrics, wording
from library.facts import use_facts
from library.lending import items, loans, returns
from library.numbers import cards, formats
from library.offline import courses
from library.reading import history
from models import Branch, Item, Loan, OfflineEntry, Patron

CLOCKS_DIFFER = timedelta(minutes=10)  # between a browser and the server, at most
LONGEST_PROMISE = timedelta(days=60)  # from the loan to a due day that the desk may have told
RECORDED = ("held", "to_be_held")  # conflicts of entries that were applied; others were not
FINAL = (*RECORDED, "old")  # conflicts that a second try can't change
WAITING = tuple(conflict for conflict in wording.OFFLINE_CONFLICTS if conflict not in FINAL)
OF_NOW = (
    errors.ItemOut,
    errors.ItemOutToPatron,
    errors.HeldForAnother,
    errors.HolderWasTold,
    errors.ItemNotLendable,
    errors.ItemWithdrawn,
)  # refusals by the present state, not that of the entry's moment
_IMPOSSIBLE = {
    errors.CardClosed: "card_closed",
    errors.ItemOut: "out_to_another",
    errors.ItemOutToPatron: "out_to_same",
}


@dataclass(frozen=True)
class Taking:
    """The facts of one take-in: actor, moment, and the forms of numbers."""

    by: str
    now: datetime
    cards: list[formats.Form] = field(default_factory=formats.cards)
    items: list[formats.Form] = field(default_factory=formats.items)


def apply(row: OfflineEntry, taking: Taking) -> None:
    """Make the loan or return of an entry in the caller's transaction; sets ``row.conflict``: empty, or its code."""
    row.conflict = ""
    row.item = items.by_barcode(row.barcode, taking.items)
    if row.kind == "loan":
        row.patron = cards.by_number(row.card, taking.cards, at_desk=True)
        row.conflict = _lend(row, taking.by, taking.now)
    else:
        row.conflict = _give_back(row, row.item, taking.now) if row.item else "unknown_item"
        if row.item and row.conflict in ("", *RECORDED):
            audit.record("return.offline", actor=taking.by, now=taking.now, copy=row.item.barcode)


# -- 貸出 --------------------------------------------------------------------------------------------------------------
def _lend(row: OfflineEntry, by: str, now: datetime) -> str:
    patron, item, day = row.patron, row.item, clock.day_of(row.at)
    if patron is None or item is None:
        return "unknown_item" if patron else "unknown_card"
    past = courses.read(item)
    if same := past.same(patron, row.at):  # recorded already, from paper or a second browser
        row.loan_id = same.id
        return ""
    reasons = loans.check_out_refusals(patron, item, today=day)
    later = past.after(row.at)
    impossible = next((_IMPOSSIBLE[type(reason)] for reason in reasons if type(reason) in _IMPOSSIBLE), "")
    if later is not None and impossible != "card_closed":
        impossible = "" if past.is_in(row.at) else "lent_later"
    if impossible:
        return impossible
    try:
        due_on = _due_on(row, patron, item, row.branch, day)
    except errors.NeverOpen:
        return "never_open"
    over = {"returned_on": later.lent_on, "returned_at": now, "returned_to": row.branch} if later else {}
    request = f"offline:{row.key}"
    row.loan = loans.write_down(patron, item, row.branch, lent_on=day, due_on=due_on, request=request, **over)
    use_facts.of_loan(row.loan, channel="offline", at=row.at)
    if not over:
        loans.hand_over(row.loan, now=now)
    history.record(patron, item.title, branch=row.branch.name, lent_on=day)
    broken = [reason for reason in reasons if not (over and isinstance(reason, OF_NOW))]
    told = {"reasons": [type(reason).__name__ for reason in broken], "why": row.why}
    audit.record("loan.offline", actor=by, now=now, patron=patron, **told)
    metrics.circulation.labels("loan").inc()
    return "held" if any(isinstance(reason, errors.HeldForAnother) for reason in broken) else ""


def _due_on(row: OfflineEntry, patron: Patron, item: Item, branch: Branch, day: date) -> date:
    """Return the due day by the rules, or the later day that the patron was told. Raises: NeverOpen."""
    due_on = loans.due_date(patron, item, branch, today=day)
    told = row.due_on
    return told if told and due_on < told <= day + LONGEST_PROMISE else due_on


# -- 返却 --------------------------------------------------------------------------------------------------------------
def _give_back(row: OfflineEntry, item: Item, now: datetime) -> str:
    """Return the copy of an entry if its loan was open at that moment; return the conflict.

    A loan of the same day without an hour can't be put in order with the entry: ``lent_that_day``.
    """
    past, day = courses.read(item), clock.day_of(row.at)
    loan = past.open
    if loan and loan.lent_on == day and loan.moment is None:
        return "lent_that_day"
    if loan is None or not loan.had_begun(row.at):
        return _end_past_loan(row, past, day)
    if _somebody_else_waits(row, loan):
        return "after_waiting"
    back = returns.give_back(item, at=row.branch, returned_on=min(day, clock.day_of(now)), now=now)
    row.loan_id = loan.id
    return "to_be_held" if back.what == "hold" else ""


def _end_past_loan(row: OfflineEntry, past: courses.Course, day: date) -> str:
    """Take the entry as the return of an earlier loan from an entry that was ended without a return of its own."""
    loan = past.before(row.at)
    is_ended = (
        loan is None
        or OfflineEntry.select().where(OfflineEntry.kind == "return", OfflineEntry.loan == loan.id).exists()
    )
    if loan is None or is_ended or loan.moment is None or not loan.returned_on or loan.returned_on < day:
        return "not_out"
    Loan.update(returned_on=day).where(Loan.id == loan.id).execute()
    row.loan_id = loan.id
    return ""


def _somebody_else_waits(row: OfflineEntry, loan: courses.Past) -> bool:
    """Tell whether a loan between this one and the return waits as a conflict: the return may belong to it."""
    begun = loan.moment or clock.at(loan.lent_on)
    waiting = OfflineEntry.select().where(
        OfflineEntry.item == row.item_id, OfflineEntry.kind == "loan", OfflineEntry.conflict == "out_to_another"
    )
    return waiting.where(OfflineEntry.at > begun, OfflineEntry.at < row.at).exists()
