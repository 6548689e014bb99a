"""The server when it is started badly, or killed. Real processes on real files."""

import contextlib
import http.client
import re
import socket
import subprocess
import sys
import threading

import pytest

from library.store import database
from models import Audit, Patron
from tests import factories, forks, invariants, libraries
from tests.factories import PASSWORD
from tests.faults.kills import runs
from tests.faults.lending_desk import LendingDesk, settle
from tests.long import in_the_long_run
from tests.server import ROOT, SOURCE, Visitor, environment, free_port, refusal, running, start


@pytest.fixture
def shown(demonstration, tmp_path):
    """The folder of a demonstration library."""
    libraries.copy(demonstration, tmp_path / "instance")
    return tmp_path / "instance"


# -- first starts ----------------------------------------------------------------------------------------------------
def test_a_service_on_an_empty_instance_makes_no_library_and_says_what_to_do(tmp_path):
    folder = tmp_path / "instance"
    said = refusal(folder)
    assert str(folder) in said
    assert f"MADOGUCHI_INSTANCE={folder} .venv/bin/flask init" in said
    assert "python app.py --demonstration" in said
    assert not (folder / "madoguchi.sqlite3").exists()


def test_the_demonstration_is_made_when_asked_for_and_served_again_later(tmp_path, demonstration):
    folder = tmp_path / "instance"
    with running(folder, JOBS=0) as server:
        assert Visitor(server).sign_in("0000002377570", "0808")[0] == 303
        modes = {path.name: oct(path.stat().st_mode & 0o777) for path in folder.iterdir() if path.is_file()}
    assert oct(folder.stat().st_mode & 0o777) == "0o700"
    assert set(modes.values()) == {"0o600"}, modes
    assert (folder / "secret-key").read_text() != (demonstration / "secret-key").read_text()
    with running(folder, arguments=[], JOBS=0) as server:
        assert Visitor(server).sign_in("0000002377570", "0808")[0] == 303


def test_a_library_of_ones_own_is_served_whatever_was_asked_for(instance, rows):
    patron = factories.patron()
    with running(instance, arguments=["--demonstration"], JOBS=0) as server:
        assert Visitor(server).sign_in(patron.card_number, PASSWORD)[0] == 303


def test_systemd_is_given_no_demonstration(tmp_path):
    folder = tmp_path / "instance"
    as_systemd_does = 'SYSTEMD_EXEC_PID=$$ exec "$0" app.py --demonstration'
    done = subprocess.run(
        ["sh", "-c", as_systemd_does, sys.executable],
        cwd=ROOT, env=environment(folder, PORT=free_port()), capture_output=True, text=True, timeout=30,
    )  # fmt: skip
    assert done.returncode == 1 and "図書館がありません" in done.stderr
    assert not (folder / "madoguchi.sqlite3").exists()


def test_a_start_with_other_words_is_told_how_to_start(tmp_path):
    process = start(tmp_path / "instance", arguments=["--demo"])
    process.communicate(timeout=30)
    assert process.returncode == 2
    assert "python app.py [--demonstration]" in (tmp_path / "stderr.log").read_text()


def test_every_start_names_the_library_as_commands_do_and_the_file_of_settings(instance):
    log = instance.parent / "stderr.log"
    with running(instance, JOBS=0, LIBRARY_NAME="すずかけ図書館"):
        told = f"図書館: すずかけ図書館（{instance}）\n設定ファイル: なし（{instance / 'config.toml'} はありません）\n"
        assert log.read_text().startswith(told)
    log.unlink()
    (instance / "config.toml").write_text("PORT = 'eighty'")
    refusal(instance)
    assert log.read_text().startswith(f"図書館: {instance}\n設定ファイル: {instance / 'config.toml'}\n")


def test_an_instance_that_is_named_from_where_one_stands_is_found(tmp_path, instance):
    named = environment("instance", PORT=free_port(), **libraries.settings(instance))
    done = forks.run(forks.flask, "db", "check", cwd=tmp_path, env=named)
    assert done.returncode == 0, done.stderr


