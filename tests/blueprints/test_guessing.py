"""Guessing, as benchmarks/guessing.py does it at full length: what is answered, when it recovers, who gets in
meanwhile.
"""

import base64
import re
from collections import Counter
from datetime import timedelta

import pytest
from pyotp.totp import TOTP

from app import create_app
from library import clock, policy
from library.access.factors import authenticators, second_factor
from library.access.guessing import hashing, limits, sources, tries
from models import Audit, Guess, Session
from tests import factories
from tests.conftest import NOW
from tests.pages import Browser

HOME, ELSEWHERE = "198.51.100.7", "203.0.113.77"


@pytest.fixture
def patron(db):
    return factories.patron(phone_home="042-000-1234")


@pytest.fixture
def device(app, patron):
    """A browser at home that has signed in before, and is signed out."""
    browser = Browser(app)
    sign_in(browser, patron.card_number)
    browser.post("/logout")
    return browser


def sign_in(browser, card, password=factories.PASSWORD, address=HOME, **more):
    browser.get("/login")
    form = {"card": card, "password": password} | more
    return browser.post("/login", form, environ_base={"REMOTE_ADDR": address})


def guess(app, tries, **more):
    """Answers by status, and the last one. Each try is another password."""
    browser, statuses = Browser(app), Counter()
    for number, (card, address) in enumerate(tries):
        answer = sign_in(browser, card, f"wrong-{number}", address, **more)
        statuses[answer.status_code] += 1
    return statuses, answer


def stranger(app, patron, address=ELSEWHERE, **more):
    return sign_in(Browser(app), patron.card_number, address=address, **more).status_code


def from_many(card, number):
    return [(card, f"203.{n // 250}.113.{n % 250}") for n in range(number)]


def test_one_card_from_one_client_is_stopped_there_and_open_elsewhere(app, patron, device, moved_clock):
    statuses, last = guess(app, [(patron.card_number, "203.0.113.1")] * 20)
    assert statuses == {422: 5, 429: 15}
    assert stranger(app, patron, "203.0.113.1") == 429
    assert stranger(app, patron) == 303
    moved_clock.now = NOW + timedelta(seconds=int(last.headers["Retry-After"]))
    assert stranger(app, patron, "203.0.113.1") == 303


def test_the_same_wrong_password_sent_again_and_again_keeps_nobody_out(app, patron):
    browser = Browser(app)
    assert {sign_in(browser, patron.card_number, "old-password", "203.0.113.1").status_code for _ in range(30)} == {422}
    assert stranger(app, patron, "203.0.113.1") == 303


def test_many_cards_from_one_client_are_stopped_after_twenty(app, patron, moved_clock):
    cards = [f"{9_000_000_000 + n:013}" for n in range(25)]
    statuses, last = guess(app, [(card, "203.0.113.1") for card in cards])
    assert statuses == {422: 20, 429: 5}
    assert stranger(app, patron, "203.0.113.1") == 429
    assert stranger(app, patron) == 303
    moved_clock.now = NOW + timedelta(seconds=int(last.headers["Retry-After"]))
    assert stranger(app, patron, "203.0.113.1") == 303


def test_one_card_from_many_clients_asks_strangers_for_a_check_number_and_friends_for_none(app, patron, device):
    statuses, _ = guess(app, from_many(patron.card_number, 30))
    assert statuses == {422: 30}
    browser = Browser(app)
    answer = sign_in(browser, patron.card_number, address=ELSEWHERE)
    assert answer.status_code == 422
    field = browser.page.find("input", id="check")
    assert browser.page.find("label", attrs={"for": "check"}).get_text(strip=True) == "確認番号"
    told = browser.page.find(id="check-hint").get_text(strip=True)
    assert told == "図書館にお届けの電話番号の下4桁です。窓口でお伝えした6桁の番号でもログインできます。"
    assert field["aria-invalid"] == "true" and browser.page.find(id="card")["value"] == patron.card_number
    assert stranger(app, patron, check="1235") == 422
    assert stranger(app, patron, check="１２３４") == 303
    assert sign_in(device, patron.card_number, address=ELSEWHERE).status_code == 303
    assert stranger(app, patron, HOME) == 303


def test_a_card_that_nobody_has_is_answered_alike_all_the_way(app, patron):
    nobody = factories.patron()
    nobody.delete_instance()
    pages = []
    for someone in (patron, nobody):
        told = []
        for number, (card, address) in enumerate(from_many(someone.card_number, 24)):
            more = {} if number < 20 or number % 2 else {"check": "9999"}
            answer = sign_in(Browser(app), card, f"wrong-{number}", address, **more)
            text = re.sub(r'value="[^"]*"', "", answer.text.replace(card, ""))
            told.append((answer.status_code, text))
        pages.append(told)
    assert pages[0] == pages[1]
    assert len({text for _, text in pages[0]}) == 3


