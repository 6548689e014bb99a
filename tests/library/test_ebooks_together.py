"""Many patrons at the same few licences at once: never more are out than there are, nobody waits for ever, the line
moves.
"""

import random
import threading

import pytest

from library import errors
from library.ebooks import lending
from models import Ebook, EbookHold, EbookLoan, database as connection
from tests import epubs, factories
from tests.conftest import NOW
from tests.long import in_the_long_run

READERS = 8
LICENCES = 2


class Reader(threading.Thread):
    """Borrows, gives back, waits and leaves at random; what goes wrong beyond a refusal is kept."""

    def __init__(self, number, patron, ebooks, acts):
        super().__init__()
        self.chance, self.patron, self.ebooks, self.acts = random.Random(number), patron, ebooks, acts
        self.problems, self.lent, self.most = [], 0, 0

    def run(self):
        with connection.connection_context():
            for _ in range(self.acts):
                try:
                    self.act(self.chance.choice(self.ebooks))
                except (errors.Refusals, errors.Refused):
                    pass
                except Exception as problem:  # the test looks at it
                    self.problems.append(problem)

    def act(self, ebook):
        at = lending.standing(ebook)
        self.most = max(self.most, at.out + at.reserved)
        what = self.chance.choice(("borrow", "borrow", "return", "wait", "leave"))
        mine = lending.Mine(self.patron, today=NOW.date())
        if what == "borrow":
            lending.borrow(ebook, self.patron, now=NOW)
            self.lent += 1
        elif what == "wait":
            lending.wait(ebook, self.patron, now=NOW)
        elif what == "return" and mine.loans:
            lending.give_back(self.chance.choice(mine.loans), now=NOW)
        elif what == "leave" and mine.holds:
            lending.leave(self.chance.choice(mine.holds), now=NOW)


@pytest.mark.parametrize("acts", [30, *in_the_long_run(400)])  # of each
def test_licences_are_never_more_than_there_are(acts, db, tmp_path):
    ebooks = [epubs.stocked(tmp_path / "e", title, licences=LICENCES) for title in ("一", "二")]
    patrons = [factories.patron() for _ in range(READERS)]
    readers = [Reader(number, patron, ebooks, acts) for number, patron in enumerate(patrons)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert [problem for reader in readers for problem in reader.problems] == []
    assert any(reader.lent for reader in readers)
    assert max(reader.most for reader in readers) <= LICENCES
    for ebook in Ebook.select():
        at = lending.standing(ebook)
        assert at.out + at.reserved <= LICENCES
        assert not (at.free and at.waiting)
        numbers = [
            loan.licence for loan in EbookLoan.select().where(EbookLoan.ebook == ebook, EbookLoan.returned_on.is_null())
        ]
        assert len(set(numbers)) == len(numbers)
        assert set(numbers) <= {1, 2}
    assert EbookHold.select().count()
