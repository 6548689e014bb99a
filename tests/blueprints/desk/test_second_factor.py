"""2段階認証: setting it up, giving it at the way in, proving it again, losing it."""

from datetime import timedelta

import pytest
from pyotp.totp import TOTP

from library import clock, metrics, policy
from library.access.factors import authenticators, recovery_codes, second_factor
from models import Challenge, Passkey, RecoveryCode, Session, Staff
from tests import factories
from tests.authenticator import Device
from tests.factories import PASSWORD
from tests.pages import Browser

PAGE, STEP = "/desk/second-factor", "/desk/login/second-factor"
WEEK = timedelta(days=7)
COUNTER = "madoguchi_sign_ins_total"


@pytest.fixture
def site(app):
    app.config["PUBLIC_URL"] = "http://localhost"
    factories.branch("本館", position=0)
    return app


@pytest.fixture
def https(site):
    site.config["PUBLIC_URL"] = "https://library.example.jp"
    return site


@pytest.fixture
def admin(site):
    return factories.staff("admin", login="kanri")


@pytest.fixture
def at_desk(browse, admin):
    browse.be(admin)
    return browse


def code_of(site, admin):
    """Return the code that the app of somebody shows now."""
    row = authenticators.Authenticator.get(authenticators.Authenticator.staff == admin.id)
    return TOTP(authenticators._opened(row.secret or row.pending, site.config["SECRET_KEY"])).at(clock.now())


@pytest.fixture
def with_app(site, admin, moved_clock):
    """The admin has an app, since a while ago; the codes of the paper."""
    key = site.config["SECRET_KEY"]
    authenticators.begin(admin, key)
    codes = second_factor.confirm_app(admin, code_of(site, admin), key, now=clock.now())
    moved_clock.now += timedelta(minutes=5)
    return codes


def give_password(browser, login="kanri", **data):
    browser.get("/desk/login")
    return browser.post("/desk/login", {"login": login, "password": PASSWORD} | data)


def options(browser, address):
    answer = browser.post(address)
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    return answer.text


# -- setting it up -----------------------------------------------------------------------------------------------------
def test_an_app_is_set_up_by_its_first_code_and_brings_the_codes_once(at_desk, site, admin):
    at_desk.get(PAGE)
    assert "まだ設定していません" in at_desk.text()
    assert at_desk.post(f"{PAGE}/app").location == f"{PAGE}/app"
    at_desk.get(f"{PAGE}/app")
    secret = at_desk.page.select_one(".one-time").get_text().replace(" ", "")
    assert at_desk.page.find("svg", {"aria-label": "認証アプリで読み取るQRコード"}) and len(secret) == 32
    assert at_desk.post(f"{PAGE}/app/code", at_desk.form() | {"code": "000000"}).status_code == 422
    assert "確認コードが違う" in at_desk.page.find(id="error-summary").get_text() and not Staff.get().second_factor_at
    answer = at_desk.post(f"{PAGE}/app/code", at_desk.form() | {"code": TOTP(secret).at(clock.now())})
    codes = [row.get_text() for row in at_desk.page.select(".recovery-codes li")]
    assert answer.status_code == 200 and len(codes) == 10 and "no-store" in answer.headers["Cache-Control"]
    at_desk.get(PAGE)
    assert "2段階認証を使っています" in at_desk.text() and not any(code in at_desk.text() for code in codes)
    assert secret not in str(at_desk.page)


def test_the_browser_that_set_it_up_is_not_asked_at_once_and_another_is(at_desk, site, admin):
    test_an_app_is_set_up_by_its_first_code_and_brings_the_codes_once(at_desk, site, admin)
    at_desk.post("/logout")
    assert give_password(at_desk).location == "/desk/"
    assert give_password(Browser(site)).location == STEP


