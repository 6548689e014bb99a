import gc
import re

import pytest
from peewee import SQL, sqlite3

from library import branches, loans, policy, prepared, sessions
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


@pytest.mark.parametrize("name", ["図書'次郎", "''", "?", "a?'b", "\\", "図\0書", "%s"])
def test_constants_are_found_as_they_are(db, name):
    found = factories.patron(name=name, name_kana="カナ")
    factories.patron(name="図書 次郎")
    asked = Prepared(lambda: Patron.select().where(Patron.name == name, Patron.name_kana == blank("kana")))
    for _ in range(2):
        assert asked.rows(kana="カナ") == [found]
    assert asked.rows(kana="?") == []


def test_a_question_mark_of_ones_own_stays_one(db, patron):
    asked = Prepared(
        lambda: Patron.select(SQL("'?'"), Patron.id).where(Patron.id == blank("id"), Patron.state == "active").tuples()
    )
    for _ in range(2):
        assert asked.rows(id=patron.id) == [("?", patron.id)]


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


# -- answers that serve other pages ----------------------------------------------------------------------------------
@pytest.fixture
def asked(monkeypatch):
    """Which shared questions were really asked."""
    asked, ask = [], Prepared._ask

    def note(question, filled):
        if question._shared:
            asked.append(question)
        return ask(question, filled)

    monkeypatch.setattr(Prepared, "_ask", note)
    return asked


@pytest.fixture
def page():
    """The limit of loans, as a page of its own reads it."""

    def read():
        prepared.remember_answers()
        try:
            return policy.get("loan_limit")
        finally:
            prepared.forget_answers()

    return read


def test_what_is_asked_about_the_library_serves_every_page_until_something_is_written(db, page, asked):
    policy.put("loan_limit", 7)
    assert [page(), page(), page()] == [7, 7, 7]
    assert len(asked) == 1
    policy.put("loan_limit", 8)
    assert [page(), page()] == [8, 8]
    assert len(asked) == 2


def test_what_another_process_writes_is_read_at_once(db, page):
    policy.put("loan_limit", 7)
    assert page() == 7
    other = sqlite3.connect(db.database)
    other.execute("UPDATE setting SET value = '9' WHERE name = 'loan_limit'")
    other.commit()
    other.close()
    assert page() == 9


def test_what_was_never_so_is_not_remembered(db, page):
    policy.put("loan_limit", 7)
    with db.atomic() as change:
        policy.put("loan_limit", 99)
        assert page() == 99
        change.rollback()
    assert page() == 7


def test_what_is_undone_without_peewee_is_not_remembered_either(db, page):
    policy.put("loan_limit", 7)
    db.connection().execute("BEGIN")
    db.connection().execute("UPDATE setting SET value = '99' WHERE name = 'loan_limit'")
    assert page() == 99
    db.connection().execute("ROLLBACK")
    assert page() == 7


def test_a_shared_list_belongs_to_who_asked_for_it(db, page):
    factories.branch("東分館")
    page()
    for _ in range(2):
        prepared.remember_answers()
        names = branches.in_order()
        prepared.forget_answers()
        assert len(names) == 1
        names.clear()


def test_what_is_shared_is_about_the_library_and_nobody_in_particular(app):
    of_the_library = {
        "article",
        "branch",
        "closed_day",
        "closing_rule",
        "feature",
        "picture",
        "picture_file",
        "policy_row",
        "setting",
    }
    shared = [each for each in gc.get_objects() if isinstance(each, Prepared) and each._shared]
    for question in shared:
        tables = set(re.findall(r'(?:FROM|JOIN) "(\w+)"', question._build().sql()[0]))
        assert tables and tables <= of_the_library, tables
    assert len(shared) >= 9


def test_who_changes_a_list_of_answers_changes_it_for_nobody_else(db, patron, reading):
    factories.loan(patron)
    loans.open_loans(patron).clear()
    assert len(loans.open_loans(patron)) == 1


def test_a_join_that_finds_nothing_leads_to_none(db):
    staff = Staff.create(login="shimada", password_hash="-", role="desk", created_at=NOW)
    now = {"created_at": NOW, "seen_at": NOW, "authenticated_at": NOW}
    Session.create(token_hash=sessions.hashed("token"), staff=staff, scope="full", **now)
    assert sessions.find("token", now=NOW).patron is None
