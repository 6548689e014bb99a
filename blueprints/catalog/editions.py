"""巻, ほかの版: the titles of the same work, on the page of one of them."""

from datetime import date
from typing import Any

from flask import url_for

from blueprints.catalog.searching import address
from library import wording
from library.catalog.query import query as queries
from library.catalog.works import works
from library.discovery import availability
from models import full_name
from web.parts import actions, title_rows as rows

MOST = 150  # that are named: those whose records came together with this one's
SHOWN = 12  # of them without a press


def of_work(row: Any, related: works.Related, standings: dict, acts: dict[int, actions.Action] | None = None) -> dict:
    """Return 巻 and ほかの版, each counted and in three lists (before, shown, after), and the address of all of a large work
    or None. ``acts``: the actions of the issues of a serial, by title.
    """
    listed = [[_edition(one, standings[one.id], row) for one in some if one.id in standings] for some in related]
    for one in listed[0]:
        one["action"] = (acts or {}).get(one["id"])
    found = {"volumes": _folded(listed[0]), "editions": _folded(listed[1]), "all_url": None}
    found["is_serial"] = row.work_key.startswith(works.SERIAL)
    found["pickup"] = None
    if sum(map(len, listed)) >= MOST:
        name = queries.Row(works.split_volume(row)[0], "title", "starts")
        found["all_url"] = address(queries.Query(rows=(name,)))
    return found


def _folded(listed: list[dict]) -> dict:
    here = next((place for place, each in enumerate(listed) if each["current"]), 0)
    first = max(0, min(here - SHOWN // 2, len(listed) - SHOWN))
    shown, after = listed[first : first + SHOWN], listed[first + SHOWN :]
    return {"count": len(listed), "before": listed[:first], "shown": shown, "after": after}


def _edition(one: Any, standing: availability.Availability, this: Any) -> dict:
    """Return an edition; its makers are named where they are others."""
    return {
        "id": one.id,
        "url": url_for("catalog.title", title_id=one.id),
        "name": f"{full_name(one.title, one.volume)} {one.subtitle}".strip(),
        "author": one.author if one.author != this.author else "",
        "imprint": [
            part
            for part in (one.publisher, one.series.replace(" ; ", " "), wording.year(one.year, one.year_text))
            if part
        ],
        "volume": one.volume,
        "state": rows.state(standing),
        "places": rows.places(standing),
        "kept_since": came_on(standing) if is_kept(standing) else None,
        "current": one.id == this.id,
    }


def is_kept(standing: availability.Availability) -> bool:
    """Tell whether there are but copies of the newest issue (最新号), which are not lent yet."""
    return standing.kind in ("here", "held") and any(copy.is_newest for copy in standing.copies)


def came_on(standing: availability.Availability) -> date | None:
    """Return the day on which the first copy of a newest issue came; None if there is none."""
    return min((copy.came_on for copy in standing.copies if copy.is_newest and copy.came_on), default=None)