def test_many_cards_from_many_clients_make_careful_with_all_and_keep_nobody_out(app, patron, device):
    for number in range(500):
        source = sources.Source(f"203.0.113.{number}", False)
        attempt = tries.begin(f"card {number}", source, value=("wrong",), now=NOW)
        tries.judge(attempt, lambda: False, now=NOW)
    other = factories.patron(phone_mobile="090-0000-5678")
    assert stranger(app, other) == 422
    assert stranger(app, other, check="5678") == 303
    browser = Browser(app)
    browser.get("/login")
    assert browser.page.find(id="check") is not None
    device.get("/login")
    assert device.page.find(id="check") is None
    assert sign_in(device, patron.card_number, address=ELSEWHERE).status_code == 303


def test_a_terminal_gets_in_while_strangers_guess_and_a_forged_mark_is_none(app, patron):
    guess(app, from_many(patron.card_number, 22))
    policy.put("terminals", ["192.0.2.5"])
    assert stranger(app, patron, "192.0.2.5") == 303
    assert stranger(app, patron, "192.0.2.6") == 422
    forged = Browser(app)
    forged.client.set_cookie("terminal", "1")
    assert sign_in(forged, patron.card_number, address="192.0.2.6").status_code == 422
    desk = Browser(app)
    desk.be(factories.staff())
    desk.get("/desk/terminal")
    in_library = {"REMOTE_ADDR": "192.0.2.6"}
    desk.post("/desk/terminal", {"mark": "yes"}, environ_base=in_library)
    desk.post("/logout")
    assert sign_in(desk, patron.card_number, address="192.0.2.77").status_code == 303


def test_the_mark_of_a_terminal_is_no_friend_of_anybody_where_it_was_carried_home(app, patron):
    desk = Browser(app)
    desk.be(factories.staff())
    desk.get("/desk/terminal")
    desk.post("/desk/terminal", {"mark": "yes"}, environ_base={"REMOTE_ADDR": "192.0.2.6"})
    desk.post("/logout")
    guess(app, from_many(patron.card_number, 22))
    assert sign_in(desk, patron.card_number, address=ELSEWHERE).status_code == 422
    desk.get("/desk/terminal", environ_base={"REMOTE_ADDR": ELSEWHERE})
    assert sign_in(desk, patron.card_number, address="192.0.2.6").status_code == 303


def test_a_browser_that_becomes_a_terminal_forgets_whom_it_knew(app, patron, device):
    device.be(factories.staff())
    device.get("/desk/terminal")
    device.post("/desk/terminal", {"mark": "yes"})
    assert device.client.get_cookie("device") is None
    guess(app, from_many(patron.card_number, 22))
    device.client.delete_cookie("terminal")
    assert sign_in(device, patron.card_number, address=ELSEWHERE).status_code == 422


def test_the_desk_lets_a_card_in_that_waits_and_tells_a_number(app, patron):
    guess(app, [(patron.card_number, "203.0.113.1")] * 6)
    guess(app, from_many(patron.card_number, 22))
    desk = Browser(app)
    desk.be(factories.staff())
    desk.get(f"/desk/patrons/{patron.id}")
    desk.post(f"/desk/patrons/{patron.id}/release")
    number = desk.page.find(class_="one-time").get_text(strip=True)
    assert stranger(app, patron, "203.0.113.1") == 422
    assert stranger(app, patron, "203.0.113.1", check=number) == 303
    assert stranger(app, patron, "203.7.113.1", check=number) == 422


def test_the_check_number_is_never_enough(app, patron):
    guess(app, from_many(patron.card_number, 22))
    for password in ("wrong", "1234", ""):
        assert sign_in(Browser(app), patron.card_number, password, ELSEWHERE, check="1234").status_code == 422
    assert Session.select().count() == 0


def test_a_restart_forgets_no_failure(app, patron):
    guess(app, [(patron.card_number, "203.0.113.1")] * 5)
    again = create_app(INSTANCE=app.config["INSTANCE"], DATABASE_URL=app.config["DATABASE_URL"])
    again.testing = True
    assert stranger(again, patron, "203.0.113.1") == 429


def test_a_full_queue_of_hashes_says_so_and_counts_nothing(app, patron, monkeypatch):
    full = hashing.Queue(1, patience=0.01)
    monkeypatch.setattr(hashing, "QUEUE", full)
    browser = Browser(app)
    with full.turn("somebody"):
        answer = sign_in(browser, patron.card_number)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    told = browser.page.find(id="error-summary").get_text()
    assert "ただいま混み合っています。少し待ってから、もう一度お試しください。" in told
    assert browser.page.find(id="card")["value"] == patron.card_number
    assert {row.failures for row in Guess.select()} == {0}
    assert sign_in(browser, patron.card_number).status_code == 303


