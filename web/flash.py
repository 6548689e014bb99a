"""Messages for the next page: what was done is shown once, on the page that follows a form.

The cookie between the two is signed, not secret: it carries codes and numbers of rows, never words (docs/adr/0063-patron-pages.md).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import redirect, session, url_for
from werkzeug import Response

from library import errors


def keep(page: str, *, refused: Iterable[errors.Refused] = (), **facts: object) -> None:
    """Leave a message for the page of this name; the page shows it once. ``refused``: the reasons, where something was refused."""
    codes = [[type(reason).__name__, reason.facts] for reason in refused]
    session["answer"] = {"page": page, "refused": codes, **facts}


def leave(
    page: str, at: Mapping[str, Any] | None = None, *, refused: Iterable[errors.Refused] = (), **facts: object
) -> Response:
    """Leave a message as ``keep`` does, and go to its page. ``at``: what its address is made of."""
    keep(page, refused=refused, **facts)
    return redirect(url_for(page, **(at or {})), 303)


def take(page: str) -> dict[str, Any]:
    """Return the message left for this page and remove it; {} where there is none. ``why``: the sentences of what was refused."""
    if session.get("answer", {}).get("page") != page:
        return {}
    answer = session.pop("answer")
    known = [(errors.REFUSALS[name], facts) for name, facts in answer.pop("refused", ()) if name in errors.REFUSALS]
    return answer | {"why": "".join(kind(**facts).sentence for kind, facts in known)}
