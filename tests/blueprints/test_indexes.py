"""お知らせの設定: which notice goes which way. ログインと安全, 記録とデータ: links, each with the state of the page behind it."""

from library import clock
from library.access import sessions
from library.lending import due_calendar
from models import Session
from tests import factories


def lines(browse):
    """Return link → line of state."""
    rows = browse.page.find("main").select(".next-ways > li")
    return {row.find("a").get_text(): row.find("p").get_text(" ", strip=True) for row in rows}


def ways(browse):
    """Return the heads of the columns, and notice → the cells of its row."""
    heads = [cell.get_text(strip=True) for cell in browse.page.select(".tell-grid thead th")][1:]
    rows = browse.page.select(".tell-grid tbody tr")
    return heads, {row.th.find(string=True): [cell.get_text(strip=True) for cell in row("td")] for row in rows}


GOES, GOES_NOT = "✓届きます", "–届きません"


def test_the_settings_show_where_each_notice_goes(signed_in, patron):
    signed_in.get("/my/notices/settings")
    heads, rows = ways(signed_in)
    assert heads == ["自PC"] and set(map(tuple, rows.values())) == {(GOES_NOT,)}
    assert signed_in.page.find("a", string="登録する", href="/my/profile#email1")
    factories.address(patron)
    factories.address(patron, "phone@example.jp", kind="mobile", position=2)
    factories.preference(patron, "due", to_mobile=True, active=True, days_before=3)
    factories.preference(patron, "registration", to_pc=True, active=False)
    factories.preference(patron, "sdi", to_pc=True, to_mobile=True)
    signed_in.get("/my/notices/settings")
    assert ways(signed_in) == (
        ["自PC", "携帯"],
        {
            "返却期限": [GOES_NOT, GOES],
            "受け取り": [GOES, GOES_NOT],
            "休館による変更": [GOES_NOT, GOES],
            "SDI": [GOES, GOES],
            "登録の変更": [GOES_NOT, GOES_NOT],
        },
    )
    assert "返却期限は、3日前にお知らせします。" in signed_in.text().replace(" ", "")
    assert signed_in.page.find("a", {"aria-label": "phone@example.jpを変える"})["href"] == "/my/profile#email2"


def test_the_settings_list_what_sdi_looks_for_and_lead_to_the_calendar(signed_in, patron):
    condition = factories.condition(patron)
    factories.condition(patron, "q=%E7%8A%AC", name="犬の本", active=False)
    signed_in.get("/my/notices/settings")
    assert "猫の本 「猫」" in signed_in.text() and "犬の本 停止中" in signed_in.text()
    change = signed_in.page.find("a", {"aria-label": "「猫の本」を変える"})
    assert change["href"] == f"/my/sdi/{condition.id}/name"
    assert signed_in.page.find("a", string="カレンダーに加える", href="/my/calendar")
    due_calendar.renew(patron, now=clock.now())
    signed_in.get("/my/notices/settings")
    assert signed_in.page.find("a", string="この端末のカレンダーに加える")["href"].startswith("webcal:")


def test_security_tells_of_sessions_and_not_of_passkeys_where_none_can_be(signed_in, patron):
    signed_in.get("/my/security")
    password = {"パスワードの変更": "「利用者情報変更」で変えられます。"}
    assert lines(signed_in) == password | {"ログイン中の端末": "この端末だけでログイン中です。"}
    sessions.begin(patron, now=clock.now())
    signed_in.get("/my/security")
    assert lines(signed_in) == password | {"ログイン中の端末": "2台でログイン中です。"}


def test_security_tells_of_passkeys_but_not_at_a_terminal(app, signed_in, patron):
    app.config["PUBLIC_URL"] = "http://localhost"
    signed_in.get("/my/security")
    assert lines(signed_in)["パスキー"] == "パスキーはありません。"
    factories.passkey(patron)
    signed_in.get("/my/security")
    assert lines(signed_in)["パスキー"] == "1個を登録しています。"
    Session.update(terminal=True).execute()
    signed_in.get("/my/security")
    assert "パスキー" not in lines(signed_in)


def test_records_tell_what_is_there(signed_in, patron):
    signed_in.get("/my/records")
    assert lines(signed_in) == {
        "お知らせの記録": "お送りしたものは、まだありません。",
        "変更の記録": "変更の記録はありません。",
        "レファレンスの質問": "質問はありません。",
        "利用データのダウンロード": "CSVかJSONで保存できます。",
    }
    factories.mail(patron)
    for asker in (patron, patron, factories.patron()):
        factories.question(asker)
    factories.question(patron, state="answered", answer="回答です。", ended_at=clock.now())
    signed_in.get("/my/records")
    assert lines(signed_in)["お知らせの記録"] == "1件あります。"
    assert lines(signed_in)["レファレンスの質問"] == "3件のうち2件が回答待ちです。"


INDEXES = {
    "/my/security": ("/my/sessions", "/my/seal"),
    "/my/records": ("/my/notices", "/my/data", "/my/questions", "/my/profile/changes"),
    "/my/notices/settings": ("/my/sdi", "/my/calendar"),
}


def test_the_pages_behind_lead_back_to_their_index(signed_in, patron):
    for index, behind in INDEXES.items():
        for address in behind:
            signed_in.get(address)
            assert signed_in.page.select_one(".crumbs a")["href"] == index
