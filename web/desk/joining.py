"""Rows that staff tick to join or separate: works, creators, records of the same book."""

from collections.abc import Callable, Collection
from typing import Any

from flask import request, url_for

from library.catalog.query import query as queries
from models import Title
from web import forms

MOST = 200  # rows that are ticked
# the columns that ``title_row`` shows
SHOWN = (Title.id, Title.title, Title.volume, Title.author, Title.publisher, Title.series, Title.year_text)


class ChosenForm(forms.Form):
    """The searched words; the ticked rows are fields of their own (``ticked``)."""

    q = forms.Text("探す", maximum=queries.LONGEST)

    def carry_out(self, rule: Callable[[], Any], at: str) -> str:
        """Call the rule, with its refusals at the field ``at`` in ``problems``; return the searched words."""
        self.submit(rule, at=at, without=("q",))
        return searched(self.q.data or "")


def searched(words: str) -> str:
    """Return the words without outer spaces, as long as a search may be."""
    return words.strip()[: queries.LONGEST]


def ticked(name: str) -> set[int]:
    """Return the ids of the ticked rows."""
    return set(filter(None, map(forms.number, request.values.getlist(name)[:MOST])))


def title_row(row: Title, chosen: Collection[int], gone: Collection[int]) -> dict[str, Any]:
    """Return a title as a row of the list: id, url, name, author, imprint, and whether it ``is_gone`` or ``ticked``."""
    return {
        "id": row.id,
        "url": url_for("desk.titles.show", title_id=row.id),
        "name": row.full_name,
        "author": row.author,
        "imprint": " ".join(part for part in (row.publisher, row.series, row.year_text) if part),
        "is_gone": row.id in gone,
        "ticked": row.id in chosen,
    }
