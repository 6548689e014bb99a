"""The instructions in the documents work."""

import ast
import re

import pytest

from app import serve
from library import demonstration
from scripts.check_tree import ROOT, tracked
from tests.house import guide

README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = {
    path: path.read_text(encoding="utf-8")
    for path in [*sorted((ROOT / "docs").glob("*.md")), *guide.FILES, ROOT / "README.md"]
}
SCREENS = {
    path: path.read_text(encoding="utf-8").replace("{{ config.PROGRAM }}", "flask")
    for path in sorted((ROOT / "templates").rglob("*.*"))
}


def commands_in(text):
    """``flask patrons import`` → patrons import; a group alone, a file or an option ends it. The guide calls it madoguchi."""
    called = r"(?:\bflask|(?<!-u )(?<!/opt/)\bmadoguchi)"
    return {found.strip() for found in re.findall(called + r"((?: [a-z][a-z-]*)+)", text)}


def unknown_commands(app, text):
    """Return the commands named in the text that ``flask`` does not have with those words."""
    return [words for words in sorted(commands_in(text)) if not is_command(app, *words.split())]


def is_command(app, first, *rest):
    command = {serve.name: serve, **app.cli.commands}.get(first)
    return command is not None and (not rest or rest[0] in getattr(command, "commands", rest))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_commands_that_are_named_exist(path, app):
    assert unknown_commands(app, DOCUMENTS[path]) == []


def test_commands_that_a_screen_names_exist(app):
    assert {path.name: unknown for path in SCREENS if (unknown := unknown_commands(app, SCREENS[path]))} == {}


def sentences_in(path):
    """Return the Japanese texts of a file of the program that name a command."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    texts = [in_words(node) for node in nodes if isinstance(node, ast.Constant | ast.JoinedStr)]
    return "\n".join(text for text in texts if "flask " in text and not text.isascii())


def in_words(node):
    """Return a text of the program as it reads in its source tree, where the commands are those of ``flask``."""
    if isinstance(node, ast.JoinedStr):
        return "".join(map(in_words, node.values))
    if isinstance(node, ast.FormattedValue):
        return "flask" if ast.unparse(node.value) in ("instances.COMMAND", "instances.PROGRAM") else "…"
    return node.value if isinstance(node.value, str) else ""


def test_commands_that_the_program_names_exist(app):
    program = [path for path in tracked() if path.suffix == ".py" and "tests" not in path.parts]
    said = "\n".join(map(sentences_in, program))
    assert "flask db upgrade" in said
    assert unknown_commands(app, said) == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_targets_of_make_that_are_named_exist(path):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    assert set(re.findall(r"\bmake (run|test[a-z-]*|setup|check|bench)\b", DOCUMENTS[path])) <= targets


def test_the_cards_in_the_readme_are_those_of_the_demonstration():
    cards = dict(card[:2] for card in demonstration.DEMONSTRATION_CARDS)
    named = re.findall(r"^\| `(\d{13})` \| `([^`]+)` \|", README, re.M)
    assert named
    assert all(cards[card] == password for card, password in named)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_files_that_a_document_leads_to_exist(path):
    assert [link for link in guide.links(DOCUMENTS[path]) if link and not (path.parent / link).exists()] == []


def test_paths_in_the_architecture_exist():
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    folders, missing = ["", "library/", "tests/library/"], []
    for name in re.findall(r"`([\w/]+\.(?:py|css|js))`", text):
        missing += [] if any((ROOT / folder / name).exists() for folder in folders) else [name]
    assert not missing


def test_decisions_are_numbered_once_and_carry_their_number():
    numbers = []
    for path in sorted((ROOT / "docs" / "adr").glob("*.md")):
        number, _, _ = path.name.partition("-")
        assert path.read_text(encoding="utf-8").startswith((f"# {number} ", f"# {number}. "))
        numbers.append(number)
    assert len(numbers) == len(set(numbers))
