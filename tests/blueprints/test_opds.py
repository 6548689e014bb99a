"""OPDS: a reading program walks from the root to the file, by a secret address or with card and password."""

import base64
import io
import xml.etree.ElementTree as ET
import zipfile
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import feedparser
import pytest

from library import clock
from library.ebooks import addresses, lending
from library.files import photographs
from models import EbookLoan, EbookService, HistoryEntry, Session
from tests import epubs, factories, opds

BORROW = "http://opds-spec.org/acquisition/borrow"
EPUB = "application/epub+zip"


class Program:
    """A reading program: no cookie is kept between its questions."""

    def __init__(self, app, password=None, card=""):
        self.app = app
        token = base64.b64encode(f"{card}:{password}".encode()).decode()
        self.headers = {"Authorization": f"Basic {token}"} if password else {}

    def get(self, address, **kwargs):
        parts = urlsplit(address)
        where = f"{parts.path}?{parts.query}" if parts.query else parts.path
        answer = self.app.test_client().get(where, headers=self.headers, buffered=True, **kwargs)
        assert "Set-Cookie" not in answer.headers
        return answer

    def feed(self, address):
        """A feed that two readers agree on: the validator finds nothing, feedparser nothing to mend."""
        answer = self.get(address)
        assert answer.status_code == 200, answer.text
        assert opds.problems(answer.text, answer.headers["Content-Type"]) == []
        assert answer.headers["Cache-Control"] == "private, no-store"
        read = feedparser.parse(
            io.BytesIO(answer.data), response_headers={"content-type": answer.headers["Content-Type"]}
        )
        assert not read.bozo, read.get("bozo_exception")
        return read


def links(of, rel, kind=None):
    return [link.href for link in of.links if link.rel == rel and (kind is None or link.type == kind)]


@pytest.fixture
def folder(app):
    return Path(app.instance_path) / "ebooks"


@pytest.fixture
def shelf(app, folder, patron):
    """Two books, and the secret address of the patron's shelf."""
    for title, licences in (("旅の本", 1), ("海の本", 2)):
        item = "<item id='p' href='p' properties='cover-image'/>"
        epubs.stocked(folder, title, licences=licences, items=item, **{"OPS/p": epubs.COVER})
    return secret(app, patron)


def secret(app, patron):
    addresses.replace_shelf_address(patron, now=clock.now())
    return f"/opds/{addresses.shelf_token(patron, app.config['SECRET_KEY'])}/"


@pytest.mark.parametrize("by", ["secret", "password"])
def test_a_program_walks_from_the_root_to_the_file(by, app, shelf, patron):
    program = Program(app, factories.PASSWORD, patron.card_number) if by == "password" else Program(app)
    root = program.feed("/opds/" if by == "password" else shelf)
    mine, new, every = (entry.links[0] for entry in root.entries)
    assert (mine.rel, new.rel) == ("http://opds-spec.org/shelf", "http://opds-spec.org/sort/new")
    assert program.feed(mine.href).entries == []
    books = program.feed(every.href).entries
    assert {entry.title for entry in books} == {"旅の本", "海の本"}
    book = next(entry for entry in program.feed(new.href).entries if entry.title == "旅の本")
    assert (
        program.get(links(book, "http://opds-spec.org/image")[0]).data
        == photographs.draw(epubs.COVER, (480,))[0].content
    )
    (borrow,) = links(book, BORROW, "application/atom+xml;type=entry;profile=opds-catalog")
    answer = program.get(borrow)
    assert "<dc:language>ja</dc:language>" in answer.text
    assert opds.problems(answer.text, answer.headers["Content-Type"]) == []
    assert EbookLoan.get().patron == patron
    (entry,) = program.feed(mine.href).entries
    (file,) = links(entry, "http://opds-spec.org/acquisition", EPUB)
    read = program.get(file)
    assert (read.mimetype, read.status_code) == (EPUB, 200)
    assert zipfile.ZipFile(io.BytesIO(read.data)).read("mimetype") == EPUB.encode()
    assert Session.select().count() == 0


def test_a_plain_program_follows_the_loan_straight_to_the_file(app, shelf):
    program = Program(app)
    book = program.feed(f"{shelf}all").entries[0]
    (borrow,) = links(book, BORROW, EPUB)
    assert program.app.test_client().head(urlsplit(borrow).path).status_code == 200
    assert EbookLoan.select().count() == 0
    for _ in range(2):
        answer = program.get(borrow)
        assert answer.status_code == 303
    assert program.get(answer.location).data[:2] == b"PK"
    assert EbookLoan.select().count() == 1
    assert not links(program.feed(f"{shelf}all").entries[0], BORROW)


def test_a_book_that_can_not_be_borrowed_says_so(app, shelf, patron):
    book = next(entry for entry in Program(app).feed(f"{shelf}all").entries if entry.title == "旅の本")
    ebook = lending.Ebook.get(lending.Ebook.licences == 1)
    lending.borrow(ebook, factories.patron(), now=clock.now())
    (book,) = (entry for entry in Program(app).feed(f"{shelf}all").entries if entry.title == "旅の本")
    assert "貸出中です" in book.summary
    answer = Program(app).get(links(book, BORROW)[0])
    assert (answer.status_code, answer.text) == (409, "いまは、すべて貸出中です。順番を待つことができます。")
    assert EbookLoan.select().where(EbookLoan.patron == patron).count() == 0


