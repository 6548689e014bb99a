"""A desk of the main branch, and what its tests scan."""

import pytest

from tests import factories


@pytest.fixture
def desk(browse, app):
    """A browser in which the member of staff suzuki sits at the first branch, 本館."""
    factories.branch("本館", position=0)
    browse.be(factories.staff("desk", login="suzuki"))
    return browse


@pytest.fixture
def sit_down(browse):
    """Sit down at the desk and open a page: ``sit_down("/desk/articles", "admin", login="kanri")``."""

    def sit_down(address, role="desk", **given):
        browse.be(factories.staff(role, **given))
        browse.get(address)
        return browse

    return sit_down


@pytest.fixture
def card(desk):
    """A patron with an ordinary card."""
    return factories.patron(card_number="0000003000123", name="佐藤 花子", name_kana="サトウ ハナコ")


@pytest.fixture
def scan(desk):
    """Send a form of the desk as a browser would, and go where it leads: the page that is shown then."""

    def send(address, **data):
        if desk.page is None or not desk.page.find("input", {"name": "csrf_token"}):
            desk.get("/desk/checkout")
        answer = desk.post(address, data)
        return desk.get(answer.location) if 300 <= answer.status_code < 400 else answer

    return send
