"""索引の作り直し: the request to parse all titles again, and the progress of the new index."""

from datetime import datetime, timedelta
from typing import NamedTuple

from library.catalog.fulltext import index
from library.store import database
from models import Setting, Title

ASKED = "reread"  # a setting that stands until all is done: when it began, and after how many titles


class Outlook(NamedTuple):
    """The part that is done, in per cent, and the minutes left; None while they are not known."""

    percent: int
    minutes: int | None


def is_asked() -> bool:
    """Tell whether a migration or a command has asked to parse all titles again."""
    return Setting.get_or_none(Setting.name == ASKED) is not None


def ask() -> None:
    """Ask to parse all titles again."""
    with database.writing():
        if not is_asked():
            Setting.create(name=ASKED, value={})


def begin(done: int, *, now: datetime) -> None:
    """Note the time and the number of titles ``done``, from which the time left is estimated."""
    with database.writing():
        Setting.update(value={"began": now.isoformat(), "at": done}).where(Setting.name == ASKED).execute()


def end() -> None:
    """Note that all titles have been parsed again."""
    with database.writing():
        Setting.delete().where(Setting.name == ASKED).execute()


def outlook(*, now: datetime) -> Outlook | None:
    """Return the progress of the index that is being built; None when none is."""
    if index.is_complete() and not is_asked():
        return None
    total, done = Title.select().count(), Title.select().where(Title.id <= index.reached()).count()
    row = Setting.get_or_none(Setting.name == ASKED)
    noted = row.value if row else {}
    began, at = noted.get("began"), noted.get("at", 0)
    if not total:
        return Outlook(100, None)
    minutes = None
    if began and done > at:
        left = (now - datetime.fromisoformat(began)) * (total - done) / (done - at)
        minutes = max(1, round(left / timedelta(minutes=1)))
    return Outlook(100 * done // total, minutes)
