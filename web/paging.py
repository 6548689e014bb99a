"""Pages of a list: their numbers and addresses."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import request
from peewee import ModelSelect

from web import forms

AROUND = 2  # pages on either side of the open one that are named


def asked_for(total: int, size: int) -> tuple[int, int]:
    """Return the requested page, or the last if there are fewer, and the number of pages."""
    pages = max(1, -(-total // size))
    return min(forms.number(request.args.get("page")) or 1, pages), pages


def cut(rows: "Sequence[Any] | ModelSelect[Any]", size: int, address: str) -> dict[str, Any]:
    """Return the ``rows`` of the requested page, with ``links`` to the other pages of the list at ``address``."""
    is_query = isinstance(rows, ModelSelect)
    page, pages = asked_for(rows.count() if is_query else len(rows), size)
    return {
        "rows": list(rows.paginate(page, size)) if is_query else rows[(page - 1) * size : page * size],
        **links(page, pages, lambda number: f"{address}{'&' if '?' in address else '?'}page={number}"),
    }


def links(page: int, pages: int, address: Callable[[int], str]) -> dict[str, Any]:
    """Return ``pages``, ``previous_url`` and ``next_url`` for a template; ``address(number)`` is the address of a
    page.
    """
    named = sorted({1, pages, *range(max(1, page - AROUND), min(pages, page + AROUND) + 1)})
    shown = []
    for number in named:
        if shown and shown[-1]["number"] != number - 1:
            shown.append({"number": None})
        shown.append({"number": number, "url": address(number), "current": number == page})
    return {
        "pages": shown if pages > 1 else [],
        "previous_url": address(page - 1) if page > 1 else None,
        "next_url": address(page + 1) if page < pages else None,
    }


def shown(page: int, size: int, total: int) -> tuple[int, int] | None:
    """Return the numbers of the first and the last row on a page; None if there is one row at most."""
    return ((page - 1) * size + 1, min(page * size, total)) if total > 1 else None
