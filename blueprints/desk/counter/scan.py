"""探す: a number, typed or read outside of any field, opens its patron, copy or title; words list those found."""

from typing import Any

from flask import Blueprint, redirect, url_for
from werkzeug.datastructures import MultiDict

from library.catalog import isbn
from library.catalog.query import query as queries
from library.catalog.shown import results as searches
from library.lending import items
from library.numbers import cards
from library.patrons import finding, lookups as patron_lookups
from models import Item, Patron, Title
from web import access, htmx
from web.desk import counter, lookups, visits

bp = Blueprint("scan", __name__)
SEARCH = "found"  # the page that is asked for by a token
TITLES, PEOPLE = 10, 20  # rows of each that are shown


@bp.get("")
@access.staff_required
def index() -> access.Reply:
    """Show who and what was found, by the token of a search: no name stands in the address."""
    words = lookups.asked(SEARCH)
    if not words:
        return htmx.page("desk/scan/index.html", is_over=lookups.is_over(words))
    people, titles = finding.find(words), _titles(words)
    names = {row.id: row for row in Title.select().where(Title.id.in_(titles.ids))}
    return htmx.page(
        "desk/scan/index.html",
        words=words,
        people=[_patron(row) for row in people.patrons[:PEOPLE]],
        more_people=people.more or len(people.patrons) > PEOPLE,
        titles=[_title(names[each]) for each in titles.ids if each in names],
        more_titles=max(0, titles.total - TITLES),
    )


def _titles(words: str) -> searches.Results:
    return searches.find(queries.parse(MultiDict({"q": words})), size=TITLES, with_removed=True)


def _patron(row: Patron) -> dict[str, Any]:
    url = url_for("desk.patrons.show", patron_id=row.id)
    return {"name": row.name, "kana": row.name_kana, "number": row.card_number, "url": url}


def _title(row: Title) -> dict[str, Any]:
    imprint = " ".join(part for part in (row.author, row.publisher, row.year_text) if part)
    return {"name": row.full_name, "imprint": imprint, "url": url_for("desk.titles.show", title_id=row.id)}


@bp.post("")
@access.staff_required
def look_up() -> access.Reply:
    """Open the one patron or copy that has this number, or the titles with this ISBN; list them where several have it,
    and what the words find where none has.
    """
    typed = counter.scanned("number")
    if not typed:
        return redirect(url_for("desk.scan.index"), 303)
    copies, people = items.meant(typed), cards.meant(typed, at_desk=True)
    if not copies and not people:
        return _search(typed)
    found = [url_for("desk.items.show", barcode=copy.barcode) for copy in copies]
    found += [url_for("desk.patrons.show", patron_id=row.id) for row in people]
    return redirect(found[0], 303) if len(found) == 1 else _several(typed, copies, people, found)


def _search(typed: str) -> access.Reply:
    """Lead to what the words find; a number that finds nobody is unknown."""
    if isbn.refusal(typed):
        return redirect(url_for("desk.titles.index", q=typed), 303)
    people, is_card = finding.find(typed).patrons, cards.looks_like_card(typed)
    is_number = not any(map(str.isalpha, typed[1:-1]))  # a scanner sends a letter before and after it
    if is_card or (is_number and not people and not _titles(typed).total):
        unknown = visits.unknown_card(typed) | {"is_card": is_card}
        return htmx.page("desk/scan/index.html", 422, number=typed, unknown=unknown, page_has_errors=True)
    patron_lookups.note_search(finding.kind_of(typed), len(people), **counter.acting())
    return redirect(url_for("desk.scan.index", s=lookups.keep(SEARCH, typed)), 303)


def _several(typed: str, copies: list[Item], people: list[Patron], addresses: list[str]) -> access.Reply:
    for person in people:
        patron_lookups.note_view(person, **counter.acting())
    names = [copy.title.full_name for copy in copies] + [f"{row.name} さん" for row in people]
    found = list(zip(names, addresses, strict=True))
    return htmx.page("desk/scan/index.html", 422, number=typed, found=found, page_has_errors=True)
