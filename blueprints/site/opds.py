"""OPDS 1.2, for reading programs: the shelf of a patron, and what there is to borrow.

A patron is known by the secret address that they made, or by card number and password (HTTP Basic, with each question). There is no
session, and nothing to forge: a form is never sent. Programs borrow by following a link, as OPDS has it.
"""

import unicodedata
from dataclasses import dataclass

from flask import Blueprint, Response, abort, current_app, redirect, render_template, request, url_for

from library import clock, errors
from library.ebooks import addresses, lending, stock
from library.people import signing_in
from models import Ebook, Patron, Title
from web import access, entrance, paging, terminals

bp = Blueprint("opds", __name__)
SIZE = 50
SHORTEST = 20  # letters of a token, so that it is told from the names below a root
LONGEST_QUERY, MOST_WORDS = 200, 10
NAVIGATION = "application/atom+xml;profile=opds-catalog;kind=navigation"
ACQUISITION = "application/atom+xml;profile=opds-catalog;kind=acquisition"
ENTRY = "application/atom+xml;type=entry;profile=opds-catalog"
SEARCH = "application/opensearchdescription+xml"
LANGUAGES = {code: short for short, code in stock.LANGUAGES.items()}  # as programs know them
ORDERS = {"all": (Title.sort_key, Ebook.id), "new": (Ebook.added_at.desc(), Ebook.id.desc())}


@dataclass(frozen=True)
class Reader:
    """The patron who asks, and the address: with ``token`` the secret one. One that is older than a seal shows what is sealed."""

    patron: Patron
    token: str = ""
    with_sealed: bool = False

    def url(self, endpoint, **values):
        given = {"token": self.token} if self.token else {}
        name = endpoint if self.token else f"own_{endpoint}"
        return current_app.config["PUBLIC_URL"] + url_for(f"opds.{name}", **given, **values)


# -- who asks --------------------------------------------------------------------------------------------------------
def feed(rule):
    """Register a view at an address below both of a reader's roots: the secret one, and the one that asks for the password."""

    def register(view):
        @access.public
        @terminals.refused
        def behind_link(token, **given):
            link = addresses.shelf_link(token, current_app.config["SECRET_KEY"]) or abort(404)
            return _private(view(Reader(link.patron, token, with_sealed=link.sealed), **given))

        @access.public
        @terminals.refused
        def behind_password(**given):
            patron = _signed_in()
            return _private(view(Reader(patron), **given)) if isinstance(patron, Patron) else patron

        bp.add_url_rule(f"/<string(minlength={SHORTEST}):token>/{rule}", view.__name__, behind_link)
        bp.add_url_rule(f"/{rule}", f"own_{view.__name__}", behind_password)
        return view

    return register


def _private(answer):
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _signed_in():
    """Return the patron whose card and password came; else the answer that is sent in place of the feed."""
    sent = _credentials()
    if sent is None or sent.type != "basic" or not sent.username:
        return _ask()
    try:
        return signing_in.check_program(sent.username, sent.password or "", origin=entrance.origin(), now=clock.now())
    except (errors.SignInTooOften, errors.SignInBusy) as refusal:
        return entrance.told_to_wait(Response(refusal.sentence, mimetype="text/plain"), refusal)
    except errors.CheckMissing:
        return _ask(errors.AddressNeeded)
    except (errors.SignInRefused, errors.RefusedTogether):
        return _ask()


def _credentials():
    """Return what a program sent in the header; None for one that nobody can read."""
    try:
        return request.authorization
    except ValueError:  # letters that have no place in it
        return None


def _ask(why=errors.CardAndPasswordNeeded):
    headers = {"WWW-Authenticate": 'Basic realm="OPDS", charset="UTF-8"', "Cache-Control": "no-store"}
    return Response(why().sentence, 401, headers, mimetype="text/plain")


# -- feeds -----------------------------------------------------------------------------------------------------------
@feed("")
def root(reader):
    parts = [
        ("shelf", reader.url("shelf"), "http://opds-spec.org/shelf"),
        ("new", reader.url("books", which="new"), "http://opds-spec.org/sort/new"),
        ("all", reader.url("books", which="all"), "subsection"),
    ]
    return _feed(reader, "root", {}, NAVIGATION, parts=parts)


@feed("shelf")
def shelf(reader):
    mine = _mine(reader)
    entries = [_entry(reader, loan.ebook, mine) for loan in mine.loans]
    return _feed(reader, "shelf", {}, ACQUISITION, entries=entries)


@feed("<any(all, new):which>")
def books(reader, which):
    found = _offered().order_by(*ORDERS[which])
    return _list(reader, found, "books", {"which": which})


