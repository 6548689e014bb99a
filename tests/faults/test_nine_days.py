"""Nine days without the server, at two browsers and on paper, after which a backup of day 0 is all that is left: 1,000
acts, each of which is in the database or on the list in the end, and none twice; whoever sends first, and however
often.

What happens at the counters is a story that is drawn, and remembers where each copy really is.
"""

import random
import uuid
from collections import Counter
from datetime import timedelta

import pytest

from library import clock, errors
from library.offline import entries, slips
from library.store import backup
from models import Branch, Item, Loan, OfflineEntry, Patron
from tests import factories, invariants
from tests.conftest import NOW

ACTS, DAYS = 1_000, 9
CARDS, COPIES = 60, 200
ORDERS = [
    pytest.param(250, (0, 1, 2), id="a quarter"),
    pytest.param(ACTS, (0, 1, 2), id="one, two, paper", marks=pytest.mark.long),
    pytest.param(ACTS, (2, 1, 0), id="paper, two, one", marks=pytest.mark.long),
    pytest.param(ACTS, (1, 0, 2), id="two, one, paper", marks=pytest.mark.long),
]


class Story:
    """Nine days at the counters. ``desks``: what each of two browsers wrote, ``paper``: what each slip says;
    ``holders``: who has which copy in the end, of the copies about which every act was written down.
    """

    def __init__(self, cards, copies, out, kept, printed, acts):
        self.draw = random.Random(9)
        self.cards, self.copies, self.kept = cards, copies, kept
        self.holders = dict.fromkeys(copies) | out
        self.unsure = set()  # copies that moved without a record, or were written down wrongly
        self.desks, self.paper, self.slips = ([], []), [], iter(printed)
        self.moment = NOW - timedelta(days=DAYS)
        while len(self.acts()) < acts:
            self.moment += timedelta(days=DAYS) / (acts * 1.05)
            self._happen()

    def acts(self):
        return {act.key: act for act in (*self.desks[0], *self.desks[1], *self.paper)}

    def _happen(self):
        kinds = {
            self._lend: 48,
            self._give_back: 47,
            self._unknown: 2,
            self._lose_a_record: 1,
            self._write_twice: 1,
            self._give_back_what_is_in: 1,
        }
        self.draw.choices(list(kinds), list(kinds.values()))[0]()

    def _write(self, kind, copy, card="", desk=None):
        desk = self.draw.randrange(3) if desk is None else desk
        if desk < 2:
            key = str(uuid.UUID(int=self.draw.getrandbits(128)))
            self.desks[desk].append(entries.Entry(key, kind, self.moment, copy, card))
        else:
            slip = next(self.slips)
            self.paper.append(entries.Entry(slips.key(slip, 1), kind, self.moment, copy, card, why=slip))

    def _lend(self):
        """Lend a copy that lies there; one that is kept for somebody only now and then."""
        copy = self.draw.choice(
            [copy for copy, holder in self.holders.items() if holder is None and copy not in self.kept]
        )
        if self.kept and self.draw.random() < 0.03:
            copy = self.kept.pop()
        self.holders[copy] = self.draw.choice(self.cards)
        self._write("loan", copy, self.holders[copy])

    def _give_back(self):
        copy = self.draw.choice([copy for copy, holder in self.holders.items() if holder])
        self.holders[copy] = None
        self._write("return", copy)

    def _unknown(self):
        """Lend to a card, or lend a copy, or take one back, of which the library knows nothing."""
        known = self.draw.choice(self.cards)
        self._write(
            *self.draw.choice(
                [("loan", "777777", known), ("return", "777777"), ("loan", self.copies[0], "4242424242424")]
            )
        )
        self.unsure.add(self.copies[0])

    def _lose_a_record(self):
        """Move a copy without writing it down, as on the day before the server was lost: what follows contradicts the
        backup.
        """
        copy = self.draw.choice(self.copies)
        self.holders[copy] = None if self.holders[copy] else self.draw.choice(self.cards)
        self.unsure.add(copy)

    def _write_twice(self):
        """Lend a copy, and have it written down in a browser and on paper."""
        self._lend()
        copy = max(self.acts().values(), key=lambda act: act.at).barcode
        self.moment += timedelta(seconds=20)
        self.unsure.add(copy)
        if self.holders.get(copy):
            self._write("loan", copy, self.holders[copy], desk=2)

    def _give_back_what_is_in(self):
        copy = self.draw.choice([copy for copy, holder in self.holders.items() if holder is None])
        self.unsure.add(copy)
        self._write("return", copy)


