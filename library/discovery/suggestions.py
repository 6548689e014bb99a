"""検索候補: suggestions while a reader types: titles, creators, subjects, a class.

Nothing typed is stored; a search begins with one kanji, two kana or three Latin letters (spec 12, While typing).
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from library.catalog import heading_names, ndc, subject_words
from library.catalog.folding import fold, readings, romaji, sort_key
from library.catalog.query.query import Query, Row
from library.catalog.search import matching, search, snapshot
from library.catalog.search.snapshot import Snapshot
from library.catalog.shown import browse
from library.store import numbers
from library.store.queries import tuples
from models import Creator, Subject, SubjectLink, Title, TitleSubject

LONGEST = 100  # letters
TITLES, PEOPLE, SUBJECTS, CLASSES = 3, 2, 1, 1
_LOOKED_AT = 12  # titles among which editions of one work may be
_MOST_PEOPLE = 20  # those with the most titles, whose names are compared
_MOST_ABOUT = 50  # titles among whose subjects one is looked for by its other words
_LAST = "\U0010ffff"


class Named(NamedTuple):
    """A creator, a subject or a class, with its number of titles. ``code``: id, or the class."""

    code: str
    name: str
    reading: str
    number: int


@dataclass(frozen=True)
class Found:
    """The suggestions; ``titles`` the best first, one of each work."""

    titles: tuple[Title, ...] = ()
    people: tuple[Named, ...] = ()
    subjects: tuple[Named, ...] = ()
    classes: tuple[Named, ...] = ()


def cleaned(typed: str) -> str:
    """Return the typed text without control characters and needless spaces, LONGEST characters at most."""
    shown = (letter if letter.isprintable() else " " for letter in unicodedata.normalize("NFKC", typed[:LONGEST]))
    return " ".join("".join(shown).split())


def is_enough(text: str) -> bool:
    """Tell whether enough was typed for suggestions."""
    if readings.has_kanji(text):
        return True
    letters = [letter for letter in text if letter.isalnum()]
    return len(letters) >= (2 if any(letter > "\u3000" for letter in letters) else 3)


def find(typed: str) -> Found:
    """Return the suggestions for a typed text; none if too little was typed."""
    text = cleaned(typed)
    if not is_enough(text):
        return Found()
    shot = snapshot.current()
    return Found(_titles(text, shot), _creators(text, shot), _subjects(text, shot), _classes(text))


def _titles(text: str, shot: Snapshot) -> tuple[Title, ...]:
    """Return the best titles with these words in the title; else in title and author: 夏目漱石 ここ."""
    ids = search.best(Query(rows=(Row(text, "title"),)), _LOOKED_AT, shot=shot)
    if not ids and " " in text:
        ids = search.best(Query(q=text), _LOOKED_AT, shot=shot)
    columns = (Title.id, Title.title, Title.volume, Title.author, Title.ndc, Title.work_key)
    rows = {title.id: title for title in Title.select(*columns).where(Title.id.in_(ids))}
    works: dict[object, Title] = {}
    for title in (rows[one] for one in ids if one in rows):
        works.setdefault(title.work_key or title.id, title)
    return tuple(works.values())[:TITLES]


def _creators(text: str, shot: Snapshot) -> tuple[Named, ...]:
    """Return the creators with this name: spelled as typed first, then by number of titles; each under the matching
    name.
    """
    ranks = matching.ranks(Query(rows=(Row(text, "author"),)), shot)
    if ranks is None:
        return ()
    found, _ = shot.creators.pick(np.flatnonzero(ranks != matching.MISS))
    people, counts = np.unique(found, return_counts=True)
    most = np.argsort(-counts, kind="stable")[:_MOST_PEOPLE]
    numbers = dict(zip(people[most].tolist(), counts[most].tolist(), strict=True))
    spelled = heading_names.typed_spellings(text)
    others = heading_names.other_names(numbers)
    called = []
    for author in Creator.select().where(Creator.id.in_(list(numbers))):
        first = heading_names.Name(author.name, author.kana, author.latin)
        meant = heading_names.first_beginning((first, *others.get(author.id, ())), spelled)
        if meant:
            number = numbers[author.id]
            called.append((-number, Named(str(author.id), meant.name, _spoken(meant.kana), number)))
    return tuple(one for _, one in sorted(called)[:PEOPLE])


def _spoken(kana: str) -> str:
    """Return a reading as readers type it: みやざわ けんじ."""
    return romaji.hiragana(kana.replace(",", " ").replace("  ", " "))


def _subjects(text: str, shot: Snapshot) -> tuple[Named, ...]:
    rows = Subject.select().where(_begins(Subject.name, text)).limit(50)
    found = {row.id: row for row in rows}
    if not readings.has_kanji(text) and (letters := sort_key.key(text).partition(" ")[0]):
        found |= {row.id: row for row in Subject.select().where(_begins(Subject.sort_key, letters)).limit(50)}
    named = _with_titles([(row, _spoken(row.kana)) for row in found.values()], shot)
    return named or _with_titles(_by_other_words(text, shot), shot)


def _with_titles(found: list[tuple[Subject, str]], shot: Snapshot) -> tuple[Named, ...]:
    """Return the subjects with most titles, each with its reading, or with the other word that was meant."""
    counts = _counted([row.id for row, _ in found], shot)
    best = sorted(found, key=lambda each: (-counts.get(each[0].id, 0), len(each[0].name), each[0].id))
    named = (Named(str(row.id), row.name, more, counts.get(row.id, 0)) for row, more in best)
    return tuple(each for each in named if each.number)[:SUBJECTS]


def _by_other_words(text: str, shot: Snapshot) -> list[tuple[Subject, str]]:
    """Return the subjects whose authority records have another word for them (を見よ) that matches, with that word."""
    if not SubjectLink.select().exists():
        return []  # as in most libraries
    ids = search.best(Query(rows=(Row(text, "subject", "starts"),)), _MOST_ABOUT, shot=shot)
    asked = SubjectLink.select(SubjectLink.name, SubjectLink.kana, Subject).join(Subject).join(TitleSubject)
    rows = asked.where(TitleSubject.title.in_(ids), SubjectLink.kind == subject_words.SAME) if ids else ()
    spelled = {fold.strict(each) for each in heading_names.typed_spellings(text)} - {""}
    found = {row.subject.id: (row.subject, row.name) for row in rows if _begins_so((row.name, row.kana), spelled)}
    return list(found.values())


def _begins_so(texts: Iterable[str], spelled: Iterable[str]) -> bool:
    return any(fold.strict(text).startswith(each) for text in texts for each in spelled)


def _counted(subjects: Iterable[int], shot: Snapshot) -> dict[int, int]:
    """Return the number of present titles by subject."""
    about = TitleSubject.select(TitleSubject.subject, numbers.of_column(TitleSubject.title).converter(str))
    texts = tuples(about.where(TitleSubject.subject.in_(list(subjects))).group_by(TitleSubject.subject))
    rows = {subject: shot.rows_or_missing(numbers.parsed(text, np.int64)) for subject, text in texts}
    return {subject: int(np.count_nonzero((some >= 0) & ~shot.removed[some])) for subject, some in rows.items()}


def _begins(column: Any, text: str) -> Any:
    return column.between(text, text + _LAST)


def _classes(text: str) -> tuple[Named, ...]:
    """Return the class of this number, else the class with most titles whose words begin with the text."""
    counted = ((code, ndc.caption(code), browse.class_count(code)) for code in ndc.classes_called(text))
    best = sorted((each for each in counted if each[2]), key=lambda each: (-each[2], each[0]))
    return tuple(Named(code, caption, "", count) for code, caption, count in best)[:CLASSES]
