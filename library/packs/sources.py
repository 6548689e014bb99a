"""An opened pack. Each file is checked against its SHA-256; a cut, changed or missing one is refused by its name."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import IO, Any

from library import errors
from library.cutover import figures
from library.packs import contents, rows
from library.packs.checked import UNREADABLE, Checked
from library.store import versions

_SUM = re.compile(
    r"([0-9a-f]{64})  ((?:[a-z_0-9A-Z][a-z_0-9A-Z.]*/)*[a-z_0-9A-Z][a-z_0-9A-Z.]*)\n"
)  # of no file outside the pack
_SHAPE = {
    str: ("program", "library", "made_at"),
    list: ("left_out", "ebooks", "ebooks_missing"),
    dict: ("tables", "figures"),
}


def _is_whole(manifest: Mapping[str, Any]) -> bool:
    """Tell whether a manifest has all entries that are used."""
    if not all(isinstance(manifest.get(name), kind) for kind, names in _SHAPE.items() for name in names):
        return False
    tables, said = manifest["tables"].values(), manifest["figures"]
    try:
        date.fromisoformat(str(said.get("day")))
    except ValueError:
        return False
    return (
        all(isinstance(said.get(name), int) for name in figures.LABELS)
        and all(isinstance(each, dict) and isinstance(each.get("rows"), int) and "sha256" in each for each in tables)
        and all(isinstance(each, dict) for each in manifest["ebooks"])
    )


class Source:
    """An open pack. ``manifest`` describes it, ``version`` is the newest migration of its tables."""

    def __init__(self, opened: Callable[[str], IO[bytes]]) -> None:
        self._opened = opened
        self._sums = self._read_sums()
        self.manifest = self._read_manifest()
        schema = self.manifest["schema"]
        self.version = str(contents.SAME_TABLES.get(schema, schema))

    @contextmanager
    def file(self, name: str) -> Iterator[Checked]:
        """Yield a file to be read. Raises: PackFileBroken, if it is missing or changed."""
        try:
            opened = self._opened(name)
        except UNREADABLE as error:
            raise errors.PackFileBroken(file=name) from error
        with opened:
            checked = Checked(opened, name)
            try:
                yield checked
            except rows.Broken as error:
                raise errors.PackFileBroken(file=name) from error
            if checked.digest != self._sums.get(name):
                raise errors.PackFileBroken(file=name)

    def json(self, name: str) -> dict[str, Any]:
        """Return the object in a JSON file. Raises: PackFileBroken."""
        with self.file(name) as file:
            text = file.whole()
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise errors.PackFileBroken(file=name)
        return found

    def _read_sums(self) -> dict[str, str]:
        try:
            with self._opened(contents.SUMS) as file:
                text = Checked(file, contents.SUMS).whole().decode()
        except (*UNREADABLE, UnicodeDecodeError) as error:
            raise errors.PackUnknown() from error
        found = _SUM.findall(text)
        if "".join(f"{digest}  {name}\n" for digest, name in found) != text:
            raise errors.PackFileBroken(file=contents.SUMS)
        return {name: digest for digest, name in found}

    def _read_manifest(self) -> dict[str, Any]:
        """Return the manifest. Raises: PackFileBroken, PackNewer, PackOfBeforeFirst."""
        manifest = self.json(contents.MANIFEST)
        schema = str(manifest.get("schema"))
        if manifest.get("format") not in contents.FORMATS or schema not in {*versions.known(), *contents.SAME_TABLES}:
            if contents.OF_BEFORE_FIRST.fullmatch(schema):
                raise errors.PackOfBeforeFirst()
            raise errors.PackNewer(version=manifest.get("program", ""))
        if not _is_whole(manifest):
            raise errors.PackFileBroken(file=contents.MANIFEST)
        return manifest

    def check_other_files(self) -> None:
        """Read the files without rows or e-books whole, only to check their sums. Raises: PackFileBroken."""
        for name in self._sums:
            if not name.startswith(("tables/", "blobs/", f"{contents.EBOOKS}/")):
                with self.file(name):
                    pass
