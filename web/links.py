"""Addresses of our own pages: row numbers in them, what is asked of a page, and the way back to one."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, unquote

from flask import current_app, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import IntegerConverter, Map, RequestRedirect, UnicodeConverter

LARGEST_ROW_ID = 2**63 - 1  # of SQLite; a larger number is an error to it and not merely in no row
HARMLESS = re.compile(r"/(?![/\\])[^\x00-\x20\x7f\\]*")  # on this site, whatever a browser makes of it
LONGEST_NEXT = 2000  # characters; it travels in a cookie through the first password


class RowId(IntegerConverter):
    """``<row_id:…>`` in a route: the number of a row; 404 for one that no row can have."""

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=LARGEST_ROW_ID)


class Barcode(UnicodeConverter):
    """``<barcode:…>`` in a route: the number of a copy, which may have a ``/`` in it, or be nothing but full stops."""

    def to_url(self, value: str) -> str:
        return super().to_url(str(value).replace("~", "~0").replace("/", "~1").replace(".", "~2"))

    def to_python(self, value: str) -> str:
        return super().to_python(value).replace("~2", ".").replace("~1", "/").replace("~0", "~")


def with_query(endpoint: str, asked: str, **values: Any) -> str:
    """Return the path of a page with what is asked of it, encoded; without a question mark where nothing is."""
    return url_for(endpoint, **values) + (f"?{asked}" if asked else "")


def page_to_return_to() -> str:
    """Return where to go on after signing in: this page, or for a form the page that it stands on."""
    if request.method == "GET":
        return this_address()
    paths = (request.path, *_parents(request.path))
    return next((page for path in paths if (page := _page_at(path))), "/")


def this_address() -> str:
    """Return the path and query asked for, as they stand in an address: nothing in it can end a header."""
    query = request.query_string.decode("ascii", "ignore")
    return quote(request.path) + (f"?{query}" if query else "")


def here() -> str:
    """Return where a form that may stand on any page leads back to: this page, or the front page where that can't be."""
    if request.method != "GET":
        return safe_next(quote(request.path)) or "/"
    address = this_address()
    return address if request.url_rule and _is_harmless(address) else "/"


def _page_at(path: str) -> str | None:
    """Return the path if a page answers there, with the slash at its end if it has one; None otherwise."""
    try:
        current_app.url_map.bind("").match(path, method="GET")
    except RequestRedirect:
        return path + "/"
    except HTTPException:
        return None
    return path


def _parents(path: str) -> Iterator[str]:
    while "/" in path.strip("/"):
        path = path.rstrip("/").rpartition("/")[0]
        yield path


def safe_next(text: str | None) -> str | None:
    """Return the address of a page on this site, or None: no other host, no scheme, no trick with backslashes or control characters."""
    return text if text and _is_harmless(text) and _page_at(unquote(text.partition("?")[0])) else None


def wanted() -> str | None:
    """Return the page of this site to go on at, as ``next`` in the address or the form names it; None where there is no such one."""
    return safe_next(request.values.get("next"))


def _is_harmless(address: str) -> bool:
    return len(address) <= LONGEST_NEXT and bool(HARMLESS.fullmatch(address))
