"""アクセス: where the branches are, when they are open, and how to reach them."""

from urllib.parse import quote

from flask import Blueprint, abort, url_for

from library import branches, clock
from library.calendar import hours, open_now, opening
from library.site import guidance
from models import Branch
from web import access, htmx
from web.parts import stored_policy, structured

bp = Blueprint("places", __name__)
MAP = "https://www.openstreetmap.org/search?query="


@bp.get("")
@access.public
def index() -> access.Reply:
    listed, rules = branches.in_order(), stored_policy.read()
    calendars = opening.calendars(listed, rules)
    places = [_opening(row, calendars[row.id]) for row in listed]
    return htmx.page(
        "places/index.html",
        places=places,
        closed_today=[place["name"] for place in places if place["now"].kind == "shut"],
        now=clock.now(),
        holidays_shift=rules.get("holidays_shift"),
    )


@bp.get("/<code>")
@access.public
def branch(code: str) -> access.Reply:
    listed, rules = branches.in_order(), stored_policy.read()
    row = next((row for row in listed if row.code == code), None)
    if row is None:
        abort(404)
    return htmx.page(
        "places/branch.html",
        place=_place(row, guidance.closed_days([row]), opening.calendar_of(row, rules)),
        today=clock.today(),
        holidays_shift=rules.get("holidays_shift"),
        structured=structured.library(row),
        others=[{"name": other.name, "url": url_for("places.branch", code=other.code)} for other in listed],
    )


def _opening(row: Branch, days: opening.Calendar) -> dict:
    return {
        "now": open_now.state(row, days, now=clock.now()),
        "week": open_now.week(row, days, today=clock.today()),
        "name": row.name,
        "phone": row.phone,
        "dialled": "".join(letter for letter in row.phone if letter in "+0123456789"),
        "url": url_for("places.branch", code=row.code),
    }


def _place(row: Branch, closed: dict, days: opening.Calendar) -> dict:
    return _opening(row, days) | {
        "kana": row.name_kana,
        "postal_code": row.postal_code,
        "address": row.address,
        "hours": hours.in_general(row),
        "closed": closed[row.id],
        "pickup": row.pickup,
        "calendar_url": url_for("opening_days.month", code=row.code),
        "map_url": row.map_url or (MAP + quote(row.address) if row.address else ""),
        "map_is_own": bool(row.map_url),
    }