@pytest.mark.sqlite("a file for each library")
def test_two_libraries_of_a_machine_are_served_side_by_side_each_from_its_file(tmp_path, migrated):
    etc = tmp_path / "etc"
    etc.mkdir()
    around, served = {"MADOGUCHI_ETC": str(etc)}, contextlib.ExitStack()
    with served:
        for name, called in (("kaede", "かえで図書館"), ("suzukake", "すずかけ図書館")):
            folder, port = tmp_path / name / "instance", free_port()
            folder.mkdir(parents=True, mode=0o700)
            libraries.fill(folder, migrated)
            (etc / f"{name}.toml").write_text(
                f'INSTANCE = "{folder}"\nPORT = {port}\nLIBRARY_NAME = "{called}"\n', encoding="utf-8"
            )
            program = (sys.executable, str(ROOT / "madoguchi.py"), "--instance", name, "serve")
            server = served.enter_context(
                running(folder, program=program, arguments=(), around=around, PORT=port, JOBS=0)
            )
            assert called in Visitor(server).get("/")[1]
            assert f"設定ファイル: {etc / name}.toml\n" in (folder.parent / "stderr.log").read_text()


def test_a_file_that_is_not_there_is_answered_with_the_page_that_says_so(instance):
    with running(instance, JOBS=0) as server:
        status, text, _ = Visitor(server).get("/static/nothing.css")
    assert status == 404 and "ページが見つかりません" in text


def test_a_request_that_names_no_host_is_refused(instance):
    with running(instance, JOBS=0) as server:
        for version in ("1.0", "1.1"):
            with socket.create_connection(("127.0.0.1", server.port), timeout=30) as line:
                line.sendall(f"GET / HTTP/{version}\r\nConnection: close\r\n\r\n".encode())
                answer = line.makefile("rb").read()
            assert answer.split()[1] == b"400", version
            assert "このアドレスでは公開していません（ALLOWED_HOSTS）。" in answer.decode()


# -- bad starts ------------------------------------------------------------------------------------------------------
def test_a_database_of_a_newer_version_is_refused(instance, rows):
    rows.execute_sql("INSERT INTO schema_migration (name, applied) VALUES ('9999_future', '2030-01-01')")
    assert "新しい版" in refusal(instance)


def test_a_library_of_before_1_0_0_is_refused_with_what_to_do(instance, rows):
    rows.execute_sql("UPDATE schema_migration SET name = '0001_first' WHERE name = '0001_tables'")
    assert "この図書館は 1.0.0 より前のものです。前の版の引っ越しパックで書き出して、" in refusal(instance)


def test_a_database_of_an_older_version_names_the_command(instance, rows):
    rows.execute_sql("DELETE FROM schema_migration")
    assert "flask db upgrade" in refusal(instance)


def test_an_instance_that_is_no_folder_is_refused(tmp_path):
    (tmp_path / "instance").write_text("a file")
    assert "書き込めません" in refusal(tmp_path / "instance")


def test_a_port_in_use_is_refused(instance):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        assert "待ち受けられません（Address already in use）" in refusal(instance, PORT=other.getsockname()[1])


def test_a_wrong_setting_is_named(instance):
    assert "PORT" in refusal(instance, PORT="eighty")


def test_a_database_that_there_is_no_driver_for_is_refused_without_its_password(instance):
    said = refusal(instance, DATABASE_URL="postgresql://it:geheim@db/it")
    assert "暗号化してつなぎます" in said and "geheim" not in said


def test_a_wrong_file_of_settings_is_named(instance):
    (instance / "config.toml").write_text("PORT = [")
    assert "config.toml" in refusal(instance)
    (instance / "config.toml").write_text("COLOUR = 'red'")
    assert "COLOUR" in refusal(instance)


