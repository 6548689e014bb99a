"""Works and subjects for titles of an older version of the program, some titles at a time while the library is open."""

from library.catalog import records
from library.catalog.fulltext import index
from library.catalog.subjects.subjects import Subjects
from library.catalog.works import works
from library.store import database
from models import Title

BATCH = 200  # titles of a transaction


def is_complete() -> bool:
    """Tell whether every title has its work and its subjects."""
    return not Title.select(Title.id).where(Title.work_key == "").exists()


def link_remaining() -> None:
    """Write the works and subjects of the titles that have none yet, a batch a transaction; can be interrupted and
    called again.
    """
    missing = Title.select(Title.id).where(Title.work_key == "")
    while True:
        with database.writing():
            ids = [title.id for title in missing.order_by(Title.id).limit(BATCH)]
            if not ids:
                return
            pairs = list(records.load(ids).items())
            works.write_keys(pairs)
            Subjects().put(pairs, replaced=True)
            index.copies_changed()
        database.give_way()
