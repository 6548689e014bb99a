"""OPDS 2.0, for newer reading programs: the feeds of 1.2 in JSON (drafts.opds.io/opds-2.0)."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from flask import Blueprint, Response, current_app, json, request, url_for
from peewee import ModelSelect

from library import clock, errors
from library.ebooks import lending
from library.site import branding
from models import Ebook
from web import access, paging
from web.machines import ereaders
from web.parts import language

bp = Blueprint("opds2", __name__)
FEED, PUBLICATION = "application/opds+json", "application/opds-publication+json"
AUTHENTICATION = "application/opds-authentication+json"
EPUB = "application/epub+zip"
ACQUIRE = "http://opds-spec.org/acquisition"
NAMES = {"shelf": "借りている電子書籍", "new": "新しい電子書籍", "all": "図書館の電子書籍"}
FOUND = "「{text}」の検索結果"


@bp.get("/authentication")
@access.public
def authentication() -> access.Reply:
    """Tell programs how a patron is asked for: by card number and password."""
    return _json(_authentication(), AUTHENTICATION)


def _authentication(why: type[errors.Refused] = errors.CardAndPasswordNeeded) -> dict:
    base = current_app.config["PUBLIC_URL"]
    return {
        "id": base + url_for("opds2.authentication"),
        "title": branding.name(current_app.config),
        "description": language.say(why().sentence),
        "links": [{"rel": "alternate", "href": base + url_for("site.front"), "type": "text/html"}],
        "authentication": [
            {
                "type": "http://opds-spec.org/auth/basic",
                "labels": {"login": language.say("利用者番号"), "password": language.say("パスワード")},
            }
        ],
    }


def _ask(why: type[errors.Refused]) -> Response:
    answer = _json(_authentication(why), AUTHENTICATION, 401)
    answer.headers["WWW-Authenticate"] = 'Basic realm="OPDS", charset="UTF-8"'
    document = current_app.config["PUBLIC_URL"] + url_for("opds2.authentication")
    answer.headers["Link"] = f'<{document}>; rel="http://opds-spec.org/auth/document"; type="{AUTHENTICATION}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


feed = partial(ereaders.feed, bp, ask=_ask)


@feed("")
def root(reader: ereaders.Reader) -> Response:
    return _feed(reader, reader.url("root"), branding.name(current_app.config), navigation=_navigation(reader))


@feed("/shelf")
def shelf(reader: ereaders.Reader) -> Response:
    mine = reader.mine()
    publications = [_publication(reader, loan.ebook, mine) for loan in mine.loans]
    return _feed(reader, reader.url("shelf"), language.say(NAMES["shelf"]), publications)


@feed("/<any(all, new):which>")
def books(reader: ereaders.Reader, which: str) -> Response:
    found = ereaders.offered().order_by(*ereaders.ORDERS[which])
    return _list(reader, found, language.say(NAMES[which]), "books", which=which)


@feed("/search")
def search(reader: ereaders.Reader) -> Response:
    asked, found = ereaders.asked_for(request.args.get("query", ""))
    return _list(reader, found, language.say(FOUND, text=asked), "search", query=asked)


@feed("/ebooks/<row_id:ebook_id>")
def publication(reader: ereaders.Reader, ebook_id: int) -> Response:
    ebook = access.mine_or_404(ereaders.offered().where(Ebook.id == ebook_id))
    return _json(_publication(reader, ebook, reader.mine()), PUBLICATION)


@feed("/ebooks/<row_id:ebook_id>/loan")
def borrow(reader: ereaders.Reader, ebook_id: int) -> access.Reply:
    return ereaders.borrow(
        reader, ebook_id, lambda ebook: _json(_publication(reader, ebook, reader.mine()), PUBLICATION)
    )


# -- feeds -----------------------------------------------------------------------------------------------------------
def _list(reader: ereaders.Reader, found: "ModelSelect[Ebook]", title: str, endpoint: str, **values: Any) -> Response:
    total = found.count()
    page, pages = paging.asked_for(total, ereaders.SIZE)
    mine, rows = reader.mine(), list(found.paginate(page, ereaders.SIZE))
    standing = lending.every(rows)
    around = paging.links(page, pages, lambda number: reader.url(endpoint, **values, page=number))
    links = [_link(rel, url, FEED) for rel in ("previous", "next") if (url := around[f"{rel}_url"])]
    counts = {"numberOfItems": total, "itemsPerPage": ereaders.SIZE, "currentPage": page}
    publications = [_publication(reader, ebook, mine, standing[ebook.id]) for ebook in rows]
    address = reader.url(endpoint, **values, **({"page": page} if page > 1 else {}))
    return _feed(reader, address, title, publications, links=links, counts=counts)


def _feed(
    reader: ereaders.Reader,
    address: str,
    title: str,
    publications: Sequence[dict] = (),
    *,
    navigation: Sequence[dict] = (),
    links: Sequence[dict] = (),
    counts: dict | None = None,
) -> Response:
    """Return a feed; without books it has links to the others, as an empty feed is not allowed."""
    search = reader.url("search") + "{?query}"
    listed = (
        {"publications": list(publications)}
        if publications
        else {"navigation": list(navigation or _navigation(reader))}
    )
    return _json(
        {
            "metadata": {"title": title, "modified": clock.now().isoformat(timespec="seconds")} | (counts or {}),
            "links": [
                _link("self", address, FEED),
                _link("start", reader.url("root"), FEED),
                _link("search", search, FEED, templated=True),
                _link("http://opds-spec.org/shelf", reader.url("shelf"), FEED),
                *links,
            ],
        }
        | listed,
        FEED,
    )


def _navigation(reader: ereaders.Reader) -> list[dict]:
    return [
        _link("http://opds-spec.org/shelf", reader.url("shelf"), FEED, title=language.say(NAMES["shelf"])),
        _link(
            "http://opds-spec.org/sort/new", reader.url("books", which="new"), FEED, title=language.say(NAMES["new"])
        ),
        _link("subsection", reader.url("books", which="all"), FEED, title=language.say(NAMES["all"])),
    ]


def _publication(reader: ereaders.Reader, ebook: Ebook, mine: lending.Mine, at: lending.Standing | None = None) -> dict:
    facts, base = ereaders.entry(reader, ebook, mine, at), current_app.config["PUBLIC_URL"]
    metadata = {
        "@type": "http://schema.org/Book",
        "identifier": facts["identifier"] or facts["id"],
        "title": facts["title"],
        "author": facts["author"],
        "language": facts["language"],
        "publisher": facts["publisher"],
        "published": facts["issued"],
        "modified": facts["updated"],
        "description": facts["summary"],
    }
    if facts["cover_url"]:
        image = {"href": facts["cover_url"], "type": facts["cover_type"]}
    else:  # each publication has an image
        image = {
            "href": base + url_for("static", filename="cover.png"),
            "type": "image/png",
            "width": 240,
            "height": 360,
        }
    return {
        "metadata": {name: value for name, value in metadata.items() if value},
        "links": [
            _link("self", reader.url("publication", ebook_id=ebook.id), PUBLICATION),
            _link("alternate", facts["page_url"], "text/html"),
            *(_read(facts) if "file_url" in facts else _borrow(facts)),
        ],
        "images": [image],
    }


def _read(facts: dict) -> list[dict]:
    availability = {"state": "available", "since": facts["since"], "until": facts["until"]}
    return [_link(ACQUIRE, facts["file_url"], EPUB, properties={"availability": availability})]


def _borrow(facts: dict) -> list[dict]:
    properties = {"availability": {"state": facts["status"]}, "holds": {"total": facts["waiting"]}}
    if facts["licences"]:
        properties["copies"] = {"total": facts["licences"], "available": facts["free"]}
    indirect = properties | {"indirectAcquisition": [{"type": EPUB}]}
    return [
        _link(f"{ACQUIRE}/borrow", facts["borrow_url"], PUBLICATION, properties=indirect),
        _link(f"{ACQUIRE}/borrow", facts["borrow_file_url"], EPUB, properties=properties),
    ]


def _link(rel: str, href: str, kind: str, **more: Any) -> dict:
    return {"rel": rel, "href": href, "type": kind} | more


def _json(document: dict, kind: str, status: int = 200) -> Response:
    return Response(json.dumps(document, ensure_ascii=False), status, content_type=kind)
