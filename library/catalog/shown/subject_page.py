"""The page of a subject: its titles, its other words, and near subjects: をも見よ, above, below, and on the same titles."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import NamedTuple

from peewee import ModelSelect

from library.catalog import removed_titles
from library.catalog.search import snapshot
from library.catalog.subject_words import SAME, SEE_ALSO
from library.catalog.subjects import subjects
from library.store import engine, queries
from models import Subject, SubjectLink, TitleSubject

TOGETHER = 3  # titles that two subjects need to have in common
MOST = 30  # subjects of a list
_COUNT = f"(SELECT count(*) FROM title_subject WHERE subject_id = subject.id AND {removed_titles.THERE.format('title_subject.title_id')})"  # noqa: S608
_TOGETHER = f"""
SELECT subject.name, subject.id, pairs.titles, '' FROM (
    SELECT other.subject_id AS id, count(*) AS titles
    FROM title_subject this JOIN title_subject other ON other.title_id = this.title_id
    WHERE this.subject_id = ? AND other.subject_id <> this.subject_id AND {removed_titles.THERE.format("this.title_id")}
    GROUP BY other.subject_id HAVING count(*) >= ?
) AS pairs
JOIN subject ON subject.id = pairs.id ORDER BY pairs.titles DESC, subject.sort_key, subject.id LIMIT ?
"""  # noqa: S608


class Near(NamedTuple):
    """A subject near another; without an id when no title has it. ``relation`` as in the authority record (上位語)."""

    name: str
    id: int | None
    titles: int = 0
    relation: str = ""


@dataclass
class Page:
    """The page's data. ``titles``: ids, the newest first; ``words``: other words for the subject."""

    subject: Subject
    titles: list[int]
    words: list[str]
    see_also: list[Near]
    above: list[Near]
    below: list[Near]
    together: list[Near]


def select(subject_id: int) -> ModelSelect[Subject]:
    """Return the select of a subject with its links and titles, for ``read``."""
    columns = (SubjectLink.position, SubjectLink.kind, SubjectLink.name, SubjectLink.relation)
    links = (
        SubjectLink.select(queries.rows_as_json(*columns)).where(SubjectLink.subject == Subject.id).alias("all_links")
    )
    titles = TitleSubject.select(queries.rows_as_json(TitleSubject.title)).where(TitleSubject.subject == Subject.id)
    return Subject.select(Subject, links, titles.alias("all_titles")).where(Subject.id == subject_id)


def read(subject: Subject) -> Page:
    """Return the page of a subject, a row of ``select``."""
    shot = snapshot.current()
    links = sorted(json.loads(subject.all_links))
    above, also = subjects.above(subject.name), [(name, words) for _, kind, name, words in links if kind == SEE_ALSO]
    known = _near(subject.name, [*above, *(name for name, _ in also)])
    first = f"{subject.name}{subjects.DIVIDED}"
    below = [
        near
        for name, near in known.items()
        if subjects.DIVIDED not in name.removeprefix(first) and name.startswith(first)
    ]
    return Page(
        subject,
        _in_order([title for (title,) in json.loads(subject.all_titles)], shot),
        [name for _, kind, name, _ in links if kind == SAME],
        [known.get(name, Near(name, None))._replace(relation=words) for name, words in also],
        [known.get(name, Near(name, None)) for name in above],
        below[:MOST],
        _together(subject.id, shot),
    )


def _near(name: str, named: list[str]) -> dict[str, Near]:
    """Return name → subject, with titles, of those named and those below ``name`` (図書館--歴史 below 図書館)."""
    first, last = f"{name}{subjects.DIVIDED}", f"{name}{subjects.DIVIDED[:-1]}."
    blanks = ", ".join("?" * len(named)) or "NULL"
    sql = (
        f"SELECT name, id, {_COUNT} FROM subject WHERE name IN ({blanks}) OR (name >= ? AND name < ?) "  # noqa: S608
        "ORDER BY sort_key, name LIMIT ?"
    )
    found = engine.run(sql, (*named, first, last, 10 * MOST)).fetchall()
    return {each: Near(each, number, count) for each, number, count in found if count}


def _in_order(titles: list[int], shot: snapshot.Snapshot) -> list[int]:
    """Return the titles (ids), the newest first, those that the snapshot does not have yet last;
    without removed ones.
    """
    places, rows = shot.positions["newest"], {title: shot.row_of(title) for title in titles}
    titles = [title for title in titles if (row := rows[title]) is None or not shot.removed[row]]
    return sorted(
        titles, key=lambda title: (rows[title] is None, title if (row := rows[title]) is None else int(places[row]))
    )


def _together(subject_id: int, shot: snapshot.Snapshot) -> list[Near]:
    """Return 一緒に付く件名: the subjects of at least TOGETHER of the same titles, the most frequent first."""
    cached = shot.cached.setdefault("subjects together", {})
    if subject_id not in cached:
        cached[subject_id] = [Near(*row) for row in engine.run(_TOGETHER, (subject_id, TOGETHER, MOST)).fetchall()]
    return cached[subject_id]
