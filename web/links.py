"""Addresses of our own pages: row numbers in them, and what is asked of a page."""

from flask import url_for
from werkzeug.routing import IntegerConverter, Map

LARGEST_ROW_ID = 2**63 - 1  # of SQLite; a larger number is an error to it and not merely in no row


class RowId(IntegerConverter):
    """``<row_id:…>`` in a route: the number of a row; 404 for one that no row can have."""

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=LARGEST_ROW_ID)


def with_query(endpoint: str, asked: str) -> str:
    """Return the path of a page with what is asked of it, encoded; without a question mark where nothing is."""
    return url_for(endpoint) + (f"?{asked}" if asked else "")
