"""貸出: the open loans of patrons, and lending."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from peewee import SQL, IntegrityError, ModelSelect

from library import audit, clock, dates, errors, metrics, policy, wording
from library.calendar import opening
from library.catalog.series import newest
from library.facts import use_facts
from library.lending import borrowed
from library.lending.holds import copy_places, hold_queue, hold_states
from library.patrons import patrons
from library.reading import history
from library.store import database
from library.store.queries import Models, among, blank, listed
from models import Branch, Hold, Item, Loan, Patron, Title

SOON_DAYS = 3
NOT_REMINDED = ("lost", "claimed")  # troubles: such a loan counts as not overdue, and no reminder is sent
FIRM = (errors.ItemWithdrawn, errors.ItemOut, errors.ItemOutToPatron, errors.CardClosed)  # nobody overrides these


def open_loans(patron: Patron) -> list[Loan]:
    """Return the patron's open loans, first due first, with item, title and branch for lists."""
    return open_loans_of([patron])


def open_loans_of(borrowers: Iterable[Patron], *, until: date = date.max) -> list[Loan]:
    """Return the open loans of several patrons, due by ``until``, first due first, with item, title and branch."""
    return _OPEN.rows(patrons=listed(patron.id for patron in borrowers), until=until)


_OPEN = Models(
    Loan,
    {
        "item": Item,
        "item.title": (Title.id, Title.title, Title.volume, Title.author, Title.ndc, Title.material_type),
        "branch": Branch,
    },
    lambda rows: (
        rows.join(Item)
        .join(Title)
        .switch(Loan)
        .join(Branch, on=Loan.branch)
        .where(Loan.patron.in_(among("patrons")), Loan.returned_on.is_null(), Loan.due_on <= blank("until"))
        .order_by(Loan.due_on, Loan.id)
    ),
)
_OPEN_OF_COPY = Models(Loan, {}, lambda rows: rows.where(Loan.item == blank("item"), Loan.returned_on.is_null()))


def with_titles() -> ModelSelect[Loan]:
    """Select loans with their copies, titles, branches and patrons."""
    rows = Loan.select(Loan, Item, Title, Branch, Patron).join(Item).join(Title)
    return rows.switch(Loan).join(Branch, on=Loan.branch).switch(Loan).join(Patron)


def calendar_branches(chosen: Collection[Loan]) -> dict[int, Branch]:
    """Return loan id → branch whose open days count: the lending branch or, if given up (閉館), that of the copy."""
    orphaned = [loan.item_id for loan in chosen if loan.branch.closed_on is not None]
    rows = Item.select(Item.id, Branch).join(Branch, on=Item.branch).where(Item.id.in_(orphaned)) if orphaned else ()
    homes = {item.id: item.branch for item in rows}
    return {loan.id: homes.get(loan.item_id) or loan.branch for loan in chosen}


def open_loan_of(item: Item) -> Loan | None:
    return _OPEN_OF_COPY.first(item=item.id)


def may_be_reminded(loan: Loan) -> bool:
    """Tell whether its patron may be reminded of a loan: it is neither reported lost nor 返却済みの申し出."""
    return loan.trouble not in NOT_REMINDED


def is_overdue(loan: Loan, *, today: date) -> bool:
    """Tell whether the due day of a loan is over; never for one that is lost or said to be returned."""
    return loan.due_on < today and may_be_reminded(loan)


def overdue_refusals(loans: Iterable[Loan], *, today: date, rules: policy.Policy | None = None) -> list[errors.Refused]:
    """Return [HasOverdue] if a loan is overdue and the rules stop loans, holds and renewals for it; else []."""
    rules = rules or policy.read()
    late = rules.get("overdue_stops") and any(is_overdue(loan, today=today) for loan in loans)
    return [errors.HasOverdue()] if late else []


def loans_left(patron: Patron, loans: list[Loan], *, today: date, rules: policy.Policy) -> int | None:
    """Return the number of items that may still be borrowed, 0 at the limit; None if card or overdue stops it."""
    if not patrons.may_borrow(patron, today=today) or overdue_refusals(loans, today=today, rules=rules):
        return None
    return max(0, rules.lending(patron.category)["loan_limit"] - len(loans))


def type_of(item: Item) -> str:
    """Return the 資料区分 of a copy, else of its title."""
    return item.material_type or item.title.material_type


# -- lending ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Lent:
    """A loan; ``is_new`` is False where it existed already. ``pulled_at``: the branch that was to fetch the copy."""

    loan: Loan
    is_new: bool
    pulled_at: int | None = None


@dataclass(frozen=True)
class Scan:
    """The facts of a copy that a patron wants to borrow: the patron's open loans, the copy's open loan, and the open
    holds on the copy or its title. ``stays``: it is of the 最新号.
    """

    have: list[Loan]
    out: Loan | None
    holds: list[Hold]
    stays: bool


