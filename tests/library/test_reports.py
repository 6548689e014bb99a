"""日報・月報・年報: what is counted beside what, what is unknown, and what a crossing table keeps back."""

from collections import defaultdict
from datetime import date
from itertools import count, product

import pytest

from library import policy
from library.counting import report_spans, reports
from library.counting.figures import counts
from library.facts import use_facts
from models import MonthFigure, RecordedSince, UseFact
from tests import factories

TODAY = date(2026, 11, 25)
ids = count(1)


def fact(day, branch, act="loan", **given):
    given = {"channel": "desk", "opens_visit": True, "hour": 10} | given
    UseFact.insert(id=next(ids), act=act, day=day, branch=branch, **given).execute()


def report(kind, text, branch=None, today=TODAY):
    span = report_spans.read(kind, text, today=today)
    return reports.make(span, branch, rules=policy.read(), today=today)


def cells(found):
    return {name: {cell.name: (cell.now, cell.before) for cell in row} for name, row in found.rows}


@pytest.fixture
def town(db):
    main, north = factories.branch("本館"), factories.branch("北館")
    use_facts.begin(date(2025, 4, 1))
    for day, number in ((date(2025, 10, 3), 2), (date(2026, 10, 3), 3), (date(2026, 11, 2), 1)):
        for _ in range(number):
            fact(day, main, ndc="913.6", stage="小")
    fact(date(2026, 10, 4), north, ndc="210")
    fact(date(2026, 10, 4), north, act="hold", opens_visit=None)
    for branch, month, number in ((main, date(2026, 10, 1), 50), (main, date(2025, 10, 1), 40)):
        MonthFigure.create(month=month, branch=branch, name="visitors", number=number)
    return main, north


def test_a_month_stands_beside_the_same_month_of_the_year_before(town):
    found = report("month", "2026-10")
    assert cells(found)["本館"]["loans"] == (3, 2) and cells(found)["本館"]["loans_child"] == (3, 2)
    assert cells(found)["北館"]["loans"] == (1, 0) and cells(found)["北館"]["holds"] == (1, 0)
    assert (found.total[0].now, found.total[0].before) == (4, 2)


def test_a_report_says_the_same_as_each_figure_alone(town):
    for kind, text in (("day", "2026-10-04"), ("month", "2026-10"), ("month", "2026-11"), ("year", "2026")):
        found = report(kind, text)
        for place, cell in enumerate(found.total):
            for span, side in ((found.span, "now"), (found.span.before, "before")):
                alone = counts.count(cell.name, span.first, span.last, today=TODAY)
                shown = [getattr(row[place], side) for _, row in found.rows]
                if not alone.figure.by_hand:
                    assert shown == [dict(alone.rows).get(row.id) for row in town], (kind, cell.name, side)


def test_a_total_without_all_branches_says_so_and_gives_the_reason(town):
    found = report("month", "2026-10")
    visitors = found.total[-1]
    assert (visitors.now, visitors.of, visitors.before, visitors.of_before) == (50, 1, 40, 1)
    why = next(why for why in found.whys if why.name == "visitors")
    assert why.words == "記録なし：北館の来館者は、まだ入力されていません。"
    assert (why.month, why.branch) == (date(2026, 10, 1), town[1].id)


def test_a_running_month_is_compared_up_to_the_same_day(town):
    fact(date(2025, 11, 25), town[0])
    fact(date(2025, 11, 26), town[0])
    assert cells(report("month", "2026-11"))["本館"]["loans"] == (1, 1)


def test_a_library_in_its_first_year_has_nothing_beside_it(db):
    factories.branch("本館")
    use_facts.begin(date(2026, 4, 1))
    found = report("month", "2026-10")
    assert not found.has_before and found.total[0].now == 0


def test_nothing_is_known_where_nothing_was_recorded(db):
    factories.branch("本館")
    found = report("month", "2026-10")
    assert found.total[0] == ("loans", None, None, 0, 0) and not found.points
    assert RecordedSince.select().count() == 0 and found.whys


