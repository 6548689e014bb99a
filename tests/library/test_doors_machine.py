"""The library of the walk with all that comes through its door: requests, issues, copies of other libraries, sets."""

from datetime import timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from library import policy
from library.counting.figures import counts
from library.facts import use_facts
from library.interlibrary import borrowings
from library.lending import copies
from library.lending.holds import hold_states
from library.lending.sets import item_sets, set_loans
from library.requests import arriving, deciding, receipt, states
from library.serials import issues, serials
from models import (
    Borrowing,
    Hold,
    Issue,
    Item,
    ItemSet,
    Loan,
    Partner,
    Patron,
    PatronRequest,
    Serial,
    SetRow,
    Title,
    UseFact,
    Wanted,
)
from tests import factories
from tests.library import test_lending_machine as machine

DESK, numbers = machine.DESK, machine.numbers
WORKS = [receipt.Wish("頼まれた本"), receipt.Wish("もう一冊")]
MOST = 14  # copies


class Doors(machine.Library):
    TABLES = (*machine.Library.TABLES, Wanted, PatronRequest, Borrowing, Serial, Issue, ItemSet, SetRow)

    @initialize()
    def begin(self):
        super().begin()
        use_facts.begin(machine.FIRST)
        policy.put("magazine_types", ["雑誌"])
        self.asked, self.issued, self.aside = 0, 0, set()
        self.partner, self.serial = Partner.create(name="県立図書館"), self.new_serial()
        typed = {"name": "よみきかせ", "barcode": "S0001", "branch": str(self.branches[0].id)}
        self.set = item_sets.save(None, typed, by=DESK, now=self.now)
        for item in self.items[:2]:
            self.tried(item_sets.add, self.set, item, by=DESK, now=self.now)
        Patron.update(category="団体").where(Patron.id == self.patrons[2].id).execute()

    def new_serial(self):
        texts = dict.fromkeys(serials.TEXTS, "こどもの科学室")
        typed = texts | {
            "issn": "",
            "interval": "monthly",
            "acquired_how": "購入",
            "keep_years": "",
            "lends_newest": "",
        }
        return serials.add(
            serials.read(typed, dict.fromkeys((each.id for each in self.branches), "1")), by=DESK, now=self.now
        )

    def look_again(self):
        """Read which titles and copies are there."""
        self.titles = list(Title.select().order_by(Title.id))
        self.items = list(Item.select().order_by(Item.id))

    def some(self, model, number, *where):
        rows = list(model.select().where(model.id > 0, *where).order_by(model.id))
        return self.one(rows, number) if rows else None

    def barcode(self):
        self.added += 1
        return f"09{self.added:08}"

    # -- リクエスト ------------------------------------------------------------------------------------------------------
    @rule(who=numbers, what=numbers, where=numbers)
    def ask(self, who, what, where):
        made = self.tried(
            receipt.ask, self.one(self.patrons, who), self.one(WORKS, what), now=self.now, may_borrow=True,
            pickup_branch=self.one(self.branches, where), contact_method="none",
        )  # fmt: skip
        self.asked += made is not None

    @rule(which=numbers)
    def cancel_request(self, which):
        if row := self.some(PatronRequest, which):
            self.tried(receipt.cancel, row, now=self.now)

    @rule(which=numbers, how=st.sampled_from(("consider", "buy", "borrow", "borrow", "decline", "take_back")))
    def decide(self, which, how):
        if row := self.some(Wanted, which, Wanted.state.in_(states.OPEN)):
            given = {"borrow": (self.partner,), "decline": ("policy",)}.get(how, ())
            reply = {} if how in ("consider", "take_back") else {"reply": "返事"}
            self.tried(getattr(deciding, how), row, *given, **reply, by=DESK, now=self.now)

    @rule(which=numbers, where=numbers)
    def register(self, which, where):
        """Register what is on order: each who asked has a hold on it, in the order of asking."""
        row = self.some(Wanted, which, Wanted.state == "buying")
        if row is None or len(self.items) >= MOST:
            return
        waiting, title = deciding.open_requests(row), factories.catalogued(row.title_text)
        values = {"barcode": self.barcode(), "branch": self.one(self.branches, where), "acquired_on": None}
        more = {"by": DESK, "today": self.today, "now": self.now}
        self.tried(arriving.register, title, values | dict.fromkeys(copies.TEXTS, "") | {"price": None}, **more)
        self.nobody_is_lost(waiting, title)

    def nobody_is_lost(self, waiting, title):
        """Check that each request became one open hold on the title."""
        self.look_again()
        for request in waiting:
            request = PatronRequest.get_by_id(request.id)
            mine = Hold.select().where(Hold.patron == request.patron_id, Hold.title == title)
            assert [hold.id for hold in mine.where(Hold.state.in_(hold_states.OPEN))] == [request.hold_id]

    # -- 雑誌 ------------------------------------------------------------------------------------------------------------
    @rule(where=numbers, kind=st.sampled_from(("single", "single", "double", "extra")), again=st.booleans())
    def receive_issue(self, where, kind, again):
        if len(self.items) >= MOST:
            return
        self.issued += not again
        before = Item.select().count()
        given = {"kind": kind, "branch": self.one(self.branches, where), "by": DESK, "now": self.now}
        got = self.tried(issues.receive, self.serial.id, f"第{self.issued}号", self.barcode(), **given)
        assert Item.select().count() - before == bool(got)
        self.look_again()

    @rule(which=numbers)
    def receive(self, which):
        """Take in a copy of a book; by hand a library may have an issue twice."""
        every, issued = self.titles, {issue.title_id for issue in Issue.select()}
        self.titles = [title for title in every if title.id not in issued]
        super().receive(which)
        self.titles = every

    @rule(which=numbers)
    def undo_issue(self, which):
        rows = Item.select().join(Issue, on=(Issue.title == Item.title)).order_by(Item.id)
        if rows := list(rows):
            self.tried(issues.take_back, self.one(rows, which).id, by=DESK, now=self.now)
            self.look_again()

    @rule(ends=st.booleans())
    def end_or_resume(self, ends):
        (serials.end if ends else serials.resume)(self.serial, by=DESK, now=self.now)

    # -- 相互貸借 ----------------------------------------------------------------------------------------------------------
    @rule(which=numbers, where=numbers, days=st.integers(0, 30), in_house=st.booleans(), no_renewal=st.booleans())
    def arrive(self, which, where, days, in_house, no_renewal):
        row = self.some(Borrowing, which, Borrowing.state == "asked")
        if row is None or len(self.items) >= MOST:
            return
        waiting = deciding.open_requests(row.wanted)
        terms = {
            "in_house": in_house and days > 15,
            "no_renewal": no_renewal,
            "due": str(self.today + timedelta(days=days)),
        }
        more = {"barcode": "", "at": self.one(self.branches, where), "by": DESK, "now": self.now}
        if came := self.tried(borrowings.arrive, row.id, **terms, **more):
            self.nobody_is_lost(waiting, came.item.title_id)

    @rule(which=numbers, what=st.sampled_from(("undo_arrival", "send_back", "undo_sending")))
    def go_back(self, which, what):
        if row := self.some(Borrowing, which, Borrowing.item.is_null(False)):
            asked = [r.id for r in row.wanted.requests.where(~PatronRequest.cancelled)]
            done = self.tried(getattr(borrowings, what), row.id, by=DESK, now=self.now)
            if done and what == "undo_arrival":
                rows = PatronRequest.select().where(PatronRequest.id.in_(asked))
                assert all((each.ended_at, each.hold_id) == (None, None) for each in rows)
            self.look_again()

    # -- セット -----------------------------------------------------------------------------------------------------------
    @rule(who=numbers, forced=st.booleans(), where=numbers)
    def lend_set(self, who, forced, where):
        """All are lent, or those that can be where that was asked for, or none."""
        patron, before = Patron.get_by_id(self.one(self.patrons, who).id), Loan.select().count()
        given = {"branch": self.one(self.branches, where), "request": f"{self.today} {self.minute}"}
        given |= {"now": self.now, "by": DESK}
        lent = self.tried(set_loans.check_out, patron, self.set, **given)
        if lent and lent.short:
            assert lent.loans == [] and all(each.reasons for each in lent.short)
            without = [each.item.id for each in lent.short] if forced else []
            lent = set_loans.check_out(patron, self.set, **given, without=without)
            assert forced or lent.loans == []
        assert Loan.select().count() - before == len(lent.loans if lent else [])

    @rule(which=numbers)
    def undo_set(self, which):
        rows = [loan for loan in Loan.select().order_by(Loan.id) if set_loans.together(loan)]
        if rows:
            self.tried(set_loans.undo, self.one(rows, which), by=DESK, now=self.now)

    @rule(what=numbers, adds=st.booleans())
    def change_set(self, what, adds):
        item = self.one(self.items, what)
        if adds:
            self.tried(item_sets.add, self.set, item, by=DESK, now=self.now)
        else:
            self.tried(item_sets.remove, self.set, item.id, by=DESK, now=self.now)

    # -- what must hold ----------------------------------------------------------------------------------------------
    def stays(self, item):
        """Said a second time: a copy of the last issue at its branch, 増刊 apart, for 60 days."""
        issue = Issue.get_or_none(Issue.title == item.title_id)
        if issue is None or issue.kind == "extra" or (self.today - item.acquired_on).days >= 60:
            return False
        there = Item.select().where(Item.branch == item.branch_id, Item.state != "withdrawn")
        others = [Issue.get_or_none(Issue.title == copy.title_id) for copy in there]
        return all(other is None or other.kind == "extra" or other.position <= issue.position for other in others)

    @invariant()
    def a_newest_issue_is_never_given_to_a_hold(self):
        held = set()
        for hold in Hold.select(Hold, Item).join(Item).where(Hold.state.in_(hold_states.OPEN)):
            held.add((hold.id, hold.item_id))
            assert (hold.id, hold.item_id) in self.aside or not self.stays(hold.item)
        self.aside = held

    @invariant()
    def borrowed_copies_are_in_no_figure_of_stock(self):
        own = [item for item in Item.select() if item.owner_id is None]
        here = [item for item in own if item.state != "withdrawn"]
        is_issue = {issue.title_id for issue in Issue.select()}
        for name, rows in (
            ("books", [item for item in here if item.title_id not in is_issue]),
            ("magazines", [item for item in here if item.title_id in is_issue]),
            ("received", [item for item in own if item.acquired_on == self.today and item.title_id not in is_issue]),
        ):
            assert (counts.count(name, self.today, self.today, today=self.today).total or 0) == len(rows), name
        borrowed = counts.count("borrowings", self.today, self.today, today=self.today).total or 0
        assert borrowed == Borrowing.select().where(Borrowing.arrived_on == self.today).count()
        assert not Item.select().where(Item.owner.is_null(False), Item.withdrawn_on.is_null(False)).exists()

    @invariant()
    def a_borrowed_copy_is_here_or_gone_for_everybody(self):
        for row in Borrowing.select(Borrowing, Item).join(Item):
            assert (row.item.state == "withdrawn") == (row.state != "arrived")
            kept = Hold.select().where(Hold.item == row.item_id, Hold.state.in_(hold_states.OPEN))
            out = Loan.select().where(Loan.item == row.item_id, Loan.returned_on.is_null())
            assert row.state == "arrived" or not (kept.exists() or out.exists())

    @invariant()
    def a_request_is_one_fact_and_one_hold(self):
        facts = UseFact.select().where(UseFact.act == "request").count()
        assert facts == self.asked
        held = [row.hold_id for row in PatronRequest.select().where(PatronRequest.hold.is_null(False))]
        assert len(held) == len(set(held))
        rows = Hold.select(Hold.patron, Hold.title).where(Hold.state.in_(hold_states.OPEN)).tuples()
        assert len(list(rows)) == len(set(rows))
        for row in PatronRequest.select(PatronRequest, Wanted).join(Wanted):
            assert row.cancelled or (row.ended_at is None) == (row.wanted.state in states.OPEN)

    @invariant()
    def an_issue_is_at_a_branch_once(self):
        rows = Item.select(Item.title, Item.branch).join(Issue, on=(Issue.title == Item.title)).tuples()
        rows = list(rows.where(Item.state != "withdrawn"))
        assert len(rows) == len(set(rows))
        assert all(issue.title_id for issue in Issue.select())


def test_a_library_and_its_doors_in_any_order(db):
    machine.run(examples=12, steps=30, library=Doors)


@pytest.mark.long
@pytest.mark.parametrize("part", range(5))
def test_a_library_and_its_doors_in_any_order_for_long(db, part):
    machine.run(examples=100, steps=60, part=part, library=Doors)
