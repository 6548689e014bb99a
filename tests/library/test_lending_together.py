"""Several desks at the same few copies at once: nothing is lent twice, no hold is lost, nobody waits for ever."""

import random
import threading
from datetime import timedelta

from library import clock, errors
from library.lending import loans, returns
from library.lending.holds import cancelling, holds
from models import Hold, Loan, database as connection
from tests import factories, invariants
from tests.conftest import NOW

DESKS = 6
ACTS = 100  # of each


class Desk(threading.Thread):
    """Lends, takes back and reserves at random; what goes wrong beyond a refusal is kept."""

    def __init__(self, number, patrons, items):
        super().__init__()
        self.chance, self.patrons, self.items = random.Random(number), patrons, items
        self.problems, self.done, self.placed = [], 0, []

    def run(self):
        with connection.connection_context():
            for _ in range(ACTS):
                try:
                    self.act()
                    self.done += 1
                except (errors.Refusals, errors.Refused):
                    pass
                except Exception as problem:  # the test looks at it
                    self.problems.append(problem)

    def act(self):
        patron, item = self.chance.choice(self.patrons), self.chance.choice(self.items)
        now = NOW + timedelta(seconds=self.done)
        what = self.chance.choice(("lend", "return", "place", "cancel", "give_up", "restore", "finish"))
        if what == "lend":
            loans.check_out(patron, item, branch=item.branch, now=now, by="staff:desk")
        elif what == "return":
            returns.give_back(item, at=item.branch, now=now)
        elif what == "place":
            self.placed.append(holds.place(patron, item.title, pickup_branch=item.branch, now=now).id)
        elif what == "finish":
            cancelling.finish(now=now)
        elif self.placed:
            hold = Hold.get_by_id(self.chance.choice(self.placed))
            if what == "cancel":
                holds.cancel(hold, by="patron", now=now)
            else:
                getattr(cancelling, what)(hold, now=now)


def test_many_desks_at_once(db):
    titles = [factories.title() for _ in range(2)]
    items = [factories.item(title) for title in titles for _ in range(2)]
    for item in items:
        item.branch, item.title  # noqa: B018 (read before the threads begin)
    patrons = [factories.patron() for _ in range(5)]
    desks = [Desk(number, patrons, items) for number in range(DESKS)]
    for desk in desks:
        desk.start()
    for desk in desks:
        desk.join()
    assert [problem for desk in desks for problem in desk.problems] == []
    assert sum(desk.done for desk in desks) > 20
    assert {hold for desk in desks for hold in desk.placed} == {row.id for row in Hold.select()}
    invariants.check_lending()
    assert clock.day_of(NOW) == Loan.get().lent_on