def test_a_passkey_is_made_used_and_removed(at_desk, site, admin, moved_clock):
    device = Device()
    at_desk.get(PAGE)
    made = device.make(options(at_desk, f"{PAGE}/passkeys/options"))
    at_desk.get(PAGE)
    assert at_desk.post(f"{PAGE}/passkeys", {"credential": made}).status_code == 200
    assert len(at_desk.page.select(".recovery-codes li")) == 10
    other = Browser(site)
    other.get(give_password(other).location)
    signed = device.sign(options(other, f"{STEP}/options"))
    other.get(STEP)
    answer = other.post(STEP, other.form() | {"credential": signed})
    assert answer.location == "/desk/" and other.get("/desk/checkout").status_code == 200
    at_desk.get(PAGE)
    assert at_desk.post(f"{PAGE}/passkeys/{Passkey.get().id}/removal").location == PAGE
    at_desk.get(PAGE)
    assert "外しました。" in at_desk.text() and Staff.get().second_factor_at is None


def test_a_new_or_removed_factor_ends_the_other_sessions_and_says_so(at_desk, site, admin):
    for press in ("set up", "remove"):
        other, colleague = Browser(site), Browser(site)
        other.be(admin)
        colleague.be(factories.staff())
        at_desk.get(PAGE)
        if press == "set up":
            made = Device().make(options(at_desk, f"{PAGE}/passkeys/options"))
            at_desk.get(PAGE)
            at_desk.post(f"{PAGE}/passkeys", {"credential": made})
        else:
            at_desk.post(f"{PAGE}/passkeys/{Passkey.get().id}/removal")
            at_desk.get(PAGE)
        assert "ほかの端末のログインは終了しました。" in at_desk.text()
        assert other.get("/desk/status").status_code == 303
        assert at_desk.get("/desk/status").status_code == colleague.get("/desk/status").status_code == 200


def test_an_answer_that_is_no_passkey_is_refused_with_the_page(at_desk):
    at_desk.get(PAGE)
    assert at_desk.post(f"{PAGE}/passkeys", {"credential": "{}"}).status_code == 422
    assert "パスキーで確認できませんでした" in at_desk.text() and Passkey.select().count() == 0


def test_a_passkey_of_a_colleague_is_not_there(at_desk):
    colleague = factories.staff()
    row = Passkey.create(staff=colleague, credential="x", public_key="x", name="x", created_at=clock.now())
    at_desk.get(PAGE)
    assert at_desk.post(f"{PAGE}/passkeys/{row.id}/removal").status_code == 404
    assert Passkey.select().count() == 1


def test_without_a_site_for_passkeys_the_page_says_so(at_desk, site):
    site.config["PUBLIC_URL"] = "http://127.0.0.1:8000"
    at_desk.get(PAGE)
    assert "https のアドレスで公開すると使えます" in at_desk.text()
    assert at_desk.post(f"{PAGE}/passkeys/options").status_code == 404


def test_a_page_without_a_secret_that_waits_leads_back(at_desk):
    assert at_desk.get(f"{PAGE}/app").location == PAGE
    at_desk.get(PAGE)
    assert at_desk.post(f"{PAGE}/codes").location == PAGE and RecoveryCode.select().count() == 0


def test_new_recovery_codes_are_shown_once(at_desk, with_app):
    at_desk.get(PAGE)
    assert at_desk.post(f"{PAGE}/codes").status_code == 200
    codes = {row.get_text() for row in at_desk.page.select(".recovery-codes li")}
    assert len(codes) == 10 and not codes & set(with_app)


def test_the_page_is_asked_for_again_after_ten_minutes(at_desk, moved_clock):
    moved_clock.now += timedelta(minutes=11)
    answer = at_desk.get(PAGE)
    assert answer.location == f"/desk/again?act=second_factor&next={PAGE}"
    at_desk.get(answer.location)
    assert at_desk.post(f"{PAGE}/app").location.startswith("/desk/again")
    at_desk.get(answer.location)
    assert at_desk.post("/desk/again", at_desk.form() | {"again_password": PASSWORD}).location == PAGE
    assert at_desk.get(PAGE).status_code == 200


