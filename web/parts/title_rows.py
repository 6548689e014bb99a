"""Rows of titles in lists, with the state of their copies."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from flask import current_app, url_for

from library import policy, wording
from library.catalog import spine
from library.discovery import availability, citations
from library.discovery.availability import Availability
from library.discovery.covers import pictures
from library.ebooks import lending
from library.language import sentences
from library.reading import stars
from library.store import queries
from models import Patron, Title, full_name
from web.parts import actions
from web.parts.rows import names

NOBODY = 0  # the id of no patron
COVER = 14  # letters of a title on a drawn cover
HOLD_SHAPES = {"ready": "in", "in_transit": "soon", "preparing": "soon", "waiting": "out"}  # of the mark of a state


class State(NamedTuple):
    """The state of a title for a patron (catalog/_state.html). ``kind``: in, out, held, here, none, as of Availability.

    ``number``: of copies at hand, of patrons waiting, or of all copies if ``kind`` is none. ``of_ebook``: of its
    e-book.
    """

    kind: str
    number: int = 0
    due_on: date | None = None
    of_ebook: bool = False


class Row(NamedTuple):
    """A title in a list, immutable, so that an equal row need not be drawn again. ``waiting``: patrons, unless in
    ``state``.
    """

    id: int
    url: str
    name: str
    subtitle: str
    author: str
    imprint: str
    call_number: str
    cover: str
    cover_text: str
    state: State | None  # None: the action tells it
    places: tuple[str, ...] = ()  # names of branches
    waiting: int = 0
    has_ebook: bool = False
    accession: date | None = None
    coins: str = ""  # for programs of references
    marked: bool = False  # it stands on a shelf of the patron
    picture: str = ""  # address of a real cover
    others: int = 0  # titles of the same work for which the row stands, too
    shown: names.Shown | None = None  # the name with ふりがな or its Latin form, where the reader has them


_TITLES = queries.Query(
    lambda: Title.select(
        Title.id, Title.title, Title.volume, Title.subtitle, Title.author, Title.publisher, Title.year, Title.year_text,
        Title.ndc, Title.material_type, Title.accession_date, Title.isbn, Title.isbn_text, Title.place, Title.series,
        Title.title_kana, Title.title_latin, Title.volume_kana, Title.kana_source,
        citations.makers(), stars.starred_column(queries.blank("patron")),
    ).where(Title.id.in_(queries.among("titles")))
)  # fmt: skip


def rows(title_ids: Sequence[int], patron: Patron | None = None, *, accession: bool = False) -> list[Row]:
    """Return the rows of titles in this order, with the patron's stars; ``accession``: with the day of accession."""
    titles, standing = _read(title_ids, patron)
    row = _row_maker(titles, accession)
    return [row(title, standing[title.id]) for title in titles]


def with_actions(
    title_ids: Sequence[int], patron: Patron | None, rules: policy.Policy, *, accession: bool = False
) -> list[tuple[Row, actions.Action]]:
    """Return the rows of titles as ``rows``, each with its action for a patron, or for a visitor (None)."""
    titles, standing = _read(title_ids, patron)
    chosen, row = actions.for_titles(titles, standing, patron, rules), _row_maker(titles, accession)
    drawn = [(row(title, standing[title.id]), chosen[title.id]) for title in titles]
    return [(row._replace(state=None) if _is_of_reader(row, action) else row, action) for row, action in drawn]


def _is_of_reader(row: Row, action: actions.Action) -> bool:
    """Tell whether a row's state is that holds wait, the patron's own among them, which their action tells better."""
    return action.kind == "held" and row.state is not None and row.state.kind == "held"


def _read(title_ids: Sequence[int], patron: Patron | None) -> tuple[list[Any], dict[int, Availability]]:
    if not title_ids:
        return [], {}
    found = _TITLES.rows(titles=queries.listed(title_ids), patron=patron.id if patron else NOBODY)
    by_id = {title.id: title for title in found}
    near = patron.pickup_branch_id if patron else None
    titles = [by_id[title_id] for title_id in title_ids if title_id in by_id]
    return titles, availability.for_titles(title_ids, near=near)


