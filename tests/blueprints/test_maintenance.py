"""システムメンテナンス: nothing is written for an hour, reading goes on."""

from datetime import time

import pytest

from library import clock, maintenance
from library.ebooks import addresses
from models import CartRow, EbookLoan, Session
from tests import factories

WORDS = "毎日 午前4時〜5時"


@pytest.fixture
def night(app, moved_clock):
    """4:30 in Tokyo."""
    moved_clock.now = moved_clock.now.replace(hour=19, minute=30)
    return moved_clock


def test_a_form_that_writes_is_refused_with_the_sentence(night, signed_in, patron):
    signed_in.get("/my/cart")
    answer = signed_in.post("/my/cart/titles", {"title": factories.title().id})
    assert answer.status_code == 503
    assert f"{WORDS}は、予約・延長・利用者情報の変更ができません" in signed_in.text()
    assert "検索はできます" in signed_in.text()
    assert answer.headers["Retry-After"] == "1800"
    assert not CartRow.select().exists()
    assert signed_in.post("/my/cart/titles", {}, htmx=True).status_code == 503


def test_a_reading_program_borrows_nothing_either(night, app, patron):
    ebook = factories.ebook()
    addresses.renew(patron, now=clock.now())
    shelf = f"/opds/{addresses.of_patron(patron, app.config['SECRET_KEY'])}/"
    program = app.test_client()
    assert program.get(f"{shelf}all").status_code == 200
    assert program.get(f"{shelf}ebooks/{ebook.id}/loan").status_code == 503
    assert not EbookLoan.select().exists()


def test_reading_signing_in_and_signing_out_go_on(night, browse, patron):
    for address in ("/", "/search?q=a", "/login"):
        assert browse.get(address).status_code == 200
    assert browse.sign_in(patron).status_code == 303
    assert browse.get("/my/").status_code == 200
    assert browse.post("/text-size", {"size": "l"}, token=False).status_code == 303
    assert browse.post("/logout").status_code == 303
    assert not Session.select().exists()


def test_before_and_after_all_is_written(night, signed_in, patron):
    for hour, minute in ((18, 59), (20, 0)):
        night.now = night.now.replace(hour=hour, minute=minute)
        assert signed_in.post("/my/cart/titles", {"title": factories.title().id}).status_code != 503


def test_a_library_may_have_none(night, app, signed_in):
    app.config["MAINTENANCE"] = ""
    assert signed_in.post("/my/cart/titles", {"title": factories.title().id}).status_code == 303
    signed_in.get("/")
    assert "メンテナンス" not in signed_in.text()


def test_it_is_told_before_it_begins(browse, db):
    browse.get("/")
    assert WORDS in browse.page.find("main").get_text()
    assert WORDS in browse.page.find("footer").get_text()


@pytest.mark.parametrize(
    ("text", "words", "within", "without"),
    [
        ("04:00-05:00", WORDS, (time(4), time(4, 59)), (time(3, 59), time(5))),
        ("23:30-0:15", "毎日 午後11時30分〜午前0時15分", (time(23, 30), time(0, 14)), (time(0, 15), time(12))),
        ("12:00-13:00", "毎日 午後0時〜1時", (time(12),), (time(13),)),
    ],
)
def test_hours_of_the_day(text, words, within, without, moved_clock):
    span, now = maintenance.parse(text), clock.local(clock.now())
    assert span.words == words

    def includes(at):
        return span.includes(now.replace(hour=at.hour, minute=at.minute))

    assert all(includes(at) for at in within)
    assert not any(includes(at) for at in without)
