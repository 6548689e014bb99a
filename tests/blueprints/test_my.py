from datetime import date, timedelta

import pytest

from library import clock
from library.calendar import hours
from library.lending import notices as rules
from library.patrons import patrons
from models import ClosedDay, Loan, MailPreference, OutboxMail
from tests import factories
from tests.conftest import NOW


@pytest.fixture
def today(moved_clock):
    return clock.today()


def today_box(browse):
    box = browse.page.find("section", attrs={"aria-labelledby": "today"})
    assert box.find("h2").get_text() == "今日のひとこと"
    return box


def also(browse):
    found = browse.page.find("ul", attrs={"aria-label": "ほかのお知らせ"})
    return [words_of(line) for line in found.find_all("li")] if found else []


def words_of(part):
    """The words without the spaces of the template between them."""
    return "".join(part.get_text().split())


# -- my library ------------------------------------------------------------------------------------------------------
def test_the_tile_counts_what_is_really_out(signed_in, patron, today):
    factories.loan(patron)
    factories.loan(patron)
    factories.loan(patron, returned_on=today)
    factories.loan(factories.patron())
    signed_in.get("/my/")
    tile = signed_in.page.find("a", href="/my/loans", class_="tile")
    assert tile.get_text(" ", strip=True).replace(" ", "") == "借りている資料現在、借受中の資料です。2冊"


def test_the_front_has_what_the_manual_has_in_its_order(signed_in, patron):
    signed_in.get("/my/")
    main, number = signed_in.page.find("main"), patron.card_number
    assert [head.get_text() for head in main.find_all(["h1", "h2"])] == [
        "Myライブラリ",
        f"{number}さんのライブラリ",
        "手続きと設定",
        f"{number}さんが作成した本棚一覧",
    ]
    assert "Myライブラリでは、図書館の本の利用状況をまとめて確認することができます。" in main.get_text()
    assert [tile.get_text("|", strip=True) for tile in main.select("a.tile")] == [
        "借りている資料|現在、借受中の資料です。|0|冊",
        "予約した資料|予約状況を確認できます。|0|冊",
        "予約かご|予約かごに入れた資料を確認できます。|0|冊",
        "借りたことがある資料|記録していません。記録を始めると確認できます。|—",
        "電子書籍サービス|電子書籍サービスの利用状況を確認できます。|0|冊",
    ]
    assert "該当するリストが存在しません。" in main.get_text()
    assert main.find_all(["a", "button"])[-1].get_text(strip=True) == "棚作成"


def test_seven_rows_lead_to_all_that_can_be_done_and_set(signed_in, patron):
    signed_in.get("/my/")
    rows = {link.span.find(string=True).strip(): link for link in signed_in.page.select("nav.side a")}
    assert list(rows) == [
        "利用者情報の変更", "リクエスト", "お知らせの設定", "表示の設定", "家族", "ログインと安全", "記録とデータ",
    ]  # fmt: skip
    assert rows["表示の設定"].small.get_text() == "名前の表示、書名を載せる"
    assert [rows[name]["href"] for name in ("お知らせの設定", "ログインと安全", "記録とデータ")] == [
        "/my/notices/settings",
        "/my/security",
        "/my/records",
    ]
    assert rows["家族"]["href"] == "/my/family/ties"  # alone, there is nothing else to see
    factories.tie(patron, factories.patron())
    signed_in.get("/my/")
    assert signed_in.page.select_one("nav.side a[href='/my/family']")
    assert not signed_in.page.find(id="family-dates")


def test_my_library_has_few_links_with_two_shelves(signed_in, patron, today):
    for name in ("夏の本", "冬の本"):
        factories.shelf(patron, name, [factories.title(f"本{number}") for number in range(12)])
    factories.tie(patron, factories.patron(name="図書 桃子"), may_renew=True)
    for days in range(-1, 4):
        factories.loan(patron, today + timedelta(days=days))
    signed_in.get("/my/")
    assert len(signed_in.page.select("main a[href]")) <= 36
    assert not signed_in.page.select(".spines a")
    assert [link.get_text() for link in signed_in.page.select(".glance a")] == ["夏の本", "冬の本"]


def test_the_tile_of_the_history_counts_what_its_page_lists(signed_in, patron, today):
    factories.history(patron, lent_on=today - timedelta(days=3))
    signed_in.get("/my/")
    assert "確認できます。|1|冊" in signed_in.page.select("a.tile")[3].get_text("|", strip=True)


