"""``deploy/upgrade`` and ``deploy/rollback``, killed at each step too: the programs and systemctl are recorded, the
scripts are the real ones.
"""

import gzip
import http.server
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from library.store import database, versions
from tests import factories, programs, versions_to_come

pytestmark = [
    programs.need("root"),
    pytest.mark.sqlite("the file of a library"),
]
DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
PYTHON = shutil.which("python3", path="/usr/bin")
OLD, NEW = "1.0.0", "1.1.0"
# Each writes down how it was called; the first time that this is $KILL_AT, it kills who called it, before or after its
# work.
PROGRAM = """\
#!/bin/sh
line="{name} $*"
database=$LIBRARIES/$2/madoguchi.sqlite3
killed() {{
    case "$line" in *"$KILL_AT"*) [ "$KILL_WHEN" = "$1" ] && mkdir "$LIBRARIES/killed" 2>/dev/null && kill -9 $PPID ;; esac
}}
echo "$line" >>"$LIBRARIES/log"
killed before
case "$line" in
    *"$FAIL_AT"*) exit 1 ;;
    *" db backup "*) cp "$database" "$5"; chown --reference="$database" "$5" ;;
    *" db upgrade"*) sed -i "s/made by .*/made by {name}/" "$database" ;;
    *" db restore "*) cp "$5" "$database" ;;
    *"is-active --quiet madoguchi@idle") exit 3 ;;
esac
killed after
"""


class _Health(http.server.BaseHTTPRequestHandler):
    """Answers as the version does that runs: 200, or 503 where it is sick."""

    def do_GET(self):
        if os.readlink(self.server.prefix / "current") in self.server.strange:
            self.wfile.write(b"SSH-2.0-OpenSSH\r\n")
            return
        self.send_response(503 if os.readlink(self.server.prefix / "current") in self.server.sick else 200)
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def machine(tmp_path):
    """A server with two libraries, one of which is not served, the version OLD in use and NEW unpacked beside it."""
    prefix, etc, libraries = (tmp_path / name for name in ("opt", "etc", "lib"))
    health = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Health)
    health.prefix, health.sick, health.strange = prefix, set(), set()
    threading.Thread(target=health.serve_forever, daemon=True).start()
    for folder in (etc, tmp_path / "bin"):
        folder.mkdir()
    for program, name in (
        (prefix / OLD / "bin" / "madoguchi", OLD),
        (prefix / NEW / "bin" / "madoguchi", NEW),
        (tmp_path / "bin" / "systemctl", "systemctl"),
    ):
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text(PROGRAM.format(name=name))
        program.chmod(0o755)
    (prefix / NEW / "complete").touch()
    (prefix / "current").symlink_to(OLD)
    for name in ("idle", "suzukake"):
        (libraries / name).mkdir(parents=True)
        (libraries / name / "madoguchi.sqlite3").write_text(f"{name}, made by {OLD}\n")
        (etc / f"{name}.toml").write_text(f'INSTANCE = "{libraries / name}"\nPORT = {health.server_address[1]}\n')

    def run(*words, answer="", python=sys.executable, scripts=DEPLOY, **trouble):
        around = {"KILL_AT": "nothing", "KILL_WHEN": "never", "FAIL_AT": "nothing"} | trouble
        around |= {"LIBRARIES": str(libraries), "MADOGUCHI_ETC": str(etc), "MADOGUCHI_HEALTHY_WITHIN": "0.5"}
        return subprocess.run(
            [python, scripts / words[0], "--prefix", prefix, *words[1:]],
            env=os.environ | around | {"PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}"},
            input=answer, capture_output=True, text=True, timeout=400, check=False, start_new_session=True,
        )  # fmt: skip

    def databases():
        return {(libraries / name / "madoguchi.sqlite3").read_text().split()[-1] for name in ("idle", "suzukake")}

    def log():
        return (libraries / "log").read_text().splitlines()

    def copies():
        return [file.read_text().split()[-1] for file in libraries.glob("*/backup/madoguchi-*.sqlite3")]

    yield SimpleNamespace(
        run=run, databases=databases, log=log, copies=copies, prefix=prefix, libraries=libraries, sick=health.sick,
        strange=health.strange,
        port=health.server_address[1], version=lambda: os.readlink(prefix / "current"),
        under_way=(prefix / "upgrade.json").exists,
    )  # fmt: skip
    health.shutdown()
    health.server_close()


def is_at(machine, version):
    return machine.version() == version and machine.databases() == {version} and not machine.under_way()


