"""Which way calls run: app → {blueprints, jobs, cli, mailer, serving, terminal} → library → models. Read from the imports themselves."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOT_MODULES = {path.stem for path in ROOT.glob("*.py")}
SHARED_BLUEPRINTS = {
    "access",
    "htmx",
    "fields",
    "errors",
    "links",
    "actions",
    "answered",
    "answers",
    "charts",
    "entrance",
    "identity",
    "maintenance",
    "paging",
    "query_words",
    "shelf_rows",
    "static_files",
    "structured",
    "terminals",
    "title_rows",
}

# What each part of the house may name of the house.
ALLOWED = {
    "models": set(),
    "config": {"library"},
    "library": {"library", "models"},
    "mailer": {"library", "models", "mail_texts"},
    "mail_texts": {"library"},
    "jobs": {"library", "models", "mailer"},
    "terminal": {"library", "models", "config"},
    "serving": set(),
    "cli": {"library", "cli", "config", "jobs", "mailer", "terminal"},
    "blueprints": {"library", "models", "blueprints"},
    "app": {"library", "models", "blueprints", "cli", "config", "jobs", "mail_texts", "mailer", "serving", "terminal"},
}
OF_THE_HOUSE = set(ALLOWED) | ROOT_MODULES
WEB = {"flask", "flask_login", "flask_wtf", "flask_mail", "wtforms", "jinja2", "werkzeug", "waitress", "click"}


def files_of(part):
    single = ROOT / f"{part}.py"
    return [single] if single.exists() else sorted((ROOT / part).rglob("*.py"))


def imported(path):
    """Dotted names of all that a file imports, wherever in the file: ``from library import clock`` is library.clock."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def top(name):
    return name.partition(".")[0]


@pytest.mark.parametrize("part", [part for part in ALLOWED if files_of(part)])
def test_calls_run_one_way(part):
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in files_of(part)
        for name in sorted(imported(path))
        if top(name) in OF_THE_HOUSE - ALLOWED[part]
    ]
    assert not wrong, "\n".join(wrong)


def test_every_root_module_has_its_place_in_the_house():
    assert set(ALLOWED) >= ROOT_MODULES


@pytest.mark.parametrize("path", files_of("library"), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_rules_know_no_web(path):
    assert not {name for name in imported(path) if top(name) in WEB}


def test_the_models_know_peewee_and_nothing_else():
    assert {top(name) for name in imported(ROOT / "models.py")} == {"json", "datetime", "peewee"}


@pytest.mark.parametrize("path", files_of("blueprints"), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_blueprint_imports_no_other_blueprint(path):
    """A blueprint is a module, or a package whose modules know one another."""
    own, *_ = path.relative_to(ROOT / "blueprints").with_suffix("").parts
    if own == "__init__":
        return  # the table of contents
    others = {name.split(".")[1] for name in imported(path) if top(name) == "blueprints"}
    assert others <= SHARED_BLUEPRINTS | {own}


@pytest.mark.parametrize("path", files_of("migrations"), ids=lambda path: path.stem)
def test_a_migration_is_frozen(path):
    """It brings its own copy of what it changes: a later change of the models must not change what it did."""
    assert not {name for name in imported(path) if top(name) in OF_THE_HOUSE}


def test_no_module_hides_one_of_the_standard_library():
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert not (ROOT_MODULES | packages) & sys.stdlib_module_names


def test_rules_are_called_by_their_module():
    """``from library import clock``, never ``from library.clock import now``: a reader sees where a rule lives."""
    functions = []
    for part in ("blueprints", "jobs", "cli", "mailer", "app"):
        for path in files_of(part):
            for name in imported(path):
                module, _, leaf = name.rpartition(".")
                is_file = (ROOT / (module.replace(".", "/") + ".py")).exists()
                if top(name) == "library" and is_file and leaf.islower():
                    functions.append(f"{path.relative_to(ROOT)} imports {name}")
    assert not functions, "\n".join(functions)
