from datetime import date, timedelta

import pytest

from library import clock, policy
from library.calendar import hours
from library.site import articles, features
from models import ClosedDay, Patron, Title
from tests import factories
from tests.pages import Browser


def line(browse):
    """Return the sentence of the front page about a branch now."""
    return browse.page.find("p", class_="open-line").get_text(" ", strip=True).replace(" ", "")


def others(browse):
    """Return the hours of the other branches today, by name."""
    rows = browse.page.select(".open-today > div")
    return {row.dt.get_text(strip=True): row.dd.get_text(strip=True) for row in rows}


def test_the_front_page_shows_what_is_open_today_and_the_way_in(browse, db):
    factories.branch("本館", position=0, hours=hours.every_day("9:30", "19:00"), closed_weekdays="0")
    factories.branch("龍田", position=1, hours=hours.every_day("9:30", "18:00"), closed_weekdays="2")
    ClosedDay.create(branch=factories.branch("河内", position=2), day=date(2026, 11, 25))
    ClosedDay.create(branch=factories.branch("東部", position=3, closed_weekdays="2",
        hours=hours.every_day("10:00", "17:00")),
                     day=date(2026, 11, 25), open=True)  # fmt: skip
    browse.get("/")
    assert line(browse) == "本館は、いま開いています今日は19:00までです。次の休館日は、11月30日(月)です。"
    assert others(browse) == {"龍田": "休館", "河内": "休館", "東部": "10:00–17:00"}
    assert browse.page.select_one("main summary").get_text(strip=True) == "ほかの3館の今日"
    assert browse.page.find("a", string="ログインする")


@pytest.mark.parametrize(
    ("hour", "said"),
    [
        (0, "本館は、閉まっています。今日は9:30に開きます。"),
        (11, "本館は、閉まっています。次は11月27日(金)9:30に開きます。"),
    ],
)
def test_the_front_page_says_when_a_shut_library_opens(browse, db, moved_clock, hour, said):
    factories.branch("本館", hours=hours.every_day("9:30", "19:00"), closed_weekdays="3")
    moved_clock.now = moved_clock.now.replace(hour=hour, minute=0)  # in Tokyo nine hours more
    browse.get("/")
    assert line(browse) == said
    assert browse.page.select_one("main summary") is None


def test_the_front_page_says_that_a_branch_without_hours_is_open_or_shut(browse, db):
    branch = factories.branch("本館")
    browse.get("/")
    assert line(browse) == "本館は、今日開いています"
    ClosedDay.create(branch=branch, day=date(2026, 11, 25))
    browse.get("/")
    assert line(browse) == "本館は、閉まっています。次は11月26日(木)に開きます。"
    policy.put("holidays_shift", False)
    branch.closed_weekdays = "0123456"
    branch.save()
    browse.get("/")
    assert line(browse) == "本館は、閉まっています。"


def test_the_front_page_names_the_branch_of_the_patron(signed_in, patron):
    factories.branch("本館", position=0)
    patron.pickup_branch = factories.branch("龍田", position=1)
    patron.save()
    signed_in.get("/")
    assert line(signed_in).startswith("龍田は、")
    assert "本館" in others(signed_in)


def test_a_closed_weekday_that_is_a_holiday_moves_to_the_next_weekday_that_is_none(browse, db, moved_clock):
    factories.branch("本館", closed_weekdays="0", hours=hours.every_day("9:30", "19:00"))
    for day, open_ in ((23, True), (24, False), (25, True), (30, False)):
        moved_clock.now = moved_clock.now.replace(day=day)
        browse.get("/")
        assert ("いま開いています" in line(browse)) is open_, day


def arrive(name, days):
    return factories.catalogued(name, accession_date=clock.today() - timedelta(days=days))


def test_the_front_page_shows_the_covers_of_the_eight_newest_titles(browse, db):
    browse.get("/")
    assert "新しく入った本" not in browse.text()
    arrive("古い本", 100)
    for days in range(9, 0, -1):
        arrive(f"新しい本{days}", days)
    browse.get("/")
    shown = browse.page.select(".new-books a")
    assert [one.select_one("a > span").get_text() for one in shown] == [f"新しい本{days}" for days in range(1, 9)]
    assert shown[0].small.get_text() == "夏目漱石"
    browse.get(shown[0]["href"])
    assert browse.h1() == "新しい本1"


def test_the_front_page_has_few_links(browse, db):
    for number in range(14):
        factories.branch(f"館{number}")
        arrive(f"本{number}", number)
    for number in range(2):
        books = (features.Book(Title.get().id, "本"),)
        draft = features.Draft(f"特集{number}", "本文", f"list-{number}", public=True, on_front=True, books=books)
        features.write(None, draft, by="a", now=clock.now())
    for number in range(4):
        articles.write(None, articles.Draft(f"知らせ{number}", "本文", day="2026-11-24"), by="a", now=clock.now())
    browse.get("/")
    assert len(browse.page.find("main").find_all("a")) <= 30


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