def _row_maker(titles: Sequence[Any], accession: bool) -> Callable[[Any, Availability], Row]:
    """Return a function that makes a title's row."""
    addresses = _addresses()
    return partial(_row, accession, addresses, citations.coins_of(titles, current_app.config["PUBLIC_URL"] + addresses))


def _addresses() -> str:
    return url_for("catalog.title", title_id=0).removesuffix("0")


def _row(accession: bool, addresses: str, coins: dict[int, str], title: Any, standing: Availability) -> Row:
    at = state(standing)
    return Row(
        title.id,
        f"{addresses}{title.id}",
        full_name(title.title, title.volume),
        title.subtitle,
        title.author,
        imprint(title),
        standing.call_number or title.ndc,
        spine.cover_classes(title.title, title.ndc),
        title.title if len(title.title) <= COVER else f"{title.title[: COVER - 1]}…",
        at,
        places(standing),
        0 if at.of_ebook or at.kind == "held" else standing.waiting,
        standing.ebook is not None and not at.of_ebook,
        title.accession_date if accession else None,
        coins[title.id],
        bool(title.marked),
        cover(title.isbn),
        shown=names.title(title),
    )


def cover(isbn: str) -> str:
    """Return the address of a cover's picture; empty if there is none and a cover is drawn."""
    shown = current_app.config["COVERS_URL"] and pictures.is_there(covers_folder(), isbn)
    return url_for("catalog.cover", isbn=isbn) if shown else ""


def covers(title_ids: Sequence[int]) -> list[dict[str, Any]]:
    """Return the titles' values for a row of covers, in this order: title, ndc, picture, and url, name, shown,
    author.
    """
    found = {title.id: title for title in _TITLES.rows(titles=queries.listed(title_ids), patron=NOBODY)}
    shown = [found[title_id] for title_id in title_ids if title_id in found]
    return [
        {
            "url": url_for("catalog.title", title_id=title.id),
            "name": full_name(title.title, title.volume),
            "shown": names.title(title),
            "author": title.author,
            "title": title.title,
            "ndc": title.ndc,
            "picture": cover(title.isbn),
        }
        for title in shown
    ]


def covers_folder() -> Path:
    """Return the folder of the covers' pictures."""
    return Path(current_app.instance_path) / pictures.FOLDER


def facts(title: Title) -> dict[str, Any]:
    """Return the title's values for a row of a patron's list: title_id, name, shown, title, author, ndc, url."""
    return {
        "title_id": title.id,
        "name": title.full_name,
        "shown": names.title(title),
        "title": title.title,
        "author": title.author,
        "ndc": title.ndc,
        "url": url_for("catalog.title", title_id=title.id),
    }


def coins(title: Title) -> str:
    """Return a title's COinS."""
    return citations.coins_of([title], current_app.config["PUBLIC_URL"] + _addresses())[title.id]


def imprint(title: Any) -> str:
    """Return 出版者 and 出版年."""
    if title.publisher and title.year:
        return sentences.Sentence("{publisher} {year}年", publisher=title.publisher, year=title.year)
    return " ".join(filter(None, (title.publisher, wording.year(title.year, title.year_text))))


def state(standing: Availability) -> State:
    if standing.ebook and not standing.copies:
        return ebook_state(standing.ebook)
    kind = standing.kind
    numbers = {"in": len(standing.of_kind("in")), "held": standing.waiting, "none": len(standing.copies)}
    return State(kind, numbers.get(kind, 0), standing.due_on if kind == "out" else None)


def places(standing: Availability) -> tuple[str, ...]:
    """Return the names of branches where a copy can be had, or read, now."""
    at_hand = standing.of_kind(standing.kind) if standing.kind in ("in", "here") else []
    return tuple(dict.fromkeys(copy.branch for copy in at_hand))


def ebook_state(ebook: lending.Standing) -> State:
    """Return the state of an e-book: free, or the number of patrons waiting."""
    free = ebook.is_free_for(kept_for_them=False)
    return State("in", of_ebook=True) if free else State("out", ebook.waiting, of_ebook=True)
