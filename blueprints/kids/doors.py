"""The first page with its five doors, and the pages behind them on which one chooses: えで, あいうえおで, ほんだなを あるく."""

from flask import url_for

from blueprints.kids import shown
from blueprints.kids.blueprint import bp, lost
from library.discovery import childrens_places, childrens_titles
from web import access, htmx

DRAWN = {  # the picture on the board of each class
    "0": "finding-out", "1": "friends", "2": "adventure", "3": "family", "4": "insects",
    "5": "robots", "6": "dogs-and-cats", "7": "music", "8": "letters", "9": "stories",
}  # fmt: skip


@bp.get("/")
@access.public
def index() -> access.Reply:
    return htmx.page("kids/index.html")


@bp.get("/pictures")
@access.public
def pictures() -> access.Reply:
    """えで さがす: show the pictures that have titles; with ``?with=`` those that narrow what was chosen."""
    titles, chosen = shown.collection(), shown.chosen_pictures()
    if any(titles.motif(slug) is None for slug in chosen):
        return lost()
    rows = titles.with_pictures(titles.pictured(), chosen)
    if chosen:
        offered = [each for each, _ in titles.narrowing(rows, chosen)]
    else:
        counts = titles.counts(rows)
        offered = [each for each in titles.motifs if counts[each.slug] and not each.is_kind]
    return htmx.page(
        "kids/pictures.html",
        tiles=[shown.Tile(each.slug, each.label, shown.pictured([*chosen, each.slug])) for each in offered],
        is_second=bool(chosen),
        back=shown.pictured(chosen) if chosen else url_for(".index"),
    )


@bp.get("/kana")
@access.public
def kana() -> access.Reply:
    """あいうえおで さがす: show the kana with which titles begin, each in its place."""
    found = shown.collection().initials
    return htmx.page(
        "kids/kana.html",
        letters=childrens_titles.KANA,
        found=found,
        others=childrens_titles.NO_KANA if childrens_titles.NO_KANA in found else "",
        back=url_for(".index"),
    )


@bp.get("/classes")
@access.public
def classes() -> access.Reply:
    """ほんだなを あるく: show the shelf of each main class that has titles."""
    titles = shown.collection()
    return htmx.page(
        "kids/classes.html",
        tiles=[
            (digit, words, DRAWN[digit], url_for(".one_class", digit=digit))
            for digit, words in childrens_places.CLASSES.items()
            if len(titles.on_shelf(digit))
        ],
        whole=url_for(".shelf", title_id=titles.ids(first)[0]) if len(first := titles.on_shelf()[:1]) else "",
        back=url_for(".index"),
    )


@bp.get("/<path:anything>")
@access.public
def nothing(anything: str) -> access.Reply:
    """Answer an address that is none, so that no child stands before a page without a way on."""
    return lost()
