"""No file and no function is longer than a reader takes in at once."""

import ast
from statistics import median

import pytest

from scripts.check_tree import ROOT, tracked

LONGEST_FILE, MEDIAN, LONGEST_FUNCTION = 350, 90, 45  # lines; how many branches a function has, ruff looks after
BESIDE = ("tests", "benchmarks", "migrations", "scripts")


@pytest.fixture(scope="module")
def sources():
    paths = [path.relative_to(ROOT) for path in tracked() if path.suffix == ".py"]
    return {path: (ROOT / path).read_text(encoding="utf-8") for path in paths if path.parts[0] not in BESIDE}


def functions(text):
    return [node for node in ast.walk(ast.parse(text)) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]


def test_no_file_is_longer_than_a_few_pages(sources):
    lengths = {str(path): text.count("\n") for path, text in sources.items()}
    assert {path: lines for path, lines in lengths.items() if lines > LONGEST_FILE} == {}
    assert median(lengths.values()) < MEDIAN


def test_no_function_is_longer_than_a_page(sources):
    found = [(path, each) for path, text in sources.items() for each in functions(text)]
    assert [f"{path}:{each.name}" for path, each in found if each.end_lineno - each.lineno >= LONGEST_FUNCTION] == []
