"""Several desks and patrons at the same few requests, issues, borrowed copies and sets at once: nothing twice, nothing
lost.
"""

import random
import threading
import time
from collections import Counter
from datetime import timedelta

import pytest

from library import errors
from library.facts import use_facts
from library.interlibrary import borrowings
from library.lending import copies, loans, returns
from library.lending.holds import hold_states, holds
from library.lending.sets import item_sets, set_loans
from library.requests import arriving, deciding, receipt, states
from library.serials import issues
from library.store import database
from models import (
    Borrowing,
    Branch,
    Hold,
    Issue,
    Item,
    ItemSet,
    Loan,
    Partner,
    Patron,
    PatronRequest,
    Serial,
    SerialCopies,
    Title,
    UseFact,
    Wanted,
    database as connection,
)
from tests import factories, invariants
from tests.conftest import NOW

DESKS = 8
BY = "staff:desk"
REFUSED = (errors.Refusals, errors.Refused, errors.RefusedTogether)


class Desk(threading.Thread):
    """Does what comes to its mind; what goes wrong beyond a refusal is kept."""

    def __init__(self, number, until, most):
        super().__init__()
        self.number, self.until, self.most, self.chance = number, until, most, random.Random(number)
        self.problems, self.did, self.tried, self.asked = [], Counter(), 0, []

    def run(self):
        acts = [
            self.ask, self.ask, self.decide, self.decide, self.register, self.arrive, self.go_back, self.receive_issue,
            self.lend_set, self.lend, self.give_back, self.give_back, self.give_back, self.place, self.cancel,
        ]  # fmt: skip
        with connection.connection_context():
            self.branch, self.partner = Branch.get(), Partner.get()
            while self.tried < self.most and time.monotonic() < self.until:
                self.tried += 1
                act = self.chance.choice(acts)
                try:
                    self.did[act.__name__] += bool(act())
                except REFUSED:
                    pass
                except Exception as problem:  # the test looks at it
                    self.problems.append((act.__name__, problem))

    @property
    def now(self):
        return NOW + timedelta(seconds=self.tried)

    @property
    def about(self):
        return {"by": BY, "now": self.now}

    def one(self, model, *where):
        rows = list(model.select().where(model.id > 0, *where).order_by(model.id.desc()).limit(6))
        return self.chance.choice(rows) if rows else None

    def barcode(self):
        return f"7{self.number}{self.tried:08}"

    def ask(self):
        """Ask for one of the works that are open, or for the next."""
        row = self.one(Wanted)
        text = row.title_text if row and self.chance.random() < 0.8 else f"本{Wanted.select().count()}"
        given = {"pickup_branch": self.branch, "contact_method": "none", "may_borrow": True}
        self.asked.append(receipt.ask(self.one(Patron), receipt.Wish(text), **given, now=self.now).id)
        return True

    def decide(self):
        row = self.one(Wanted, Wanted.state.in_(states.OPEN))
        acts = {"consider": (), "take_back": (), "buy": (), "borrow": (self.partner,), "decline": ("policy",)}
        how = self.chance.choice(["consider", "take_back", "buy", "buy", "borrow", "borrow", "borrow", "decline"])
        reply = {} if how in ("consider", "take_back") else {"reply": ""}
        return row and (getattr(deciding, how)(row, *acts[how], **reply, **self.about), True)

    def register(self):
        row = self.one(Wanted, Wanted.state == "buying")
        if row is None:
            return False
        with database.writing():  # a record is added by one at a time
            title = Title.get_or_none(Title.title == row.title_text) or factories.title(row.title_text, author="")
        values = dict.fromkeys(copies.TEXTS, "") | {"price": None, "acquired_on": None, "branch": self.branch}
        arriving.register(title, values | {"barcode": self.barcode()}, today=self.now.date(), **self.about)
        return True

    def arrive(self):
        row = self.one(Borrowing, Borrowing.state == "asked")
        more = {"due": "2027-03-01", "barcode": "", "in_house": False, "no_renewal": True, "at": self.branch}
        return row and borrowings.arrive(row.id, **more, **self.about)

    def go_back(self):
        row, how = self.one(Borrowing), self.chance.choice(("undo_arrival", "send_back", "send_back", "undo_sending"))
        return row and getattr(borrowings, how)(row.id, **self.about)

    def receive_issue(self):
        """Receive the newest issue, which other desks have before them, or the next."""
        number = Issue.select().count() + self.chance.choice((0, 0, 0, 1))
        if self.chance.random() < 0.2 and (issue := self.one(Issue)):
            item = Item.get_or_none(Item.title == issue.title_id)
            return item and issues.take_back(item.id, **self.about)
        return issues.receive(Serial.get().id, f"第{number}号", self.barcode(), branch=self.branch, **self.about)

    def lend_set(self):
        """Lend it, without those that are out, or take it back."""
        item_set, patron = ItemSet.get(), self.one(Patron)
        loan = self.one(Loan, Loan.request.startswith("set:"), Loan.returned_on.is_null())
        if loan and self.chance.random() < 0.3:
            return set_loans.undo(loan, **self.about)
        given = {"branch": self.branch, "request": self.barcode(), **self.about}
        lent = set_loans.check_out(patron, item_set, **given)
        if lent.short:
            lent = set_loans.check_out(patron, item_set, **given, without=[each.item.id for each in lent.short])
        return lent.loans

    def some_item(self):
        return self.chance.choice(list(Item.select().order_by(Item.id)))

    def lend(self):
        hold = self.one(Hold, Hold.state.in_(("preparing", "ready")))
        patron, item = (hold.patron, hold.item or self.some_item()) if hold else (self.one(Patron), self.some_item())
        return loans.check_out(patron, item, branch=self.branch, **self.about)

    def give_back(self):
        loan = self.one(Loan, Loan.returned_on.is_null())
        return returns.give_back(loan.item if loan else self.some_item(), at=self.branch, now=self.now)

    def place(self):
        return holds.place(self.one(Patron), self.some_item().title, pickup_branch=self.branch, now=self.now)

    def cancel(self):
        row = self.one(PatronRequest)
        return row and (receipt.cancel(row, now=self.now), True)