# -- the way in --------------------------------------------------------------------------------------------------------
def test_a_code_of_the_app_signs_in_and_leads_to_the_page_that_was_asked_for(browse, site, admin, with_app):
    answer = give_password(browse, next="/desk/staff")
    assert answer.location == f"{STEP}?next=/desk/staff"
    browse.get(answer.location)
    assert browse.h1() == "2段階認証" and not browse.page.find("nav", class_="desk-menu")
    assert browse.page.find("label", {"for": "code"}).get_text(strip=True) == "確認コード"
    assert browse.page.select_one("main button.main").get_text(strip=True) == "続ける"
    assert browse.post(STEP, browse.form() | {"code": ""}).status_code == 422
    answer = browse.post(STEP, browse.form() | {"code": code_of(site, admin)})
    assert answer.location == "/desk/staff" and browse.get("/desk/staff").status_code == 200


def test_the_second_factor_is_given_while_nothing_is_written(browse, site, with_app, moved_clock):
    moved_clock.now = moved_clock.now.replace(hour=19, minute=30)  # 4:30 in Tokyo, システムメンテナンス
    browse.get(give_password(browse).location)
    assert browse.post(f"{STEP}/options").status_code == 200
    assert browse.post(STEP, browse.form() | {"code": with_app[0]}).location == "/desk/"


def test_a_sign_in_is_counted_when_the_second_factor_is_given(browse, site, admin, with_app):
    def outcome(act):
        before = counted()
        answer = act()
        (grown,) = [name for name, number in counted().items() if number > before[name]]
        return answer, grown

    def counted():
        labels = [{"who": "staff", "outcome": name} for name in ("step", "in", "refused")]
        return {each["outcome"]: metrics.REGISTRY.get_sample_value(COUNTER, each) or 0 for each in labels}

    answer, counts_as = outcome(lambda: give_password(browse))
    assert counts_as == "step"
    browse.get(answer.location)
    assert outcome(lambda: browse.post(STEP, browse.form() | {"code": "000000"}))[1] == "refused"
    assert outcome(lambda: browse.post(STEP, browse.form() | {"code": with_app[0]}))[1] == "in"
    assert outcome(lambda: browse.post(STEP, {"code": with_app[1]}))[1] == "refused"


def test_a_recovery_code_signs_in_once(browse, site, admin, with_app):
    browse.get(give_password(browse).location)
    assert browse.post(STEP, browse.form() | {"code": with_app[0]}).location == "/desk/"
    other = Browser(site)
    other.get(give_password(other).location)
    assert other.post(STEP, other.form() | {"code": with_app[0]}).status_code == 422


def test_before_the_second_factor_nothing_of_the_desk_opens(browse, site, admin, with_app):
    """The half of the way opens no address: there is no session yet, whatever the cookie holds."""
    give_password(browse)
    for rule in site.url_map.iter_rules():
        view = site.view_functions[rule.endpoint]
        if getattr(view, "access", "") in ("desk", "admin") and "GET" in rule.methods and not rule.arguments:
            assert browse.get(rule.rule).location.startswith("/desk/login?next="), rule
    browse.get(STEP)
    assert browse.post(f"{PAGE}/app").location.startswith("/desk/login") and Session.select().count() == 0
    browse.get(STEP)
    assert browse.post("/desk/again", {"again_password": PASSWORD}).location.startswith("/desk/login")


def test_a_terminal_of_the_library_remembers_nothing(browse, site, admin, with_app):
    policy.put("terminals", ["127.0.0.1"])
    browse.get(give_password(browse).location)
    browse.post(STEP, browse.form() | {"code": code_of(site, admin)})
    browse.post("/logout")
    assert give_password(browse).location == STEP and browse.client.get_cookie("device") is None


def test_five_wrong_codes_lead_back_to_the_start(browse, admin, with_app):
    browse.get(give_password(browse).location)
    for _ in range(4):
        assert browse.post(STEP, browse.form() | {"code": "abcd-efgh-ijkm"}).status_code == 422
    answer = browse.post(STEP, browse.form() | {"code": "abcd-efgh-ijkm"})
    assert answer.location == "/desk/login"
    browse.get(answer.location)
    assert "はじめからログインし直してください" in browse.text()
    assert browse.get(STEP).location == "/desk/login"


