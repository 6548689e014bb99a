"""Parts of the pages for children: pictures to press, covers, spines."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from flask import request, url_for
from markupsafe import Markup, escape

from library.catalog import named, spine
from library.catalog.folding import romaji
from library.discovery import availability, childrens_titles
from library.discovery.childrens_titles import Collection, Facts
from library.language import readings
from models import full_name
from web.parts import stored_policy, title_rows

FIRST_TILES = 6  # on a page that helps
BETWEEN_CREATORS = "; "  # in a reading


class Tile(NamedTuple):
    """A picture that can be pressed."""

    slug: str
    label: str
    url: str


class Book(NamedTuple):
    """A title as children see it. ``with_ruby``: as it is printed, with ruby; ``kana``: the reading in hiragana, where
    it can't be divided; ``state``: in, out, or none for what can't be had now.
    """

    id: int
    url: str
    name: str
    with_ruby: Markup
    kana: str
    author: str
    title: str
    printed_author: str
    ndc: str
    picture: str
    state: str


def collection() -> Collection:
    """Return the titles for children, with the pictures that the library offers."""
    return childrens_titles.current(stored_policy.read().get("motifs"))


def chosen_pictures() -> list[str]:
    """Return the pictures in ``?with=``, each once."""
    return list(dict.fromkeys(each[:40] for each in request.args.getlist("with")))[:6]


def with_pictures(chosen: Sequence[str]) -> dict[str, Any]:
    """Return the argument of an address that narrows a list by pictures."""
    return {"with": chosen}


def coming_from(address: str | None) -> dict[str, Any]:
    """Return the argument of an address to which もどる leads from there."""
    return {"from": address}


def pictured(chosen: Sequence[str]) -> str:
    """Return the address of the titles that have all of these pictures."""
    if not chosen:
        return url_for("kids.pictures")
    first, *others = chosen
    return url_for("kids.picture", slug=first, **with_pictures(others))


def chips(titles: Collection, chosen: Sequence[str], address: Callable[[list[str]], str]) -> list[Tile]:
    """Return the chosen pictures, each with the address of the list without it."""
    found = [titles.motif(slug) for slug in chosen]
    return [
        Tile(each.slug, each.label, address([slug for slug in chosen if slug != each.slug])) for each in found if each
    ]


def first_tiles(titles: Collection) -> list[Tile]:
    """Return the first pictures that have titles."""
    counts = titles.counts(titles.rows)
    there = [each for each in titles.motifs if counts[each.slug]]
    return [Tile(each.slug, each.label, pictured([each.slug])) for each in there[:FIRST_TILES]]


def covers(title_ids: Sequence[int], *, here: str) -> list[Book]:
    """Return the titles of a list in this order. ``here``: its address, to which もどる on their pages leads."""
    standing = availability.for_titles(title_ids)
    return [book(each, standing[each.id], here) for each in childrens_titles.facts(title_ids)]


def book(row: Facts, at: availability.Availability, here: str) -> Book:
    said = named.title(row)
    return Book(
        row.id,
        url_for("kids.book", title_id=row.id, **coming_from(here)),
        said.text,
        Markup(readings.runs_html(said.runs)) if said.runs else Markup(escape(said.text)),  # noqa: S704 (escaped there)
        romaji.hiragana(said.hint),
        author(row),
        row.title,
        row.author,
        row.ndc,
        title_rows.cover(row.isbn),
        at.kind if at.kind in ("in", "out") else "none",
    )


def author(row: Facts) -> str:
    """Return the creators in hiragana, as printed where no reading is known."""
    names = filter(None, (name.strip() for name in romaji.hiragana(row.author_kana).split(BETWEEN_CREATORS)))
    return "、".join(names) or row.author


def spines(title_ids: Sequence[int], *, here: str, current: int = 0) -> list[tuple[spine.Spine, str, bool]]:
    """Return the spines of titles in this order: each with its address, and whether it is the ``current`` one."""
    numbers = {number: at.call_number for number, at in availability.for_titles(title_ids).items()}
    return [
        (
            spine.make(full_name(row.title, row.volume), row.author, row.ndc, numbers[row.id]),
            url_for("kids.book", title_id=row.id, **coming_from(here)),
            row.id == current,
        )
        for row in childrens_titles.facts(title_ids)
    ]
