"""読み取った番号: a number read outside of any field opens its patron, copy or title."""

from flask import Blueprint, redirect, url_for

from library.catalog import isbn
from library.lending import items
from library.numbers import cards
from library.patrons import lookups as patron_lookups
from web import access, htmx
from web.desk import counter, visits

bp = Blueprint("scan", __name__)


@bp.get("")
@access.staff_required
def index() -> access.Reply:
    return htmx.page("desk/scan/index.html")


@bp.post("")
@access.staff_required
def look_up() -> access.Reply:
    """Open the one patron or copy that has this number, or the titles with this ISBN; list them where
    several have it.
    """
    number = counter.scanned("number")
    if not number:
        return redirect(url_for("desk.scan.index"), 303)
    copies, people = items.meant(number), cards.meant(number, at_desk=True)
    found = [url_for("desk.items.show", barcode=copy.barcode) for copy in copies]
    found += [url_for("desk.patrons.show", patron_id=row.id) for row in people]
    if not found and isbn.refusal(number):
        return redirect(url_for("desk.titles.index", q=number), 303)
    if len(found) == 1:
        return redirect(found[0], 303)
    for person in people:
        patron_lookups.note_view(person, **counter.acting())
    names = [copy.title.full_name for copy in copies] + [f"{row.name} さん" for row in people]
    unknown = None if found else visits.unknown_card(number) | {"is_card": cards.looks_like_card(number)}
    found = list(zip(names, found, strict=True))
    return htmx.page("desk/scan/index.html", 422, number=number, found=found, unknown=unknown, page_has_errors=True)
