"""巻, ほかの版: the titles of the same work, on the page of one of them."""

from typing import Any

from flask import url_for

from blueprints.catalog.searching import address
from library import wording
from library.catalog.query import query as queries
from library.catalog.works import works
from library.discovery import availability
from models import full_name
from web.parts import title_rows as rows

MOST = 150  # that are named: those whose records came together with this one's
SHOWN = 12  # of them without a press


def of_work(row: Any, related: works.Related, standings: dict) -> dict:
    """Return 巻 and ほかの版, each counted and in three lists (before, shown, after), and the address of all of a large work
    or None.
    """
    listed = [[_edition(one, standings[one.id], row) for one in some if one.id in standings] for some in related]
    found = {"volumes": _folded(listed[0]), "editions": _folded(listed[1]), "all_url": None}
    found["is_serial"] = row.work_key.startswith(works.SERIAL)
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
        "url": url_for("catalog.title", title_id=one.id),
        "name": f"{full_name(one.title, one.volume)} {one.subtitle}".strip(),
        "author": one.author if one.author != this.author else "",
        "imprint": [
            part
            for part in (one.publisher, one.series.replace(" ; ", " "), wording.year(one.year, one.year_text))
            if part
        ],
        "state": rows.state(standing),
        "current": one.id == this.id,
    }
