"""Looking back on one's own history: searched by words, sorted, and counted by year."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from library.catalog.folding import fold, sort_key
from library.catalog.search import matching
from library.reading.history import Record
from library.store.queries import Query, among, listed
from models import Title

_KEYS = Query(
    lambda: Title.select(Title.id, Title.sort_key, Title.author_sort_key).where(Title.id.in_(among("ids"))).tuples()
)
_READINGS = Query(
    lambda: Title.select(Title.id, Title.title_kana, Title.author_kana).where(Title.id.in_(among("ids"))).tuples()
)


# -- finding -----------------------------------------------------------------------------------------------------------
def find(records: list[Record], text: str) -> list:
    """Return the records with all words of a text, in any spelling (``catalog.folding``), in title, reading, author or
    memo.
    """
    words = [{fold.loosen(form) for form in fold.variants(word)} for word in matching.words(text)]
    readings = _of_titles(_READINGS, records) if words else {}
    return [one for one in records if not words or _has(one, words, readings.get(one.title_id, ()))]


def _has(record: Record, words: list[set[str]], kana: Iterable[str]) -> bool:
    texts = [fold.strict(text) for text in (record.title, record.author, record.memo)]
    texts += [reading for text in kana for reading in fold.readings(text)]
    folded = [fold.loosen(text) for text in texts if text]
    return all(any(form in text for form in forms for text in folded) for forms in words)


def _of_titles(query: Query, records: list[Record]) -> dict[int | None, list]:
    """Return title id → the columns that the query reads in the catalogue, for the titles of records."""
    ids = {one.title_id for one in records if one.title_id}
    return {number: columns for number, *columns in query.rows(ids=listed(sorted(ids)))}


# -- ordering ----------------------------------------------------------------------------------------------------------
def in_order(records: list[Record], order: str) -> list:
    """Return the records by ``newest`` (as they come), ``oldest``, ``title``, ``author`` or ``rating``; equal ones the
    newest first.
    """
    if order == "oldest":
        return records[::-1]
    if order == "rating":
        return sorted(records, key=lambda one: -one.rating)
    if order not in ("title", "author"):
        return records
    keys, column = _of_titles(_KEYS, records), ("title", "author").index(order)
    return sorted(records, key=lambda one: _key(one, keys, column))


def _key(record: Record, keys: dict, column: int) -> Any:
    """Return the sort key of a record from the catalogue; from its own letters where the title is gone."""
    if record.title_id in keys:
        return keys[record.title_id][column]
    return sort_key.key("", (record.title, record.author)[column])


# -- counting ----------------------------------------------------------------------------------------------------------
def by_year(records: list[Record]) -> list[tuple[int, int]]:
    """Return (year, number of records), the latest year first."""
    return sorted(Counter(int(one.lent_on[:4]) for one in records).items(), reverse=True)
