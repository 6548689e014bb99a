"""棚をみる: what there is by class, by author in 五十音順, by what is new, and beside a title on the shelf."""

from datetime import timedelta

import numpy as np
from peewee import fn

from library.catalog import ndc, snapshot, sort_key
from models import Author, Contributor, Title

KANA_ROWS = "あかさたなはまやらわ"
LATIN_ROWS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DIGITS, OTHER = "0", "他"
ROWS = (*KANA_ROWS, *LATIN_ROWS, DIGITS, OTHER)
_AFTER_KANA = "ゔ"


def words(name: str) -> list[str]:
    """What titles have as their material, audience or language."""
    return [word for word in snapshot.current().words[name] if word]


def class_counts(codes) -> dict[str, int]:
    """How many titles have a class that begins with each of these NDC codes (digits and a point)."""
    classes = np.sort(snapshot.current().classes)
    counts = {}
    for code in codes:
        digits = code.replace(".", "")[:8]
        first = int(digits.ljust(8, "0"))
        begin, end = np.searchsorted(classes, [first, first + 10 ** (8 - len(digits))])
        counts[code] = int(end - begin)
    return counts


def authors(row: str, *, page: int, size: int) -> tuple[int, list[tuple[Author, int]]]:
    """How many authors with a title stand under a heading of the index (one of ``ROWS``), and a page of them in 五十音順,
    each with the number of their titles.
    """
    listed = Author.select().where(_under(row), Author.id.in_(Contributor.select(Contributor.author)))
    shown = list(listed.order_by(Author.sort_key, Author.id).paginate(page, size))
    counts = dict(
        Contributor.select(Contributor.author, fn.count(Contributor.title.distinct()))
        .where(Contributor.author.in_(shown))
        .group_by(Contributor.author)
        .tuples()
    )
    return listed.count(), [(author, counts[author.id]) for author in shown]


def _under(row):
    """Keys under a heading: those between two letters, as ``sort_key.row`` puts them."""
    key = Author.sort_key
    if row == OTHER:
        return (
            (key < "0") | ((key > "9\U0010ffff") & (key < "a")) | ((key >= "{") & (key < "あ")) | (key >= _AFTER_KANA)
        )
    if row == DIGITS:
        return (key >= "0") & (key < ":")
    if row in KANA_ROWS:
        place = KANA_ROWS.index(row) + 1
        return (key >= row) & (key < (KANA_ROWS[place] if place < len(KANA_ROWS) else _AFTER_KANA))
    return (key >= row.lower()) & (key < chr(ord(row.lower()) + 1))


def heading(author: Author) -> str:
    """Under which of ``ROWS`` an author stands."""
    return sort_key.row(author.sort_key)


def neighbours(title_id: int, *, before: int, after: int) -> list[int]:
    """The title with those that stand on either side of it in the order of call numbers; nothing for an unknown title."""
    shot = snapshot.current()
    rows = shot.rows_of(np.array([title_id]))
    if not len(rows):
        return []
    positions = shot.positions["call_number"]
    place = positions[rows[0]]
    beside = np.flatnonzero((positions >= place - before) & (positions <= place + after))
    return shot.ids[beside[np.argsort(positions[beside])]].tolist()


def arrivals(
    *, today, days: int, ndc_class: str = "", material: str = "", page: int, size: int
) -> tuple[int, list[int]]:
    """新着図書: how many titles came in the last ``days`` days (today counts), and a page of their ids, the newest first."""
    since = today - timedelta(days=days - 1)
    new = Title.select(Title.id).where(Title.accession_date.between(since, today))
    if ndc_class:
        new = new.where(Title.ndc.startswith(ndc_class))
    if material:
        new = new.where(Title.material_type == material)
    shown = new.order_by(Title.accession_date.desc(), Title.id.desc()).paginate(page, size)
    return new.count(), [row[0] for row in shown.tuples()]


def arrival_classes(*, today, days: int) -> dict[str, int]:
    """How many titles came in those days, by main class of the NDC."""
    since = today - timedelta(days=days - 1)
    digit = fn.substr(Title.ndc, 1, 1)
    counted = (
        Title.select(digit, fn.count(Title.id))
        .where(Title.accession_date.between(since, today), digit.in_(ndc.children()))
        .group_by(digit)
        .order_by(digit)
        .tuples()
    )
    return dict(counted)
