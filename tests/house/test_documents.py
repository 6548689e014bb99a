"""The instructions in the documents work."""

import ast
import re

import pytest

from app import serve
from library import demonstration
from scripts.check_tree import ROOT, tracked
from tests.house import guide, test_imports

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
    """``flask patrons import`` → patrons import; a group alone, a file or an option ends it. The guide calls it
    madoguchi.
    """
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


ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def there():
    return {path.relative_to(ROOT).as_posix() for path in tracked()}


@pytest.mark.parametrize("name", ["docs/architecture.md", "CONTRIBUTING.md", "docs/glossary.md"])
def test_paths_in_the_documents_of_developers_exist(name):
    assert missing_paths((ROOT / name).read_text(encoding="utf-8"), there()) == []


def test_the_architecture_names_each_folder_and_module_of_the_root():
    named = set(re.findall(r"(?m)^([a-z]+(?:/|\.py)) ", ARCHITECTURE)) | set(
        re.findall(r"\b(madoguchi\.py)\b", ARCHITECTURE)
    )
    tree = {name.partition("/")[0] + "/" for name in there() if "/" in name} | {
        n for n in there() if n.endswith(".py") and "/" not in n
    }
    assert named - {"instance/"} == {name for name in tree if not name.startswith(".")} - {"docs/", "scripts/"}


def test_the_architecture_lists_the_rooms_of_the_library_in_their_order():
    rooms = re.findall(
        r"(?m)^\| `?(\w+)(?:/|\.py)?`? \|", ARCHITECTURE.partition("## The rooms")[2].partition("## A request")[0]
    )
    assert rooms[1:] == list(test_imports.ROOMS)


def test_the_architecture_names_the_groups_of_pages():
    named = ARCHITECTURE.partition("\nblueprints/ ")[2].partition("\nlibrary/ ")[0]
    groups = {
        path.name for folder in ("blueprints", "blueprints/desk") for path in (ROOT / folder).iterdir() if path.is_dir()
    }
    assert {group for group in groups - {"__pycache__"} if f"{group}/" not in named} == set()


DECISIONS = sorted((ROOT / "docs" / "adr").glob("*.md"))
TABLE_OF_PACKAGES = "0002"  # whose words are those of its prose
MOST_WORDS = 400
A_FOLDER = re.compile(r"`((?:[\w.-]+/)+[\w.-]*)`")
A_FILE = re.compile(r"`((?:[\w.-]+/)*[\w-]+\.(?:py|js|css|html))`")


def words_of(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    is_table = path.name.startswith(TABLE_OF_PACKAGES)
    return [word for line in lines if not (is_table and line.startswith("|")) for word in line.split()]


def missing_paths(text, there):
    """Return the paths in backticks that name nothing of the tree: below its folders as they stand,
    else by their end.
    """
    folders = {name.partition("/")[0] for name in there if "/" in name}
    below = [name for name in A_FOLDER.findall(text) if name.partition("/")[0] in folders]
    ends = [name for name in A_FILE.findall(text) if name not in below]
    missing = [name for name in below if not (ROOT / name).exists()]
    return missing + [name for name in ends if not any(f"/{known}".endswith(f"/{name}") for known in there)]


def test_decisions_are_numbered_once():
    numbers = [path.name.partition("-")[0] for path in DECISIONS]
    assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.name)
def test_the_title_of_a_decision_has_its_number_and_names_it(path):
    title = path.read_text(encoding="utf-8").partition("\n")[0]
    assert re.match(rf"# {path.name[:4]} (?!(?:what|how|who|why)\b)\w", title, re.I), title


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.name)
def test_a_decision_is_told_in_few_words(path):
    assert len(words_of(path)) <= MOST_WORDS


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.name)
def test_paths_in_a_decision_exist(path):
    there = {name.relative_to(ROOT).as_posix() for name in tracked()}
    assert missing_paths(path.read_text(encoding="utf-8"), there) == []


def test_a_path_that_is_gone_is_found():
    there = {"library/store/database.py", "watcher.py"}
    assert missing_paths("`library/store/`, `store/database.py`, `watcher.py`, `instance/log`, `/desk/x`", there) == []
    assert missing_paths("`library/gone/`, `gone.py`", there) == ["library/gone/", "gone.py"]
