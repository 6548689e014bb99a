"""Figures by hand: 来館者 and others of a month and branch; 奉仕人口 and others of a 年度, by 管理 alone."""

from datetime import date

from flask import Blueprint, abort, request, url_for
from flask_login import current_user

from library import clock, dates
from library.counting.figures import by_hand
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
    return _month_page(None, _branch(), _month(request.args.get("month", "")))


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
    return flash.leave(PAGE, at, done="saved", words=f"{branch.name}の{_words(month)}")


def _branch() -> Branch:
    number = fields.chosen_branch() or counter.here().id
    return next((row for row in stored_policy.branches_in_order() if row.id == number), None) or abort(404)


def _code(month: date) -> str:
    return f"{month:%Y-%m}"


def _words(month: date) -> str:
    return f"{month.year}年{month.month}月"


def _months() -> dict[str, date]:
    """Return code → month of which figures can be entered, the newest first."""
    today = clock.today()
    months = dates.months(today.replace(year=today.year - YEARS, day=1), today)
    return {_code(month): month for month in reversed(months)}


def _month(code: str) -> date:
    """Return the first day of a month such as 2026-10, by default the one before this; 404 for one to come."""
    months = _months()
    return months.get(code or list(months)[1]) or abort(404)


def _month_page(form: MonthForm | None, branch: Branch, month: date) -> access.Reply:
    first, last = dates.fiscal_year(month)
    stored, sent = by_hand.of_months(branch.id, first, last), {"month": _code(month), "branch": branch.id}
    offered = {code: _words(each) for code, each in _months().items()}
    of_year = [(code, each) for code, each in _months().items() if first <= each <= last]
    return (form or MonthForm(formdata=None, **sent, **stored.get(month, {}))).page(
        "desk/figures/index.html",
        messages=flash.take(PAGE),
        heading="来館者などの入力",
        of=f"{branch.name}の{_words(month)}",
        picks=[
            forms.FieldView("choice", "month", "月", _code(month), tuple(offered.items())),
            fields.branch_menu(branch.id, is_any=False),
        ],
        here=url_for(PAGE),
        sent=sent,
        figures=by_hand.OF_MONTH,
        rows=[
            (offered[code], url_for(PAGE, branch=branch.id, month=code), stored.get(each, {})) for code, each in of_year
        ],
        other=("年度の数字の入力", url_for(OF_YEAR)) if current_user.staff.role == "admin" else None,
    )


# -- a 年度 ------------------------------------------------------------------------------------------------------------
@bp.get("/year")
@access.staff_required(role="admin")
def year() -> access.Reply:
    """Show the figures of a 年度: this one, unless another is asked for."""
    return _year_page(None, _year(request.args.get("year", "")))


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


def _years() -> range:
    newest = dates.fiscal_year(clock.today())[0].year
    return range(newest, newest - YEARS, -1)


def _year(text: str) -> int:
    asked = forms.number(text) if text else _years()[0]
    return asked if asked is not None and asked in _years() else abort(404)


def _year_page(form: YearForm | None, asked: int) -> access.Reply:
    stored, every = by_hand.of_years(), _years()
    offered = tuple((str(each), f"{each}年度") for each in every)
    return (form or YearForm(formdata=None, year=asked, **stored.get(asked, {}))).page(
        "desk/figures/index.html",
        messages=flash.take(OF_YEAR),
        heading="年度の数字の入力",
        of=f"{asked}年度",
        picks=[forms.FieldView("choice", "year", "年度", str(asked), offered)],
        here=url_for(OF_YEAR),
        sent={"year": asked},
        figures=by_hand.OF_YEAR,
        rows=[(f"{each}年度", url_for(OF_YEAR, year=each), stored.get(each, {})) for each in every],
        other=("来館者などの入力", url_for(PAGE)),
    )
