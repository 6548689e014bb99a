"""The rows that the page of a title shows: the title, its creators, and the other titles that are named there."""

from typing import Any

from peewee import Alias, fn

from library.catalog import removed_titles
from library.discovery import citations
from library.store.queries import Query, among, blank, listed, rows_as_json
from models import (
    Contributor,
    Creator,
    CreatorIdentifier,
    Ebook,
    Subject,
    Title,
    TitleName,
    TitleSeries,
    TitleSubject,
)


def _headings() -> tuple[Alias, Alias, Alias]:
    names = rows_as_json(TitleName.position, TitleName.kind, TitleName.name)
    series = rows_as_json(TitleSeries.position, TitleSeries.series, TitleSeries.name, TitleSeries.number)
    subjects = rows_as_json(TitleSubject.position, Subject.id, Subject.name)
    return (
        Alias(TitleName.select(names).where(TitleName.title == Title.id), "other_titles"),
        Alias(TitleSeries.select(series).where(TitleSeries.title == Title.id), "all_series"),
        Alias(TitleSubject.select(subjects).join(Subject).where(TitleSubject.title == Title.id), "all_subjects"),
    )


def _identifiers() -> Alias:
    numbers = rows_as_json(CreatorIdentifier.scheme, CreatorIdentifier.value)
    return Alias(CreatorIdentifier.select(numbers).where(CreatorIdentifier.author == Creator.id), "identifiers")


def _of_ebook() -> Alias:
    lent = Ebook.select(Ebook.accessibility).where(Ebook.title == Title.id, Ebook.withdrawn_at.is_null())
    return Alias(lent, "of_ebook")


_TITLE = Query(
    lambda: Title.select(
        Title,
        *_headings(),
        citations.makers(),
        _of_ebook(),
        (removed_titles.is_removed() & ~removed_titles.is_borrowed()).alias("is_removed"),
    ).where(Title.id == blank("title"))
)


def read(title_id: int) -> Any:
    """Return the row of a title with its names, series, subjects and creators (each JSON) the accessibility of its
    e-book, and ``is_removed``; None if there is none of this id.
    """
    return _TITLE.first(title=title_id)


_OF_WORK = (
    Title.select(Title.id)
    .where(Title.work_key == blank("work"), Title.work_key != "")
    .order_by(fn.ABS(Title.id - blank("title")), Title.id)
    .limit(blank("most"))
)
_OTHERS = Query(
    lambda: Title.select(
        Title.id, Title.title, Title.subtitle, Title.volume, Title.author, Title.publisher, Title.series, Title.year,
        Title.year_text, Title.ndc, Title.work_key, Title.title_kana, Title.title_latin, Title.volume_kana,
        Title.kana_source, Title.material_type,
    )
    .where(Title.id.in_(among("titles")) | Title.id.in_(_OF_WORK), ~removed_titles.is_removed())
    .order_by(Title.id)
)  # fmt: skip


def other_titles(row: Any, title_ids: list[int], most: int) -> dict[int, Any]:
    """Return id → row of these titles, and of at most ``most`` titles of the same work as ``row``, those with the
    nearest ids; removed titles are left out.
    """
    found = _OTHERS.rows(titles=listed(title_ids), work=row.work_key, title=row.id, most=most)
    return {one.id: one for one in found}


_CONTRIBUTORS = Query(
    lambda: (
        Contributor.select(
            fn.COALESCE(Creator.person, Creator.id).alias("creator_id"),
            Creator.name,
            Creator.kana,
            Creator.latin,
            Contributor.role,
            _identifiers(),
        )
        .join(Creator)
        .where(Contributor.title == blank("title"))
        .order_by(Contributor.position)
    )
)


def contributors(title_id: int) -> list[Any]:
    """Return the creators of a title in the order of its record: the id of each, the form of the name in the record
    with its reading, the role, and the ``identifiers`` of that form (JSON of register and number).
    """
    return _CONTRIBUTORS.rows(title=title_id)