def test_failures_at_a_card_are_in_the_record_in_a_few_rows(app, patron):
    guess(app, from_many(patron.card_number, 21), check="9999")
    rows = Audit.select().where(Audit.action == "patron.sign_in_failed", Audit.patron == patron).order_by(Audit.id)
    assert [(row.details["failures"], row.details["clients"]) for row in rows] == [(1, 1), (5, 5), (20, 20)]
    guess(app, from_many("9999999999999", 5))
    assert rows.count() == 3


# -- staff -----------------------------------------------------------------------------------------------------------
def at_desk(browser, login, password=factories.PASSWORD, address=ELSEWHERE):
    browser.get("/desk/login")
    return browser.post("/desk/login", {"login": login, "password": password}, environ_base={"REMOTE_ADDR": address})


def test_staff_get_in_at_their_browser_and_at_the_desk_while_strangers_guess(app, db):
    clerk = factories.staff()
    own = Browser(app)
    at_desk(own, clerk.login)
    own.post("/logout")
    for number in range(25):
        at_desk(Browser(app), clerk.login, f"wrong-{number}", f"203.0.113.{number}")
    refused = Browser(app)
    assert at_desk(refused, clerk.login).status_code == 422
    assert "図書館のパソコンからログインするか、管理の担当者にご連絡ください。" in refused.text()
    assert at_desk(own, clerk.login).status_code == 303
    policy.put("desk_networks", ["192.0.2.0/24"])
    assert at_desk(Browser(app), clerk.login, address="192.0.2.8").status_code == 303


def test_the_form_of_the_desk_asks_strangers_for_a_code_while_the_library_is_careful(app, db):
    clerk, key = factories.staff(), app.config["SECRET_KEY"]
    authenticators.begin(clerk, key)
    totp, before = TOTP(authenticators.pending(clerk, key)), clock.now() - timedelta(minutes=5)
    second_factor.confirm_app(clerk, totp.at(before), key, now=before)
    for number in range(22):
        at_desk(Browser(app), clerk.login, f"wrong-{number}", f"198.51.100.{number}")
    browser = Browser(app)
    assert at_desk(browser, clerk.login).status_code == 422
    assert "図書館のパソコンからログインするか、管理の担当者にご連絡ください" in browser.text()
    sent = browser.form() | {"login": clerk.login, "password": factories.PASSWORD, "code": totp.at(clock.now())}
    assert browser.post("/desk/login", sent, environ_base={"REMOTE_ADDR": ELSEWHERE}).location == "/desk/"


# -- reading programs ------------------------------------------------------------------------------------------------
def ask_program(app, card, password=factories.PASSWORD, address=ELSEWHERE):
    pair = base64.b64encode(f"{card}:{password}".encode()).decode()
    return app.test_client().get(
        "/opds/", headers={"Authorization": f"Basic {pair}"}, environ_base={"REMOTE_ADDR": address}
    )


def test_a_program_whose_pair_was_right_is_let_in_for_ten_minutes_whatever_others_do(app, patron, moved_clock):
    assert ask_program(app, patron.card_number).status_code == 200
    guess(app, [(patron.card_number, ELSEWHERE)] * 6)
    assert ask_program(app, patron.card_number).status_code == 200
    assert ask_program(app, patron.card_number, "wrong").status_code == 429
    moved_clock.now = NOW + timedelta(minutes=10)
    guess(app, [(patron.card_number, ELSEWHERE)] * 6)
    assert ask_program(app, patron.card_number).status_code == 429


def test_a_right_pair_is_forgotten_with_the_password(app, patron):
    assert ask_program(app, patron.card_number).status_code == 200
    type(patron).update(password_hash="").execute()
    assert ask_program(app, patron.card_number).status_code == 401


def test_a_program_of_a_stranger_is_told_of_the_secret_address_while_the_library_is_careful(app, patron):
    guess(app, from_many(patron.card_number, 22))
    answer = ask_program(app, patron.card_number)
    assert answer.status_code == 401 and "秘密のアドレス" in answer.text
    assert ask_program(app, "9999999999999").text == "図書館カードの番号とパスワードが必要です。"


def test_no_wait_is_longer_than_a_quarter_of_an_hour():
    waits = [wait for limit in (limits.PAIR, limits.SOURCE, limits.LINE) for wait in limit.waits]
    assert max(waits) == timedelta(minutes=15)
