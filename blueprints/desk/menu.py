"""The menu of the desk: what this member of staff may open, where they are, and the work that waits there."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from flask import current_app, request, url_for
from flask_login import current_user

from library.counting import waiting


class Row(NamedTuple):
    """A row of the menu. ``pages``: those behind it; ``works``: the kinds of work whose number stands beside it."""

    endpoint: str
    words: str
    icon: str
    pages: tuple[str, ...] = ()
    works: tuple[str, ...] = ()


def may_open(endpoint: str) -> bool:
    """Tell whether this member of staff may open a page, as the mark of its view says."""
    return getattr(current_app.view_functions[endpoint], "access", "") == "desk" or current_user.staff.role == "admin"


def show(keys: Sequence[Row], groups: Mapping[str, Sequence[Row]], waits: Mapping[str, waiting.Work]) -> dict:
    """Return the ``keys`` and ``groups`` that may be opened, with numbers; the group of this page is open."""
    every = {name: [_entry(row, waits) for row in rows if may_open(row.endpoint)] for name, rows in groups.items()}
    top = [_entry(row, waits) | {"key": number or ""} for number, row in enumerate(keys)]
    _mark([*top, *(entry for entries in every.values() for entry in entries)])
    return {
        "keys": top,
        "groups": [
            {
                "label": name,
                "entries": entries,
                "open": any(entry["here"] for entry in entries),
                "count": sum(entry["count"] for entry in entries),
            }
            for name, entries in every.items()
            if entries
        ],
    }


def _entry(row: Row, waits: Mapping[str, waiting.Work]) -> dict[str, Any]:
    return {
        "label": row.words,
        "icon": row.icon,
        "url": url_for(row.endpoint),
        "behind": [url_for(page) for page in row.pages],
        "count": sum(waits[kind].number for kind in row.works if kind in waits),
        "here": False,
    }


def _mark(entries: list[dict[str, Any]]) -> None:
    """Mark the entry whose page, or one behind it, is this page or the nearest above it."""
    under = [(len(url), entry) for entry in entries for url in (entry["url"], *entry["behind"]) if _is_under(url)]
    if under:
        max(under, key=lambda each: each[0])[1]["here"] = True


def _is_under(url: str) -> bool:
    return f"{request.path}/".startswith(f"{url}/")
