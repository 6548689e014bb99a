"""The way calls run: app → cli → server → {sending, settings}, app → blueprints → web, and all → library → models →
tables. Read from the imports themselves.
"""

import ast
import re
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.each import of_each

ROOT = Path(__file__).resolve().parents[2]
ROOT_MODULES = {path.stem for path in ROOT.glob("*.py")}
MOST_MODULES = 15  # in one folder

# What each part of the house may name of the house.
ALLOWED = {
    "tables": {"tables"},
    "models": {"tables"},
    "library": {"library", "models"},
    "settings": {"settings", "library"},
    "sending": {"sending", "library", "models"},
    "web": {"web", "library", "models"},
    "blueprints": {"blueprints", "web", "library", "models"},
    "server": {"server", "sending", "settings", "library", "models"},
    "cli": {"cli", "server", "sending", "settings", "library"},
    "app": {"blueprints", "cli", "server", "sending", "settings", "web", "library", "models"},
    "madoguchi": {"app"},
}
OF_THE_HOUSE = set(ALLOWED) | ROOT_MODULES
WEB = {"flask", "flask_login", "flask_wtf", "flask_mail", "wtforms", "jinja2", "werkzeug", "waitress", "click"}

# The rooms of the library, from the ground up: a room may import those that stand before it, and no other.
ROOMS = (
    "language", "ground", "store", "branches", "policy", "numbers", "files", "catalog", "calendar", "mail", "access",
    "backups", "health",
    "patrons", "reading", "facts", "lending", "serials", "requests", "interlibrary", "ebooks",
    "site", "counting", "discovery", "merging", "offline", "account", "importing", "cutover", "packs", "demonstration",
)  # fmt: skip
# The rooms of the catalogue, too: a typed text goes from folding to shown. Modules that stand in no room are below all.
ROOMS_OF_CATALOG = (
    "codes", "folding", "series", "readers", "fulltext", "query", "search", "subjects", "works", "shown", "creators",
)  # fmt: skip
# Blueprints of several modules, which know one another.
PACKAGES = ("catalog", "kids", "desk/imports", "my/family", "my/history", "my/profile", "my/reader", "my/requests",
            "my/shelves")  # fmt: skip


def files_of(part):
    single = ROOT / f"{part}.py"
    return [single] if single.exists() else sorted((ROOT / part).rglob("*.py"))


def imported(path):
    """Return the dotted names of all that a file imports, wherever in the file: ``from library import clock`` is
    library.clock.
    """
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


def test_packs_are_made_and_read_by_command_alone():
    """A pack holds what everybody reads: no page, no job and no other room of the library can make one."""
    paths = {path for part in ALLOWED for path in files_of(part)}
    knowing = {path for path in paths if any(f"{name}.".startswith("library.packs.") for name in imported(path))}
    assert {str(path.relative_to(ROOT).parent) for path in knowing} == {"cli", "library/packs"}


def test_a_start_does_not_read_a_package_that_few_ask_for():
    paths = [path for part in ALLOWED for path in files_of(part)]
    lines = [line for path in paths for line in path.read_text(encoding="utf-8").splitlines()]
    assert not [line for line in lines if re.match(r"(import|from) icalendar\b", line)]


def test_nothing_stands_at_the_root_but_the_wiring_the_tables_and_the_program():
    assert {"app", "madoguchi", "models"} == ROOT_MODULES


def test_one_application_is_made_and_by_the_wiring_alone():
    making = re.compile(r"\bFlask\(")
    paths = {path for part in ALLOWED for path in files_of(part) if making.search(path.read_text(encoding="utf-8"))}
    assert {str(path.relative_to(ROOT)) for path in paths} == {"app.py"}


# -- rooms -----------------------------------------------------------------------------------------------------------
def room_of(name):
    """Return the room of a dotted name of the library; a module that stands in no room is ground, ``policy`` a room by
    itself.
    """
    parts = name.split(".")
    if len(parts) > 1 and parts[1] in ROOMS:
        return parts[1]
    return "ground"


def test_rooms_import_each_other_one_way():
    wrong = []
    for path in files_of("library"):
        own = room_of(".".join(path.relative_to(ROOT).with_suffix("").parts))
        for name in sorted(imported(path)):
            if top(name) == "library" and ROOMS.index(room_of(name)) > ROOMS.index(own):
                wrong.append(f"{path.relative_to(ROOT)} ({own}) imports {name}")
    assert not wrong, "\n".join(wrong)


