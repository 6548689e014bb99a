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
    return [line.get_text(" ", strip=True) for line in found.find_all("li")] if found else []


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
        "今日のひとこと",
        f"{number}さんのライブラリ",
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
    beside = main.select_one("nav.side")
    assert [head.get_text() for head in beside.find_all("h3")] == ["手続き", "カードと家族", "記録"]
    assert [link.get_text(strip=True) for link in beside.find_all("a")] == [
        "利用者情報の変更", "SDIを設定する", "予約かごをみる", "表示の設定", "スマートフォンへの通知",
        "利用者カード", "家族", "返却期限カレンダー", "パスキー", "ログイン中の端末",
        "お知らせの記録", "レファレンスの質問", "変更の記録", "利用データのダウンロード",
    ]  # fmt: skip
    assert "該当するリストが存在しません。" in main.get_text()
    assert main.find_all(["a", "button"])[-1].get_text(strip=True) == "棚作成"


def test_the_tile_of_the_history_counts_what_its_page_lists(signed_in, patron, today):
    factories.history(patron, lent_on=today - timedelta(days=3))
    signed_in.get("/my/")
    assert "確認できます。|1|冊" in signed_in.page.select("a.tile")[3].get_text("|", strip=True)


def test_a_ready_hold_says_its_branch_and_last_day_beside_the_card(signed_in, patron, today):
    last = today + timedelta(days=2)
    factories.hold(patron, factories.title("草枕"), state="ready", pickup_by=last)
    signed_in.get("/my/")
    box = today_box(signed_in)
    assert "「草枕」を本館でお受け取りいただけます。 11月27日(金)までです。" in box.get_text(" ", strip=True)
    assert box.find("a", string="利用者カードを出す", href="/my/card")
    assert box.select_one("a.today-card svg path")["d"]
    assert box.select_one(".today-number").get_text() == patron.card_number


def test_a_ready_hold_tells_the_hours_of_its_branch_today(signed_in, patron, today):
    branch = factories.branch("龍田", hours=hours.every_day("9:30", "19:00"))
    factories.hold(
        patron, factories.title("草枕"), state="ready", pickup_branch=branch, pickup_by=today + timedelta(days=2)
    )
    signed_in.get("/my/")
    assert "龍田は今日19:00まで開いています。" in today_box(signed_in).get_text().replace(" ", "")
    ClosedDay.create(branch=branch, day=today)
    signed_in.get("/my/")
    assert "龍田が次に開くのは11月26日(木)9:30からです。" in today_box(signed_in).get_text().replace(" ", "")


def test_nothing_out_leads_to_the_search(signed_in):
    signed_in.get("/my/")
    assert today_box(signed_in).find("a", string="資料を探す", href="/search")
    assert also(signed_in) == []


def test_an_overdue_loan_comes_first_and_the_others_are_a_line_each(browse, db, today):
    patron = factories.patron(state="suspended", expires_on=date(2026, 12, 1))
    factories.address(patron, undeliverable_at=NOW)
    factories.loan(patron, today - timedelta(days=3))
    factories.loan(patron, today + timedelta(days=2))
    factories.asked_tie(patron)
    browse.sign_in(patron)
    browse.get("/my/")
    assert "返却期限を過ぎた資料が1点あります。" in today_box(browse).get_text()
    stopped, mail, soon, asked, expiring = also(browse)
    assert "図書館の連絡先" in stopped
    assert "abc@example.jp にお送りできませんでした" in mail
    assert "11月27日(金)までにお返しいただく資料が1点あります。" in soon
    assert "家族のカードの申し込みがあります" in asked
    assert "2026年12月1日(火)までです" in expiring


def test_loans_due_soon_are_renewed_together_as_shown(signed_in, patron, today):
    soon = [
        factories.loan(patron, today + timedelta(days=2), title=factories.title(name)) for name in ("こころ", "草枕")
    ]
    factories.loan(patron, today + timedelta(days=13), title=factories.title("三四郎"))
    signed_in.get("/my/")
    box = today_box(signed_in)
    words = box.get_text(" ", strip=True)
    assert "11月27日(金)までにお返しいただく資料が2点あります。" in words
    assert "「こころ」 11月27日(金) → 12月9日(水)" in words
    assert "「三四郎」は延長しません。延長しても1日しか延びません。延長する場合は1点ずつ押してください。" in words
    form = box.find("button", string="まとめて延長する").find_parent("form")
    signed_in.post(
        form["action"], {"renewal": [field["value"] for field in form.find_all("input", {"name": "renewal"})]}
    )
    signed_in.get("/my/loans")
    assert "を延長しました。" in signed_in.page.select_one("#answer .notice-title").get_text()
    assert [Loan.get_by_id(loan.id).renewals for loan in soon] == [1, 1]
    assert Loan.select().where(Loan.renewals == 0).count() == 1


@pytest.mark.parametrize("text", ["", "x", "1_", "1_2026-99-99", "1_昨日"])
def test_a_renewal_that_was_not_shown_is_none(signed_in, text):
    assert signed_in.post("/my/loans/renewals/shown", {"renewal": text}).status_code == 404


def test_the_loans_of_others_are_not_renewed(signed_in, today):
    loan = factories.loan(factories.patron(), today)
    assert signed_in.post("/my/loans/renewals/shown", {"renewal": f"{loan.id}_2026-12-09"}).status_code == 404
    assert Loan.get_by_id(loan.id).renewals == 0


def test_where_nothing_can_be_renewed_the_day_leads_to_the_loans(signed_in, patron, today):
    factories.loan(patron, today + timedelta(days=2), renewals=1)
    signed_in.get("/my/")
    assert today_box(signed_in).find("a", string="借りている資料をみる", href="/my/loans")


def test_the_dates_of_a_family_stand_below_the_tiles(signed_in, patron, today):
    child = factories.patron(name="図書 桃子")
    tie = factories.tie(patron, child)
    factories.loan(child, today + timedelta(days=2))
    factories.loan(child, today + timedelta(days=9))
    signed_in.get("/my/")
    dates = signed_in.page.find("section", attrs={"aria-labelledby": "family-dates"})
    assert dates.find("h2").get_text() == "家族の返却期限"
    row = dates.find("li").get_text(" ", strip=True)
    assert row == "11月27日(金) あと2日 桃 図書 桃子さん 2 点"
    assert dates.find("a", string="図書 桃子さん", href=f"/my/family?by=person#member-{tie.id}")
    assert "図書 桃子さんの返却期限は" in today_box(signed_in).get_text()


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
