"""One template for the page and for the part that htmx swaps."""

from urllib.parse import urlsplit

from flask import Response, current_app, g, render_template, request
from flask_login import current_user

from web import links
from web.parts import form_filling


def asks_for_part() -> bool:
    sent = request.environ  # and not ``request.headers``, where an exception is raised and caught for what is missing
    return "HTTP_HX_REQUEST" in sent and "HTTP_HX_HISTORY_RESTORE_REQUEST" not in sent


def layout(plain: bool = False) -> str:
    """Return the base template of a page; ``plain``: without asking who is signed in."""
    if asks_for_part():
        return "_fragment.html"
    return "desk/base.html" if "desk" in request.blueprints and not plain and current_user.staff else "base.html"


def page(template: str, status: int = 200, address: str | None = None, /, **context: object) -> Response:
    """Return the page, or its main part for htmx, which then shows ``address`` (by default this one).

    The three parameters are positional only, so that a variable of the template may have any name.
    """
    text = render_template(template, **context)
    if parked := g.get("parked_form"):
        text = form_filling.filled(text, parked.address, parked.entered)
    response = current_app.response_class(text, status)
    response.headers["Vary"] = "HX-Request"
    if asks_for_part():
        address = address or (links.this_address() if request.method == "GET" else None)
        if address and address != _shown_address():
            response.headers["HX-Push-Url"] = address
    return response


def _shown_address() -> str:
    try:
        shown = urlsplit(request.headers.get("HX-Current-URL", ""))
    except ValueError:
        return ""
    return shown.path + (f"?{shown.query}" if shown.query else "")
