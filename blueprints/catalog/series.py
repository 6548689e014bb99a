"""叢書: the page of a series, its titles by number."""

from flask import url_for
from flask_login import current_user

from blueprints.catalog.blueprint import bp
from library.catalog.shown import series_page
from models import Series
from web import access, flash, htmx, paging
from web.parts import title_rows as rows
from web.parts.rows import names

SIZE = 50  # titles on a page


@bp.get("/series/<row_id:series_id>")
@access.public
def series(series_id: int) -> access.Reply:
    row = access.mine_or_404(Series.select().where(Series.id == series_id))
    numbered = series_page.titles(series_id)
    cut = paging.cut(numbered, SIZE, url_for("catalog.series", series_id=series_id))
    numbers, patron = dict(cut.pop("rows")), current_user.patron
    return htmx.page(
        "catalog/series.html",
        name=row.name,
        shown=names.name(row.name, row.kana),
        kana=row.kana,
        count=len(numbered),
        titles=[{"number": numbers[each.id], "row": each} for each in rows.rows(list(numbers), patron)],
        outcome=flash.take("titles") if patron else {},
        **cut,
    )