@pytest.mark.sqlite("the file of a library")
def test_a_second_server_on_the_same_folder_is_refused(instance):
    with running(instance):
        assert "すでに" in refusal(instance)


def test_the_demonstration_is_not_served_to_the_world_by_accident(shown):
    assert "デモンストレーション" in refusal(shown, PUBLIC_URL="https://library.example.jp", TRUSTED_PROXIES=1)


def test_https_without_the_number_of_proxies_is_refused_before_anything_is_made(tmp_path):
    """All patrons would be one client: twenty wrong passwords of anybody would refuse everybody's right one."""
    folder = tmp_path / "instance"
    said = refusal(folder, PUBLIC_URL="https://library.example.jp")
    assert said == (
        "madoguchi: 環境変数 MADOGUCHI_PUBLIC_URL が https ですが、TRUSTED_PROXIES が 0 です。前に置いたプロキシの数を書いてください。"
    )
    assert not (folder / "madoguchi.sqlite3").exists()


# -- kill ------------------------------------------------------------------------------------------------------------
def change_history(visitor, on):
    """The whole way through the information change; the status of the last answer."""
    _, page, _ = visitor.get("/my/profile")
    form = dict(re.findall(r'name="([a-z0-9_]+)"[^>]*value="([^"]*)"', page))
    fields = {name: form[name] for name in ("csrf_token",)}
    fields |= dict.fromkeys(("current_password", "new_password", "new_password_again", "email1", "email2"), "")
    fields |= {"email1_kind": "pc", "email2_kind": "pc", "registration_active": "off", "due_active": "off",
    "due_days": "1",
               "pickup_branch": re.search(r'id="pickup_branch".*?value="(\d+)"', page, re.S)[1],
               "contact_method": "none", "contact_phone": "mobile"}  # fmt: skip
    status, _, _ = visitor.ask("POST", "/my/profile", fields | ({"keep_history": "y"} if on else {}))
    assert status == 303
    _, page, _ = visitor.get("/my/profile/confirm")
    draft = re.search(r'name="draft" value="([^"]+)"', page)[1]
    return visitor.ask("POST", "/my/profile/confirm", {"csrf_token": form["csrf_token"], "draft": draft})[0]


def test_an_acknowledged_act_survives_kill_9(instance, rows):
    patron = factories.patron()
    kept = False
    for _ in range(2):
        with running(instance, JOBS=0) as server:
            visitor = Visitor(server)
            visitor.sign_in(patron.card_number, PASSWORD)
            kept = not kept
            assert change_history(visitor, kept) == 303
            server.kill()
        assert Patron.get_by_id(patron.id).keep_history is kept
        assert database.damage_and_orphans() == []
    assert Audit.select().where(Audit.action == "profile.changed").count() == 2


def test_killed_in_the_middle_of_many_changes_nothing_is_half_done(instance, rows):
    patron = factories.patron()
    acknowledged = 0
    with running(instance, JOBS=0) as server:
        visitor = Visitor(server)
        visitor.sign_in(patron.card_number, PASSWORD)
        killer = threading.Timer(1.5, server.kill)
        killer.start()
        try:
            while True:
                assert change_history(visitor, acknowledged % 2 == 0) == 303
                acknowledged += 1
        except (OSError, TypeError, http.client.HTTPException):
            pass  # the line went dead, as it should
        killer.join()
    with database.writing():  # a server may still be at what it was asked for by who was killed
        receipts = Audit.select().where(Audit.action == "profile.changed").count()
        assert receipts - acknowledged in (0, 1)
        assert Patron.get_by_id(patron.id).keep_history is (receipts % 2 == 1)
    assert database.damage_and_orphans() == []


