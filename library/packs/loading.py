"""引っ越しパックを入れる: a pack into an empty library, by way of a SQLite draft that is checked and migrated first.

All of the library is there at the end, or nothing.
"""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import NamedTuple

from peewee import SqliteDatabase

from library.cutover import figures
from library.ebooks import stock
from library.packs import drafts, ebook_files, vacancy
from library.packs.sources import Source
from library.store import database, transfer
from library.store.copying import Progress


class Loaded(NamedTuple):
    """The result of a pack: number of rows, and the figures in the pack and here."""

    rows: int
    in_pack: dict[str, int]
    here: dict[str, int]
    ebooks_missing: list[str]


def check(source: Source, room: Path, *, progress: Progress) -> Loaded:
    """Read a whole pack as an import does, into a draft that is removed; return its figures. Raises: as ``load``."""
    with drafts.made(source, room, progress) as draft:
        return _outcome(source, draft)


def load(source: Source, url: str, instance: Path, *, finish: Callable[[], object], progress: Progress) -> Loaded:
    """Make a library of a pack, where there is none or only a new one. No server may run on ``instance``; mails are
    held back.

    ``finish()`` then derives further data from the rows. Raises: LibraryHasRows, PackFileBroken, PackDiffers,
    copying.NotCopied.
    """
    with ExitStack() as held:
        vacancy.require_empty(url)
        draft = held.enter_context(drafts.made(source, instance, progress))
        outcome = _outcome(source, draft)
        held.enter_context(ebook_files.placed(instance / drafts.DRAFT_EBOOKS, instance / stock.FOLDER))
        if database.file_of(url):
            held.enter_context(vacancy.unused_library_aside(url, instance))
            transfer.install_file(draft, url, instance=instance, finish=finish)
        else:
            given = {"instance": instance, "finish": finish, "progress": progress}
            transfer.move(str(draft), url, make_empty=vacancy.erase_unused_library, **given)
        return outcome


def _outcome(source: Source, draft: Path) -> Loaded:
    """Return the figures of the draft on the day of the pack, beside the pack's own."""
    said = dict(source.manifest["figures"])
    day = date.fromisoformat(said.pop("day"))
    opened = SqliteDatabase(str(draft), pragmas={"query_only": 1}, autoconnect=False)
    with vacancy.bound(lambda: opened), opened.connection_context():
        here = figures.counted(today=day)
    count = sum(each["rows"] for each in drafts.tables_of(source).values())
    return Loaded(count, said, here, list(source.manifest.get("ebooks_missing", ())))
