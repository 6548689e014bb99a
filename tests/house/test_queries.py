"""No page, press or scan asks the database more where there is more to show: counted with little in the library, and
with much. What links and forms lead to is counted in ``test_crawl``, too.
"""

from datetime import timedelta

import pytest

from library import clock, policy
from library.catalog.shown import results
from library.site import articles
from models import Branch, Hold, Loan
from tests import factories
from tests.house.test_crawl import MORE
from tests.library.catalog import works
from tests.pages import HTMX, TOKEN
from tests.queries import MOST, noted
from tests.routes import ROWS

MOST_OF_ACT = 16  # of a press or a scan, the page that answers it among them
# those that may ask more, and why
MORE_OF_ACT = {
    "renewal, desk": 18,  # and its fact, with the class of the title
    "check-out": 20,  # and its fact: whether it opens a visit, and is the card's first of the year
    "hold": 24,  # reads the cart, judges and places in one press, looks for a copy, and leaves its undo and its fact
    "check-out, held": 22,  # writes to the hold, the place of the copy and the history, besides the loan and its fact
    "return, held": 17,  # moves the hold to the shelf, starts its clock, and tells its patron
}
FEW, MANY = 2, 28
NOTHING_ELSE = {"order": "", "suspended_until": ""}  # the rest of the form of 予約かご
PEOPLE = {"nobody": ("anybody", "all"), "patron": ("patron",), "desk": ("desk",), "admin": ("admin", "desk")}
NO_HITS = (
    "鑫麤龘 噺鷺鷲 ぬゑぱぺ xqzvv 龘鑫麤 鷺鷲噺 ゑぱぺぬ qzvvx 鑫鷺 麤鷲 龘噺 ぱぺぬゑ zvvxq 鷲鑫 噺麤 鷺龘".split()
)
SEARCHES = (
    "q=図書館", "q=日本+歴史", "q=坊っちゃん", f"q={NO_HITS[0]}", f"q={'+'.join(NO_HITS[:4])}", f"q={'+'.join(NO_HITS)}",
    "q=夏目漱石『図書館の歴史』（岩波書店、1990年）", "q=猫についての本はありますか", "q=銀河鉄道2", "q=トツョカン", "q=京部の歷吏+科学入間",
    "q=rekishi", "q=wagahai+wa+neko", "q=913.6+ナ", "q=K726", "q=日本&group=work", "q=夏目+-漱石", "isbn=4000000010",
    "q=猫&branch=1&material=図書&audience=児童&ndc_class=9&decade=2000&author=1&language=jpn&format=braille&ndc=9"
    "&available=1&year_from=1990&year_to=2020",
    "&".join(f"text={word}龘" for word in ("日本", "歴史", "銀河", "科学", "文学", "東京", "京都", "料理")),
)  # fmt: skip
# searches that may ask more, and why
MORE_OF_SEARCH = {"q=913.6+ナ": 13}  # the titles of its class are counted, too
# pages that ask for each row, and why
OF_ROWS = {
    "sdi.index",  # each saved search is looked for
    "desk.move_opening.mails",  # the mails of three days are made by the rules themselves, and taken back
    "desk.move_opening.sheet",  # the same mails
    "desk.move_sample.paper",  # all twenty of the sample, each looked at
}


@pytest.fixture
def stocked(db):
    works.fill()


def stock(patron, number):
    """Add so much of each kind that is listed, for the patron and for all."""
    now, today, main = clock.now(), clock.today(), Branch.select().order_by(Branch.position).first()
    for _ in range(number):
        place, book = factories.branch(), factories.catalogued(copies=2)
        factories.loan(patron, title=book, branch=place)
        factories.history(patron, title=book, lent_on=today - timedelta(days=3))
        factories.cart_row(patron, factories.catalogued("草枕", copies=1))
        factories.shelf(patron, f"棚{book.id}", [book])
        factories.condition(patron, f"q={book.id}")
        factories.phone(patron, f"電話{book.id}")
        for made in (factories.mail, factories.question, factories.passkey, factories.tie, factories.asked_tie):
            made(patron)
        factories.hold(patron, factories.catalogued("門", copies=1), pickup_branch=place)
        for state in ("preparing", "in_transit", "ready"):
            copy, there = factories.item(), main if state == "ready" else place
            factories.hold(patron, copy.title, state=state, item=copy, pickup_branch=there, contact_method="mail")
        factories.ebook_loan(patron)
        factories.ebook_hold(patron)
        factories.staff()
        articles.write(None, articles.Draft("お知らせ", "本文です。", day=today.isoformat()), by="a", now=now)


