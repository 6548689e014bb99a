"""『日本の図書館』 and 社会教育調査: a sheet of figures to copy, each with its definition; for 窓口, of their branch."""

from datetime import date

from flask import Blueprint, abort, request, url_for
from flask_login import current_user

from library import clock, dates
from library.counting.figures import surveys
from web import access, forms, htmx
from web.desk import fields
from web.parts import stored_policy, tables

bp = Blueprint("surveys", __name__)
HEADINGS = ("項目", "数字", "単位", "いつの数か、理由")


@bp.get("/<any(jla, shakyo):name>")
@access.staff_required
def show(name: str) -> access.Reply:
    survey, year, branch, parts = _filled(name)
    lines = [line for _, rows in parts for line in rows]
    asked = {"name": name, "year": year, "branch": branch or None}
    return htmx.page(
        "desk/surveys/show.html",
        heading=f"{survey.label} {year}",
        year=forms.FieldView("choice", "year", "年", str(year), tuple((str(n), str(n)) for n in _years(survey))),
        branch=fields.branch_menu(branch),
        day=dates.without_weekday(survey.day(year)),
        flows=[year - 1, *map(dates.without_weekday, dates.fiscal_year(date(year - 1, 4, 1)))],
        filled=sum(line.number is not None for line in lines),
        count=len(lines),
        parts=[(heading, [(line, _definition(line), _entry(line)) for line in rows]) for heading, rows in parts],
        files=tables.ways(**asked),
        here=url_for(".show", name=name),
        others=[(each.label, url_for(".show", name=other)) for other, each in surveys.SURVEYS.items() if other != name],
    )


@bp.get("/<any(jla, shakyo):name>.<any(csv, xlsx):kind>")
@access.staff_required
def download(name: str, kind: str) -> access.Reply:
    """Send the sheet as a file."""
    survey, year, _, parts = _filled(name)
    cells = []
    for line in (line for _, rows in parts for line in rows):
        number = "記録なし" if line.number is None else line.number
        cells.append((line.label, number, line.figure.unit if line.figure else "", line.note))
    return tables.file(kind, f"{name}-{year}", survey.label, HEADINGS, cells)


def _filled(name: str) -> tuple[surveys.Survey, int, int | None, list[tuple[str, list[surveys.Filled]]]]:
    survey = surveys.SURVEYS[name]
    year = forms.number(request.args.get("year") or str(_years(survey)[0]))
    if year is None or year not in _years(survey):
        abort(404)
    branch = fields.chosen_branch()
    filled = surveys.fill(survey, year, branch, rules=stored_policy.read(), today=clock.today())
    return survey, year, branch, filled


def _years(survey: surveys.Survey) -> range:
    newest = survey.newest(clock.today())
    return range(newest, newest - surveys.YEARS, -1)


def _definition(line: surveys.Filled) -> str:
    span = {"first": line.first.isoformat(), "last": line.last.isoformat(), "branch": line.branch}
    return url_for("desk.definitions.show", name=line.figure.name, **span) if line.figure else ""


def _entry(line: surveys.Filled) -> str:
    """Return the address where an unknown figure is entered by hand; empty for another."""
    if line.number is not None or line.figure is None or not line.figure.by_hand:
        return ""
    if not line.figure.year:
        return url_for("desk.figures.index", month=f"{min(line.last, clock.today()):%Y-%m}")
    year = dates.fiscal_year(line.first)[0].year
    return url_for("desk.figures.year", year=year) if current_user.staff.role == "admin" else ""
