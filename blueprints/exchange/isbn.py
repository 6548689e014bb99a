"""A book by its ISBN, for links and programs of other sites: a page without script or cookie, and the same as JSON."""

from collections.abc import Iterable
from dataclasses import asdict

from flask import Blueprint, current_app, make_response, render_template, request, url_for

from library import clock
from library.catalog import isbn as isbns
from library.discovery.exchange import by_isbn
from web import access

bp = Blueprint("isbn", __name__)
MOST = 20  # numbers of one question


@bp.get("/isbn/<isbn>")
@access.public
def page(isbn: str) -> access.Reply:
    """Return the page of a number in any spelling: all titles that have it, and where they are. 404 for one that nobody
    has.
    """
    number = isbns.normalise(isbn)
    found = _found([number])[number] if number else []
    shown = [vars(one) | {"name": one.full_name, "url": _address(one)} for one in found]
    heading = shown[0]["name"] if len(shown) == 1 else f"ISBN {number}" if number else ""
    body = render_template("exchange/isbn.html", heading=heading, number=number, titles=shown, now=clock.now())
    return make_response(body, 200 if found else 404)


@bp.get("/isbn/<isbn>.json")
@access.public
def state(isbn: str) -> access.Reply:
    number = isbns.normalise(isbn)
    answer = _answer([number] if number else [])
    return answer, 200 if answer["found"] else 404


@bp.get("/isbn.json")
@access.public
def states() -> access.Reply:
    """Answer for up to twenty numbers (``isbn=`` repeated, or separated by commas); each title has its number."""
    given = [text for value in request.args.getlist("isbn") for text in value.split(",") if text.strip()]
    if not 0 < len(given) <= MOST:
        return {"error": f"isbn: 1 to {MOST}"}, 400
    return _answer(dict.fromkeys(filter(None, map(isbns.normalise, given))))


def _found(numbers: Iterable[str]) -> dict:
    return by_isbn.find(numbers, today=clock.today())


def _answer(numbers: Iterable[str]) -> dict:
    found = _found(numbers)
    titles = [
        asdict(one) | {"isbn": number, "url": _address(one)} for number, several in found.items() for one in several
    ]
    checked = clock.local(clock.now()).isoformat(timespec="seconds")
    return {"found": bool(titles), "checked_at": checked, "titles": titles}


def _address(one: by_isbn.Found) -> str:
    return current_app.config["PUBLIC_URL"] + url_for("catalog.title", title_id=one.id)