# -- pages -----------------------------------------------------------------------------------------------------------
def pages(who):
    """Return address → endpoint of each page that opens for these people, and has no row in its address."""
    rows = [row for row in ROWS if row.method == "GET" and row.visitors in PEOPLE[who] and row.answer == "200"]
    return {row.address: row.endpoint for row in rows if "{" not in row.address and row.endpoint != "static"}


def asked_by_each(browser, who):
    """Return address → number of queries, when what is built, noted or counted once is."""
    for address in pages(who):
        answer = browser.client.get(address, buffered=True)
        assert answer.status_code in (200, 303), address  # what has to be there first is asked for at another page
    found = {}
    for address in pages(who):
        with noted() as queries:
            browser.client.get(address, buffered=True)
        found[address] = len(queries.asked)
    return found


@pytest.mark.parametrize("who", PEOPLE)
def test_a_page_asks_no_more_where_there_is_more_to_show(browse, patron, who):
    stock(patron, FEW)
    if who != "nobody":
        browse.be(patron if who == "patron" else factories.staff(who))
    few = asked_by_each(browse, who)
    stock(patron, MANY)
    many = asked_by_each(browse, who)
    most = {address: MORE.get(endpoint, MOST) for address, endpoint in pages(who).items() if endpoint not in OF_ROWS}
    assert {address: (few[address], many[address]) for address in most if many[address] > few[address]} == {}
    assert {address: many[address] for address in most if many[address] > most[address]} == {}


# -- searches --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("address", SEARCHES)
def test_a_search_asks_little_whatever_is_searched(browse, stocked, address):
    browse.client.get("/search?q=")  # the first search after a start reads the catalogue
    results.forget()
    with noted() as queries:
        answer = browse.client.get(f"/search?{address}", buffered=True)
    assert answer.status_code == 200
    assert len(queries.asked) <= MORE_OF_SEARCH.get(address, MOST), queries.asked


# -- presses and scans -----------------------------------------------------------------------------------------------
def asked_by_press(browser, address, **sent):
    """Send a form as htmx does; return the number of queries of its answer."""
    page = "/my/loans" if address.startswith("/my/") else "/desk/checkout"
    token = TOKEN.search(browser.client.get(page).text)[1]
    with noted() as queries:
        answer = browser.client.post(address, data=sent | {"csrf_token": token}, headers=HTMX, buffered=True)
    assert answer.status_code in (200, 303), answer.text
    return len(queries.asked)


def asked_by_acts(browser, patron):
    """Do once each of what is done all day; return the number of queries of each."""
    copy, book = factories.item(), factories.catalogued("三四郎", copies=1)
    soon = clock.today() + timedelta(days=1)
    mine, brought = factories.loan(patron, soon), factories.loan(patron, soon)
    browser.be(patron)
    factories.cart_row(patron, book)
    choice = {"title": book.id, "pickup_branch": patron.branch_id, "contact_method": "none"} | NOTHING_ELSE
    asked = {
        "renewal": asked_by_press(browser, f"/my/loans/{mine.id}/renewal"),
        "hold": asked_by_press(browser, "/my/cart", **choice),
    }
    held = Hold.get(Hold.patron == patron, Hold.title == book)
    browser.be(factories.staff())
    card, number = patron.card_number, held.item.barcode
    asked |= {
        "card": asked_by_press(browser, "/desk/checkout", card=card),
        "check-out": asked_by_press(browser, "/desk/checkout", card=card, item=copy.barcode, request="a"),
        "renewal, desk": asked_by_press(browser, "/desk/renewals", item=brought.item.barcode),
        "return": asked_by_press(browser, "/desk/returns", item=copy.barcode),
        "return, held": asked_by_press(browser, "/desk/returns", item=number),
        "check-out, held": asked_by_press(browser, "/desk/checkout", card=card, item=number, request="b"),
    }
    assert Loan.get(Loan.item == copy).returned_on and Hold.get_by_id(held.id).state == "collected"
    return asked


def test_a_press_asks_no_more_where_there_is_more_to_show(browse):
    patron = factories.patron(keep_history=True)
    for name, value in {"loan_limit": 200, "hold_limit": 200, "cart_limit": 200, "overdue_stops": False}.items():
        policy.put(name, value)
    stock(patron, FEW)
    asked_by_acts(browse, patron)  # what is built, noted or counted once
    few = asked_by_acts(browse, patron)
    stock(patron, MANY)
    many = asked_by_acts(browse, patron)
    assert many == few
    assert {act: number for act, number in many.items() if number > MORE_OF_ACT.get(act, MOST_OF_ACT)} == {}
