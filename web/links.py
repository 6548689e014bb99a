"""Addresses of our pages: converters, queries, and the way back to a page."""

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
    """``<row_id:…>`` in a route: a row id; 404 for an impossible one."""

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=LARGEST_ROW_ID)


class Barcode(UnicodeConverter):
    """``<barcode:…>`` in a route: a copy's number, which may contain ``/`` or be nothing but full stops."""

    def to_url(self, value: str) -> str:
        return super().to_url(str(value).replace("~", "~0").replace("/", "~1").replace(".", "~2"))

    def to_python(self, value: str) -> str:
        return super().to_python(value).replace("~2", ".").replace("~1", "/").replace("~0", "~")


def with_query(endpoint: str, asked: str, **values: Any) -> str:
    """Return the path of a page with the encoded query ``asked``, if that is not empty."""
    return url_for(endpoint, **values) + (f"?{asked}" if asked else "")


def page_to_return_to() -> str:
    """Return the page to go on at after signing in: this one, or the page of the form that was sent."""
    if request.method == "GET":
        return this_address()
    paths = (request.path, *_parents(request.path))
    return next((page for path in paths if (page := _page_at(path))), "/")


def this_address() -> str:
    """Return the requested path and query, encoded, so that nothing in it can end a header."""
    query = request.query_string.decode("ascii", "ignore")
    return quote(request.path) + (f"?{query}" if query else "")


def here() -> str:
    """Return the page to which a form of the shell leads back: this page, or the front page if it can't be opened."""
    if request.method != "GET":
        return safe_next(quote(request.path)) or "/"
    address = this_address()
    return address if request.url_rule and _is_harmless(address) else "/"


def _page_at(path: str) -> str | None:
    """Return the path of a page that answers there, with its final slash if it has one; None if there is none."""
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
    """Return the text if it is the address of a page on this site, without host, scheme or tricks; else None."""
    return text if text and _is_harmless(text) and _page_at(unquote(text.partition("?")[0])) else None


def wanted() -> str | None:
    """Return the page of this site named by ``next`` in the address or form; None if there is none."""
    return safe_next(request.values.get("next"))


def _is_harmless(address: str) -> bool:
    return len(address) <= LONGEST_NEXT and bool(HARMLESS.fullmatch(address))
