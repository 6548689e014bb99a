"""Headings of a table and their columns. Several headings make one column if its cells are joined."""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from library import errors, invisible

NEVER_TAKEN = ("性別", "男女")  # no library needs it
# endings of folded headings, which have no ー
SAME_AT_THE_END = {
    "年月日": "日",
    "コド": "番号",
    "cd": "番号",
    "no": "番号",
    "no.": "番号",
    "館名": "館",
    "種別": "区分",
    "フリガナ": "ヨミ",
    "カナ": "ヨミ",
}
NOTHING = "-"  # the heading of a column that is not to be taken, and the column of headings that are not
OPEN = ""  # the column of headings for which none is chosen yet, so that nothing takes them
AND = "\n"  # between the headings that are assigned to one column; no heading has a line end


@dataclass(frozen=True)
class Column:
    """A column of a file: its English name, and its Japanese headings, the usual one first.

    If several headings of a file match, their cells are ``joined`` by this text, or only the ``fullest`` (longest) or
    the ``first`` in the order of these headings is taken, else the file is refused. If none matches, two or more of the
    ``parts`` make the column. ``by_hand``: as ``joined``, for headings that are assigned; an empty cell keeps its
    place. ``lines``: line ends within a cell are kept.
    """

    name: str
    headings: tuple[str, ...] = ()
    required: bool = False
    joined: str = ""
    by_hand: str = ""
    fullest: bool = False
    first: bool = False
    parts: tuple[str, ...] = ()
    lines: bool = False

    @property
    def label(self) -> str:
        return self.headings[0] if self.headings else self.name

    def takes_several(self, *, assigned: bool) -> bool:
        return bool(self.joined or self.fullest or (assigned and self.by_hand))


def names(headings: Sequence[str]) -> list[str]:
    """Return a name for each heading that no other has: with its place where it is empty or stands twice."""
    times = Counter(headings)
    return [
        heading if heading and times[heading] == 1 else f"{heading or '見出しなし'}（{place}列目）"
        for place, heading in enumerate(headings, start=1)
    ]


def find(
    headings: Sequence[str],
    columns: Mapping[str, Column],
    assigned: Mapping[str, str],
    either: Collection[str] = (),
    *,
    strict: bool = True,
) -> dict[str, list[int]]:
    """Return the positions of each column's headings, with those ``assigned`` by hand first; also those assigned to
    NOTHING and OPEN.

    ``strict``: refuse an unclear heading, a missing required column, and a file with none of the columns in ``either``.
    """
    places = {
        name: _assigned(headings, columns.get(name), said, strict)
        for name, said in assigned.items()
        if name in (*columns, NOTHING, OPEN)
    }
    if strict:
        _check_given_once(headings, columns, places)
    taken = {place for found in places.values() for place in found}
    free = {place: fold(heading) for place, heading in enumerate(headings) if heading and place not in taken}
    for column in columns.values():
        if column.name not in places and (found := _own(column, free)):
            places[column.name] = found
    for name, found in places.items() if strict else ():
        if name in columns and len(found) > 1 and not columns[name].takes_several(assigned=name in assigned):
            raise _twice(columns[name], [names(headings)[place] for place in found])
    if strict:
        _check_required(headings, columns, places, either)
    return {name: found for name, found in places.items() if found}


def carried_over(remembered: Mapping[str, str], assigned: Mapping[str, str], headings: Sequence[str]) -> dict[str, str]:
    """Return the assignments of earlier files that fit: their headings are in this file and not newly assigned."""
    anew = {fold(heading) for said in assigned.values() for heading in said.split(AND)}
    there = {*map(fold, (*headings, *names(headings)))} - anew
    left_out = [each for each in remembered.get(NOTHING, "").split(AND) if fold(each) in there]
    return {NOTHING: AND.join(left_out)} | {
        name: said
        for name, said in remembered.items()
        if said == NOTHING or {fold(heading) for heading in said.split(AND)} <= there
    }


