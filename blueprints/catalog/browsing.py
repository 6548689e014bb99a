"""Finding titles without a word: by class, by author, by accession date."""

from datetime import date
from typing import Any

from flask import Response, abort, current_app, render_template, request, url_for
from flask_login import current_user

from blueprints.catalog.blueprint import bp
from blueprints.catalog.searching import SIZE, Choice, Group, address
from library import clock, wording
from library.catalog import ndc
from library.catalog.query import query as queries
from library.catalog.shown import browse, query_words as words
from library.store import queries as stored
from models import Title
from web import access, htmx, paging
from web.parts import stored_policy, title_rows as rows

AUTHORS = 60  # on a page
LEVELS = 3  # of the NDC
WINDOWS = (7, 31, 92)  # days
FEED_DAYS, FEED_ENTRIES = 31, 50


@bp.get("/classes", defaults={"code": ""})
@bp.get("/classes/<code>")
@access.public
def classes(code: str) -> access.Reply:
    """分類から探す: show the classes below one of the NDC, in three levels, with their numbers of titles."""
    if code and not (code.isascii() and code.isdigit() and len(code) < LEVELS and ndc.caption(code)):
        abort(404)
    count = browse.class_count(code) if code else 0
    return htmx.page(
        "catalog/classes.html",
        code=code,
        caption=ndc.caption(code),
        parents=[(one, ndc.caption(one)) for one in ndc.parents(code)],
        classes=[
            {"code": below, "caption": caption, "count": number, "url": _class_url(below)}
            for below, caption, number in browse.classes(code)
        ],
        search_url=address(queries.Query(ndc=code)) if count else None,
        count=count,
    )


def _class_url(code: str) -> str:
    """Return the address of a class: the page of the next level, or its titles below the last."""
    return url_for("catalog.classes", code=code) if len(code) < LEVELS else address(queries.Query(ndc=code))


@bp.get("/authors", defaults={"row": "あ"})
@bp.get("/authors/<row>")
@access.public
def authors(row: str) -> access.Reply:
    """著者名から探す: list every author under a heading of the index."""
    if row not in browse.ROWS:
        abort(404)
    page = queries.parse(request.args).page
    listed = browse.creators(row, page=page, size=AUTHORS)
    return htmx.page(
        "catalog/authors.html",
        initial=row,
        initials=browse.ROWS,
        authors=[
            {"name": one.name, "kana": one.kana, "count": one.count, "url": url_for("catalog.person", person_id=one.id)}
            for one in listed.entries
        ],
        **paging.links(listed.page, listed.pages, lambda number: _paged("catalog.authors", number, row=row)),
    )


def _paged(endpoint: str, number: int, **values: Any) -> str:
    return url_for(endpoint, **values, page=number if number > 1 else None)


@bp.get("/new")
@access.public
def new() -> access.Reply:
    """新着図書: list new titles by accession date, the latest first."""
    days, material, ndc_class = _window(), request.args.get("material", ""), request.args.get("ndc_class", "")[:1]
    asked = {"days": days, "material": material, "ndc_class": ndc_class}
    page = queries.parse(request.args).page
    rules = stored_policy.read()
    found = browse.new_arrivals(today=clock.today(), page=page, size=SIZE, **asked)
    return htmx.page(
        "catalog/new.html",
        shown=paging.shown(found.page, SIZE, found.total),
        windows=[_choice(str(one), asked, days=one) for one in WINDOWS],
        groups=(
            Group(
                words.FACETS["material"],
                tuple(
                    _choice(word or wording.ALL, asked, material=word)
                    for word in ("", *browse.values_in_use("material"))
                ),
            ),
            Group(
                words.FACETS["ndc_class"],
                tuple(_choice(_class_words(one), asked, ndc_class=one) for one in ("", *ndc.children())),
            ),
        ),
        rows=rows.with_actions(found.ids, current_user.patron, rules, accession=True),
        feed_url=url_for("catalog.new_feed"),
        **paging.links(found.page, found.pages, lambda number: _new_url(asked, number)),
    )


def _window() -> int:
    text = request.args.get("days", "")
    return int(text) if text.isascii() and text.isdigit() and int(text[:3]) in WINDOWS else 31


def _choice(label: str, asked: dict, **changed: Any) -> Choice:
    return Choice(label, _new_url(asked | changed), chosen=asked | changed == asked)


def _class_words(code: str) -> str:
    return words.class_words(code) if code else wording.ALL


def _new_url(asked: dict, number: int = 1) -> str:
    named = {name: value for name, value in asked.items() if value and (name, value) != ("days", 31)}
    return _paged("catalog.new", number, **named)


@bp.get("/new.atom")
@access.public
def new_feed() -> access.Reply:
    """Send 新着図書 for programs that read feeds (RFC 4287)."""
    found = browse.new_arrivals(today=clock.today(), days=FEED_DAYS, size=FEED_ENTRIES)
    base = current_app.config["PUBLIC_URL"]
    days = dict(stored.tuples(Title.select(Title.id, Title.accession_date).where(Title.id.in_(found.ids))))
    entries = [_entry(row, base, days[one]) for one, row in zip(found.ids, rows.rows(found.ids), strict=True)]
    page = render_template(
        "catalog/new.atom",
        feed_url=base + url_for("catalog.new_feed"),
        page_url=base + url_for("catalog.new"),
        updated=entries[0]["updated"] if entries else _midnight(clock.today()),
        entries=entries,
    )
    return Response(page, mimetype="application/atom+xml", headers={"Cache-Control": "public, max-age=3600"})


def _entry(row: rows.Row, base: str, day: date) -> dict:
    return {
        "url": base + row.url,
        "id": base + row.url,
        "title": row.name,
        "author": row.author,
        "summary": " ".join(part for part in (row.imprint, row.call_number) if part),
        "updated": _midnight(day),
    }


def _midnight(day: date) -> str:
    return clock.at(day).isoformat()
