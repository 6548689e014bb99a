"""もう一度ログイン: after fifteen idle minutes; what was sent then comes back filled and is not applied."""

from datetime import timedelta

import pytest

from library import clock
from models import ParkedForm, Patron
from tests import factories
from tests.factories import PASSWORD
from tests.pages import Browser

IDLE = timedelta(minutes=15)


@pytest.fixture
def clerk(app):
    factories.branch("本館", position=0)
    return factories.staff("desk", login="suzuki")


@pytest.fixture
def card(app):
    return factories.patron(name="佐藤 花子", phone_home="")


@pytest.fixture
def at_desk(browse, clerk):
    browse.be(clerk)
    return browse


@pytest.fixture
def idle(at_desk, card, moved_clock):
    """A page of a patron that lay open for a quarter of an hour."""
    at_desk.get(f"/desk/patrons/{card.id}/edit")
    moved_clock.now += IDLE
    return at_desk


def sign_in_again(browser, password=PASSWORD, **data):
    browser.get("/desk/login")
    return browser.post("/desk/login", browser.form() | {"password": password} | data)


def send(browser, card, htmx=False, **changed):
    return browser.post(f"/desk/patrons/{card.id}/edit", browser.form() | changed, htmx=htmx)


def test_fifteen_minutes_are_idle_and_one_less_is_not(at_desk, moved_clock):
    moved_clock.now += IDLE - timedelta(seconds=1)
    assert at_desk.get("/desk/status").status_code == 200
    moved_clock.now += IDLE
    assert at_desk.get("/desk/status").location == "/desk/login?next=/desk/status"


def test_the_login_is_fixed_unless_somebody_else_takes_the_desk(idle):
    idle.get("/desk/status")
    idle.get("/desk/login")
    field = idle.page.find("input", {"name": "login"})
    assert idle.h1() == "もう一度ログイン" and (field["value"], field.has_attr("readonly")) == ("suzuki", True)
    assert idle.post("/desk/login", idle.form() | {"password": "wrong"}).status_code == 422
    assert idle.h1() == "もう一度ログイン" and idle.page.find("input", {"name": "login"}).has_attr("readonly")
    idle.get("/desk/login?other=1")
    assert idle.h1() == "窓口のログイン" and not idle.page.find("input", {"name": "login"})["value"]


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_a_parked_form_comes_back_filled_and_nothing_is_applied(idle, card, htmx):
    answer = send(idle, card, htmx, name="佐藤 <i>花</i>", phone_home="096-000-0000", titles_in_mail="")
    assert (answer.headers["HX-Redirect"] if htmx else answer.location) == "/desk/login"
    answer = sign_in_again(idle)
    assert answer.location == f"/desk/patrons/{card.id}/edit"
    idle.get(answer.location)
    assert "中断した入力です。 確かめて、もう一度押してください。" in idle.text()
    form = idle.form()
    assert (form["name"], form["phone_home"]) == ("佐藤 <i>花</i>", "096-000-0000")
    assert Patron.get_by_id(card.id).phone_home == ""
    assert idle.post(f"/desk/patrons/{card.id}/edit", form).status_code == 303
    assert Patron.get_by_id(card.id).phone_home == "096-000-0000" and ParkedForm.select().count() == 0
    idle.get(f"/desk/patrons/{card.id}/edit")
    assert "中断した入力" not in idle.text()


def test_its_page_is_the_one_from_which_it_was_sent(idle, card):
    idle.get("/desk/login")
    page = f"http://localhost/desk/patrons/{card.id}/note?from=list"
    idle.post(f"/desk/patrons/{card.id}/note", {"desk_note": "声を\nかける"}, headers={"Referer": page})
    answer = sign_in_again(idle)
    assert answer.location == f"/desk/patrons/{card.id}/note?from=list"
    idle.get(answer.location)
    assert idle.page.find("textarea").get_text() == "\n声を\nかける" and Patron.get_by_id(card.id).desk_note == ""


@pytest.mark.parametrize(
    "told", ["http://[", "http://elsewhere.example.com/x", "http://localhost/desk/nothing", "", "javascript:1"]
)
def test_a_page_that_is_none_of_the_desk_is_not_believed(idle, card, told):
    idle.get("/desk/login")
    idle.post(f"/desk/patrons/{card.id}/note", {"desk_note": "a"}, headers={"Referer": told})
    assert ParkedForm.get().page == f"/desk/patrons/{card.id}/note"


def test_it_waits_half_an_hour(idle, card, moved_clock):
    send(idle, card, phone_home="096-000-0000")
    moved_clock.now += timedelta(minutes=30)
    assert sign_in_again(idle).location == "/desk/"


def test_another_member_of_staff_and_another_browser_do_not_get_it(idle, app, card, clerk):
    send(idle, card, phone_home="096-000-0000")
    other = Browser(app)
    other.sign_in_at_desk(clerk)
    other.get(f"/desk/patrons/{card.id}/edit")
    assert "中断" not in other.text() and other.form()["phone_home"] == ""
    colleague = factories.staff("desk", login="tanaka")
    assert sign_in_again(idle, login="tanaka").location == "/desk/"
    idle.get(f"/desk/patrons/{card.id}/edit")
    assert colleague and "中断" not in idle.text() and idle.form()["phone_home"] == ""


def test_a_clerk_who_signed_out_or_was_disabled_left_nothing(at_desk, card, clerk, moved_clock):
    at_desk.get(f"/desk/patrons/{card.id}/edit")
    at_desk.post("/logout")
    assert at_desk.post(f"/desk/patrons/{card.id}/note", {"desk_note": "a"}).status_code == 303
    at_desk.be(clerk)
    at_desk.get(f"/desk/patrons/{card.id}/edit")
    moved_clock.now += IDLE
    clerk.disabled_at = clock.now()
    clerk.save()
    send(at_desk, card)
    assert ParkedForm.select().count() == 0


def test_a_form_that_only_an_admin_may_send_is_held_for_no_one_else(at_desk, moved_clock):
    at_desk.get("/desk/status")
    moved_clock.now += IDLE
    at_desk.post("/desk/staff", {"login": "tanaka", "role": "admin"})
    assert ParkedForm.select().count() == 0


def test_a_stranger_holds_nothing(browse, card):
    browse.get("/desk/login")
    browse.post(f"/desk/patrons/{card.id}/note", {"desk_note": "a"})
    assert ParkedForm.select().count() == 0


def test_a_scan_comes_back_into_its_field(at_desk, moved_clock):
    at_desk.get("/desk/returns")
    moved_clock.now += IDLE
    at_desk.post("/desk/returns", at_desk.form("/desk/returns") | {"item": "9999"})
    at_desk.get(sign_in_again(at_desk).location)
    assert at_desk.page.find("input", {"name": "item"})["value"] == "9999"
