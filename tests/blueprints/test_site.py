from datetime import date

import pytest

from library import policy
from library.calendar import hours
from models import ClosedDay, Patron
from tests import factories
from tests.pages import Browser


def opening_of(browse, name):
    for row in browse.page.find("main").find_all(["li", "div", "tr"]):
        words = row.get_text(" ", strip=True)
        if words.startswith(name) and len(words) < 40:
            return words
    raise AssertionError(name)


def test_the_front_page_shows_what_is_open_today_and_the_way_in(browse, db):
    factories.branch("本館", position=0, hours=hours.every_day("9:30", "19:00"))
    closed = factories.branch("龍田", position=1, hours=hours.every_day("9:30", "18:00"), closed_weekdays="2")
    ClosedDay.create(branch=factories.branch("河内", position=2), day=date(2026, 11, 25))
    ClosedDay.create(branch=factories.branch("東部", position=3, closed_weekdays="2",
        hours=hours.every_day("10:00", "17:00")),
                     day=date(2026, 11, 25), open=True)  # fmt: skip
    browse.get("/")
    assert "2026年11月25日(水)" in browse.text()
    assert opening_of(browse, "本館") == "本館 9:30–19:00"
    assert opening_of(browse, closed.name) == "龍田 休館"
    assert opening_of(browse, "河内") == "河内 休館"
    assert opening_of(browse, "東部") == "東部 10:00–17:00"
    assert browse.page.find("a", string="ログインする")


def test_a_closed_weekday_that_is_a_holiday_moves_to_the_next_weekday_that_is_none(browse, db, moved_clock):
    factories.branch("本館", closed_weekdays="0", hours=hours.every_day("9:30", "19:00"))
    for day, open_ in ((23, True), (24, False), (25, True), (30, False)):
        moved_clock.now = moved_clock.now.replace(day=day)
        browse.get("/")
        assert ("休館" not in opening_of(browse, "本館")) is open_, day


def test_an_empty_library_has_a_front_page(browse, db):
    assert browse.get("/").status_code == 200


def test_the_signed_in_see_what_they_have(signed_in, patron):
    factories.loan(patron)
    signed_in.get("/")
    assert "1点" in signed_in.text().replace(" ", "")


def test_address_and_telephone_stand_at_the_foot(browse, db):
    policy.put("address", "すずかけ市中央一丁目2番3号")
    policy.put("phone", "096-000-0000")
    browse.get("/")
    assert "すずかけ市中央一丁目2番3号" in browse.text()


def test_hours_of_maintenance_are_said_once_on_a_page(browse, db):
    for address in ("/", "/login"):
        assert browse.get(address).text.count("予約・延長・利用者情報の変更ができません") == 1, address


# -- text size -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("size", "word"), [("s", "小"), ("m", "中"), ("l", "大")])
def test_a_text_size_is_kept_and_told(browse, db, size, word):
    answer = browse.post("/text-size", {"size": size, "next": "/login"}, token=False)
    assert answer.location == "/login"
    browse.get("/login")
    assert f"size-{size}" in browse.page.html["class"]
    pressed = browse.page.find("button", {"aria-pressed": "true"})
    assert pressed.get_text(strip=True) == word


def test_it_goes_with_the_patron_to_another_browser(app, signed_in, patron):
    signed_in.post("/text-size", {"size": "l"}, token=False)
    other = Browser(app)
    other.sign_in(patron)
    other.get("/my/")
    assert "size-l" in other.page.html["class"]


def test_another_site_can_not_change_it(signed_in, patron):
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.test"}):
        assert signed_in.post("/text-size", {"size": "l"}, token=False, headers=headers).status_code == 403
    assert Patron.get_by_id(patron.id).text_size == ""


def test_an_unknown_size_is_refused_and_a_foreign_cookie_ignored(browse, db):
    assert browse.post("/text-size", {"size": "xxl"}, token=False).status_code == 422
    browse.client.set_cookie("textsize", '"><script>')
    browse.get("/")
    assert "size-m" in browse.page.html["class"]


def test_one_goes_back_to_this_site_only(browse, db):
    assert browse.post("/text-size", {"size": "l", "next": "//evil.test"}, token=False).location == "/"


# -- machines --------------------------------------------------------------------------------------------------------
def test_the_icon_is_there(browse, db):
    assert browse.get("/favicon.ico").status_code == 200
