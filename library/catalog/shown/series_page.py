"""The page of a series: its titles by their number in it."""

import re
from unicodedata import normalize

from library.catalog import removed_titles
from library.catalog.search import snapshot
from library.catalog.series import volumes
from library.store import engine

_TITLES = f"""
SELECT title.id, title_series.number, title.sort_key FROM title_series JOIN title ON title.id = title_series.title_id
WHERE title_series.series_id = ? AND {removed_titles.THERE.format("title.id")}
"""  # noqa: S608
_WORDS = re.compile("^[^0-9〇一二三四五六七八九十百]*")


def titles(series_id: int) -> list[tuple[int, str]]:
    """Return (title id, number in the series) in order, titles without a number last; cached with the snapshot."""
    cached = snapshot.current().cached.setdefault("series", {})
    if series_id not in cached:
        rows = sorted(engine.run(_TITLES, (series_id,)).fetchall(), key=_order)
        cached[series_id] = list({title_id: number for title_id, number, _ in rows}.items())
    return cached[series_id]


def _order(row: tuple[int, str, str]) -> tuple:
    """Return the sort key of a row: by the words before the number, then by number (緑10-1, 緑10-2, 黄1)."""
    title_id, number, key = row
    folded = normalize("NFKC", number)
    words = _WORDS.match(folded)
    return not number, words[0] if words else "", volumes.numbers_in(folded), key, title_id
