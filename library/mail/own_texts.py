"""文面: mail texts of the library's own, in the settings ``mail_text_<kind>``; where there is none, the shipped text is
sent.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from library import audit
from library.mail import outbox
from library.store import database
from models import Setting

PREFIX = "mail_text_"


def every() -> dict[str, str]:
    """Return the library's own texts by kind of mail."""
    rows = Setting.select().where(Setting.name.startswith(PREFIX), Setting.value.is_null(False))
    return {row.name.removeprefix(PREFIX): row.value for row in rows}


def put(kind: str, text: str, *, check: Callable[[str, str], Any], by: str, now: datetime) -> None:
    """Store a text of the library's own, sent from now on. ``check(kind, text)`` refuses one that can't be rendered."""
    check(kind, text)
    with database.writing():
        stored = Setting.insert(name=PREFIX + kind, value=text)
        stored.on_conflict(conflict_target=[Setting.name], preserve=[Setting.value]).execute()
        audit.record("mail_text.changed", actor=by, now=now, mail=outbox.KINDS[kind])


def drop(kind: str, *, by: str, now: datetime) -> None:
    """Delete the library's own text: the shipped one is sent again."""
    with database.writing():
        if Setting.delete().where(Setting.name == PREFIX + kind).execute():
            audit.record("mail_text.shipped", actor=by, now=now, mail=outbox.KINDS[kind])
