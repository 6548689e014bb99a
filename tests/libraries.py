"""Keep the libraries of tests that have an instance folder each: in a file there, on a server in a database of the
folder's own, which goes with it.
"""

import hashlib
import shutil
from pathlib import Path

from tests import postgres

_folders: dict[str, Path] = {}  # by the name of the database: what is there as long as it is needed


def address(folder):
    """Return DATABASE_URL of the library in this folder. On a server its database is made, with nothing in it."""
    if not postgres.SERVER:
        return str(Path(folder) / "madoguchi.sqlite3")
    if _name(folder) not in _folders:
        _make(folder, "template0")
    return postgres.address(_name(folder))


def settings(folder):
    """Return the further settings of a process, besides the folder."""
    return {"DATABASE_URL": address(folder)} if postgres.SERVER else {}


def fill(folder, migrated):
    """Put an empty library into this folder: a copy of ``migrated``."""
    if postgres.SERVER:
        _make(folder, postgres.template(migrated))
    else:
        shutil.copy(migrated, address(folder))


def copy(source, folder):
    """Copy a folder with the library in it; nobody is connected to it."""
    shutil.copytree(source, folder, dirs_exist_ok=True)
    if postgres.SERVER:
        _make(folder, _name(source))


def _make(folder, template):
    for name in [name for name, needed_by in _folders.items() if not needed_by.exists()]:
        postgres.drop(name)
        del _folders[name]
    folder = Path(folder)
    postgres.new(_name(folder), template)
    _folders[_name(folder)] = folder if folder.exists() else folder.parent


def _name(folder):
    return f"library_{hashlib.sha256(str(folder).encode()).hexdigest()[:20]}"
