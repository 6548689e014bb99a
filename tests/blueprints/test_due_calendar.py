"""返却期限カレンダー: its link is made, renewed and ended; what a phone reads there."""

from datetime import date, timedelta

import icalendar
import pytest

from library import clock
from library.account import account_closing
from library.lending import due_calendar, renewals
from models import Branch, CalendarLink, Loan
from tests import factories
from tests.pages import Browser

TODAY = date(2026, 11, 25)
LONG = "寿限無、寿限無；五劫のすりきれ\\海砂利水魚の" * 4


@pytest.fixture
def link(app, patron):
    return due_calendar.renew(patron, now=clock.now())


@pytest.fixture
def read(app, link):
    """The events of the calendar, by uid, as a phone reads them that has no cookie."""

    def read(of=None):
        address = path_of(app, of or CalendarLink.get())
        answer = Browser(app).get(address)
        assert answer.status_code == 200 and answer.mimetype == "text/calendar"
        assert "Set-Cookie" not in answer.headers
        assert all(len(line) <= 75 for line in answer.data.split(b"\r\n"))
        calendar = icalendar.Calendar.from_ical(answer.data)
        assert not calendar.errors
        return {str(event["UID"]): event for event in calendar.walk("VEVENT")}

    return read


def path_of(app, link):
    return f"/my/calendar/{due_calendar.token(link, app.config['SECRET_KEY'])}.ics"


def entries(events):
    return sorted(
        (event.decoded("DTSTART"), event.decoded("DTEND"), str(event["SUMMARY"])) for event in events.values()
    )


def test_days_say_how_many_items_and_where_but_no_title(read, patron):
    for name in (LONG, "こころ"):
        factories.loan(patron, TODAY + timedelta(days=2), title=factories.title(name))
    factories.loan(patron, TODAY - timedelta(days=3))
    factories.loan(factories.patron(), TODAY + timedelta(days=2))
    factories.hold(patron, state="ready", item=factories.item(aside=True), pickup_by=TODAY + timedelta(days=5))
    factories.hold(patron, state="waiting")
    one = timedelta(days=1)
    assert entries(read()) == [
        (TODAY - 3 * one, TODAY - 2 * one, "返却期限 資料 1点（本館）"),
        (TODAY + 2 * one, TODAY + 3 * one, "返却期限 資料 2点（本館）"),
        (TODAY + 5 * one, TODAY + 6 * one, "予約資料の受取期限 資料 1点（本館）"),
    ]


def test_titles_stand_there_when_the_patron_switched_them_on(read, patron):
    due_calendar.show_titles(patron, True)
    factories.loan(patron, TODAY, title=factories.title(LONG, volume="上"))
    factories.hold(patron, factories.title("草枕"), state="ready", item=factories.item(aside=True), pickup_by=TODAY)
    assert [summary for *_, summary in entries(read())] == [
        "予約資料の受取期限「草枕」（本館）",
        f"返却期限「{LONG} 上」（本館）",
    ]


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x0b", "\x85", "\u2028", "\u2029"])
def test_no_title_and_no_name_of_a_branch_ends_a_line(read, patron, end, app):
    due_calendar.show_titles(patron, True)
    factories.loan(patron, TODAY, title=factories.title(f"こ;こ,ろ\\{end}BEGIN:VALARM{end}ATTACH:https://example.com/"))
    Branch.update(name=f"本{end}END:VCALENDAR館").execute()
    (event,) = read().values()
    said = " ".join(str(event["SUMMARY"]).split())
    assert said.startswith("返却期限「こ;こ,ろ\\ BEGIN:VALARM ATTACH:https://example.com/」（本")
    lines = Browser(app).get(path_of(app, CalendarLink.get())).text.splitlines()
    assert not [line for line in lines if line.startswith(("BEGIN:VALARM", "ATTACH", "END:VCALENDAR館"))]


@pytest.mark.parametrize("with_titles", [False, True])
def test_a_renewed_loan_is_the_same_event_on_another_day(read, patron, with_titles):
    due_calendar.show_titles(patron, with_titles)
    loan = factories.loan(patron, TODAY + timedelta(days=2), lent_on=TODAY - timedelta(days=5))
    ((uid, before),) = read().items()
    renewals.renew(loan, now=clock.now(), by="patron")
    ((same, after),) = read().items()
    assert same == uid
    assert after.decoded("DTSTART") == TODAY + timedelta(days=14)
    assert after["SEQUENCE"] > before["SEQUENCE"]


