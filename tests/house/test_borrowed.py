"""Dependencies are used as their makers offer them: no private name of a dependency, no undocumented argument."""

import ast

from scripts.check_tree import ROOT, product
from tests.each import of_each

OURS = {path.stem for path in ROOT.glob("*.py")} | {path.parent.name for path in ROOT.glob("*/__init__.py")}
# named tuples, os and peewee offer these in their documentation, Werkzeug its proxy
DOCUMENTED = {"_asdict", "_exit", "_fields", "_get_current_object", "_make", "_meta", "_replace"}
# a foreign key in ALTER TABLE, which frozen migrations and the tables that match them say so
ARGUMENTS = {"_deferred"}
FILES = [*product(), *sorted((ROOT / "scripts").rglob("*.py")), *sorted((ROOT / "migrations").rglob("*.py"))]


def is_private(name):
    return name.startswith("_") and not name.startswith("__") and name not in DOCUMENTED


def own_names(tree):
    """Return the names that a file defines: functions, classes, attributes and variables of its own."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, (ast.Attribute, ast.Name)) and isinstance(node.ctx, ast.Store):
            names.add(node.attr if isinstance(node, ast.Attribute) else node.id)
    return names


def private_names(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    own = own_names(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module.partition(".")[0] not in OURS:
            yield from (f"{path.name}:{node.lineno} {name.name}" for name in node.names if is_private(name.name))
        elif isinstance(node, ast.Attribute) and is_private(node.attr) and node.attr not in own:
            yield f"{path.name}:{node.lineno} {ast.unparse(node)}"
        elif isinstance(node, ast.keyword) and node.arg and is_private(node.arg) and node.arg not in ARGUMENTS:
            yield f"{path.name}:{node.value.lineno} {node.arg}="


@of_each(FILES)
def test_no_private_name_of_a_dependency_is_used(path):
    assert list(private_names(path)) == []


def test_a_private_name_is_found(tmp_path):
    (tmp_path / "bad.py").write_text(
        "from peewee import _x\nimport logging\nlogging._srcfile = None\nprint(a._y, f(_z=1))\n"
    )
    assert len(list(private_names(tmp_path / "bad.py"))) >= 3
