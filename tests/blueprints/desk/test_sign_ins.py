"""ログインの状況: who waits, with whom the library is careful, and the end of either."""

from datetime import timedelta

import pytest

from library.access.guessing import tries
from models import Audit, Guess
from tests import factories
from tests.conftest import NOW

PAGE = "/desk/sign-ins"


@pytest.fixture
def admin(browse, db):
    browse.be(factories.staff("admin", login="yamada"))
    return browse


def row(kind, who="", source="", failures=7, until=NOW + timedelta(minutes=4)):
    return Guess.create(kind=kind, who=who, source=source, failures=failures, since=NOW, until=until)


def cells(browse):
    return [
        [cell.get_text(" ", strip=True) for cell in line.find_all(["th", "td"])][:4]
        for line in browse.page.select("tbody tr")
    ]


def test_where_nobody_guesses_there_is_nothing(admin):
    admin.get(PAGE)
    assert admin.text().count("ありません。") == 2 and not cells(admin)


def test_waiting_sign_ins_and_careful_sources_are_listed(admin, patron):
    row("pair", tries.card_counter(patron), "192.0.2.7")
    row("pair", tries.login_counter("Yamada"), "mark 1234")
    row("source", "", "terminal abc", until=NOW + timedelta(minutes=3))
    row("pair", tries.login_counter("my-password"), "2001:db8::", until=NOW + timedelta(minutes=2))
    row("source", "", "203.0.113.1", until=NOW)
    row("strangers", tries.card_counter(patron), failures=20)
    row("all_strangers", failures=500)
    admin.get(PAGE)
    found = cells(admin)
    assert [line[:2] for line in found[:4]] == [
        ["192.0.2.7", patron.card_number],
        ["前にログインした端末", "yamada"],
        ["館内端末", "–"],
        ["2001:db8::", "登録のないログインID"],
    ]
    assert [line[0] for line in found[4:]] == ["はじめての端末の方、全員", patron.card_number]
    assert "my-password" not in admin.text() and "203.0.113.1" not in admin.text()


def test_a_wait_is_ended_and_that_is_recorded(admin, patron):
    waits = row("pair", tries.card_counter(patron), "192.0.2.7")
    admin.get(PAGE)
    assert admin.page.select_one("tbody button").find(string=True) == "待ち時間を解除する"
    assert admin.post(f"{PAGE}/{waits.id}/end").location == PAGE
    admin.get(PAGE)
    assert "解除しました。" in admin.text() and Guess.select().count() == 0
    record = Audit.get(Audit.action == "signing_in.wait_ended")
    assert (record.actor, record.patron, record.details) == ("staff:yamada", patron, {"kind": "pair"})


def test_one_that_is_over_is_let_be(admin):
    over, plain = row("source", "", "192.0.2.7", until=NOW), row("released", "card 1")
    admin.get(PAGE)
    for one in (over, plain):
        assert admin.post(f"{PAGE}/{one.id}/end").status_code == 303
    assert Guess.select().count() == 2 and not Audit.select().where(Audit.action == "signing_in.wait_ended").exists()


def test_of_many_the_longest_are_shown_and_the_rest_counted(admin):
    for number in range(53):
        row("source", "", f"192.0.2.{number}", until=NOW + timedelta(seconds=60 + number))
    admin.get(PAGE)
    assert len(cells(admin)) == 50 and "ほかに3件あります。" in admin.text()
    assert cells(admin)[0][0] == "192.0.2.52"