def test_bars_are_days_of_a_month_months_of_a_year_and_hours_of_a_day(town):
    month, year, day = report("month", "2026-10"), report("year", "2026"), report("day", "2026-10-03")
    assert len(month.points) == 31 and month.points[2][:2] == (date(2026, 10, 3), 3)
    assert [point.number for point in year.points[:8]] == [0, 0, 0, 0, 0, 0, 4, 1] and year.points[11].number is None
    assert year.points[6].before == 2
    assert [(point.when, point.number) for point in day.points] == [(10, 3)]


def test_a_branch_alone_has_its_numbers_only(town):
    found = report("month", "2026-10", branch=town[1].id)
    assert list(cells(found)) == ["北館"] and found.total[0].now == 1
    assert {digit: cell.now for digit, cell in found.classes}["2"] == 1


@pytest.mark.parametrize(
    ("kind", "today", "code", "first_before"),
    [
        ("month", date(2027, 1, 1), "2026-12", date(2025, 12, 1)),
        ("month", date(2027, 4, 1), "2027-03", date(2026, 3, 1)),
        ("year", date(2027, 4, 1), "2026", date(2025, 4, 1)),
        ("year", date(2027, 1, 1), "2025", date(2024, 4, 1)),
        ("day", date(2027, 1, 1), "2027-01-01", date(2026, 1, 1)),
    ],
)
def test_the_usual_span_is_the_last_that_is_over(kind, today, code, first_before):
    span = report_spans.usual(kind, date(2020, 4, 1), today=today)
    assert (span.code, span.before.first) == (code, first_before)


def test_a_february_is_compared_whole():
    span = report_spans.read("month", "2028-02", today=date(2028, 5, 1))
    assert (span.last, span.before.last) == (date(2028, 2, 29), date(2027, 2, 28))
    after = report_spans.read("month", "2029-02", today=date(2029, 5, 1))
    assert after.before.last == date(2028, 2, 29)


@pytest.mark.parametrize("text", ["2026-13", "next", "2027-01", "0001-01"])
def test_a_month_that_is_none_or_to_come_is_refused(text):
    with pytest.raises(ValueError):
        report_spans.read("month", text, today=TODAY)


@pytest.mark.parametrize(("length", "most"), [(3, 14), (4, 13), (5, 11)])
def test_no_small_number_can_be_told_from_a_table_and_its_sum(length, most):
    """Try every table up to a sum: whoever knows the rule and the sum finds two ways at least for each small number."""
    ways = defaultdict(list)
    for group in product(range(most + 1), repeat=length):
        if sum(group) <= most:
            ways[tuple(reports.masked(list(group))), sum(group)].append(group)
    for groups in ways.values():
        for place in range(length):
            found = {group[place] for group in groups}
            assert found not in ({1}, {2}), groups


def test_a_small_number_is_said_as_less_than_three_and_its_helper_is_kept_back():
    assert reports.masked([40, 0, 12, 1, 9]) == ["40", "3未満", "12", "3未満", "—"]
    assert reports.masked([40, 0, 12]) == ["40", "0", "12"] and reports.masked([0, 0, 0]) == ["0", "0", "0"]


def test_a_year_is_crossed_by_stage_and_residence(db):
    main = factories.branch("本館")
    use_facts.begin(date(2025, 4, 1))
    for number, stage, home in ((5, "小", "living"), (4, "一般", "living"), (1, "一般", "working"), (7, "", "")):
        for _ in range(number):
            fact(date(2025, 5, 1), main, stage=stage, residence=home)
    span = report_spans.read("year", "2025", today=TODAY)
    found = dict(reports.crossing(span, {"living": "在住", "working": "在勤"}))
    assert found["小"] == ["5", "0", "0"] and found["一般"] == ["4", "3未満", "3未満"] and found["記録なし"][2] == "—"
