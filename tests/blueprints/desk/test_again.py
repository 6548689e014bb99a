"""もう一度確認します: before what harms or gives away, when the last proof is older than ten minutes."""

from datetime import timedelta

import pytest

from library import policy
from library.patrons import staff_proofs
from models import Audit, ParkedForm, Patron, Session, Staff
from tests import factories
from tests.factories import PASSWORD
from tests.pages import Browser

LATER = timedelta(minutes=11)


@pytest.fixture
def admin(app):
    factories.branch("本館", position=0)
    return factories.staff("admin", login="kanri")


@pytest.fixture
def card(app):
    return factories.patron(card_number="0000003000123", name="佐藤 花子", name_kana="サトウ ハナコ")


@pytest.fixture
def at_desk(browse, admin):
    browse.be(admin)
    return browse


@pytest.fixture
def later(at_desk, moved_clock):
    moved_clock.now += LATER
    return at_desk


def go_on(browser, password=PASSWORD):
    """Give the proof on the page that asks for it, as a browser would."""
    form = browser.page.find("main").find("form")
    return browser.post(form["action"], browser.form() | {"again_password": password})


def ask_to_close(browser, card):
    browser.get(f"/desk/patrons/{card.id}/closing")
    return browser.post(f"/desk/patrons/{card.id}/closing")


def test_a_fresh_sign_in_is_proof_enough(at_desk, card, moved_clock):
    moved_clock.now += timedelta(minutes=10)
    assert ask_to_close(at_desk, card).location == f"/desk/patrons/{card.id}"
    assert Patron.get_by_id(card.id).state == "closed" and ParkedForm.select().count() == 0


def test_the_act_waits_for_the_password_and_goes_on_with_it(later, card):
    answer = ask_to_close(later, card)
    assert (answer.status_code, answer.location) == (303, "/desk/again?act=close_card")
    assert Patron.get_by_id(card.id).state == "active"
    later.get(answer.location)
    assert later.h1() == "もう一度確認します" and "カードの廃止の前に" in later.text()
    answer = go_on(later)
    assert answer.location == f"/desk/patrons/{card.id}"
    assert Patron.get_by_id(card.id).state == "closed" and ParkedForm.select().count() == 0


def test_the_proof_is_good_for_ten_minutes(later, card, moved_clock):
    later.get(ask_to_close(later, card).location)
    go_on(later)
    other = factories.patron()
    moved_clock.now += timedelta(minutes=10)
    assert ask_to_close(later, other).location == f"/desk/patrons/{other.id}"
    moved_clock.now += timedelta(minutes=1)
    assert ask_to_close(later, factories.patron()).location == "/desk/again?act=close_card"


def test_a_proof_gives_the_session_a_new_token_and_a_copied_cookie_is_dead(app, later, card):
    thief = Browser(app)
    thief.client.set_cookie("session", later.client.get_cookie("session").value)
    later.get(ask_to_close(later, card).location)
    assert go_on(later).location == f"/desk/patrons/{card.id}"
    assert later.get("/desk/status").status_code == 200
    assert thief.get("/desk/status").location.startswith("/desk/login")
    assert Session.select().count() == 1


def test_htmx_is_led_to_the_page(later, card):
    later.get(f"/desk/patrons/{card.id}/closing")
    answer = later.post(f"/desk/patrons/{card.id}/closing", htmx=True)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/desk/again?act=close_card")
    later.get("/desk/again?act=close_card")
    go_on(later)
    assert Patron.get_by_id(card.id).state == "closed"


def test_nothing_typed_is_lost(later, card):
    later.get(f"/desk/patrons/{card.id}/edit")
    sent = later.form() | {"name": '佐藤 "花"<b>', "birth_date": "1980-01-02", "phone_home": "096-000-0000"}
    later.get(later.post(f"/desk/patrons/{card.id}/edit", sent).location)
    assert "生年月日の変更の前に" in later.text() and not later.page.find("b", string="")
    assert go_on(later, "wrong").status_code == 422
    assert "現パスワードが違います" in later.page.find(id="error-summary").get_text()
    assert go_on(later).status_code == 303
    changed = Patron.get_by_id(card.id)
    assert (changed.name, f"{changed.birth_date}", changed.phone_home) == ('佐藤 "花"<b>', "1980-01-02", "096-000-0000")


@pytest.mark.parametrize("typed", ["1980-01-02", "19\u200b80-01-02", "Ｓ55.1.2"])
def test_another_birth_date_asks_however_it_is_written_and_other_changes_do_not(later, card, typed):
    later.get(f"/desk/patrons/{card.id}/edit")
    form = later.form()
    assert later.post(f"/desk/patrons/{card.id}/edit", form | {"phone_home": "096-000-0000"}).status_code == 303
    assert Patron.get_by_id(card.id).phone_home == "096-000-0000"
    later.get(f"/desk/patrons/{card.id}/edit")
    assert later.post(f"/desk/patrons/{card.id}/edit", form | {"birth_date": typed}).location.startswith("/desk/again")
    assert Patron.get_by_id(card.id).birth_date == card.birth_date