def check_out_refusals(
    patron: Patron, item: Item, *, today: date, rules: policy.Policy | None = None, scan: Scan | None = None
) -> list[errors.Refused]:
    """Return every reason why this patron can't borrow this copy now. ``rules``, ``scan``: if already read."""
    rules = rules or policy.read()
    if scan is None:
        queue, stays = hold_queue.open_on(item, today=today), newest.is_kept_now(item, today=today)
        scan = Scan(open_loans(patron), open_loan_of(item), queue, stays)
    reasons = patrons.card_refusals(patron, today=today) + overdue_refusals(scan.have, today=today, rules=rules)
    return reasons + _item_refusals(patron, item, scan, rules) + _limit_refusals(patron, item, scan.have, rules)


def _item_refusals(patron: Patron, item: Item, scan: Scan, rules: policy.Policy) -> list[errors.Refused]:
    reasons = []
    if item.state not in ("available", "missing"):  # a missing copy that lies on the desk is found
        kind = errors.ItemWithdrawn if item.state == "withdrawn" else errors.ItemNotLendable
        reasons.append(kind(state=wording.ITEM_STATES[item.state]))
    if not rules.lending(patron.category, type_of(item))["lendable"]:
        reasons.append(errors.KindNotLent(kind_word=type_of(item)))
    if any(terms.in_house for terms in borrowed.terms([item]).values()):
        reasons.append(errors.BorrowedInHouse())
    if scan.stays:
        reasons.append(errors.NewestIssueNotLent())
    if scan.out:
        mine = scan.out.patron_id == patron.id
        due = dates.with_weekday(scan.out.due_on)
        reasons.append(errors.ItemOutToPatron(due=due) if mine else errors.ItemOut())
    hold = hold_queue.holder_among(scan.holds, item)
    if hold and hold.patron_id != patron.id:
        reasons.append(errors.HeldForAnother())
        if hold.told_on and hold.contact_method != "none":
            reasons.append(errors.HolderWasTold(day=dates.with_weekday(hold.told_on, year=False)))
    return reasons


def _limit_refusals(patron: Patron, item: Item, have: list[Loan], rules: policy.Policy) -> list[errors.Refused]:
    limit = rules.lending(patron.category)["loan_limit"]
    reasons: list[errors.Refused] = [errors.LoanLimitReached(n=limit)] if len(have) >= limit else []
    kind = type_of(item)
    limit = rules.type_limit("loan_limit", patron.category, kind)
    if limit is not None and sum(type_of(loan.item) == kind for loan in have) >= limit:
        reasons.append(errors.LoanKindLimitReached(kind_word=kind, n=limit))
    return reasons


def due_date(patron: Patron, item: Item, branch: Branch, *, today: date, rules: policy.Policy | None = None) -> date:
    """Return today plus the loan days of the rules, or the next open day if the branch is closed; of a borrowed copy,
    not after the day that its owner allows. Raises: NeverOpen.
    """
    rules = rules or policy.read()
    days = rules.lending(patron.category, type_of(item))["loan_days"]
    return borrowed.within(
        item, opening.calendar_of(branch, rules).next_open_day(today + timedelta(days=days)), today=today
    )


def check_out(
    patron: Patron,
    item: Item,
    *,
    branch: Branch,
    now: datetime,
    by: str,
    override: str = "",
    request: str = "",
    rules: policy.Policy | None = None,
) -> Lent:
    """貸出: lend a copy at a branch. Raises: Refusals with all reasons, unless ``override`` says why it is lent anyway.

    Collects the patron's hold on the title, and adds to the history of those who keep one. ``request`` names the form:
    sent twice, or scanned twice on one day, it makes one loan. ``rules``: if already read.
    """
    today, rules = clock.day_of(now), rules or policy.read()
    with database.writing():
        done, out = _earlier(patron, item, request, today)
        if done:
            return Lent(done, is_new=False)
        now_there: Any = _NOW.first(item=item.id, patron=patron.id, since=newest.since(today))
        item, patron = now_there, now_there.borrower
        scan = Scan(open_loans(patron), out, hold_queue.open_on(item, today=today), now_there.stays)
        _check(patron, check_out_refusals(patron, item, today=today, rules=rules, scan=scan), override, by=by, now=now)
        due_on = due_date(patron, item, branch, today=today, rules=rules)
        pulled_at = hold_queue.pulled_at(scan.holds, item, patron)
        loan = write_down(patron, item, branch, lent_on=today, due_on=due_on, request=_key(request, item))
        if not copy_places.is_home(item):
            copy_places.set_place(item)
        _serve_holds(loan, scan.holds, now=now)
        use_facts.of_loan(loan, channel="desk", at=now)
        history.record(patron, item.title, branch=branch.name, lent_on=today, rules=rules)
    metrics.circulation.labels("loan").inc()
    return Lent(loan, is_new=True, pulled_at=pulled_at)


# copy and patron as they are now, within the transaction
_NOW = Models(
    Item,
    {"title": Title, "borrower": Patron},
    lambda rows: rows.join(Title).join(Patron, on=Patron.id == blank("patron")).where(Item.id == blank("item")),
    stays=newest.is_kept(blank("since")),
)
# the condition of the index is repeated as SQL: with a parameter, which could be empty, the index is not used
_EARLIER = Models(
    Loan,
    {},
    lambda rows: rows.where(
        ((Loan.request == blank("request")) & SQL("request <> ''"))
        | ((Loan.item == blank("item")) & Loan.returned_on.is_null())
    ),
)