def test_a_ready_hold_says_its_branch_and_last_day_beside_the_card(signed_in, patron, today):
    last = today + timedelta(days=2)
    factories.hold(patron, factories.title("草枕"), state="ready", pickup_by=last)
    signed_in.get("/my/")
    box = today_box(signed_in)
    assert "「草枕」を本館で受け取れます。11月27日(金)まで取り置いています。" in words_of(box)
    assert box.find("a", string="予約をみる", href="/my/holds")
    card = signed_in.page.select_one("a.today-card")
    assert card["href"] == "/my/card" and card.select_one("svg path")["d"]
    assert card.select_one(".today-number").get_text() == patron.card_number


def test_a_ready_hold_tells_the_hours_of_its_branch_today(signed_in, patron, today):
    branch = factories.branch("龍田", hours=hours.every_day("9:30", "19:00"))
    factories.hold(
        patron, factories.title("草枕"), state="ready", pickup_branch=branch, pickup_by=today + timedelta(days=2)
    )
    signed_in.get("/my/")
    assert "取り置いています。龍田は今日19:00まで開いています。" in words_of(today_box(signed_in))
    ClosedDay.create(branch=branch, day=today)
    signed_in.get("/my/")
    assert "龍田が次に開くのは11月26日(木)9:30からです。" in words_of(today_box(signed_in))


def test_with_nothing_urgent_the_card_stands_alone(signed_in, patron, today):
    factories.loan(patron, today + timedelta(days=9))
    signed_in.get("/my/")
    assert not signed_in.page.find(id="today") and also(signed_in) == []
    assert [part.name for part in signed_in.page.select(".now > *")] == ["a"]


def test_an_overdue_loan_comes_first_and_the_others_are_a_line_each(browse, db, today):
    patron = factories.patron(state="suspended", expires_on=date(2026, 12, 1))
    factories.address(patron, undeliverable_at=NOW)
    factories.loan(patron, today - timedelta(days=3))
    factories.loan(patron, today + timedelta(days=2), title=factories.title("草枕"))
    factories.asked_tie(patron)
    browse.sign_in(patron)
    browse.get("/my/")
    assert "返却期限を過ぎた資料が1点あります。" in words_of(today_box(browse))
    soon, mail, stopped, asked = also(browse)
    assert soon.startswith("「草枕」は、11月27日(金)まで、あと2日です。図書館カードの利用が止まっています。")
    assert "図書館の連絡先" in stopped
    assert "abc@example.jpにお送りできませんでした" in mail
    assert "家族のカードの申し込みがあります" in asked
    more = browse.page.select_one(".now details")
    assert more.summary.get_text() == "ほか1件" and "2026年12月1日(火)までです" in more.get_text(" ", strip=True)


# -- renewing --------------------------------------------------------------------------------------------------------
def renew_by(browse, name):
    """Press the button of this name, and open the page that follows."""
    form = browse.page.find("button", {"aria-label": name}).find_parent("form")
    fields = {field["name"]: field["value"] for field in form.find_all("input") if field["name"] != "csrf_token"}
    fields["renewal"] = [field["value"] for field in form.find_all("input", {"name": "renewal"})]
    answer = browse.post(form["action"], fields)
    assert answer.location == "/my/"
    browse.get("/my/")


def test_a_loan_due_tomorrow_is_renewed_in_place_and_can_be_taken_back(signed_in, patron, today):
    loan = factories.loan(patron, today + timedelta(days=1), title=factories.title("草枕"))
    factories.hold(patron, factories.title("こころ"), state="ready", pickup_by=today + timedelta(days=2))
    signed_in.get("/my/")
    words = words_of(today_box(signed_in))
    assert "「草枕」は、明日が返却期限です。" in words
    assert "11月26日(木)までです。いま延長すると、12月9日(水)までになります。" in words
    assert today_box(signed_in).button.get_text() == "延長する"
    renew_by(signed_in, "「草枕」を延長する")
    notice = signed_in.page.find(id="answer")
    assert "「草枕」を延長しました。" in notice.get_text() and "元に戻す" in notice.button.get_text()
    assert "「こころ」" in words_of(today_box(signed_in))
    assert Loan.get_by_id(loan.id).due_on == today + timedelta(days=14)


def test_several_due_on_one_day_are_one_line_with_one_button(signed_in, patron, today):
    soon = [factories.loan(patron, today, title=factories.title(name)) for name in ("こころ", "草枕", "門")]
    Loan.update(renewals=1).where(Loan.id == soon[2].id).execute()
    other = factories.loan(patron, today + timedelta(days=3), title=factories.title("三四郎"))
    signed_in.get("/my/")
    words = words_of(today_box(signed_in))
    assert "「こころ」ほか2点は、今日が返却期限です。" in words
    assert "延長できるのは2点で、12月9日(水)までになります。" in words
    (line,) = also(signed_in)
    assert line == "「三四郎」は、11月28日(土)まで、あと3日です。延長する"
    renew_by(signed_in, "「こころ」ほか2点を延長する")
    assert [Loan.get_by_id(loan.id).renewals for loan in (*soon, other)] == [1, 1, 1, 0]


