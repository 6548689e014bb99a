"""システムメンテナンス: nothing is written for an hour, reading goes on."""

from datetime import time, timedelta

import pytest

import models
from library import clock
from library.access import passwords, undos
from library.account import retention
from library.calendar import maintenance
from library.ebooks import addresses
from library.patrons import drafts, reset_requests
from models import CartRow, Draft, EbookLoan, OutboxMail, Patron, Session, Shelf
from tests import factories

WORDS = "毎日 午前4時〜5時"
PROFILE = "/my/profile"
KEPT = "入力された内容は、下書きに残しました。午前5時を過ぎると、続きから始められます。"
STAYS = "入力した内容は、この画面に残っています。午前5時を過ぎてから、もう一度押してください。"
AGAIN = "入力した内容は、このページに残っています。午前5時を過ぎてから「もう一度送信する」を押してください。"
QUESTION = {"subject": "石橋の数", "text": "市内に<b>いくつ</b>\nありますか。", "address": "asks@example.jp"}
NEW_PASSWORD = {
    "current_password": factories.PASSWORD,
    "new_password": "kaze-no-naka",
    "new_password_again": "kaze-no-naka",
}


@pytest.fixture
def night(app, moved_clock):
    """4:30 in Tokyo."""
    moved_clock.now = moved_clock.now.replace(hour=19, minute=30)
    return moved_clock


def test_a_form_that_writes_is_refused_with_the_sentence(night, signed_in, patron):
    Patron.update(text_size="l").where(Patron.id == patron.id).execute()
    signed_in.get("/my/cart")
    answer = signed_in.post("/my/cart/titles", {"title": factories.title().id})
    assert answer.status_code == 503
    assert f"{WORDS}は、予約・延長・利用者情報の変更ができません" in signed_in.text()
    assert "検索はできます" in signed_in.text()
    assert answer.headers["Retry-After"] == "1800"
    assert signed_in.page.html["class"] == ["size-l"]
    assert not CartRow.select().exists()
    assert signed_in.post("/my/cart/titles", {}, htmx=True).status_code == 503


def test_the_profile_says_beforehand_until_when_it_can_not_be_changed(night, signed_in, patron):
    for address in (PROFILE, f"{PROFILE}/confirm"):
        signed_in.get(PROFILE)
        signed_in.post(PROFILE, signed_in.form(PROFILE) | {"keep_history": "y"})  # kept, to be gone on with
        signed_in.get(address)
        said = signed_in.page.find(id="stopped").get_text()
        assert "システムメンテナンス中のため、いまは変更できません。" in said
        assert "午前5時を過ぎてから、この画面を開き直してください。" in said
        button = signed_in.page.find("main").find("button", string="更新")
        assert button.find_parent("fieldset", disabled=True) or button.has_attr("disabled")
    night.now += timedelta(minutes=31)
    signed_in.be(patron)
    signed_in.get(PROFILE)
    assert signed_in.page.find(id="stopped") is None and signed_in.page.find("fieldset", disabled=True) is None


def stopped(browse):
    """Tell what main says cannot be done now, once every button that writes is disabled with that reason."""
    main = browse.page.find("main")
    reason = main.find(id="stopped")
    for button in main.select("form[method=post] button:not([form])"):
        around = button.find_parent("fieldset", disabled=True)
        assert around or (button.has_attr("disabled") and "stopped" in button["aria-describedby"]), button
        assert not around or around["aria-labelledby"] == "stopped"
    return reason.get_text(" ", strip=True) if reason else ""


def test_pages_with_acts_say_beforehand_until_when_none_is_possible(night, signed_in, patron):
    loan, lent = factories.loan(patron), factories.title("草枕")
    factories.loan(factories.patron(), title=lent)
    hold = factories.hold(patron, lent)
    factories.cart_row(patron, lent)
    factories.ebook()
    undos.remember(patron, "renewals", {"loans": [[loan.id, "2026-11-26", loan.due_on.isoformat(), 0]]}, now=night.now)
    acts = {
        "/my/loans": "延長",
        "/my/holds": "手続き",
        f"/my/holds/{hold.id}/cancel": "手続き",
        "/my/cart": "予約",
        "/my/ebooks": "手続き",
        "/my/family": "手続き",
        "/my/": "手続き",
        f"/titles/{lent.id}": "予約",
    }
    for address, act in acts.items():
        assert signed_in.get(address).status_code == 200
        words = f"システムメンテナンス中のため、いまは{act}できません。"
        assert stopped(signed_in) == f"{words} 午前5時を過ぎてから、この画面を開き直してください。", address
    night.now += timedelta(minutes=31)
    signed_in.be(patron)
    for address in acts:
        signed_in.get(address)
        assert not signed_in.page.select("#stopped, fieldset[disabled]")


