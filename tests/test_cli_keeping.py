"""Commands about copies, as a person meets them: what a restore replaces, trying a copy."""

from datetime import date

import pytest

from library import policy
from library.store import backup, database
from models import JobRun, Patron, Setting
from server import console
from tests import factories


@pytest.fixture
def copy(app, tmp_path):
    """A copy of a library with one patron and one loan; since then another patron came."""
    factories.loan(factories.patron(), lent_on=date(2026, 11, 20))
    made = backup.write(tmp_path / "copy.sqlite3")
    factories.patron()
    return made


def moved_aside(tmp_path):
    return list(tmp_path.glob("*.before-restore-*"))


# -- restore -----------------------------------------------------------------------------------------------------------
@pytest.mark.sqlite("one file in place of another")
def test_a_restore_shows_what_it_replaces_and_wants_the_name_typed(run, copy, tmp_path):
    policy.put("library_name", "あさひ市立図書館")
    for typed, words in (("すずかけ市立図書館\n", "図書館の名前"), ("", "--yes を付けると、尋ねずに戻します。")):
        refused = run("db", "restore", str(copy), input=typed)
        assert refused.exit_code == 1 and words in refused.stderr
        assert "Aborted" not in refused.output
    assert not moved_aside(tmp_path) and Patron.select().count() == 2
    shown = refused.stdout.splitlines()
    assert shown[0] == f"置き換わる図書館: あさひ市立図書館（{tmp_path / 'madoguchi.sqlite3'}）"
    assert shown[1:7] == ["\tいま\t控え", "利用者\t2\t1", "書誌\t1\t1", "所蔵\t1\t1", "貸出中\t1\t1", "予約\t0\t0"]
    assert shown[7] == "いちばん新しい貸出\t2026年11月20日(金)\t2026年11月20日(金)"
    done = run("db", "restore", str(copy), input="あさひ市立 図書館\n")
    assert done.exit_code == 0, done.output
    assert len(moved_aside(tmp_path)) == 1


@pytest.mark.sqlite("one file in place of another")
def test_a_restore_with_yes_asks_nothing_and_one_over_a_damaged_library_says_so(run, copy, tmp_path, db):
    db.close_all()
    (tmp_path / "madoguchi.sqlite3").write_bytes(b"nonsense" * 999)
    done = run("db", "restore", str(copy), "--yes")
    assert done.exit_code == 0, done.output
    assert "いまの図書館は読めません。" in done.stdout
    assert "利用者\t–\t1" in done.stdout
    assert "入力してください" not in done.output


# -- drill -------------------------------------------------------------------------------------------------------------
def test_a_drill_of_a_file_prints_what_is_in_it_beside_what_is_here(run, copy):
    done = run("db", "drill", str(copy))
    assert done.exit_code == 0, done.stderr
    assert done.stdout.splitlines()[:2] == ["\t控え\tいま", "利用者\t1\t2"]
    assert done.stdout.endswith("控えから戻せます。\n")
    assert not JobRun.select().exists()


def test_a_drill_that_fails_ends_with_1_and_the_reason(run, copy, tmp_path):
    bad = tmp_path / "bad.sqlite3"
    bad.write_bytes(copy.read_bytes()[:-5000])
    for words, said in ((["db", "drill"], "控えがありません"), (["db", "drill", str(bad)], "bad.sqlite3")):
        failed = run(*words)
        assert (failed.exit_code, said in failed.stderr) == (1, True), failed.stderr
    assert JobRun.get(JobRun.name == "drill").last_error
    assert run("db", "drill", str(tmp_path / "nothing")).exit_code == 1


def test_a_visit_opens_the_front_page_and_the_pages_of_signing_in_also_in_a_move(run, app):
    opened = ["/ 200", "/login 200", "/desk/login 200"]
    assert run("db", "visit").stdout.splitlines() == opened
    assert run("move", "begin").exit_code == 0
    assert run("db", "visit").stdout.splitlines() == ["/ 503", "/login 503", "/desk/login 200"]


# -- a full disk -------------------------------------------------------------------------------------------------------
@pytest.mark.sqlite("its file is full")
def test_a_command_that_finds_the_disk_full_says_so(db):
    [pages] = db.execute_sql("PRAGMA page_count").fetchone()
    db.execute_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(console.Sentence, match="ディスクの空きがないため"), console.sentences(), database.writing():
        Setting.create(name="large", value="x" * 5_000_000)
