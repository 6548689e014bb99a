"""A library moves in from another program, by the commands that a person types on a Saturday: file by file, with few
mappings.
"""

import re

import pytest

from library import policy
from models import Hold, Item, Loan, OutboxMail, Patron, SaidOut, Title
from tests import other_library
from tests.test_cli import last_line

SIZE = {"patrons": 200, "titles": 150, "loans": 90, "holds": 60}
MOST_REFUSED = 0.01


@pytest.fixture
def files(tmp_path, db):
    policy.put("card_forms", other_library.CARD_FORMS)
    policy.put("item_forms", other_library.ITEM_FORMS)
    return other_library.write(tmp_path, **SIZE)


def bring(run, group, path, *words):
    """Run the import of a file; return its totals by word."""
    zeros = ["--pad-zeros"] if group in ("branches", "items", "patrons") else []
    done = run(group, "import", str(path), *zeros, *words)
    assert done.exit_code == 0, done.stderr
    return {word: int(number) for word, number in re.findall(r"(\S+) (\d+)", last_line(done).replace(",", ""))}


def test_a_library_of_another_program_comes_in_with_at_most_ten_mappings(run, files, moved_clock):
    mapped = {
        group: [word for each in pairs for word in ("--map", each)] for group, pairs in other_library.MAPPED.items()
    }
    assert sum(map(len, other_library.MAPPED.values())) <= 10
    for group, path in files.items():
        totals = bring(run, group, path, *mapped[group])
        assert totals["拒否"] <= MOST_REFUSED * totals["読込"], group
    assert (Title.select().count(), Item.select().count(), Patron.select().count()) == (150, 300, 200)
    assert {row.barcode[:2] for row in Item.select()} == {"MD"} and SaidOut.select().exists()
    assert {len(row.card_number) for row in Patron.select()} == {10}
    assert Loan.select().where(Loan.returned_on.is_null()).count() == Loan.select().count() > 60
    assert Hold.select().where(Hold.state.in_(("waiting", "preparing"))).count() == Hold.select().count() == 57
    assert not OutboxMail.select().exists()
    for group, path in files.items():
        totals = bring(run, group, path)
        assert (totals["新規"], totals["変更"], totals["拒否"]) == (0, 0, 0), f"{group}: what was mapped is remembered"


def test_without_a_mapping_the_first_file_says_what_is_missing(run, files):
    done = run("branches", "import", str(files["branches"]))
    assert done.exit_code == 1 and "「拠点ID」「拠点名」" in done.stderr
