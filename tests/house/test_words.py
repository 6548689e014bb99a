"""Plain English: docstrings begin with what a thing does or is, name what they return, and no line runs out of the
window.
"""

import ast
import re
from pathlib import Path

from scripts.check_tree import PRODUCT, ROOT, product
from tests.each import of_each

BESIDE = ("benchmarks", "deploy", "scripts", "tests")
PATHS = [*product(), *(path for folder in BESIDE for path in sorted((ROOT / folder).rglob("*.py")))]
RIDDLES = re.compile(r"(What|Whether|Of|That|How|Who|Which|Where|When|Why)\b")
RETURNS = re.compile(r"\b(?:[Rr]eturns?|[Yy]ields?) (?:what|who|how|why|whether|those|which|where|when)\b")
NAMES = {"of", "said", "kept", "told", "answered"}
NO_SUBJECT = re.compile(r"test_(what|who|how|why|whether|those|which)_")
LONGEST = 120
LONGEST_IN_TEMPLATES = 160
LONG_TEXT = 60


def riddles(path: Path):
    """Yield each docstring of a file that opens with a riddle or returns one, and each name that says nothing."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            words = ast.get_docstring(node) or ""
            if RIDDLES.match(words) or RETURNS.search(words):
                yield words.partition("\n")[0]
        if isinstance(node, ast.FunctionDef) and (node.name in NAMES or NO_SUBJECT.match(node.name)):
            yield f"def {node.name}"


def long_lines(path: Path, most: int) -> list[int]:
    """Return the numbers of the lines over ``most`` characters, a note to a checker (noqa) not counted."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [number for number, line in enumerate(lines, 1) if len(line.partition("  # noqa")[0]) > most]


def lines_of_long_texts(path: Path) -> set[int]:
    """Return the numbers of lines with a text that no line break can part: SQL, patterns, lists of words, HTML."""
    tree, found = ast.parse(path.read_text(encoding="utf-8")), set()
    sentences = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings can be parted
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant | ast.JoinedStr) and id(node) not in sentences:
            is_long = node.end_lineno > node.lineno or node.end_col_offset - node.col_offset > LONG_TEXT
            found |= set(range(node.lineno, node.end_lineno + 1)) if is_long else set()
    return found


def test_docstrings_and_names_say_what_comes_out():
    found = {str(path.relative_to(ROOT)): list(riddles(path)) for path in PATHS}
    assert {path: words for path, words in found.items() if words} == {}


@of_each([*PRODUCT, *BESIDE])
def test_no_line_is_longer_than_a_window(folder):
    paths = [path for path in PATHS if path.relative_to(ROOT).parts[0] == folder]
    found = {str(path): set(long_lines(path, LONGEST)) for path in paths}
    found = {path: numbers - lines_of_long_texts(Path(path)) for path, numbers in found.items() if numbers}
    assert {path: numbers for path, numbers in found.items() if numbers} == {}


def test_no_line_of_a_template_is_longer_than_a_wide_window():
    found = {str(path): long_lines(path, LONGEST_IN_TEMPLATES) for path in (ROOT / "templates").rglob("*.html")}
    assert {path: numbers for path, numbers in found.items() if numbers} == {}
