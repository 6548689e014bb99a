"""One template for the page and for the part that htmx swaps."""

from urllib.parse import urlsplit

from flask import make_response, render_template, request


def asks_for_part() -> bool:
    return "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers


def layout() -> str:
    return "_fragment.html" if asks_for_part() else "base.html"


def page(template, status=200, address=None, **context):
    """Answer with a page: whole, or its main part for htmx, which then shows ``address`` (by default this one)."""
    response = make_response(render_template(template, **context), status)
    response.vary.add("HX-Request")
    if asks_for_part():
        address = address or (request.full_path.rstrip("?") if request.method == "GET" else None)
        if address and address != _shown_address():
            response.headers["HX-Push-Url"] = address
    return response


def _shown_address():
    shown = urlsplit(request.headers.get("HX-Current-URL", ""))
    return shown.path + (f"?{shown.query}" if shown.query else "")
