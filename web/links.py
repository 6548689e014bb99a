"""Addresses of our own pages. To build one takes as long as a query, and few ever differ."""

from functools import lru_cache
from typing import Any

import flask
from flask import request
from werkzeug.routing import IntegerConverter, Map

LARGEST_ROW_ID = 2**63 - 1  # of SQLite; a larger number is an error to it and not merely in no row
LONGEST_KEPT = 20  # letters; a token is longer, and must not stay in memory
ANY_NUMBER = 1_234_567_890


class RowId(IntegerConverter):
    """``<row_id:…>`` in a route: the number of a row; 404 for one that no row can have."""

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=LARGEST_ROW_ID)


def url_for(endpoint: str, **values: Any) -> str:
    """Return the path of a page on this site, as Flask's ``url_for`` does."""
    if not values and not endpoint.startswith("."):
        return _built(request.script_root, endpoint, ())
    if len(values) == 1:
        ((name, value),) = values.items()
        if type(value) is int and not endpoint.startswith("."):
            before, after = _around(request.script_root, endpoint, name)
            return f"{before}{value}{after}"
    if endpoint.startswith(".") or any(len(str(value)) > LONGEST_KEPT for value in values.values()):
        return flask.url_for(endpoint, **values)
    return _built(request.script_root, endpoint, tuple(values.items()))


def with_query(endpoint: str, asked: str) -> str:
    """Return the path of a page with what is asked of it, encoded; without a question mark where nothing is."""
    return url_for(endpoint) + (f"?{asked}" if asked else "")


@lru_cache(maxsize=500)
def _built(_mounted_at: str, endpoint: str, values: tuple) -> str:
    return flask.url_for(endpoint, **dict(values))


@lru_cache(maxsize=500)
def _around(_mounted_at: str, endpoint: str, name: str) -> tuple[str, str]:
    """Return what stands before and after the number in addresses that differ in nothing else: of titles there are many."""
    values: dict[str, Any] = {name: ANY_NUMBER}
    before, _, after = flask.url_for(endpoint, **values).partition(str(ANY_NUMBER))
    return before, after
