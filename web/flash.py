"""Messages for the next page: what was done is shown once, on the page that follows a form.

The cookie between the two is signed, not secret: it carries codes and numbers of rows, never words (docs/adr/0063-patron-pages.md).
"""

from collections.abc import Iterable
from typing import Any

from flask import session

from library import errors


def keep(page: str, **facts: object) -> None:
    """Leave a message for the page of this name; the page shows it once."""
    session["answer"] = {"page": page, **facts}


def take(page: str) -> dict[str, Any]:
    """Return the message left for this page and remove it; {} where there is none."""
    if session.get("answer", {}).get("page") != page:
        return {}
    return session.pop("answer")


def messages(answer: dict[str, Any], table: dict[str, tuple[str, str, str]], **names: object) -> dict[str, str] | None:
    """Return the notice for an answer's ``done``, or None. ``table``: code → (level, title, text), with blanks for the names."""
    if answer.get("done") not in table:
        return None
    level, title, text = table[answer["done"]]
    return {"level": level, "title": title.format(**names), "text": text.format(**names)}


def codes(reasons: Iterable[errors.Refused]) -> list[list[Any]]:
    """Return refusals in a form that ``keep`` can store: the name of each, and what fills the blanks of its sentence."""
    return [[type(reason).__name__, reason.facts] for reason in reasons]


def sentences(codes: Iterable[list[Any]]) -> str:
    """Return the sentences of refusals that ``codes`` made storable."""
    return "".join(errors.REFUSALS[name](**facts).sentence for name, facts in codes if name in errors.REFUSALS)
