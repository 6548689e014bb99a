"""引き継ぎ on 今日の仕事."""

from datetime import timedelta

from library import clock
from library.counting import desk_notes
from models import Audit, Branch, DeskNote
from tests import factories

NOTE = "/desk/note"


def open_form(desk):
    desk.get(NOTE)
    return desk.form(NOTE)


def memo(desk):
    box = desk.page.select_one(".memo .lines")
    return box and box.get_text()


def test_a_note_is_written_shown_with_who_and_when_and_rewritten(desk):
    desk.get("/desk/")
    assert desk.page.find("a", href=NOTE).get_text(strip=True).startswith("書く") and memo(desk) is None
    answer = desk.post(NOTE, open_form(desk) | {"text": "鍵は2番の引き出しです。\r\n傘は裏口へ。 "})
    desk.get(answer.location)
    assert "引き継ぎを保存しました。" in desk.page.find(id="answer").get_text()
    assert memo(desk) == "鍵は2番の引き出しです。\n傘は裏口へ。"
    assert "suzuki 2026年11月25日(水) 10:42" in " ".join(desk.page.select_one(".memo .hint").get_text().split())
    desk.post(NOTE, open_form(desk) | {"text": "鍵は1番です。"})
    assert [row.text for row in DeskNote.select()] == ["鍵は1番です。"]


def test_an_empty_text_removes_the_note(desk):
    desk.post(NOTE, open_form(desk) | {"text": "伝言"})
    desk.get(desk.post(NOTE, open_form(desk) | {"text": " "}).location)
    assert not DeskNote.select().exists() and "引き継ぎを消しました。" in desk.text()


def test_more_than_500_letters_are_refused_and_nothing_is_lost(desk):
    desk.post(NOTE, open_form(desk) | {"text": "あ" * 499 + "\n" + "い"})
    answer = desk.post(NOTE, open_form(desk) | {"text": "う" * 501})
    assert answer.status_code == 422 and "500文字以内" in desk.text()
    assert desk.page.find("textarea").get_text().strip() == "う" * 501 and memo(desk).endswith("い")
    assert desk.page.select_one("#error-summary a")["href"] == "#text"


def test_the_later_of_two_sees_the_change_and_keeps_what_was_typed(desk):
    here = Branch.get()
    form = open_form(desk)
    desk_notes.write(here, "先に書いた", shown="", by="staff:tanaka", now=clock.now())
    answer = desk.post(NOTE, form | {"text": "後から書いた"})
    assert answer.status_code == 422 and "先に書き換えました" in desk.text() and memo(desk) == "先に書いた"
    assert desk.page.find("textarea").get_text().strip() == "後から書いた" and DeskNote.get().text == "先に書いた"
    desk.post(NOTE, desk.form(NOTE) | {"text": "先に書いた\n後から書いた"})
    assert DeskNote.get().text == "先に書いた\n後から書いた"


def test_each_branch_has_its_own_note(desk):
    desk_notes.write(factories.branch("東部"), "東部の伝言", shown="", by="staff:tanaka", now=clock.now())
    desk.get("/desk/")
    assert memo(desk) is None


def test_the_log_has_the_act_and_never_the_text(app):
    here, now = factories.branch(), clock.now()
    desk_notes.write(here, "秘密の伝言", shown="", by="staff:tanaka", now=now)
    mark = desk_notes.version(DeskNote.get())
    desk_notes.write(here, "秘密の伝言", shown=mark, by="staff:tanaka", now=now + timedelta(minutes=1))
    desk_notes.write(here, "", shown=mark, by="staff:tanaka", now=now)
    rows = list(Audit.select().order_by(Audit.id))
    assert [(row.action, row.details) for row in rows] == [
        ("note.written", {"branch": here.code}), ("note.removed", {"branch": here.code})
    ]  # fmt: skip
