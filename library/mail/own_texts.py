"""文面: mail texts of the library's own, each for one language; where there is none, the shipped text is sent.

They stand in the settings ``mail_text_<kind>`` (Japanese) and ``mail_text_<kind>.<code>`` (another language).
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from library import audit
from library.language import languages
from library.mail import outbox
from library.store import database
from models import Setting

PREFIX = "mail_text_"


def key(kind: str, code: str) -> str:
    """Return the key of a kind and a language in ``every``: the kind alone for Japanese."""
    return kind if code == languages.JAPANESE else f"{kind}.{code}"


def every() -> dict[str, str]:
    """Return the library's own texts by ``key``."""
    rows = Setting.select().where(Setting.name.startswith(PREFIX), Setting.value.is_null(False))
    return {row.name.removeprefix(PREFIX): row.value for row in rows}


def put(
    kind: str,
    text: str,
    language: languages.Language,
    *,
    check: Callable[[str, str, str], Any],
    by: str,
    now: datetime,
) -> None:
    """Store a text of the library's own, sent from now on. ``check(kind, text, code)`` refuses one that can't be
    rendered.
    """
    check(kind, text, language.code)
    with database.writing():
        stored = Setting.insert(name=PREFIX + key(kind, language.code), value=text)
        stored.on_conflict(conflict_target=[Setting.name], preserve=[Setting.value]).execute()
        audit.record("mail_text.changed", actor=by, now=now, mail=_named(kind, language))


def drop(kind: str, language: languages.Language, *, by: str, now: datetime) -> None:
    """Delete the library's own text in a language: the shipped one is sent again."""
    with database.writing():
        if Setting.delete().where(Setting.name == PREFIX + key(kind, language.code)).execute():
            audit.record("mail_text.shipped", actor=by, now=now, mail=_named(kind, language))


def _named(kind: str, language: languages.Language) -> str:
    name = outbox.KINDS[kind]
    return name if language.code == languages.JAPANESE else f"{name}（{language.name}）"
