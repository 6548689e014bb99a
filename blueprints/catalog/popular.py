"""The first of 貸出ベスト30 as a shelf, for a page that has nothing of its own to show."""

from flask import url_for

from library.catalog import spine
from library.discovery import rankings
from models import Title

MOST = 16  # books
_DRAWN = (Title.id, Title.title, Title.volume, Title.author, Title.ndc)


def spines() -> list[tuple[spine.Spine, str]]:
    """Return each book's spine and address, the most lent first."""
    ids = rankings.best("loans", span="half")[:MOST]
    titles = {title.id: title for title in Title.select(*_DRAWN).where(Title.id.in_(ids))}
    return [(_back(titles[number]), url_for("catalog.title", title_id=number)) for number in ids if number in titles]


def _back(title: Title) -> spine.Spine:
    return spine.make(title.full_name, title.author, title.ndc)