def test_all_libraries_go_to_the_new_version_and_those_that_were_served_are_served_again(machine):
    done = machine.run("upgrade", NEW)
    assert done.returncode == 0, done.stderr
    assert is_at(machine, NEW) and machine.copies() == [OLD, OLD]
    changes = [line for line in machine.log() if "is-active" not in line and "reset-failed" not in line]
    assert changes[0] == "systemctl stop madoguchi@suzukake" and changes[-1] == "systemctl start madoguchi@suzukake"
    assert [line.partition(" /")[0] for line in changes[1:-1]] == [
        f"{OLD} --instance idle db backup", f"{OLD} --instance suzukake db backup",
        f"{NEW} --instance idle db upgrade", f"{NEW} --instance suzukake db upgrade",
    ]  # fmt: skip
    again = machine.run("upgrade", NEW)
    assert again.returncode == 1 and "もう動いている版" in again.stderr


@pytest.mark.parametrize("at", ["stop", "db backup", "suzukake db upgrade", "systemctl start"])
def test_an_upgrade_that_fails_goes_back_by_itself(machine, at):
    done = machine.run("upgrade", NEW, FAIL_AT=at)
    assert done.returncode == 1
    if at in ("stop", "systemctl start"):  # which fail on the way back, too
        assert machine.under_way()
        machine.run("upgrade", NEW)
    else:
        assert f"{OLD} に戻しました" in done.stderr
    assert is_at(machine, OLD)
    assert machine.log()[-1] == "systemctl start madoguchi@suzukake"


def test_a_version_that_does_not_answer_is_put_away_with_what_it_wrote_and_mails_wait(machine):
    machine.sick.add(NEW)
    done = machine.run("upgrade", NEW)
    assert done.returncode == 1 and "答えません" in done.stdout and "outbox release" in done.stdout
    assert is_at(machine, OLD)
    assert [line.split()[-1] for line in machine.log() if " db restore " in line] == ["--yes", "--yes"]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(
    "at",
    ["is-active", "stop", "idle db backup", "suzukake db backup", "idle db upgrade", "suzukake db upgrade", "start"],
)
def test_an_upgrade_that_is_killed_is_finished_by_the_same_command(machine, at, when):
    assert machine.run("upgrade", NEW, KILL_AT=at, KILL_WHEN=when).returncode == -9
    done = machine.run("upgrade", NEW)
    assert done.returncode == 0, done.stderr
    assert is_at(machine, NEW)
    assert machine.copies() == [OLD, OLD]  # never of what was half brought up


@pytest.mark.parametrize("at", ["db upgrade", "start"])
def test_an_upgrade_that_is_killed_can_be_taken_back_instead(machine, at):
    machine.run("upgrade", NEW, KILL_AT=at, KILL_WHEN="after")
    assert machine.run("rollback", "--yes").returncode == 0
    assert is_at(machine, OLD)


@pytest.mark.parametrize("at", ["stop", "db restore", "start"])
def test_a_way_back_that_is_killed_is_gone_to_its_end(machine, at):
    machine.run("upgrade", NEW)
    (machine.libraries / "log").unlink()
    assert machine.run("rollback", "--yes", KILL_AT=at, KILL_WHEN="after").returncode == -9
    done = machine.run("rollback")  # it asked before
    assert done.returncode == 0, done.stderr
    assert is_at(machine, OLD)
    assert machine.run("rollback", "--yes").returncode == 1


def test_another_version_waits_until_the_one_under_way_is_there(machine):
    machine.run("upgrade", NEW, KILL_AT="db backup", KILL_WHEN="after")
    refused = machine.run("upgrade", "1.2.0")
    assert refused.returncode == 1 and f"{NEW} への版上げが途中です" in refused.stderr
    assert machine.version() == OLD


def test_a_version_without_its_files_is_refused_before_anything_is_done(machine):
    refused = machine.run("upgrade", "1.2.0")
    assert refused.returncode == 1 and "madoguchi-1.2.0.tar" in refused.stderr
    assert not (machine.libraries / "log").exists()


