"""Figures by hand: 来館者 and others of a month, 奉仕人口 and others of a 年度."""

from datetime import date

import pytest

from models import Audit, MonthFigure, YearFigure
from tests import factories

EMPTY = dict.fromkeys("copies_made references events participants gatherings".split(), "")
OF_YEAR = dict.fromkeys("population floor_area employees budget settlement".split(), "")


@pytest.fixture
def branch(db):
    return factories.branch("本館")


@pytest.fixture
def at_desk(browse, branch):
    browse.be(factories.staff("admin", login="yamada"))
    return browse


def enter(browse, branch, visitors, month="2026-10", **given):
    browse.get("/desk/figures")
    return browse.post("/desk/figures", {"month": month, "branch": branch.id, "visitors": visitors} | EMPTY | given)


def test_the_month_before_this_one_is_offered_first(at_desk):
    at_desk.get("/desk/figures")
    assert "本館の2026年10月" in at_desk.text()


def test_a_number_is_stored_and_an_empty_field_is_not_0(at_desk, branch):
    enter(at_desk, branch, "１，２３４", events="0")
    stored = {row.name: row.number for row in MonthFigure.select()}
    assert stored == {"visitors": 1234, "events": 0}
    at_desk.get("/desk/figures?month=2026-10")
    assert "本館の2026年10月の数字を保存しました" in at_desk.text() and "1,234" in at_desk.text()
    assert Audit.get().details == {"of": "本館 2026年10月"}
    enter(at_desk, branch, "")
    assert not MonthFigure.select().exists()


def test_other_figures_of_the_month_stay_as_they_are(at_desk, branch):
    MonthFigure.create(month=date(2026, 10, 1), branch=branch, name="days_open", number=26)
    enter(at_desk, branch, "5")
    assert {row.name for row in MonthFigure.select()} == {"days_open", "visitors"}


@pytest.mark.parametrize("typed", ["-1", "1.5", "多い", "1000000000000"])
def test_an_entry_without_a_number_is_refused_and_stays_in_its_field(at_desk, branch, typed):
    assert enter(at_desk, branch, typed, events="3").status_code == 422
    assert at_desk.page.select_one("#visitors")["value"] == typed
    assert at_desk.page.select_one("#events")["value"] == "3"
    assert not MonthFigure.select().exists()


@pytest.mark.parametrize("month", ["2026-12", "2010-01", "x"])
def test_a_month_to_come_or_of_long_ago_is_not_found(at_desk, branch, month):
    assert at_desk.get(f"/desk/figures?month={month}").status_code == 404
    assert enter(at_desk, branch, "1", month).status_code == 404


def test_the_counter_enters_for_its_branch_alone(browse, branch):
    browse.be(factories.staff("desk"))
    enter(browse, factories.branch("東部"), "9")
    assert MonthFigure.get().branch == branch
    assert browse.get("/desk/figures/year").status_code == 403


def test_the_figures_of_a_year_are_entered_by_the_admin(at_desk):
    at_desk.get("/desk/figures/year")
    at_desk.post("/desk/figures/year", {"year": "2025"} | OF_YEAR | {"population": "152,300"})
    assert [(row.year, row.name, row.number) for row in YearFigure.select()] == [(2025, "population", 152300)]
    at_desk.get("/desk/figures/year?year=2025")
    assert "2025年度の数字を保存しました" in at_desk.text()
    refused = at_desk.post("/desk/figures/year", {"year": "2025"} | OF_YEAR | {"population": "多い"})
    assert refused.status_code == 422 and YearFigure.get().number == 152300
    assert at_desk.get("/desk/figures/year?year=1999").status_code == 404
