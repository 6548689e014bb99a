"""検索: the list of titles that a query finds."""

from typing import NamedTuple
from urllib.parse import quote, urlencode

from flask import current_app, request, url_for
from flask_login import current_user

from blueprints.catalog import popular
from blueprints.catalog.blueprint import bp
from library import policy
from library.catalog.query import exclusions, query as queries
from library.catalog.search import call_numbers, facets
from library.catalog.shown import query_words as words, results as searches
from library.discovery import citations
from library.language import sentences
from web import access, htmx, paging
from web.links import with_query
from web.parts import actions, language, references, stored_policy, title_rows as rows
from web.parts.rows import request_rows

SIZE = 20  # titles on a page
NAMED = 4  # values of a facet that are shown at once


class Choice(NamedTuple):
    """A link that narrows a list: a ``chosen`` one leads to the list without it. Without an address it is text."""

    label: str
    url: str | None
    number: int | None = None
    chosen: bool = False


class Group(NamedTuple):
    label: str
    values: tuple[Choice, ...]
    more_url: str = ""  # of the page with all values


@bp.get("/search")
@access.public
def search() -> access.Reply:
    query, rules = queries.parse(request.args), stored_policy.read()
    found = searches.find(query, size=SIZE, at_hand=not query.available, serials_once=True)
    chips = _chips(query, found)
    first, asked = query.without("page"), query.without("sort", "page")
    first_address = address(first)
    return htmx.page(
        "catalog/search.html",
        search_text=query.q,
        heading=words.heading(query, found.instead),
        total=found.total,
        works=found.works,
        conditions=words.conditions(query) if query.q or len(words.conditions(query)) > 1 else [],
        cut=query.cut,
        dropped=words.dropped(query),
        reading=words.interpretation(found.interpretation) if found.interpretation else "",
        instead=found.instead,
        only_class=_only_class(query),
        shown=paging.shown(found.page, SIZE, found.total if found.works is None else found.works),
        rows=_rows(found, rules),
        grouping=_grouping(query, found),
        groups=_groups(query, found, first_address),
        narrowing=_widened() is not None,
        chips=chips,
        clear_url=address(query.without(*queries.FACETS, "available")) if len(chips) > 1 else None,
        sorts=options(words.SORTS, query.sort),
        sort_fields=asked.pairs(),
        save_fields=asked.without("group").pairs(),
        edit_url=f"{url_for('catalog.advanced')}?{urlencode([*first.pairs(), *query.dropped])}",
        exports=references.links(lambda kind: with_query("catalog.results_file", first.address(), kind=kind)),
        most=citations.MOST if found.total > citations.MOST else None,
        suggestion=[_instead(query, other) for other in found.suggestions],
        **(_nothing(query, found, chips) if found.instead or not found.total else {}),
        **paging.links(found.page, found.pages, lambda number: _paged(first_address, number)),
    )


def _rows(found: searches.Results, rules: policy.Policy) -> list[tuple[rows.Row, actions.Action]]:
    """Return the rows of a page; one that stands for a work or a serial has the number of the other titles."""
    drawn = rows.with_actions(found.ids, current_user.patron, rules)
    if not found.others:
        return drawn
    others = dict(zip(found.ids, found.others, strict=True))
    return [(row._replace(others=others[row.id]), action) for row, action in drawn]


def _grouping(query: queries.Query, found: searches.Results) -> Choice | None:
    """Return the link 同じ作品をまとめる, or the one that ends it; None where there is nothing to gather."""
    if query.group:
        return Choice(words.GROUPED, address(query.without("group")), chosen=True)
    return Choice(words.GROUPED, address(query.with_(group="work"))) if found.total > 1 else None


def address(query: queries.Query) -> str:
    """Return the address of the page that answers a query."""
    return with_query("catalog.search", query.address())


def _paged(first: str, number: int) -> str:
    """Return the address of a page of the list that begins at ``first``; the number comes last in it."""
    return _with(first, "page", number) if number > 1 else first


def _with(address: str, name: str, value: str | int) -> str:
    return f"{address}{'&' if '?' in address else '?'}{name}={value}"


def _only_class(query: queries.Query) -> dict | None:
    """Return the link to the class that stands in the box, with the number of its titles; None without one, or without
    a title.
    """
    number, others = call_numbers.split_class(query.q.split())
    if not number or query.ndc:
        return None
    alone = query.with_(q=" ".join(others), ndc=number)
    if exclusions.split(alone.q)[1] != exclusions.split(query.q)[1]:
        return None  # with nothing before it a minus would be text
    count = searches.count(alone)
    return {"number": number, "count": count, "url": address(alone)} if count else None