@programs.need("/usr/bin/python3")  # which everybody may run
def test_a_way_back_writes_nowhere_through_links_that_lie_in_the_folder_of_a_library(machine):
    ours = machine.libraries / "of root"
    ours.write_text("of root\n")
    with tempfile.TemporaryDirectory() as place:  # which others may enter
        os.chmod(place, 0o755)
        folder = (machine.libraries / "suzukake").rename(Path(place) / "suzukake")
        (machine.libraries / "suzukake").symlink_to(folder)
        (folder / ".madoguchi.sqlite3.back").symlink_to(ours)
        subprocess.run(["chown", "-hR", "nobody:", folder], check=True)
        file = machine.libraries.parent / "etc" / "suzukake.toml"
        file.write_text(file.read_text().replace(str(machine.libraries / "suzukake"), str(folder)))
        scripts = shutil.copytree(DEPLOY, Path(place) / "deploy")
        scripts.chmod(0o700)  # as where root unpacks a wheelhouse
        done = machine.run("upgrade", NEW, python=PYTHON, scripts=scripts, FAIL_AT="suzukake db upgrade")
        assert f"{OLD} に戻しました" in done.stderr
        assert is_at(machine, OLD)
        assert (folder / "madoguchi.sqlite3").owner() == "nobody"
    assert (ours.read_text(), ours.owner()) == ("of root\n", "root")


def test_files_that_name_no_library_are_passed_over_and_one_that_is_broken_is_told(machine):
    etc = machine.libraries.parent / "etc"
    (etc / "old.suzukake.toml").write_text("of last year")
    assert machine.run("upgrade", NEW).returncode == 0
    (etc / "kaede.toml").write_text("INSTANCE = ")
    (machine.prefix / "1.2.0").mkdir()
    (machine.prefix / "1.2.0" / "complete").touch()
    refused = machine.run("upgrade", "1.2.0")
    assert refused.returncode == 1 and f"{etc / 'kaede.toml'} を読めません" in refused.stderr
    assert "Traceback" not in refused.stderr and not machine.under_way()


def test_an_answer_of_no_web_server_at_the_port_of_a_library_is_none(machine):
    machine.strange.add(NEW)
    done = machine.run("upgrade", NEW)
    assert done.returncode == 1 and "答えません" in done.stdout and "Traceback" not in done.stderr
    assert is_at(machine, OLD)


def library(path, loans, patrons):
    """Write the least of a database."""
    opened = sqlite3.connect(path)
    with opened:
        for table, number in {"loan": loans, "patron": patrons, "hold": 0, "item": 0, "title": 0, "audit": 0}.items():
            opened.execute(f"CREATE TABLE {table} (id INTEGER PRIMARY KEY)")
            opened.executemany(f"INSERT INTO {table} VALUES (?)", [(each,) for each in range(1, number + 1)])
    opened.close()


def test_a_rollback_says_first_what_it_loses_and_wants_the_version_typed(machine):
    machine.run("upgrade", NEW)
    state = json.loads((machine.prefix / "last-upgrade.json").read_text())
    for each in state["libraries"]:
        os.unlink(each["copy"])
        os.unlink(each["database"])
        library(each["copy"], loans=5, patrons=2)
        library(each["database"], loans=1239, patrons=3)
    for answer in ("はい\n", ""):
        refused = machine.run("rollback", answer=answer)
        assert (refused.returncode, refused.stderr) == (1, "madoguchi: 何も変更していません。\n")
        assert machine.version() == NEW
    assert "suzukake: " in refused.stdout and "貸出 1,234、利用者 1 がなくなります" in refused.stdout
    machine.libraries.parent.chmod(0o755)
    assert machine.run("rollback", answer=f"{OLD}\n").returncode == 0
    assert machine.version() == OLD and {each.owner() for each in machine.libraries.rglob("*")} == {"root"}


# -- the real programs -----------------------------------------------------------------------------------------------
STEPS = 3  # made-up migrations of the version to come
COUNTED = ("title", "item", "patron", "loan", "branch")
# The first time that a command is $KILL_AT, it and the script that called it are killed $KILL_WHEN seconds later, in
# the midst of their work.
REAL = """\
#!/bin/sh
case "{name} $*" in
    "$KILL_AT"*) mkdir "$LIBRARIES/killed" 2>/dev/null && (sleep "$KILL_WHEN"; kill -s KILL -- -$PPID) & ;;
esac
exec "{python}" "{program}" "$@"
"""
LEFT = shutil.ignore_patterns(".*", "tests", "docs", "benchmarks", "instance", "dist", "migrations", "__pycache__")


def program_to_come(folder):
    """Copy the program, with more migrations; return it."""
    shutil.copytree(DEPLOY.parent, folder, ignore=LEFT)
    versions_to_come.migrations(folder / "migrations", STEPS)
    return folder / "madoguchi.py"


