"""休館の確認: the page with the dates that a closure moves, before it is carried out."""

from collections.abc import Mapping
from typing import Any

from flask import Response, url_for

from library import dates
from library.lending import closures
from web import htmx

SHOWN = 30  # moved days that are listed


def page(
    moves: closures.Moves, action: str, typed: Mapping[str, Any], *, back: str | None = None, **change: Any
) -> Response:
    """Return the page. ``change``: the ``closure``, ``rule`` or ``week`` to be made; ``typed``: fields to be sent
    again.
    """
    listed = [*moves.due_dates, *moves.deadlines]
    return htmx.page(
        "desk/calendar/moves.html",
        due_dates=len(moves.due_dates),
        deadlines=len(moves.deadlines),
        announced=moves.announced,
        moved=[_moved(each, each in moves.due_dates) for each in listed[:SHOWN]],
        more=max(0, len(listed) - SHOWN),
        action=action,
        fields=list(typed.items()),
        back=back or url_for("desk.calendar.index"),
        **change,
    )


def _moved(each: closures.Moved, is_loan: bool) -> dict[str, Any]:
    return {
        "is_loan": is_loan,
        "card_number": each.row.patron.card_number,
        "before": dates.with_weekday(each.before, year=False),
        "after": dates.with_weekday(each.after, year=False),
    }
