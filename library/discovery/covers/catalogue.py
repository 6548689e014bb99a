"""The catalogue as the source of covers is asked about it: ISBNs to ask for, and pictures of deleted titles."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from peewee import JOIN, SQL, ModelSelect, fn

from library.discovery.covers import pictures
from library.store.queries import tuples
from models import Cover, Title


def wanted(limit: int, *, now: datetime) -> tuple[list[str], int]:
    """Return up to ``limit`` ISBNs that are due, newest titles first, and the number of all that are due.

    While there is no more room, only ISBNs of titles newer than the oldest one with a picture are due.
    """
    due = Title.select(Title.isbn, fn.COUNT(SQL("*")).over()).join(Cover, JOIN.LEFT_OUTER, on=Cover.isbn == Title.isbn)
    due = due.where(Title.isbn != "", Cover.isbn.is_null() | (Cover.again_at <= now)).group_by(Title.isbn)
    if pictures.is_full(pictures.total()) and (oldest := pictures.oldest()):
        due = due.having(oldest[1] < pictures.ARRIVED)
    rows = list(tuples(due.order_by(pictures.ARRIVED.desc()).limit(limit)))
    return [isbn for isbn, _ in rows], rows[0][1] if rows else 0


def tidy(folder: Path) -> int:
    """Bring picture files, rows and titles into line; return the number of pictures removed for ISBNs without a title.

    Files and rows that an interruption or a restored backup left behind go as well.
    """
    there = {entry.name for entry in os.scandir(folder)} if folder.is_dir() else set()
    gone = [isbn for (isbn,) in tuples(Cover.select(Cover.isbn).where(~fn.EXISTS(_titles())))]
    shown = {isbn for (isbn,) in tuples(Cover.select(Cover.isbn).where(Cover.size > 0))}
    lost = [isbn for isbn in shown if f"{isbn}.webp" not in there]
    pictures.remove(folder, gone + lost)
    left_over = there - {f"{isbn}.webp" for isbn in shown}
    for name in left_over:
        (folder / name).unlink(missing_ok=True)
    return len(shown.intersection(gone).difference(lost))


def _titles() -> ModelSelect[Title]:
    return Title.select(SQL("1")).where(Title.isbn == Cover.isbn)