def test_a_press_that_comes_too_late_leads_back_and_offers_no_sending_that_is_refused_again(night, signed_in, patron):
    loan = factories.loan(patron)
    signed_in.get("/my/loans")
    answer = signed_in.post(f"/my/loans/{loan.id}/renewal")
    assert answer.status_code == 503
    main = signed_in.page.find("main")
    assert main.find("button") is None
    assert main.find("a", string="前の画面に戻る")["href"] == "/my/loans"


def test_a_reading_program_borrows_nothing_either(night, app, patron):
    ebook = factories.ebook()
    addresses.replace_shelf_address(patron, now=clock.now())
    shelf = f"/opds/{addresses.shelf_token(patron, app.config['SECRET_KEY'])}/"
    program = app.test_client()
    assert program.get(f"{shelf}all").status_code == 200
    assert program.get(f"{shelf}ebooks/{ebook.id}/loan").status_code == 503
    assert not EbookLoan.select().exists()


def test_words_typed_into_the_profile_are_kept_and_go_on_after_it(night, signed_in, patron):
    branch = factories.branch("龍田")
    signed_in.get(PROFILE)
    typed = signed_in.form(PROFILE) | {"pickup_branch": str(branch.id), "keep_history": "y"} | NEW_PASSWORD
    answer = signed_in.post(PROFILE, typed)
    assert answer.status_code == 503
    assert KEPT in signed_in.text()
    assert NEW_PASSWORD["new_password"] not in answer.text + str(Draft.select().dicts().get())
    assert Patron.get_by_id(patron.id).keep_history is False
    night.now += timedelta(minutes=31)  # 5:01
    signed_in.be(patron)
    signed_in.get(PROFILE)
    assert "に入力された内容が残っています" in signed_in.text()
    signed_in.get(signed_in.page.find("a", string="下書きの続きを開く")["href"])
    assert signed_in.form(PROFILE)["pickup_branch"] == str(branch.id)
    assert signed_in.form(PROFILE)["keep_history"] == "y"


def test_a_kept_form_stays_on_its_page_too_and_leads_back_without_script(night, signed_in):
    signed_in.get(PROFILE)
    form = signed_in.form(PROFILE) | NEW_PASSWORD
    answer = signed_in.post(PROFILE, form, htmx=True)
    assert answer.status_code == 503 and answer.headers["HX-Retarget"] == "#main"
    assert STAYS in signed_in.text() and Draft.select().exists()
    signed_in.get(PROFILE)
    signed_in.post(PROFILE, form)
    assert signed_in.page.find("a", string="利用者情報変更を開く")["href"] == f"{PROFILE}?draft=1&password=again"


def test_a_form_that_waits_for_the_end_is_kept_for_two_hours_after_it(night, signed_in, patron):
    signed_in.get(PROFILE)
    signed_in.post(PROFILE, signed_in.form(PROFILE) | {"keep_history": "y"})
    end = night.now.replace(hour=20, minute=0)
    assert drafts.current(patron, now=end + timedelta(minutes=119)).values["keep_history"]
    assert retention.clean_up(now=end + timedelta(minutes=119))["drafts"] == 0
    assert drafts.current(patron, now=end + timedelta(hours=2)) is None
    assert retention.clean_up(now=end + timedelta(minutes=121))["drafts"] == 1


def test_a_change_waiting_for_its_confirmation_waits_until_after_it(night, signed_in, patron):
    night.now -= timedelta(minutes=31)  # 3:59
    signed_in.get(PROFILE)
    signed_in.post(PROFILE, signed_in.form(PROFILE) | {"keep_history": "y"} | NEW_PASSWORD)
    signed_in.get(f"{PROFILE}/confirm")
    night.now += timedelta(minutes=2)  # 4:01
    assert signed_in.post(f"{PROFILE}/confirm", signed_in.form(f"{PROFILE}/confirm")).status_code == 503
    assert KEPT in signed_in.text()
    night.now += timedelta(minutes=60)  # 5:01
    signed_in.be(patron)
    signed_in.get(f"{PROFILE}/confirm")
    assert signed_in.post(f"{PROFILE}/confirm", signed_in.form(f"{PROFILE}/confirm")).status_code == 303
    patron = Patron.get_by_id(patron.id)
    assert patron.keep_history and passwords.verify(patron.password_hash, NEW_PASSWORD["new_password"])