@pytest.fixture
def day_0(db, tmp_path, moved_clock, acts):
    """A library of which a backup is restored, nine days before NOW: what it did since is lost."""
    moved_clock.now = NOW - timedelta(days=DAYS)
    people = [factories.patron() for _ in range(CARDS)]
    titles = [factories.title(f"本{number}") for number in range(COPIES // 4)]
    items = [factories.item(titles[number % len(titles)]) for number in range(COPIES)]
    out = {
        factories.loan(people[number % CARDS], item=items[number]).item.barcode: people[number % CARDS].card_number
        for number in range(50)
    }
    kept = []
    for item in items[60:70]:
        factories.hold(people[0], item.title, item=item, state="ready", on_shelf_on=clock.today())
        kept.append(item.barcode)
    copy = backup.write(tmp_path / "day-0.sqlite3")
    printed = slips.make(500, now=clock.now())  # of which the backup knows nothing
    Loan.delete().execute()
    db.close_all()
    backup.restore(copy, tmp_path / "madoguchi.sqlite3")
    db.connect()
    db.execute_sql("PRAGMA synchronous = OFF")
    cards, copies = [row.card_number for row in people[1:]], [item.barcode for item in items]
    yield Story(cards, copies, out, kept, printed, acts)
    db.close()


def send(story, source):
    """Send what a browser has, in parts, or enter what stands on paper; return the new entries."""
    new = Counter()
    for first in range(0, len(story.desks[source]) if source < 2 else 0, 200):
        new.update(take(story.desks[source][first : first + 200])._asdict())
    for act in story.paper if source == 2 else ():
        at = clock.local(act.at)
        typed = {"slip": act.why, "day": f"{at:%Y-%m-%d}", "hour": f"{at:%H:%M}", "card": act.card}
        try:
            done = slips.enter(
                typed, kind=act.kind, numbers=[act.barcode], at=Branch.get(), by="staff:a", now=clock.now()
            )
        except errors.RefusedTogether as refused:
            assert type(refused.by_field["slip"][0]) is errors.SlipUsed
        else:
            new.update(done._asdict())
    return new


def take(acts):
    return entries.take(acts, at=Branch.get(), by="staff:a", now=clock.now())


@pytest.mark.sqlite("a backup is a file; what entries do is tried on a server by tests/library/offline")
@pytest.mark.parametrize(("acts", "order"), ORDERS)
def test_each_act_of_nine_days_is_in_the_database_or_on_the_list_and_none_twice(day_0, acts, order, moved_clock):
    moved_clock.now = NOW
    before = Loan.select().count()
    told = Counter()
    for source in order:
        told.update(send(day_0, source))
        assert send(day_0, source)["recorded"] == 0  # the answer was lost, and all is sent again
    written = day_0.acts()
    assert len(written) >= acts and min(len(day_0.desks[0]), len(day_0.desks[1]), len(day_0.paper)) > acts / 4

    rows = {row.key: row for row in OfflineEntry.select()}
    assert rows.keys() == written.keys()
    listed = {key for key, row in rows.items() if row.conflict}
    assert acts < ACTS or {rows[key].conflict for key in listed} >= {
        "unknown_card", "unknown_item", "out_to_another", "held", "to_be_held", "not_out",
    }  # fmt: skip
    for key, row in rows.items():
        if row.conflict:
            assert row.barcode == written[key].barcode and row.card == written[key].card
        else:
            assert not (row.barcode or row.card or row.patron_id or row.item_id)
    made = [loan.request for loan in Loan.select(Loan.request).where(Loan.request != "")]
    settled = {
        key
        for key, act in written.items()
        if act.kind == "loan" and (key not in listed or rows[key].conflict == "held")
    }
    assert len(made) == len(set(made)) == Loan.select().count() - before
    assert {request.removeprefix("offline:") for request in made} <= settled
    assert {rows[key].loan_id for key in settled} == {loan.id for loan in Loan.select().where(Loan.request != "")}

    out = {
        loan.item.barcode: loan.patron.card_number
        for loan in Loan.select(Loan, Item, Patron)
        .join(Item)
        .switch(Loan)
        .join(Patron)
        .where(Loan.returned_on.is_null())
    }
    doubtful = day_0.unsure | {
        written[key].barcode for key in listed if rows[key].conflict not in ("held", "to_be_held")
    }
    sure = set(day_0.copies) - doubtful
    assert len(sure) > COPIES / 2
    assert {copy: out.get(copy) for copy in sure} == {copy: day_0.holders[copy] for copy in sure}
    invariants.check_lending()
