"""The two 特集 of a public library's front page, from the titles of the demonstration."""

import tomllib
from datetime import datetime
from pathlib import Path

from library.site import features
from models import Title

ACTOR = "setup"
TEXTS = Path(__file__).parent / "texts" / "features.toml"


def write(*, now: datetime) -> None:
    texts = tomllib.loads(TEXTS.read_text(encoding="utf-8"))["feature"]
    wanted = {name for one in texts for name, _ in one["books"]}
    known = {title.title: title for title in Title.select().where(Title.title.in_(wanted)).order_by(Title.id.desc())}
    for one in texts:
        listed = tuple(features.of_title(known[name], comment) for name, comment in one.pop("books"))
        draft = features.Draft(**one, public=True, on_front=True, books=listed)
        features.write(None, draft, by=ACTOR, now=now)
