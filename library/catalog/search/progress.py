"""索引の作り直し: whether titles are to be read again, and how far the index is that is being made."""

from datetime import datetime, timedelta
from typing import NamedTuple

from library.catalog.search import index
from library.store import database
from models import Setting, Title

ASKED = "reread"  # a setting: when it began, and at how many titles; there until all is done


class Outlook(NamedTuple):
    """The part that is done, in per cent, and the minutes that are left; None while nobody can tell."""

    percent: int
    minutes: int | None


def is_asked() -> bool:
    """Tell whether the titles are to be read again: a migration asks for it, or a command."""
    return Setting.get_or_none(Setting.name == ASKED) is not None


def ask() -> None:
    with database.writing():
        if not is_asked():
            Setting.create(name=ASKED, value={})


def begin(done: int, *, now: datetime) -> None:
    """Note that it goes on from here."""
    with database.writing():
        Setting.update(value={"began": now.isoformat(), "at": done}).where(Setting.name == ASKED).execute()


def end() -> None:
    with database.writing():
        Setting.delete().where(Setting.name == ASKED).execute()


def outlook(*, now: datetime) -> Outlook | None:
    """Return how far the index is that is being made; None when all is done."""
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
