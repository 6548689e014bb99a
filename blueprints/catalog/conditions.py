"""詳細検索: the form of all conditions, which 検索 answers."""

from typing import NamedTuple

from flask import request

from blueprints.catalog.blueprint import bp
from blueprints.catalog.searching import options
from library import branches
from library.catalog.query import exclusions, query as queries
from library.catalog.shown import browse, query_words as words
from library.language import sentences
from web import access, htmx

FIRST = 1  # rows of conditions that are open at once
NOTHING, ALL = "指定なし", "すべて"
USUAL = queries.Query().sort


class Fold(NamedTuple):
    """A part of the form that opens by a press. ``now``: the words for what is set in it; ``none``: those for nothing.
    ``is_open``: it has a value that was not understood.
    """

    id: str
    name: str
    now: str
    none: str = ALL
    is_open: bool = False


@bp.get("/search/advanced")
@access.public
def advanced() -> access.Reply:
    """Show the form, with the conditions of the address."""
    query = queries.parse(request.args)
    rows = _form_rows(query)
    known = {name: _known(query, name) for name in ("material", "audience", "language", "format")}
    places = [
        {"value": branch.code, "label": branch.name, "chosen": branch.code in query.branch}
        for branch in branches.in_order()
    ]
    return htmx.page(
        "catalog/advanced.html",
        rows=rows,
        first=FIRST,
        has_more=any(row["text"] for row in rows[FIRST:]),
        fields=list(words.FIELDS.items()),
        ways=list(words.WAYS.items()),
        joins=list(words.JOINS.items()),
        isbn=query.isbn,
        **{name: getattr(query, name) for name in words.DROPPED} | dict(query.dropped),
        dropped=words.dropped(query),
        available=query.available,
        group=query.group,
        branches=places,
        sorts=options(words.SORTS, query.sort),
        folds={fold.id: fold for fold in _folds(query, places, known)},
        **{f"{name}s": values for name, values in known.items()},
    )


def _folds(query: queries.Query, places: list[dict], known: dict[str, list[dict]]) -> list[Fold]:
    """Return the folds of the form in their order, each with the words for what is set in it."""
    return [
        Fold("place", "館", _chosen(places)),
        Fold("kind", "資料の種類・対象", _chosen(known["material"] + known["audience"])),
        Fold("format", "利用しやすい形式・言語", _chosen(known["format"] + known["language"])),
        Fold("number", "出版年・分類・ISBN", _numbers(query), NOTHING, bool(query.dropped)),
        Fold("order", "並べ方", words.SORTS[query.sort] if query.sort != USUAL else "", words.SORTS[USUAL]),
    ]


def _chosen(offered: list[dict]) -> str:
    return sentences.Joined((each["label"] for each in offered if each["chosen"]), "、")


def _numbers(query: queries.Query) -> str:
    first = sentences.Sentence("{year}年から", year=query.year_from) if query.year_from else ""
    last = sentences.Sentence("{year}年まで", year=query.year_to) if query.year_to else ""
    return sentences.Joined(filter(None, (first, last, query.ndc, query.isbn)), "、")


def _form_rows(query: queries.Query) -> list[dict]:
    """Return the rows that were asked for, that of the one box first, then empty ones to fill in."""
    text, left_out = exclusions.split(query.q)
    asked = [queries.Row(text)] if text else []
    asked += [queries.Row(word, join="not") for word in left_out[: queries.ROWS - 1]]
    asked += query.rows[: queries.ROWS - len(asked)]
    blank = [queries.Row("", field) for field in ("title", "author", "subject", "all")]
    asked += blank[len(asked) :]
    return [{"field": row.field, "way": row.way, "join": row.join, "text": row.text} for row in asked]


def _known(query: queries.Query, name: str) -> list[dict]:
    """Return the choices of a field: the words that titles have, and the words that were asked for."""
    there = browse.formats_in_use() if name == "format" else browse.values_in_use(name)
    known, label = dict.fromkeys((*there, *getattr(query, name))), words.NAMED.get(name, str)
    return [{"value": word, "label": label(word), "chosen": word in getattr(query, name)} for word in known if word]
