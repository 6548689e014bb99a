"""統計: charts with a sentence, a table and a file behind each."""

import csv
import io
from datetime import date, timedelta

import pytest

from blueprints.desk.admin import statistics as page
from library import clock, dates
from models import Patron
from tests import factories


@pytest.fixture
def at_desk(browse):
    browse.be(factories.staff("admin", login="yamada"))
    return browse


def lend(name="こころ", day=date(2026, 11, 2), branch="本館"):
    title = factories.catalogued(name, copies=1)
    factories.loan(
        factories.patron(category="児童"), item=title.items.get(), lent_on=day, branch=factories.branch(branch),
        category="児童", age_group="7-12", due_on=date(2026, 12, 1),
    )  # fmt: skip


@pytest.mark.parametrize("sheet", page.SHEETS)
@pytest.mark.parametrize("filled", [False, True])
def test_each_sheet_draws_its_charts(at_desk, sheet, filled):
    if filled:
        lend()
    at_desk.get(f"/desk/statistics?of={sheet}")
    charts = at_desk.page.select("svg[role=img]")
    tables = at_desk.page.select("section details table")
    files = [link["href"] for link in at_desk.page.select("a[download]")]
    assert len(charts) == len(tables) == len(files) > 0
    assert all("の棒グラフ。合計" in chart["aria-label"] for chart in charts)
    for file in files:
        assert at_desk.get(file).status_code == 200


def test_a_chart_says_its_sum_and_its_highest_bar(at_desk):
    lend(), lend("坊っちゃん"), lend("三四郎", date(2026, 11, 3))
    at_desk.get("/desk/statistics")
    assert at_desk.page.select("svg[role=img]")[0]["aria-label"] == (
        "日ごとの貸出の棒グラフ。合計3点、もっとも多いのは2026年11月2日(月)の2点。"
    )
    assert len(at_desk.page.select(".chart-time")[0].select("rect")) == 2


def test_the_first_of_a_month_shows_the_days_before(browse, moved_clock):
    lend()
    moved_clock.now += timedelta(days=6)
    browse.be(factories.staff("admin"))
    browse.get("/desk/statistics")
    assert "2026年11月2日(月) 〜 2026年12月1日(火)" in browse.text()
    assert "日ごとの貸出 1点" in browse.text()


def test_the_last_days_are_shown_and_other_spans_are_a_press_away(at_desk):
    at_desk.get("/desk/statistics")
    assert "2026年10月27日(火) 〜 2026年11月25日(水)" in at_desk.text()
    at_desk.get(at_desk.page.find("a", string="今年度")["href"])
    assert "2026年4月1日(水) 〜 2027年3月31日(水)" in at_desk.text()
    assert at_desk.page.find("a", string="今年度")["aria-current"] == "true"
    at_desk.get("/desk/statistics?of=branches&first=令和8年11月1日&last=2026/11/2")
    assert "2026年11月1日(日) 〜 2026年11月2日(月)" in at_desk.text()


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        ("2026-11-02", "2026-11-01", "より短くしてください"),
        ("1900-01-01", "2026-11-01", "より短くしてください"),
        ("yesterday", "2026-11-01", "日付として読めません"),
        ("2026-11-01", "", "入力してください"),
    ],
)
def test_a_span_that_is_none_is_refused(at_desk, first, last, sentence):
    asked = {"first": first, "last": last}
    assert at_desk.get("/desk/statistics", query_string=asked).status_code == 422
    assert sentence in at_desk.text()
    assert at_desk.client.get("/desk/statistics/time/loans_by_day.csv", query_string=asked).status_code == 422


def test_a_file_opens_in_a_spreadsheet_and_runs_nothing_there(at_desk):
    factories.branch("=HYPERLINK(1)")
    lend(branch="本館")
    answer = at_desk.get("/desk/statistics/branches/loans_by_branch.csv?first=2026-11-01&last=2026-11-30")
    assert answer.mimetype == "text/csv" and answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert rows == [["館ごとの貸出", "点"], ["'=HYPERLINK(1)", "0"], ["本館", "1"]]


def test_days_and_months_are_written_so_that_they_sort(at_desk):
    lend()
    span = "first=2026-10-01&last=2026-11-30"
    assert '"2026-11-02","1"' in at_desk.get(f"/desk/statistics/time/loans_by_day.csv?{span}").text
    assert '"2026-11","1"' in at_desk.get(f"/desk/statistics/time/loans_by_month.csv?{span}").text


def test_neither_titles_nor_people_are_named(at_desk):
    lend()
    for sheet in page.SHEETS:
        at_desk.get(f"/desk/statistics?of={sheet}")
        assert "こころ" not in at_desk.text() and "図書 花子" not in at_desk.text()


def test_a_figure_that_is_not_counted_is_not_there(at_desk):
    assert at_desk.get("/desk/statistics?of=titles").status_code == 404
    assert at_desk.get("/desk/statistics/titles/loans.csv").status_code == 404
    assert at_desk.get("/desk/statistics/time/loans_by_title.csv").status_code == 404
    assert clock.today() == date(2026, 11, 25)


def test_the_same_time_a_year_before_stands_beside_with_a_total(at_desk):
    lend(), lend("坊っちゃん", branch="北"), lend("三四郎", date(2025, 11, 2)), lend("草枕", date(2025, 12, 20))
    at_desk.get("/desk/statistics?of=branches")
    assert "前の年の同じ期間 1点" in at_desk.text()
    rows = [[cell.get_text() for cell in row.select("th, td")] for row in at_desk.page.select(".chart-table tr")]
    assert rows == [["館ごとの貸出", "点", "前の年"], ["本館", "1", "1"], ["北", "1", "0"], ["合計", "2", "1"]]
    at_desk.get("/desk/statistics?of=time")
    assert "前の年の同じ期間 1点" in at_desk.text()
    assert [cell.get_text() for cell in at_desk.page.select(".chart-table tfoot tr > *")] == ["合計", "2"]
    at_desk.get("/desk/statistics?of=time&first=2025-10-01&last=2026-03-31")
    (months,) = at_desk.page.select(".chart-table")
    assert [cell.get_text() for cell in months.select("tbody tr:last-child > *")] == ["2026年3月", "0", "0"]


def test_a_leap_day_has_a_day_a_year_before():
    assert dates.year_before(date(2028, 2, 29)) == date(2027, 2, 28)
    assert dates.year_before(date(2026, 11, 25)) == date(2025, 11, 25)


@pytest.mark.parametrize("sheet", page.SHEETS)
def test_the_counter_sees_its_branch_alone(browse, sheet):
    factories.branch("西")
    there = factories.branch("北")
    browse.be(factories.staff("desk"))
    lend(branch="北")
    Patron.update(branch=there).execute()
    answer = browse.get(f"/desk/statistics?of={sheet}")
    if sheet == "branches":
        assert answer.status_code == 404
        return
    assert "西の件数です。" in browse.text() and "北" not in browse.text()
    totals = [total.get_text() for total in browse.page.select(".chart-total")]
    assert totals and {total.strip("点人") for total in totals} == {"0"}
    assert browse.page.select("nav a[href='/desk/statistics']")


def test_the_counter_gets_files_of_its_branch(browse):
    factories.branch("本館")
    browse.be(factories.staff("desk"))
    lend(branch="北")
    span = "first=2026-11-01&last=2026-11-30"
    assert '"2026-11-02","0"' in browse.get(f"/desk/statistics/time/loans_by_day.csv?{span}").text
    assert browse.get(f"/desk/statistics/branches/loans_by_branch.csv?{span}").status_code == 404
