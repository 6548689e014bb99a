"""Long lists go in pages, so that none is too long to be sent or read."""

import re
from datetime import timedelta

import pytest

from library import clock
from models import Stocktaking
from tests import factories

LONG = 200  # rows
LARGEST = 60 * 1024  # bytes of a page


def loans_of(patron):
    title = factories.title("吾輩は猫である")
    for number in range(LONG):
        factories.loan(patron, clock.today() + timedelta(days=number), item=factories.item(title))


def on_the_shelf(patron):
    here = factories.branch("本館")
    for number in range(LONG):
        item = factories.item(factories.title(f"坊っちゃん その{number}"), aside=True)
        given = {"item": item, "pickup_branch": here, "on_shelf_on": clock.today(), "contact_method": "phone"}
        factories.hold(patron, item.title, state="ready", **given)


def to_send(_):
    here, there = factories.branch("本館"), factories.branch("東部")
    for number in range(LONG):
        factories.item(factories.title(f"坊っちゃん その{number}"), branch=there, at_branch=here, going_to=there)


def accounts(_):
    for number in range(LONG):
        factories.staff(login=f"an-account-with-a-long-name-{number}")


def stocktakings(_):
    for _ in range(LONG):
        Stocktaking.create(branch=factories.branch("本館"), started_at=clock.now(), closed_at=clock.now())


@pytest.mark.parametrize(
    ("address", "fill", "row"),
    [
        ("/desk/holds/shelf", on_the_shelf, "main tbody tr"),
        ("/desk/holds/contact", on_the_shelf, "main tbody tr"),
        ("/desk/transfers", to_send, "main tbody tr"),
        ("/desk/staff", accounts, "main tbody tr"),
        ("/desk/renewals", loans_of, "main tbody tr"),
        ("/desk/stocktaking", stocktakings, "main tbody tr"),
    ],
)
def test_a_long_list_goes_in_pages(address, fill, row, browse, patron):
    fill(patron)
    browse.be(factories.staff("admin"))
    browse.get("/desk/renewals")
    browse.post("/desk/renewals", {"card": patron.card_number})
    seen, page = [], 0
    following = address
    while following:
        answer, page = browse.get(following), page + 1
        assert answer.status_code == 200 and len(answer.data) < LARGEST, page
        seen += [re.sub(r"\s+", "", each.decode_contents()) for each in browse.page.select(row)]
        link = browse.page.find("a", rel="next")
        following = link and link["href"]
    assert len(seen) == len(set(seen)) >= LONG and page > 1
    for odd in ("0", "99999999999999999999", "x", "-1", "2&page=3"):
        assert browse.get(f"{address}?page={odd}").status_code == 200
