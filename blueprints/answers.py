"""What was done is told once, on the page that one is led to after a form was sent."""

from flask import session


def keep(page, **facts):
    """Have it told by the page of this name, the next time that it is shown."""
    session["answer"] = {"page": page, **facts}


def take(page) -> dict:
    """What there is to tell on this page; nothing the second time."""
    if session.get("answer", {}).get("page") != page:
        return {}
    return session.pop("answer")
