"""修正して取り込む: the report of an import as Excel, filled in, and on its way back."""

import io
import zipfile

import openpyxl
import pytest

from library.files import report, workbooks
from models import Item, Patron, Title
from tests import factories
from tests.blueprints.desk.test_imports import desk, files, folder, follow, outcome, press, send  # noqa: F401 (a fixture)
from tests.library.catalog import sources

PEOPLE = (
    "かりの一覧\n利用者番号,氏名,生年月日,登録館,住所１,住所２\n"
    '0000000000017,山田花子,1978-08-08,本館,"甲町\n1",2\n0000000000025,,1978-08-08,本館,乙町1,ハイツ\n'
    "0000000000033,森,1979-13-01,本館,,\n"
)
COPIES = "登録番号,書誌番号,所蔵館\n0001,7,本館\n0002,8,\n0003,7,\n0004,7,本館,8\n0005,7,本館\n0005,7,東部\n"


def fetched(desk):  # noqa: F811
    """Return the report of the page as an open workbook."""
    return openpyxl.load_workbook(io.BytesIO(desk.get(desk.page.select_one("a[href$='/report']")["href"]).data))


def saved(book, **cells):
    for place, text in cells.items():
        book.active[place] = text
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def send_back(desk, content, address=""):  # noqa: F811
    desk.get(address or desk.address)
    action = desk.page.select_one("form[action$='/corrections']")["action"]
    answer = desk.post(action, {"file": (io.BytesIO(content), "report.xlsx")} if content else {})
    answer.request.environ["wsgi.input"].close()
    return follow(desk, answer)


@pytest.fixture
def people(desk):  # noqa: F811
    """Read in a file of patrons, one of them refused, and stand on the page of its outcome."""
    send(desk, PEOPLE.encode(), "patrons")
    press(desk, "/columns")
    press(desk, "/run")
    assert outcome(desk)[1]["入らなかった"] == "1"
    return desk


@pytest.fixture
def copies(desk):  # noqa: F811
    factories.title("こころ", source="csv", source_id="7"), factories.branch("東部", code="02")
    send(desk, COPIES.encode(), "items")
    press(desk, "/columns")
    press(desk, "/run")
    assert outcome(desk)[1] == {"新しく入った": "1", "変わった": "0", "前と同じ": "0", "入らなかった": "5"}
    return desk


# -- out ---------------------------------------------------------------------------------------------------------------
def test_the_report_is_a_workbook_to_be_filled_in(people):
    sheet = fetched(people).active
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["行", "種類", "列", "番号", "もとの値", "理由", "直した値"],
        ["4", "拒否", "氏名", "0000000000025", None, "空です。", None],
        ["5", "空にした", "生年月日", "0000000000033", "1979-13-01", sheet["F3"].value, None],
    ], "the rows as a spreadsheet numbers them: a cell of two lines is in one"
    assert sheet.freeze_panes == "A2" and sheet.protection.sheet and sheet["A2"].protection.locked
    assert not sheet["G2"].protection.locked and sheet["G2"].fill.fgColor.rgb.endswith(workbooks.TINT)
    assert sheet["G2"].number_format == "@" and {cell.data_type for cell in sheet[3] if cell.value} == {"s"}


def test_a_reason_of_a_whole_row_has_no_cell_to_fill_in(copies):
    sheet = fetched(copies).active
    rows = {(row[0].value, row[2].value): row[6] for row in sheet.iter_rows(min_row=2)}
    assert rows["5", None].protection.locked and not rows["3", "所蔵館"].protection.locked


def test_records_of_marc_can_not_come_back(desk, app):  # noqa: F811
    lines = ["=LDR cam", "=001 1", "=003 X", "=245 $aこころ", "=852 $a謎の館$p0001"]
    send(desk, sources.marc(sources.Example(lines=lines)), name="kokoro.mrc")
    press(desk, "/columns")
    press(desk, "/run")
    assert not desk.page.select("form[action$='/corrections']") and "file" not in files(app)


# -- and back ----------------------------------------------------------------------------------------------------------
def test_a_corrected_row_comes_in_alone(people):
    Patron.update(name="別の名").where(Patron.card_number == "0000000000017").execute()
    send_back(people, saved(fetched(people), G2="林 一郎"))
    assert "読込 1 / 新規 1" in people.text() and "直した行 file.csv" in people.text()
    press(people, "/run")
    patron = Patron.get(Patron.card_number == "0000000000025")
    assert (patron.name, patron.address) == ("林 一郎", "乙町1 ハイツ")
    assert Patron.get(Patron.card_number == "0000000000017").name == "別の名", "nothing else comes in again"


def test_a_cell_that_was_left_empty_is_filled_by_its_correction(people):
    send_back(people, saved(fetched(people), G3="1979-12-01"))
    assert "読込 1 / 新規 0 / 変更 1" in people.text()


def test_two_corrections_of_a_row_both_apply(copies):
    book = fetched(copies)
    places = {(row[0].value, row[2].value): row[6].coordinate for row in book.active.iter_rows(min_row=2)}
    given = {places["3", "所蔵館"]: "東部", places["3", "書誌番号"]: 7, places["7", "登録番号"]: "0006"}
    send_back(copies, saved(book, **given))
    press(copies, "/run")
    rows = {row.barcode: row.branch.name for row in Item.select()}
    assert rows == {"0001": "本館", "0002": "東部", "0006": "東部"}


