"""The commands as a person meets them, through click's runner."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from flask.cli import FlaskGroup

from app import create_app
from library import clock, policy
from library.access import passwords
from library.files import workbooks
from library.mail import installation
from library.store import database, locks
from models import Branch, Item, Loan, OutboxMail, Patron, Session, Staff, Title, database as connection
from server import console
from settings import config, folders
from tests import epubs, factories, libraries

ROOT = Path(__file__).resolve().parents[1]
BRANCHES = "code,name\n01,本館\n02,東部\n"


@pytest.fixture
def file(tmp_path):
    def file(text, name="file.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_text(text, encoding=encoding)
        return str(path)

    return file


@pytest.fixture
def process(tmp_path):
    """Run a command on an instance folder of its own, with an application of its own, as a process would make it."""
    instance = tmp_path / "instance"

    def process(*words, **environment):
        ours = {"INSTANCE": str(instance), **libraries.settings(instance)}
        settings = {f"MADOGUCHI_{name}": value for name, value in ours.items()} | environment
        kept = dict.fromkeys(name for name in os.environ if name.startswith("MADOGUCHI_"))
        program = FlaskGroup(create_app=create_app, load_dotenv=False)
        done = CliRunner().invoke(program, words, prog_name="flask", env=kept | settings)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        connection.close_all()
        return SimpleNamespace(returncode=done.exit_code, stdout=done.stdout, stderr=done.stderr)

    process.instance = instance
    yield process
    clock.set_zone(config.SETTINGS["TIMEZONE"].default)


def last_line(result):
    return result.stdout.splitlines()[-1]


def complaints(done):
    """Return the lines of a command on standard error, besides the library that it acted on."""
    return [line for line in done.stderr.splitlines() if not line.startswith("図書館: ")]


# -- how commands speak ----------------------------------------------------------------------------------------------
COMMANDS = [
    "init", "demo", "catalog import", "branches import", "patrons import", "items import", "loans import",
    "holds import", "staff add",
    "notices run", "sdi run", "outbox deliver", "mail test", "adopt", "jobs list", "jobs run", "db upgrade",
    "db backup", "db restore", "db drill",
    "outbox release", "outbox bounces", "db check", "settings show",
    "patrons reset-password", "staff release", "move begin", "move check", "move open", "move discard",
    "export everything", "export check", "import everything",
]  # fmt: skip


@pytest.mark.parametrize("words", COMMANDS)
def test_every_command_explains_itself_in_japanese(run, words):
    result = run(*words.split(), "--help")
    assert result.exit_code == 0
    assert result.stdout.startswith("使い方: ")
    assert not {"Usage", "Options", "Show this message"} & set(result.stdout.replace(":", " ").split())


def test_every_import_names_its_columns_and_options(run):
    said = run("patrons", "import", "--help").stdout
    for word in (
        "card_number",
        "利用者番号（必須）",
        "keep_history",
        "--map",
        "--dry-run",
        "--report",
        "--with-consent",
    ):
        assert word in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("branches import", "FILE を指定してください"),
        ("branches import a b", "引数が多すぎる"),
        ("branches import --nothing a", "--nothing というオプションはありません"),
        ("branches import a --map title=題", "--map は 列=見出し か"),
        ("branches import a --map name", "--map は 列=見出し の形で書くか"),
        ("branches import a --map", "--map の使い方"),
        ("branches export", "export というコマンドはありません"),
        ("staff add desk1", "--role を指定してください"),
        ("staff add desk1 --role king", "desk、admin のどれか"),
        ("notices run --now yesterday", "--now は 2026-11-25T08:00 のように"),
        ("demo --today soon", "--today は 2026-11-25 のように"),
        ("jobs run nothing", "nothing という仕事はありません"),
    ],
)
def test_a_command_called_wrongly_ends_with_2_and_a_sentence(run, words, said):
    result = run(*words.split())
    assert result.exit_code == 2
    assert said in result.stderr and "--help" in result.stderr
    assert result.stdout == ""


def test_a_group_without_a_command_lists_its_commands(run):
    result = run("db")
    assert result.exit_code == 2
    assert "upgrade" in result.stderr and "引数" not in result.stderr


@pytest.mark.parametrize(
    ("words", "sentence"), [(["--version"], "madoguchi 1.0.0"), (["serve", "--help"], "図書館のフォルダ")]
)
def test_the_program_of_an_installed_server_tells_its_version_and_how_it_serves(words, sentence):
    done = subprocess.run([sys.executable, ROOT / "madoguchi.py", *words], capture_output=True, text=True, check=True)
    assert sentence in done.stdout


# -- which library ---------------------------------------------------------------------------------------------------
def leaves(command):
    """The commands of a group and of its groups."""
    inner = getattr(command, "commands", {}).values()
    return [leaf for each in inner for leaf in leaves(each)] or [command]


def test_every_command_is_one_that_says_which_library_it_acts_on(app):
    ours = {name: command for name, command in app.cli.commands.items() if name not in ("run", "shell", "routes")}
    commands = [leaf for command in ours.values() for leaf in leaves(command)]
    assert len(commands) >= len(COMMANDS)
    assert all(isinstance(command, console.Command) for command in commands)


@pytest.mark.parametrize(
    "words", ["jobs list", "db check", "settings show", "db upgrade", "staff add sato --role desk"]
)
def test_a_command_says_on_standard_error_which_library_it_acts_on(run, app, words):
    result = run(*words.split())
    assert result.exit_code == 0
    assert result.stderr == f"図書館: すずかけ市立図書館（{app.instance_path}）\n"
    assert "図書館: " not in result.stdout


def test_a_library_without_a_name_of_its_own_is_called_as_the_demonstration_is(process):
    process("demo")
    assert process("db", "check").stderr == f"図書館: すずかけ市立図書館（{process.instance}）\n"


def test_a_database_outside_of_the_folder_is_named_too(process, tmp_path):
    said = process("init", MADOGUCHI_DATABASE_URL=str(tmp_path / "other.sqlite3")).stderr
    assert said == f"図書館: 図書館（{process.instance}、データベース {tmp_path / 'other.sqlite3'}）\n"


def test_a_new_library_names_the_folder_that_it_is_made_in(process):
    made = process("init")
    assert made.stderr == f"図書館: 図書館（{process.instance}）\n"
    assert f"空の図書館を {process.instance} に作りました。" in made.stdout


@pytest.mark.parametrize("words", ["db upgrade", "outbox deliver", "jobs run backup", "db check"])
def test_a_command_that_finds_no_library_says_where_it_looked_and_how_to_name_another(process, words):
    done = process(*words.split())
    assert done.returncode == 1
    [said] = complaints(done)
    assert said.startswith(f"フォルダ {process.instance} には、まだ図書館がありません")
    assert "ほかの図書館のときは、MADOGUCHI_INSTANCE=" in said
    assert not process.instance.exists()


@pytest.mark.sqlite("the file of a library, and what lies beside it")
def test_a_copy_that_is_put_where_nothing_was_says_so(process, tmp_path):
    process("init")
    process("db", "backup", str(tmp_path / "copy.sqlite3"))
    other = tmp_path / "other"
    refused = process("db", "restore", str(tmp_path / "copy.sqlite3"), MADOGUCHI_INSTANCE=str(other))
    assert refused.returncode == 1 and "まだ図書館がありません" in refused.stderr and not other.exists()
    other.mkdir()
    done = process("db", "restore", str(tmp_path / "copy.sqlite3"), MADOGUCHI_INSTANCE=str(other))
    assert done.stderr == f"図書館: 図書館（{other}）\n"
    assert f"{tmp_path / 'copy.sqlite3'} → {other / 'madoguchi.sqlite3'}" in done.stdout
    assert "いままで、ここにデータベースはありませんでした。" in done.stdout


# -- files -----------------------------------------------------------------------------------------------------------
def test_an_import_ends_with_its_totals(run, file):
    result = run("branches", "import", file(BRANCHES))
    assert (result.exit_code, result.stdout) == (0, "読込 2 / 新規 2 / 変更 0 / 変更なし 0 / 拒否 0\n")
    assert complaints(result) == []
    assert last_line(run("branches", "import", file(BRANCHES))) == "読込 2 / 新規 0 / 変更 0 / 変更なし 2 / 拒否 0"


def test_a_library_comes_in_from_its_five_files(run, file):
    run("branches", "import", file(BRANCHES))
    run("catalog", "import", file("書誌番号\t書名\n1\tこころ\n2\t三四郎\n", encoding="utf-16"))
    run("items", "import", file("登録番号,書誌番号,所蔵館\r\n0001,1,本館\r\n0002,2,東部\r\n", encoding="cp932"))
    run(
        "patrons", "import", file("利用者番号,氏名,生年月日\n0000002377570,山田,昭和53年8月8日\n", encoding="utf-8-sig")
    )
    result = run(
        "loans", "import", file("登録番号,利用者番号,貸出日,返却期限日\n0001,0000002377570,2026/11/12,R8.11.26\n")
    )
    assert result.stdout == "読込 1 / 新規 1 / 変更 0 / 変更なし 0 / 拒否 0\n"
    loan = Loan.get()
    assert (loan.item.title.title, loan.patron.name, loan.branch.name) == ("こころ", "山田", "本館")


def test_refused_rows_are_named_and_status_is_0_while_something_went_in(run, file, tmp_path):
    report = tmp_path / "refused.csv"
    result = run("branches", "import", file("code,name,棚\n01,本館,\n,東部,\n03,,\n"), "--report", str(report))
    assert result.exit_code == 0
    assert last_line(result) == "読込 3 / 新規 1 / 変更 0 / 変更なし 0 / 拒否 2"
    assert complaints(result) == ["使わない見出し: 「棚」", "3行目 館コード：空です。", "4行目 館名：空です。"]
    assert report.read_text("utf-8-sig").splitlines()[1:] == [
        '"3","拒否","館コード","","","空です。"',
        '"4","拒否","館名","03","","空です。"',
    ]


def test_when_every_row_is_refused_nothing_was_done(run, file):
    result = run("branches", "import", file("code,name\n01,\n,x\n"))
    assert result.exit_code == 1
    assert last_line(result) == "読込 2 / 新規 0 / 変更 0 / 変更なし 0 / 拒否 2"


def test_of_many_refusals_the_first_are_shown(run, file):
    result = run("branches", "import", file("code,name\n" + ",x\n" * 100))
    assert len(complaints(result)) == 21
    assert "ほかに 80 件（--report FILE.csv ですべて書き出せます）" in result.stderr


def test_a_dry_run_changes_nothing(run, file):
    result = run("branches", "import", file(BRANCHES), "--dry-run")
    assert last_line(result) == "読込 2 / 新規 2 / 変更 0 / 変更なし 0 / 拒否 0"
    assert Branch.select().count() == 0


def test_several_files_are_one_import_and_a_wrong_one_stops_all(run, file):
    good, other, wrong = file("title\na\n", "a.csv"), file("題\nb\n\x07\n", "b.csv"), file("PK\x03\x04", "c.xlsx")
    result = run("catalog", "import", good, wrong)
    assert (result.exit_code, Title.select().count()) == (1, 0)
    assert "Excel" in result.stderr
    result = run("catalog", "import", good, other, "--map", "title=題")
    assert result.exit_code == 1 and "見出し「題」はファイルにありません" in result.stderr
    result = run("catalog", "import", good, file("書名\nb\n\x07\n", "d.csv"))
    assert last_line(result) == "読込 3 / 新規 2 / 変更 0 / 変更なし 0 / 拒否 1"
    assert "d.csv 3行目 書名：" in result.stderr


def test_an_items_file_must_name_its_titles(run, file):
    result = run("items", "import", file("barcode,branch\n1,本館\n"))
    assert result.exit_code == 1
    assert "この図書館の書誌の番号、書誌番号、ISBNのどれか" in result.stderr


def test_a_stopped_snapshot_says_why_and_does_nothing(run, file):
    patron = factories.patron(card_number="0000002377570")
    loan = factories.loan(patron)
    empty = file("barcode,card_number,lent_on,due_on\n")
    result = run("loans", "import", empty, "--snapshot")
    assert result.exit_code == 1 and "1点のうち1点" in result.stderr and result.stdout == ""
    wrong = file("barcode,card_number,lent_on,due_on\n1,2,3,4\n", "wrong.csv")
    result = run("loans", "import", wrong, "--snapshot")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "2行目 貸出日：" in result.stderr and "1行あるため、何も変更していません" in result.stderr
    result = run("loans", "import", empty, "--snapshot", "--branch", "99")
    assert result.exit_code == 1 and "「99」という館はありません" in result.stderr
    result = run("loans", "import", empty, "--snapshot", "--branch", loan.branch.code, "--yes")
    assert result.stdout.splitlines() == ["返却 1", "読込 0 / 新規 0 / 変更 0 / 変更なし 0 / 拒否 0"]


# -- people ----------------------------------------------------------------------------------------------------------
def test_staff_with_a_one_time_password(run):
    result = run("staff", "add", "sato", "--role", "admin")
    row = Staff.get()
    one_time = last_line(result).rpartition(" ")[2]
    assert (row.login, row.role, row.must_change_password) == ("sato", "admin", True)
    assert passwords.verify(row.password_hash, one_time) and len(one_time) >= 15
    result = run("staff", "add", "SATO", "--role", "desk")
    assert (result.exit_code, complaints(result)) == (1, ["ログインID「SATO」は、すでに使われています。"])


def test_staff_with_a_password_of_their_own(run):
    result = run("staff", "add", "desk1", "--role", "desk", "--password-stdin", input="midori no mado 15\n")
    assert (result.exit_code, len(result.stdout.splitlines())) == (0, 1)
    row = Staff.get()
    assert passwords.verify(row.password_hash, "midori no mado 15") and not row.must_change_password


@pytest.mark.parametrize(
    ("name", "typed"), [("desk1", "too short\n"), ("desk1", ""), ("山田", None), ("a b", None), ("x", None)]
)
def test_a_wrong_staff_account_is_refused(run, name, typed):
    given = [] if typed is None else ["--password-stdin"]
    result = run("staff", "add", name, "--role", "desk", *given, input=typed)
    assert (result.exit_code, result.stdout, Staff.select().count()) == (1, "", 0)
    assert len(complaints(result)) == 1


def test_a_login_that_waits_is_released(run):
    factories.staff(login="sato")
    result = run("staff", "release", "sato")
    assert (result.exit_code, complaints(result)) == (0, [])
    assert "職員 sato の待ち時間を解除しました" in result.stdout
    result = run("staff", "release", "nobody")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "ログインID「nobody」の職員はいません" in result.stderr


def test_a_patron_gets_the_initial_password_again(run, moved_clock):
    patron = factories.patron(card_number="0000002377570")
    factories.address(patron, "abc@example.jp")
    Session.create(
        token_hash="x",
        patron=patron,
        created_at=moved_clock.now,
        seen_at=moved_clock.now,
        authenticated_at=moved_clock.now,
    )
    result = run("patrons", "reset-password", "００００-0023-77570")
    assert result.exit_code == 0 and "生年月日の月と日" in result.stdout
    assert patron.name not in result.stdout
    kept = Patron.get()
    assert (kept.password_hash, kept.initial_issued_at) == ("", moved_clock.now)
    assert Session.select().count() == 0
    assert [mail.kind for mail in OutboxMail.select()] == ["security"]
    assert run("patrons", "reset-password", "1").exit_code == 1


# -- mails and jobs --------------------------------------------------------------------------------------------------
def due_tomorrow():
    patron = factories.patron(contact_method="mail")
    factories.address(patron)
    factories.preference(patron, "due", to_pc=True, active=True, days_before=1)
    return factories.loan(patron, date(2026, 11, 26))


def test_new_titles_are_queued(run, app):
    patron = factories.patron()
    factories.address(patron)
    factories.preference(patron, "sdi", to_pc=True)
    factories.condition(patron)
    factories.catalogued("猫の町", accession_date=date(2026, 11, 25))
    assert run("sdi", "run").stdout == "利用者 1 / メール 1 / 書名 1\n"
    assert run("sdi", "run").stdout == "利用者 0 / メール 0 / 書名 0\n"


def test_notices_are_queued_and_then_delivered(run, app):
    due_tomorrow()
    installation.bind(folders.stored_token(Path(app.config["INSTANCE"]) / "installation-id"))
    result = run("notices", "run", "--now", "2026-11-25T03:00")
    assert (result.exit_code, OutboxMail.get().state) == (0, "queued")
    result = run("outbox", "deliver")
    assert (result.exit_code, OutboxMail.get().state) == (0, "sent"), result.stderr
    assert run("outbox", "deliver").stdout == "することはありませんでした。\n"


def test_a_copied_database_sends_nothing(run):
    due_tomorrow()
    installation.bind("another")
    run("notices", "run")
    result = run("outbox", "deliver")
    assert (result.exit_code, OutboxMail.get().state) == (1, "queued")
    assert "写し" in result.stderr


def test_jobs_are_listed_and_run_by_name(run):
    due_tomorrow()
    names = [line.split("\t")[0] for line in run("jobs", "list").stdout.splitlines()]
    assert "due_notices" in names
    assert run("jobs", "run", "due_notices", "--now", "2026-11-25T09:00+09:00").exit_code == 0
    assert OutboxMail.select().count() == 1
    listed = {line.split("\t")[0]: line for line in run("jobs", "list").stdout.splitlines()}
    assert "2026年11月25日(水) 9:00" in listed["due_notices"]


# -- database and settings -------------------------------------------------------------------------------------------
def test_a_sound_database_is_checked(run):
    assert run("db", "check").stdout == "データベースに異常はありません。\n"


def test_files_of_e_books_are_not_in_a_copy_and_missed_after_it_is_put_back(run, app, tmp_path):
    folder = Path(app.instance_path) / "ebooks"
    assert "電子書籍" not in run("db", "backup", str(tmp_path / "none.sqlite3")).stdout
    ebook = epubs.stocked(folder, "旅の本")
    told = run("db", "backup", str(tmp_path / "copy.sqlite3")).stdout
    assert f"電子書籍のファイル（1 件）は入っていません。{folder} も写してください。" in told
    assert run("db", "check").exit_code == 0
    (folder / f"{ebook.file}.epub").unlink()
    result = run("db", "check")
    assert result.exit_code == 1 and "電子書籍「旅の本」のファイルがありません" in result.stdout
    assert f"電子書籍のファイルが 1 件ありません。写しておいた {folder} から戻してください。" in result.stderr


@pytest.mark.sqlite("damage to a file")
def test_rows_that_point_nowhere_are_found(run, app):
    item = factories.item()
    connection.close()
    connection.connect()
    connection.execute_sql("PRAGMA foreign_keys = 0")
    Title.delete().where(Title.id == item.title_id).execute()
    connection.close()
    result = run("db", "check")
    assert result.exit_code == 1 and "item" in result.stdout and "1 件" in result.stderr
    assert Item.select().count() == 1


def test_an_upgrade_refuses_while_the_server_runs(run, app):
    assert run("db", "upgrade").exit_code == 0
    lock = locks.serving_lock(Path(app.config["INSTANCE"]), serving=True)
    assert lock.acquire()
    try:
        result = run("db", "upgrade")
    finally:
        lock.release()
    assert (result.exit_code, complaints(result)) == (1, ["サーバーが動いています。止めてから実行してください。"])


def test_an_upgrade_brings_names_up_to_the_version_of_the_program(run):
    factories.patron(name="髙橋　ﾊﾅｺ", name_key="", kana_key="")
    assert "氏名と電話番号の書き方をそろえた利用者: 1 人" in run("db", "upgrade").stdout
    assert Patron.get().name == "髙橋 ハナコ"
    assert "氏名" not in run("db", "upgrade").stdout


def test_corrections_are_told_beside_the_refusals_and_in_the_report(run, file, tmp_path):
    report = tmp_path / "report.csv"
    rows = "".join(f"{number:013},山田,1978-08-08,57522610{number:02}\n" for number in range(30))
    path = file(f"利用者番号,氏名,生年月日,電話自宅\n,森,1978-08-08,\n{rows}")
    result = run("patrons", "import", path, "--report", str(report), "--pad-zeros")
    said = complaints(result)
    assert said[0] == "2行目 利用者番号：空です。"
    assert said[1].startswith("補った：3行目 電話自宅：電話番号の先頭の0を補いました")
    assert said[-1] == "補った：ほかに 10 件" and len(said) == 22
    assert result.stdout.startswith("補った：電話番号の先頭の0を補いました 30\n")
    lines = report.read_text("utf-8-sig").splitlines()
    assert len(lines) == 32 and lines[2].startswith('"3","補った","電話自宅","0000000000000","5752261000",')


def test_the_report_is_a_workbook_where_its_name_ends_so(run, file, tmp_path):
    report = tmp_path / "report.xlsx"
    run("patrons", "import", file("利用者番号,氏名\n0000000000017,=1+1\n,森\n"), "--report", str(report))
    with report.open("rb") as written:
        rows = workbooks.read(written, 9)[1]
    assert [row[:4] for row in rows] == [["行", "種類", "列", "番号"], ["3", "拒否", "利用者番号", ""]]
    assert report.stat().st_mode & 0o777 == 0o600


def test_a_form_of_card_numbers_that_fits_the_file_is_taken_by_an_option(run, file):
    people = file("利用者番号,氏名\n" + "".join(f"{number:04},山田\n" for number in range(1, 31)))
    hint = "どの番号の形式にも合わない番号が30件あります。4桁の数字の形が合います。加えるには --form を付けます。"
    assert hint in run("patrons", "import", people, "--dry-run").stdout
    tried = run("patrons", "import", people, "--dry-run", "--form")
    assert "番号の形式に加わります: 4桁の数字" in tried.stdout and hint not in tried.stdout
    assert "どの番号の形式にも" not in tried.stdout + tried.stderr
    assert len(policy.get("card_forms")) == 1 and policy.get("card_forms")[0]["length"] == 13
    done = run("patrons", "import", people, "--form")
    assert "番号の形式に加えました: 4桁の数字" in done.stdout and hint not in done.stdout
    assert "新規 30" in done.stdout and "番号の形式のどれにも" not in done.stderr
    assert [form["length"] for form in policy.get("card_forms")] == [4]


def test_a_form_that_is_taken_with_shorter_numbers_pads_their_zeros(run, file):
    whole = "".join(f"{number:08},利用者\n" for number in range(10_000, 10_030))
    people = file(f"利用者番号,氏名\n{whole}10003,別人三\n10050,利用者五十\n10051,利用者五一\n")
    lines = [
        last_line(run("patrons", "import", people, "--form", "--pad-zeros", *more)) for more in (["--dry-run"], [])
    ]
    assert lines == ["読込 33 / 新規 31 / 変更 0 / 変更なし 0 / 拒否 2"] * 2
    assert {len(row.card_number) for row in Patron.select()} == {8}
    assert [(form["length"], form["pads"]) for form in policy.get("card_forms")] == [(8, True)]


def test_an_assignment_is_remembered_until_it_is_forgotten(run, file):
    run("branches", "import", file(BRANCHES))
    people = "ひと,氏名,区分\n0000002377570,山田,町外\n"
    assigned = ("--map", "card_number=ひと", "--map", "区分:町外=一般")
    assert run("patrons", "import", file(people), *assigned, "--dry-run").exit_code == 0
    assert run("patrons", "import", file(people)).exit_code == 0, "what was tried need not be typed again"
    again = run("patrons", "import", file(people))
    assert (again.exit_code, last_line(again)) == (0, "読込 1 / 新規 0 / 変更 0 / 変更なし 1 / 拒否 0")
    assert (
        "前に覚えた「前のシステム」の対応づけも使います: card_number=ひと、区分:町外=一般（忘れるには --forget）"
        in again.stderr
    )
    assert run("patrons", "import", file(people), "--forget").exit_code == 1
    assert run("patrons", "import", file(people), "--forget", *assigned[:2], "--add-categories").exit_code == 0
    assert (Patron.get().category, policy.get("categories")) == ("町外", ["一般", "児童", "団体", "町外"])


def test_words_that_the_library_lacks_stop_the_command(run, file):
    done = run("patrons", "import", file("利用者番号,氏名,区分\n1,山田,町外\n2,森,町外\n"))
    assert (done.exit_code, Patron.select().count()) == (1, 0)
    assert "区分「町外」2行" in done.stderr and "--add-categories" in done.stderr


def test_lines_above_the_headings_are_told(run, file):
    done = run("branches", "import", file("館の一覧\n" + BRANCHES))
    assert "見出しより前の行: 「館の一覧」" in done.stderr and Branch.select().count() == 2


def test_settings_are_shown_without_secrets(run, app):
    app.config.update(MAIL_PASSWORD="geheim", DATABASE_URL="postgresql://library:geheim@localhost/madoguchi")
    result = run("settings", "show")
    assert "geheim" not in result.stdout
    assert "DATABASE_URL = postgresql://library:********@localhost/madoguchi" in result.stdout
    assert "LIBRARY_NAME = すずかけ市立図書館" in result.stdout


# -- a real process --------------------------------------------------------------------------------------------------
@pytest.mark.sqlite("the file of a library, and what lies beside it")
def test_a_new_library_is_empty_and_made_once(process):
    assert process("init").returncode == 0
    assert (process.instance / "madoguchi.sqlite3").stat().st_mode & 0o777 == 0o600
    assert process.instance.stat().st_mode & 0o777 == 0o700
    with connection.connection_context():
        shipped = policy.lending("団体")
    assert [shipped[name] for name in ("loan_limit", "loan_days", "renewals", "hold_limit")] == [100, 30, 1, 20]
    again = process("init")
    assert again.returncode == 1 and "もうあります" in again.stderr and again.stdout == ""
    assert process("db", "check").returncode == 0


def test_the_demonstration_is_made_in_an_empty_library_only(process):
    made = process("demo", "--today", "2026-11-25")
    assert made.returncode == 0 and "0000002377570" in made.stdout
    again = process("demo")
    assert again.returncode == 1 and len(complaints(again)) == 1


@pytest.mark.sqlite("damage to a file")
@pytest.mark.parametrize("words", ["db check", "branches import x.csv", "jobs list", "demo"])
def test_a_damaged_database_is_refused_with_a_sentence(process, words):
    process.instance.mkdir()
    (process.instance / "madoguchi.sqlite3").write_bytes(b"no database at all\n" * 1000)
    done = process(*words.split())
    assert done.returncode == 1
    assert len(complaints(done)) == 1 and "データベース" in done.stderr


@pytest.mark.sqlite("damage to a file")
def test_a_database_cut_in_half_is_refused_with_a_sentence(process):
    process("demo")
    path = process.instance / "madoguchi.sqlite3"
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    for words in ("db check", "jobs list"):
        done = process(*words.split())
        assert done.returncode == 1 and "データベース" in done.stderr, words


def test_a_newer_database_is_refused_with_a_sentence(process):
    process("init")
    opened = database.open_database(libraries.address(process.instance))
    with opened.connection_context():
        opened.execute_sql("INSERT INTO schema_migration (name, applied) VALUES ('9999_future', '2030-01-01')")
    for words in ("jobs list", "db check", "db upgrade"):
        done = process(*words.split())
        assert (done.returncode, done.stdout) == (1, "")
        assert "新しい版" in done.stderr and len(complaints(done)) == 1


@pytest.mark.parametrize(
    ("words", "environment", "said"),
    [
        ("jobs list", {}, "flask init"),
        ("settings show", {"MADOGUCHI_PORT": "many"}, "PORT"),
        ("--help", {"MADOGUCHI_TIMEZONE": "Asia/Nowhere"}, "TIMEZONE"),
        ("init", {"MADOGUCHI_INSTANCE": "/dev/null/instance"}, "/dev/null/instance"),
        ("init", {"MADOGUCHI_DATABASE_URL": "/nowhere/at/all.sqlite3"}, "/nowhere/at/all.sqlite3"),
        (
            "--help",
            {"MADOGUCHI_DATABASE_URL": "postgresql://it:geheim@db/it"},
            "ほかの機械の PostgreSQL には、暗号化してつなぎます",
        ),
        ("db check", {"MADOGUCHI_DATABASE_URL": "oracle://db/it"}, "DATABASE_URL の oracle にはつなげません"),
    ],
)
def test_a_bad_start_is_one_sentence(process, words, environment, said):
    done = process(*words.split(), **environment)
    assert done.returncode == 1
    assert said in done.stderr and len(complaints(done)) == 1


def test_commands_run_where_the_number_of_proxies_is_still_to_be_written(process):
    """Only serving is refused there."""
    done = process("init", MADOGUCHI_PUBLIC_URL="https://library.example.jp")
    assert (done.returncode, complaints(done)) == (0, [])


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        (None, b"", "missing.csv がありません"),
        ("folder", None, "フォルダ"),
        ("empty.csv", b"", "空"),
        ("binary.csv", bytes(range(256)) * 20, "CSV"),
        ("other.csv", "書名,著者\na,b\n".encode("cp932"), "館コード、館名"),
    ],
)
def test_a_bad_file_is_one_sentence_and_nothing_done(run, tmp_path, name, content, said):
    path = tmp_path / (name or "missing.csv")
    if name and content is None:
        path.mkdir()
    elif name:
        path.write_bytes(content)
    result = run("branches", "import", str(path))
    assert (result.exit_code, result.stdout) == (1, "")
    assert said in result.stderr and len(complaints(result)) == 1


# -- copies ----------------------------------------------------------------------------------------------------------
@pytest.mark.sqlite("the file of a library, and what lies beside it")
def test_a_copy_comes_back_and_its_mails_wait_for_release(process):
    instance = process.instance
    copy = instance.parent / "copy.sqlite3"
    assert process("init").returncode == 0
    assert process("db", "backup", str(copy)).returncode == 0
    assert process("staff", "add", "hanako", "--role", "desk").returncode == 0
    restored = process("db", "restore", str(copy), "--yes")
    assert restored.returncode == 0
    assert "ログイン中の画面、1回限りのリンク、書きかけの変更は、すべて終わりました。" in restored.stdout
    assert "パスワードと、カレンダーや読書アプリの秘密のアドレスは、控えのときのもの" in restored.stdout
    assert process("db", "check").returncode == 0
    assert process("staff", "add", "hanako", "--role", "desk").returncode == 0  # the copy knows nobody of that name
    assert len(list(instance.glob("*.before-restore-*"))) >= 1
    assert process("outbox", "release").returncode == 0


@pytest.mark.sqlite("the file of a library, and what lies beside it")
def test_nothing_is_restored_while_the_server_runs_or_from_a_bad_file(process):
    assert process("init").returncode == 0
    copy = process.instance.parent / "copy.sqlite3"
    assert process("db", "backup", str(copy)).returncode == 0
    with locks.serving_lock(process.instance):
        refused = process("db", "restore", str(copy))
        assert (refused.returncode, "サーバーが動いています" in refused.stderr) == (1, True)
    copy.write_bytes(b"nonsense")
    refused = process("db", "restore", str(copy), "--yes")
    assert (refused.returncode, "作ったときと中身が違います" in refused.stderr) == (1, True)
    assert process("db", "check").returncode == 0


def test_a_mapping_may_be_kept_in_the_settings(process, file):
    process("init")
    (process.instance / "config.toml").write_text('[maps.aozora]\ntitle = "作品名"\n', encoding="utf-8")
    path = file("作品名\nこころ\n")
    assert (
        last_line(process("catalog", "import", path, "--map", "aozora"))
        == "読込 1 / 新規 1 / 変更 0 / 変更なし 0 / 拒否 0"
    )
    assert process("catalog", "import", path, "--map", "nothing").returncode == 2


def test_reports_of_what_came_back_are_read_from_files_and_from_a_pipe(run, tmp_path, patron):
    (tmp_path / "a mail").write_bytes(b"Subject: hello\n\nhello")
    assert last_line(run("outbox", "bounces", str(tmp_path / "a mail"))).startswith("1 通のうち 0 通")
    assert last_line(run("outbox", "bounces", "-")).startswith("1 通のうち 0 通")
    assert run("outbox", "bounces", str(tmp_path / "missing")).exit_code == 2


def test_categories_are_changed_together_after_a_look(run):
    for born in ("2013-05-06", "2015-05-06"):
        factories.patron(category="児童", birth_date=born)
    words = ("patrons", "recategorize", "--from", "児童", "--to", "一般", "--born-until", "2014-04-01")
    told = "児童→一般: 1 人（上限を超えて借りているか予約している方 0 人）\n"
    assert run(*words, "--dry-run").stdout == f"{told}変更していません。\n"
    assert Patron.select().where(Patron.category == "児童").count() == 2
    assert run(*words).stdout == f"{told}変更しました: 1 人\n"
    assert run(*words).stdout.endswith("0 人）\n変更していません。\n")
    assert [patron.category for patron in Patron.select().order_by(Patron.id)] == ["一般", "児童"]
    refused = run("patrons", "recategorize", "--from", "会社", "--to", "一般", "--born-until", "きのう")
    assert refused.exit_code == 1
    assert complaints(refused) == [
        "いまの区分：選択肢の中から選んでください。この日までに生まれた方：日付として読めません。2026-11-25、2026/11/25、令和8年11月25日 のように入力してください。"
    ]