@feed("search")
def search(reader):
    typed = unicodedata.normalize("NFKC", request.args.get("q", ""))[:LONGEST_QUERY]
    asked = "".join(letter if letter.isprintable() else " " for letter in typed)  # XML has no place for others
    found = _offered()
    for word in asked.split()[:MOST_WORDS]:
        found = found.where(Title.title.contains(word) | Title.title_kana.contains(word) | Title.author.contains(word))
    return _list(reader, found.order_by(*ORDERS["all"]), "search", {"q": asked})


@feed("search.xml")
def description(reader):
    address = reader.url("search", q="TERMS").replace("TERMS", "{searchTerms}")
    text = render_template("opds/search.xml", address=address, kind=ACQUISITION)
    return Response(text, mimetype=SEARCH)


@feed("ebooks/<row_id:ebook_id>/loan")
def borrow(reader, ebook_id):
    """Borrow, and answer with what can be read now: its entry, or with ``file`` the way to the file. Asked again it lends nothing
    twice; the question for the headers alone lends nothing at all.
    """
    if not access.from_this_site():  # a browser may remember the password
        abort(403)
    ebook = access.mine_or_404(Ebook.select(Ebook, Title).join(Title).where(Ebook.id == ebook_id))
    if request.method == "GET":
        try:
            loan = lending.borrow(ebook, reader.patron, with_sealed=reader.with_sealed, now=clock.now())
        except errors.Refusals as refused:
            return Response(str(refused), 409, mimetype="text/plain")
        if "file" in request.args:
            return redirect(_file(loan), 303)
    text = render_template("opds/entry.xml", entry=_entry(reader, ebook, _mine(reader)))
    return Response(text, content_type=f"{ENTRY};charset=utf-8")


def _mine(reader):
    return lending.Mine(reader.patron, today=clock.today(), with_sealed=reader.with_sealed)


def _offered():
    return Ebook.select(Ebook, Title).join(Title).where(Ebook.withdrawn_at.is_null())


def _list(reader, found, endpoint, values):
    total = found.count()
    page, pages = paging.asked_for(total, SIZE)
    mine, rows = _mine(reader), list(found.paginate(page, SIZE))
    standing = lending.every(rows)
    around = paging.links(page, pages, lambda number: reader.url(endpoint, **values, page=number))
    entries = [_entry(reader, ebook, mine, standing[ebook.id]) for ebook in rows]
    more = {"total": total, "size": SIZE, "first": (page - 1) * SIZE + 1}
    return _feed(reader, endpoint, values, ACQUISITION, entries=entries, around=around, counts=more)


def _feed(reader, endpoint, values, kind, **more):
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


# -- an e-book in a feed ---------------------------------------------------------------------------------------------
def _entry(reader, ebook, mine, at=None):
    loan, base, title = mine.loan_of.get(ebook.id), current_app.config["PUBLIC_URL"], ebook.title
    page = base + url_for("catalog.title", title_id=title.id)
    cover = base + url_for("ebook_files.cover", ebook_id=ebook.id) if ebook.cover else None
    return {
        "id": f"{page}#ebook-{ebook.id}",
        "title": title.full_name,
        "author": title.author,
        "updated": ebook.added_at.isoformat(timespec="seconds"),
        "language": LANGUAGES.get(title.language, title.language),
        "publisher": title.publisher,
        "issued": str(title.year or ""),
        "identifier": f"urn:isbn:{title.isbn}" if title.isbn else ebook.identifier,
        "summary": title.contents,
        "page_url": page,
        "cover_url": cover,
        "cover_type": ebook.cover,
        "entry_kind": ENTRY,
    } | (_lent(loan) if loan else _to_borrow(reader, ebook, mine, at or lending.standing(ebook)))


def _lent(loan):
    until = clock.local(clock.at(loan.due_on, 23, 59)).isoformat(timespec="seconds")
    since = clock.local(clock.at(loan.lent_on)).isoformat(timespec="seconds")
    return {"file_url": _file(loan), "until": until, "since": since, "due_on": loan.due_on}


def _file(loan):
    token = addresses.file_token(loan, current_app.config["SECRET_KEY"])
    return current_app.config["PUBLIC_URL"] + url_for("ebook_files.file", token=token)


def _to_borrow(reader, ebook, mine, at):
    what, reasons = mine.offer(at)
    can_borrow = what == "borrow" and not reasons
    return {
        "borrow_url": reader.url("borrow", ebook_id=ebook.id),
        "borrow_file_url": reader.url("borrow", ebook_id=ebook.id, file=1),
        "status": "available" if can_borrow else "reserved" if what == "leave" else "unavailable",
        "is_out": what == "wait",
        "waiting": at.waiting,
        "licences": at.licences,
        "free": at.free,
    }
