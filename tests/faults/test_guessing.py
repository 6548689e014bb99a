"""F24: while somebody guesses from many addresses without a pause, everybody who is right gets in."""

from datetime import date
from itertools import count

import pytest

from library import policy
from library.access.guessing import sources, tries
from library.patrons import reset_requests
from models import OutboxMail
from tests import factories
from tests.conftest import NOW
from tests.factories import PASSWORD
from tests.pages import Browser

FAR = "203.0.113.200"  # where nobody signed in before


class Attack:
    """Wrong passwords and wrong days for one card or login, each from another address."""

    def __init__(self, app):
        self.app, self.numbers, self.browser = app, count(), Browser(app)

    def send(self, path, who, values=30, **more):
        for _ in range(values):
            number = next(self.numbers)
            address = f"198.{number // 250 % 250}.100.{number % 250}"
            value = f"wrong-{number}" if number % 2 else f"{number % 12 + 1:02}{number % 28 + 1:02}"
            form = {"password": value, "check": f"{number % 10_000:04}"} | who | more
            self.browser.get(path)
            answer = self.browser.post(path, form, environ_base={"REMOTE_ADDR": address})
            assert answer.status_code in (422, 429)


@pytest.fixture
def attack(app):
    return Attack(app)


def come(browser, form, path="/login", address=FAR):
    browser.get(path)
    return browser.post(path, form, environ_base={"REMOTE_ADDR": address}).status_code


def test_marked_unmarked_terminal_and_desk_get_in(app, attack):
    patron, clerk = factories.patron(phone_home="042-000-1234"), factories.staff()
    right = {"card": patron.card_number, "password": PASSWORD}
    marked, own = Browser(app), Browser(app)
    assert come(marked, right) == come(own, {"login": clerk.login, "password": PASSWORD}, "/desk/login") == 303
    marked.post("/logout"), own.post("/logout")
    terminal = Browser(app)
    terminal.be(clerk)
    terminal.get("/desk/terminal")
    terminal.post("/desk/terminal", {"mark": "yes"})
    terminal.post("/logout")
    policy.put("desk_networks", ["192.0.2.0/24"])
    attack.send("/login", {"card": patron.card_number})
    attack.send("/desk/login", {"login": clerk.login})
    for number in range(500):  # at other cards
        attempt = tries.begin(
            f"card {number}", sources.Source(f"203.0.{number}", False), value=("a",), proof="1", now=NOW
        )
        tries.judge(attempt, lambda: False, now=NOW)
    assert tries.is_careful_with_all(now=NOW)
    elsewhere = "192.0.3.3"
    assert come(marked, right, address=elsewhere) == 303
    assert come(terminal, right, address=elsewhere) == 303
    stranger = Browser(app)
    assert come(stranger, right, address="192.0.9.9") == 422
    assert come(stranger, right | {"check": "1234"}, address="192.0.9.9") == 303
    at_desk = {"login": clerk.login, "password": PASSWORD}
    assert come(own, at_desk, "/desk/login", elsewhere) == 303
    assert come(Browser(app), at_desk, "/desk/login", "192.0.2.8") == 303


def test_a_patron_who_comes_for_the_first_time_gets_in_with_month_and_day(app, attack):
    newcomer = factories.patron(password=None, birth_date=date(1978, 8, 8), phone_mobile="090-0000-5678")
    attack.send("/login", {"card": newcomer.card_number})
    right = {"card": newcomer.card_number, "password": "0808"}
    assert come(Browser(app), right) == 422
    assert come(Browser(app), right | {"check": "5678"}) == 303


def test_a_new_password_by_mail_gets_in(app, attack):
    patron = factories.patron(phone_home="042-000-1234")
    factories.address(patron, verified_at=NOW)
    attack.send("/login", {"card": patron.card_number})
    for number in range(30):
        reset_requests.ask(patron.card_number, f"x{number}@example.jp", client=f"198.51.100.{number}", now=NOW)
    browser = Browser(app)
    browser.get("/login/reset")
    browser.post("/login/reset", {"card": patron.card_number, "email": "abc@example.jp"})
    reset_requests.mail_links(now=NOW)
    link = f"/login/reset/{OutboxMail.get(OutboxMail.kind == 'reset').facts['token']}"
    browser.get(link)
    new = "yama-no-ue-no-kumo"
    assert browser.post(link, {"new_password": new, "new_password_again": new}).location == "/login"
    assert come(browser, {"card": patron.card_number, "password": new, "check": "1234"}) == 303
