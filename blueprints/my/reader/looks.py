"""文字と紙: how this browser shows e-books, in one cookie: direction, paper, typeface, ruby. It names no book."""

from collections.abc import Mapping
from typing import NamedTuple

from flask import abort, request
from werkzeug.wrappers import Response

from blueprints.my.reader import lent_book, position
from blueprints.my.reader.blueprint import bp
from web import access, cookies, terminals

COOKIE = "reader"
YEAR = 365 * 24 * 3600
CHOICES = {
    "writing": ("book", "vertical", "horizontal"),
    "paper": ("cream", "white", "night"),
    "face": ("mincho", "gothic"),
    "ruby": ("ruby", "plain"),
}  # the first is that of who chose none


class Look(NamedTuple):
    """``writing``: vertical or horizontal."""

    writing: str
    paper: str
    face: str
    ruby: str


def read(*, vertical: bool) -> Look:
    """Return the look for a part that is ``vertical`` in the book."""
    chosen = _chosen()
    if chosen["writing"] == "book":
        chosen["writing"] = "vertical" if vertical else "horizontal"
    return Look(**chosen)


def _chosen() -> dict[str, str]:
    words = (cookies.read(COOKIE) or "").split(".")
    return {name: next((word for word in words if word in known), known[0]) for name, known in CHOICES.items()}


def change(form: Mapping[str, str], answer: Response) -> bool:
    """Have the browser keep what was pressed; tell whether it was one of CHOICES. At a terminal it is kept until it is
    closed.
    """
    pressed = {name: form[name] for name, known in CHOICES.items() if form.get(name) in known}
    if pressed:
        look = ".".join((_chosen() | pressed).values())
        cookies.give(answer, COOKIE, look, max_age=None if terminals.is_one() else YEAR)
    return bool(pressed)


@bp.post("/<row_id:loan_id>/read/look")
@access.patron_required
def look(loan_id: int) -> access.Reply:
    """Have this browser keep what was pressed, and lead back to the place."""
    loan = lent_book.find(loan_id)
    if loan is None:
        return lent_book.not_lent()
    answer = lent_book.lead_to(loan, position.place_in_form(1))
    if not change(request.form, answer):
        abort(422)
    return answer
