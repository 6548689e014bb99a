"""Three pieces of news, in keeping with the calendar of the branches."""

import tomllib
from datetime import date, datetime, timedelta
from pathlib import Path

from library import dates
from library.demonstration import branches
from models import Article, ArticleVersion

TEXTS = Path(__file__).parent / "texts" / "news.toml"


def write(*, today: date, now: datetime) -> None:
    facts = {
        "branch": branches.COUNTED,
        "first": dates.with_weekday(today - timedelta(days=1), year=False),
        "last": dates.with_weekday(today + timedelta(days=4), year=False),
    }
    for one in reversed(tomllib.loads(TEXTS.read_text(encoding="utf-8"))["news"]):
        values = {name: one[name].format(**facts) for name in ("title", "text")}
        values |= {"day": today - timedelta(days=one["days"]), "public": True}
        article = Article.create(**values, changed_at=now)
        ArticleVersion.create(article=article, **values, by="setup", at=now)
