"""取り込み at the desk, when buttons are pressed twice, people do two things at once, and files are not what they say."""

import gzip
import io
import os
import zipfile
from pathlib import Path

import openpyxl
import pytest

from library import clock
from library.cutover import opening
from library.importing import arrivals, kinds, runs
from models import Patron, Title
from tests import factories
from tests.blueprints.desk.test_imports import TABLE, files, follow, press, send, zipped
from tests.pages import form_data


@pytest.fixture
def desk(browse, app):
    browse.be(factories.staff("admin", login="kanri"))
    factories.branch("本館", code="01")
    return browse


def run_of(desk, app):
    return runs.Run(Path(app.instance_path), desk.address.split("/")[3])


# -- pressed twice, broken off ---------------------------------------------------------------------------------------
def test_a_file_that_is_read_in_twice_at_once_stays_done(desk, app, monkeypatch):
    send(desk, TABLE)
    press(desk, "/columns")
    action = desk.page.select_one("form[action$='/run']")["action"]
    form, state = desk.form(action), runs.Run.state
    desk.post(action, form)
    seen = [runs.State("checked")]  # as the second press saw it
    monkeypatch.setattr(runs.Run, "state", property(lambda run: seen.pop() if seen else state.fget(run)))
    follow(desk, desk.post(action, form))
    assert "行を取り込みました。" in desk.text() and "新しく入った 1" in desk.text() and Title.select().count() == 1


def test_a_second_press_while_it_is_read_in_leads_to_its_page(desk, app, monkeypatch):
    monkeypatch.setattr(runs, "LOOKS", 1)
    send(desk, TABLE)
    press(desk, "/columns")
    action = desk.page.select_one("form[action$='/run']")["action"]
    form, run = desk.form(action), run_of(desk, app)
    with runs.alone(run.instance, run.token):
        run.begin(dry_run=False, rows=2)
        follow(desk, desk.post(action, form))
        assert "取り込んでいます。" in desk.text()
        press(desk, "/stop")
        assert "中止しています。" in desk.text()


@pytest.mark.parametrize("end", ["stopped", "killed"])
def test_a_check_that_was_broken_off_is_begun_again(end, desk, app, monkeypatch):
    send(desk, TABLE)
    columns, run = desk.address, run_of(desk, app)
    form = desk.form(columns)
    run.begin(dry_run=True, rows=2)
    if end == "stopped":
        monkeypatch.setattr(runs.Run, "is_stopping", True)
        run.work(dry_run=True, now=clock.now(), by="staff:kanri")
        monkeypatch.undo()
    follow(desk, desk.get(f"/desk/import/{run.token}"))
    assert "確かめている途中で止まりました" in desk.text() and desk.address == columns
    follow(desk, desk.post(f"/desk/import/{run.token}/run", form))
    assert desk.address == columns and not Title.select().exists(), "nothing is read in that wasn't tried whole"
    follow(desk, desk.post(columns, form))
    assert "まだ何も変更していません" in desk.text()


# -- two things at once ------------------------------------------------------------------------------------------------
def test_nothing_is_put_away_and_nothing_opens_while_a_file_is_read_in(desk, app, monkeypatch):
    monkeypatch.setattr(runs, "LOOKS", 1)
    opening.begin(by="staff:kanri", now=clock.now())
    factories.patron()
    for path, typed in (("discard", {"library": "すずかけ市立図書館"}), ("opening", {"reason": "急ぐ"})):
        with runs.alone(Path(app.instance_path), "x"):
            desk.get(f"/desk/move/{path}")
            answer = desk.post(f"/desk/move/{path}", form_data(desk.page.select_one("main form")) | typed)
        assert answer.status_code == 422 and "取り込みが動いています" in desk.text()
    assert Patron.select().exists() and opening.going_on(now=clock.now()).opens_on is None


def test_a_file_that_another_swept_away_meanwhile_harms_nobody(desk, app, monkeypatch):
    send(desk, TABLE)
    run = run_of(desk, app)
    for path in run.folder.iterdir():
        path.unlink()
    monkeypatch.setattr(arrivals, "every", lambda instance: [run])
    assert arrivals.sweep(run.instance) == 0
    monkeypatch.undo()
    assert desk.get(desk.address).status_code == 422 and "時間が過ぎた" in desk.text()


# -- files that are not what they say ----------------------------------------------------------------------------------
def test_a_column_of_thousands_of_words_is_not_shown_whole(desk):
    rows = "".join(f"{number:013},山田,区分{number % 300}\n" for number in range(900))
    send(desk, f"利用者番号,氏名,区分\n{rows}".encode(), "patrons")
    press(desk, "/columns")
    assert len(desk.page.select("select[name^=means_]")) == 100
    assert "ほかに200種類あります" in desk.text()


