import re
from datetime import date, timedelta

import pytest
from flask import session

from library import policy
from library.account import retention
from library.patrons import reset_requests
from models import Guess, OutboxMail, Patron, Session, database
from tests import engines, factories
from tests.conftest import NOW
from tests.factories import PASSWORD
from tests.pages import Browser

REFUSAL = "カードの番号かパスワードが違います"


@pytest.fixture
def newcomer(db):
    return factories.patron(password=None, card_number="0000002377570", birth_date=date(1978, 8, 8))


# -- signing in ------------------------------------------------------------------------------------------------------
def test_signing_in_leads_to_my_library(browse, patron):
    answer = browse.sign_in(patron)
    assert (answer.status_code, answer.location) == (303, "/my/")
    browse.get("/my/")
    assert browse.h1() == "Myライブラリ"
    assert f"{patron.card_number}さんのライブラリ" in browse.text().replace(" ", "")


def test_invisible_signs_in_a_pasted_card_number_and_password_are_left_out(browse, patron):
    browse.get("/login")
    pasted = {"card": f"\ufeff{patron.card_number}\u200b", "password": f"\u2060{PASSWORD}\u200d"}
    assert browse.post("/login", pasted).location == "/my/"


def test_a_refusal_keeps_the_card_and_not_the_password(browse, patron):
    answer = browse.sign_in(patron, "wrong-wrong-wrong")
    assert answer.status_code == 422
    assert REFUSAL in browse.text()
    assert browse.page.find(id="card")["value"] == patron.card_number
    assert "wrong-wrong" not in answer.text
    assert browse.page.title.get_text().startswith("エラー: ")


def test_an_empty_sign_in_names_what_is_missing_and_counts_nowhere(browse, patron):
    for _ in range(6):
        browse.get("/login")
        assert browse.post("/login", {"card": "", "password": ""}).status_code == 422
    summary = browse.page.find(id="error-summary")
    assert [link["href"] for link in summary.find_all("a")] == ["#card", "#password"]
    assert "カードの番号を入力してください" in browse.page.find(id="card-messages").get_text()
    assert "パスワードを入力してください" in browse.page.find(id="password-messages").get_text()
    assert browse.page.find(id="card")["aria-invalid"] == "true"
    assert Guess.select().count() == 0
    browse.sign_in(patron, "")
    assert browse.page.find(id="card")["value"] == patron.card_number
    assert [link["href"] for link in browse.page.find(id="error-summary").find_all("a")] == ["#password"]
    assert browse.sign_in(patron).status_code == 303


def test_unknown_wrong_and_closed_get_the_same_page(browse, patron):
    closed = factories.patron(state="closed")
    unknown = factories.patron()
    unknown.delete_instance()
    pages = set()
    for someone, password in ((patron, "wrong-wrong-wrong"), (closed, PASSWORD), (unknown, PASSWORD)):
        answer = browse.sign_in(someone, password)
        text = answer.text.replace(someone.card_number, "")
        pages.add((answer.status_code, re.sub(r'value="[^"]*"', "", text)))
    assert len(pages) == 1


def test_too_many_tries_are_told_when_to_come_back(browse, patron):
    for number in range(5):
        browse.sign_in(patron, f"wrong-wrong-wrong-{number}")
    answer = browse.sign_in(patron)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "61"
    told = browse.page.find(id="error-summary").get_text(strip=True)
    assert "続けて間違えたため、この端末からはいまログインできません。2分ほどお待ちください。" in told
    ways = browse.page.find(class_="waits")
    assert ways.h2.get_text(strip=True) == "お急ぎのときは"
    assert [way.get_text(strip=True) for way in ways.find_all("li")] == [
        "前にログインした端末からは、すぐにログインできます。",
        "「パスワードを忘れた方」から、メールでパスワードを決め直せます。",
        "図書館の窓口か電話で解除できます。",
    ]


def test_the_counters_survive_a_restart_and_the_known_device_still_gets_in(app, browse, patron):
    browse.sign_in(patron)
    browse.post("/logout")
    for number in range(5):
        stranger = Browser(app)
        stranger.get("/login")
        stranger.post("/login", {"card": patron.card_number, "password": f"wrong-{number}"})
    assert Browser(app).sign_in(patron).status_code == 429
    assert Guess.select().count() > 0
    assert browse.sign_in(patron).status_code == 303


