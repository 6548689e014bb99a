"""リクエスト in any order: each change is one of the table, and what must hold after each step."""

import threading
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from library import clock, errors
from library.account import account_closing, retention
from library.lending import copies, loans, returns
from library.requests import arriving, deciding, receipt, same_work, states
from models import (
    Borrowing,
    Hold,
    Item,
    Loan,
    Partner,
    Patron,
    PatronRequest,
    UseFact,
    Wanted,
    database as connection,
)
from tests import factories

FIRST = date(2026, 11, 25)
DESK = "staff:desk"
WORKS = [same_work.Wish(f"本{number}") for number in range(3)]
numbers = st.integers(0, 11)
REFUSED = (errors.Refusals, errors.Refused, errors.RefusedTogether)


class Requests(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.outside = connection.transaction()
        self.outside.__enter__()
        self.today, self.minute = FIRST, 0
        self.seen, self.asked = {}, 0

    def teardown(self):
        self.outside.rollback()
        self.outside.__exit__(None, None, None)

    @initialize()
    def begin(self):
        self.branches = [factories.branch("本館"), factories.branch("東部")]
        self.patrons = [factories.patron() for _ in range(4)]
        factories.address(self.patrons[0])
        self.partner = Partner.create(name="県立図書館")

    @property
    def now(self):
        self.minute += 1
        return clock.at(self.today, 9) + timedelta(minutes=self.minute)

    def one(self, among, number):
        return among[number % len(among)] if among else None

    def tried(self, rule_of_the_house, *given, **more):
        """Do it if it may be done; a refusal changes nothing."""
        before = self.everything()
        try:
            return rule_of_the_house(*given, **more)
        except REFUSED as refused:
            assert getattr(refused, "reasons", [refused])
            assert self.everything() == before
            return None

    def everything(self):
        tables = (Wanted, PatronRequest, Borrowing, Hold)
        names = [table._meta.table_name for table in tables]
        return [connection.execute_sql(f'SELECT * FROM "{name}" ORDER BY id').fetchall() for name in names]

    def some_work(self, number):
        return self.one(list(Wanted.select().order_by(Wanted.id.desc())), number)

    # -- what can be done --------------------------------------------------------------------------------------------
    @rule(who=numbers, what=numbers, by_mail=st.booleans())
    def ask(self, who, what, by_mail):
        made = self.tried(
            receipt.ask, self.one(self.patrons, who), self.one(WORKS, what), pickup_branch=self.one(self.branches, who),
            contact_method="mail" if by_mail else "none", may_borrow=True, now=self.now,
        )  # fmt: skip
        self.asked += made is not None

    @rule(what=numbers)
    def cancel(self, what):
        if row := self.one(list(PatronRequest.select().order_by(PatronRequest.id)), what):
            self.tried(receipt.cancel, row, now=self.now)

    @rule(what=numbers, how=st.sampled_from(["consider", "buy", "decline", "borrow", "take_back"]))
    def decide(self, what, how):
        wanted = self.some_work(what)
        if wanted is None:
            return
        given = {"consider": (), "take_back": (), "buy": (), "decline": ("policy",), "borrow": (self.partner,)}[how]
        reply = {} if how in ("consider", "take_back") else {"reply": "返事"}
        to = {"consider": "considered", "buy": "buying", "decline": "declined", "borrow": "borrowing"}.get(
            how, "considered"
        )
        may = (wanted.state, to) in states.CHANGES and wanted.state not in states.OVER
        may = may and (how != "consider" or wanted.state == "received")
        may = may and (how != "take_back" or wanted.state in states.DECIDED)
        self.tried(getattr(deciding, how), wanted, *given, **reply, by=DESK, now=self.now)
        after = Wanted.get_by_id(wanted.id).state
        assert after in ((to, "cancelled") if may else (wanted.state,))

    @rule(what=numbers, where=numbers)
    def register(self, what, where):
        if wanted := self.some_work(what):
            title = factories.catalogued(wanted.title_text)
            values = {"barcode": f"A{title.id:06}", "acquired_on": "", "price": ""} | dict.fromkeys(copies.TEXTS, "")
            values = copies.read(values | {"branch": str(self.one(self.branches, where).id)})
            _, made = arriving.register(title, values, by=DESK, today=self.today, now=self.now)
            assert [hold.placed_at for hold in made] == sorted(hold.placed_at for hold in made)

    @rule(what=numbers)
    def arrive_from_partner(self, what):
        wanted = self.some_work(what)
        if wanted and wanted.state == "borrowing":
            title = factories.title(wanted.title_text)
            factories.item(title, branch=self.branches[0], owner=self.partner)
            arriving.arrive(wanted, title, now=self.now)

    @rule(who=numbers)
    def collect(self, who):
        ready = list(Hold.select().where(Hold.state.in_(("ready", "preparing"))).order_by(Hold.id))
        if hold := self.one(ready, who):
            self.tried(loans.check_out, hold.patron, hold.item, branch=self.branches[0], now=self.now, by=DESK)

    @rule(what=numbers)
    def give_back(self, what):
        out = list(Loan.select().where(Loan.returned_on.is_null()).order_by(Loan.id))
        if loan := self.one(out, what):
            returns.give_back(loan.item, at=self.branches[0], now=self.now)

    @rule(who=numbers)
    def close_a_card(self, who):
        patron = Patron.get_by_id(self.one(self.patrons, who).id)
        if self.tried(account_closing.close, patron, by=DESK, now=self.now) is None and patron.state == "closed":
            return
        self.patrons = [each for each in self.patrons if each.id != patron.id] + [factories.patron()]

    @rule(days=st.integers(1, 40))
    def wait(self, days):
        self.today, self.minute = self.today + timedelta(days=days), 0
        retention.unlink_returned(now=self.now)
        retention.clean_up(now=self.now)
        arriving.catch_up(now=self.now)

    # -- what holds --------------------------------------------------------------------------------------------------
    @invariant()
    def each_change_is_of_the_table(self):
        for wanted in Wanted.select():
            before = self.seen.get(wanted.id, "received")
            assert before == wanted.state or _reached(before, wanted.state), (before, wanted.state)
            assert (wanted.ended_at is not None) == (wanted.state in states.OVER)
            self.seen[wanted.id] = wanted.state

    @invariant()
    def a_request_is_open_as_long_as_its_work(self):
        for row in PatronRequest.select(PatronRequest, Wanted).join(Wanted):
            if row.ended_at is None:
                assert row.wanted.state in states.OPEN and not row.cancelled and row.hold_id is None
            elif not row.cancelled:
                assert row.wanted.state in ("declined", "arrived")
                assert row.wanted.state == "declined" or row.hold_id

    @invariant()
    def an_undecided_work_is_asked_for_and_no_other_is_the_same(self):
        rows = list(Wanted.select().where(Wanted.state.in_(states.OPEN)))
        assert len({row.key for row in rows}) == len(rows)
        assert all(deciding.open_requests(row) for row in rows if row.state in states.UNDECIDED)

    @invariant()
    def nobody_has_more_than_five_and_each_is_one_fact(self):
        for patron in Patron.select():
            assert receipt.open_of(patron).count() <= receipt.MOST
        assert UseFact.select().where(UseFact.act == "request").count() == self.asked
        assert not UseFact.select().where(UseFact.act == "hold").exists()

    @invariant()
    def only_a_borrowed_work_is_asked_of_a_partner(self):
        for row in Borrowing.select(Borrowing, Wanted).join(Wanted).where(Borrowing.state == "asked"):
            assert row.wanted.state in ("borrowing", "arrived")

    @invariant()
    def a_work_is_asked_of_one_partner_at_a_time(self):
        rows = [row.wanted_id for row in Borrowing.select().where(Borrowing.state == "asked")]
        assert len(rows) == len(set(rows))

    @invariant()
    def no_copy_is_promised_to_two(self):
        kept = [hold.item_id for hold in Hold.select().where(Hold.state.in_(("ready", "in_transit", "preparing")))]
        assert len(kept) == len(set(kept)) <= Item.select().count()


def _reached(before, after):
    """Tell whether a state follows from another in one change or, within one act, in two."""
    ways = {one: {to for (fro, to) in states.CHANGES if fro == one} for one in states.WORDS}
    return after in ways[before] or any(after in ways[between] for between in ways[before])


@pytest.mark.parametrize("steps", [30])
def test_requests_go_right_in_any_order(db, steps):
    run_state_machine_as_test(
        Requests,
        settings=settings(
            max_examples=25,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )


@pytest.mark.parametrize("round_", range(5))
def test_two_who_decide_at_once_make_one_decision(db, round_):
    made = receipt.ask(
        factories.patron(), WORKS[0], pickup_branch=factories.branch("本館"), contact_method="none", may_borrow=True,
        now=clock.at(FIRST),
    )  # fmt: skip
    partner, outcomes, start = Partner.create(name="県立図書館"), [], threading.Barrier(4)
    acts = (
        lambda **by: deciding.buy(made.wanted, reply="", **by),
        lambda **by: deciding.borrow(made.wanted, partner, reply="", **by),
        lambda **by: deciding.decline(made.wanted, "policy", reply="", **by),
        lambda **by: receipt.cancel(made, now=by["now"]),
    )

    def act(rule_of_the_house):
        with connection.connection_context():
            start.wait()
            try:
                rule_of_the_house(by=DESK, now=clock.at(FIRST))
                outcomes.append("done")
            except (errors.WantedElsewhere, errors.Refusals):
                outcomes.append("refused")

    threads = [threading.Thread(target=act, args=(each,)) for each in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "refused", "refused", "refused"]
    assert Borrowing.select().exists() == (Wanted.get().state == "borrowing")


def test_many_who_ask_for_one_work_at_once_are_joined(db):
    branch, patrons, start = factories.branch("本館"), [factories.patron() for _ in range(6)], threading.Barrier(6)

    def ask(patron):
        with connection.connection_context():
            start.wait()
            how = {"pickup_branch": branch, "contact_method": "none", "may_borrow": True}
            receipt.ask(patron, WORKS[0], **how, now=clock.at(FIRST))

    threads = [threading.Thread(target=ask, args=(each,)) for each in patrons]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Wanted.select().count() == 1 and PatronRequest.select().count() == 6
