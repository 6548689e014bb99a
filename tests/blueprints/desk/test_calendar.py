"""カレンダー of the desk."""

from datetime import date

import pytest

from library import clock, policy
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
    assert answer.location == f"/desk/calendar?month=2026-12&branch={branch.id}"
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
    assert ClosedDay.select().count() == 2 and "すべての館" in desk.page.select_one("table.table").get_text()
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


# -- the month -------------------------------------------------------------------------------------------------------
def month(desk, **asked):
    """Return the days of the month that is shown, as number → words in its cell."""
    desk.get("/desk/calendar", query_string=asked)
    cells = desk.page.select(".month td button")
    return {int(cell["value"][-2:]): [word.get_text() for word in cell.select(".month-word")] for cell in cells}


def pressed(desk):
    return [cell["value"] for cell in desk.page.select(".month [aria-pressed=true]")]


def test_a_month_names_holidays_closed_days_with_their_reason_and_openings(desk, branch):
    branch.closed_weekdays, branch.hours = "0", {"6": [["9:30", "18:00"]], "7": [["9:30", "17:00"]]}
    branch.save()
    ClosingRule.create(rule="12/29-1/3")
    ClosedDay.create(branch=branch, day=date(2027, 1, 18), open=True, note="特別開館")
    ClosedDay.create(branch=branch, day=date(2027, 1, 20), open=False, note="特別整理")
    found = month(desk, month="2027-01")
    assert found[1] == ["元日", "休館", "12/29-1/3"] and found[4] == ["休館", "月曜"]
    assert found[11] == ["成人の日", "9:30–17:00"] and found[12] == ["休館", "祝日の代わり"]
    assert found[18] == ["臨時開館", "特別開館"] and found[20] == ["休館", "特別整理"] and found[21] == []
    assert [table.caption.get_text() for table in desk.page.select(".mini")] == ["2026年12月", "2027年2月", "2027年3月"]
    assert desk.page.select_one("a[rel=next]")["href"] == f"/desk/calendar?month=2027-02&branch={branch.id}"


def test_days_are_chosen_by_pressing_the_first_and_the_last_and_let_go(desk):
    month(desk, month="2026-12", day="2026-12-11")
    assert pressed(desk) == ["2026-12-11"] and desk.page.find("button", autofocus=True)["value"] == "2026-12-11"
    asked = {"month": "2026-12", "first": "2026-12-11", "last": "2026-12-11"}
    month(desk, **asked, day="2026-12-09")
    assert pressed(desk) == ["2026-12-09", "2026-12-10", "2026-12-11"] and "3日間" in desk.text()
    assert [desk.page.find("input", id=name)["value"] for name in ("first", "last")] == ["2026-12-09", "2026-12-11"]
    month(desk, **asked, day="2026-12-11")
    assert pressed(desk) == []
    month(desk, **asked | {"last": "2026-12-12"}, day="2026-12-20")
    assert pressed(desk) == ["2026-12-20"]


def test_days_can_be_chosen_over_the_end_of_a_month(desk):
    month(desk, month="2027-01", first="2026-12-30", last="2026-12-30", day="2027-01-02")
    assert pressed(desk) == ["2027-01-01", "2027-01-02"] and "4日間" in desk.text()
    assert "first=2026-12-30" in desk.page.select_one("a[rel=prev]")["href"]


def test_moves_of_chosen_days_are_counted_at_once(desk, branch):
    reader = factories.patron()
    factories.address(reader, "reader@example.jp", verified_at=clock.now())
    factories.preference(reader, "due", active=True, to_pc=True)
    factories.loan(reader, due_on=date(2026, 12, 9), branch=branch)
    factories.loan(factories.patron(), due_on=date(2026, 12, 8), branch=branch)
    month(desk, first="2026-12-09", last="2026-12-10")
    moves = [" ".join(row.get_text(" ").split()) for row in desk.page.select(".moves li")]
    assert moves == ["返却期限 1点 12月11日(金)へ", "取り置きの期限 0件", "お知らせのメールと通知 1通"]
    assert not ClosedDay.select().exists()


def test_a_closure_for_ever_says_so_where_the_days_are_chosen(desk, branch):
    factories.loan(factories.patron(), due_on=date(2026, 12, 9), branch=branch)
    month(desk, first="2026-12-01", last="2027-11-30")
    assert desk.page.select(".moves") or "開館日がありません" in desk.text()


@pytest.mark.parametrize(
    "asked",
    [{"month": "きょう"}, {"month": "9999-12"}, {"month": "2199-12"}, {"month": "2000-01"},
     {"day": "9999-12-31"}, {"first": "2026-12-09", "last": "2099-12-09"}, {"first": "x"}, {"branch": "99"}],
)  # fmt: skip
def test_an_address_that_nobody_wrote_shows_a_month(desk, asked):
    assert desk.get("/desk/calendar", query_string=asked).status_code == 200 and desk.page.select(".month td button")


def test_another_branch_shows_its_own_days(desk, branch):
    other = factories.branch("東部")
    ClosedDay.create(branch=other, day=date(2026, 11, 25), open=False, note="蔵書点検")
    assert month(desk)[25] == [] and month(desk, branch=other.id)[25] == ["休館", "蔵書点検"]
    assert desk.page.select_one("#branch option[selected]").get_text() == "東部"
