"""館内端末: what anybody may sit down at keeps nothing, and signs out whoever left."""

import base64
from datetime import timedelta
from pathlib import Path

import pytest

from library import clock, errors, networks, policy
from library.access import terminals
from library.ebooks import addresses, lending
from models import KnownDevice, Session
from tests import epubs, factories
from tests.pages import Browser

CARD_LINK = {"href": "/my/card"}


@pytest.fixture
def at_terminal(app):
    """A browser that the desk marked."""
    browser = Browser(app)
    browser.sign_in_at_desk(factories.staff())
    browser.get("/desk/terminal")
    browser.post("/desk/terminal", {"mark": "yes"})
    browser.get("/desk/terminal")
    assert "このブラウザーは、館内端末です" in browser.text()
    browser.post("/logout")
    return browser


def test_a_patron_who_leaves_a_terminal_is_signed_out_after_three_minutes(at_terminal, patron, moved_clock):
    at_terminal.sign_in(patron)
    for _ in range(3):
        moved_clock.now += timedelta(minutes=2, seconds=50)
        assert at_terminal.get("/my/stay").status_code == 204
    moved_clock.now += timedelta(minutes=3)
    assert at_terminal.get("/my/stay").location.startswith("/login")


def test_elsewhere_half_an_hour_is_given(browse, patron, moved_clock):
    browse.sign_in(patron)
    moved_clock.now += timedelta(minutes=29)
    assert browse.get("/my/").status_code == 200
    assert browse.page.find(id="idle") is None


def test_a_terminal_counts_down_and_keeps_nothing(at_terminal, patron):
    at_terminal.get("/login")
    assert {at_terminal.page.find(id=name)["autocomplete"] for name in ("card", "password")} == {"off"}
    assert "3分間操作がないと" in at_terminal.text()
    answer = at_terminal.sign_in(patron)
    assert not any(cookie.startswith("device=") for cookie in answer.headers.getlist("Set-Cookie"))
    assert not KnownDevice.select().exists()
    at_terminal.get("/my/")
    assert at_terminal.page.find(id="idle")["data-stay"] == "/my/stay"
    size = at_terminal.post("/text-size", {"size": "l", "next": "/my/"})
    (kept,) = [cookie for cookie in size.headers.getlist("Set-Cookie") if cookie.startswith("textsize=")]
    assert "Max-Age" not in kept and "Expires" not in kept


def test_a_browser_is_told_once_that_it_became_a_terminal(browse):
    browse.be(factories.staff())
    for mark, done in (
        ("yes", "このブラウザーは、館内端末です。"),
        ("no", "このブラウザーは、館内端末ではありません。"),
    ):
        browse.get("/desk/terminal")
        browse.post("/desk/terminal", {"mark": mark})
        browse.get("/desk/terminal")
        assert browse.page.select_one("#answer[role=status]").get_text(strip=True) == done


def test_the_page_of_terminals_names_the_address_of_this_computer(browse, app):
    browse.be(factories.staff())
    browse.get("/desk/terminal")
    assert "このパソコンのアドレスは 127.0.0.1 です" in browse.text()
    policy.put("terminals", ["127.0.0.0/8"])
    browse.get("/desk/terminal")
    assert browse.page.select_one(".notice-good p + p").get_text(strip=True) == "127.0.0.1"


def test_a_terminal_shows_no_card(at_terminal, patron):
    at_terminal.sign_in(patron)
    at_terminal.get("/my/")
    assert at_terminal.page.find("a", CARD_LINK) is None
    assert at_terminal.get("/my/card").status_code == 403
    assert "館内端末には、利用者カードを表示しません" in at_terminal.text()
    assert at_terminal.page.find("svg", class_="card-bars") is None