@pytest.mark.parametrize("kills", runs(2, 50))
def test_no_loan_that_a_desk_was_told_of_is_lost_however_often_the_server_is_killed(instance, rows, kills):
    pairs = [(factories.patron(), factories.item()) for _ in range(7)]
    desk, lasted = None, 0
    for number in range(kills):
        with running(instance, JOBS=0) as server:
            desk = desk or LendingDesk(server, pairs)
            desk.visitor.server = server
            before, killer = desk.done, threading.Timer(0.5 * number / kills, server.kill)
            desk.turn()  # a busy machine may do no more before the kill
            killer.start()
            desk.work()
            killer.join()
            lasted += desk.done - before
        settle(desk)
    assert lasted >= kills
    assert database.damage_and_orphans() == []
    invariants.check_lending()


def test_a_session_and_its_counters_survive_a_restart(instance, rows):
    patron = factories.patron()
    with running(instance, JOBS=0) as server:
        visitor = Visitor(server)
        visitor.sign_in(patron.card_number, PASSWORD)
        server.kill()
    with running(instance, JOBS=0) as server:
        visitor.server = server
        assert visitor.get("/my/")[0] == 200


@pytest.mark.sqlite("the file of a library")
def test_another_program_that_looks_into_the_database_breaks_nothing(tmp_path):
    """A first start must hold SQLite's locks: else whoever closes the file last takes the log away from the server."""
    folder = tmp_path / "instance"
    with running(folder, JOBS=0) as server:
        looked = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('SELECT count(*) FROM patron').fetchone(); c.close()"
        subprocess.run([sys.executable, "-c", looked, str(folder / "madoguchi.sqlite3")], check=True)
        visitor = Visitor(server)
        visitor.sign_in("0000002377570", "0808")
        new = {"new_password": PASSWORD, "new_password_again": PASSWORD}
        assert visitor.post("/login/first-password", new)[0] == 303
        server.kill()
    with running(folder, JOBS=0) as server:
        assert Visitor(server).sign_in("0000002377570", PASSWORD)[0] == 303


@pytest.mark.parametrize("seconds", [1.2, *in_the_long_run(0.6, 0.9, 1.5, 1.8)])
def test_a_first_start_that_is_killed_begins_anew(tmp_path, seconds):
    folder = tmp_path / "instance"
    process = start(folder, program=SOURCE, PORT=free_port(), JOBS=0)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(seconds)
    process.kill()
    process.wait()
    process.stdout.close()
    with running(folder, JOBS=0) as server:
        assert Visitor(server).sign_in("0000002377570", "0808")[0] == 303


@pytest.mark.sqlite("the file of a library")
def test_a_library_that_went_missing_is_not_replaced_by_the_demonstration(shown):
    (shown / "madoguchi.sqlite3").unlink()
    assert "db restore" in refusal(shown, "--demonstration")


# -- commands beside a running server --------------------------------------------------------------------------------
def test_commands_work_while_the_server_runs_except_upgrade(instance):
    def flask(*words):
        return forks.run(forks.flask, *words, env=environment(instance))

    with running(instance, JOBS=0):
        assert flask("db", "check").returncode == 0
        assert flask("notices", "run").returncode == 0
        assert flask("db", "upgrade").returncode == 1
    assert flask("db", "upgrade").returncode == 0


@pytest.mark.long
@pytest.mark.sqlite("the file of a library")
def test_a_restored_database_holds_its_mails_also_after_a_start(tmp_path):
    folder, copy = tmp_path / "instance", tmp_path / "copy.sqlite3"

    def flask(*words):
        return forks.run(forks.flask, *words, env=environment(folder))

    assert flask("demo").returncode == 0
    assert flask("notices", "run").returncode == 0
    assert flask("db", "backup", str(copy)).returncode == 0
    assert flask("db", "restore", str(copy), "--yes").returncode == 0
    with running(folder) as server:
        Visitor(server).get("/")
        assert flask("outbox", "deliver").returncode == 1
    assert not (folder / "mail").exists()
    assert flask("outbox", "release").returncode == 0
    assert flask("outbox", "deliver").returncode == 0
    assert len(list((folder / "mail").glob("*.eml"))) > 3