def folded(columns: Iterable[Column], assigned: Mapping[str, str] | None = None) -> set[str]:
    """Return the folded headings of these columns, including ``assigned`` ones."""
    columns = list(columns)
    own = {heading for column in columns for heading in (column.name, *column.headings)}
    more = {heading for column in columns for heading in (assigned or {}).get(column.name, "").split(AND)}
    more = {re.sub(r"（\d+列目）$", "", heading) for heading in more}  # of ``names``
    return set(map(fold, own | more - {"", NOTHING}))


def _own(column: Column, free: Mapping[int, str]) -> list[int]:
    """Return the positions of headings that match a column."""
    own = [fold(heading) for heading in (column.name, *column.headings)]
    found = [place for place, heading in free.items() if heading in own]
    if column.first and found:
        return [min(found, key=lambda place: own.index(free[place]))]
    if not found and column.parts:
        parts = set(map(fold, column.parts))
        found = [place for place, heading in free.items() if heading in parts]
        return found if len(found) > 1 else []
    return found


def _assigned(headings: Sequence[str], column: Column | None, said: str, strict: bool) -> list[int]:
    """Return the positions of headings assigned to a column, by exact name or text, else folded."""
    places: list[int] = []
    for heading in [each for each in said.split(AND) if each and (each != NOTHING or each in headings)]:
        found = [place for place, each in enumerate(names(headings)) if each == heading]
        found = found or [place for place, each in enumerate(headings) if each == heading]
        found = found or [place for place, each in enumerate(headings) if each and fold(each) == fold(heading)]
        if strict and column:
            _check_assigned(heading, headings, found)
        places += [place for place in found if place not in places]
    return places


def _check_assigned(heading: str, headings: Sequence[str], found: Sequence[int]) -> None:
    if fold(heading) in map(fold, NEVER_TAKEN):
        raise errors.HeadingNeverTaken(heading=heading)
    if not found:
        raise errors.HeadingNotInFile(heading=heading, found=quoted(headings))


def _twice(column: Column, found: Sequence[str]) -> errors.Refused:
    return errors.HeadingTwice(column=column.label, headings=quoted(found), first=found[0][:40])


def _check_given_once(
    headings: Sequence[str], columns: Mapping[str, Column], places: Mapping[str, Sequence[int]]
) -> None:
    owner: dict[int, str] = {}
    for name in [name for name in places if name in columns]:
        for place in places[name]:
            if place in owner:
                labels = (columns[owner[place]].label, columns[name].label)
                raise errors.HeadingGivenTwice(heading=headings[place], first=labels[0], second=labels[1])
            owner[place] = name


def _check_required(
    headings: Sequence[str],
    columns: Mapping[str, Column],
    places: Mapping[str, Sequence[int]],
    either: Collection[str],
) -> None:
    missing = {name: column.label for name, column in columns.items() if column.required and not places.get(name)}
    if either and not any(places.get(name) for name in either):
        missing[next(iter(either))] = "、".join(columns[name].label for name in either) + "のどれか"
    if missing and not places.keys() - {NOTHING, OPEN} and len(headings) == 1:
        raise errors.FileIsNoTable()
    if missing:
        raise errors.HeadingsMissing(
            columns="、".join(missing.values()), found=quoted(headings), first=next(iter(missing))
        )


@lru_cache(2000)
def fold(heading: str) -> str:
    """Return a heading without differences in width, case, spaces, hyphens, underscores and brackets.

    Endings that mean the same are made one: コード, CD, No. and 番号, 日 and 年月日.
    """
    folded = re.sub(r"[\s_‐\-ー−()\[\]]", "", unicodedata.normalize("NFKC", invisible.drop(heading))).casefold()
    for end, usual in SAME_AT_THE_END.items():
        if folded.endswith(end):
            return folded.removesuffix(end) + usual
    return folded


def quoted(headings: Iterable[str]) -> str:
    """Return headings for a message: each as 「…」, twelve at most, then …."""
    shown = [f"「{heading[:40]}」" for heading in headings if heading]
    return "".join(shown[:12]) + ("…" if len(shown) > 12 else "")