@pytest.mark.parametrize("most, seconds", [(40, 60), pytest.param(10**9, 60, marks=pytest.mark.long)])
def test_many_desks_at_the_doors_at_once(db, most, seconds):
    branch = factories.branch("本館")
    use_facts.begin(NOW.date())
    shelf = [factories.item() for _ in range(4)]
    made = item_sets.save(None, {"name": "よみきかせ", "barcode": "S0001", "branch": str(branch.id)}, by=BY, now=NOW)
    for item in shelf:
        item_sets.add(made, item, by=BY, now=NOW)
    for _ in range(6):
        factories.patron()
    Partner.create(name="県立図書館")
    serial = Serial.create(name="こどもの科学室", interval="monthly", began_on=NOW.date())
    SerialCopies.create(serial=serial, branch=branch, number=1)
    until = time.monotonic() + seconds
    desks = [Desk(number, until, most) for number in range(DESKS)]
    for desk in desks:
        desk.start()
    for desk in desks:
        desk.join()
    assert [problem for desk in desks for problem in desk.problems] == []
    did = sum((desk.did for desk in desks), Counter())
    print(sum(desk.tried for desk in desks), dict(did))
    check(did, [number for desk in desks for number in desk.asked])


def check(did, asked):
    """Nothing is there twice, and nothing that was done is lost."""
    invariants.check_lending()
    names = [issue.name for issue in Issue.select()]
    places = list(Item.select(Item.title, Item.branch).join(Issue, on=(Issue.title == Item.title)).tuples())
    assert len(names) == len(set(names)) and len(places) == len(set(places))
    assert {row.id for row in PatronRequest.select()} == set(asked) and len(asked) == did["ask"]
    assert UseFact.select().where(UseFact.act == "request").count() == len(asked)
    open_works = [row.key for row in Wanted.select().where(Wanted.state.in_(states.OPEN))]
    assert len(open_works) == len(set(open_works))
    for row in PatronRequest.select(PatronRequest, Wanted).join(Wanted):
        assert row.cancelled or (row.ended_at is None) == (row.wanted.state in states.OPEN)
        assert row.cancelled or (row.hold_id is not None) == (row.wanted.state == "arrived")
    held = [row.hold_id for row in PatronRequest.select().where(PatronRequest.hold.is_null(False))]
    waiting = list(Hold.select(Hold.patron, Hold.title).where(Hold.state.in_(hold_states.OPEN)).tuples())
    assert len(held) == len(set(held)) and len(waiting) == len(set(waiting))
    for row in Borrowing.select(Borrowing, Item).join(Item):
        assert (row.item.state == "withdrawn") == (row.state != "arrived")
    for wanted in Wanted.select():
        rows = Borrowing.select().where(Borrowing.wanted == wanted.id, Borrowing.state != "refused")
        told = [wanted.state, *((each.id, each.state, str(each.sent_back_on)) for each in wanted.borrowings)]
        assert rows.count() <= 1, told
        assert wanted.state != "borrowing" or rows.get().state == "asked"
    lent = {fact.loan_id for fact in UseFact.select().where(UseFact.act == "loan")}
    assert lent == {loan.id for loan in Loan.select()}
