"""統計: charts with a sentence, a table and a file behind each."""

import csv
import io
from datetime import date

import pytest

from blueprints.desk.admin import statistics as page
from library import clock
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


def test_this_month_is_shown_and_other_spans_are_a_press_away(at_desk):
    at_desk.get("/desk/statistics")
    assert "2026年11月1日(日) 〜 2026年11月30日(月)" in at_desk.text()
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
