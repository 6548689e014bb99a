"""読書の一年: what was borrowed in a year, counted by month and by class."""

from flask import abort, request
from flask_login import current_user

from blueprints.my.history import bp
from library import clock
from library.reading import looking_back
from web import access, forms, htmx
from web.parts import charts


@bp.get("/history/year", endpoint="year")
@access.patron_required
def show():
    """A year of which there are records; the last, unless another is asked for."""
    patron, today = current_user.patron, clock.today()
    years = looking_back.years(patron, today=today)
    year = forms.number(request.args.get("year")) if "year" in request.args else next(iter(years), today.year)
    if years and year not in years:
        abort(404)
    counts = looking_back.of_year(patron, year, today=today) if years else []
    return htmx.page("history/year.html", year=year, years=years, charts=[charts.drawn(count) for count in counts])