def test_the_step_belongs_to_the_browser_that_gave_the_password(browse, site, admin, with_app):
    give_password(browse)
    other = Browser(site)
    other.get("/desk/login")
    assert other.post(STEP, {"code": code_of(site, admin)}).location == "/desk/login"
    assert other.post(f"{STEP}/options").status_code == 404 or Session.select().count() == 0


def test_the_step_at_the_way_in_and_a_held_form(browse, site, admin, with_app, moved_clock):
    """Within twelve hours of the second factor, who comes back after a rest gives the password alone."""
    patron = factories.patron()
    browse.get(give_password(browse).location)
    browse.post(STEP, browse.form() | {"code": code_of(site, admin)})
    browse.get(f"/desk/patrons/{patron.id}/edit")
    sent = browse.form() | {"phone_home": "096-000-0000"}
    moved_clock.now += timedelta(minutes=16)
    browse.post(f"/desk/patrons/{patron.id}/edit", sent)
    browse.get("/desk/login")
    answer = browse.post("/desk/login", browse.form() | {"password": PASSWORD})
    assert answer.location == f"/desk/patrons/{patron.id}/edit"
    browse.get(answer.location)
    assert browse.form()["phone_home"] == "096-000-0000"


def test_a_held_form_waits_behind_the_second_factor_too(browse, site, admin, with_app, moved_clock):
    patron = factories.patron()
    browse.be(admin)
    browse.get(f"/desk/patrons/{patron.id}/edit")
    moved_clock.now += timedelta(minutes=16)
    browse.post(f"/desk/patrons/{patron.id}/edit", browse.form() | {"phone_home": "096-000-0000"})
    browse.get("/desk/login")
    answer = browse.post("/desk/login", browse.form() | {"password": PASSWORD})
    browse.get(answer.location)
    answer = browse.post(STEP, browse.form() | {"code": code_of(site, admin)})
    browse.get(answer.location)
    assert browse.form()["phone_home"] == "096-000-0000"


def test_a_one_time_password_comes_after_the_second_factor(browse, site, admin, with_app):
    Staff.update(must_change_password=True).execute()
    browse.get(give_password(browse).location)
    answer = browse.post(STEP, browse.form() | {"code": code_of(site, admin)})
    assert answer.location == "/desk/password" and browse.get("/desk/staff").location == "/desk/password"


# -- もう一度確認します ----------------------------------------------------------------------------------------------------
def test_a_clerk_with_an_app_proves_it_by_password_and_code(at_desk, site, admin, with_app, moved_clock):
    moved_clock.now += timedelta(minutes=6)
    at_desk.get("/desk/again?act=staff_account&next=/desk/staff")
    assert at_desk.page.find("label", {"for": "again_code"}).get_text(strip=True) == "確認コード"
    assert at_desk.page.select_one("main button.main").get_text(strip=True) == "続ける"
    form = at_desk.form()
    assert at_desk.post("/desk/again", form | {"again_password": PASSWORD}).status_code == 422
    assert "確認コードを入力してください" in at_desk.text()
    code = code_of(site, admin)
    assert at_desk.post("/desk/again", form | {"again_password": "wrong", "again_code": code}).status_code == 422
    sent = form | {"again_password": PASSWORD, "again_code": code}
    assert at_desk.post("/desk/again", sent).location == "/desk/staff"
    moved_clock.now += timedelta(seconds=601)
    at_desk.get("/desk/again")
    assert at_desk.post("/desk/again", sent).status_code == 422


def test_wrong_codes_count_as_wrong_proofs(at_desk, with_app, moved_clock):
    moved_clock.now += timedelta(minutes=6)
    at_desk.get("/desk/again")
    wrong = at_desk.form() | {"again_password": PASSWORD, "again_code": "abcd-efgh-ijkm"}
    for _ in range(4):
        assert at_desk.post("/desk/again", wrong).status_code == 422
    assert at_desk.post("/desk/again", wrong).location.startswith("/desk/login") and Session.select().count() == 0


