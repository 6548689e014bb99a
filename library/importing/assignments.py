"""対応づけ: the headings of a file for each column, and the meanings of its words; remembered by kind of file, under the
name of where the files come from (profile).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from peewee import Expression, fn

from library import errors
from library.files.headings import AND, NOTHING, Column
from library.files.spreadsheets import fold
from library.store import database
from library.store.queries import tuples
from models import Assignment

USUAL = "前のシステム"  # the profile of a library that names none


@dataclass
class Assignments:
    """``headings``: column → its heading, several (``AND``), or ``NOTHING``; NOTHING → headings that aren't taken,
    OPEN → those for which no column is chosen yet.

    ``values``: column → word of the file → the library's word; empty for none, ``-`` to skip the row.
    """

    headings: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.headings or self.values)

    def __or__(self, later: Assignments) -> Assignments:
        """Return both together; the later one wins."""
        values = {
            name: self.values.get(name, {}) | later.values.get(name, {}) for name in {*self.values, *later.values}
        }
        return Assignments(self.headings | later.headings, values)

    def pairs(self, columns: Iterable[Column]) -> list[str]:
        """Return the assignments as arguments of a command: 題=書名, 状態:所在不明=missing."""
        labels = {column.name: column.label for column in columns}
        headings = [f"{name}={heading}" for name, said in self.headings.items() for heading in said.split(AND)]
        words = [
            (labels.get(name, name), word, means)
            for name, found in self.values.items()
            for word, means in found.items()
        ]
        return headings + [f"{label}:{word}={means}" for label, word, means in words]


def read(pairs: Iterable[tuple[str, str]], columns: Sequence[Column]) -> Assignments:
    """Return the assignments in pairs (column, heading) or (``column:word``, the library's word).

    Raises: MappingMalformed for any other pair.
    """
    known = {fold(word): column.name for column in columns for word in (*column.headings, column.name)}
    known[NOTHING] = NOTHING
    made = Assignments()
    for what, means in pairs:
        name, is_value, word = unicodedata.normalize("NFKC", what).partition(":")
        column = known.get(fold(name))
        if column is None or not (word if is_value else means).strip():
            raise errors.MappingMalformed(columns="、".join(column.name for column in columns))
        if is_value:
            made.values.setdefault(column, {})[word.strip()] = means.strip()
        else:
            made.headings[column] = AND.join(filter(None, [made.headings.get(column), means]))
    return made


def profiles() -> list[str]:
    """Return the names of all profiles, the one that was written to last first."""
    last = fn.MAX(Assignment.id).desc()
    return [
        name for (name,) in tuples(Assignment.select(Assignment.profile).group_by(Assignment.profile).order_by(last))
    ]


def usual() -> str:
    """Return the profile that was written to last."""
    return next(iter(profiles()), USUAL)


def remembered(kind: str, profile: str) -> Assignments:
    """Return the assignments stored for this kind of file; empty if there are none."""
    made = Assignments()
    for row in Assignment.select().where(_of(kind, profile)).order_by(Assignment.id):
        if row.word:
            made.values.setdefault(row.field, {})[row.word] = row.means
        else:
            made.headings[row.field] = row.means
    return made


def _of(kind: str, profile: str) -> Expression:
    return (Assignment.kind == kind) & (Assignment.profile == profile)


def remember(kind: str, made: Assignments, profile: str) -> None:
    """Store these for the next file of the kind, replacing earlier ones of the same column or word."""
    given = {"profile": profile, "kind": kind}
    rows = [given | {"field": name, "word": "", "means": heading} for name, heading in made.headings.items()]
    rows += [
        given | {"field": name, "word": word, "means": means}
        for name, words in made.values.items()
        for word, means in words.items()
    ]
    if rows:
        with database.writing():
            _give_up(kind, profile, made.headings)
            stored = Assignment.insert_many(rows)
            target = [Assignment.profile, Assignment.kind, Assignment.field, Assignment.word]
            stored.on_conflict(conflict_target=target, preserve=[Assignment.means]).execute()


def _give_up(kind: str, profile: str, headings: dict[str, str]) -> None:
    """Forget assignments to other columns of headings that are assigned now."""
    anew = {heading for said in headings.values() for heading in said.split(AND)} - {NOTHING}
    for row in Assignment.select().where(_of(kind, profile), Assignment.word == ""):
        left = [heading for heading in row.means.split(AND) if heading not in anew]
        if row.field == NOTHING and left:
            Assignment.update(means=AND.join(left)).where(Assignment.id == row.id).execute()
        elif row.field not in headings and len(left) < len(row.means.split(AND)):
            row.delete_instance()


def forget(kind: str, profile: str) -> None:
    """Forget all assignments for this kind of file."""
    with database.writing():
        Assignment.delete().where(_of(kind, profile)).execute()
