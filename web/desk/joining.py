"""Rows that the staff tick to make one of several, or several of one: works, people, records of the same book."""

from collections.abc import Callable, Collection
from typing import Any

from flask import request, url_for

from library.catalog.search import query as queries
from models import Title
from web import forms

MOST = 200  # rows that are ticked
# of a title what ``title_row`` shows
SHOWN = (Title.id, Title.title, Title.volume, Title.author, Title.publisher, Title.series, Title.year_text)


class ChosenForm(forms.Form):
    """The words that were looked for; the rows that are ticked come beside them (``ticked``)."""

    q = forms.Text("探す", maximum=queries.LONGEST)

    def carry_out(self, rule: Callable[[], Any], at: str) -> str:
        """Call the rule; return what was looked for. ``at``: the name of the ticks, where a refusal stands."""
        self.submit(rule, at=at, without=("q",))
        return searched(self.q.data or "")


def searched(words: str) -> str:
    """Return what was looked for as it is looked for."""
    return words.strip()[: queries.LONGEST]


def ticked(name: str) -> set[int]:
    """Return the numbers of the rows that are ticked."""
    return set(filter(None, map(forms.number, request.values.getlist(name)[:MOST])))


def title_row(row: Title, chosen: Collection[int], gone: Collection[int]) -> dict[str, Any]:
    return {
        "id": row.id,
        "url": url_for("desk.titles.show", title_id=row.id),
        "name": row.full_name,
        "author": row.author,
        "imprint": " ".join(part for part in (row.publisher, row.series, row.year_text) if part),
        "is_gone": row.id in gone,
        "ticked": row.id in chosen,
    }
