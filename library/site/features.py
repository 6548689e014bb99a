"""特集: lists of titles that staff put together, in an order, with comments and all their versions.

A 特集 is shown while ``public``, from its first to its last day if set. Its text is markup of ``library.site.markup``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from peewee import JOIN, ModelSelect, Value, fn

from library import audit, dates, errors
from library.catalog import removed_titles
from library.site import articles, markup
from library.store import database, positions
from library.store.queries import Query, blank, tuples
from models import Feature, FeatureBook, FeatureVersion, Title, full_name

MOST = 100  # titles of one
LISTED = 50  # versions of one
LONGEST, LONGEST_TITLE, LONGEST_COMMENT = 5_000, 60, 200  # letters
ICONS = {"book": "本", "balloon": "風船", "heart": "ハート", "star": "星"}
ALL = Feature.id > 0


class Book(NamedTuple):
    """A title of a 特集; without ``title_id`` the former name of a deleted title."""

    title_id: int | None
    name: str
    author: str = ""
    comment: str = ""


class Draft(NamedTuple):
    """A 特集 as a form sends it; days as typed."""

    title: str
    text: str
    slug: str = ""
    public: bool = False
    on_front: bool = False
    icon: str = "book"
    first: str = ""
    last: str = ""
    books: tuple[Book, ...] = ()


# -- reading ---------------------------------------------------------------------------------------------------------
def _shown(today: date | Value, *columns: Any) -> ModelSelect[Feature]:
    """Return a query for the 特集 that are shown on a day, in the library's order."""
    begun, lasts = Feature.first.is_null() | (Feature.first <= today), Feature.last.is_null() | (Feature.last >= today)
    return Feature.select(*columns).where(Feature.public, begun, lasts).order_by(Feature.position)


_ON_FRONT = Query(
    lambda: _shown(blank("today"), Feature.slug, Feature.title, Feature.icon).where(Feature.on_front).tuples()
)
_BOOKS = Query(
    lambda: (
        FeatureBook.select(
            FeatureBook.title, Title.title, Title.volume, Title.author,
            FeatureBook.name, FeatureBook.author, FeatureBook.comment,
        )
        .join(Title, JOIN.LEFT_OUTER)
        .where(FeatureBook.feature == blank("feature"))
        .order_by(FeatureBook.position)
        .tuples()
    )
)  # fmt: skip


def on_front(*, today: date) -> list[tuple[str, str, str]]:
    """Return slug, title and icon of each 特集 with a button on the front page."""
    return _ON_FRONT.rows(today=today)


def shown(*, today: date) -> list[Feature]:
    return list(_shown(today))


def counts() -> dict[int, int]:
    """Return 特集 id → number of titles."""
    found = FeatureBook.select(FeatureBook.feature, fn.COUNT(FeatureBook.id)).group_by(FeatureBook.feature)
    return dict(tuples(found))


def is_shown(feature: Feature, *, today: date) -> bool:
    return _shown(today).where(Feature.id == feature.id).exists()


def find(slug: str, *, today: date) -> Feature | None:
    return _shown(today).where(Feature.slug == slug).first()


def books(feature: Feature) -> list[Book]:
    """Return the books of a 特集 in order, with their present names in the catalogue."""
    return [
        Book(title_id, full_name(title, volume) if title_id else name, (author if title_id else stored) or "", comment)
        for title_id, title, volume, author, name, stored, comment in _BOOKS.rows(feature=feature.id)
    ]


def titles(books: Iterable[Book]) -> list[int]:
    """Return the ids of these books that are in the catalogue."""
    ids = [book.title_id for book in books if book.title_id]
    lost = removed_titles.removed_among(ids)
    return [title_id for title_id in ids if title_id not in lost]


def first_books(ids: Iterable[int], most: int) -> dict[int, list[tuple[Book, str]]]:
    """Return 特集 id → (book, NDC) of those among its first ``most`` titles that are in the catalogue."""
    columns = (FeatureBook.feature, Title.id, Title.title, Title.volume, Title.author, Title.ndc)
    first = FeatureBook.feature.in_(list(ids)), FeatureBook.position <= most, ~removed_titles.is_removed()
    found = {}
    rows = FeatureBook.select(*columns).join(Title).where(*first).order_by(FeatureBook.position)
    for feature_id, title_id, title, volume, author, ndc in tuples(rows):
        found.setdefault(feature_id, []).append((Book(title_id, full_name(title, volume), author or ""), ndc))
    return found


def of_title(title: Title, comment: str = "") -> Book:
    return Book(title.id, title.full_name, title.author, comment)


def versions(feature: Feature) -> list[FeatureVersion]:
    """Return LISTED versions at most, newest first."""
    return list(feature.versions.order_by(FeatureVersion.id.desc()).limit(LISTED))