@pytest.mark.parametrize(
    ("what", "act", "data"), [("password", "initial_password", {}), ("lost", "lost_card", {"number": "0000009999999"})]
)
def test_initial_passwords_and_lost_cards_ask(later, card, what, act, data):
    later.get(f"/desk/patrons/{card.id}")
    assert later.post(f"/desk/patrons/{card.id}/{what}", data).location == f"/desk/again?act={act}"
    row = Patron.get_by_id(card.id)
    assert (row.card_number, row.password_hash) == (card.card_number, card.password_hash)


@pytest.mark.parametrize("what", ["note", "renew", "release", "suspend", "resume"])
def test_the_work_of_every_day_is_not_asked_about(later, card, what):
    later.get(f"/desk/patrons/{card.id}")
    answer = later.post(f"/desk/patrons/{card.id}/{what}", {"desk_note": "声をかける", "reason": "返却待ち"})
    assert "/desk/again" not in (answer.location or "")


def test_accounts_ask(later, admin):
    clerk = factories.staff("desk", login="suzuki")
    later.get("/desk/staff")
    sent = later.form("/desk/staff") | {"login": "tanaka", "role": "admin"}
    assert later.post("/desk/staff", sent).location == "/desk/again?act=staff_account"
    assert later.post(f"/desk/staff/{clerk.id}/disable").location == "/desk/again?act=staff_account"
    assert Staff.select().count() == 2 and Staff.get_by_id(clerk.id).disabled_at is None


def test_settings_of_sign_in_ask_and_others_do_not(later):
    later.get("/desk/policies/cards")
    form = later.form("/desk/policies/cards")
    assert later.post("/desk/policies/cards", form | {"card_years": "4"}).location == "/desk/policies"
    later.get("/desk/policies/cards")
    answer = later.post("/desk/policies/cards", form | {"password_minimum": "8"})
    assert answer.location == "/desk/again?act=sign_in_settings" and policy.get("password_minimum") != 8
    later.get(answer.location)
    go_on(later)
    assert policy.get("password_minimum") == 8


def test_five_wrong_proofs_end_the_session_and_the_form_comes_back_after_signing_in(later, card, admin):
    later.get(f"/desk/patrons/{card.id}/edit")
    sent = later.form() | {"birth_date": "1980-01-02"}
    later.get(later.post(f"/desk/patrons/{card.id}/edit", sent).location)
    for _ in range(staff_proofs.MOST_WRONG - 1):
        assert go_on(later, "wrong").status_code == 422
    answer = go_on(later, "wrong")
    assert (answer.status_code, answer.location) == (303, "/desk/login")
    assert Session.select().count() == 0
    assert Audit.select().where(Audit.action == "staff.proof_failed").count() == 1
    later.get("/desk/login")
    assert "続けて間違えたため、ログアウトしました" in later.text()
    assert Patron.get_by_id(card.id).birth_date == card.birth_date


def test_a_right_proof_begins_the_count_anew_and_an_empty_one_counts_nowhere(later, card, moved_clock):
    later.get(ask_to_close(later, card).location)
    for password in ("wrong", "wrong", "", "wrong", "wrong"):
        go_on(later, password)
    assert Session.get().wrong_proofs == 4
    go_on(later)
    assert Session.get().wrong_proofs == 0


def test_the_proof_is_that_of_who_sits_here(later, card, admin):
    """The password of a colleague opens nothing, and nobody takes over what a colleague sent in this browser."""
    later.get(ask_to_close(later, card).location)
    colleague = factories.staff("admin", login="colleague", password_hash="")
    assert go_on(later, "another").status_code == 422
    later.be(colleague)
    later.get("/desk/again?act=close_card")
    assert later.page.find("main").find("form")["action"] == "/desk/again"
    assert Patron.get_by_id(card.id).state == "active"


def test_another_browser_does_not_see_what_waits(later, app, card, admin):
    ask_to_close(later, card)
    other = Browser(app)
    other.be(admin)
    other.get("/desk/again?act=close_card")
    assert other.page.find("main").find("form")["action"] == "/desk/again"


def test_one_who_may_not_is_not_asked(later, app, moved_clock):
    clerk = Browser(app)
    clerk.be(factories.staff("desk"))
    moved_clock.now += LATER
    clerk.get("/desk/again")
    assert clerk.post("/desk/staff", {"login": "tanaka", "role": "admin"}).status_code == 403


@pytest.mark.parametrize(
    "way", ["//elsewhere.example.com/desk/", "https://elsewhere.example.com", "/my/", "/desk/nothing-here"]
)
def test_the_way_back_stays_at_the_desk(later, way):
    later.get("/desk/again", query_string={"next": way, "act": "<b>"})
    assert go_on(later).location == "/desk/"


def test_a_page_that_was_asked_for_opens_after_the_proof(later):
    later.get("/desk/again", query_string={"next": "/desk/staff", "act": "staff_account"})
    assert go_on(later, "wrong").status_code == 422
    assert go_on(later).location == "/desk/staff"
