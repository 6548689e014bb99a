"""カレンダー of the desk."""

from datetime import date

import pytest

from library import policy
from models import ClosedDay, ClosingRule, Loan
from tests import factories


@pytest.fixture
def branch(app):
    return factories.branch("本館")


@pytest.fixture
def desk(browse, branch):
    browse.be(factories.staff("admin"))
    browse.get("/desk/calendar")
    return browse


def days(of, **changed):
    return {"branch": str(of.id), "kind": "closed", "first": "2026-12-09", "last": "", "note": "台風"} | changed


def test_a_closure_is_shown_before_it_is_saved_and_moves_what_falls_on_it(desk, branch, patron):
    loan = factories.loan(patron, due_on=date(2026, 12, 9))
    answer = desk.post("/desk/calendar/days", days(branch))
    assert answer.status_code == 200 and not ClosedDay.select().exists()
    assert "返却期限が移る貸出 1件" in desk.text() and patron.card_number in desk.text()
    assert "12月9日(水)" in desk.text() and "12月10日(木)" in desk.text()
    answer = desk.post("/desk/calendar/days", desk.form("/desk/calendar/days"))
    assert answer.location == "/desk/calendar"
    assert Loan.get_by_id(loan.id).due_on == date(2026, 12, 10) and ClosedDay.get().note == "台風"


@pytest.mark.parametrize(
    ("kind", "done"),
    [("closed", "2026年12月9日(水)を、休館にしました。"), ("open", "2026年12月9日(水)を、臨時開館にしました。")],
)
def test_a_change_of_days_is_told_once(desk, branch, kind, done):
    desk.post("/desk/calendar/days", days(branch, kind=kind, sure="1"))
    desk.get("/desk/calendar")
    assert desk.page.select_one("#answer[role=status]").get_text(strip=True) == done
    desk.post("/desk/calendar/take-back", desk.form("/desk/calendar/take-back"))
    desk.get("/desk/calendar")
    assert "2026年12月9日(水)の休館・臨時開館を取り消しました。" in desk.page.find(id="answer").get_text()
    desk.get("/desk/calendar")
    assert not desk.page.find(id="answer").get_text(strip=True)


def test_a_span_of_days_for_every_branch(desk, branch):
    factories.branch("東部")
    desk.post("/desk/calendar/days", days(branch, branch="all", last="2026-12-11", sure="1"))
    assert ClosedDay.select().count() == 6
    desk.get("/desk/calendar")
    assert "2026年12月9日(水) 〜 2026年12月11日(金)" in desk.text()


def test_a_closure_of_every_branch_is_taken_back_in_one_press(desk, branch):
    factories.branch("東部")
    desk.post("/desk/calendar/days", days(branch, branch="all", kind="open"))
    desk.get("/desk/calendar")
    assert ClosedDay.select().count() == 2 and "すべての館" in desk.page.find("table").get_text()
    desk.post("/desk/calendar/take-back", desk.form("/desk/calendar/take-back"))
    assert not ClosedDay.select().exists()


def test_an_exceptional_opening_is_saved_at_once_and_can_be_taken_back(desk, branch):
    desk.post("/desk/calendar/days", days(branch, kind="open"))
    assert ClosedDay.get().open
    desk.get("/desk/calendar")
    desk.post("/desk/calendar/take-back", desk.form("/desk/calendar/take-back"))
    assert not ClosedDay.select().exists()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"first": ""}, "first"),
        ({"first": "きょう"}, "first"),
        ({"first": "9999-12-31"}, "first"),
        ({"first": "0001-01-01", "kind": "open"}, "first"),
        ({"last": "9999-12-31"}, "last"),
        ({"last": "2026-12-08"}, "last"),
        ({"last": "2028-12-08"}, "last"),
        ({"branch": "999"}, "branch"),
        ({"kind": "?"}, "kind"),
    ],
)
def test_an_impossible_day_is_refused_at_its_field(desk, branch, changed, field):
    answer = desk.post("/desk/calendar/days", days(branch, **changed))
    assert answer.status_code == 422 and not ClosedDay.select().exists()
    assert [link["href"] for link in desk.page.select("#error-summary a")] == [f"#{field}"]


def test_a_rule_is_shown_saved_and_removed(desk, branch):
    desk.post("/desk/calendar/rules", {"rule_branch": "all", "rule": "第３水曜日"})
    assert "「第3水曜」を加えます" in desk.text() and not ClosingRule.select().exists()
    desk.post("/desk/calendar/rules", desk.form("/desk/calendar/rules"))
    rule = ClosingRule.get()
    assert (rule.branch, rule.rule) == (None, "第3水曜")
    desk.get("/desk/calendar")
    assert "定休日「第3水曜」を加えました。" in desk.page.find(id="answer").get_text()
    desk.post(f"/desk/calendar/rules/{rule.id}/remove")
    assert not ClosingRule.select().exists()
    desk.get("/desk/calendar")
    assert "定休日「第3水曜」を取り消しました。" in desk.page.find(id="answer").get_text()


def test_a_rule_that_nobody_can_read_is_refused(desk, branch):
    answer = desk.post("/desk/calendar/rules", {"rule_branch": "all", "rule": "ときどき"})
    assert answer.status_code == 422 and "定休日として読めません" in desk.text()


def test_closing_for_ever_is_refused(desk, branch):
    policy.put("holidays_shift", False)
    branch.closed_weekdays = "012345"
    branch.save()
    factories.loan(factories.patron(), due_on=date(2026, 11, 29))
    answer = desk.post("/desk/calendar/rules", {"rule_branch": "all", "rule": "第1・2・3・4・5日曜"})
    assert answer.status_code == 422 and "開館日がありません" in desk.text()


def test_an_error_names_the_field_by_its_label(desk, branch):
    desk.post("/desk/calendar/days", days(branch, branch="none"))
    assert desk.page.find(id="error-summary").find("a", href="#branch").get_text().startswith("館：")
