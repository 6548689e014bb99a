import pytest
from peewee import SQL, fn

from library import policy
from library.access import sessions
from library.lending import loans
from library.store.queries import Query, among, blank, listed
from models import Branch, Loan, Patron, Session, Staff
from tests import factories
from tests.conftest import NOW

BY_NAME = Query(
    lambda: (
        Patron.select(Patron.id, Branch.name)
        .join(Branch, on=Patron.branch)
        .where(Patron.name == blank("name"), Patron.state == "active", Branch.name == blank("branch"))
        .tuples()
    )
)


def test_blanks_and_constants_each_find_their_place(db):
    found = factories.patron(name="図書 次郎", branch=factories.branch("東分館"))
    factories.patron(name="図書 次郎", branch=factories.branch("西分館"))
    factories.patron(name="図書 次郎", branch=factories.branch("東分館"), state="suspended")
    for _ in range(2):
        assert BY_NAME.rows(branch="東分館", name="図書 次郎") == [(found.id, "東分館")]
    assert BY_NAME.first(branch="北分館", name="図書 次郎") is None


@pytest.mark.parametrize(
    "name",
    [
        "図書'次郎",
        "''",
        "?",
        "a?'b",
        "\\",
        pytest.param(
            "図\0書", marks=pytest.mark.sqlite("no text of a server holds a NUL; forms and addresses refuse it")
        ),
        "%s",
    ],
)
def test_constants_are_found_as_they_are(db, name):
    found = factories.patron(name=name, name_kana="カナ")
    factories.patron(name="図書 次郎")
    query = Query(
        lambda: Patron.select(Patron.id).where(Patron.name == name, Patron.name_kana == blank("kana")).tuples()
    )
    for _ in range(2):
        assert query.rows(kana="カナ") == [(found.id,)]
    assert query.rows(kana="?") == []


def test_a_question_mark_of_ones_own_stays_one(db, patron):
    query = Query(lambda: Patron.select(SQL("'?'"), Patron.id).where(Patron.id == blank("id")).tuples())
    for _ in range(2):
        assert query.rows(id=patron.id) == [("?", patron.id)]


def test_rows_are_named_by_their_columns_and_days_are_days(db, patron):
    loan = factories.loan(patron)
    query = Query(
        lambda: Loan.select(Loan.id, Loan.due_on, fn.LENGTH(Loan.category).alias("count")).where(
            Loan.id.in_(among("ids"))
        )
    )
    row = query.first(ids=listed([loan.id]))
    assert (row.id, row.due_on, row.count) == (loan.id, loan.due_on, len(loan.category))


def test_a_union_is_read_as_its_first_select(db, patron):
    loan = factories.loan(patron)
    both = Query(lambda: Loan.select(Loan.due_on, Loan.id).union_all(Loan.select(Loan.lent_on, Loan.id)))
    assert {row.due_on for row in both.rows()} == {loan.due_on, loan.lent_on}


def test_any_number_of_ids_fits(db, patron):
    query = Query(lambda: Patron.select(Patron.id).where(Patron.id.in_(among("ids"))))
    assert query.rows(ids=listed([])) == []
    assert query.rows(ids=listed(range(100_000))) == [(patron.id,)]


def test_a_written_row_is_read_at_once(db):
    assert policy.get("loan_limit") == 10
    policy.put("loan_limit", 5)
    assert policy.get("loan_limit") == 5


def test_the_loan_list_needs_no_further_query(db, patron):
    factories.loan(patron)
    (loan,) = loans.open_loans(patron)
    db.close()
    title = loan.item.title
    assert (title.title, title.author, title.volume, title.ndc, loan.branch.name) == (
        "こころ", "夏目漱石", "", "913.6", "本館",
    )  # fmt: skip
    db.connect()


def test_a_join_that_finds_nothing_leads_to_none(db):
    staff = Staff.create(login="shimada", password_hash="-", role="desk", created_at=NOW)
    now = {"created_at": NOW, "seen_at": NOW, "authenticated_at": NOW}
    Session.create(token_hash=sessions.hash_token("token"), staff=staff, scope="full", **now)
    assert sessions.find("token", now=NOW).patron is None


def test_models_bring_what_else_is_read_with_them(db, patron):
    factories.cart_row(patron)
    token = sessions.begin(patron, now=NOW)
    found = sessions.find(token, now=NOW)
    assert (found.patron, found.staff, found.in_cart) == (patron, None, 1)
