"""ログインと安全, 記録とデータ: links, each with the state of the page behind it."""

from library import clock
from library.access import sessions
from models import Session
from tests import factories


def lines(browse):
    """Return link → line of state."""
    rows = browse.page.find("main").select(".next-ways > li")
    return {row.find("a").get_text(): row.find("p").get_text(" ", strip=True) for row in rows}


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