def _earlier(patron: Patron, item: Item, request: str, today: date) -> tuple[Loan | None, Loan | None]:
    """Return the loan that this form or scan made before, and the open loan of the copy."""
    key = _key(request, item)
    found = _EARLIER.rows(request=key, item=item.id)
    same = next((loan for loan in found if key and loan.request == key), None)
    out = next((loan for loan in found if loan.item_id == item.id and loan.returned_on is None), None)
    is_again = out is not None and (out.patron_id, out.lent_on) == (patron.id, today)
    return same or (out if is_again else None), out


def _key(request: str, item: Item) -> str:
    return f"{request}:{item.id}" if request else ""


def _check(patron: Patron, reasons: list[errors.Refused], override: str, *, by: str, now: datetime) -> None:
    """Raise the reasons; if they are overridden, record them instead, without the title."""
    if reasons and (not override.strip() or any(isinstance(reason, FIRM) for reason in reasons)):
        raise errors.Refusals(reasons)
    if reasons:
        names = [type(reason).__name__ for reason in reasons]
        audit.record("loan.overridden", actor=by, now=now, patron=patron, reasons=names, why=override.strip()[:200])


def write_down(
    patron: Patron, item: Item, branch: Branch, *, lent_on: date, due_on: date, request: str, **closed: Any
) -> Loan:
    """Create the row of a loan in the caller's transaction, without any rule. ``closed``: columns of a loan that is
    over.

    Raises: Refusals (ItemOut).
    """
    try:
        return Loan.create(
            item=item,
            patron=patron,
            branch=branch,
            lent_on=lent_on,
            due_on=due_on,
            request=request,
            **closed,
        )
    except IntegrityError as error:  # the last word is the database's: one open loan an item
        raise errors.Refusals([errors.ItemOut()]) from error


def hand_over(loan: Loan, *, now: datetime) -> None:
    """Update copy and holds after a new loan, also an imported one, in the caller's transaction.

    The copy has no place any more; the patron's own hold on the title is collected; another's hold on this copy waits
    again.
    """
    copy_places.set_place(loan.item)
    _serve_holds(loan, hold_queue.open_on(loan.item, today=clock.day_of(now)), now=now)


def _serve_holds(loan: Loan, holds: list[Hold], *, now: datetime) -> None:
    """Update the open ``holds`` on a copy or its title after its new loan; a missing copy is found."""
    item = loan.item
    if item.state == "missing":
        Item.update(state="available").where(Item.id == item.id).execute()
    hold_queue.copy_lent(loan, holds, now=now)


# -- undoing ---------------------------------------------------------------------------------------------------------
def undo_refusals(loan: Loan, *, today: date) -> list[errors.Refused]:
    """Return the reasons against undoing a check-out: it is not of today, or was renewed, returned or in trouble."""
    if loan.patron_id is None or loan.lent_on != today:
        return [errors.UndoTooLate()]
    return [errors.UndoNotLast()] if loan.returned_on or loan.renewals or loan.trouble else []


def undo(loan: Loan, *, by: str, now: datetime) -> None:
    """貸出の取消: delete a loan of today; the hold that it collected is open again. Raises: Refusals with all reasons."""
    with database.writing():
        fresh = Loan.get_or_none(Loan.id == loan.id)
        if fresh is None:
            raise errors.Refusals([errors.UndoTooLate()])
        loan = fresh
        if reasons := undo_refusals(loan, today=clock.day_of(now)):
            raise errors.Refusals(reasons)
        item, branch = loan.item, calendar_branches([loan])[loan.id]
        history.undo_record(loan)
        closed = list(Hold.select().where(Hold.loan == loan.id))
        Hold.update(loan=None).where(Hold.loan == loan.id).execute()
        use_facts.forget_loan(loan)
        copy_places.set_place(item, at_branch=branch)
        loan.delete_instance()
        for hold in closed:
            _reopen(hold, item)
        audit.record("loan.undone", actor=by, now=now, patron=loan.patron_id)
        hold_queue.advance(item.title_id, now=now)


def _reopen(hold: Hold, item: Item) -> None:
    """Make a hold ready again with its old deadline if it had this copy on the shelf; otherwise let it wait."""
    if hold.item_id == item.id and hold.on_shelf_on:
        copy_places.set_place(item, at_branch=hold.pickup_branch, aside=True)
        hold_states.move(hold, "ready", ended_at=None, loan=None)
    else:
        hold_states.move(hold, "waiting")


# -- coming back, without a desk -------------------------------------------------------------------------------------
def give_back(loan: Loan, *, today: date) -> None:
    """Close a loan, unless it is closed. Copy and holds stay as they are; the desk uses ``library.lending.returns``."""
    with database.writing():
        Loan.update(returned_on=today).where(Loan.id == loan.id, Loan.returned_on.is_null()).execute()
