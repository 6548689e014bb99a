"""Catalogues of words: what is said for each Japanese sentence, from ``translations/`` and the library's own folder."""

import gettext
import hashlib
import re
from io import BytesIO
from pathlib import Path

from babel.messages import mofile, pofile

SHIPPED = Path(__file__).resolve().parents[2] / "translations"
FILE = "messages.po"
_HEAD = re.compile(r'^"([\w-]+): (.*?)\\n"$', re.M)


def read(path: Path, cache: Path | None = None) -> gettext.GNUTranslations:
    """Return the catalogue of a ``.po`` file, compiled once into the folder ``cache``.

    Raises: OSError, babel's PoFileError.
    """
    text = path.read_bytes()
    kept = cache and cache / f"{path.parent.name}-{hashlib.sha256(text).hexdigest()[:16]}.mo"
    if kept and kept.exists():
        return gettext.GNUTranslations(BytesIO(kept.read_bytes()))
    compiled = BytesIO()
    mofile.write_mo(compiled, pofile.read_po(BytesIO(text), abort_invalid=True))
    if kept:
        _keep(kept, compiled.getvalue())
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def head(path: Path) -> dict[str, str]:
    """Return the lines of the head of a ``.po`` file by their names; Babel keeps those alone that it knows."""
    text = path.read_text(encoding="utf-8").partition("\n\n")[0]
    return {name: value.strip() for name, value in _HEAD.findall(text)}


def _keep(path: Path, compiled: bytes) -> None:
    """Write a compiled catalogue, whole or not at all, and remove the one of an earlier text."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for old in path.parent.glob(f"{path.name.rpartition('-')[0]}-*.mo"):
            old.unlink(missing_ok=True)
        written = path.with_suffix(".new")
        written.write_bytes(compiled)
        written.replace(path)
    except OSError:
        pass  # no room, or a folder that can't be written: the next start compiles again


class Lazy:
    """A catalogue that is read when it is first asked for: most readers of most libraries read Japanese."""

    def __init__(self, path: Path, cache: Path | None = None) -> None:
        self._path, self._cache = path, cache
        self._read: gettext.NullTranslations | None = None

    def __call__(self) -> gettext.NullTranslations:
        if self._read is None:
            self._read = read(self._path, self._cache)
        return self._read