@pytest.mark.parametrize("wanted", ["/my/profile", "/my/loans", "/my/profile?draft=1"])
def test_one_returns_to_the_page_that_was_asked_for(browse, patron, wanted):
    answer = browse.get(wanted)
    assert answer.status_code == 303
    browse.get(answer.location)
    form = browse.form() | {"card": patron.card_number, "password": PASSWORD}
    assert browse.post("/login", form).location == wanted


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.test/", "//evil.test", "/\\evil.test", "\\\\evil.test", "javascript:alert(1)", "http:evil.test",
     "/\tevil", "/%0d%0aSet-Cookie:x\r\n", " //evil.test", "evil.test", "///evil.test", "/my/\x00"],
)  # fmt: skip
def test_one_never_returns_to_another_site(browse, patron, elsewhere):
    browse.get("/login")
    answer = browse.post("/login", {"card": patron.card_number, "password": PASSWORD, "next": elsewhere})
    assert answer.location == "/my/"


def test_a_signed_in_patron_is_led_on_from_the_sign_in_page(signed_in):
    assert signed_in.get("/login").location == "/my/"


@pytest.mark.parametrize("state", ["suspended", "expired"])
def test_my_library_says_why_nothing_can_be_borrowed(browse, state):
    given = {"state": "suspended"} if state == "suspended" else {"expires_on": date(2026, 11, 24)}
    browse.sign_in(factories.patron(**given))
    browse.get("/my/")
    assert "できません" in browse.text()
    assert {"suspended": "利用が止まっています", "expired": "有効期限が切れています"}[state] in browse.text()


# -- signing out -----------------------------------------------------------------------------------------------------
def test_a_copied_cookie_is_dead_after_signing_out(app, signed_in):
    thief = Browser(app)
    thief.client.set_cookie("session", signed_in.client.get_cookie("session").value)
    assert thief.get("/my/").status_code == 200
    signed_in.post("/logout")
    assert thief.get("/my/").status_code == 303
    assert Session.select().count() == 0


def test_signing_out_works_while_nothing_can_be_written_and_the_row_goes_when_it_can(app, signed_in):
    thief = Browser(app)
    thief.client.set_cookie("session", signed_in.client.get_cookie("session").value)
    with engines.unwritable():
        assert signed_in.post("/logout").status_code == 303
        signed_in.get("/login")
        assert "ログアウトしました" in signed_in.text()
        assert thief.get("/my/").status_code == 303
        assert Session.select().count() == 1
    assert thief.get("/my/").status_code == 303
    retention.clean_up(now=NOW)
    assert Session.select().count() == 0


def test_pages_are_read_while_nothing_can_be_written(signed_in, moved_clock):
    """The moment a session was seen is noted once a minute; failing at that shows the page all the same."""
    with engines.unwritable():
        moved_clock.now = NOW + timedelta(minutes=2)
        assert signed_in.get("/my/loans").status_code == 200


def test_signing_out_says_so_once(signed_in):
    signed_in.post("/logout")
    signed_in.get("/login")
    assert "ログアウトしました" in signed_in.text()
    signed_in.get("/login")
    assert "ログアウトしました" not in signed_in.text()


def test_signing_out_is_no_link(signed_in):
    assert signed_in.get("/logout").status_code == 405


def test_half_an_hour_of_rest_ends_the_session(signed_in, moved_clock):
    moved_clock.now = NOW + timedelta(minutes=30)
    assert signed_in.get("/my/").location == "/login?next=/my/"


def test_htmx_is_sent_to_the_sign_in_page_whole(browse, db):
    answer = browse.get("/my/loans", htmx=True)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/login?next=/my/loans")


