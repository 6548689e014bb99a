"""開館カレンダー: a month of a branch, and its closed days as a calendar to subscribe to."""

import calendar
import re
from datetime import date

from flask import Blueprint, Response, abort, request, url_for

from library import branches, clock, dates
from library.calendar import hours, icalendar, opening
from models import Branch
from web import access, htmx
from web.parts import language

bp = Blueprint("opening_days", __name__)
MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])\Z")
MONTHS_AROUND = 12  # that can be looked at, before and after this one
_weeks = calendar.Calendar(firstweekday=6).monthdatescalendar  # Sunday first, as on a wall


@bp.get("", defaults={"code": None})
@bp.get("/<code>")
@access.public
def month(code: str | None) -> access.Reply:
    listed = branches.in_order()
    branch = next((row for row in listed if code in (None, row.code)), None)
    if branch is None:
        abort(404)
    today, first = clock.today(), _month()
    days = opening.calendar_of(branch)
    weeks = [[_day(day, first, today, days) for day in week] for week in _weeks(first.year, first.month)]
    return htmx.page(
        "opening_days/month.html",
        branch=branch.name,
        hours=hours.in_general(branch),
        branches=[_branch(row, row.id == branch.id, first, today) for row in listed],
        first=first,
        weeks=weeks,
        holidays=[day for week in weeks for day in week if day and day["holiday"]],
        previous_url=_url(branch.code, first, -1, today),
        next_url=_url(branch.code, first, 1, today),
        feed_url=url_for("opening_days.feed", code=branch.code, lang=language.asked()),
    )


def _month() -> date:
    """Return the first day of the month that was asked for; of this month for one that is none or too far."""
    this, found = clock.today().replace(day=1), MONTH.match(request.args.get("month", ""))
    if not found:
        return this
    wanted = date(int(found[1]) or 1, int(found[2]), 1)
    return wanted if abs(_distance(this, wanted)) <= MONTHS_AROUND else this


def _distance(one: date, other: date) -> int:
    return (other.year - one.year) * 12 + other.month - one.month


def _url(code: str, first: date, by: int, today: date) -> str | None:
    wanted = dates.first_of_month(first, by)
    if abs(_distance(today.replace(day=1), wanted)) > MONTHS_AROUND:
        return None
    return _address(code, wanted, today)


def _address(code: str, first: date, today: date) -> str:
    month = None if first == today.replace(day=1) else f"{first:%Y-%m}"
    return url_for("opening_days.month", code=code, month=month)


def _branch(row: Branch, is_shown: bool, first: date, today: date) -> dict:
    return {"name": row.name, "url": _address(row.code, first, today), "current": is_shown}


def _day(day: date, first: date, today: date, days: opening.Calendar) -> dict | None:
    """Return a cell of the month; None outside of the month."""
    if day.month != first.month:
        return None
    return {
        "number": day.day,
        "iso": day.isoformat(),
        "day": day,
        "closed": not days.is_open(day),
        "weekend": opening.weekend(day),
        "holiday": opening.holiday(day),
        "today": day == today,
    }


@bp.get("/<code>.ics")
@access.public
def feed(code: str) -> access.Reply:
    """Send the 休館日 for the calendar of a phone (RFC 5545)."""
    branch = next((row for row in branches.in_order() if row.code == code), None)
    if branch is None:
        abort(404)
    text = icalendar.for_branch(
        branch, language.plain(language.own(branch.name)), language.current(), today=clock.today(), now=clock.now()
    )
    return Response(text, mimetype="text/calendar", headers={"Cache-Control": "public, max-age=3600"})
