"""こどものさがす, walked by a script: no dead end, nothing but titles for children, no page of more than twelve covers."""

import random
import re
from urllib.parse import urlencode

import pytest

from library import clock, demonstration
from library.discovery import childrens_titles
from library.store import database
from tests import libraries
from tests.conftest import NOW
from tests.pages import Browser

WAYS, STEPS = 500, 12
WORDS = ("ねこ", "もぐら", "おばけ", "の", "うみ", "こいぬ", "銀河鉄道", "ロボット", "あ", "きょうりゅう", "？", "法律")
BOOK = re.compile("/kids/books/([0-9]+)")


@pytest.fixture(scope="module")
def demonstrated(migrated, tmp_path_factory):
    folder = tmp_path_factory.mktemp("demonstrated")
    libraries.fill(folder, migrated)
    clock.set_source(lambda: NOW)
    opened = database.open_database(libraries.address(folder))
    with opened.connection_context():
        demonstration.load(today=clock.today(), now=NOW)
    opened.close_all()
    clock.set_source(None)
    return folder


@pytest.fixture
def db(demonstrated, tmp_path, moved_clock):
    libraries.copy(demonstrated, tmp_path)
    opened = database.open_database(libraries.address(tmp_path))
    opened.connect()
    yield opened
    if not opened.is_closed():
        opened.close()
    opened.close_all()


class Child:
    """Somebody who presses whatever there is; each page is looked at once."""

    def __init__(self, app):
        self.browser, self.ways_on = Browser(app), {}
        titles = childrens_titles.current({})
        self.books = {str(number) for number in titles.ids(titles.rows)}

    def open(self, address):
        """Return the addresses to which a page leads, after a look at it; None stands for its field."""
        if address not in self.ways_on:
            answer = self.browser.get(address)
            if answer.status_code == 303:
                assert answer.location == "/kids/", address
                return self.open("/kids/")
            assert answer.status_code == 200, address
            self.ways_on[address] = self.look(address, answer)
        return self.ways_on[address]

    def look(self, address, answer):
        page = self.browser.page
        links = [each["href"] for each in page.find_all("a") if not each["href"].startswith("#")]
        inside = [each for each in links if each.startswith("/kids/")]
        assert [each for each in links if each not in inside] == ["/"], address
        assert {number for each in inside for number in BOOK.findall(each.partition("?")[0])} <= self.books, address
        assert max(len(page.select(shown)) for shown in (".cover", ".spine")) <= childrens_titles.SIZE, address
        assert not page.find_all("script") and "Set-Cookie" not in answer.headers, address
        fields = page.find_all("input")
        assert len(fields) <= 1, address
        ways_back = [each.get_text(strip=True) for each in page.select(".kids-way a")]
        assert ways_back == ([] if address == "/kids/" else ["もどる", "さいしょから"]), address
        assert page.select("main a") or "/print" in address, address
        return [*inside, *([None] if fields else [])]


def test_no_way_of_five_hundred_ends_or_leads_to_anything_that_is_not_for_children(app):
    chance, child = random.Random("kids"), Child(app)
    for _ in range(WAYS):
        address = "/kids/"
        for _ in range(STEPS):
            chosen = chance.choice(child.open(address))
            address = chosen or f"/kids/search?{urlencode({'q': chance.choice(WORDS)})}"
    kinds = {each.partition("?")[0].removeprefix("/kids/").split("/")[0] for each in child.ways_on}
    assert kinds == {"", "pictures", "search", "kana", "popular", "new", "classes", "shelf", "books"}
    assert len(child.ways_on) > 200


def test_every_title_for_children_is_reached_without_a_word(app):
    child = Child(app)
    left, met = ["/kids/kana"], set()
    while left:
        address = left.pop()
        if address in child.ways_on:
            continue
        for each in child.open(address):
            if each and (found := BOOK.match(each)):
                met.add(found[1])
            elif each and each.startswith("/kids/kana"):
                left.append(each)
    assert met == child.books
