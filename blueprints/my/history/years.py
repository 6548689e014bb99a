"""読書の一年: the loans of a year as a bookcase with a compartment for each month, which prints as a poster."""

from flask import abort, request, url_for
from flask_login import current_user

from blueprints.my.history.blueprint import bp
from library import clock
from library.catalog import spine
from library.reading import history, looking_back, year as reading_year
from web import access, forms, htmx

ROOM, CUT = 20, 18  # books on the board of a month; on one of a month that has more
FULL = 15  # with more books on a board they are set smaller


@bp.get("/history/year", endpoint="year")
@access.patron_required
def show() -> access.Reply:
    """Show one year of the records: the last, unless another is asked for; 404 for a year without records."""
    patron, today = current_user.patron, clock.today()
    records = history.everything(patron, today=today)
    years = [each for each, _ in looking_back.by_year(records)]
    number = forms.number(request.args.get("year")) if "year" in request.args else next(iter(years), today.year)
    if years and number not in years:
        abort(404)
    year = reading_year.summary(records, number) if number in years else None
    return htmx.page(
        "history/year.html",
        year=year,
        years=years,
        months=[_board(year.number, month, records) for month, records in enumerate(year.months, 1)] if year else [],
        owner=patron.name,
        today=today,
    )


def _board(year: int, month: int, records: list[history.Record]) -> dict:
    """Return the board of a month: the backs of its books with their addresses, and the address of its records."""
    shown = records if len(records) <= ROOM else records[:CUT]
    return {
        "count": len(records),
        "more": len(records) - len(shown),
        "is_full": len(records) > FULL,
        "url": url_for("history.index", year=year, month=month) if records else None,
        "books": [(_back(one), one.title_id and url_for("catalog.title", title_id=one.title_id)) for one in shown],
    }


def _back(record: history.Record) -> spine.Spine:
    return spine.make(record.title, record.author, reading_year.class_of(record))
