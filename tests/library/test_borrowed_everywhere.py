"""A copy of another library stands in no list of holdings, of readers, staff or programs; it is lent all the same.

Each list is asked with a copy of the library's own beside it, which must be there.
"""

from datetime import timedelta

import pytest

from library import clock
from library.catalog import exporting, ndc
from library.catalog.fulltext import index
from library.catalog.query import query as queries
from library.counting import labels, register, stocktaking, weeding
from library.discovery import rankings
from library.discovery.exchange import by_isbn
from library.interlibrary import borrowings
from library.lending import loans, returns
from library.offline import list as offline_list
from library.reading import sdi
from library.requests import deciding, receipt
from models import Item, Loan, Partner, Title
from tests import factories

OWN, BORROWED = "本町の魚", "北海の魚"
ISBNS = {OWN: "9784003101018", BORROWED: "9784000000017"}
BARCODES = {OWN: "A0000001", BORROWED: "9000000001"}
BY = {"by": "staff:tanaka"}


def borrow():
    """Have a copy of another library come, and be fetched, as the desk does."""
    wish = receipt.Wish(BORROWED, isbn=ISBNS[BORROWED], author="森 一葉", year_text="2026")
    how = {"contact_method": "none", "may_borrow": True, "now": clock.now()}
    made = receipt.ask(factories.patron(), wish, pickup_branch=factories.branch("本館"), **how)
    row = deciding.borrow(made.wanted, Partner.create(name="県立図書館"), reply="", now=clock.now(), **BY)
    due = str(clock.today() + timedelta(days=28))
    told = {"due": due, "barcode": "", "in_house": False, "no_renewal": True, "at": row.branch}
    return borrowings.arrive(row.id, **told, now=clock.now(), **BY)


@pytest.fixture
def both(app):
    """A title of the library's own, and one that is borrowed, with shelf, call number and loans alike."""
    title = factories.catalogued(OWN, isbns=[ISBNS[OWN]], accession_date=clock.today())
    factories.item(title, barcode=BARCODES[OWN])
    came = borrow()
    alike = {
        "shelf": "一般",
        "call_number": "664 サ",
        "shelf_key": ndc.shelf_key("664 サ"),
        "acquired_on": clock.today(),
    }
    Item.update(alike | {"aside": False}).execute()
    Title.update(ndc="664").execute()
    for item in Item.select():
        for days in range(40, 46):
            day = clock.today() - timedelta(days=days)
            Loan.create(
                item=item, patron=factories.patron(), branch=item.branch, lent_on=day, due_on=day, returned_on=day
            )
    rankings.prepare(now=clock.now())
    index.copies_changed()
    return came


def _named(titles):
    return " ".join(row.title for row in Title.select().where(Title.id.in_(list(titles))))


def _page(address):
    return lambda browse, path: browse.client.get(address).text


def _sitemap(browse, path):
    text = browse.client.get("/sitemap-1.xml").text
    return " ".join(row.title for row in Title.select() if f"/titles/{row.id}<" in text)


def _file(write, name):
    def read(browse, path):
        write(path / name)
        return (path / name).read_text(encoding="utf-8-sig")

    return read


def _stocktaking(browse, path):
    begun = stocktaking.begin(factories.branch("本館"), "", now=clock.now(), **BY)
    Item.update(acquired_on=None).execute()  # what is new is not missed
    return " ".join(item.title.title for item in stocktaking.missing(begun))


def _sdi(browse, path):
    condition = sdi.save(factories.patron(), queries.from_address("q=魚"), "魚", now=clock.now())
    return _named(sdi.matches(condition, today=clock.today()))


def _weeding(browse, path):
    later = {"today": clock.today() + timedelta(days=4000), "size": 9, "offset": 0}
    ids, _ = weeding.find(years=3, branch=None, ndc="", **later)
    return " ".join(item.title.title for item in Item.select().where(Item.id.in_(list(ids))))


def _walk(browse, path):
    return browse.client.get(f"/shelf?at=copy-{Item.get(Item.barcode == BARCODES[OWN]).id}").text


LISTS = {
    "search": _page("/search?q=魚"),
    "search here": _page("/search?q=魚&branch=01"),
    "results for a reference manager": _page("/search.ris?q=魚"),
    "新着": _page("/new"),
    "新着 as a feed": _page("/new.atom"),
    "ranking": lambda browse, path: _named(rankings.best("loans", span="year")),
    "shelf": _walk,
    "sitemap": _sitemap,
    "OAI": _page("/oai?verb=ListRecords&metadataPrefix=oai_dc"),
    "by ISBN": lambda browse, path: " ".join(
        row.title for row in Title.select() if by_isbn.find([row.isbn], today=clock.today()).get(row.isbn)
    ),
    "export of copies": _file(exporting.write_items, "items.csv"),
    "export of titles": _file(exporting.write_marcxml, "titles.xml"),
    "図書原簿": lambda browse, path: " ".join(map(str, register.by_number("", ""))),
    "除籍候補": _weeding,
    "蔵書点検": _stocktaking,
    "labels": lambda browse, path: " ".join(row.title for row in Title.select() if labels.for_title(row.id)),
    "SDI": _sdi,
}


@pytest.mark.parametrize("name", LISTS)
def test_a_borrowed_copy_is_not_in(browse, both, tmp_path, name):
    found = LISTS[name](browse, tmp_path)
    assert OWN in found or BARCODES[OWN] in found
    assert BORROWED not in found and BARCODES[BORROWED] not in found


@pytest.mark.parametrize("name", LISTS)
def test_a_borrowed_copy_that_went_back_is_not_in(browse, both, tmp_path, name):
    loans.check_out(both.hold.patron, both.item, branch=both.item.branch, now=clock.now(), **BY)
    returns.give_back(both.item, at=both.item.branch, now=clock.now())
    borrowings.send_back(both.borrowing.id, now=clock.now(), **BY)
    found = LISTS[name](browse, tmp_path)
    assert BORROWED not in found and BARCODES[BORROWED] not in found


def test_a_borrowed_copy_is_not_among_the_narrowings_of_a_search(browse, both):
    Item.update(branch=factories.branch("東部")).where(Item.owner.is_null(False)).execute()
    index.copies_changed()
    page = browse.get("/search?q=魚").page
    assert "1" in page.select_one("main").get_text() and "東部" not in page.select_one("main").get_text()


def test_a_borrowed_copy_can_be_lent_offline(both):
    known = offline_list.content(now=clock.now())["items"]["number"]
    assert BARCODES[BORROWED] in str(known) and BARCODES[OWN] in str(known)
