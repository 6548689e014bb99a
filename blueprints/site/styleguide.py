"""The parts of pages in every state, for those who change them: served where DEVELOPMENT is set, as make run does.

What they are drawn with stands in the templates, beside each part; here is what a template can't make.
"""

from collections.abc import Sequence
from datetime import date

from flask import Blueprint, abort, current_app

from library import clock
from library.catalog import spine
from web import access, htmx, paging
from web.forms import FieldView
from web.parts import actions, title_rows

bp = Blueprint("styleguide", __name__)
LONG = "寿限無寿限無五劫の擦り切れ海砂利水魚の水行末雲来末風来末"
BOOKS = (  # title, author, NDC number
    ("こころ", "夏目漱石", "913.6"), ("図書館の歴史", "", "010.2"), ("哲学入門", "三木清", "100"), ("瀬戸内の島々", "", "291.7"),
    ("まちづくりと条例", "", "318"), ("星の観察", "", "440"), ("家庭料理", "", "596"), ("茶の湯", "岡倉覚三", "791"), ("版画", "", "733"),
    ("言葉の辞典", "", "813"), (LONG, "", "913.7"), ("Donaudampfschifffahrt", "", "683"),
)  # fmt: skip


@bp.before_request
def only_in_development() -> None:
    if not current_app.config["DEVELOPMENT"]:
        abort(404)


@bp.get("/styleguide")
@access.public
def index() -> access.Reply:
    return htmx.page(
        "styleguide/index.html",
        face=FieldView,
        row=_row,
        state=title_rows.State,
        action=_action,
        spine=spine.make,
        date=date,
        moment=clock.at(date(2026, 11, 25), 10, 42),
        long=LONG,
        books=BOOKS,
        **paging.links(5, 12, lambda _: "#narrowing"),
    )


@bp.get("/styleguide/desk")
@access.public
def desk() -> access.Reply:
    return htmx.page("styleguide/desk.html", long=LONG)


def _row(number: int, state: title_rows.State) -> title_rows.Row:
    title, author, ndc = BOOKS[number % len(BOOKS)] if number else (LONG, "作者不詳", "913")
    return title_rows.Row(
        number, "#titles", f"{title} 上", "副書名", author, "岩波書店 2014年", ndc, spine.cover_classes(title, ndc),
        title[: title_rows.COVER], state, ("本館", "龍田"), 0, True, date(2026, 11, 25),
    )  # fmt: skip


def _action(number: int, kind: str, words: str = "", reasons: Sequence[str] = ()) -> actions.Action:
    return actions.Action(number, "こころ", kind, words, tuple(reasons), subject=number)
