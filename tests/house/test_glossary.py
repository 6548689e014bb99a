"""One word, one meaning: names in the code keep to the rooms and words of docs/glossary.md."""

import ast
import re
from collections.abc import Iterator

import pytest

from scripts.check_tree import ROOT, tracked

BESIDE = ("tests", "benchmarks", "migrations", "scripts", "deploy")
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
ROWS = re.findall(r"(?m)^\| (?!word)([a-z, ]+) \| .*? \| .*? \| (.*?) ?\|$", GLOSSARY)
FORBIDDEN = set(re.findall(r"`(\w+)`", GLOSSARY.partition("## Not in this house")[2]))


def words_of(name: str) -> set[str]:
    """Return the words of a name, without the s of a plural: ``open_holds`` is open, hold."""
    words = {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}
    return words | {word.removesuffix("s") for word in words}


def names() -> Iterator[tuple[str, str, str]]:
    """Yield room, file and name of each module, class and function of the product."""
    for path in tracked():
        place = path.relative_to(ROOT)
        if path.suffix != ".py" or place.parts[0] in BESIDE:
            continue
        is_grouped = place.parts[0] in ("library", "blueprints") and len(place.parts) > 2
        room = "/".join(place.parts[: 2 if is_grouped else 1])
        yield room, str(place), place.stem
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                yield room, str(place), node.name


@pytest.fixture(scope="module")
def named() -> list[tuple[str, str, str]]:
    return list(names())


def test_no_name_uses_a_word_that_was_given_up(named):
    assert [f"{file}: {name}" for _, file, name in named if words_of(name) & FORBIDDEN] == []


@pytest.mark.parametrize(("word", "rooms"), [(word, rooms) for word, rooms in ROWS if rooms])
def test_a_word_stays_in_its_rooms(named, word, rooms):
    allowed = set(rooms.split(", "))
    assert [f"{file}: {name}" for room, file, name in named if word in words_of(name) and room not in allowed] == []


def test_no_word_stands_twice_in_the_glossary():
    words = [word for row, _ in ROWS for word in row.split(", ")]
    assert sorted(words) == sorted(set(words))
