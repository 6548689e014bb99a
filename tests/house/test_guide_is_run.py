"""The guide is run, from its first line to its last: each command in its order on a scratch tree, each file that it
shows.
"""

import csv
import re
import shutil
import tomllib
from datetime import timedelta

import pytest
from pymarc import Field, Record, Subfield

import app
from settings import config
from tests.house.guide import CHAPTERS, CRON, blocks
from tests.house.machine import Machine

LIBRARY = "すずかけ市立図書館"
# what a person answers to a question
PASSPHRASE = "suzukake no michi wo aruku\n"
TYPED = {
    "madoguchi move discard": f"{LIBRARY}\n",
    "madoguchi db restore": f"{LIBRARY}\n",
    "madoguchi export everything": PASSPHRASE * 2,
    "madoguchi export check": PASSPHRASE,
    "madoguchi import everything": PASSPHRASE,
}
# commands that end otherwise than with 0, and why
ENDS = {
    "madoguchi move check": 1,  # steps are open
    "madoguchi move begin": 1,  # init has begun one
    "madoguchi languages check vi": 1,  # nothing is translated yet
}
# sections about another machine, and those whose commands need a server that a test of their own has
FORMER, RECEIVING, FROM_COPIES = "前の置き方から移る", "受け取る機械で", "前の機械が読めないとき"
ELSEWHERE = {FORMER, RECEIVING, FROM_COPIES}
READ = {"PostgreSQL", "SQLite から移る", "控えから戻す", "SQLite に戻る"}
# files and folders of the system that the guide speaks of
SYSTEMS = {"/etc/aliases"}
SHEETS = {  # what the old system wrote
    "館.csv": (["館コード", "館名"], [["01", "中央館"], ["02", "みどり分館"]]),
    "書誌.csv": (["書誌番号", "書名"], [["b1", "こころ"], ["b2", "三四郎"]]),
    "所蔵.csv": (["登録番号", "所蔵館", "書誌番号"], [["10000001", "01", "b1"], ["10000002", "02", "b2"]]),
    "利用者.csv": (
        ["利用者番号", "氏名", "生年月日", "区分"],
        [["0000000000017", "図書 花子", "1980-08-08", "一般"], ["0000000000024", "図書 太郎", "2013-05-05", "児童"]],
    ),
    "貸出.csv": (["登録番号", "利用者番号", "貸出日", "返却期限日"], [["10000001", "0000000000017", "2026-11-20", "2026-12-04"]]),
    "予約.csv": (["利用者番号", "書誌番号", "受取館"], [["0000000000024", "b1", "02"]]),
}  # fmt: skip
SHEETS["貸出中.csv"] = SHEETS["貸出.csv"]


@pytest.fixture
def machine(tmp_path, monkeypatch, moved_clock):
    made = Machine(tmp_path / "root", monkeypatch, TYPED)
    for name, (heading, rows) in SHEETS.items():
        with (made.here / name).open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([heading, *rows])
    (made.here / "書誌.mrc").write_bytes(marc_record())
    (made.here / "典拠.mrc").write_bytes(authority_record())
    return made


def authority_record():
    """Return a person of whom no title is."""
    record = Record(leader="00000nz  a2200000n  4500")
    record.add_field(Field("001", data="00000001"), Field("100", subfields=[Subfield("a", "山田, 花子")]))
    return record.as_marc()


def marc_record():
    made = Record(to_unicode=True, force_utf8=True)
    made.add_field(Field("001", data="m1"), Field("245", ["0", "0"], [Subfield("a", "門")]))
    return made.as_marc()


def problem_of(machine, line):
    """Run a line; return its faults."""
    try:
        done = machine.run(line)
    except AssertionError as error:
        return f"{line}\n{error}"
    expected = 0 if machine.only_reads else ENDS.get(" ".join(done.words), 0)
    return "" if done.status == expected else f"{line}\n{done.status} {done.out}"


def follow(machine, block):
    """Do what a part of the guide says, in a terminal of its own; return the faults."""
    machine.open_terminal()
    machine.only_reads = block.section in READ
    if block.file:
        machine.write(block.file, block.text)
    return [problem for line in block.commands if (problem := problem_of(machine, line))]


def follow_section(machine, section):
    parts = [block for block in blocks() if block.section == section]
    assert parts
    return [problem for block in parts for problem in follow(machine, block)]


def test_each_command_does_what_the_guide_says(machine, moved_clock, tmp_path, monkeypatch):
    named = {path for text in CHAPTERS.values() for path in re.findall(r"`(/(?:etc|opt|var)/[^`$…*<]+)`", text)}
    wrong, missing = [], named - SYSTEMS
    for block in blocks():
        if block.section not in ELSEWHERE:
            wrong += follow(machine, block)
            missing = {path for path in missing if not machine.path(path).exists()}
        if "--on 2026-12-01" in block.text:
            moved_clock.now += timedelta(days=6)
    assert not wrong, "\n".join(wrong)
    assert not missing
    assert len(machine.lines) > 60
    other = Machine(tmp_path / "other", monkeypatch, TYPED)
    other.run("sudo make setup-server PREFIX=/opt/madoguchi")
    for name in ("pack.zip.age", "key.age"):
        shutil.copy(machine.path(f"/var/lib/madoguchi/suzukake/inbox/{name}"), other.here)
    assert follow_section(other, RECEIVING) == []
    assert any(LIBRARY in line.out for line in other.lines)
    empty = Machine(tmp_path / "empty", monkeypatch, TYPED)
    empty.run("sudo make setup-server PREFIX=/opt/madoguchi")
    shutil.copytree(machine.path("/var/backups/madoguchi"), empty.path("/var/backups/madoguchi"))
    empty.write("/etc/madoguchi/suzukake.restic", "")
    assert follow_section(empty, FROM_COPIES) == []


def test_a_library_of_the_former_layout_gets_its_place(machine):
    former = machine.path("/var/lib/madoguchi")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MADOGUCHI_INSTANCE", str(former))
        assert app.create_app().test_cli_runner().invoke(args=["init"]).exit_code == 0
    (former / "config.toml").write_text(f'LIBRARY_NAME = "{LIBRARY}"\n', encoding="utf-8")
    machine.run("sudo make setup-server PREFIX=/opt/madoguchi")
    machine.path("/etc/systemd/system/madoguchi.service").touch()
    assert follow_section(machine, FORMER) == []
    assert LIBRARY in machine.run("sudo madoguchi db check").out


def test_commands_in_the_text_have_the_words_and_options_that_are_named(machine):
    named = {words for text in CHAPTERS.values() for words in re.findall(r"`(?:sudo )?(madoguchi [a-z][^`…]*)`", text)}
    machine.only_reads = True
    assert len(named) > 7
    assert "".join(problem_of(machine, words) for words in sorted(named)) == ""


def test_lines_for_cron_have_a_time_a_user_and_a_command():
    shown = [block.text for block in blocks() if block.file.startswith("/etc/cron.d/")]
    for line in [line for text in [CRON.read_text(encoding="utf-8"), *shown] for line in text.splitlines()[1:]]:
        assert re.fullmatch(r"([\d*/,-]+ +){5}root +\S.*", line), line


def test_settings_that_are_shown_are_settings():
    shown = [block for block in blocks() if block.language == "toml"]
    assert len(shown) > 2
    for block in shown:
        assert set(tomllib.loads(block.text)) <= config.SETTINGS.keys()
