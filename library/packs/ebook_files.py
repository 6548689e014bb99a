"""The e-book files of a pack: extracted into a folder aside first, then moved to where they are lent from."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from library import errors
from library.packs import contents
from library.packs.checked import BLOCK
from library.packs.sources import Source
from library.store import database

_EBOOK = re.compile(rf"{contents.EBOOKS}/[0-9a-f]{{32}}\.(epub|jpg|png)")


def put(source: Source, folder: Path) -> None:
    """Write the e-book files of a pack into a folder. Raises: PackFileBroken."""
    folder.mkdir(mode=0o700)
    for book in source.manifest.get("ebooks", ()):
        name = str(book.get("file"))
        if not _EBOOK.fullmatch(name):
            raise errors.PackFileBroken(file=contents.MANIFEST)
        target = folder / Path(name).name
        database.make_private(target)
        with source.file(name) as file, open(target, "wb") as copy:
            while block := file.read(BLOCK):
                copy.write(block)
            copy.flush()
            os.fsync(copy.fileno())


@contextmanager
def placed(draft: Path, folder: Path) -> Iterator[None]:
    """Move the e-books to where they are lent from, before any row names them; remove them if the block fails."""
    folder.mkdir(mode=0o700, exist_ok=True)
    moved = [path.replace(folder / path.name) for path in sorted(draft.iterdir())]
    try:
        yield
    except BaseException:
        for path in moved:
            path.unlink(missing_ok=True)
        raise
