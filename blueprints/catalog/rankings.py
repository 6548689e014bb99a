"""貸出ベスト30, 予約ベスト30: the lists made by the job, each title with its action."""

from typing import Any

from flask import request, url_for
from flask_login import current_user

from blueprints.catalog.blueprint import bp
from blueprints.catalog.searching import Choice
from library import clock
from library.discovery import rankings
from web import access, htmx
from web.parts import stored_policy, title_rows as rows

SPANS = ("month", "half", "year")
AUDIENCES = ("", "adult", "child")
USUAL = {"span": "half", "audience": ""}


@bp.get("/rankings/<any(loans, holds):name>")
@access.public
def ranking(name: str) -> access.Reply:
    asked, rules = {"span": _one_of(SPANS, "span"), "audience": _one_of(AUDIENCES, "audience")}, stored_policy.read()
    places = rankings.places(name, **asked)
    return htmx.page(
        "catalog/ranking.html",
        name=name,
        least=rankings.LEAST,
        window=rankings.window(name, asked["span"], today=clock.today()),
        spans=[_choice(name, asked, "span", one) for one in SPANS],
        audiences=[_choice(name, asked, "audience", one) for one in AUDIENCES],
        rows=rows.with_actions([place.title for place in places], current_user.patron, rules),
        places={place.title: place for place in places},
        moved=any(place.move for place in places),
    )


def _one_of(known: tuple[str, ...], name: str) -> str:
    chosen = request.args.get(name, "")
    return chosen if chosen in known else USUAL[name]


def _choice(name: str, asked: dict, what: str, code: str) -> Choice:
    wanted = asked | {what: code}
    unusual: dict[str, Any] = {key: value for key, value in wanted.items() if value != USUAL[key]}
    return Choice(code, url_for("catalog.ranking", name=name, **unusual), chosen=wanted == asked)
