"""Messages for the next page: the outcome of a form is shown once, on the page after it.

The cookie is signed, not secret: it has codes and row ids, never words (docs/adr/0063-patron-pages.md).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import redirect, session, url_for
from werkzeug import Response

from library import errors
from library.language import sentences


def keep(page: str, *, refused: Iterable[errors.Refused] = (), **facts: object) -> None:
    """Store a message for the next page of this name. ``refused``: the reasons, if something was refused."""
    codes = [[type(reason).__name__, reason.facts] for reason in refused]
    session["answer"] = {"page": page, "refused": codes, **facts}


def leave(
    page: str, at: Mapping[str, Any] | None = None, *, refused: Iterable[errors.Refused] = (), **facts: object
) -> Response:
    """Store a message as ``keep``, and return the redirect to its page. ``at``: values of its address."""
    keep(page, refused=refused, **facts)
    return redirect(url_for(page, **(at or {})), 303)


def take(page: str) -> dict[str, Any]:
    """Return and remove the message for this page, with the sentences of refusals as ``why``; {} without one."""
    if session.get("answer", {}).get("page") != page:
        return {}
    answer = session.pop("answer")
    known = [(errors.REFUSALS[name], facts) for name, facts in answer.pop("refused", ()) if name in errors.REFUSALS]
    return answer | {"why": sentences.Joined(kind(**facts).sentence for kind, facts in known)}
