"""The commands of the catalogue as a librarian meets them."""

import pytest

from library.catalog import records
from library.catalog.fulltext import index
from models import Audit, Item, Title
from tests import factories
from tests.library.catalog import sources

MARC = sources.examples("marc_records.txt")
SOURCE = ("--source", "TEST")  # of records that don't say theirs


@pytest.fixture
def file(tmp_path):
    def file(data, name="file.dat"):
        path = tmp_path / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return str(path)

    return file


def marc(*lines):
    return sources.marc(sources.Example(lines=["=LDR cam", *lines]))


def test_the_last_line_says_what_became_of_all_records(run, file):
    path = file(b"".join(map(sources.marc, MARC)), "書誌.csv")
    assert (
        run("catalog", "import", path, *SOURCE).stdout.splitlines()[-1]
        == f"読込 {len(MARC)} / 新規 {len(MARC)} / 変更 0 / 変更なし 0 / 拒否 0"
    )
    assert (
        run("catalog", "import", path, *SOURCE).stdout.splitlines()[-1]
        == f"読込 {len(MARC)} / 新規 0 / 変更 0 / 変更なし {len(MARC)} / 拒否 0"
    )
    assert [row.action for row in Audit.select()] == ["import.titles"]
    assert index.is_complete()


def test_refused_records_are_named_by_number_id_and_reason_on_screen_and_in_a_file(run, file, tmp_path):
    report = tmp_path / "refused.csv"
    result = run(
        "catalog",
        "import",
        file(sources.marc(MARC[0]) + marc("=001 99", "=100 $a著者")),
        "--report",
        str(report),
        *SOURCE,
    )
    assert result.exit_code == 0
    assert result.stderr.splitlines()[1:] == ["2件目 99：書名がありません。"]
    assert report.read_text("utf-8-sig").splitlines()[1:] == ['"2","拒否","","99","","書名がありません。"']
    assert result.stdout.splitlines()[-1] == "読込 2 / 新規 1 / 変更 0 / 変更なし 0 / 拒否 1"


def test_an_encoding_that_is_not_utf_8_is_said_and_another_one_can_be_told(run, file):
    record = sources.Example(lines=["=LDR cam", "=001 1", "=003 X", "=245 $aかがみの話"], packed="cp932")
    path = file(sources.marc(record))
    result = run("catalog", "import", path, "--dry-run")
    assert result.stderr.splitlines()[1] == "文字コード: CP932（違うときは --encoding）"
    told = run("catalog", "import", path, "--encoding", "utf-8", "--dry-run")
    assert "文字コードが壊れています（UTF-8 として読めない部分があります）" in told.stderr
    assert (
        run("catalog", "import", path, *SOURCE).stdout.splitlines()[-1]
        == "読込 1 / 新規 1 / 変更 0 / 変更なし 0 / 拒否 0"
    )
    assert Title.get().title == "かがみの話"
    run("catalog", "reindex", "--reread")
    assert Title.get().title == "かがみの話"


def test_a_file_of_nothing_but_refusals_ends_with_1(run, file):
    authority = sources.marc(sources.Example(lines=["=LDR nz ", "=001 au1", "=003 X", "=100 $a山野"]))
    result = run("catalog", "import", file(authority * 2))
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (1, "読込 2 / 新規 0 / 変更 0 / 変更なし 0 / 拒否 2")
    assert "書誌ではなく典拠の記録です" in result.stderr


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "読めないファイルです"),
        (b"<html><body/></html>", "MARCXML や DC-NDL の書誌がありません"),
        (b"<!DOCTYPE x []><x/>", "DOCTYPE"),
        ("氏名,年齢\n山野,5\n".encode(), "必要な見出しがありません"),
        (b"", "ファイルが空です"),
    ],
)
def test_a_wrong_file_is_refused_before_anything_is_done(run, file, data, said):
    result = run("catalog", "import", file(sources.marc(MARC[0]), "good"), file(data, "bad"))
    assert result.exit_code == 1
    assert said in result.stderr
    assert result.stdout == ""
    assert Title.select().count() == 0


def test_a_dry_run_says_what_would_be_and_does_nothing(run, file):
    result = run("catalog", "import", file(sources.marc(MARC[0])), "--dry-run")
    assert "新規 1 " in result.stdout
    assert "何も変更していません" in result.stderr
    assert Title.select().count() == 0


def test_records_that_do_not_say_their_source_need_a_name_for_it(run, file):
    path = file(marc("=001 1", "=245 $a本"))
    asked = run("catalog", "import", path)
    assert asked.exit_code == 1 and "「出典」に書いてください（コマンドでは --source 名前）" in asked.stderr
    assert run("catalog", "import", path, "--source", "甲社").exit_code == 0
    assert (Title.get().source, Title.get().source_id) == ("甲社", "1")


def test_copies_go_where_the_settings_say(app, run, file):
    factories.branch("本館", code="H")
    app.config["HOLDINGS"] = {"852": {"barcode": "p", "branch": "b"}}
    result = run("catalog", "import", file(marc("=001 1", "=003 X", "=245 $a本", "=852 $p0001$bH")))
    assert "追加した資料（登録番号） 1" in result.stdout
    assert Item.get().barcode == "0001"


def test_titles_go_out_and_come_in_again(run, file, tmp_path):
    run("catalog", "import", file(b"".join(map(sources.marc, MARC))), *SOURCE)
    out = tmp_path / "out.xml"
    assert run("catalog", "export", "--format", "marcxml", str(out)).stdout == f"書き出しました: {len(MARC)} 件\n"
    assert f"変更なし {len(MARC)} " in run("catalog", "import", str(out), *SOURCE).stdout


def test_the_index_is_made_again_and_source_records_are_read_again(run, file):
    run("catalog", "import", file(sources.marc(MARC[0])))
    title = Title.get()
    Title.update(title="壊れた題", sort_key="").execute()
    assert run("catalog", "reindex").stdout == "索引を作り直しました。\n"
    assert Title.get().sort_key != ""
    result = run("catalog", "reindex", "--reread")
    assert result.stdout.splitlines() == ["読込 1 / 新規 0 / 変更 1 / 変更なし 0 / 拒否 0", "索引を作り直しました。"]
    assert records.load([title.id])[title.id].title == "坂の上の図書館"