def _nothing(query: queries.Query, found: searches.Results, chips: list[dict]) -> dict:
    """Return the facts of a page that found nothing as it was typed: each word's and each left-out limit's number of
    titles, the popular books where there are no others, and the search of other libraries.
    """
    elsewhere = current_app.config["CROSS_SEARCH_URL"]
    text = words.plain_text(query)
    return {
        "words": [
            {
                "word": word,
                "count": count,
                "url": address(queries.Query(q=word, group=query.group)),
                "mended": _instead(query, found.mended.get(word)),
            }
            for word, count in found.words
        ],
        "without": [
            {"limit": _limit(query, name, chips), "count": count, "url": address(query.without(name))}
            for name, count in found.without
        ],
        "popular": [] if found.total else popular.spines(),
        "box": request_rows.offer(text if query.q or query.isbn else ""),
        "cross_url": elsewhere.replace("{q}", quote(text, safe="")) if elsewhere and text else "",
    }


def _instead(query: queries.Query, other: tuple[str, int] | None) -> dict | None:
    """Return a text that finds something, with its number and where; None for none."""
    if other is None:
        return None
    text, count = other
    return {"words": text, "count": count, "url": address(queries.Query(q=text, group=query.group))}


def _limit(query: queries.Query, name: str, chips: list[dict]) -> str:
    chosen = [chip["label"] for chip in chips if chip["name"] == name]
    return sentences.Joined(chosen, "、") if chosen else words.limit(query, name)


def _widened() -> str | None:
    """Return the facet of which the address asks for all values; None for none."""
    return next((name for name in queries.FACETS if request.args.get("more") == name), None)


def _groups(query: queries.Query, found: searches.Results, first: str) -> tuple[Group, ...]:
    """Return the groups of links that narrow the list which begins at the address ``first``."""
    groups = [Group(words.AT_HAND, (_at_hand(query, found.at_hand),))]
    additions = query.additions()
    groups += [
        _group(query, name, values, *additions[name], "" if _widened() == name else first)
        for name, values in found.facets
        if len(values) > (name != "format") or getattr(query, name)  # of formats one is news: most titles have none
    ]
    return tuple(groups)


def _at_hand(query: queries.Query, count: int | None) -> Choice:
    """Return the link 在架だけ with its number of titles; without an address where that is 0."""
    if query.available:
        return Choice(words.AVAILABLE, address(query.without("available")), chosen=True)
    url = address(query.with_(available=True)) if count else None
    return Choice(words.AVAILABLE, url, count or 0)


def _group(query: queries.Query, name: str, values: list[facets.Value], before: str, after: str, first: str) -> Group:
    """Return the values of a facet, all of them without an address of the list (``first``)."""
    begin = f"{url_for('catalog.search')}?{before}"
    choices = tuple(
        Choice(
            _label(name, value),
            address(query.without(**{name: value.value}))
            if value.chosen
            else begin + queries.quoted(value.value) + after,
            value.count,
            value.chosen,
        )
        for value in values
    )
    if not first or len(choices) <= NAMED + 1:  # a link to a single one saves nothing
        return Group(words.FACETS[name], choices)
    shown = choices[:NAMED] + tuple(each for each in choices[NAMED:] if each.chosen)
    return Group(words.FACETS[name], shown, f"{_with(first, 'more', name)}#facets")


def _label(name: str, value: facets.Value) -> str:
    return words.class_words(value.value) if name == "ndc_class" else value.label


def _chips(query: queries.Query, found: searches.Results) -> list[dict]:
    """Return the chosen limits, each with the address of the search without it."""
    chips = (
        [{"name": "available", "label": words.AVAILABLE, "url": address(query.without("available"))}]
        if query.available
        else []
    )
    labels = {(name, value.value): _label(name, value) for name, values in found.facets for value in values}
    chosen = [(name, value) for name in queries.FACETS for value in getattr(query, name)]
    names = {} if labels.keys() >= set(chosen) else words.names_in([query])  # of values that no title has
    for name, value in chosen:
        label = labels.get((name, value)) or words.value_words(name, value, names)
        without = address(query.without(**{name: value}))
        chips.append({"name": name, "label": words.limited(words.FACETS[name], language.own(label)), "url": without})
    return chips


def options(labels: dict, chosen: str) -> list[dict]:
    """Return the choices of a field, the chosen one marked."""
    return [{"value": value, "label": label, "chosen": value == chosen} for value, label in labels.items()]
