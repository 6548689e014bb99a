"""引き継ぎ: the one note of a branch's desk, which its staff leave for one another."""

import hashlib
from datetime import datetime

from library import audit, errors
from library.store import database
from models import Branch, DeskNote

LONGEST = 500


def of_branch(branch: Branch) -> DeskNote | None:
    return DeskNote.get_or_none(DeskNote.branch == branch)


def version(note: DeskNote | None) -> str:
    """Return the mark of a note's text, by which a form knows the note that it was opened with; empty for none."""
    return hashlib.sha256(note.text.encode()).hexdigest()[:16] if note else ""


def write(branch: Branch, text: str, *, shown: str, by: str, now: datetime) -> None:
    """Write the note of a branch; an empty text removes it. ``shown``: the version with which the form was opened.

    Raises: NoteChanged, if somebody else has written meanwhile.
    """
    with database.writing():
        before = of_branch(branch)
        if text == (before.text if before else ""):
            return
        if version(before) != shown:
            raise errors.NoteChanged()
        DeskNote.delete().where(DeskNote.branch == branch).execute()
        if text:
            DeskNote.create(branch=branch, text=text, by=by, at=now)
        audit.record("note.written" if text else "note.removed", actor=by, now=now, branch=branch.code)
