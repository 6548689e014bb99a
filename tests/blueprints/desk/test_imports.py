"""取り込み and 書き出し on pages: looked at first, then done; what is too long is told its command."""

import io
import os
from pathlib import Path

import pytest

from library.importing import uploads
from models import Audit, Item, Title
from tests import factories
from tests.library.catalog import sources

TABLE = "書名,著者,登録番号,所蔵館\nこころ,夏目漱石,0100000001,本館\n雪国,川端康成,0100000002,どこか\n".encode()


@pytest.fixture
def desk(browse, app):
    browse.sign_in_at_desk(factories.staff("admin", login="kanri"))
    factories.branch("本館")
    return browse


def send(desk, content, kind="titles"):
    desk.get("/desk/import")
    answer = desk.post("/desk/import", {"kind": kind, "file": (io.BytesIO(content), "whatever.bin")})
    answer.request.environ["wsgi.input"].close()  # a file that the test's browser leaves open
    if answer.status_code == 303:
        desk.address = answer.location
        answer = desk.get(answer.location)
    return answer


def go_on(desk):
    action = desk.page.select_one("form[method=post][action^='/desk/import/']")["action"]
    return desk.post(action, desk.form(action))


def stored_files(app):
    folder = Path(app.instance_path) / "uploads"
    return list(folder.iterdir()) if folder.exists() else []


def test_a_table_is_looked_at_and_then_read_in(desk, app):
    assert send(desk, TABLE).status_code == 200
    assert "読込 2 / 新規 1 / 変更 0 / 変更なし 0 / 拒否 1" in desk.text() and "3行目 所蔵館" in desk.text()
    assert Title.select().count() == 0
    assert desk.page.find(id="map_title").find("option", selected=True).get_text() == "書名"
    assert [oct(path.stat().st_mode)[-3:] for path in stored_files(app)] == ["600"]
    answer = go_on(desk)
    assert answer.status_code == 200 and "取り込みました" in desk.text()
    assert Title.get().title == "こころ" and Item.get().barcode == "0100000001" and stored_files(app) == []
    assert Audit.get(Audit.action == "import.titles").actor == "staff:kanri"
    desk.get("/search?q=こころ")
    assert "1件" in desk.h1()


def test_headings_of_another_system_are_assigned_by_hand(desk):
    send(desk, "ホンノナマエ,カイタヒト\nこころ,夏目漱石\n".encode("cp932"))
    assert "列が決まっていません：書名（title）" in desk.text()
    desk.get(f"{desk.address}&map_title=ホンノナマエ&map_author=カイタヒト")
    assert "新規 1" in desk.text()
    go_on(desk)
    assert (Title.get().title, Title.get().author) == ("こころ", "夏目漱石")


def test_records_that_are_no_table_are_recognised_by_what_is_in_them(desk):
    send(desk, MARC)
    assert "はじめの1件" in desk.text() and "雪国" in desk.text() and not desk.page.select("select[name^=map_]")
    go_on(desk)
    assert Title.get().title == "雪国"


MARC = """<collection xmlns="http://www.loc.gov/MARC21/slim"><record><leader>00000nam a2200000 i 4500</leader>
<controlfield tag="001">1</controlfield><datafield tag="245" ind1="1" ind2="0"><subfield code="a">雪国</subfield></datafield>
</record></collection>""".encode()


def test_the_encoding_of_a_file_is_said_and_can_be_chosen(desk):
    send(desk, marc_of("かがみの話", "cp932"))
    assert "文字コード：CP932" in desk.text() and "かがみの話" in desk.text()
    desk.get(f"{desk.address}&encoding=euc-jp")
    assert "文字コード：EUC-JP" in desk.text() and "かがみの話" not in desk.text()
    desk.get(desk.address.replace("euc-jp", "cp932"))
    go_on(desk)
    assert Title.get().title == "かがみの話"


