"""特集: titles that the staff put together for everybody, in an order, with words about them, and with every version of that.

It is shown while it is ``public``, from its first to its last day where these are set. The text is the markup of ``library.site.markup``.
"""

from datetime import date
from typing import NamedTuple

from peewee import JOIN, fn

from library import audit, dates, errors, wording
from library.site import articles, markup
from library.store import database, positions
from library.store.queries import Query, blank
from models import Feature, FeatureBook, FeatureVersion, Title

MOST = 100  # titles of one
LISTED = 50  # versions of one
LONGEST, LONGEST_TITLE, LONGEST_COMMENT = 5_000, 60, 200  # letters
ICONS = {"book": "本", "balloon": "風船", "heart": "ハート", "star": "星"}
ALL = Feature.id > 0


class Book(NamedTuple):
    """A title of a 特集; one that the catalogue has no more (no ``title_id``) as it was called."""

    title_id: int | None
    name: str
    author: str = ""
    comment: str = ""


class Draft(NamedTuple):
    """What a form says of a 特集; the days as they were typed."""

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
def _shown(today, *columns):
    """Of those that everybody may see on a day, in the library's order: a query."""
    begun, lasts = Feature.first.is_null() | (Feature.first <= today), Feature.last.is_null() | (Feature.last >= today)
    return Feature.select(*columns).where(Feature.public, begun, lasts).order_by(Feature.position)


_ON_FRONT = Query(
    lambda: _shown(blank("today"), Feature.slug, Feature.title, Feature.icon).where(Feature.on_front).tuples(),
)
_BOOKS = Query(
    lambda: (
        FeatureBook.select(
            FeatureBook.title, Title.title, Title.volume, Title.author, FeatureBook.name, FeatureBook.author, FeatureBook.comment
        )
        .join(Title, JOIN.LEFT_OUTER)
        .where(FeatureBook.feature == blank("feature"))
        .order_by(FeatureBook.position)
        .tuples()
    )
)  # fmt: skip


def on_front(*, today) -> list[tuple[str, str, str]]:
    """Slug, title and icon of those with a button on the front page."""
    return _ON_FRONT.rows(today=today)


def shown(*, today) -> list[Feature]:
    return list(_shown(today))


def counts() -> dict[int, int]:
    """How many titles each has."""
    found = FeatureBook.select(FeatureBook.feature, fn.COUNT(FeatureBook.id)).group_by(FeatureBook.feature)
    return dict(found.tuples())


def is_shown(feature: Feature, *, today) -> bool:
    return _shown(today).where(Feature.id == feature.id).exists()


def find(slug: str, *, today) -> Feature | None:
    return _shown(today).where(Feature.slug == slug).first()


def books(feature: Feature) -> list[Book]:
    """In their order, called as the catalogue calls them now."""
    return [
        Book(title_id, name_of(title, volume) if title_id else name, (author if title_id else kept) or "", comment)
        for title_id, title, volume, author, name, kept, comment in _BOOKS.rows(feature=feature.id)
    ]


def boards(ids, most: int) -> dict[int, list[tuple[Book, str]]]:
    """By 特集: those of its first ``most`` titles that the catalogue has, each with its class."""
    columns = (FeatureBook.feature, Title.id, Title.title, Title.volume, Title.author, Title.ndc)
    first = FeatureBook.feature.in_(list(ids)), FeatureBook.position <= most
    found = {}
    rows = FeatureBook.select(*columns).join(Title).where(*first).order_by(FeatureBook.position).tuples()
    for feature_id, title_id, title, volume, author, ndc in rows:
        found.setdefault(feature_id, []).append((Book(title_id, name_of(title, volume), author or ""), ndc))
    return found


def name_of(title: str, volume: str) -> str:
    return f"{title} {volume}".strip()


def of_title(title: Title, comment: str = "") -> Book:
    return Book(title.id, name_of(title.title, title.volume), title.author, comment)


def versions(feature: Feature) -> list[FeatureVersion]:
    """What it said, the latest first; of very many the last ones."""
    return list(feature.versions.order_by(FeatureVersion.id.desc()).limit(LISTED))


def books_of(version: FeatureVersion) -> list[Book]:
    """Those of a version. A title that went since, or another under its number, is a name only."""
    kept = [Book(*each) for each in version.books]
    there = {title.id: title for title in Title.select().where(Title.id.in_([book.title_id for book in kept]))}
    return [
        book if (title := there.get(book.title_id)) and name_of(title.title, title.volume) == book.name
        else book._replace(title_id=None)
        for book in kept
    ]  # fmt: skip