def test_one_of_several_that_is_renewed_leaves_the_others_their_day(read, patron):
    loans = [factories.loan(patron, TODAY + timedelta(days=2)) for _ in range(3)]
    Loan.update(due_on=TODAY + timedelta(days=9)).where(Loan.id == loans[0].id).execute()
    events = read()
    assert set(events) == {f"loan-{loans[0].id}@madoguchi", f"loan-{loans[1].id}@madoguchi"}
    assert events[f"loan-{loans[1].id}@madoguchi"]["SUMMARY"] == "返却期限 資料 2点（本館）"


def test_a_renewed_link_is_the_only_one_that_opens(app, browse, read, patron, link):
    old = path_of(app, link)
    new = path_of(app, due_calendar.renew(patron, now=clock.now()))
    assert browse.get(old).status_code == 404
    assert browse.get(new).status_code == 200
    assert browse.get(new.replace(".ics", "x.ics")).status_code == 404
    other = factories.patron()
    assert entries(read(due_calendar.renew(other, now=clock.now()))) == []
    due_calendar.end(patron)
    assert browse.get(new).status_code == 404


def test_a_closed_card_has_no_calendar(app, browse, patron, link):
    account_closing.close(patron, by="command", now=clock.now())
    assert browse.get(path_of(app, link)).status_code == 404
    assert not CalendarLink.select().exists()


def test_a_phone_that_asks_again_is_told_that_nothing_changed(app, browse, patron, link, moved_clock):
    loan = factories.loan(patron, TODAY)
    first = browse.get(path_of(app, link))
    assert first.headers["Cache-Control"] == "private, max-age=3600"
    moved_clock.now += timedelta(hours=2)
    asked = {"If-None-Match": first.headers["ETag"]}
    assert browse.get(path_of(app, link), headers=asked).status_code == 304
    Loan.update(due_on=TODAY + timedelta(days=1)).where(Loan.id == loan.id).execute()
    assert browse.get(path_of(app, link), headers=asked).status_code == 200


# -- the page --------------------------------------------------------------------------------------------------------
def address_on_page(browse):
    field = browse.page.find(id="calendar-address")
    return field and field["value"]


def test_a_link_is_made_renewed_shown_with_titles_and_ended(signed_in, patron, app):
    signed_in.get("/my/calendar")
    assert address_on_page(signed_in) is None
    signed_in.post("/my/calendar", signed_in.form("/my/calendar"))
    signed_in.get("/my/calendar")
    first = address_on_page(signed_in)
    assert first.endswith(path_of(app, CalendarLink.get()))
    assert signed_in.page.find("a", string="この端末のカレンダーに加える")["href"].startswith("webcal://")
    signed_in.post("/my/calendar", {})
    signed_in.get("/my/calendar")
    assert address_on_page(signed_in) == first, "sent again"

    signed_in.post("/my/calendar/titles", signed_in.form("/my/calendar/titles"))
    assert CalendarLink.get().with_titles
    signed_in.get("/my/calendar/renewal")
    assert "いまのリンクは使えないので" in signed_in.text()
    signed_in.post("/my/calendar/renewal", signed_in.form("/my/calendar/renewal"))
    signed_in.get("/my/calendar")
    assert address_on_page(signed_in) != first and CalendarLink.get().with_titles
    signed_in.post("/my/calendar/titles", signed_in.form("/my/calendar/titles"))
    assert not CalendarLink.get().with_titles

    signed_in.get("/my/calendar/end")
    signed_in.post("/my/calendar/end", signed_in.form("/my/calendar/end"))
    assert not CalendarLink.select().exists()
    signed_in.post("/my/calendar/renewal", {})
    assert not CalendarLink.select().exists(), "pressed on a page from before the end"
    assert address_on_page(signed_in.get("/my/calendar") and signed_in) is None
    assert "<html" not in signed_in.get("/my/calendar", htmx=True).text


def test_the_link_is_in_no_log_line(app, browse, link, caplog):
    caplog.set_level("INFO")
    browse.get(path_of(app, link))
    assert link.serial not in caplog.text and "calendar" in caplog.text
