"""統計: the page of a day, a month and a 年度."""

import csv
import io
from datetime import date

import pytest

from library import clock
from library.facts import use_facts
from models import MonthFigure
from tests import factories
from tests.library.test_reports import fact


@pytest.fixture
def at_desk(browse):
    main, north = factories.branch("本館"), factories.branch("河内")
    use_facts.begin(date(2025, 4, 1))
    for day in (date(2026, 10, 3), date(2026, 10, 3), date(2025, 10, 3)):
        fact(day, main, ndc="913.6")
    fact(date(2026, 10, 4), north)
    MonthFigure.create(month=date(2026, 10, 1), branch=main, name="visitors", number=50)
    browse.be(factories.staff("admin", login="yamada"))
    return browse


def test_the_answer_stands_first_in_words(at_desk):
    at_desk.get("/desk/reports")
    told = at_desk.page.select_one(".told-line").get_text()
    assert "個人貸出は3点で、前の年の10月より2点（200.0%）多くなりました。" in told.replace(" ", "").replace("\n", "")


def test_an_unknown_figure_leads_to_its_reason_and_to_where_it_is_entered(at_desk):
    at_desk.get("/desk/reports?of=month&at=2026-10")
    (link,) = [link for link in at_desk.page.select("tbody .figure a") if link.get_text() == "記録なし"]
    reason = at_desk.page.select_one(link["href"])
    assert "記録なし：河内の来館者は、まだ入力されていません。" in reason.get_text()
    assert at_desk.get(reason.find("a")["href"]).status_code == 200
    at_desk.get("/desk/reports?of=month&at=2026-10")
    assert "1館の計" in at_desk.page.select_one("tfoot").get_text()


def test_each_column_leads_to_its_definition(at_desk):
    at_desk.get("/desk/reports")
    heads = at_desk.page.select(".report thead a")
    assert [head.get_text() for head in heads] == [
        "個人貸出",
        "うち児童",
        "帯出者数",
        "新しい登録",
        "予約件数",
        "来館者",
    ]
    assert all(at_desk.get(head["href"]).status_code == 200 for head in heads)


@pytest.mark.parametrize(
    "address", ["of=day&at=2026-10-03", "of=month", "of=year", "of=year&at=2025", "of=month&at=2020-02"]
)
def test_each_span_has_its_page_and_files(at_desk, address):
    assert at_desk.get(f"/desk/reports?{address}").status_code == 200
    assert at_desk.h1() == "統計"
    links = [link["href"] for link in at_desk.page.select("a[download]")]
    answers = [at_desk.get(link) for link in links]
    assert [answer.status_code for answer in answers] == [200, 200] and answers[1].data[:2] == b"PK"


def test_a_file_has_the_numbers_of_the_page(at_desk):
    answer = at_desk.get("/desk/reports.csv?of=month&at=2026-10")
    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert rows[0][:4] == ["表", "項目", "個人貸出", "個人貸出（前年）"]
    assert ["館", "本館", "2", "1"] in [row[:4] for row in rows] and ["日", "2026-10-03", "2"] in [
        row[:3] for row in rows
    ]


@pytest.mark.parametrize(
    ("address", "status"),
    [("of=day&at=yesterday", 422), ("of=month&at=x", 404), ("of=week", 404), ("of=month&branch=99", 404)],
)
def test_a_span_that_is_none_is_refused(at_desk, address, status):
    assert at_desk.get(f"/desk/reports?{address}").status_code == status
    if status == 422:
        assert at_desk.page.select_one("#at")["value"] == "yesterday" and "日付として読めません" in at_desk.text()


def test_the_counter_sees_its_branch_alone(at_desk, browse):
    browse.be(factories.staff("desk"))
    browse.get("/desk/reports?of=month&at=2026-10&branch=2")
    table = browse.page.select_one(".report")
    assert "本館" in table.get_text() and "河内" not in table.get_text()


def test_an_empty_library_says_that_nothing_was_recorded(browse):
    browse.be(factories.staff("admin"))
    for kind in ("day", "month", "year"):
        assert browse.get(f"/desk/reports?of={kind}").status_code == 200
        assert "個人貸出の記録はありません。" in browse.text()


@pytest.mark.parametrize(
    ("day", "asked", "is_there"),
    [
        (date(2026, 4, 1), "at=2025", False),
        (date(2026, 5, 1), "at=2025", False),  # a late fact would make two tables of one year
        (date(2026, 5, 2), "at=2025", True),
        (date(2026, 5, 2), "at=2025&branch=1", False),
        (date(2026, 5, 2), "at=2026", False),
    ],
)
def test_a_year_is_crossed_once_it_is_settled(at_desk, moved_clock, day, asked, is_there):
    moved_clock.now = clock.at(day, 10)
    at_desk.be(factories.staff("admin", login="sato"))
    at_desk.get(f"/desk/reports?of=year&{asked}")
    assert bool(at_desk.page.select('[aria-label="学校段階と居住の表"]')) == is_there
    for kind in ("csv", "xlsx"):
        assert "在学" not in at_desk.get(f"/desk/reports.{kind}?of=year&{asked}").get_data().decode(errors="ignore")
