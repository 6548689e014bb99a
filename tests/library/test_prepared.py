import pytest

from library import loans, policy, prepared, sessions
from library.prepared import Prepared, blank
from models import Branch, Patron, Session, Staff
from tests import factories
from tests.conftest import NOW

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


@pytest.fixture
def reading():
    prepared.remember_answers()
    yield
    prepared.forget_answers()


def test_while_a_page_is_read_nothing_is_asked_twice(db, patron, reading):
    before = loans.open_loans(patron)
    factories.loan(patron)
    assert before == loans.open_loans(patron) == []
    prepared.forget_answers()
    assert len(loans.open_loans(patron)) == 1


def test_a_rule_is_worked_out_once_for_a_page_and_anew_for_the_next(db, reading):
    before = policy.get("loan_days")
    policy.put("loan_days", before + 1)
    assert policy.get("loan_days") == policy.lending("一般")["loan_days"] == before
    prepared.forget_answers()
    assert policy.get("loan_days") == policy.lending("一般")["loan_days"] == before + 1


def test_who_changes_a_list_of_answers_changes_it_for_nobody_else(db, patron, reading):
    factories.loan(patron)
    loans.open_loans(patron).clear()
    assert len(loans.open_loans(patron)) == 1


def test_a_join_that_finds_nothing_leads_to_none(db):
    staff = Staff.create(login="shimada", password_hash="-", role="desk", created_at=NOW)
    now = {"created_at": NOW, "seen_at": NOW, "authenticated_at": NOW}
    Session.create(token_hash=sessions.hashed("token"), staff=staff, scope="full", **now)
    assert sessions.find("token", now=NOW).patron is None
