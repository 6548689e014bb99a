"""OPDS 2: what a reading program finds in 1.2 it finds here, too; each document is checked (tests/opds2.py)."""

import base64
import io
import zipfile
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from library import clock
from library.ebooks import addresses
from models import EbookLoan, Session
from tests import epubs, factories, opds2

BORROW = "http://opds-spec.org/acquisition/borrow"


class Program:
    """A reading program: no cookie is kept between its questions."""

    def __init__(self, app, card="", password=None):
        token = base64.b64encode(f"{card}:{password}".encode()).decode()
        self.app, self.headers = app, {"Authorization": f"Basic {token}"} if password else {}

    def get(self, address):
        parts = urlsplit(address)
        answer = self.app.test_client().get(f"{parts.path}?{parts.query}", headers=self.headers, buffered=True)
        assert "Set-Cookie" not in answer.headers
        return answer

    def read(self, address):
        """Return a document in which the check finds nothing."""
        answer = self.get(address)
        assert answer.status_code == 200, answer.text
        assert opds2.problems(answer.json, answer.headers["Content-Type"]) == []
        return answer.json


def href(document, rel, kind=None):
    return next(link["href"] for link in document["links"] if link["rel"] == rel and kind in (None, link["type"]))


@pytest.fixture
def folder(app):
    return Path(app.instance_path) / "ebooks"


@pytest.fixture
def books(folder):
    cover = "<item id='p' href='p' properties='cover-image'/>"
    epubs.stocked(folder, "旅の本", licences=1, items=cover, **{"OPS/p": epubs.COVER})
    epubs.stocked(folder, "海の本", licences=2)


@pytest.mark.parametrize("by", ["secret", "password"])
def test_a_program_walks_from_the_root_to_the_file(by, app, books, patron):
    if by == "secret":
        addresses.replace_shelf_address(patron, now=clock.now())
        program, start = Program(app), f"/opds/v2/{addresses.shelf_token(patron, app.config['SECRET_KEY'])}"
    else:
        program, start = Program(app, patron.card_number, factories.PASSWORD), "/opds/v2"
    root = program.read(start)
    mine, new, every = (link["href"] for link in root["navigation"])
    assert "publications" not in program.read(mine)
    assert {one["metadata"]["title"] for one in program.read(every)["publications"]} == {"旅の本", "海の本"}
    book = next(one for one in program.read(new)["publications"] if one["metadata"]["title"] == "旅の本")
    assert program.get(book["images"][0]["href"]).status_code == 200
    assert program.read(href(book, "self"))["metadata"] == book["metadata"]
    lent = program.read(href(book, BORROW, opds2.PUBLICATION))
    assert EbookLoan.get().patron == patron
    read = program.get(href(lent, "http://opds-spec.org/acquisition"))
    assert zipfile.ZipFile(io.BytesIO(read.data)).read("mimetype") == b"application/epub+zip"
    [kept] = program.read(mine)["publications"]
    assert kept["metadata"]["title"] == "旅の本"
    assert Session.select().count() == 0


def test_a_book_is_searched_for(app, books, patron):
    program = Program(app, patron.card_number, factories.PASSWORD)
    search = href(program.read("/opds/v2"), "search")
    [found] = program.read(search.replace("{?query}", "?query=海"))["publications"]
    assert found["metadata"]["title"] == "海の本"
    assert found["images"][0]["type"] == "image/png" and program.get(found["images"][0]["href"]).status_code == 200
    assert program.read(search.replace("{?query}", "?query=ない"))["navigation"]


def test_a_book_that_is_out_says_how_many_wait(app, books, patron):
    program = Program(app, patron.card_number, factories.PASSWORD)
    book = next(one for one in program.read("/opds/v2/all")["publications"] if one["metadata"]["title"] == "旅の本")
    properties = next(link["properties"] for link in book["links"] if link["rel"] == BORROW)
    assert properties["availability"] == {"state": "available"}
    assert properties["copies"] == {"total": 1, "available": 1}
    other = factories.patron()
    Program(app, other.card_number, factories.PASSWORD).read(href(book, BORROW, opds2.PUBLICATION))
    book = next(one for one in program.read("/opds/v2/all")["publications"] if one["metadata"]["title"] == "旅の本")
    properties = next(link["properties"] for link in book["links"] if link["rel"] == BORROW)
    assert (properties["availability"], properties["copies"]) == (
        {"state": "unavailable"},
        {"total": 1, "available": 0},
    )


def test_a_long_list_comes_in_pages(app, folder, patron, monkeypatch):
    monkeypatch.setattr("web.machines.ereaders.SIZE", 2)
    for number in range(3):
        epubs.stocked(folder, f"本{number}")
    program = Program(app, patron.card_number, factories.PASSWORD)
    first = program.read("/opds/v2/all")
    assert first["metadata"]["numberOfItems"] == 3 and len(first["publications"]) == 2
    second = program.read(href(first, "next"))
    assert (second["metadata"]["currentPage"], len(second["publications"])) == (2, 1)
    assert program.read(href(second, "previous"))["publications"] == first["publications"]


@pytest.mark.parametrize("password", [None, "wrong-password"])
def test_a_stranger_is_told_the_way_to_sign_in(app, patron, password):
    answer = Program(app, patron.card_number, password).get("/opds/v2/shelf")
    assert answer.status_code == 401 and answer.headers["Content-Type"] == opds2.AUTHENTICATION
    assert answer.headers["WWW-Authenticate"].startswith("Basic ")
    assert opds2.problems(answer.json, opds2.AUTHENTICATION) == []
    assert answer.json["authentication"][0]["type"] == "http://opds-spec.org/auth/basic"
    assert Program(app).get(answer.json["id"]).json["id"] == answer.json["id"]


def test_no_address_of_another_is_open(app, books):
    assert Program(app).get("/opds/v2/dead.dead.dead.dead.dead").status_code == 404