def test_a_loan_through_a_program_enters_the_history_of_those_who_keep_one(app, folder):
    patron = factories.patron(keep_history=True)
    epubs.stocked(folder)
    shelf = secret(app, patron)
    Program(app).get(links(Program(app).feed(f"{shelf}all").entries[0], BORROW)[0])
    assert HistoryEntry.get().title_text == "旅の本"


def test_a_search_is_described_and_finds(app, shelf):
    program = Program(app)
    (described,) = links(program.feed(shelf).feed, "search")
    answer = program.get(described)
    assert answer.mimetype == "application/opensearchdescription+xml"
    template = ET.fromstring(answer.data).find("{http://a9.com/-/spec/opensearch/1.1/}Url").get("template")
    assert "{searchTerms}" in template
    found = program.feed(template.replace("{searchTerms}", "海"))
    assert [entry.title for entry in found.entries] == ["海の本"]
    assert found.feed.opensearch_totalresults == "1"
    for nothing in ("%25_\"'<&", "%00", "%1B%FF%EF%BF%BE", "%ED%A0%80"):
        assert program.feed(template.replace("{searchTerms}", nothing + "x")).entries == []


def test_long_lists_have_pages(app, patron):
    for number in range(60):
        factories.ebook(factories.title(f"本{number:02}", sort_key=f"{number:02}"))
    shelf = secret(app, patron)
    first = Program(app).feed(f"{shelf}all")
    assert len(first.entries) == 50
    second = Program(app).feed(links(first.feed, "next")[0])
    assert [entry.title for entry in second.entries] == [f"本{number}" for number in range(50, 60)]
    assert links(second.feed, "previous")


def test_no_page_of_another_site_borrows_with_a_password_that_the_browser_remembers(app, shelf, patron):
    program = Program(app, factories.PASSWORD, patron.card_number)
    (borrow,) = links(program.feed("/opds/all").entries[0], BORROW, EPUB)
    for site, status in {"cross-site": 403, "same-site": 403, "none": 303}.items():
        program.headers["Sec-Fetch-Site"] = site
        assert program.get(borrow).status_code == status
        assert EbookLoan.select().count() == (status == 303)


def test_a_renewed_address_and_that_of_a_closed_card_are_dead(app, shelf, patron):
    new = secret(app, patron)
    assert Program(app).get(shelf).status_code == 404
    assert Program(app).get(new).status_code == 200
    assert Program(app).get(new[:-3] + "xx/").status_code == 404
    type(patron).update(state="closed").execute()
    assert Program(app).get(new).status_code == 404


def test_a_wrong_password_is_asked_again_and_then_made_to_wait(app, shelf, patron):
    answer = Program(app).get("/opds/")
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Basic realm="OPDS", charset="UTF-8"')
    for number in range(5):
        assert Program(app, f"wrong-{number}", patron.card_number).get("/opds/").status_code == 401
    answer = Program(app, factories.PASSWORD, patron.card_number).get("/opds/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "61")


def test_a_program_that_sends_no_password_yet_is_asked_for_one_and_counts_nowhere(app, shelf, patron):
    for _ in range(6):
        assert Program(app, "", patron.card_number).get("/opds/").status_code == 401
    assert Program(app, factories.PASSWORD, patron.card_number).get("/opds/").status_code == 200


@pytest.mark.parametrize("sent", ["Basic \xff", "Basic !", "Basic", "Bearer \xff"])
def test_a_header_that_nobody_can_read_is_answered_as_none(app, shelf, sent):
    answer = app.test_client().get("/opds/", headers={"Authorization": sent})
    assert answer.status_code == 401


def test_an_initial_password_opens_nothing_to_a_program(app):
    newcomer = factories.patron(password=None)
    assert Program(app, "0808", newcomer.card_number).get("/opds/").status_code == 401


def test_a_file_is_there_as_long_as_its_loan(app, shelf, patron, moved_clock):
    ebook = lending.Ebook.get(lending.Ebook.licences == 1)
    program, key = Program(app), app.config["SECRET_KEY"]

    def address(loan):
        return f"/ebooks/{addresses.file_token(loan, key)}.epub"

    first = lending.borrow(ebook, patron, now=clock.now())
    assert program.get(address(first)).status_code == 200
    assert program.get(address(first).replace(f"/{first.id}.", "/2.")).status_code == 404
    lending.give_back(first, now=clock.now())
    assert program.get(address(first)).status_code == 410
    second = lending.borrow(ebook, patron, now=clock.now())
    moved_clock.now += timedelta(days=15)  # the job was not there yet
    assert program.get(address(second)).status_code == 410
    assert program.get(f"/ebooks/{addresses.shelf_token(patron, key)}.epub").status_code == 404
    assert EbookService.select().count() == 0