def books_of(version: FeatureVersion) -> list[Book]:
    """Return the books of a version; a title deleted since, or whose id is another title's now, is a name only."""
    stored = [Book(*each) for each in version.books]
    there: dict[int | None, Title] = {
        title.id: title for title in Title.select().where(Title.id.in_([book.title_id for book in stored]))
    }
    return [
        book if (title := there.get(book.title_id)) and title.full_name == book.name
        else book._replace(title_id=None)
        for book in stored
    ]  # fmt: skip


# -- writing ---------------------------------------------------------------------------------------------------------
def addition_refusals(listed: Collection[Book], title: Title) -> list:
    """Return the reasons against adding a title to those listed."""
    if any(book.title_id == title.id for book in listed):
        return [errors.BookInFeature(name=title.full_name)]
    return [errors.FeatureFull(limit=MOST)] if len(listed) >= MOST else []


def write(feature: Feature | None, draft: Draft, *, seen: int | None = None, by: str, now: datetime) -> Feature:
    """Store a draft as a new 特集 or as the next version; return it. An unchanged draft makes no version.

    ``seen``: id of the version that was edited. Raises: RefusedTogether by field; FeatureGone; TextChangedMeanwhile if
    ``seen`` is not the latest.
    """
    refusals, values = _judge(feature, draft)
    with database.writing():
        if feature is None and Feature.select().where(Feature.slug == draft.slug).exists():
            refusals.setdefault("slug", []).append(errors.SlugTaken())
        if refusals:
            raise errors.RefusedTogether(refusals)
        if feature is not None:
            feature = _as_it_is_now(feature)
            if all(getattr(feature, name) == values[name] for name in values) and books(feature) == list(draft.books):
                return feature
            articles.require_latest(feature.versions.order_by(FeatureVersion.id.desc()).get(), seen)
        return _store(feature, draft, values, by, now)


def _as_it_is_now(feature: Feature) -> Feature:
    if current := Feature.get_or_none(Feature.id == feature.id):
        return current
    raise errors.FeatureGone()


def _judge(feature: Feature | None, draft: Draft) -> tuple[dict, dict]:
    """Return the refusals by field, and the values to store."""
    refusals = {}
    if not draft.title.strip():
        refusals["title"] = [errors.FieldEmpty()]
    if wrong := markup.unusable_link(draft.text):
        refusals["text"] = [errors.LinkUnusable(address=wrong)]
    if feature is None and not articles.SLUG.fullmatch(draft.slug):
        refusals["slug"] = [errors.SlugUnreadable()]
    first, last = (_day(getattr(draft, name), refusals, name) for name in ("first", "last"))
    if first and last and last < first:
        refusals["last"] = [errors.FeatureEndsBefore()]
    if draft.public and not draft.books:
        refusals["words"] = [errors.FeatureEmpty()]
    numbers = [book.title_id for book in draft.books]
    twice = [book.name for index, book in enumerate(draft.books) if book.title_id and book.title_id in numbers[:index]]
    if twice:
        refusals["words"] = [errors.BookInFeature(name=twice[0])]
    if len(draft.books) > MOST:
        refusals["words"] = [errors.FeatureFull(limit=MOST)]
    values = {"title": draft.title.strip(), "text": draft.text.strip("\n"), "icon": draft.icon}
    return refusals, values | {"first": first, "last": last, "public": draft.public, "on_front": draft.on_front}


def _day(text: str, refusals: dict, name: str) -> date | None:
    if not text.strip():
        return None
    try:
        return dates.parse(text)
    except ValueError:
        refusals[name] = [errors.DateMalformed()]
        return None


def _store(feature: Feature | None, draft: Draft, values: dict, by: str, now: datetime) -> Feature:
    if feature is None:
        feature = Feature(slug=draft.slug, position=positions.last(Feature, ALL) + 1)
    for name, value in values.items():
        setattr(feature, name, value)
    feature.changed_at = now
    feature.save()
    FeatureBook.delete().where(FeatureBook.feature == feature).execute()
    for position, book in enumerate(draft.books, start=1):
        FeatureBook.create(
            feature=feature,
            position=position,
            title=book.title_id,
            name=book.name,
            author=book.author,
            comment=book.comment,
        )
    FeatureVersion.create(feature=feature, **values, books=draft.books, by=by, at=now)
    audit.record("feature.written", actor=by, now=now, of=feature.title)
    return feature


def move(feature: Feature, to: int) -> int:
    """Move a 特集 to a position among all, from 1; return its position afterwards."""
    with database.writing():
        return positions.move(feature, ALL, to)


def delete(feature: Feature, *, by: str, now: datetime) -> None:
    """Delete a 特集 with its versions and picture. The titles stay in the catalogue."""
    with database.writing():
        positions.remove(feature, ALL)
        audit.record("feature.deleted", actor=by, now=now, of=feature.title)
