"""My Library at a glance, for the first page: one query, however much there is to show."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import NamedTuple

from peewee import JOIN, DateField, Expression, ModelCompoundSelectQuery, ModelSelect, Value, fn

from library.lending.holds import hold_states
from library.store.queries import Query, blank
from models import (
    Branch,
    CartRow,
    Ebook,
    EbookHold,
    EbookLoan,
    FamilyTie,
    HistoryEntry,
    Hold,
    Item,
    Loan,
    Patron,
    PatronAddress,
    Title,
)


class Line(NamedTuple):
    """One row: its day (due, to be collected by), its title or address, one word more (trouble of the loan, pickup
    branch), and the id of the title.

    In ``family`` the name is the child's; in all lines about ties the id is the tie's.
    """

    day: date | None
    name: str
    more: str
    id: int | None


class Glance(NamedTuple):
    """A patron's lines by kind. ``ready`` are among ``holds``; ``cart`` has titles, ``undeliverable`` addresses,
    ``history`` a number of records.

    ``asked``: patrons who ask to look at the card; ``family``: loans of the children whose cards the patron looks at, a
    line without a day for a child without loans; ``titles``: viewers for whom the patron is asked whether they see
    titles; ``ending``: viewers whose tie ends at 18.
    """

    loans: list[Line]
    holds: list[Line]
    ready: list[Line]
    cart: list[Line]
    undeliverable: list[Line]
    history: int
    ebooks: list[Line]
    ebooks_ready: list[Line]
    asked: list[Line]
    family: list[Line]
    titles: list[Line]
    ending: list[Line]


def _all_that_is_mine() -> ModelCompoundSelectQuery:
    me = blank("patron")
    of_loan = Loan.select(Value("loans"), Loan.due_on, Title.title, Loan.trouble, Title.id).join(Item).join(Title)
    of_hold = Hold.select(Hold.state, Hold.pickup_by, Title.title, Branch.name, Title.id).join(Title)
    of_cart = CartRow.select(Value("cart"), Value(None), Title.title, Value(""), Title.id).join(Title)
    of_address = PatronAddress.select(
        Value("undeliverable"), Value(None), PatronAddress.address, Value(""), Value(None)
    )
    of_history = HistoryEntry.select(
        Value("history"), Value(None), fn.COUNT(HistoryEntry.id).cast("text"), Value(""), Value(None)
    )
    of_ebook = EbookLoan.select(Value("ebooks"), EbookLoan.due_on, Title.title, Value(""), Title.id)
    of_ebook_hold = EbookHold.select(Value("ebooks_ready"), EbookHold.until, Title.title, Value(""), Title.id)
    return (
        of_loan.where(Loan.patron == me, Loan.returned_on.is_null())
        .union_all(
            of_hold.switch(Hold)
            .join(Branch, on=Hold.pickup_branch)
            .where(Hold.patron == me, Hold.state.in_(hold_states.OPEN), hold_states.not_cancelled())
        )
        .union_all(of_cart.where(CartRow.patron == me))
        .union_all(of_address.where(PatronAddress.patron == me, PatronAddress.undeliverable_at.is_null(False)))
        .union_all(of_history.where(HistoryEntry.patron == me, HistoryEntry.lent_on < blank("today")))
        .union_all(of_ebook.join(Ebook).join(Title).where(EbookLoan.patron == me, EbookLoan.due_on >= blank("today")))
        .union_all(
            of_ebook_hold.join(Ebook)
            .join(Title)
            .where(EbookHold.patron == me, EbookHold.state == "ready", EbookHold.until >= blank("today"))
        )
        .union_all(_who_asks(me))
        .union_all(_loans_of_children(me))
        .union_all(_onlookers("titles", me, FamilyTie.titles_asked_on, ~FamilyTie.titles_settled))
        .union_all(_onlookers("ending", me, FamilyTie.ending_told_on, FamilyTie.stays_on.is_null()))
        .tuples()
    )


def _who_asks(me: Value) -> ModelSelect[FamilyTie]:
    rows = FamilyTie.select(Value("asked"), Value(None), Patron.name, Value(""), FamilyTie.id)
    return rows.join(Patron, on=FamilyTie.viewer).where(FamilyTie.child == me, FamilyTie.agreed_at.is_null())


def _onlookers(kind: str, me: Value, day: DateField, standing: Expression) -> ModelSelect[FamilyTie]:
    rows = FamilyTie.select(Value(kind), day, Patron.name, Value(""), FamilyTie.id)
    rows = rows.join(Patron, on=FamilyTie.viewer).where(FamilyTie.child == me, FamilyTie.agreed_at.is_null(False))
    return rows.where(day.is_null(False), standing)


def _loans_of_children(me: Value) -> ModelSelect[FamilyTie]:
    rows = FamilyTie.select(Value("family"), Loan.due_on, Patron.name, Loan.trouble, FamilyTie.id)
    theirs = (Loan.patron == Patron.id) & Loan.returned_on.is_null()
    rows = rows.join(Patron, on=FamilyTie.child).join(Loan, JOIN.LEFT_OUTER, on=theirs)
    return rows.where(FamilyTie.viewer == me, FamilyTie.agreed_at.is_null(False))


_MINE = Query(_all_that_is_mine)


def read(patron: Patron, *, today: date) -> Glance:
    """Return the glance of a patron; lines of each kind by day, those without a day last."""
    kinds = defaultdict(list)
    for kind, *rest in _MINE.rows(patron=patron.id, today=today):
        kinds[kind].append(Line(*rest))
    for lines in kinds.values():
        lines.sort(key=lambda line: (line.day is None, line.day))
    held = [line for state in hold_states.OPEN for line in kinds[state]]
    return Glance(
        kinds["loans"],
        held,
        kinds["ready"],
        kinds["cart"],
        kinds["undeliverable"],
        int(kinds["history"][0].name),
        kinds["ebooks"],
        kinds["ebooks_ready"],
        kinds["asked"],
        kinds["family"],
        kinds["titles"],
        kinds["ending"],
    )
