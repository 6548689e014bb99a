"""引っ越しパックを入れる: a pack into an empty library, by way of a file of SQLite beside, in which it is checked and brought to this version.

Nothing is half done: the library is there when everything is, and was not there before.
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
    """A pack that is in: how many rows, and of what there is how many, in the pack and here."""

    rows: int
    in_pack: dict[str, int]
    here: dict[str, int]
    ebooks_missing: list[str]


def check(source: Source, room: Path, *, progress: Progress) -> Loaded:
    """Read a whole pack as an import does, into a file that goes at once, and return what came out. Raises: as ``load``."""
    with drafts.made(source, room, progress) as draft:
        return _outcome(source, draft)


def load(source: Source, url: str, instance: Path, *, finish: Callable[[], object], progress: Progress) -> Loaded:
    """Make a library of a pack where there is none, or one that was only just made. Nobody may be serving from ``instance``. Mails are held.
    ``finish()`` makes there what follows from the rows. Raises: LibraryHasRows, PackFileBroken, PackDiffers, copying.NotCopied.
    """
    with ExitStack() as held:
        vacancy.require_empty(url)
        draft = held.enter_context(drafts.made(source, instance, progress))
        outcome = _outcome(source, draft)
        held.enter_context(ebook_files.placed(instance / drafts.DRAFT_EBOOKS, instance / stock.FOLDER))
        if database.file_of(url):
            held.enter_context(vacancy.without_new_one(url, instance))
            transfer.install_file(draft, url, instance=instance, finish=finish)
        else:
            given = {"instance": instance, "finish": finish, "progress": progress}
            transfer.move(str(draft), url, make_empty=vacancy.empty_new_one, **given)
        return outcome


def _outcome(source: Source, draft: Path) -> Loaded:
    """Count what came out, as of the day of the pack, beside what the pack says."""
    said = dict(source.manifest["figures"])
    day = date.fromisoformat(said.pop("day"))
    opened = SqliteDatabase(str(draft), pragmas={"query_only": 1}, autoconnect=False)
    with vacancy.bound(lambda: opened), opened.connection_context():
        here = figures.counted(today=day)
    count = sum(each["rows"] for each in drafts.tables_of(source).values())
    return Loaded(count, said, here, list(source.manifest.get("ebooks_missing", ())))