def test_a_passkey_proves_it_and_the_act_goes_on(at_desk, site, admin, moved_clock):
    device, patron = Device(), factories.patron()
    at_desk.get(PAGE)
    made = device.make(options(at_desk, f"{PAGE}/passkeys/options"))
    at_desk.get(PAGE)
    at_desk.post(f"{PAGE}/passkeys", {"credential": made})
    moved_clock.now += timedelta(minutes=11)
    at_desk.get(f"/desk/patrons/{patron.id}/closing")
    at_desk.get(at_desk.post(f"/desk/patrons/{patron.id}/closing").location)
    form = at_desk.form()
    signed = device.sign(options(at_desk, "/desk/again/options"))
    at_desk.get("/desk/again?act=close_card")
    assert at_desk.post(f"/desk/patrons/{patron.id}/closing", form | {"again_passkey": "{}"}).status_code == 422
    signed = device.sign(options(at_desk, "/desk/again/options"))
    at_desk.get("/desk/again?act=close_card")
    answer = at_desk.post(f"/desk/patrons/{patron.id}/closing", form | {"again_passkey": signed})
    assert answer.location == f"/desk/patrons/{patron.id}"
    assert Challenge.select().count() == 0


# -- who must ----------------------------------------------------------------------------------------------------------
def test_an_admin_is_told_for_a_week_and_then_led_to_the_page(browse, https, admin, moved_clock):
    assert give_password(browse).location == "/desk/"
    browse.get("/desk/")
    assert "2段階認証を設定してください。" in browse.text() and "12月2日" in browse.text()
    moved_clock.now += WEEK
    assert give_password(browse).location == "/desk/"
    for address in ("/desk/", "/desk/checkout", "/desk/staff", "/desk/patrons/1"):
        assert browse.get(address).location == PAGE, address
    browse.get(PAGE)
    assert "設定すると、ほかの画面が開きます" in browse.text()
    assert browse.post("/desk/staff", {"login": "tanaka", "role": "admin"}).location == PAGE
    browse.get(PAGE)
    browse.post(f"{PAGE}/app")
    browse.get(f"{PAGE}/app")
    browse.post(f"{PAGE}/app/code", browse.form() | {"code": code_of(https, admin)})
    assert browse.get("/desk/staff").status_code == 200


def test_the_desk_is_asked_where_the_library_says_so(browse, site, admin, moved_clock):
    clerk = factories.staff("desk", login="suzuki")
    give_password(browse, "suzuki")
    assert Staff.get_by_id(clerk.id).second_factor_by is None
    other = Browser(site)
    other.be(admin)
    other.get("/desk/policies/cards")
    assert (
        other.post(
            "/desk/policies/cards", other.form("/desk/policies/cards") | {"staff_second_factor": "y"}
        ).status_code
        == 303
    )
    give_password(browse, "suzuki")
    moved_clock.now += WEEK
    give_password(browse, "suzuki")
    assert browse.get("/desk/checkout").location == PAGE


def test_the_last_one_can_not_be_removed_where_it_is_required(at_desk, https, with_app):
    at_desk.get(PAGE)
    assert at_desk.post(f"{PAGE}/app/removal").status_code == 409
    assert "最後のひとつは外せません" in at_desk.text()


def test_a_colleague_takes_it_away_and_nobody_their_own(browse, site, admin, with_app):
    browse.be(factories.staff("admin", login="sato"))
    browse.get("/desk/staff")
    assert browse.post(f"/desk/staff/{admin.id}/factors").status_code == 303
    assert Staff.get_by_id(admin.id).second_factor_at is None and recovery_codes.count_unused(admin) == 0
    assert give_password(Browser(site)).location == "/desk/"
    browse.get("/desk/staff")
    own = Staff.get(Staff.login == "sato")
    assert browse.post(f"/desk/staff/{own.id}/factors").status_code == 409
