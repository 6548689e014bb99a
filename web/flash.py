"""What was done is told once, on the page that one is led to after a form was sent.

The cookie between the two is signed, not secret: it carries codes and numbers of rows, never words (docs/adr/0063-patron-pages.md).
"""

from flask import session

from library import errors


def keep(page, **facts):
    """Have it told by the page of this name, the next time that it is shown."""
    session["answer"] = {"page": page, **facts}


def take(page) -> dict:
    """What there is to tell on this page; nothing the second time."""
    if session.get("answer", {}).get("page") != page:
        return {}
    return session.pop("answer")


def said(answer, table, **names) -> dict | None:
    """The notice that an answer's ``done`` stands for. ``table``: code → (level, title, text), with blanks for the names."""
    if answer.get("done") not in table:
        return None
    level, title, text = table[answer["done"]]
    return {"level": level, "title": title.format(**names), "text": text.format(**names)}


def codes(reasons) -> list:
    """Of refusals, for ``keep``: the name of each, and what fills the blanks of its sentence."""
    return [[type(reason).__name__, reason.facts] for reason in reasons]


def sentences(kept) -> str:
    """The same in words, as ``str`` of them says it."""
    return "".join(errors.REFUSALS[name](**facts).sentence for name, facts in kept if name in errors.REFUSALS)