def room_of_catalog(name):
    """Return the room of a dotted name of the catalogue; None for a module that stands in no room."""
    parts = name.split(".")
    return parts[2] if parts[:2] == ["library", "catalog"] and len(parts) > 2 and parts[2] in ROOMS_OF_CATALOG else None


def test_the_rooms_of_the_catalogue_import_each_other_one_way():
    wrong = []
    for path in (ROOT / "library/catalog").glob("*/*.py"):
        own = path.parent.name
        above = ROOMS_OF_CATALOG[ROOMS_OF_CATALOG.index(own) + 1 :]
        named = sorted(imported(path))
        wrong += [f"{path.relative_to(ROOT)} imports {name}" for name in named if room_of_catalog(name) in above]
    assert not wrong, "\n".join(wrong)


def test_every_room_has_a_name_in_the_table():
    folders = {path.name for path in (ROOT / "library").iterdir() if (path / "__init__.py").exists()}
    assert folders - {"errors"} == set(ROOMS) - {"ground", "branches", "policy"}


def modules_and_imports(part):
    """Return each module of a part with the modules of that part it imports, faces of packages included."""
    files = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for path in files_of(part)
    }
    found = {}
    for module, path in files.items():
        names = {name if name in files else name.rpartition(".")[0] for name in imported(path)}
        found[module] = (names & set(files)) - {module}
    return found


@pytest.mark.parametrize("part", ALLOWED)
def test_no_modules_import_each_other_in_a_circle(part):
    left = modules_and_imports(part)
    while free := [module for module, names in left.items() if not names & set(left)]:
        for module in free:
            del left[module]
    assert not left, f"a circle among {sorted(left)}"


@pytest.mark.parametrize("part", ALLOWED)
def test_a_folder_can_be_taken_in_at_a_glance(part):
    sizes = Counter(path.parent.relative_to(ROOT).as_posix() for path in files_of(part) if path.name != "__init__.py")
    many = {folder: size for folder, size in sizes.items() if size > MOST_MODULES}
    assert not many


# -- what each knows -------------------------------------------------------------------------------------------------
@of_each(files_of("library"))
def test_the_rules_know_no_web(path):
    assert not {name for name in imported(path) if top(name) in WEB}


def test_the_tables_know_peewee_and_nothing_else():
    known = {top(name) for path in files_of("tables") for name in imported(path)}
    assert known == {"__future__", "tables", "json", "datetime", "typing", "peewee"}


def test_the_face_of_the_tables_holds_no_table_of_its_own():
    assert {top(name) for name in imported(ROOT / "models.py")} == {"tables"}
    assert not [
        node for node in ast.walk(ast.parse((ROOT / "models.py").read_text())) if isinstance(node, ast.ClassDef)
    ]


@of_each(files_of("blueprints"))
def test_a_blueprint_imports_no_other_blueprint(path):
    place = path.relative_to(ROOT / "blueprints").with_suffix("").as_posix()
    package = next((package for package in PACKAGES if place.startswith(f"{package}/")), None)
    if place.endswith("__init__") and package is None:
        return  # a table of contents
    own = ".".join(("blueprints", *(package or place).split("/"), ""))
    assert not {name for name in imported(path) if top(name) == "blueprints" and not f"{name}.".startswith(own)}


@of_each(files_of("migrations"))
def test_a_migration_is_frozen(path):
    """It brings its own copy of what it changes: a later change of the models must not change what it did."""
    assert not {name for name in imported(path) if top(name) in OF_THE_HOUSE}


def test_no_module_hides_one_of_the_standard_library():
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert not (ROOT_MODULES | packages) & sys.stdlib_module_names


def test_rules_are_called_by_their_module():
    """``from library import clock``, never ``from library.clock import now``: a reader sees where a rule lives."""
    functions = []
    for part in ("web", "blueprints", "server", "sending", "cli", "app"):
        for path in files_of(part):
            for name in imported(path):
                module, _, leaf = name.rpartition(".")
                is_file = (ROOT / (module.replace(".", "/") + ".py")).exists()
                if top(name) == "library" and is_file and leaf.islower():
                    functions.append(f"{path.relative_to(ROOT)} imports {name}")
    assert not functions, "\n".join(functions)
