"""OPDS 1.2, for reading programs: the shelf of a patron, and what there is to borrow.

Programs borrow by following a link, as OPDS has it.
"""

from functools import partial
from typing import Any

from flask import Blueprint, Response, render_template, request
from peewee import ModelSelect

from library import clock, errors
from library.ebooks import lending
from models import Ebook
from web import access, paging
from web.machines import ereaders
from web.parts import language

bp = Blueprint("opds", __name__)
NAVIGATION = "application/atom+xml;profile=opds-catalog;kind=navigation"
ACQUISITION = "application/atom+xml;profile=opds-catalog;kind=acquisition"
ENTRY = "application/atom+xml;type=entry;profile=opds-catalog"
SEARCH = "application/opensearchdescription+xml"


def _ask(why: type[errors.Refused]) -> Response:
    headers = {"WWW-Authenticate": 'Basic realm="OPDS", charset="UTF-8"', "Cache-Control": "no-store"}
    return Response(language.plain(language.say(why().sentence)), 401, headers, mimetype="text/plain")


feed = partial(ereaders.feed, bp, ask=_ask)


@feed("/")
def root(reader: ereaders.Reader) -> Response:
    parts = [
        ("shelf", reader.url("shelf"), "http://opds-spec.org/shelf"),
        ("new", reader.url("books", which="new"), "http://opds-spec.org/sort/new"),
        ("all", reader.url("books", which="all"), "subsection"),
    ]
    return _feed(reader, "root", {}, NAVIGATION, parts=parts)


@feed("/shelf")
def shelf(reader: ereaders.Reader) -> Response:
    mine = reader.mine()
    entries = [_entry(reader, loan.ebook, mine) for loan in mine.loans]
    return _feed(reader, "shelf", {}, ACQUISITION, entries=entries)


@feed("/<any(all, new):which>")
def books(reader: ereaders.Reader, which: str) -> Response:
    found = ereaders.offered().order_by(*ereaders.ORDERS[which])
    return _list(reader, found, "books", {"which": which})


@feed("/search")
def search(reader: ereaders.Reader) -> Response:
    asked, found = ereaders.asked_for(request.args.get("q", ""))
    return _list(reader, found, "search", {"q": asked})


@feed("/search.xml")
def description(reader: ereaders.Reader) -> Response:
    address = reader.url("search", q="TERMS").replace("TERMS", "{searchTerms}")
    text = render_template("opds/search.xml", address=address, kind=ACQUISITION)
    return Response(text, mimetype=SEARCH)


@feed("/ebooks/<row_id:ebook_id>/loan")
def borrow(reader: ereaders.Reader, ebook_id: int) -> access.Reply:
    def publication(ebook: Ebook) -> Response:
        text = render_template("opds/entry.xml", entry=_entry(reader, ebook, reader.mine()))
        return Response(text, content_type=f"{ENTRY};charset=utf-8")

    return ereaders.borrow(reader, ebook_id, publication)


def _list(reader: ereaders.Reader, found: "ModelSelect[Ebook]", endpoint: str, values: dict) -> Response:
    total = found.count()
    page, pages = paging.asked_for(total, ereaders.SIZE)
    mine, rows = reader.mine(), list(found.paginate(page, ereaders.SIZE))
    standing = lending.every(rows)
    around = paging.links(page, pages, lambda number: reader.url(endpoint, **values, page=number))
    entries = [_entry(reader, ebook, mine, standing[ebook.id]) for ebook in rows]
    more = {"total": total, "size": ereaders.SIZE, "first": (page - 1) * ereaders.SIZE + 1}
    return _feed(reader, endpoint, values, ACQUISITION, entries=entries, around=around, counts=more)


def _entry(reader: ereaders.Reader, ebook: Ebook, mine: lending.Mine, at: lending.Standing | None = None) -> dict:
    return ereaders.entry(reader, ebook, mine, at) | {"entry_kind": ENTRY}


def _feed(reader: ereaders.Reader, endpoint: str, values: dict, kind: str, **more: Any) -> Response:
    text = render_template(
        "opds/feed.xml",
        name=values.get("which", endpoint),
        asked=values.get("q"),
        kind=kind,
        kinds={"navigation": NAVIGATION, "acquisition": ACQUISITION, "search": SEARCH},
        self_url=reader.url(endpoint, **values),
        root_url=reader.url("root"),
        shelf_url=reader.url("shelf"),
        search_url=reader.url("description"),
        updated=clock.now().isoformat(timespec="seconds"),
        **{"parts": [], "entries": [], "around": {}, "counts": None} | more,
    )
    return Response(text, content_type=f"{kind};charset=utf-8")
