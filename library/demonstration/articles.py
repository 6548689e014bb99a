"""Eight pieces of news that agree with the branches' calendar, four 特集 of titles of the demonstration, and what of it
is said in English.
"""

import tomllib
from datetime import date, datetime, timedelta
from pathlib import Path

from library import dates
from library.demonstration import branches
from library.site import features, translations
from models import Article, ArticleVersion, Title, Translation

ACTOR = "setup"
TEXTS = Path(__file__).parent / "texts"


def write(*, today: date, now: datetime) -> None:
    _write_news(_read("news"), today, now)
    _write_features(_read("feature"), now)
    _write_english()


def _read(name: str) -> list[dict]:
    return tomllib.loads((TEXTS / f"{name}.toml").read_text(encoding="utf-8"))[name]


def _write_news(texts: list[dict], today: date, now: datetime) -> None:
    facts = {
        "branch": branches.COUNTED,
        "first": dates.with_weekday(today - timedelta(days=1), year=False),
        "last": dates.with_weekday(today + timedelta(days=4), year=False),
    }
    for one in reversed(texts):
        values = {name: one[name].format(**facts) for name in ("title", "text")}
        values |= {"day": today - timedelta(days=one["days"]), "public": True}
        article = Article.create(**values, changed_at=now)
        ArticleVersion.create(article=article, **values, by=ACTOR, at=now)


def _write_features(texts: list[dict], now: datetime) -> None:
    wanted = {name for one in texts for name, _ in one["books"]}
    known = {title.title: title for title in Title.select().where(Title.title.in_(wanted)).order_by(Title.id.desc())}
    for one in texts:
        listed = tuple(features.of_title(known[name], comment) for name, comment in one.pop("books"))
        features.write(None, features.Draft(**one, public=True, books=listed), by=ACTOR, now=now)


def _write_english() -> None:
    """翻訳: the branches, shelves and 特集 in English, and some of the news; the rest shows what is left to do."""
    words = tomllib.loads((TEXTS / "english.toml").read_text(encoding="utf-8"))
    Translation.insert_many(
        {"kind": kind, "key": translations.key(text), "language": "en", "text": said}
        for kind, listed in words.items()
        for text, said in listed.items()
    ).execute()