def packed_as(name, flag=0, method=zipfile.ZIP_STORED):
    """Return a zip whose one file has a name in these bytes, as other systems write it."""
    content = bytearray(zipped(**{"x" * len(name): TABLE.decode()}))
    content = content.replace(b"x" * len(name), name)
    for start, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.index(start) + at
        content[place : place + 2] = (int.from_bytes(content[place : place + 2], "little") | flag).to_bytes(2, "little")
        if method:
            content[place + 2 : place + 4] = method.to_bytes(2, "little")
    return bytes(content)


@pytest.mark.parametrize(
    ("packed", "shown"),
    [
        (packed_as("利用者.csv".encode("cp932")), "利用者.csv"),
        (packed_as("利用者.csv".encode()), "利用者.csv"),
        (packed_as("../../利用者.csv".encode(), 0x800), "利用者.csv"),
        (packed_as(b"\xff\xfd.csv"), ".csv"),
    ],
)
def test_the_name_inside_an_archive_is_read_as_it_was_written_and_leads_nowhere(packed, shown, desk, app):
    assert send(desk, packed, name="x.zip").status_code == 200
    assert shown in desk.text() and "../" not in desk.text()
    assert files(app) == ["file", "plan.json", "state.json"]


# a method and a way of packing that nobody knows, a name in UTF-8 that is none, another name before the file, a file
# that begins before the archive
ODD = [
    packed_as(b"a.csv", method=97),
    packed_as(b"a.csv", flag=0x20),
    packed_as(b"\xff.csv", flag=0x800),
    packed_as("あ".encode()).replace("あ".encode(), b"\xe3\x81\xff", 1),
    (lambda packed: packed[:-6] + b"\xff\xff\xff\x7f" + packed[-2:])(packed_as(b"a.csv")),
]


@pytest.mark.parametrize("packed", ODD)
def test_an_archive_of_a_kind_that_nobody_opens_is_refused(packed, desk, app):
    assert send(desk, packed, name="x.zip").status_code == 422
    assert "圧縮ファイルが壊れて" in desk.text() and files(app) == []


def test_a_name_in_the_letters_of_windows_is_shown_and_chosen(desk, app):
    inbox = Path(app.instance_path) / runs.INBOX
    inbox.mkdir()
    (inbox / os.fsdecode("書誌.csv".encode("cp932"))).write_bytes(TABLE)
    desk.get("/desk/import")
    assert [option["value"] for option in desk.page.select("[name=inbox]")] == ["書誌.csv"]
    follow(desk, desk.post("/desk/import", desk.form("/desk/import") | {"inbox": "書誌.csv"}))
    press(desk, "/columns")
    press(desk, "/run")
    assert Title.get().title == "こころ"
    desk.get("/desk/import")
    assert "書誌.csv" in desk.text()


def test_files_of_a_run_that_nobody_can_read_are_gone(desk, app):
    send(desk, TABLE)
    (run_of(desk, app).folder / "plan.json").write_text('{"kind": "titles", "colour": 1}')
    assert desk.get(desk.address).status_code == 422 and "時間が過ぎた" in desk.text()
    assert desk.get("/desk/import").status_code == 200


def test_formulas_and_letters_that_no_one_sees_do_no_harm(desk, app):
    cells = '0000002377570,=HYPERLINK("A1")\n0000002377588,\x00山田\n0000002377596,森\u202e\n'.replace('"', '""')
    rows = [f'{number},"{name}"' for number, _, name in (line.partition(",") for line in cells.splitlines())]
    send(desk, "\n".join(["利用者番号,氏名", *rows]).encode(), "patrons")
    press(desk, "/columns")
    assert "拒否（2件）" in desk.text()
    press(desk, "/run")
    assert [row.name for row in Patron.select()] == ['=HYPERLINK("A1")']
    report = desk.get(desk.page.select_one("a[href$='/report']")["href"]).data
    assert {cell.data_type for row in openpyxl.load_workbook(io.BytesIO(report)).active for cell in row} <= {"s", "n"}


def test_a_file_of_no_bytes_in_an_archive_is_told(desk, app):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.csv", "")
    assert send(desk, packed.getvalue(), name="a.zip").status_code == 422 and "ファイルが空です" in desk.text()


# -- files that take too long ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("before", [b"", "書名\nこころ\n雪国\n草枕\n門\n".encode()])
def test_millions_of_empty_lines_are_refused_before_they_hold_a_thread(before, desk, app, monkeypatch):
    monkeypatch.setattr(kinds, "SECONDS", 0.05, raising=False)
    send(desk, gzip.compress(before + b"\n" * 4_000_000), name="titles.csv.gz")
    assert "大きすぎます。" in desk.text()