def test_a_joined_column_is_corrected_as_a_whole(desk):  # noqa: F811
    send(desk, f"利用者番号,氏名,住所１,住所２\n0000000000025,林,甲町1,{'あ' * 300}\n".encode(), "patrons")
    press(desk, "/columns")
    press(desk, "/run")
    send_back(desk, saved(fetched(desk), G2="甲町1 ハイツ"))
    press(desk, "/run")
    assert Patron.get().address == "甲町1 ハイツ"


def test_a_file_of_which_no_row_can_be_read_in_is_corrected_too(desk):  # noqa: F811
    send(desk, "書名,登録番号,所蔵館\n雪国,0100000002,\n".encode("cp932"))
    press(desk, "/columns")
    send_back(desk, saved(fetched(desk), G2="本館"))
    press(desk, "/run")
    assert (Title.get().title, Item.get().branch.name) == ("雪国", "本館")


# -- what is not taken back --------------------------------------------------------------------------------------------
def changed(book):
    book.active["A2"] = "9"
    return saved(book, G2="林")


def of_nobody(book):
    return saved(openpyxl.Workbook(), A1="氏名")


def of_another_run(book):
    book.custom_doc_props[workbooks.MARK].value = "A" * 22
    return saved(book, G2="林")


def with_entities(book):
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved(book, G2="林"))) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            is_sheet = name.startswith("xl/worksheets/")
            new.writestr(name, b'<!DOCTYPE a [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>' * is_sheet + content)
    return file.getvalue()


def too_long(book):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        new.writestr("xl/workbook.xml", b" " * (workbooks.LARGEST + 1))
    return file.getvalue()


def too_many_elements(book):
    file = io.BytesIO(saved(book, G2="林"))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as more:
        more.writestr("xl/more.xml", b"<a>" + b"<b/>" * workbooks.MOST_ELEMENTS + b"</a>")
    return file.getvalue()


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda book: b"", "ファイルを選んでください。"),
        (lambda book: b"a,b\n1,2\n", "Excel のファイル（.xlsx）として読めません。"),
        (of_nobody, "この図書館が書き出した取り込みの報告（Excel）ではありません。"),
        (of_another_run, "別の取り込みの報告です。"),
        (changed, "報告の2行目が、この取り込みの報告と違います。"),
        (lambda book: saved(book, G2="=1+1"), "G2 のセルが数式です。"),
        (saved, "「直した値」が書かれていません。"),
        (lambda book: saved(book, C2="お名前", G2="林"), "報告の2行目が、この取り込みの報告と違います。"),
        (with_entities, "文書型宣言（DOCTYPE）のある XML は、安全のため読みません。"),
        (too_many_elements, "Excel のファイル（.xlsx）として読めません。"),
        (too_long, "圧縮を解くと64MBより大きくなるファイルは取り込めません。"),
    ],
)
def test_another_file_is_refused_and_nothing_is_done(people, app, made, said):
    before, address = files(app), people.address
    assert send_back(people, made(fetched(people)), address).status_code == 422
    assert said in people.page.select_one("#error-summary").get_text()
    assert files(app) == before and Patron.select().count() == 2


def test_a_correction_of_a_whole_row_is_refused(copies):
    address = copies.address
    places = {(row[0].value, row[2].value): row[6].coordinate for row in fetched(copies).active.iter_rows(min_row=2)}
    send_back(copies, saved(fetched(copies), **{places["5", None]: "7"}), address)
    assert "5行目の理由は行の全体についてのもので、「直した値」では直せません。" in copies.text()


def test_a_copy_without_a_title_gets_its_number_by_the_report(desk):  # noqa: F811
    factories.title("こころ", source="csv", source_id="7")
    send(desk, "登録番号,書誌番号,所蔵館\n0004,,本館\n".encode(), "items")
    press(desk, "/columns")
    send_back(desk, saved(fetched(desk), G2="7"))
    press(desk, "/run")
    assert Item.get().title.title == "こころ"


def test_a_file_that_is_another_now_is_refused(people, app):
    (kept,) = folder(app).rglob("file")
    kept.write_text(PEOPLE.replace("0000000000025,,", "0000000000025,林,"))
    send_back(people, saved(fetched(people), G2="林"))
    assert "取り込んだファイルの4行目が、報告のときと違います。" in people.text()


# -- the rest ----------------------------------------------------------------------------------------------------------
def test_the_refused_come_first_and_what_is_too_much_is_counted(monkeypatch):
    monkeypatch.setattr(report, "MOST", 2)
    rows = [
        [str(line), kind, "列", "", "", "x"] for line, kind in enumerate(["注意", "拒否", "注意", "拒否", "拒否"], 2)
    ]
    file = io.BytesIO()
    report.write_workbook(file, rows)
    told = [row[:6] for row in workbooks.read(file, 9)[1][1:]]
    assert [row[0] for row in told] == ["3", "5", ""] and told[2][5] == "ほかに3件あります。"
