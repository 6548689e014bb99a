"""Rows of titles in lists: what each is, where its copies are."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import NamedTuple

from library import dates, policy
from library.catalog import spine
from library.discovery import availability
from library.discovery.availability import Availability
from library.ebooks import lending
from models import Patron, Title
from web.links import url_for
from web.parts import actions

COVER = 16  # letters of a title on a drawn cover


class Row(NamedTuple):
    """A title as a list draws it. Texts only, so that the same row need not be drawn again."""

    id: int
    url: str
    name: str
    subtitle: str
    author: str
    imprint: str
    call_number: str
    cover: str
    cover_text: str
    kind: str
    words: str
    places: str
    more: str
    accession: str = ""


def rows(title_ids: Sequence[int], *, accession: bool = False) -> list[Row]:
    """Return the rows of these titles, in their order; with the day of accession where that is what the list is about."""
    titles, standing = _read(title_ids)
    row = _row_maker(accession)
    return [row(title, standing[title.id]) for title in titles]


def with_actions(
    title_ids: Sequence[int], patron: Patron | None, rules: policy.Policy, *, accession: bool = False
) -> list[tuple[Row, actions.Action]]:
    """Return the same, each with what makes sense to do with it for a patron, or for somebody who is not signed in (None)."""
    titles, standing = _read(title_ids)
    chosen, row = actions.for_titles(titles, standing, patron, rules), _row_maker(accession)
    return [(row(title, standing[title.id]), chosen[title.id]) for title in titles]


def _read(title_ids: Sequence[int]) -> tuple[list[Title], dict[int, Availability]]:
    columns = (
        Title.id, Title.title, Title.volume, Title.subtitle, Title.author, Title.publisher, Title.year, Title.year_text,
        Title.ndc, Title.material_type, Title.accession_date,
    )  # fmt: skip
    found = {title.id: title for title in Title.select(*columns).where(Title.id.in_(list(title_ids)))}
    return [found[title_id] for title_id in title_ids if title_id in found], availability.for_titles(title_ids)


def _row_maker(accession: bool) -> Callable[[Title, Availability], Row]:
    """Return what makes rows of titles, whose addresses all begin alike."""
    return partial(_row, accession, url_for("catalog.title", title_id=0).removesuffix("0"))


def _row(accession: bool, addresses: str, title: Title, standing: Availability) -> Row:
    came = title.accession_date if accession else None
    at = state(standing)
    return Row(
        title.id,
        f"{addresses}{title.id}",
        title.full_name,
        title.subtitle,
        title.author,
        imprint(title),
        standing.call_number or title.ndc,
        spine.cover_classes(title.title, title.ndc),
        title.title if len(title.title) <= COVER else f"{title.title[: COVER - 1]}…",
        at["kind"],
        at["words"],
        at["places"],
        at["more"],
        f"{dates.with_weekday(came, year=False)}受入" if came else "",
    )


def imprint(title: Title) -> str:
    """Return 出版者 and 出版年."""
    year = f"{title.year}年" if title.year else title.year_text
    return " ".join(part for part in (title.publisher, year) if part)


def state(standing: Availability) -> dict[str, str]:
    """Return in words what a patron wants to know before coming."""
    if standing.ebook and not standing.copies:
        kind, words = ebook_state(standing.ebook)
        return {"kind": kind, "words": words, "places": "", "more": ""}
    kind = standing.kind
    places = [copy.branch for copy in standing.of_kind(kind)] if kind in ("in", "here") else []
    match kind:
        case "in":
            words = f"在架 {len(places)}冊"
        case "out" if standing.due_on:
            words = due_words(standing.due_on)
        case "held":
            words = f"予約 {standing.waiting}人待ち"
        case "here":
            words = "館内でご覧いただけます"
        case _:
            words = "ただいまご利用になれません" if standing.copies else "所蔵していません"
    more = [f"予約 {standing.waiting}人待ち"] if standing.waiting and kind != "held" else []
    more += ["電子書籍もあります"] if standing.ebook else []
    return {"kind": kind, "words": words, "places": "・".join(dict.fromkeys(places)), "more": "　".join(more)}


def ebook_state(ebook: lending.Standing) -> tuple[str, str]:
    """Return kind and words of an e-book: whether it can be had at once, or how many wait."""
    if ebook.is_free_for(kept_for_them=False):
        return "in", "電子書籍 いま借りられます"
    return "out", f"電子書籍 貸出中（順番待ち {ebook.waiting}人）" if ebook.waiting else "電子書籍 貸出中"


def ebook_terms(ebook: lending.Standing, rules: policy.Policy) -> str:
    """Return to how many at a time it is lent, and for how long."""
    days = ebook.days or rules.lending("", lending.KIND)["loan_days"]
    often = f"同時に{ebook.licences}人まで" if ebook.licences else "何人でも同時に"
    return f"{often}、{days}日間借りられます。"


def due_words(due_on: date) -> str:
    return f"貸出中（返却予定 {dates.with_weekday(due_on, year=False)}）"