def test_a_renewal_that_is_refused_at_the_press_says_why(signed_in, patron, today):
    loan = factories.loan(patron, today)
    signed_in.get("/my/")
    Loan.update(renewals=1).where(Loan.id == loan.id).execute()
    renew_by(signed_in, "「こころ」を延長する")
    assert "延長できませんでした。" in signed_in.page.find(id="answer").get_text()
    assert "延長できるのは1回までです。" in signed_in.page.find(id="answer").get_text()
    assert not signed_in.page.select("form[action*='/my/undo/']")


@pytest.mark.parametrize("text", ["", "x", "1_", "1_2026-99-99", "1_昨日"])
def test_a_renewal_that_was_not_shown_is_none(signed_in, text):
    assert signed_in.post("/my/loans/renewals/shown", {"renewal": text}).status_code == 404


def test_the_loans_of_others_are_not_renewed(signed_in, today):
    loan = factories.loan(factories.patron(), today)
    assert signed_in.post("/my/loans/renewals/shown", {"renewal": f"{loan.id}_2026-12-09"}).status_code == 404
    assert Loan.get_by_id(loan.id).renewals == 0


def test_a_loan_that_cannot_be_renewed_leads_to_the_loans_with_the_reason(signed_in, patron, today):
    factories.loan(patron, today + timedelta(days=2), renewals=1)
    signed_in.get("/my/")
    box = today_box(signed_in)
    assert "「こころ」は、あと2日で返却期限です。" in words_of(box)
    assert "までです。延長できるのは1回までです。" in words_of(box)
    assert box.find("a", string="借りている資料をみる", href="/my/loans") and not box.button


def test_the_dates_of_a_family_stand_below_the_tiles_ones_own_first(signed_in, patron, today):
    child = factories.patron(name="図書 桃子")
    factories.tie(patron, child, may_renew=True)
    theirs = [factories.loan(child, today + timedelta(days=days)) for days in (2, 2, 9)]
    factories.loan(patron, today + timedelta(days=2))
    signed_in.get("/my/")
    dates = signed_in.page.find("section", attrs={"aria-labelledby": "family-dates"})
    assert dates.find("h2").get_text() == "家族の返却期限"
    assert [row.get_text(" ", strip=True) for row in dates.select("ol.dates > li")] == [
        "11月27日(金) あと2日 本 ご本人 1 点 桃 桃子さん 2 点",
        "12月4日(金) あと9日 桃 桃子さん 1 点",
    ]
    assert [link["href"] for link in dates.find_all("a")] == ["/my/family"]
    renew_by(signed_in, "桃子さんの2点を延長する")
    assert "ご家族の2点を延長しました。" in signed_in.page.find(id="answer").get_text()
    assert [Loan.get_by_id(loan.id).renewals for loan in theirs] == [1, 1, 0]


def test_of_a_child_who_shows_no_titles_the_next_day_alone_is_told(signed_in, patron, today):
    child = factories.patron(name="図書 桃子")
    factories.tie(patron, child, may_renew=True, titles_hidden=True)
    for days in (1, 9):
        factories.loan(child, today + timedelta(days=days))
    signed_in.get("/my/")
    assert "桃子さんの返却期限は、明日です。" in words_of(today_box(signed_in))
    assert today_box(signed_in).find("a", string="家族のページ", href="/my/family") and not today_box(signed_in).button
    rows = [row.get_text(" ", strip=True) for row in signed_in.page.select("ol.dates > li")]
    assert rows == ["11月26日(木) 明日 桃 桃子さん"]


def test_without_a_tie_no_family_is_named(signed_in, patron, today):
    factories.loan(factories.patron(), today)
    signed_in.get("/my/")
    assert "家族の返却期限" not in signed_in.text()


# -- loans -----------------------------------------------------------------------------------------------------------
def rows(browse):
    return [row.get_text(" ", strip=True) for row in browse.page.select(".row-loan")]