def test_a_terminal_gives_out_nothing_that_would_stay_there(at_terminal, app, patron):
    """Files, an address that opens without signing in, and what a browser asks a password for."""
    ebook = epubs.stocked(Path(app.instance_path) / "ebooks", "旅の本")
    file = addresses.file_token(lending.borrow(ebook, patron, now=clock.now()), key := app.config["SECRET_KEY"])
    addresses.replace_shelf_address(patron, now=clock.now())
    shelf = factories.shelf(patron, titles=[ebook.title])
    entry = factories.history(patron, lent_on=clock.today() - timedelta(days=1))
    at_terminal.sign_in(patron)
    for page, link in {
        "/my/": "/my/calendar",
        "/my/ebooks": ".epub",
        "/my/history": ".csv",
        f"/my/history/deletion?entry={entry.id}": ".csv",
        f"/my/shelves/{shelf.id}": ".csv",
    }.items():
        assert at_terminal.get(page).status_code == 200
        assert not [one["href"] for one in at_terminal.page.find_all("a") if one["href"].endswith(link)]
    basic = base64.b64encode(f"{patron.card_number}:{factories.PASSWORD}".encode()).decode()
    for address in (
        "/my/calendar",
        "/my/history.csv",
        f"/my/shelves/{shelf.id}.csv",
        f"/ebooks/{file}.epub",
        f"/opds/{addresses.shelf_token(patron, key)}/shelf",
        "/opds/",
    ):
        answer = at_terminal.client.get(address, headers={"Authorization": f"Basic {basic}"})
        assert (answer.status_code, answer.headers.get("WWW-Authenticate")) == (403, None), address
        assert "館内端末では、ご利用いただけません" in answer.text


def test_a_first_password_at_a_terminal_leads_to_a_short_session_too(at_terminal, db):
    at_terminal.sign_in(factories.patron(password=None), "0808")
    at_terminal.get("/login/first-password")
    at_terminal.post("/login/first-password", {"new_password": "aozora-bunko", "new_password_again": "aozora-bunko"})
    assert [row.terminal for row in Session.select()] == [True]


@pytest.mark.parametrize(("listed", "marked"), [("127.0.0.1", ""), ("", "1")], ids=["by address", "by an old mark"])
def test_no_terminal_is_a_device_of_the_staff(browse, db, listed, marked):
    factories.branch("本館", position=0)
    policy.put("terminals", [listed] if listed else [])
    if marked:
        browse.client.set_cookie("terminal", marked)
    assert browse.sign_in_at_desk(factories.staff(login="suzuki")).location == "/desk/"
    assert browse.client.get_cookie("device") is None and not KnownDevice.select().exists()


def test_the_mark_is_taken_away_at_the_desk(at_terminal, patron):
    at_terminal.sign_in_at_desk(factories.staff(login="other"))
    at_terminal.get("/desk/terminal")
    at_terminal.post("/desk/terminal", {"mark": "no"})
    at_terminal.post("/logout")
    at_terminal.sign_in(patron)
    assert at_terminal.get("/my/card").status_code == 200


@pytest.mark.parametrize(
    ("typed", "address", "is_one"),
    [
        ("192.168.10.5", "192.168.10.5", True),
        ("192.168.10.5", "192.168.10.6", False),
        ("１９２．１６８．１０．０／２４\n\n10.0.0.1", "192.168.10.77", True),
        ("192.168.10.9/24", "192.168.10.77", True),
        ("192.168.10.0/24", "::ffff:192.168.10.77", True),
        ("2001:db8::/32", "2001:db8::5", True),
        ("2001:db8::/32", "192.168.10.5", False),
        ("", "192.168.10.5", False),
        ("10.0.0.0/8", "unknown", False),
    ],
)
def test_a_terminal_may_be_known_by_its_address(db, typed, address, is_one):
    policy.put("terminals", networks.read(typed))
    assert terminals.is_listed(address) is is_one


def test_a_text_that_is_no_address_is_refused(db):
    with pytest.raises(errors.TerminalMalformed) as refused:
        networks.read("192.168.10.0/24\n図書館のパソコン")
    assert "図書館のパソコン" in refused.value.sentence


def test_a_listed_address_makes_a_session_short(browse, patron):
    policy.put("terminals", ["127.0.0.0/8"])
    browse.sign_in(patron)
    assert Session.get().terminal