def test_a_record_of_kanji_alone_is_read_in_when_its_encoding_is_chosen(desk):
    send(desk, marc_of("図書館", "cp932"))
    assert "MARC-8 として読めない" in desk.text() and desk.page.find(id="encoding")
    desk.get(f"{desk.address}&encoding=cp932")
    go_on(desk)
    assert Title.get().title == "図書館"


def marc_of(title, codec):
    return sources.marc(sources.Example(lines=["=LDR cam", "=001 1", f"=245 $a{title}"], packed=codec))


def test_copies_come_in_under_titles_that_are_there(desk):
    title = factories.catalogued("こころ")
    send(desk, f"登録番号,書誌ID,所蔵館\n0100000005,{title.id},本館\n".encode(), kind="items")
    go_on(desk)
    assert Item.get().title == title


def test_numbers_that_lost_their_zeros_are_shown_before_and_after(desk):
    title = factories.catalogued("こころ")
    send(desk, f"登録番号,書誌ID,所蔵館\n00000002,{title.id},本館\n1,{title.id},本館\n".encode(), kind="items")
    for _ in range(2):
        assert "新規 2 / 変更 0 / 変更なし 0 / 拒否 0" in desk.text() and "拒否した行" not in desk.text()
        assert "お確かめいただきたい行（1件）" in desk.text() and "1 → 00000001" in desk.text()
        go_on(desk) if "取り込みの確認" in desk.h1() else None
    assert Item.select().count() == 2


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02" * 99, b"PK\x03\x04" + b"x" * 99])
def test_what_can_not_be_read_is_told_and_nothing_happens(content, desk):
    assert send(desk, content).status_code in (200, 422)
    assert desk.page.select_one("#error-summary") and Title.select().count() == 0


def test_a_long_file_is_told_the_command(desk, app):
    answer = send(desk, b"x" * (uploads.LARGEST + 1))
    assert answer.status_code == 422 and "flask catalog import" in desk.page.select_one("#error-summary").get_text()
    assert stored_files(app) == []
    longer = desk.post("/desk/import", {"file": (io.BytesIO(b"x" * 8_000_000), "x")})
    assert longer.status_code == 413
    longer.request.environ["wsgi.input"].close()


@pytest.mark.parametrize(
    ("kind", "headings", "command"),
    [("titles", "書名", "flask catalog import"), ("items", "登録番号,書誌ID,所蔵館", "flask items import")],
)
def test_a_file_of_very_many_rows_is_told_the_command_and_keeps_nobody_waiting(kind, headings, command, desk):
    send(desk, (headings + "\n" + "1,1,1\n" * (uploads.MOST + 1)).encode(), kind=kind)
    assert "このままでは取り込めません" in desk.text() and command in desk.text()
    assert not desk.page.select("form[method=post][action^='/desk/import/']")
    assert desk.post(desk.address.partition("?")[0], {"kind": kind}).status_code == 422 and not Title.select().exists()


def test_a_table_of_hundreds_of_columns_is_none(desk):
    headings = ",".join(f"列{number}" for number in range(1_000))
    assert send(desk, f"書名,{headings}\nこころ\n".encode()).status_code == 422


@pytest.mark.parametrize("times", [20_000, 2_000_000])
def test_a_record_that_no_page_could_show_is_refused(times, desk):
    answer = send(desk, MARC.replace("雪国".encode(), b"x" * times))
    assert "記録が長すぎます" in desk.text() and len(answer.data) < 60_000
    assert not Title.select().exists()


def test_what_nobody_came_back_for_is_gone(desk, app):
    send(desk, TABLE)
    (path,) = stored_files(app)
    os.utime(path, (0, 0))
    assert desk.get(desk.address).status_code == 422
    send(desk, TABLE)
    assert path not in stored_files(app) and len(stored_files(app)) == 1
    (path,) = stored_files(app)
    path.unlink()
    assert desk.get(desk.address).status_code == 422 and "時間が過ぎた" in desk.text()
    for token in ("x", "..%2fsecret-key", "a" * 22):
        assert desk.get(f"/desk/import/{token}?kind=titles").status_code in (404, 422)
