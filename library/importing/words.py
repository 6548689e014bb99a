"""Words that the library defines: 館, 区分, 資料区分, 状態. Others in a file stop it before any row is taken in."""

from collections import Counter
from collections.abc import Collection, Container, Iterable, Mapping
from dataclasses import dataclass, field

from library import errors, policy
from library.files.report import Report
from library.files.spreadsheets import Column, Row, fold
from library.store import database

SHOWN = 20  # words of a column that are named; a file with more has something else in that column
FREE = ("shelf",)  # columns of any word
SETTINGS = {"category": "categories", "material_type": "material_types"}


@dataclass(frozen=True)
class Closed:
    """A column that takes only the library's words, folded. Another word stops the file; not ``stops``: only its
    row.
    """

    column: str
    words: Container[str]
    stops: bool = True


@dataclass(frozen=True)
class Adding:
    """New words for the rules: all that are unknown, or those of a column; ``groups`` are categories that are 団体."""

    all: bool = False
    words: Mapping[str, Collection[str]] = field(default_factory=dict)
    groups: Collection[str] = ()

    def takes(self, column: str, word: str) -> bool:
        return column in SETTINGS and (self.all or word in self.words.get(column, ()))

    def store(self, column: str, words: Iterable[str]) -> None:
        """Add words to the rules of the library."""
        known = policy.get(SETTINGS[column])
        policy.put(SETTINGS[column], [*known, *(word for word in words if word not in known)])
        if column == "category" and self.groups:
            policy.put("group_categories", list(dict.fromkeys([*policy.get("group_categories"), *self.groups])))


NOTHING = Adding()


class _Names:
    """All words but numbers, which the other system alone has names for."""

    def __contains__(self, word: str) -> bool:
        return not word.isdecimal()


def named(column: str) -> Closed:
    """Return a column of free words as Closed: a number in it is told, and may be given its name; it stops nothing."""
    return Closed(column, _Names(), stops=False)


def spelled(column: str) -> dict[str, str]:
    """Return the library's words of this column by their folded spelling."""
    return {fold(word): word for word in policy.get(SETTINGS[column])}


def closed(branches: Container[str], *names: str) -> list[Closed]:
    """Return these columns as Closed; any but category and material_type takes the names of ``branches``."""
    return [Closed(name, spelled(name) if name in SETTINGS else branches) for name in names]


def of_choices(column: str, choices: Iterable[str], *, stops: bool = False) -> Closed:
    """Return a column that takes only these words as Closed."""
    return Closed(column, {fold(word) for word in choices}, stops)


class Unknown:
    """Counts the words of a file that the library doesn't have."""

    def __init__(self, columns: Iterable[Closed]) -> None:
        self._columns = list(columns)
        self.found: dict[str, Counter[str]] = {each.column: Counter() for each in self._columns}

    def look_at(self, row: Row) -> None:
        """Count the unknown words of a row."""
        for each in self._columns:
            word = row.cells.get(each.column)
            if word and word not in each.words and fold(word) not in each.words:
                self.found[each.column][word] += 1

    def add_or_refuse(self, columns: Mapping[str, Column], adding: Adding, report: Report, *, dry_run: bool) -> None:
        """Add the words in ``adding`` to the rules. Raises: ValuesUnknown with all others, before any is added."""
        report.unknown = {name: dict(found) for name, found in self.found.items() if found}
        stopping = {each.column: self.found[each.column] for each in self._columns if each.stops}
        left = {
            name: {word: count for word, count in found.items() if not adding.takes(name, word)}
            for name, found in stopping.items()
        }
        if any(left.values()):
            left = {name: words for name, words in left.items() if words}
            listed = "、".join(_listed(columns[name].label, words) for name, words in left.items())
            name, words = next(iter(left.items()))
            first = f"{columns[name].label}:{_usual(words)[0][0][:40]}"
            raise errors.ValuesUnknown(values=listed, first=first, unknown=left)
        added = {name: list(found) for name, found in stopping.items() if found}
        if added and not dry_run:
            with database.writing():
                for name, found in added.items():
                    adding.store(name, found)


def _usual(words: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(words.items(), key=lambda each: (-each[1], each[0]))


def _listed(label: str, words: Mapping[str, int]) -> str:
    first = _usual(words)
    shown = "".join(f"「{word[:40]}」{count:,}行" for word, count in first[:SHOWN])
    return f"{label}{shown}" + (f"（ほか{len(first) - SHOWN:,}種）" if len(first) > SHOWN else "")
