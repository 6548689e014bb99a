"""Browsing without a word to search for: authors and subjects by 五十音, classes, new titles, neighbours on the shelf."""

from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from library.catalog import ndc, removed_titles
from library.catalog.folding import sort_key
from library.catalog.query.query import Query
from library.catalog.search import facts, search, snapshot
from library.catalog.search.snapshot import Snapshot
from library.store import engine
from models import Title

ROWS = (*"あかさたなはまやらわ", *"ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0", "他")  # the headings of ``sort_key.heading``
_BY_CREATOR, _ABOUT_SUBJECT = (
    removed_titles.THERE.format("contributor.title_id"),
    removed_titles.THERE.format("title_subject.title_id"),
)
# SQL for a list by 五十音: the condition on its rows, and the number of titles of each
_FOUND = {
    "author": f"EXISTS (SELECT 1 FROM contributor WHERE author_id = author.id AND {_BY_CREATOR})",  # noqa: S608
    "subject": f"EXISTS (SELECT 1 FROM title_subject WHERE subject_id = subject.id AND {_ABOUT_SUBJECT})",  # noqa: S608
}
_COUNT = {
    "author": f"""(
        SELECT count(DISTINCT title_id) FROM contributor WHERE author_id IN (
            SELECT each.id FROM author each
            WHERE each.id = COALESCE(author.person_id, author.id) OR each.person_id = COALESCE(author.person_id, author.id)
        ) AND {_BY_CREATOR}
    )""",  # noqa: S608
    "subject": f"(SELECT count(*) FROM title_subject WHERE subject_id = subject.id AND {_ABOUT_SUBJECT})",  # noqa: S608
}


@dataclass
class Entry:
    """A line of the list of authors or subjects. ``count``: titles of the subject, or of the creator under all names;
    ``kana``: romaji when only that is known.
    """

    id: int
    name: str
    kana: str
    count: int


@dataclass
class Page:
    """A page of a list of titles (``ids``) or of ``entries``; ``total`` counts the whole list."""

    total: int
    page: int
    pages: int
    ids: list[int] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)


def _first_letters(table: str) -> dict[str, dict[str, int]]:
    """Return heading → first letter of a sort key → number of rows of the table that begin so."""
    cached = snapshot.current().cached
    if table not in cached:
        found: dict[str, dict[str, int]] = {row: {} for row in ROWS}
        sql = f"SELECT substr(sort_key, 1, 1), count(*) FROM {table} WHERE {_FOUND[table]} GROUP BY 1 ORDER BY 1"  # noqa: S608
        for first, count in engine.run(sql).fetchall():
            found[sort_key.heading(first)][first] = count
        cached[table] = found
    return cached[table]


def creators(row: str, *, page: int = 1, size: int = 50) -> Page:
    """Return a page of the creators under one heading of ROWS by their reading, each form of a name with the id of its
    creator; an empty page for any other ``row``.
    """
    return _listed("author", "COALESCE(person_id, id)", row, page, size)


def subjects(row: str, *, page: int = 1, size: int = 50) -> Page:
    """Return a page of the subjects under one heading of ROWS by their reading; an empty page for any other ``row``."""
    return _listed("subject", "id", row, page, size)


# the reading; for a name that is only romanised the romaji, by which it is sorted
_READING = "CASE WHEN kana = '' AND latin <> name THEN latin ELSE kana END"


def _listed(table: str, number: str, row: str, page: int, size: int) -> Page:
    firsts = _first_letters(table).get(row, {})
    total = sum(firsts.values())
    page, pages = _page_within(page, total, size)
    if not total:
        return Page(0, page, pages)
    sql = (
        f"SELECT {number}, name, {_READING}, {_COUNT[table]} FROM {table} "  # noqa: S608
        f"WHERE sort_key >= ? AND substr(sort_key, 1, 1) IN ({', '.join('?' * len(firsts))}) AND {_FOUND[table]} "
        "ORDER BY sort_key, id LIMIT ? OFFSET ?"
    )
    found = engine.run(sql, (min(firsts), *firsts, size, (page - 1) * size)).fetchall()
    return Page(total, page, pages, entries=[Entry(*each) for each in found])


