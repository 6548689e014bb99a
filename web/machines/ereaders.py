"""Reading programs, in both versions of OPDS: their patron, and an e-book's entry. There is no session.

A patron is known by the secret address they made, or by card number and password (HTTP Basic) in each request.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, current_app, redirect, request, url_for
from peewee import ModelSelect
from werkzeug.datastructures import Authorization

from library import clock, errors
from library.ebooks import addresses, lending, stock
from library.patrons import signing_in
from models import Ebook, EbookLoan, Patron, Title
from web import access, entrance, terminals
from web.parts import language

SIZE = 50
SHORTEST = 20  # letters of a token, so that it is told from the names below a root
LONGEST_QUERY, MOST_WORDS = 200, 10
LANGUAGES = {code: short for short, code in stock.LANGUAGES.items()}  # as programs know them
ORDERS = {"all": (Title.sort_key, Ebook.id), "new": (Ebook.added_at.desc(), Ebook.id.desc())}
View = Callable[..., Any]


@dataclass(frozen=True)
class Reader:
    """The patron of a reading program; with ``token`` at the secret address."""

    blueprint: str
    patron: Patron
    token: str = ""

    def url(self, endpoint: str, **values: Any) -> str:
        given = {"token": self.token} if self.token else {}
        name = endpoint if self.token else f"own_{endpoint}"
        return current_app.config["PUBLIC_URL"] + url_for(f"{self.blueprint}.{name}", **given, **values)

    def mine(self) -> lending.Mine:
        """Return the patron's e-book loans and holds."""
        return lending.Mine(self.patron, today=clock.today())


# -- who asks --------------------------------------------------------------------------------------------------------
def feed(bp: Blueprint, rule: str, ask: Callable[[type[errors.Refused]], Response]) -> Callable[[View], View]:
    """Register a view at both roots of a reader: the secret address, and the one that asks for the password.

    ``rule`` begins with the slash after the root; ``ask(why)`` makes the 401 for a missing or wrong password.
    """

    def register(view: View) -> View:
        @access.public
        @terminals.refused
        def behind_link(token: str, **given: Any) -> Response:
            link = addresses.shelf_link(token, current_app.config["SECRET_KEY"]) or abort(404)
            language.speak_to(link.patron)
            return private(view(Reader(bp.name, link.patron, token), **given))

        @access.public
        @terminals.refused
        def behind_password(**given: Any) -> Response:
            patron = _signed_in(ask)
            if not isinstance(patron, Patron):
                return patron
            language.speak_to(patron)
            return private(view(Reader(bp.name, patron), **given))

        name = view.__name__
        bp.add_url_rule(f"/<string(minlength={SHORTEST}):token>{rule}", name, behind_link)
        bp.add_url_rule(rule, f"own_{name}", behind_password)
        return view

    return register


def private(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _signed_in(ask: Callable[[type[errors.Refused]], Response]) -> Patron | Response:
    """Return the patron with this card and password; else the response to send instead of the feed."""
    sent = _credentials()
    if sent is None or sent.type != "basic" or not sent.username:
        return ask(errors.CardAndPasswordNeeded)
    try:
        return signing_in.check_program(sent.username, sent.password or "", origin=entrance.origin(), now=clock.now())
    except (errors.SignInTooOften, errors.SignInBusy) as refusal:
        return entrance.told_to_wait(
            Response(language.plain(language.say(refusal.sentence)), mimetype="text/plain"), refusal
        )
    except errors.CheckMissing:
        return ask(errors.AddressNeeded)
    except (errors.SignInRefused, errors.RefusedTogether):
        return ask(errors.CardAndPasswordNeeded)


def _credentials() -> Authorization | None:
    """Return the request's credentials; None for an unreadable header."""
    try:
        return request.authorization
    except ValueError:  # letters that have no place in it
        return None


# -- e-books ---------------------------------------------------------------------------------------------------------
def offered() -> "ModelSelect[Ebook]":
    """Return a query for the e-books that are not withdrawn, with their titles."""
    return Ebook.select(Ebook, Title).join(Title).where(Ebook.withdrawn_at.is_null())


def asked_for(text: str) -> tuple[str, "ModelSelect[Ebook]"]:
    """Return the searched words without unprintable characters, and a query for e-books with them in title or
    author.
    """
    typed = unicodedata.normalize("NFKC", text)[:LONGEST_QUERY]
    asked = "".join(letter if letter.isprintable() else " " for letter in typed)
    found = offered()
    for word in asked.split()[:MOST_WORDS]:
        found = found.where(Title.title.contains(word) | Title.title_kana.contains(word) | Title.author.contains(word))
    return asked, found.order_by(*ORDERS["all"])


def borrow(reader: Reader, ebook_id: int, publication: Callable[[Ebook], Response]) -> access.Reply:
    """Lend the e-book, once, and return its ``publication``, with ``file`` in the query a redirect to the file.

    A HEAD request lends nothing.
    """
    if not access.from_this_site():  # a browser may remember the password
        abort(403)
    ebook = access.mine_or_404(Ebook.select(Ebook, Title).join(Title).where(Ebook.id == ebook_id))
    if request.method == "GET":
        try:
            loan = lending.borrow(ebook, reader.patron, now=clock.now())
        except errors.Refusals as refused:
            return Response(language.plain(language.say(refused.sentence)), 409, mimetype="text/plain")
        if "file" in request.args:
            return redirect(_file(loan), 303)
    return publication(ebook)


def entry(reader: Reader, ebook: Ebook, mine: lending.Mine, at: lending.Standing | None = None) -> dict[str, Any]:
    """Return an e-book for this reader as values for both formats: bibliographic ones, urls, and its loan or offer."""
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
    } | (_lent(loan) if loan else _to_borrow(reader, ebook, mine, at or lending.standing(ebook)))


def _lent(loan: EbookLoan) -> dict[str, Any]:
    until: date = loan.due_on
    ends = clock.local(clock.at(until, 23, 59)).isoformat(timespec="seconds")
    since = clock.local(clock.at(loan.lent_on)).isoformat(timespec="seconds")
    return {"file_url": _file(loan), "until": ends, "since": since, "due_on": until}


def _file(loan: EbookLoan) -> str:
    token = addresses.file_token(loan, current_app.config["SECRET_KEY"])
    return current_app.config["PUBLIC_URL"] + url_for("ebook_files.file", token=token)


def _to_borrow(reader: Reader, ebook: Ebook, mine: lending.Mine, at: lending.Standing) -> dict[str, Any]:
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
