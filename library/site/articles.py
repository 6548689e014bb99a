"""お知らせ and the library's own pages, with all their versions; an unwritten page shows the program's text.

Texts are the markup of ``library.site.markup``. Nothing is ever deleted: an article that is not ``public`` is hidden.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from peewee import ModelSelect

from library import audit, audit_words, dates, errors
from library.language import languages, readings
from library.site import markup
from library.store import database
from library.store.queries import Query, blank
from models import Article, ArticleVersion, FeatureVersion

_FOLDER = Path(__file__).resolve().parent / "shipped_articles"
SHIPPED = ("faq", "privacy", "accessibility")  # pages that are always there
LONGEST, LONGEST_TITLE = 10_000, 100  # letters
NEWEST = 3  # on the front page
LISTED = 100  # versions of an article
SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
_NEWS = Query(
    lambda: (
        Article.select(Article.id, Article.title, Article.day)
        .where(Article.public, Article.day <= blank("today"))
        .order_by(Article.day.desc(), Article.id.desc())
        .limit(NEWEST)
    )
)


class Draft(NamedTuple):
    """An article as a form sends it; ``day`` as typed, ``slug`` of a new page."""

    title: str
    text: str
    public: bool = True
    day: str = ""
    slug: str = ""


def shipped(slug: str, language: str = languages.JAPANESE) -> Draft:
    """Return the program's text of one of the SHIPPED pages, with marks of its readings in easy Japanese; in English
    for a language that has none.
    """
    folders = [_FOLDER] if language == languages.JAPANESE else [_FOLDER / language, _FOLDER / languages.ENGLISH]
    path = next(path for folder in folders if (path := folder / f"{slug}.txt").exists())
    title, _, text = path.read_text(encoding="utf-8").partition("\n")
    return Draft(title, text.strip("\n"), slug=slug)


# -- reading ---------------------------------------------------------------------------------------------------------
def page(slug: str, language: str = languages.JAPANESE) -> Article | Draft | None:
    """Return the page as shown, an Article or the program's Draft in a language; None if there is none."""
    row = find(slug)
    if row is not None and row.public:
        return row
    return shipped(slug, language) if slug in SHIPPED else None


def find(slug: str) -> Article | None:
    """Return the row of a page, public or not; None if it was never written."""
    return Article.get_or_none(Article.slug == slug)


def pages() -> list[Article]:
    """Return the library's own public pages, without SHIPPED ones."""
    rows = Article.select(Article.slug, Article.title).where(Article.public, Article.slug.is_null(False))
    return list(rows.where(Article.slug.not_in(SHIPPED)).order_by(Article.title, Article.id))


def latest_news(*, today: date) -> list[Any]:
    """Return id, title and day of the newest お知らせ whose day has come."""
    return _NEWS.rows(today=today)


def published_news(*, today: date) -> ModelSelect[Article]:
    """Return a query for お知らせ whose day has come, newest first."""
    shown = Article.select().where(Article.public, Article.day <= today)
    return shown.order_by(Article.day.desc(), Article.id.desc())


def questions(words: str = "", language: str = languages.JAPANESE) -> list[tuple[str, str]]:
    """Return (question, answer) of よくある質問 with all the words."""
    found = markup.sections((page("faq", language) or shipped("faq", language)).text)
    return [(heading, text) for heading, text in found if markup.mentions(_sought(heading, text), words)]


def _sought(heading: str, text: str) -> str:
    return readings.plain(f"{heading} {markup.plain(text)}")


# -- writing ---------------------------------------------------------------------------------------------------------
def write(article: Article | None, draft: Draft, *, seen: int | None = None, by: str, now: datetime) -> Article:
    """Store a draft as a new article or as the next version; a page if it has a ``slug``, else news. Return the
    article.

    An unchanged draft makes no version. ``seen``: id of the version that was edited, 0 for none. Raises:
    RefusedTogether by field; TextChangedMeanwhile if ``seen`` is not the latest.
    """
    refusals, day = _judge(article, draft)
    values = {"title": draft.title.strip(), "text": draft.text.strip("\n"), "public": draft.public, "day": day}
    slug = article.slug if article else draft.slug or None
    if slug in SHIPPED:
        values["public"] = True
    with database.writing():
        if article is None and slug and Article.select().where(Article.slug == slug).exists():
            refusals.setdefault("slug", []).append(errors.SlugTaken())
        if refusals:
            raise errors.RefusedTogether(refusals)
        if article is not None and all(getattr(article, name) == value for name, value in values.items()):
            return article
        require_latest(article and article.versions.order_by(ArticleVersion.id.desc()).first(), seen)
        return _store(article, slug, values, by, now)


def require_latest(last: ArticleVersion | FeatureVersion | None, seen: int | None) -> None:
    """Raise TextChangedMeanwhile if ``seen``, the id of the version that was edited, is not the latest."""
    if last and seen not in (None, last.id):
        raise errors.TextChangedMeanwhile(by=audit_words.actor(last.by))


def _judge(article: Article | None, draft: Draft) -> tuple[dict, date | None]:
    """Return the refusals by field, and the day that was typed."""
    refusals, day = {}, None
    if not draft.title.strip():
        refusals["title"] = [errors.FieldEmpty()]
    if not draft.text.strip():
        refusals["text"] = [errors.FieldEmpty()]
    elif wrong := markup.unusable_link(draft.text):
        refusals["text"] = [errors.LinkUnusable(address=wrong)]
    if article is None and draft.slug and draft.slug not in SHIPPED and not SLUG.fullmatch(draft.slug):
        refusals["slug"] = [errors.SlugUnreadable()]
    if is_news := not (article.slug if article else draft.slug):
        day = _day(draft.day)
    if is_news and day is None:
        refusals["day"] = [errors.DateMalformed() if draft.day.strip() else errors.FieldEmpty()]
    return refusals, day


def _day(text: str) -> date | None:
    try:
        return dates.parse(text)
    except ValueError:
        return None


def _store(article: Article | None, slug: str | None, values: dict, by: str, now: datetime) -> Article:
    if article is None:
        article = Article(slug=slug)
    for name, value in values.items():
        setattr(article, name, value)
    article.changed_at = now
    article.save()
    ArticleVersion.create(article=article, **values, by=by, at=now)
    audit.record("article.written", actor=by, now=now, of=article.title)
    return article


def versions(article: Article) -> list[ArticleVersion]:
    """Return LISTED versions of an article, newest first, without texts: id, moment, author and title."""
    columns = (ArticleVersion.id, ArticleVersion.at, ArticleVersion.by, ArticleVersion.title)
    rows = ArticleVersion.select(*columns).where(ArticleVersion.article == article)
    return list(rows.order_by(ArticleVersion.id.desc()).limit(LISTED))
