"""Guessing, as benchmarks/guessing.py does it at full length: what is answered, when it recovers, who gets in meanwhile."""

from collections import Counter
from datetime import timedelta

import pytest

from app import create_app
from library.access import throttle
from tests import factories
from tests.conftest import NOW
from tests.pages import Browser

HOME = "198.51.100.7"


@pytest.fixture
def device(app, patron):
    """A browser at home that has signed in before, and is signed out."""
    browser = Browser(app)
    sign_in(browser, patron.card_number)
    browser.post("/logout")
    return browser


def sign_in(browser, card, password=factories.PASSWORD, address=HOME):
    browser.get("/login")
    form = {"card": card, "password": password}
    return browser.post("/login", form, environ_base={"REMOTE_ADDR": address})


def guess(app, tries):
    """Answers by status, and the last one."""
    browser, statuses = Browser(app), Counter()
    for card, address in tries:
        answer = sign_in(browser, card, "wrong-wrong-wrong", address)
        statuses[answer.status_code] += 1
    return statuses, answer


def stranger(app, patron, address=HOME):
    return sign_in(Browser(app), patron.card_number, address=address).status_code


def test_one_card_from_one_client_is_stopped_there_and_open_elsewhere(app, patron, device, moved_clock):
    statuses, last = guess(app, [(patron.card_number, "203.0.113.1")] * 20)
    assert statuses == {422: 5, 429: 15}
    assert stranger(app, patron, "203.0.113.1") == 429
    assert stranger(app, patron) == 303
    moved_clock.now = NOW + timedelta(seconds=int(last.headers["Retry-After"]))
    assert stranger(app, patron, "203.0.113.1") == 303


def test_one_card_from_many_clients_leaves_its_owner_the_known_device(app, patron, device, moved_clock):
    statuses, last = guess(app, [(patron.card_number, f"203.0.113.{n}") for n in range(20)])
    assert statuses == {422: 10, 429: 10}
    assert stranger(app, patron) == 429
    assert sign_in(device, patron.card_number).status_code == 303
    moved_clock.now = NOW + timedelta(seconds=int(last.headers["Retry-After"]))
    assert stranger(app, patron) == 303


def test_many_cards_from_one_client_are_stopped_after_twenty(app, patron, moved_clock):
    cards = [f"{9_000_000_000 + n:013}" for n in range(25)]
    statuses, last = guess(app, [(card, "203.0.113.1") for card in cards])
    assert statuses == {422: 20, 429: 5}
    assert stranger(app, patron, "203.0.113.1") == 429
    assert stranger(app, patron) == 303
    moved_clock.now = NOW + timedelta(seconds=int(last.headers["Retry-After"]))
    assert stranger(app, patron, "203.0.113.1") == 303


def test_many_cards_from_many_clients_keep_nobody_else_out(app, patron):
    tries = [(f"{9_000_000_000 + n:013}", f"203.0.113.{n % 16}") for n in range(240)]
    for card, address in tries[:-10]:
        throttle.admit(card, address, known_device=False, now=NOW)
    statuses, _ = guess(app, tries[-10:])
    assert statuses == {422: 10}
    assert stranger(app, patron) == 303


def test_a_restart_forgets_no_failure(app, patron):
    guess(app, [(patron.card_number, f"203.0.113.{n}") for n in range(10)])
    again = create_app(INSTANCE=app.config["INSTANCE"], DATABASE_URL=app.config["DATABASE_URL"])
    again.testing = True
    assert stranger(again, patron) == 429