def classes(code: str = "") -> list[tuple[str, str, int]]:
    """Return (code, caption, number of titles) of the classes below one, the ten main classes for ``""``; also those
    without titles.
    """
    counts = _class_counts(snapshot.current())
    return [(below, ndc.caption(below), _count_in(counts, below)) for below in ndc.children(code) if len(below) <= 3]


def class_count(code: str) -> int:
    """Return the number of titles in a class of one to three digits."""
    return _count_in(_class_counts(snapshot.current()), code)


def _class_counts(shot: Snapshot) -> np.ndarray:
    """Return the number of titles by class of three digits."""
    if "classes" not in shot.cached:
        known = shot.classes[(shot.classes != facts.NO_CLASS) & ~shot.removed]
        shot.cached["classes"] = np.bincount(known // 10**5, minlength=1000)
    return shot.cached["classes"]


def _count_in(counts: np.ndarray, code: str) -> int:
    if not (code.isascii() and code.isdigit() and len(code) <= 3):
        return 0
    width = 10 ** (3 - len(code))
    return int(counts[int(code) * width : (int(code) + 1) * width].sum())


def new_arrivals(
    *, today: date, days: int = 30, ndc_class: str = "", material: str = "", page: int = 1, size: int = 20
) -> Page:
    """Return a page of 新着図書: titles acquired in the last ``days`` days, the latest first; if given, of one main class
    or one material.
    """
    classes, materials = (ndc_class,) if ndc_class in ndc.children() else (), (material,) if material else ()
    asked = Query(ndc_class=classes, material=materials)
    ids = search.acquired(asked, first=today - timedelta(days=days - 1), last=today)
    page, pages = _page_within(page, len(ids), size)
    return Page(len(ids), page, pages, ids=ids[(page - 1) * size : page * size])


def values_in_use(name: str) -> list[str]:
    """Return the values that titles have of ``name``: material, audience or language."""
    return [word for word in snapshot.current().words[name] if word]


def formats_in_use() -> list[str]:
    """Return the codes of 利用しやすい形式 that titles have."""
    shot = snapshot.current()
    return [shot.format_codes[place] for place in np.unique(shot.formats.pick(np.flatnonzero(~shot.removed))[0])]


def neighbours(
    title_id: int, *, before: int = 5, after: int = 5, key: str | None = None, shot: Snapshot | None = None
) -> list[int]:
    """Return a title and those on either side of it on the shelf (ids), in order of call numbers; none for a title
    without call number and class. ``key`` and ``shot``: its shelf key and the snapshot, if the caller has read them.
    """
    shot = shot or snapshot.current()
    row = shot.row_of(title_id)
    key = Title.select(Title.shelf_key).where(Title.id == title_id).scalar() if key is None else key
    if row is None or not key or key == ndc.LAST:
        return []
    places = shot.positions["call_number"]
    reach, place = max(before, after, 1), int(places[row])
    while True:  # go further when many neighbours are removed
        near = np.flatnonzero((places >= place - reach) & (places <= place + reach) & ~shot.removed)
        near = near[np.argsort(places[near])]
        at = int(np.searchsorted(places[near], place))
        ends_before, ends_after = place - reach <= 0, place + reach >= len(places) - 1
        if (at >= before or ends_before) and (len(near) - at > after or ends_after):
            return shot.ids[near[max(0, at - before) : at + after + 1]].tolist()
        reach *= 4


def by_creator(creator_id: int, *, shot: Snapshot | None = None) -> list[int]:
    """Return the ids of a creator's titles, the newest first. ``shot``: the snapshot, if the caller has read it."""
    shot = shot or snapshot.current()
    rows = shot.without_removed(shot.creators.rows_with(creator_id))
    return shot.ids[rows[np.argsort(shot.positions["newest"][rows])]].tolist()


def _page_within(page: int, total: int, size: int) -> tuple[int, int]:
    """Return the number of the page, the last one when there are not so many, and the number of pages."""
    pages = max(1, -(-total // size))
    return min(max(page, 1), pages), pages
