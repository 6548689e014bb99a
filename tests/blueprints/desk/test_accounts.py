"""Signing in at the desk, the first account, and accounts."""

from datetime import timedelta

import pytest

from library import clock
from library.patrons import staff
from models import Guess, Staff
from tests import factories
from tests.factories import PASSWORD

NEW = "mado-no-soto-wa-hare"


@pytest.fixture
def admin(app):
    return factories.staff("admin", login="yamada")


@pytest.fixture
def at_desk(browse, admin):
    browse.sign_in_at_desk(admin)
    return browse


def test_one_comes_to_the_page_that_was_asked_for(browse, admin):
    asked = browse.get("/desk/staff")
    browse.get(asked.location)
    answer = browse.post("/desk/login", browse.form() | {"login": "yamada", "password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/desk/staff")


def test_a_next_page_outside_the_desk_is_not_followed(browse, admin):
    browse.get("/desk/login")
    answer = browse.post(
        "/desk/login", {"login": "yamada", "password": PASSWORD, "next": "//elsewhere.example.com/desk"}
    )
    assert answer.location == "/desk/"


def test_a_wrong_password_says_so_and_keeps_the_login(browse, admin):
    browse.get("/desk/login")
    answer = browse.post("/desk/login", {"login": "yamada", "password": "wrong"})
    assert answer.status_code == 422 and "ログインIDかパスワードが違います" in browse.text()
    assert browse.page.find("input", {"name": "login"})["value"] == "yamada"


def test_an_empty_sign_in_names_what_is_missing_and_counts_nowhere(browse, admin):
    for _ in range(6):
        browse.get("/desk/login")
        assert browse.post("/desk/login", {"login": " ", "password": ""}).status_code == 422
    assert "ログインIDを入力してください" in browse.page.find(id="login-messages").get_text()
    assert "パスワードを入力してください" in browse.page.find(id="password-messages").get_text()
    assert Guess.select().count() == 0
    assert browse.sign_in_at_desk(admin).status_code == 303


def test_a_password_that_took_too_long_is_told_why_one_signs_in_again(at_desk, moved_clock):
    at_desk.get("/desk/password")
    moved_clock.now = clock.now() + timedelta(minutes=31)
    assert at_desk.post("/desk/password", {"new_password": NEW, "new_password_again": NEW}).location == "/desk/login"
    at_desk.get("/desk/login")
    assert "時間がたったため、手続きが終わりました。もう一度ログインしてください。" in at_desk.text()


def test_signing_out_leads_back_to_the_desk(at_desk):
    at_desk.get("/desk/status")
    answer = at_desk.post("/logout")
    assert answer.location == "/desk/login"
    assert at_desk.get("/desk/status").status_code == 303


def test_staff_are_no_patrons_and_patrons_no_staff(at_desk, patron):
    assert at_desk.get("/my/").location.startswith("/login")
    at_desk.get("/")
    assert "さん" not in at_desk.page.find("header").get_text()
    at_desk.sign_in(patron)
    assert at_desk.get("/my/").status_code == 200
    assert at_desk.get("/desk/status").location.startswith("/desk/login")


def test_a_one_time_password_opens_nothing_but_the_page_for_ones_own(browse, app):
    one_time = staff.add("tanaka", "desk", actor="command", now=clock.now())
    browse.get("/desk/login")
    answer = browse.post("/desk/login", {"login": "tanaka", "password": one_time})
    assert answer.location == "/desk/password"
    assert browse.get("/desk/status").location == "/desk/password"
    browse.get("/desk/password")
    answer = browse.post("/desk/password", browse.form() | {"new_password": NEW, "new_password_again": NEW})
    assert answer.location == "/desk/"
    assert browse.get("/desk/status").status_code == 200


@pytest.mark.parametrize(
    ("current", "sentence"), [("", "現パスワードを入力してください"), ("wrong", "現パスワードが違います")]
)
def test_a_visitor_at_an_unwatched_desk_can_not_change_its_password(at_desk, current, sentence):
    at_desk.get("/desk/password")
    sent = {"current_password": current, "new_password": NEW, "new_password_again": NEW}
    assert at_desk.post("/desk/password", at_desk.form() | sent).status_code == 422 and sentence in at_desk.text()
    assert at_desk.post("/desk/password", at_desk.form() | sent | {"current_password": PASSWORD}).status_code == 303
    assert at_desk.get("/desk/status").status_code == 200


def test_a_visitor_who_guesses_at_the_password_of_an_open_desk_is_slowed_down(at_desk):
    at_desk.get("/desk/password")
    for number in range(6):
        sent = at_desk.form() | {"current_password": f"wrong-{number}", "new_password": NEW, "new_password_again": NEW}
        assert at_desk.post("/desk/password", sent).status_code == 422
    assert "現パスワードを続けて間違えました。" in at_desk.text()


def answer_of(desk):
    """Return the sentence of the answer, which a screen reader is told."""
    return desk.page.select_one("#answer[role=status]").get_text(strip=True)


def test_a_role_is_changed_by_the_button_that_names_the_other(at_desk):
    clerk = factories.staff("desk", login="suzuki")
    for role, words in (("admin", "「管理」にする（suzuki）"), ("desk", "「窓口」にする（suzuki）")):
        at_desk.get("/desk/staff")
        action = f"/desk/staff/{clerk.id}/role"
        button = at_desk.page.select_one(f"form[action='{action}'] button")
        assert button.get_text() == words
        assert button.find_parent("details").summary.get_text() == "変える（suzuki）"  # one control a row
        assert at_desk.post(action, at_desk.form(action) | {button["name"]: button["value"]}).status_code == 303
        assert Staff.get_by_id(clerk.id).role == role
        at_desk.get("/desk/staff")
        assert answer_of(at_desk) == f"suzuki さんを「{'管理' if role == 'admin' else '窓口'}」にしました。"


def test_an_account_is_added_and_its_one_time_password_shown_once(at_desk):
    at_desk.get("/desk/staff")
    answer = at_desk.post("/desk/staff", {"login": "tanaka", "role": "desk"})
    shown = at_desk.page.select_one(".one-time").get_text(strip=True)
    assert answer.status_code == 200 and len(shown) == staff.ONE_TIME_LENGTH
    assert answer_of(at_desk).startswith("一時パスワードを作りました。") and shown in answer_of(at_desk)
    at_desk.get("/desk/staff")
    assert shown not in str(at_desk.page) and "tanaka" in at_desk.text()


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"login": "あ", "role": "desk"}, "半角の英数字"),
        ({"login": "YAMADA", "role": "desk"}, "すでに使われています"),
        ({"login": "tanaka", "role": "boss"}, "選び直してください"),
        ({"login": "tanaka"}, "もう一度"),
    ],
)
def test_a_wrong_account_is_refused_with_the_reason_and_nothing_is_made(at_desk, sent, sentence):
    at_desk.get("/desk/staff")
    answer = at_desk.post("/desk/staff", sent)
    assert answer.status_code == 422 and Staff.select().count() == 1
    assert at_desk.page.select_one("#error-summary")


