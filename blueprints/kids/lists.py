"""Lists of covers, twelve a page: by pictures, by a word, by a kana, にんきの ほん, あたらしい ほん.

More than MANY titles, or none, make a page that helps: pictures that narrow, or pictures to begin with.
"""

from collections.abc import Callable

import numpy as np
from flask import redirect, request, url_for

from blueprints.kids import shown
from blueprints.kids.blueprint import bp, lost
from library import clock, invisible
from library.catalog.query import query as queries
from library.discovery import childrens_titles
from library.discovery.childrens_titles import MANY, SIZE, Collection
from web import access, htmx, paging

SMALL_TILES = 8  # もうひとつ えらぶ
Address = Callable[[list[str]], str]  # of the same list with these pictures


@bp.get("/pictures/<slug>")
@access.public
def picture(slug: str) -> access.Reply:
    """Show the titles that have a picture, and those that ``?with=`` adds to it."""
    titles, chosen = shown.collection(), list(dict.fromkeys([slug, *shown.chosen_pictures()]))
    found = [titles.motif(each) for each in chosen]
    if None in found:
        return lost()
    heading = "と ".join(each.label for each in found if each) + "の ほん"
    rows = titles.with_pictures(titles.pictured(), chosen)
    return _page(titles, rows, heading, shown.pictured, chosen=chosen, back=url_for(".pictures"))


@bp.get("/search")
@access.public
def search() -> access.Reply:
    """なんの 本を さがす？: show the titles that a word finds, typed as it is spoken."""
    text = invisible.without_directions(request.args.get("q", "").replace("\0", "")).strip()[: queries.LONGEST]
    if not text:
        return redirect(url_for(".index"), 303)
    titles = shown.collection()
    rows, instead = titles.searched(text)
    return _page(titles, rows, f"「{instead or text}」の ほん", _same("search", q=text), typed=text)


@bp.get("/kana/<letter>")
@access.public
def letter(letter: str) -> access.Reply:
    """Show the titles that begin with a kana."""
    if letter not in childrens_titles.LETTERS and letter != childrens_titles.NO_KANA:
        return lost()
    titles = shown.collection()
    heading = f"「{letter}」から はじまる ほん" if letter != childrens_titles.NO_KANA else "ほかの ほん"
    rows = titles.beginning(letter)
    return _page(titles, rows, heading, _same("letter", letter=letter), back=url_for(".kana"))


@bp.get("/popular")
@access.public
def popular() -> access.Reply:
    titles = shown.collection()
    return _page(titles, titles.popular(), "にんきの ほん", _same("popular"))


@bp.get("/new")
@access.public
def new() -> access.Reply:
    titles = shown.collection()
    return _page(titles, titles.new(today=clock.today()), "あたらしい ほん", _same("new"))


def _same(view: str, **values: str) -> Address:
    return lambda chosen: url_for(f".{view}", **values, **shown.with_pictures(chosen))


def _page(
    titles: Collection,
    rows: np.ndarray,
    heading: str,
    address: Address,
    *,
    chosen: list[str] | None = None,
    typed: str = "",
    back: str = "",
) -> access.Reply:
    """Return the page of a list. ``chosen``: the pictures that made it; without, those of ``?with=`` narrow it."""
    if chosen is None:
        chosen = shown.chosen_pictures()
        rows = titles.with_pictures(rows, chosen)
    offered = titles.narrowing(rows, chosen)
    is_pictured, is_many = not typed and bool(chosen), len(rows) > MANY and bool(offered)
    page, _ = paging.asked_for(len(rows), SIZE)
    listed = [] if is_many else titles.ids(rows[(page - 1) * SIZE : page * SIZE])
    left = len(rows) - page * SIZE
    tiles = [shown.Tile(each.slug, each.label, address([*chosen, each.slug])) for each, _ in offered]
    with_second = is_many or (is_pictured and len(chosen) == 1)
    return htmx.page(
        "kids/list.html",
        heading=heading,
        typed=typed,
        total=len(rows),
        unit="さつ" if titles.are_books(rows) else "てん",
        state="none" if not len(rows) else "many" if is_many else "some",
        chips=shown.chips(titles, chosen, address),
        tiles=(tiles if is_many else tiles[:SMALL_TILES]) if with_second else [],
        more=url_for(".pictures", **shown.with_pictures(chosen))
        if is_pictured and not is_many and len(tiles) > SMALL_TILES
        else "",
        first=shown.first_tiles(titles) if not len(rows) else [],
        books=shown.covers(listed, here=_numbered(address(chosen), page)),
        next=(_numbered(address(chosen), page + 1), min(left, SIZE)) if left > 0 and not is_many else None,
        back=_numbered(address(chosen), page - 1) if page > 1 else back or url_for(".index"),
    )


def _numbered(address: str, page: int) -> str:
    """Return the address of a page of a list."""
    return address if page == 1 else f"{address}{'&' if '?' in address else '?'}page={page}"
