"""書名を見せない: a parent who may renew tries to find out, loan by loan, what a child of 16 has."""

from datetime import date, timedelta

import pytest

from library import clock
from library.account import own_data
from models import Audit, FamilyTie, Hold, Loan, Undo
from tests import factories
from tests.blueprints.test_family_page import main, sent
from tests.conftest import NOW

RENEW = "/my/family/renewals"
PAGES = ("/my/", "/my/family", "/my/family/ties")


@pytest.fixture
def today(moved_clock):
    return clock.today()


@pytest.fixture
def child(app):
    return factories.patron(name="図書 桃子", birth_date=date(2010, 5, 5))


@pytest.fixture
def tie(patron, child):
    return factories.tie(patron, child, may_renew=True, titles_hidden=True)


@pytest.fixture
def suspected(tie, child, today):
    """Two loans of the child; of one the parent thinks to know the title."""
    factories.loan(child, today + timedelta(days=3), title=factories.title("ほかの本"))
    return factories.loan(child, today + timedelta(days=2), title=factories.title("ヒミツ"))


def days(child):
    rows = Loan.select().where(Loan.patron == child).order_by(Loan.id)
    return [(loan.due_on, loan.renewals) for loan in rows]


def press(browse):
    browse.get("/my/family")
    answer = browse.post(RENEW, sent(browse, RENEW))
    browse.get(answer.location)


def test_one_hidden_loan_is_renewed_by_no_form(signed_in, child, suspected, today):
    before = days(child)
    answer = signed_in.post(RENEW, {"renewal": f"{suspected.id}_{today + timedelta(days=14)}"})
    assert answer.status_code == 422 and days(child) == before
    assert "どの資料も延長していません" in main(signed_in) and not Undo.select().exists()
    said = main(signed_in)
    signed_in.post(RENEW, {"renewal": f"999999_{today + timedelta(days=14)}"})
    assert main(signed_in) == said, "a loan of the child is told from one of nobody"


def test_no_page_numbers_a_hidden_loan(signed_in, suspected):
    for address in PAGES:
        signed_in.get(address)
        assert not signed_in.page.find_all("input", {"name": "renewal"}), address


def test_all_of_them_are_renewed_at_a_press_and_taken_back(signed_in, patron, child, suspected, today):
    before = days(child)
    press(signed_in)
    assert days(child) == [(today + timedelta(days=14), 1)] * 2
    assert "2点を延長しました。" in main(signed_in)
    assert [row.details for row in Audit.select().where(Audit.action == "family.renewed")] == [{"count": 2}]
    assert str(before[0][0]) not in own_data.as_json(patron, now=NOW).decode()
    signed_in.post(signed_in.page.find("button", string=lambda text: text and "元に戻す" in text).parent["action"])
    assert days(child) == before


def test_a_title_that_the_parent_reserves_changes_nothing_that_is_seen_or_renewed(signed_in, patron, suspected, child):
    before = [signed_in.get(address).page.find("main").get_text() for address in PAGES[1:]]
    factories.hold(patron, suspected.item.title)
    signed_in.get("/my/family")
    rows = [row.get_text() for row in signed_in.page.select(".family-days .family-row") if "桃子さん" in row.get_text()]
    assert all(row in before[0] for row in rows) and len(rows) == 1
    press(signed_in)
    assert [renewed for _, renewed in days(child)] == [1, 1]


@pytest.mark.parametrize(
    "hindered",
    [
        lambda loan: factories.hold(factories.patron(), loan.item.title),
        lambda loan: Loan.update(renewals=9).where(Loan.id == loan.id).execute(),
        lambda loan: Loan.update(due_on=clock.today() + timedelta(days=13)).where(Loan.id == loan.id).execute(),
    ],
    ids=["reserved", "renewed often", "gains a day"],
)
def test_where_one_cannot_be_renewed_none_is_and_no_reason_is_given(
    signed_in, patron, child, suspected, hindered, today
):
    mine = factories.loan(patron, today + timedelta(days=1), title=factories.title("こころ"))
    hindered(suspected)
    before = days(child)
    signed_in.get("/my/family")
    assert "（すべて延長できるときだけ）" in main(signed_in)
    press(signed_in)
    assert days(child) == before
    assert Loan.get_by_id(mine.id).renewals == 1, "what is the parent's own goes on"
    assert "1点を延長しました。 2点は延長できませんでした。書名を見せない方の資料は、すべて" in main(signed_in)
    theirs = [
        row.get_text(" ", strip=True) for row in signed_in.page.select(".family-days .family-row") if "桃子" in str(row)
    ]
    assert theirs == ["資料 2点 一番近い返却期限 桃 桃子さん"]
    assert "ヒミツ" not in signed_in.text()


def test_a_lost_copy_is_in_no_count(signed_in, child, suspected):
    lost = factories.loan(child, title=factories.title("なくした本"), trouble="lost")
    signed_in.get("/my/family")
    assert "借りている資料 2点" in main(signed_in) and "窓口で確認" not in main(signed_in)
    press(signed_in)
    assert [renewed for _, renewed in days(child)] == [1, 1, 0]
    assert Loan.get_by_id(lost.id).due_on == lost.due_on


def test_the_place_in_a_queue_is_not_seen(signed_in, patron, child, tie, today):
    """It would move when the parent, who stands before the child, leaves the queue of a suspected title."""
    title = factories.title("ヒミツ")
    first = factories.hold(patron, title)
    factories.hold(child, title)
    signed_in.get("/my/family")
    shown = signed_in.page.select_one(f"#member-{tie.id}").get_text()
    assert "予約 1点" in shown and "番目" not in shown
    Hold.delete().where(Hold.id == first.id).execute()
    signed_in.get("/my/family")
    assert signed_in.page.select_one(f"#member-{tie.id}").get_text() == shown


def test_a_child_who_hides_titles_between_the_page_and_the_press_is_asked_for_nothing(signed_in, child, suspected):
    FamilyTie.update(titles_hidden=False).execute()
    signed_in.get("/my/family")
    form = sent(signed_in, RENEW)
    FamilyTie.update(titles_hidden=True).execute()
    before = days(child)
    assert signed_in.post(RENEW, form).status_code == 422
    assert days(child) == before