# -- first password --------------------------------------------------------------------------------------------------
def test_the_first_sign_in_leads_to_a_password_of_ones_own(browse, newcomer):
    assert browse.sign_in(newcomer, "0808").location == "/login/first-password"
    browse.get("/login/first-password")
    assert browse.h1() == "はじめてのパスワード設定"
    assert browse.page.find("main").find_all("button")[-1].get("type", "submit") == "submit"
    answer = browse.post("/login/first-password", {"new_password": PASSWORD, "new_password_again": PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/my/")
    assert browse.get("/my/").status_code == 200


def test_until_then_no_other_page_opens_and_nothing_personal_is_shown(browse, newcomer):
    factories.address(newcomer)
    browse.sign_in(newcomer, "0808")
    for address in (
        "/",
        "/my/",
        "/my/loans",
        "/my/profile",
        "/my/profile/changes",
        "/my/sessions",
        "/login",
        "/login/reset",
    ):
        assert browse.get(address).location == "/login/first-password", address
    answer = browse.get("/login/first-password")
    for secret in (newcomer.card_number, newcomer.name, "abc@example.jp"):
        assert secret not in answer.text


def test_the_page_that_was_asked_for_comes_after_the_first_password(browse, newcomer):
    browse.sign_in(newcomer, "0808", next="/my/profile")
    browse.get("/login/first-password")
    answer = browse.post("/login/first-password", {"new_password": PASSWORD, "new_password_again": PASSWORD})
    assert answer.location == "/my/profile"


def set_own(browse, newcomer, wanted="/my/"):
    browse.get("/login")
    browse.post("/login", {"card": newcomer.card_number, "password": "0808", "next": wanted})
    browse.get("/login/first-password")
    browse.post("/login/first-password", {"new_password": PASSWORD, "new_password_again": PASSWORD})


@pytest.mark.parametrize("wanted", ["/my/", "/my/loans", "/guide"])
def test_the_page_after_the_first_password_says_that_it_is_set_and_what_comes_next(browse, newcomer, wanted):
    set_own(browse, newcomer, wanted)
    browse.get(wanted)
    told = browse.page.find(id="password-set")
    assert "パスワードを設定しました。" in told.get_text()
    assert "次はメールアドレスを登録できます。" in told.get_text()
    assert told.find("a")["href"] == "/my/profile#email1"
    browse.get(wanted)
    assert "パスワードを設定しました" not in browse.text()


def test_a_patron_with_an_address_is_not_asked_for_one(browse, newcomer):
    factories.address(newcomer)
    set_own(browse, newcomer)
    browse.get("/my/")
    told = browse.page.find(id="password-set")
    assert "パスワードを設定しました。" in told.get_text()
    assert told.find("a") is None


def test_a_weak_first_password_is_refused_at_its_field(browse, newcomer):
    browse.sign_in(newcomer, "0808")
    browse.get("/login/first-password")
    answer = browse.post("/login/first-password", {"new_password": "0808", "new_password_again": "0808"})
    assert answer.status_code == 422
    assert (
        "生年月日は当てられやすいため、そのほかに6文字以上" in browse.page.find(id="new_password-messages").get_text()
    )
    assert browse.page.find(id="error-summary").find("a")["href"] == "#new_password"


def test_the_session_of_the_initial_password_dies_with_it(app, browse, newcomer):
    browse.sign_in(newcomer, "0808")
    other = Browser(app)
    other.sign_in(newcomer, "0808")
    for browser in (browse, other):
        browser.get("/login/first-password")
    data = {"new_password": PASSWORD, "new_password_again": PASSWORD}
    browse.post("/login/first-password", data)
    other.post("/login/first-password", data | {"new_password": "x" * 12, "new_password_again": "x" * 12})
    assert other.get("/my/").status_code == 303
    assert Browser(app).sign_in(newcomer, PASSWORD).location == "/my/"


def test_a_first_password_that_took_too_long_is_told_why_one_signs_in_again(browse, newcomer, moved_clock):
    browse.sign_in(newcomer, "0808")
    browse.get("/login/first-password")
    moved_clock.now = NOW + timedelta(minutes=31)
    form = {"new_password": PASSWORD, "new_password_again": PASSWORD}
    assert browse.post("/login/first-password", form).location == "/login"
    browse.get("/login")
    assert "時間がたったため、手続きが終わりました。もう一度ログインしてください。" in browse.text()
    browse.get("/login")
    assert "時間がたったため" not in browse.text()


def test_a_member_of_staff_stays_signed_in_at_the_page_of_a_patrons_first_password(browse, db):
    browse.be(factories.staff())
    browse.get("/login/first-password")
    assert browse.get("/desk/status").status_code == 200


def test_a_patron_who_was_never_signed_in_is_told_of_no_time_that_passed(browse, db):
    assert browse.get("/login/first-password").location == "/login"
    browse.get("/login")
    assert "時間がたったため" not in browse.text()


# -- forgotten password ----------------------------------------------------------------------------------------------
def test_the_answer_to_a_reset_is_the_same_for_everybody(app, patron):
    factories.address(patron, verified_at=NOW)
    answers = set()
    for card, email in ((patron.card_number, "abc@example.jp"), ("9999999999999", "abc@example.jp"), ("", "x" * 999)):
        browser = Browser(app)
        browser.get("/login/reset")
        answer = browser.post("/login/reset", {"card": card, "email": email})
        answers.add((answer.status_code, re.sub(r'value="[^"]*"', "", answer.text)))
    assert len(answers) == 1
    assert reset_requests.mail_links(now=NOW)["mails"] == 1
    assert OutboxMail.select().count() == 1


def test_a_full_width_address_is_read_as_the_information_change_reads_it(browse, patron):
    factories.address(patron, verified_at=NOW)
    browse.get("/login/reset")
    browse.post("/login/reset", {"card": patron.card_number, "email": " ａｂｃ＠example．jp"})
    reset_requests.mail_links(now=NOW)
    assert OutboxMail.select().where(OutboxMail.kind == "reset").count() == 1


def test_a_reset_link_shows_a_form_and_the_form_sets_the_password(app, browse, patron):
    factories.address(patron, verified_at=NOW)
    factories.ask_reset(patron.card_number, "abc@example.jp", now=NOW)
    address = f"/login/reset/{OutboxMail.get().facts['token']}"
    assert browse.get(address).status_code == 200
    new = {"new_password": "yama-no-ue-no-kumo", "new_password_again": "yama-no-ue-no-kumo"}
    assert browse.post(address, new).location == "/login"
    assert browse.get(address).status_code == 410
    assert Browser(app).sign_in(patron, "yama-no-ue-no-kumo").status_code == 303


# -- sessions of mine ------------------------------------------------------------------------------------------------
def test_a_patron_sees_and_ends_sessions(app, signed_in, patron):
    other = Browser(app)
    other.get("/login")
    agent = {"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1"}
    other.post("/login", {"card": patron.card_number, "password": PASSWORD}, headers=agent)
    signed_in.get("/my/sessions")
    assert "iPhoneのSafari" in signed_in.text()
    there = Session.get(Session.client == "iPhoneのSafari")
    signed_in.post(f"/my/sessions/{there.id}/end")
    assert other.get("/my/").status_code == 303
    assert signed_in.get("/my/").status_code == 200


@pytest.fixture
def two_devices(app, browse, patron, moved_clock):
    """This one, and another on which the same patron is signed in; the last proof was eleven minutes ago."""
    browse.be(patron)
    other = Browser(app)
    other.be(patron)
    moved_clock.now += timedelta(minutes=11)
    return browse, other, Session.select().order_by(Session.id.desc()).get()


def test_another_session_is_ended_with_the_password_where_the_last_proof_is_old(two_devices):
    browse, other, there = two_devices
    browse.get("/my/sessions")
    asked = browse.post(f"/my/sessions/{there.id}/end").location
    assert asked == f"/my/sessions?end={there.id}#current_password"
    browse.get(asked)
    fields = [field.find_parent("form")["action"] for field in browse.page.find_all(id="current_password")]
    assert fields == [f"/my/sessions/{there.id}/end"] and other.get("/my/").status_code == 200
    browse.get(asked)
    answer = browse.post(fields[0], {"current_password": PASSWORD})
    assert answer.location == "/my/sessions" and other.get("/my/").status_code == 303
    assert browse.get("/my/").status_code == 200


def test_a_wrong_password_ends_no_session_and_counts(two_devices):
    browse, other, there = two_devices
    statuses = []
    for number in range(6):
        browse.get(f"/my/sessions?end={there.id}")
        statuses.append(
            browse.post(f"/my/sessions/{there.id}/end", {"current_password": f"wrong {number}"}).status_code
        )
    assert statuses == [422] * 5 + [429]
    assert "現パスワードを続けて間違えました" in browse.page.select_one("#error-summary").get_text()
    assert other.get("/my/").status_code == 200


def test_ones_own_session_ends_without_a_password(two_devices):
    browse, other, _ = two_devices
    browse.get("/my/sessions")
    browse.post(f"/my/sessions/{Session.select().order_by(Session.id).get().id}/end")
    assert browse.get("/my/").status_code == 303 and other.get("/my/").status_code == 200


def test_the_session_of_another_patron_is_not_there(app, signed_in):
    stranger = factories.patron()
    Browser(app).sign_in(stranger)
    row = Session.get(Session.patron == stranger)
    assert signed_in.post(f"/my/sessions/{row.id}/end").status_code == 404
    assert Session.select().where(Session.id == row.id).exists()


# -- odd addresses ---------------------------------------------------------------------------------------------------
ODD = ["%0aX", "%0d%0aSet-Cookie:x", "%E3%81%82", "%00", "9" * 30, "%ED%B2%80", "a%2f..%2fb", "x" * 4000]


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize(
    "address",
    ["/login/reset/{}", "/mail/verify/{}", "/mail/stop/{}", "/my/sessions/{}/end", "/my/profile/test-mail/{}",
     "/my/profile/check/{}", "/nowhere/{}", "/login?next=/my/{}", "/my/profile?draft={}"],
)  # fmt: skip
def test_no_address_breaks_anything(signed_in, address, odd):
    for method in (signed_in.client.get, signed_in.client.post):
        for headers in ({}, {"HX-Request": "true", "HX-Current-URL": "http://[", "Origin": "http://["}):
            assert method(address.format(odd), headers=headers, buffered=True).status_code < 500


# -- cookies and headers ---------------------------------------------------------------------------------------------
def test_pages_without_a_form_of_their_own_set_no_cookie(browse, db):
    assert "Set-Cookie" not in browse.get("/").headers
    assert "Set-Cookie" not in browse.get("/nowhere").headers


def test_the_cookie_tells_nothing_of_address_and_browser(browse, patron):
    browse.sign_in(patron)
    with browse.client.session_transaction() as kept:
        assert kept["_user_id"] and "_id" not in kept


def test_a_page_with_a_form_is_kept_nowhere_from_the_first_visit_on(browse, db):
    assert browse.get("/login").headers["Cache-Control"] == "no-store"


def test_pages_of_the_signed_in_are_kept_nowhere(signed_in):
    assert signed_in.get("/my/").headers["Cache-Control"] == "no-store"
    assert signed_in.get("/").headers["Cache-Control"] == "no-store"


def test_no_table_holds_the_password(signed_in):
    for table in database.get_tables():
        for row in database.execute_sql(f'SELECT * FROM "{table}"').fetchall():
            assert PASSWORD not in str(row)


def test_a_post_without_token_is_refused(browse, patron):
    answer = browse.post("/login", {"card": patron.card_number, "password": PASSWORD}, token=False)
    assert answer.status_code == 400
    assert Session.select().count() == 0


def test_a_closed_patron_is_out_at_once(signed_in, patron):
    Patron.update(state="closed").where(Patron.id == patron.id).execute()
    assert signed_in.get("/my/").status_code == 303


def test_a_change_of_one_request_is_not_told_to_another_with_the_same_cookie(app):
    cookie = app.session_interface.get_signing_serializer(app).dumps({"visit": {"lent": []}})
    for _ in range(2):
        with app.test_request_context("/", headers={"Cookie": f"session={cookie}"}):
            assert session["visit"]["lent"] == []
            session["visit"]["lent"].append(12)


def test_the_field_for_a_card_asks_for_what_the_forms_of_cards_have(browse, db):
    browse.get("/login")
    assert "13桁の数字" in browse.text() and browse.page.find(id="card")["inputmode"] == "numeric"
    policy.put("card_forms", [{"id": 1, "length": 8, "is_for_new": True}, {"id": 2, "prefix": "K", "length": 8}])
    browse.get("/login")
    assert "カードの裏面にある8桁の数字かKで始まる8桁の数字です。" in browse.text()
    assert browse.page.find(id="card")["inputmode"] == "text"
    policy.put(
        "card_forms", [{"id": 1, "length": 8, "is_for_new": True}, {"id": 2, "length": 9}, {"id": 3, "length": 4}]
    )
    browse.get("/login")
    assert "カードの裏面にある番号です。" in browse.text()
    policy.put("card_forms", [{"id": 1, "length": 4, "is_for_new": True, "letters": True}])
    browse.get("/login/reset")
    assert browse.page.find(id="card")["inputmode"] == "text"
