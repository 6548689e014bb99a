"""Acts: each POST route is plain, a step or an undo (tests/routes). ``tests.pages`` looks for steps on every page that
a test opens.
"""

from urllib.parse import urlsplit

from werkzeug.exceptions import HTTPException

from tests import routes

MARKS = ("plain", "step", "undo")
NOTHING_TO_TAKE_BACK = ("again", "nothing", "done")


def act_at(app, address: str) -> tuple[str, str]:
    """Return the act to which a form is sent: its endpoint, and the word in the address where that has several."""
    try:
        endpoint, values = app.url_map.bind("").match(urlsplit(address).path, method="POST")
    except HTTPException:  # a form of another site, or one that a test made
        return "", ""
    words = [value for value in values.values() if (endpoint, value) in routes.ACTS]
    return endpoint, words[0] if words else ""


def stray_steps(app, page, method: str, address: str) -> list[str]:
    """Return the acts of a page that can't be taken back and belong on another, which asks first. A refused one is
    shown again where it is.
    """
    here, found = _asking(_endpoint(app, address, method)), []
    for sent_to in _sent_to(page, address):
        act = act_at(app, sent_to)
        mark, pages = routes.ACTS.get(act, ("", ()))
        if mark == "step" and not here & {*pages, act[0], "desk.again.index"}:
            found.append(f"{sent_to} stands on {address}, which does not ask first")
    return found


def _asking(endpoint: str) -> set[str]:
    """Return an endpoint, with the pages that it shows again when what was sent to it is refused or looked at."""
    shown = [pages for (act, _), (mark, pages) in routes.ACTS.items() if act == endpoint and mark == "step"]
    return {endpoint}.union(*shown)


def _sent_to(page, address: str) -> list[str]:
    forms = [form for form in page.iter("form") if form.get("method", "").lower() == "post"]
    buttons = [button for button in page.iter("button") if button.get("formmethod") != "get"]
    return [form.get("action") or address for form in forms] + [
        each.get("formaction") for each in buttons if each.get("formaction")
    ]


def _endpoint(app, address: str, method: str) -> str:
    try:
        return app.url_map.bind("").match(urlsplit(address).path, method=method)[0]
    except HTTPException:  # an address that is not there
        return ""