# -- writing ---------------------------------------------------------------------------------------------------------
def addition_refusals(listed, title: Title) -> list:
    """Why a title can't be put behind those that are listed."""
    if any(book.title_id == title.id for book in listed):
        return [errors.BookInFeature(name=name_of(title.title, title.volume))]
    return [errors.FeatureFull(limit=MOST)] if len(listed) >= MOST else []


def write(feature: Feature | None, draft: Draft, *, seen: int | None = None, by: str, now) -> Feature:
    """Keep what a draft says, as a 特集 of its own or as the next version of one. RefusedTogether by field, FeatureGone.

    What says the same as before makes no version. ``seen``: the version that was changed; TextChangedMeanwhile when it is no longer the latest.
    """
    refusals, said = _judge(feature, draft)
    with database.writing():
        if feature is None and Feature.select().where(Feature.slug == draft.slug).exists():
            refusals.setdefault("slug", []).append(errors.SlugTaken())
        if refusals:
            raise errors.RefusedTogether(refusals)
        if feature is not None:
            feature = _as_it_is_now(feature)
            if all(getattr(feature, name) == said[name] for name in said) and books(feature) == list(draft.books):
                return feature
            _require_seen(feature, seen)
        return _keep(feature, draft, said, by, now)


def _as_it_is_now(feature):
    if now := Feature.get_or_none(Feature.id == feature.id):
        return now
    raise errors.FeatureGone()


def _require_seen(feature, seen):
    last = feature.versions.order_by(FeatureVersion.id.desc()).get()
    if seen not in (None, last.id):
        raise errors.TextChangedMeanwhile(by=wording.actor(last.by))


def _judge(feature, draft):
    """What is refused, by field, and what is to be kept."""
    refusals = {}
    if not draft.title.strip():
        refusals["title"] = [errors.FieldEmpty()]
    if wrong := markup.unusable_link(draft.text):
        refusals["text"] = [errors.LinkUnusable(address=wrong)]
    if feature is None and not articles.SLUG.fullmatch(draft.slug):
        refusals["slug"] = [errors.SlugUnreadable()]
    days = {name: _day(getattr(draft, name), refusals, name) for name in ("first", "last")}
    if all(days.values()) and days["last"] < days["first"]:
        refusals["last"] = [errors.FeatureEndsBefore()]
    if draft.public and not draft.books:
        refusals["words"] = [errors.FeatureEmpty()]
    numbers = [book.title_id for book in draft.books]
    twice = [book.name for place, book in enumerate(draft.books) if book.title_id and book.title_id in numbers[:place]]
    if twice:
        refusals["words"] = [errors.BookInFeature(name=twice[0])]
    if len(draft.books) > MOST:
        refusals["words"] = [errors.FeatureFull(limit=MOST)]
    kept = {"title": draft.title.strip(), "text": draft.text.strip("\n"), "icon": draft.icon}
    return refusals, kept | days | {"public": draft.public, "on_front": draft.on_front}


def _day(text, refusals, name) -> date | None:
    if not text.strip():
        return None
    try:
        return dates.parse(text)
    except ValueError:
        refusals[name] = [errors.DateMalformed()]
        return None


def _keep(feature, draft, said, by, now):
    if feature is None:
        feature = Feature(slug=draft.slug, position=positions.last(Feature, ALL) + 1)
    for name, value in said.items():
        setattr(feature, name, value)
    feature.changed_at = now
    feature.save()
    FeatureBook.delete().where(FeatureBook.feature == feature).execute()
    for place, book in enumerate(draft.books, start=1):
        FeatureBook.create(
            feature=feature,
            position=place,
            title=book.title_id,
            name=book.name,
            author=book.author,
            comment=book.comment,
        )
    FeatureVersion.create(feature=feature, **said, books=draft.books, by=by, at=now)
    audit.record("feature.written", actor=by, now=now, of=feature.title)
    return feature


def move(feature: Feature, to: int) -> int:
    """Put a 特集 at a place among all, from 1; its place now."""
    with database.writing():
        return positions.move(feature, ALL, to)


def delete(feature: Feature, *, by: str, now):
    """With its versions and its picture. The titles stay what they are."""
    with database.writing():
        positions.remove(feature, ALL)
        audit.record("feature.deleted", actor=by, now=now, of=feature.title)