def test_the_last_admin_cannot_be_taken_away(at_desk, admin):
    at_desk.get("/desk/staff")
    answer = at_desk.post(f"/desk/staff/{admin.id}/disable")
    assert answer.status_code == 409 and "管理の担当者がほかにいない" in answer_of(at_desk)


def test_an_account_can_be_stopped_and_used_again(at_desk):
    clerk = factories.staff("desk", login="suzuki")
    at_desk.get("/desk/staff")
    at_desk.post(f"/desk/staff/{clerk.id}/disable")
    at_desk.get("/desk/staff")
    assert "使用停止" in at_desk.text() and answer_of(at_desk) == "suzuki さんの使用を停止しました。"
    at_desk.post(f"/desk/staff/{clerk.id}/enable")
    at_desk.get("/desk/staff")
    assert "使用停止" not in at_desk.text()


def test_the_first_account_is_made_with_the_code(browse, app):
    app.extensions["setup_code"] = "c0de"
    sent = {"code": "c0de", "login": "yamada", "new_password": NEW, "new_password_again": NEW}
    browse.get("/desk/setup")
    assert browse.post("/desk/setup", sent | {"code": "code"}).status_code == 422
    assert "コードが違います" in browse.text() and not Staff.select().exists()
    answer = browse.post("/desk/setup", sent)
    assert (answer.status_code, answer.location, Staff.get().role) == (303, "/desk/login", "admin")
    assert browse.get("/desk/setup").status_code == 404


def test_the_record_tells_who_did_what(at_desk):
    at_desk.get("/desk/audit")
    assert "窓口へのログイン" in at_desk.text() and "yamada" in at_desk.text()
