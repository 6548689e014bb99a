"""利用データのダウンロード: who gets it and what comes; 表示の設定."""

import csv
import io
import json
import zipfile

import pytest

from library.language import registry
from models import Audit, Patron, Session
from tests import factories
from tests.pages import Browser


def download(browse, kind="json", password=factories.PASSWORD):
    browse.get("/my/data")
    return browse.post("/my/data", {"kind": kind, "current_password": password})


def test_json_and_tables_are_kept_by_no_cache_and_come_as_files(signed_in, patron):
    factories.history(patron, "=HYPERLINK()")
    answer = download(signed_in)
    assert answer.headers["Content-Disposition"] == "attachment; filename=my-data-20261125.json"
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("application/json", "no-store")
    found = json.loads(answer.data)
    assert found["profile"][0]["card_number"] == patron.card_number
    assert found["history"][0]["title_text"] == "=HYPERLINK()"
    answer = download(signed_in, "csv")
    assert answer.headers["Content-Disposition"] == "attachment; filename=my-data-20261125.zip"
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("application/zip", "no-store")
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    name = next(name for name in archive.namelist() if "借りたことがある資料" in name)
    heading, row = csv.reader(io.StringIO(archive.read(name).decode("utf-8-sig")))
    assert heading[0] == "書名" and row[0] == "'=HYPERLINK()"
    assert Audit.select().where(Audit.action == "data.downloaded", Audit.patron == patron).count() == 2


@pytest.mark.parametrize(
    ("password", "said"), [("", "現パスワードを入力してください"), ("wrong", "現パスワードが違います")]
)
def test_nothing_is_given_away_without_the_password(signed_in, password, said):
    answer = download(signed_in, password=password)
    assert (answer.status_code, answer.mimetype) == (422, "text/html")
    assert said in signed_in.page.select_one("#error-summary").get_text()
    assert Audit.select().count() == 0


def test_the_password_once_more_gives_the_session_a_new_token_and_a_copied_cookie_is_dead(app, signed_in):
    thief = Browser(app)
    thief.client.set_cookie("session", signed_in.client.get_cookie("session").value)
    assert download(signed_in).mimetype == "application/json"
    assert signed_in.get("/my/").status_code == 200
    assert thief.get("/my/").location == "/login?next=/my/"
    assert Session.select().count() == 1


def test_a_stranger_who_guesses_the_password_waits(signed_in):
    answers = [download(signed_in, password=f"wrong {number}") for number in range(6)]
    assert answers[-1].status_code == 429 and int(answers[-1].headers["Retry-After"]) > 0


def test_at_a_terminal_there_is_no_file(signed_in):
    Session.update(terminal=True).execute()
    signed_in.get("/my/data")
    assert "館内端末では、ダウンロードできません" in signed_in.text()
    assert not signed_in.page.find("main").find("form")
    data = {"kind": "csv", "current_password": factories.PASSWORD}
    assert signed_in.post("/my/data", data).status_code == 403


# -- 表示の設定 -----------------------------------------------------------------------------------------------------
def test_the_name_stands_in_the_headings_only_when_it_was_switched_on(signed_in, patron):
    def headings():
        signed_in.get("/my/")
        return [heading.get_text(strip=True) for heading in signed_in.page.find("main").find_all("h2")]

    number, name = patron.card_number, patron.name
    for data, called in (({}, number), ({"shown": "y"}, name), ({}, number)):
        signed_in.get("/my/display")
        signed_in.post("/my/display", data | {"titles": "y"})
        assert {f"{called}さんのライブラリ", f"{called}さんが作成した本棚一覧"} <= set(headings())
    signed_in.get("/my/display")
    signed_in.post("/my/display", {"shown": "y"})
    signed_in.get("/my/display")
    assert signed_in.page.select_one("#shown").has_attr("checked")
    Session.update(terminal=True).execute()
    assert f"{number}さんのライブラリ" in headings()


def test_titles_stand_in_mails_until_the_patron_says_otherwise(signed_in, patron):
    signed_in.get("/my/display")
    assert signed_in.page.select_one("label:has(#titles)").get_text(strip=True) == "書名を載せる"
    assert signed_in.form("/my/display")["titles"] == "y"
    signed_in.post("/my/display", {})
    assert not Patron.get_by_id(patron.id).titles_in_mail
    signed_in.get("/my/display")
    assert "メールには点数だけを載せます" in signed_in.text()
    assert not signed_in.page.select_one("#titles").has_attr("checked")
    signed_in.post("/my/display", {"titles": "y"})
    assert Patron.get_by_id(patron.id).titles_in_mail
    signed_in.get("/my/display")
    assert "メールには書名を載せます" in signed_in.text()


def test_notices_are_written_in_the_language_of_the_screen_or_in_one_of_their_own(signed_in, patron):
    signed_in.get("/my/display")
    choice = signed_in.page.select_one("#notice_language")
    assert signed_in.page.select_one("label[for=notice_language]").get_text(strip=True) == "お知らせの言語"
    assert [option.get_text() for option in choice.select("option")] == ["画面と同じ", *registry.NAMES.values()]
    assert signed_in.form("/my/display")["notice_language"] == ""
    for chosen, kept, told in (
        ("en", "en", True),
        ("xx", "", False),
        ("ja-simple", "ja-simple", True),
        ("", "", False),
    ):
        signed_in.post("/my/display", {"titles": "y", "notice_language": chosen})
        assert Patron.get_by_id(patron.id).notice_language == kept
        signed_in.get("/my/display")
        assert (f"お知らせの言語は、{registry.NAMES.get(kept)}です。" in signed_in.text()) == told
        assert signed_in.form("/my/display")["notice_language"] == kept
