"""The log in text and as JSON: one line a record, the error in it, no record lost to what a message holds."""

import io
import json
import logging
import sqlite3
from datetime import datetime
from pathlib import Path

import peewee
import pytest

from server import logs
from settings import config, settings_file
from tests.server import Visitor, running


@pytest.fixture
def written(monkeypatch):
    """A stream to which the root's one handler writes."""
    stream = io.StringIO()
    handlers = [logging.StreamHandler(stream)]
    monkeypatch.setattr(logging.getLogger(), "handlers", handlers)
    yield stream
    for each in handlers:
        each.close()


def test_each_record_is_one_object_on_one_line(written):
    logs.write_as("json")
    log = logging.getLogger("madoguchi.test")
    log.warning("request rule=%s", "/my/\n図書館")
    try:
        raise ValueError("二行の\n理由")
    except ValueError:
        log.exception("failed")
    first, second = map(json.loads, written.getvalue().splitlines())
    assert (first["level"], first["logger"], first["message"]) == (
        "WARNING",
        "madoguchi.test",
        "request rule=/my/\n図書館",
    )
    assert first["at"].endswith("+00:00")
    assert "error" not in first
    assert second["error"].endswith("ValueError: 二行の\n理由")


def test_text_is_for_people(written):
    logs.write_as("text")
    logging.getLogger("madoguchi.test").warning("request rule=%s", "/my/")
    moment, line = written.getvalue().split(" ", 1)
    assert datetime.fromisoformat(moment).utcoffset() is not None
    assert line == "WARNING madoguchi.test request rule=/my/\n"


def test_a_form_of_the_log_that_does_not_exist_is_refused_by_name(monkeypatch, tmp_path):
    with monkeypatch.context() as changed:
        changed.setenv("MADOGUCHI_INSTANCE", str(tmp_path))
        for name, value in (("LOG_FORMAT", "xml"), ("METRICS_ALLOW", "127.0.0.1/40"), ("METRICS_ALLOW", "localhost")):
            changed.setenv(f"MADOGUCHI_{name}", value)
            with pytest.raises(settings_file.WrongSetting, match=name):
                config.load()
            changed.delenv(f"MADOGUCHI_{name}")


def test_the_first_start_of_make_run_prints_where_the_cards_and_the_desk_are_and_logs_the_rest(tmp_path):
    folder = tmp_path / "instance"
    with running(folder, DEVELOPMENT=1) as server:
        Visitor(server).get("/")
        server.stop()
        told = server.process.stdout.read()
    complained = (tmp_path / "stderr.log").read_text(encoding="utf-8")
    assert "0000002377570  0808" in told and f"{server.port}/desk/: madoguchi  suzukake-desk-demo" in told
    assert f"ログ: {folder / 'log'}" in told and " INFO " not in complained
    # fifteen with the line of the address, which was read before, and the one of what is installed
    assert len([*told.splitlines(), *complained.splitlines()]) + 2 <= 15
    log = (folder / "log").read_text(encoding="utf-8")
    assert "peewee.migrations up: 0001_" in log and "rule=/ status=200" in log


def test_a_warning_is_told_on_the_terminal_although_the_log_is_a_file(written, tmp_path, caplog):
    caplog.set_level(logging.INFO, "madoguchi.test")
    logs.keep_in(tmp_path / "log")
    logs.write_as("text")
    log = logging.getLogger("madoguchi.test")
    log.info("as ever")
    log.warning("it went wrong")
    kept = (tmp_path / "log").read_text().splitlines(keepends=True)
    assert [line.partition(" madoguchi.test ")[2] for line in kept] == ["as ever\n", "it went wrong\n"]
    assert written.getvalue() == kept[1]


def full_as_sqlite_says_it():
    try:
        raise sqlite3.OperationalError("database or disk is full")
    except sqlite3.OperationalError as error:
        raise peewee.OperationalError("half done") from error


@pytest.mark.parametrize(
    "fail", [lambda: Path("/dev/full").write_text("x"), full_as_sqlite_says_it], ids=["file", "SQLite"]
)
@pytest.mark.parametrize("kind", ["text", "json"])
def test_a_full_disk_is_one_line_without_a_traceback(written, fail, kind):
    logs.write_as(kind)
    try:
        fail()
    except Exception:
        logging.getLogger("madoguchi.test").exception("database %s POST 100%%", "a1b2")
    (line,) = written.getvalue().splitlines()
    assert "database a1b2 POST 100%: " in line and "Traceback" not in line


def test_a_log_for_which_the_disk_has_no_room_complains_of_nothing(written, capsys):
    logs.keep_in(Path("/dev/full"))
    logs.write_as("text")
    logging.getLogger("madoguchi.test").warning("it went wrong")
    with pytest.raises(OSError):  # what it kept back till now
        logging.getLogger().handlers[-1].close()
    assert capsys.readouterr().err == "" and "it went wrong" in written.getvalue()
