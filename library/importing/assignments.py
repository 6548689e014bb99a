"""対応づけ: which heading of a file is which column, and what its words mean here. They are remembered for the next file of the kind."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from library import errors
from library.files.headings import AND, NOTHING, Column
from library.files.spreadsheets import fold
from library.store import database
from models import Assignment

KINDS = ("branches", "titles", "items", "patrons", "loans", "holds")


@dataclass
class Assignments:
    """``headings``: column → the heading that stands for it, or several (``AND``), or ``NOTHING``; ``values``: column → word of the file →
    what the library calls it, empty for nothing, ``-`` for rows that are not taken.
    """

    headings: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.headings or self.values)

    def __or__(self, later: Assignments) -> Assignments:
        """Return both, the later ones where they differ."""
        values = {
            name: self.values.get(name, {}) | later.values.get(name, {}) for name in {*self.values, *later.values}
        }
        return Assignments(self.headings | later.headings, values)

    def pairs(self, columns: Iterable[Column]) -> list[str]:
        """Return them as a command takes them: 題=書名, 状態:所在不明=missing."""
        labels = {column.name: column.label for column in columns}
        headings = [f"{name}={heading}" for name, said in self.headings.items() for heading in said.split(AND)]
        words = [
            (labels.get(name, name), word, means)
            for name, found in self.values.items()
            for word, means in found.items()
        ]
        return headings + [f"{label}:{word}={means}" for label, word, means in words]


def read(pairs: Iterable[tuple[str, str]], columns: Sequence[Column]) -> Assignments:
    """Return the assignments of pairs: (column, heading), or (``column:word``, the library's word for it). MappingMalformed for any other."""
    known = {fold(word): column.name for column in columns for word in (*column.headings, column.name)}
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


def remembered(kind: str) -> Assignments:
    """Return the assignments for files of this kind."""
    made = Assignments()
    for row in Assignment.select().where(Assignment.kind == kind).order_by(Assignment.id):
        if row.word:
            made.values.setdefault(row.field, {})[row.word] = row.means
        else:
            made.headings[row.field] = row.means
    return made


def remember(kind: str, made: Assignments) -> None:
    """Keep these for the next file of the kind; what was said of the same before is over."""
    rows = [{"kind": kind, "field": name, "word": "", "means": heading} for name, heading in made.headings.items()]
    rows += [
        {"kind": kind, "field": name, "word": word, "means": means}
        for name, words in made.values.items()
        for word, means in words.items()
    ]
    if rows:
        with database.writing():
            _give_up(kind, made.headings)
            stored = Assignment.insert_many(rows)
            target = [Assignment.kind, Assignment.field, Assignment.word]
            stored.on_conflict(conflict_target=target, preserve=[Assignment.means]).execute()


def _give_up(kind: str, headings: dict[str, str]) -> None:
    """Forget what stood for another column and is one of these ``headings`` now."""
    anew = {heading for said in headings.values() for heading in said.split(AND)} - {NOTHING}
    for row in Assignment.select().where(Assignment.kind == kind, Assignment.word == ""):
        if row.field not in headings and anew & set(row.means.split(AND)):
            row.delete_instance()


def forget(kind: str) -> None:
    """Forget all that was assigned for files of this kind."""
    with database.writing():
        Assignment.delete().where(Assignment.kind == kind).execute()
