from library import loans, policy
from library.prepared import Prepared, blank
from models import Branch, Patron
from tests import factories

BY_NAME = Prepared(
    lambda: Patron.select(Patron, Branch).join(Branch, on=Patron.branch).where(
        Patron.name == blank("name"), Patron.state == "active", Branch.name == blank("branch")
    )
)  # fmt: skip


def test_blanks_and_constants_each_find_their_place(db):
    found = factories.patron(name="図書 次郎", branch=factories.branch("東分館"))
    factories.patron(name="図書 次郎", branch=factories.branch("西分館"))
    factories.patron(name="図書 次郎", branch=factories.branch("東分館"), state="suspended")
    for _ in range(2):
        assert BY_NAME.rows(branch="東分館", name="図書 次郎") == [found]
    assert BY_NAME.first(branch="北分館", name="図書 次郎") is None


def test_rows_are_models_with_what_was_joined(db):
    factories.patron(name="図書 次郎", branch=factories.branch("東分館"))
    row = BY_NAME.first(branch="東分館", name="図書 次郎")
    db.close()
    assert row.branch.name == "東分館"
    db.connect()


def test_what_was_written_is_read_at_once(db):
    assert policy.get("loan_limit") == 10
    policy.put("loan_limit", 5)
    assert policy.get("loan_limit") == 5


def test_the_loan_list_needs_no_further_question(db, patron):
    factories.loan(patron)
    (loan,) = loans.open_loans(patron)
    db.close()
    title = loan.item.title
    assert (title.title, title.author, title.volume, title.ndc, loan.branch.name) == (
        "こころ", "夏目漱石", "", "913.6", "本館",
    )  # fmt: skip
    db.connect()
