"""The sheets of surveys: what is filled, what is not and why, and their files."""

from datetime import date
from io import BytesIO

import openpyxl
import pytest

from library.counting.figures.definitions import FIGURES
from models import MonthFigure, RecordedSince, UseFact
from tests import factories


@pytest.fixture
def at_desk(browse):
    browse.be(factories.staff("admin", login="yamada"))
    for name in ("loans", "facts"):
        RecordedSince.create(name=name, day=date(2025, 8, 1))
    branch = factories.branch("本館")
    given = {"day": date(2025, 9, 1), "branch": branch, "channel": "desk"}
    UseFact.create(id=1, act="loan", stage="小", ndc="913.6", opens_visit=True, **given)
    UseFact.create(id=2, act="hold", **given)
    MonthFigure.create(month=date(2026, 3, 1), branch=branch, name="days_open", number=26)
    MonthFigure.create(month=date(2026, 3, 1), branch=branch, name="books", word="9", number=7)
    return browse


def lines(page):
    """Return (label, number, unit, note) of each line of the sheet."""
    rows = page.select("table.sheet tbody tr")
    return [[cell.text.strip() for cell in row.select("th, td")] for row in rows if row.select("td")]


def test_the_sheet_tells_which_lines_are_filled_and_why_others_are_not(at_desk):
    at_desk.get("/desk/reports/survey/jla?year=2026")
    every = lines(at_desk.page)
    found = {label: rest for label, *rest in every}
    assert found["個人貸出"] == [
        "1",
        "点",
        f"一部記録なし（4〜7月）。2025年8月1日から数えています。{FIGURES['loans'].words}",
    ]
    assert found["蔵書冊数"] == ["7", "冊", f"2026年4月1日{FIGURES['books'].words}"]
    assert found["来館者"][0] == "記録なし" and "12か月分がまだ入力されていません。" in found["来館者"][2]
    assert (found["図書館間貸出"][0], found["図書館間借受"][0]) == ("0", "0")
    filled = sum(number != "記録なし" for _, number, *_ in every)
    assert f"{len(every)}項目のうち、{filled}項目が埋まりました" in at_desk.text()
    assert len(at_desk.page.select("tr.open")) == len(every) - filled


@pytest.mark.parametrize("name", ["jla", "shakyo"])
def test_each_line_leads_to_a_page_that_works(at_desk, name):
    at_desk.get(f"/desk/reports/survey/{name}")
    addresses = {link["href"] for link in at_desk.page.select("table.sheet a")}
    assert len(addresses) > 5
    assert {at_desk.get(address).status_code for address in addresses} == {200}


def test_a_sheet_is_a_file_with_numbers(at_desk):
    text = at_desk.get("/desk/reports/survey/jla.csv?year=2026").get_data(as_text=True)
    assert '"個人貸出","1","点",' in text
    book = openpyxl.load_workbook(BytesIO(at_desk.get("/desk/reports/survey/jla.xlsx?year=2026").data))
    assert next(row for row in book.active.iter_rows(values_only=True) if row[0] == "個人貸出")[1] == 1


@pytest.mark.parametrize("asked", ["year=2027", "year=1999", "year=x", "branch=99", "branch=x"])
def test_a_sheet_that_there_is_not_is_not_found(at_desk, asked):
    assert at_desk.get(f"/desk/reports/survey/jla?{asked}").status_code == 404


def test_the_counter_sees_its_branch_alone(browse, at_desk):
    east = factories.branch("東部")
    UseFact.create(id=3, act="loan", day=date(2025, 9, 1), branch=east, channel="desk")
    at_desk.get("/desk/reports/survey/jla?year=2026")
    assert lines(at_desk.page)[0][:2] == ["個人貸出", "2"]
    browse.be(factories.staff("desk"))
    browse.get(f"/desk/reports/survey/jla?year=2026&branch={east.id}")
    assert lines(browse.page)[0][:2] == ["個人貸出", "1"]


# -- definitions -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", FIGURES)
def test_each_figure_has_a_page_with_its_definition_and_query(at_desk, name):
    at_desk.get(f"/desk/reports/figures/{name}?first=2025-04-01&last=2026-03-31")
    assert FIGURES[name].words in at_desk.text()
    assert at_desk.page.select("pre.query")
    for way in at_desk.page.select(".tabs a"):
        assert at_desk.get(way["href"]).status_code == 200


def test_a_figure_is_counted_by_class_and_is_a_file(at_desk):
    span = "first=2025-04-01&last=2026-03-31"
    at_desk.get(f"/desk/reports/figures/loans?{span}&by=class")
    assert "9 文学 1" in at_desk.text()
    assert '"9 文学","1"' in at_desk.get(f"/desk/reports/figures/loans.csv?{span}&by=class").get_data(as_text=True)


@pytest.mark.parametrize(
    "asked", ["no", "loans?first=x", "loans?by=card_number", "loans?first=2026-04-01&last=2020-01-01"]
)
def test_a_figure_that_there_is_not_is_not_found(at_desk, asked):
    assert at_desk.get(f"/desk/reports/figures/{asked}").status_code == 404


def test_no_query_names_a_person_a_title_or_a_copy(at_desk):
    for name in FIGURES:
        at_desk.get(f"/desk/reports/figures/{name}?first=2025-04-01&last=2026-11-25")
        query = at_desk.page.select_one("pre.query").text
        assert not any(word in query for word in ("card_number", "patron.name", "title.title", "barcode", "patron_id"))
