"""Figures by hand: 来館者 and others of a month and branch; 奉仕人口 and others of a 年度, by 管理 alone."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint, abort, request, url_for
from flask_login import current_user

from library import clock, dates
from library.counting.figures import by_hand
from library.counting.figures.definitions import Figure
from models import Branch
from web import access, flash, forms
from web.desk import counter, fields
from web.parts import stored_policy

bp = Blueprint("figures", __name__)
PAGE, OF_YEAR = "desk.figures.index", "desk.figures.year"
YEARS = 5  # of which figures can be entered


class MonthForm(forms.Form):
    month = forms.Text("月", maximum=7)
    branch = forms.Text("館", maximum=18)


class YearForm(forms.Form):
    year = forms.Text("年度", maximum=4)


for _form, _figures in ((MonthForm, by_hand.OF_MONTH), (YearForm, by_hand.OF_YEAR)):
    for _figure in _figures:
        setattr(_form, _figure.name, forms.Text(f"{_figure.label}（{_figure.unit}）", maximum=20))


# -- a month -----------------------------------------------------------------------------------------------------------
@bp.get("")
@access.staff_required
@counter.at_a_branch
def index() -> access.Reply:
    """Show the figures of a month of a branch: the month before this one, unless another is asked for."""
    branch, month = _branch(), _month(request.args.get("month", ""))
    stored = by_hand.of_months(branch.id, month, month).get(month, {})
    return _month_page(MonthForm(formdata=None, month=_code(month), branch=branch.id, **stored), branch, month)


@bp.post("")
@access.staff_required
@counter.at_a_branch
def enter() -> access.Reply:
    """保存する: store the figures of a month."""
    form = MonthForm()
    branch, month = _branch(), _month(form.month.data)
    form.submit(lambda: by_hand.enter_month(branch, month, form.typed(), **counter.acting()))
    if form.problems:
        return _month_page(form, branch, month)
    at = {"month": _code(month), "branch": branch.id}
    return flash.leave(PAGE, at, done="saved", words=f"{branch.name}の{month.year}年{month.month}月")


def _branch() -> Branch:
    number = fields.chosen_branch() or counter.here().id
    return next((row for row in stored_policy.branches_in_order() if row.id == number), None) or abort(404)


def _code(month: date) -> str:
    return f"{month:%Y-%m}"


def _month(code: str) -> date:
    """Return the first day of a month such as 2026-10, by default the one before this; 404 for one to come."""
    months = _months()
    return next((month for month in months if _code(month) == code), None) or (abort(404) if code else months[1])


def _months() -> list[date]:
    """Return the months of which figures can be entered, the newest first."""
    today = clock.today()
    return dates.months(today.replace(year=today.year - YEARS, day=1), today)[::-1]


def _month_page(form: MonthForm, branch: Branch, month: date) -> access.Reply:
    first, last = dates.fiscal_year(month)
    months = [each for each in dates.months(first, last) if each in _months()]
    stored = by_hand.of_months(branch.id, first, last)
    at: dict[str, Any] = {"branch": branch.id}
    every = tuple((str(row.id), row.name) for row in stored_policy.branches_in_order())
    picks = [
        forms.FieldView("choice", "month", "月", _code(month), tuple((_code(each), _words(each)) for each in _months()))
    ]
    if current_user.staff.role == "admin":
        picks.append(forms.FieldView("choice", "branch", "館", str(branch.id), every))
    return form.page(
        "desk/figures/index.html",
        messages=flash.take(PAGE),
        heading="来館者などの入力",
        of=f"{branch.name}の{_words(month)}",
        picks=picks,
        here=url_for(PAGE),
        sent={"month": _code(month), "branch": branch.id},
        figures=by_hand.OF_MONTH,
        rows=[
            _row(_words(each), url_for(PAGE, month=_code(each), **at), stored.get(each, {}), by_hand.OF_MONTH)
            for each in months
        ],
        other=("年度の数字の入力", url_for(OF_YEAR)) if current_user.staff.role == "admin" else None,
    )


def _words(month: date) -> str:
    return f"{month.year}年{month.month}月"


def _row(label: str, url: str, numbers: Mapping[str, int], figures: tuple[Figure, ...]) -> tuple[str, str, list[str]]:
    return label, url, [f"{numbers[each.name]:,}" if each.name in numbers else "–" for each in figures]


# -- a 年度 ------------------------------------------------------------------------------------------------------------
@bp.get("/year")
@access.staff_required(role="admin")
def year() -> access.Reply:
    """Show the figures of a 年度: this one, unless another is asked for."""
    asked = _year(request.args.get("year", ""))
    return _year_page(YearForm(formdata=None, year=asked, **by_hand.of_year(asked)), asked)


@bp.post("/year")
@access.staff_required(role="admin")
def enter_year() -> access.Reply:
    """保存する: store the figures of a 年度."""
    form = YearForm()
    asked = _year(form.year.data)
    form.submit(lambda: by_hand.enter_year(asked, form.typed(), **counter.acting()))
    if form.problems:
        return _year_page(form, asked)
    return flash.leave(OF_YEAR, {"year": asked}, done="saved", words=f"{asked}年度")


def _years() -> list[int]:
    newest = dates.fiscal_year(clock.today())[0].year
    return list(range(newest, newest - YEARS, -1))


def _year(text: str) -> int:
    asked = forms.number(text) if text else _years()[0]
    return asked if asked in _years() else abort(404)


def _year_page(form: YearForm, asked: int) -> access.Reply:
    offered = tuple((str(each), f"{each}年度") for each in _years())
    return form.page(
        "desk/figures/index.html",
        messages=flash.take(OF_YEAR),
        heading="年度の数字の入力",
        of=f"{asked}年度",
        picks=[forms.FieldView("choice", "year", "年度", str(asked), offered)],
        here=url_for(OF_YEAR),
        sent={"year": asked},
        figures=by_hand.OF_YEAR,
        rows=[
            _row(f"{each}年度", url_for(OF_YEAR, year=each), by_hand.of_year(each), by_hand.OF_YEAR)
            for each in _years()
        ],
        other=("来館者などの入力", url_for(PAGE)),
    )