def test_a_new_password_of_a_draft_is_kept_with_what_is_typed_beside_it(night, signed_in, patron):
    night.now -= timedelta(minutes=31)
    signed_in.get(PROFILE)
    signed_in.post(PROFILE, signed_in.form(PROFILE) | NEW_PASSWORD)
    night.now += timedelta(minutes=2)
    signed_in.get(f"{PROFILE}?draft=1")
    assert signed_in.post(PROFILE, signed_in.form(PROFILE) | {"keep_history": "y"}).status_code == 503
    kept = drafts.current(patron, now=night.now)
    assert kept.values["keep_history"] and kept.password_hash


def test_checks_while_typing_go_on(night, signed_in):
    signed_in.get(PROFILE)
    answer = signed_in.post(f"{PROFILE}/check/email1", signed_in.form(PROFILE) | {"email1": "a@@b"}, htmx=True)
    assert answer.status_code == 200 and "メールアドレスの形" in answer.text


def test_a_first_password_and_a_forgotten_one_are_set_all_the_same(night, browse, patron):
    new = {"new_password": "kaze-no-naka", "new_password_again": "kaze-no-naka"}
    newcomer = factories.patron(password=None)
    browse.sign_in(newcomer, "0808")
    browse.get("/login/first-password")
    assert browse.post("/login/first-password", new).location == "/my/"
    browse.post("/logout")
    factories.address(patron, verified_at=clock.now())
    browse.get("/login/reset")
    assert browse.post("/login/reset", {"card": patron.card_number, "email": "abc@example.jp"}).status_code == 200
    reset_requests.mail_links(now=clock.now())
    token = OutboxMail.get(OutboxMail.kind == "reset").facts["token"]
    browse.get(f"/login/reset/{token}")
    assert browse.post(f"/login/reset/{token}", new).location == "/login"


def test_the_first_password_of_staff_is_set_all_the_same(night, browse):
    browse.be(factories.staff(must_change_password=True), scope="first_password")
    browse.get("/desk/password")
    new = {"new_password": "kaze-no-naka-no-tori", "new_password_again": "kaze-no-naka-no-tori"}
    assert browse.post("/desk/password", new).status_code == 303


def test_a_form_is_on_the_page_before_and_can_be_sent_again_as_it_was(night, signed_in, patron):
    signed_in.get("/my/shelves")
    typed = {"shelf_name": "夏に読む", "current_password": "never shown"}
    answer = signed_in.post("/my/shelves?from=a", typed)
    assert answer.status_code == 503 and "never shown" not in answer.text
    assert (
        AGAIN in signed_in.text()
        and "ブラウザの「戻る」でも入力した画面に戻れますが、空になる欄があります。" in signed_in.text()
    )
    again = signed_in.form("/my/shelves?from=a")
    assert again["shelf_name"] == "夏に読む" and "current_password" not in again
    night.now += timedelta(minutes=31)
    signed_in.be(patron)
    assert signed_in.post("/my/shelves", again).status_code == 303
    assert Shelf.get().name == "夏に読む"


def test_htmx_puts_a_notice_above_the_form_and_leaves_it_as_it_is(night, signed_in):
    signed_in.get("/my/cart")
    answer = signed_in.post("/my/cart/titles", {}, htmx=True)
    assert (answer.headers["HX-Retarget"], answer.headers["HX-Reswap"]) == ("#main", "afterbegin")
    notice = signed_in.page.find(role="alert").get_text()
    assert WORDS in notice and STAYS in notice and signed_in.page.find("h1") is None


@pytest.mark.parametrize("who", ["visitor", "patron", "clerk"])
def test_nothing_that_was_sent_is_stored_on_the_server(night, browse, patron, who):
    factories.branch("本館", position=0)
    address, typed = {
        "visitor": ("/reference/ask/confirm", QUESTION),
        "patron": ("/my/shelves", {"shelf_name": QUESTION["subject"]}),
        "clerk": (f"/desk/patrons/{patron.id}/note", {"desk_note": QUESTION["subject"]}),
    }[who]
    if who != "visitor":
        browse.be(patron if who == "patron" else factories.staff("desk"))
    browse.get("/")
    before = every_row()
    for htmx in (False, True):
        assert browse.post(address, typed, htmx=htmx).status_code == 503
        assert AGAIN in browse.text() or STAYS in browse.text()
    assert every_row() == before


def every_row():
    return [list(table.select().dicts()) for table in models.ALL]


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
    assert f"{WORDS}は、予約・延長・利用者情報の変更ができません。" in browse.page.find("footer").get_text()
    browse.get("/login")
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
