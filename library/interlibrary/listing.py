"""相互貸借の一覧: borrowings as they stand, with what the loan and the hold of each copy say; and what partners have."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from peewee import JOIN, ModelSelect

from library import policy
from library.interlibrary import states
from library.lending import borrowed, loans
from library.lending.holds import hold_states
from models import Borrowing, Hold, Item, Loan, Partner, Patron, Wanted


class Standing(NamedTuple):
    """A borrowing with the ``loan`` of its copy, if it is out. ``what``: lent, to_send (返送を待つ), kept, moving, in_house,
    or its own state.
    """

    row: Borrowing
    what: str
    loan: Loan | None

    @property
    def latest(self) -> date | None:
        """The last day for the patron."""
        if self.loan:
            return self.loan.due_on
        return borrowed.latest(self.row.due_on) if self.row.due_on else None


def rows() -> ModelSelect[Borrowing]:
    """Select borrowings with their works, partners and copies."""
    found = Borrowing.select(Borrowing, Wanted, Partner, Item).join(Wanted).switch(Borrowing).join(Partner)
    return found.switch(Borrowing).join(Item, JOIN.LEFT_OUTER, on=Borrowing.item)


def open_ones() -> ModelSelect[Borrowing]:
    """Select those under way, the nearest day of an owner first; those that are asked for come last."""
    order = (Borrowing.due_on.asc(nulls="LAST"), Borrowing.asked_on, Borrowing.id)
    return rows().where(Borrowing.state.in_(states.OPEN)).order_by(*order)


def over() -> ModelSelect[Borrowing]:
    """Select those that are over, the latest first."""
    order = (Borrowing.sent_back_on.desc(nulls="LAST"), Borrowing.id.desc())
    return rows().where(Borrowing.state.in_(states.OVER)).order_by(*order)


def standings(chosen: Iterable[Borrowing]) -> list[Standing]:
    """Return the standings of borrowings, in their order."""
    chosen = list(chosen)
    ids = [row.item_id for row in chosen if row.item_id]
    out = {loan.item_id: loan for loan in Loan.select().where(Loan.item.in_(ids), Loan.returned_on.is_null())}
    kept = {hold.item_id for hold in Hold.select().where(Hold.item.in_(ids), Hold.state.in_(hold_states.OPEN))}
    return [Standing(row, _what(row, out, kept), out.get(row.item_id or 0)) for row in chosen]


def _what(row: Borrowing, out: dict[int, Loan], kept: set[int | None]) -> str:
    if row.state != "arrived" or row.item is None:
        return row.state
    if row.item_id in out:
        return "lent"
    if row.item.going_to_id:
        return "moving"
    if row.item_id in kept:
        return "in_house" if row.in_house else "kept"
    return "to_send"


def lent_out() -> ModelSelect[Loan]:
    """Select the open loans to 相手館, the first due first."""
    partners = Patron.category.in_(policy.get("partner_categories"))
    return loans.with_titles().where(partners, Loan.returned_on.is_null()).order_by(Loan.due_on, Loan.id)
