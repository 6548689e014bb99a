"""Plain words: docstrings begin with what a thing does or is, and functions have names that say what they return."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("benchmarks", "blueprints", "cli", "library", "scripts", "tables", "tests", "web")
RIDDLES = re.compile(r"(What|Whether|Of|That|How|Who|Which|Where|When|Why)\b")
NAMES = {"of", "said", "kept", "told", "answered"}


def riddles(path):
    """Yield each docstring of a file that opens with a riddle, and each function with a name that says nothing."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            words = ast.get_docstring(node) or ""
            if RIDDLES.match(words):
                yield words.partition("\n")[0]
        if isinstance(node, ast.FunctionDef) and node.name in NAMES:
            yield f"def {node.name}"


def test_docstrings_and_names_say_what_comes_out():
    paths = [*ROOT.glob("*.py"), *(path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py")))]
    found = {str(path.relative_to(ROOT)): list(riddles(path)) for path in paths}
    assert {path: words for path, words in found.items() if words} == {}
