"""A library of three titles that does everything in any order, and what must hold after each step."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from peewee import JOIN

from library import clock, errors
from library.account import family_loans, retention, undoing
from library.calendar import opening
from library.lending import closures, copies, item_states, loans, renewals, returns, troubles, withdrawals
from library.lending.holds import cancelling, cart, hold_mails, hold_shelf, hold_states, holds
from library.mail import delivery
from library.patrons.family import ties
from library.store import database
from models import (
    Branch,
    FamilyTie,
    Hold,
    HoldGroup,
    HoldNotice,
    Item,
    Loan,
    OutboxMail,
    Patron,
    Title,
    Undo,
    database as connection,
)
from tests import factories

FIRST = date(2026, 11, 25)
DESK = "staff:desk"
COPIES = (2, 1, 1)
MOST_ITEMS = 7
numbers = st.integers(0, 11)  # which of what there is
spans = st.integers(1, 4)
REFUSED = (errors.Refusals, errors.Refused, errors.RefusedTogether)


class Library(RuleBasedStateMachine):
    """The rows are the state; what is kept here is only what rows can't tell: what they were before."""

    TABLES = (Loan, Hold, Item, OutboxMail, HoldNotice)  # of which a refusal changes nothing

    def __init__(self):
        super().__init__()
        self.outside = connection.transaction()
        self.outside.__enter__()
        self.today, self.minute = FIRST, 0
        self.seen = {}  # hold id → (state, item) after the last step
        self.able = set()  # ids of holds that might take a copy, after the last step
        self.turns = {}  # hold id → how often it became ready
        self.last = None  # what the desk did last: how to undo it
        self.added = 0  # copies

    def teardown(self):
        self.outside.rollback()
        self.outside.__exit__(None, None, None)

    @initialize()
    def begin(self):
        self.branches = [factories.branch("本館"), factories.branch("東部", closed_weekdays="0")]
        self.titles = [factories.title(f"本{number}") for number in range(3)]
        self.items = [
            factories.item(title, branch=self.branches[n % 2])
            for n, title in enumerate(self.titles)
            for _ in range(COPIES[n])
        ]
        self.patrons = [factories.patron(keep_history=n == 0) for n in range(4)]
        for number, patron in enumerate(self.patrons[:2]):
            factories.address(patron, f"p{number}@example.jp")
            factories.preference(patron, "hold", to_pc=True)
            factories.preference(patron, "due", to_pc=True, active=True)
        for child in (self.patrons[1], self.patrons[3]):  # the first of them looks at two cards
            factories.tie(self.patrons[0], child, may_renew=True)
        for item in self.items[2:]:  # two titles are out, and others wait for them
            loans.check_out(self.patrons[3], item, branch=item.branch, now=self.now, by=DESK)
            for patron in self.patrons[:2]:
                holds.place(patron, item.title, pickup_branch=item.branch, contact_method="mail", now=self.now)

    # -- what can be done --------------------------------------------------------------------------------------------
    @property
    def now(self):
        self.minute += 1
        return clock.at(self.today, 9) + timedelta(minutes=self.minute)

    def one(self, among, number):
        return among[number % len(among)]

    def some_hold(self, number):
        """Rather one that has a copy: there are fewer of them, and more comes of it."""
        rows = list(Hold.select().where(Hold.state.in_(hold_states.OPEN)).order_by(Hold.id))
        kept = [hold for hold in rows if hold.state in hold_states.SET_ASIDE]
        rows = kept if kept and number % 2 else rows
        return self.one(rows, number // 2) if rows else None

    def some_loan(self, number):
        rows = list(Loan.select().where(Loan.returned_on.is_null()).order_by(Loan.id))
        return self.one(rows, number) if rows else None

    def tried(self, rule_of_the_house, *given, **more):
        """Do it if it may be done; a refusal has its reasons and changes nothing."""
        before = self.everything()
        try:
            return rule_of_the_house(*given, **more)
        except REFUSED as refused:
            assert getattr(refused, "reasons", [refused])
            assert self.everything() == before
            return None

    def everything(self):
        names = [table._meta.table_name for table in self.TABLES]
        return [connection.execute_sql(f'SELECT * FROM "{name}" ORDER BY id').fetchall() for name in names]

    @rule(who=numbers, what=numbers, where=numbers, forced=st.booleans())
    def lend(self, who, what, where, forced):
        patron, item = Patron.get_by_id(self.one(self.patrons, who).id), Item.get_by_id(self.one(self.items, what).id)
        reasons = loans.check_out_refusals(patron, item, today=self.today)
        lent = self.tried(
            loans.check_out,
            patron,
            item,
            branch=self.one(self.branches, where),
            now=self.now,
            by=DESK,
            override="x" * forced,
        )
        firm = any(isinstance(reason, loans.FIRM) for reason in reasons)
        if lent and lent.is_new:
            assert not reasons or (forced and not firm)
            self.last = ("lent", lent.loan)
        elif lent is None:
            assert reasons and (firm or not forced)
        else:  # the same scan again
            assert lent.loan.patron_id == patron.id and lent.loan.lent_on == self.today

    @rule(who=numbers, what=numbers)
    def lend_elsewhere(self, who, what):
        """A loan that is read in from another system asks nobody here."""
        patron, item = Patron.get_by_id(self.one(self.patrons, who).id), Item.get_by_id(self.one(self.items, what).id)
        if loans.open_loan_of(item) is None and item.state == "available":
            with database.writing():
                loan = factories.loan(patron, self.today + timedelta(days=14), item=item, lent_on=self.today)
                loans.hand_over(loan, now=self.now)
            self.last = None

    @rule(what=numbers, where=numbers, twice=st.booleans(), yesterday=st.booleans())
    def give_back(self, what, where, twice, yesterday):
        item, branch = self.one(self.items, what), self.one(self.branches, where)
        if what > 5 and (loan := self.some_loan(what)):  # rather one that is out, where it came from
            item, branch = loan.item, loan.branch
        day = self.today - timedelta(days=1) if yesterday else None
        now = self.now  # the same for both: a hold that was given up ends by the minute
        back = self.tried(returns.give_back, item, at=branch, now=now, returned_on=day)
        if back and back.loan:
            self.last = ("returned", back.loan)
        if back and twice:
            before = self.everything()
            again = returns.give_back(item, at=branch, now=now)
            assert (again.hold, again.to, again.loan) == (back.hold, back.to, None)
            assert self.everything() == before

    @precondition(lambda self: self.last)
    @rule()
    def undo(self):
        what, loan = self.last
        self.last = None
        self.tried((loans if what == "lent" else returns).undo, loan, by=DESK, now=self.now)

    @rule(who=numbers)
    def renew(self, who):
        mine = loans.open_loans(self.one(self.patrons, who))
        before = {loan.id: (loan.due_on, loan.renewals) for loan in mine}
        for answer in renewals.renew_all(mine, now=self.now, by="patron"):
            due_on, renewed = before[answer.loan.id]
            loan = Loan.get_by_id(answer.loan.id)
            if answer.reasons:
                assert (loan.due_on, loan.renewals) == (due_on, renewed)
            else:
                assert loan.due_on == answer.due_on > due_on and loan.renewals == renewed + 1 == 1

    @rule(which=numbers, late=st.booleans())
    def take_back_renewals(self, which, late):
        """Undone, each loan is as it was, and holds are over; what changed since, or is late, stays as it is."""
        rows = list(Undo.select().order_by(Undo.id))
        if not rows:
            return
        row = self.one(rows, which)
        now = row.until if late else row.until - timedelta(minutes=1)
        done = self.tried(undoing.take_back, row.patron, row.id, now=now)
        assert not (done and late)
        for placed in row.facts.get("holds", ()) if done else ():
            assert Hold.get_by_id(placed["hold"]).state == "cancelled"
        for number, before, _, count in row.facts.get("loans", ()) if done else ():
            loan = Loan.get_by_id(number)
            assert (loan.due_on.isoformat(), loan.renewals, loan.returned_on) == (before, count - 1, None)
            left = ties.renewable_by(row.patron) if row.kind == "family" else []
            owners = [row.patron_id, *(tie.child_id for tie in left)]
            assert loan.patron_id in owners

    @rule(which=numbers, allowed=st.sets(st.sampled_from((ties.LOOK, ties.RENEW, ties.CARD))))
    def tick(self, which, allowed):
        """The child changes the ticks, takes back the last, or agrees anew."""
        child = self.one((self.patrons[1], self.patrons[3]), which)
        tie = FamilyTie.get(FamilyTie.child == child)
        self.tried(ties.allow if tie.agreed_at else ties.agree, tie, allowed, now=self.now)
        seen = {tie.child_id: ties.allows(tie) for tie in ties.of_viewer(self.patrons[0])}
        possible = ties.LOOK in allowed or (not allowed and tie.agreed_at)
        assert seen.get(child.id, set()) == (allowed if possible else ties.allows(tie))

    @rule(withdrawn=st.booleans(), other=st.booleans())
    def renew_for_the_family(self, withdrawn, other):
        """Renew all that was shown, or nothing, where a child leaves it to the viewer no more, or a
        loan is another's.
        """
        viewer, today = Patron.get_by_id(self.patrons[0].id), self.today
        looked_at = ties.of_viewer(viewer)
        found = loans.open_loans_of([viewer, *(tie.child for tie in looked_at)])
        judged = renewals.Renewals(found, today=today, viewer=viewer)
        shown = dict(judged.together(family_loans.renewable(viewer, looked_at, found)).renewed)
        until = {loan.id: day for loan, day in shown.items()}
        strange = loans.open_loans(self.patrons[2])[:1] if other else []
        until |= {loan.id: today for loan in strange}
        if withdrawn:
            FamilyTie.update(may_renew=False).where(FamilyTie.viewer == viewer).execute()
        allowed = all(loan.patron_id == viewer.id for loan in shown) if withdrawn else True
        outcomes = self.tried(family_loans.renew_shown, viewer, until, now=self.now) if until else None
        if until and allowed and not strange:
            assert [each.reasons for each in outcomes] == [()] * len(until)
            assert all(Loan.get_by_id(number).due_on == day for number, day in until.items())
            assert {row[0] for row in Undo.select().order_by(Undo.id.desc()).get().facts["loans"]} == set(until)
        else:
            assert outcomes is None

    @rule(who=numbers, what=numbers, where=numbers, how=st.sampled_from(("none", "mail", "phone")))
    def place(self, who, what, where, how):
        patron, title = Patron.get_by_id(self.one(self.patrons, who).id), self.one(self.titles, what)
        choice = {"pickup_branch": self.one(self.branches, where), "contact_method": how, "now": self.now}
        self.tried(holds.place, patron, title, **choice)

    @rule(who=numbers, where=numbers, order=st.sampled_from(("in_order", "any_one", "")), first=numbers)
    def place_together(self, who, where, order, first):
        patron = Patron.get_by_id(self.one(self.patrons, who).id)
        titles = [self.one(self.titles, first), self.one(self.titles, first + 1)]
        choice = {"pickup_branch": self.one(self.branches, where), "contact_method": "none", "order": order}
        for title in titles:
            self.tried(cart.add, patron, title, now=self.now)
        self.tried(cart.place, patron, titles, now=self.now, **choice)

    @rule(which=numbers, by=st.sampled_from(("patron", DESK)))
    def cancel(self, which, by):
        if hold := self.some_hold(which):
            self.tried(holds.cancel, hold, by=by, now=self.now)

    @rule(which=numbers)
    def give_up(self, which):
        if hold := self.some_hold(which):
            self.tried(cancelling.give_up, hold, now=self.now)

    @rule(which=numbers)
    def restore(self, which):
        """Have one back that was given up, in its place, with the copy that was kept for it."""
        rows = list(
            Hold.select().where(Hold.state.in_(hold_states.OPEN), Hold.cancel_at.is_null(False)).order_by(Hold.id)
        )
        if rows:
            before = self.one(rows, which)
            hold = self.tried(cancelling.restore, before, now=self.now)
            assert hold is None or (hold.id, hold.cancel_at, hold.rank) == (before.id, None, before.rank)
            assert hold is None or before.state not in hold_states.SET_ASIDE or hold.item_id == before.item_id

    @rule(minutes=st.integers(1, 15))
    def minutes_pass(self, minutes):
        """Let the time go by in which a hold can be had back, and the job come."""
        self.minute += minutes
        now = self.now
        cancelling.finish(now=now)
        assert cancelling.finish(now=now) == {"cancelled": 0}
        assert not Hold.select().where(Hold.state.in_(hold_states.OPEN), Hold.cancel_at <= now).exists()

    @rule(which=numbers, days=spans)
    def suspend(self, which, days):
        if hold := self.some_hold(which):
            self.tried(holds.suspend, hold, self.today + timedelta(days=days), now=self.now)

    @rule(which=numbers, change=st.sampled_from(("resume", "yield_turn", "extend", "contacted", "not_found")))
    def change_hold(self, which, change):
        if hold := self.some_hold(which):
            rules = {
                "extend": lambda: hold_shelf.extend(hold, now=self.now),
                "contacted": lambda: hold_shelf.contacted(hold, by=DESK, now=self.now),
                "not_found": lambda: item_states.mark_missing(hold, by=DESK, now=self.now),
            }
            self.tried(rules.get(change) or (lambda: getattr(holds, change)(hold, now=self.now)))

    @rule(which=numbers, where=numbers)
    def change_pickup(self, which, where):
        if hold := self.some_hold(which):
            self.tried(holds.change_pickup, hold, self.one(self.branches, where), now=self.now)

    @rule(who=numbers, state=st.sampled_from(("suspended", "active")))
    def block(self, who, state):
        patron = self.one(self.patrons, who)
        with database.writing():
            Patron.update(state=state).where(Patron.id == patron.id).execute()
            holds.card_changed(patron, now=self.now)

    @rule(what=numbers, more=numbers, despite=st.booleans())
    def withdraw(self, what, more, despite):
        """Withdraw one copy or two at once; nobody who has one, or has one kept, loses it."""
        chosen = {item.id: "複本" for item in (self.one(self.items, what), self.one(self.items, more))}
        stopped = set(self.items_out()) | {hold.item_id for hold in self.open_holds() if hold.item_id}
        gone = [item.id for item in Item.select().where(Item.state == "withdrawn")]
        done = self.tried(
            withdrawals.withdraw, chosen, self.today, despite=chosen if despite else (), by=DESK, now=self.now
        )
        assert not (done and (stopped | set(gone)) & set(chosen))

    @rule(what=numbers)
    def take_back_withdrawal(self, what):
        item = Item.get_by_id(self.one(self.items, what).id)
        before = item.former_state
        if self.tried(withdrawals.take_back, [item.id], by=DESK, now=self.now):
            assert Item.get_by_id(item.id).state == before

    @rule(which=numbers)
    def receive(self, which):
        """Take in a copy, under a new number or one of a withdrawn copy, which is refused."""
        if len(self.items) < MOST_ITEMS:
            self.added += 1
            number, title = f"09{self.added:08}", self.one(self.titles, which)
            values = {
                "barcode": number,
                "branch": self.one(self.branches, which),
                "acquired_how": "購入",
                "price": 1000,
            }
            values |= {"acquired_on": self.today}
            made = self.tried(copies.add, title, values, by=DESK, today=self.today, now=self.now)
            self.items.append(made)
        for gone in Item.select().where(Item.state == "withdrawn"):
            values = {"barcode": gone.barcode, "branch": gone.branch, "acquired_on": None}
            again = self.tried(copies.add, gone.title, values, by=DESK, today=self.today, now=self.now)
            assert again is None

    @rule(what=numbers, state=st.sampled_from(("available", "repair", "missing", "withdrawn", "available")))
    def item_state(self, what, state):
        self.tried(item_states.change, self.one(self.items, what), state, by=DESK, now=self.now)

    @rule(
        which=numbers,
        what=st.sampled_from(("report_lost", "claim_returned", "reject_claim", "report_damage", "settle")),
    )
    def trouble(self, which, what):
        if loan := self.some_loan(which):
            more = {"item_state": "available"} if what == "settle" else {}
            self.tried(getattr(troubles, what), loan, by=DESK, now=self.now, **more)
            self.last = None

    @rule(ahead=spans, where=numbers)
    def close(self, ahead, where):
        before = {loan.id: loan.due_on for loan in Loan.select().where(Loan.returned_on.is_null())}
        ends = {hold.id: hold.pickup_by for hold in Hold.select().where(Hold.pickup_by.is_null(False))}
        day = self.today + timedelta(days=ahead)
        closures.close([self.one(self.branches, where)], [day], by=DESK, now=self.now)
        assert all(Loan.get_by_id(key).due_on >= due_on for key, due_on in before.items())
        assert all(Hold.get_by_id(key).pickup_by >= end for key, end in ends.items())

    @rule(fails=st.booleans())
    def deliver(self, fails):
        for mail in OutboxMail.select().where(OutboxMail.state == "queued"):
            letters = {"closure": closures.letter}
            letter = letters.get(mail.kind, hold_mails.letter)(mail, today=self.today)
            mail.state = "sending"
            OutboxMail.update(state="sending").where(OutboxMail.id == mail.id).execute()
            with database.writing():
                if letter is None:
                    delivery._settle(mail, "cancelled")
                    delivery._forget_notices(mail)
                else:
                    delivery._settle(mail, "failed" if fails else "sent", sent_at=None if fails else self.now)
        hold_shelf.start_clocks(now=self.now)

    @rule(days=spans)
    def days_pass(self, days):
        for _ in range(days):
            self.today, self.minute = self.today + timedelta(days=1), 0
            cancelling.finish(now=self.now)
            hold_shelf.expire(now=self.now)
            assert hold_shelf.expire(now=self.now) == {"expired": 0}
            hold_shelf.advance_all(now=self.now)
            hold_shelf.start_clocks(now=self.now)
            hold_shelf.remind(now=self.now)
            retention.unlink_returned(now=self.now)
        named = Loan.select().where(Loan.returned_on.is_null(False), Loan.patron.is_null(False), Loan.trouble == "")
        assert not named.exists()
        assert not Hold.select().where(Hold.state == "collected", Hold.loan.is_null()).exists()

    # -- what must hold ----------------------------------------------------------------------------------------------
    def open_holds(self):
        """Return the holds that wait or have a copy in the order of their lines, each read with its copy, patron and
        group.
        """
        rows = Hold.select(Hold, Item, Patron, HoldGroup).join(Item, JOIN.LEFT_OUTER, on=Hold.item)
        rows = rows.join_from(Hold, Patron).join_from(Hold, HoldGroup, JOIN.LEFT_OUTER)
        return list(rows.where(Hold.state.in_(hold_states.OPEN)).order_by(Hold.rank, Hold.placed_at, Hold.id))

    def items_out(self):
        return [item for (item,) in Loan.select(Loan.item).where(Loan.returned_on.is_null()).tuples()]

    @invariant()
    def every_copy_is_in_one_place(self):
        out = self.items_out()
        assert len(out) == len(set(out))
        items = list(Item.select())
        here = [item for item in items if item.id not in out]
        shelf = [item for item in here if item.state == "available" and not item.aside and not item.going_to_id]
        elsewhere = [item for item in here if item.state != "available" or item.aside or item.going_to_id]
        assert len(out) + len(shelf) + len(elsewhere) == len(items)
        for item in items:
            assert not (item.aside and item.going_to_id)
            assert item.id not in out or (not item.aside and not item.going_to_id and not item.at_branch_id)

    @invariant()
    def a_copy_is_promised_to_one_person_and_is_where_it_should_be(self):
        out = self.items_out()
        promised = []
        for hold in self.open_holds():
            item = hold.item
            if hold.state == "waiting":
                assert (item, hold.pickup_by, hold.told_on, hold.loan_id) == (None, None, None, None)
                continue
            promised.append(item.id)
            assert item.id not in out and item.state == "available" and item.title_id == hold.title_id
            where = {
                "preparing": (False, None),
                "in_transit": (False, hold.pickup_branch_id),
                "ready": (True, None),
            }[hold.state]
            assert (item.aside, item.going_to_id) == where
            if hold.state == "ready":
                assert (item.at_branch_id or item.branch_id) == hold.pickup_branch_id
                assert hold.pickup_by is None or hold.told_on is not None
                assert hold.pickup_by is None or opening.is_open(hold.pickup_branch, hold.pickup_by)
            if hold.state in hold_states.SET_ASIDE:
                assert hold.patron.state == "active"
        assert len(promised) == len(set(promised))

    @invariant()
    def the_first_who_may_take_are_served_first(self):
        waiting, copies, out, queues = self.open_holds(), list(Item.select()), self.items_out(), {}
        able = {hold.id for hold in waiting if self.may_take(hold, waiting)}
        for hold in waiting:
            queues.setdefault(hold.title_id, []).append(hold)
        for title, queue in queues.items():
            line = [hold for hold in queue if hold.state in hold_states.IN_LINE and hold.id in able]
            fetched = [hold.id for hold in queue if hold.state == "preparing"]
            here = [item for item in copies if item.title_id == title and item.state == "available"]
            free = [item for item in here if item.id not in out and not item.aside and not item.going_to_id]
            free = [item for item in free if not self.stays(item)]
            assert fetched == [hold.id for hold in line[: len(free)]]
            for place, hold in enumerate(queue):
                before = self.seen.get(hold.id, ("waiting", None))
                if hold.state in hold_states.SET_ASIDE and before[0] not in hold_states.SET_ASIDE:
                    passed_over = [other for other in queue[:place] if other in line and other.id in self.able]
                    assert not passed_over
            kept = {hold.item_id for hold in queue if hold.state == "ready"}
            self.a_copy_that_is_let_go_is_passed_on(here, kept, [hold.id for hold in line])
        self.able = able

    def a_copy_that_is_let_go_is_passed_on(self, copies, kept, line):
        """Check that a copy set aside for one, now free, is wanted by nobody who waited all the time."""
        before = {item for state, item in self.seen.values() if state == "ready"}
        for item in copies:
            if item.aside and item.id not in kept and item.id in before:
                assert not [hold for hold in line if hold in self.able]

    def stays(self, item):
        """Tell whether a copy is not for holds."""
        return False

    def may_take(self, hold, waiting):
        """Said a second time, in plain words."""
        if (
            hold.cancel_at
            or hold.patron.state != "active"
            or (hold.suspended_until and hold.suspended_until >= self.today)
        ):
            return False
        if hold.group_id is None or hold.group.kind != "in_order":
            return True
        return all(other.position >= hold.position for other in waiting if other.group_id == hold.group_id)

    @invariant()
    def a_withdrawn_copy_has_its_day_and_no_other_has_one(self):
        for item in Item.select():
            is_gone = item.state == "withdrawn" and item.owner_id is None
            assert is_gone == (item.withdrawn_on is not None) == bool(item.withdrawn_reason) == bool(item.former_state)
        gone = Item.select().where(Item.state == "withdrawn", Item.id.in_(self.items_out()))
        assert not gone.exists() and not Item.select().where(Item.state == "withdrawn", Item.aside).exists()
        assert {item.id for item in Item.select()} == {item.id for item in self.items}

    @invariant()
    def nobody_is_told_twice(self):
        for hold in Hold.select():
            was = self.seen.get(hold.id, (None, None))
            if hold.state == "ready" and was != ("ready", hold.item_id) and was[0] != "collected":
                self.turns[hold.id] = self.turns.get(hold.id, 0) + 1
        told = {}
        for mail in OutboxMail.select().where(OutboxMail.state != "cancelled"):
            for hold in mail.facts.get("holds", []) if mail.kind != "closure" else ():
                told[mail.kind, hold] = told.get((mail.kind, hold), 0) + 1
        for (kind, hold), times in told.items():
            assert kind != "hold_ready" or times <= self.turns.get(hold, 0)
            assert kind != "hold_ended" or times == 1

    @invariant()
    def of_any_one_there_is_one(self):
        groups = {}
        for hold in (hold for hold in self.open_holds() if hold.group):
            groups.setdefault(hold.group, []).append(hold.state)
        for group, states in groups.items():
            if group.kind == "any_one" and set(states) & set(hold_states.SET_ASIDE):
                assert len(states) == 1

    @invariant()
    def what_was_promised_once_is_kept(self):
        """Runs last: no hold goes but with its loan, and what is over has its reason."""
        rows = {hold.id: hold for hold in Hold.select()}
        for hold_id, (state, _) in self.seen.items():
            assert hold_id in rows or state == "collected"
        for hold in rows.values():
            assert (hold.ended_at is None) == (hold.state in hold_states.OPEN)
            assert hold.state not in ("cancelled", "expired") or (hold.reason and hold.cancel_at is None)
            assert hold.state != "collected" or (hold.loan.patron_id, hold.loan.item.title_id) == (
                hold.patron_id,
                hold.title_id,
            )
        self.seen = {hold.id: (hold.state, hold.item_id) for hold in rows.values()}
        assert Branch.select().count() == 2 and Title.select().count() == len(self.titles)


def run(examples, steps, part="", library=Library):
    """Walk through the library. Each part has its own walks, the same ones each time."""
    profile = settings(max_examples=examples, stateful_step_count=steps, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(type(f"{library.__name__}{part}", (library,), {}), settings=profile)


def test_a_library_in_any_order(db):
    run(examples=15, steps=25)


@pytest.mark.long
@pytest.mark.parametrize("part", range(5))  # 500 examples, on as many processors as there are
def test_a_library_in_any_order_for_long(db, part):
    run(examples=100, steps=50, part=part)