def test_the_loan_list_says_until_when_and_what_the_library_will_say_before(signed_in, patron, today):
    factories.address(patron)
    factories.preference(patron, "due", to_pc=True, active=True, days_before=3)
    factories.loan(patron, today + timedelta(days=14), title=factories.title("草枕"))
    factories.loan(patron, today - timedelta(days=2), title=factories.title("三四郎"))
    signed_in.get("/my/loans")
    late, soon = rows(signed_in)
    assert "三四郎" in late
    assert "2日過ぎています" in late
    assert "草枕 夏目漱石 貸出 本館 11月25日(水) 延長 あと1回 2026年12月9日(水) まで あと14日" in soon
    assert "12月6日(日)に自PCへお知らせします" in soon


def test_a_missing_reminder_is_explained(signed_in, patron, today):
    factories.loan(patron, today + timedelta(days=5))
    signed_in.get("/my/loans")
    assert "返却期限通知は停止しています" in rows(signed_in)[0]
    factories.preference(patron, "due", to_pc=True, active=True)
    signed_in.get("/my/loans")
    assert "送り先がありません" in rows(signed_in)[0]


def test_the_number_of_further_loans_is_shown(signed_in, patron, today):
    for _ in range(3):
        factories.loan(patron, today + timedelta(days=9))
    signed_in.get("/my/loans")
    assert "あと7点借りられます" in signed_in.text()
    factories.loan(patron, today - timedelta(days=1))
    signed_in.get("/my/loans")
    assert "返却期限を過ぎた資料があるため" in signed_in.text()
    assert "借りられます" not in signed_in.text()


def test_an_empty_list_says_so(signed_in):
    signed_in.get("/my/loans")
    assert "借りている資料はありません" in signed_in.text()
    assert signed_in.page.find("main").find("a", string="資料を探す", href="/search")


def test_the_loans_of_others_are_never_there(signed_in):
    factories.loan(factories.patron(), title=factories.title("秘密"))
    assert "秘密" not in signed_in.get("/my/loans").text


def test_the_history_file_is_mine_alone_and_harmless(signed_in, patron):
    factories.history(patron, '=HYPERLINK("x")', date(2026, 1, 2))
    factories.history(factories.patron(), "秘密")
    answer = signed_in.get("/my/history.csv")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert '"\'=HYPERLINK(""x"")"' in answer.text
    assert "秘密" not in answer.text


# -- links in mails --------------------------------------------------------------------------------------------------
def test_a_stop_link_shows_a_button_and_the_button_stops(app, browse, patron):
    factories.preference(patron, "due", to_pc=True, active=True)
    address = f"/mail/stop/{rules.stop_token(patron.id, 'due', app.config['SECRET_KEY'])}"
    browse.get(address)
    assert patrons.preferences(patron)["due"].active is True
    assert browse.page.find("button", string="停止する")
    assert browse.post(address, {}).status_code == 200
    assert MailPreference.get().active is False


def test_a_mail_program_stops_with_one_click(app, browse, patron):
    factories.preference(patron, "due", to_pc=True, active=True)
    address = f"/mail/stop/{rules.stop_token(patron.id, 'due', app.config['SECRET_KEY'])}"
    answer = browse.post(address, {"List-Unsubscribe": "One-Click"}, token=False)
    assert answer.status_code == 200
    assert MailPreference.get().active is False


@pytest.mark.parametrize("token", ["x", "due-1", "due-1.AAAA", "%00", "a" * 500])
def test_a_forged_link_stops_nothing(browse, patron, token):
    factories.preference(patron, "due", to_pc=True, active=True)
    assert browse.get(f"/mail/stop/{token}").status_code in (404, 410)
    assert browse.post(f"/mail/stop/{token}", {}, token=False).status_code in (404, 410)
    assert MailPreference.get().active is True


def test_an_address_is_verified_by_the_button_not_by_the_link_where_its_patron_is_not_signed_in(signed_in, patron):
    factories.address(patron)
    signed_in.post("/my/profile/test-mail/1")
    token = OutboxMail.get(OutboxMail.kind == "verify").facts["token"]
    signed_in.post("/logout")
    signed_in.get(f"/mail/verify/{token}")
    assert patrons.addresses(patron)[0].verified_at is None
    signed_in.post(f"/mail/verify/{token}", {})
    assert patrons.addresses(patron)[0].verified_at == NOW
    assert signed_in.get(f"/mail/verify/{token}").status_code == 410
    signed_in.be(patron)
    assert signed_in.get(f"/mail/verify/{token}").status_code == 200  # its page may be loaded again


def test_a_verification_link_dies_after_a_day(signed_in, patron, moved_clock):
    factories.address(patron)
    signed_in.post("/my/profile/test-mail/1")
    token = OutboxMail.get(OutboxMail.kind == "verify").facts["token"]
    moved_clock.now = NOW + timedelta(hours=24)
    assert signed_in.get(f"/mail/verify/{token}").status_code == 410