def libraries_at_each_step(folder, migrations):
    """Write a library with some rows as it is after each step but the last; return the files."""
    path, files = folder.parent / "first.sqlite3", []
    opened = database.open_database(str(path))
    with opened.connection_context(), pytest.MonkeyPatch.context() as patch:
        database.migrate()
        factories.loan(factories.patron())
        patch.setattr(versions, "MIGRATIONS", migrations)
        for step in sorted(versions.known())[:-1]:
            versions.migrate(opened, to=step)
            opened.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            files.append(folder / f"v{step[:4]}" / "madoguchi.sqlite3")
            files[-1].parent.mkdir(mode=0o700)
            shutil.copy(path, files[-1])
    opened.close_all()
    return files


def looked_at(path):
    """Return the tables of a library with all their rows, the steps without the moments at which they were taken."""
    opened = sqlite3.connect(path)
    try:
        names = [name for (name,) in opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = {name: opened.execute(f'SELECT * FROM "{name}"').fetchall() for name in names}
    finally:
        opened.close()
    rows["schema_migration"] = [row[1:2] for row in rows["schema_migration"]]
    return {name: sorted(map(repr, found)) for name, found in rows.items()}


@pytest.fixture
def steps(machine, moved_clock, tmp_path):
    """The machine with the programs themselves, and libraries of each step to the version to come instead of its two;
    return the files.
    """
    to_come = program_to_come(tmp_path / "to_come")
    for version in (OLD, NEW):
        stub = REAL.format(name=version, python=sys.executable, program=to_come)
        (machine.prefix / version / "bin" / "madoguchi").write_text(stub)
    etc = machine.prefix.parent / "etc"
    for name in ("idle", "suzukake"):
        (etc / f"{name}.toml").unlink()
    files = libraries_at_each_step(machine.libraries, to_come.parent / "migrations")
    for file in files:
        (etc / f"{file.parent.name}.toml").write_text(f'INSTANCE = "{file.parent}"\nPORT = {machine.port}\n')
    return files


@pytest.mark.long
def test_libraries_of_every_version_go_up_and_back_with_the_programs_themselves_killed_in_the_midst_too(machine, steps):
    def killed(*words, at):
        (machine.libraries / "killed").rmdir() if (machine.libraries / "killed").exists() else None
        assert machine.run(*words, KILL_AT=at, KILL_WHEN="0.8").returncode == -9, at

    before = [looked_at(file) for file in steps]
    middle = steps[len(steps) // 2].parent.name
    killed("upgrade", NEW, at=f"{OLD} --instance {middle} db backup")
    killed("upgrade", NEW, at=f"{NEW} --instance {middle} db upgrade")
    assert machine.run("rollback", "--yes").returncode == 0  # nothing was served: it is put back byte for byte
    assert [looked_at(file) for file in steps] == before

    killed("upgrade", NEW, at=f"{NEW} --instance {steps[0].parent.name} db upgrade")
    done = machine.run("upgrade", NEW)
    assert done.returncode == 0, done.stderr
    newest = [looked_at(file) for file in steps]
    assert all(each == newest[0] for each in newest)  # whatever version it was of
    assert len(newest[0]["schema_migration"]) == len(versions.known()) + STEPS
    assert {name: newest[0][name] for name in COUNTED if name != "branch"} == {
        name: before[0][name] for name in COUNTED if name != "branch"
    }

    killed("rollback", "--yes", at=f"{OLD} --instance {middle} db restore")
    done = machine.run("rollback")
    assert done.returncode == 0, done.stderr
    back = [looked_at(file) for file in steps]
    for tables in back:
        tables["setting"].remove(repr(("installation_id", '"restored"')))  # its mails wait for ``outbox release``
    assert back == before
    assert machine.version() == OLD and not machine.under_way()


@pytest.mark.long
def test_a_library_of_before_1_0_0_stays_with_the_program_that_it_has(machine, steps):
    for file in steps[1:]:
        (machine.prefix.parent / "etc" / f"{file.parent.name}.toml").unlink()
    file = steps[0]
    file.write_bytes(gzip.decompress((DEPLOY.parent / "tests" / "before" / "library.sqlite3.gz").read_bytes()))
    (machine.prefix / OLD / "bin" / "madoguchi").write_text(
        f"#!/bin/sh\ncp {file} $5\n"
    )  # the program of before, which backs up
    before = file.read_bytes()
    done = machine.run("upgrade", NEW)
    assert done.returncode == 1 and f"{OLD} に戻しました" in done.stderr
    assert (
        "この図書館は 1.0.0 より前のものです。前の版の引っ越しパックで書き出して、取り込んでください。" in done.stderr
    )
    assert file.read_bytes() == before and machine.version() == OLD and not machine.under_way()
