"""deploy/pull-backup.py: another machine has the newest copies, whole and right, whatever breaks; and nobody else gets
one.
"""

import base64
import contextlib
import hashlib
import importlib.util
import re
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from types import SimpleNamespace

import pytest
from cryptography import x509
from werkzeug.serving import make_server

from library import clock
from library.backups import tokens
from library.files import age
from library.store import backup
from scripts.check_tree import ROOT
from tests import own_certificate

PROGRAM = ROOT / "deploy" / "pull-backup.py"
spec = importlib.util.spec_from_file_location("pull_backup", PROGRAM)
pull = importlib.util.module_from_spec(spec)
spec.loader.exec_module(pull)

TODAY = pull.today()
CONTENT = pull.FIRST_BYTES + bytes(range(256)) * 400


@pytest.fixture
def machine(tmp_path, monkeypatch, capsys):
    """``machine(url)`` runs the program with its token; the status, what it said, and the waits that it took."""
    monkeypatch.setattr(pull, "SLICE", 30_000)
    monkeypatch.setattr(pull, "today", lambda: TODAY)  # midnight may come while the tests run
    key = tmp_path / "token"
    key.touch(0o600)

    def run(url, token="good", *more):
        key.write_text(f"{token}\n")
        waits = []
        status = pull.main([url, str(run.folder), "--token-file", str(key), *more], wait=waits.append)
        said = capsys.readouterr()
        return SimpleNamespace(status=status, said=said.out, complaint=said.err, waits=waits)

    run.folder, run.key = tmp_path / "copies", key
    return run


@pytest.fixture
def faulty():
    """A server that answers as the library does, and as ``faulty.faults`` says: one for each request, the first one
    first.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            server.asked.append(dict(self.headers))
            fault = server.faults.pop(0) if server.faults else ""
            if fault.isdigit():
                self.send_response(int(fault))
                self.end_headers()
                return
            sha256 = hashlib.sha256(server.content)
            etag, whole = f'"{sha256.hexdigest()}"', len(server.content)
            if self.headers.get("If-None-Match") == etag:
                self.send_response(304)
                self.end_headers()
                return
            begin, end = map(int, re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers["Range"]).groups())
            if self.headers.get("If-Range", etag) != etag:
                begin, end = 0, whole
            sent = server.content[begin : end + 1]
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {begin}-{begin + len(sent) - 1}/{whole}")
            self.send_header("Content-Length", str(len(sent)))
            self.send_header("Repr-Digest", f"sha-256=:{base64.b64encode(sha256.digest()).decode()}:")
            self.send_header("Content-Disposition", f"attachment; filename={server.name}")
            self.end_headers()
            if fault == "changed":
                sent = sent[:-1] + b"?"
            self.wfile.write(sent[: len(sent) // 2] if fault == "cut" else sent)
            self.wfile.flush()
            if fault == "hangs":
                server.hung.set()
                server.go_on.wait(20)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.faults, server.asked, server.content = [], [], CONTENT
    server.name = f"madoguchi-{TODAY}.sqlite3.age"
    server.hung, server.go_on = threading.Event(), threading.Event()
    server.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server
    server.go_on.set()
    server.shutdown()
    thread.join()
    server.server_close()


def files(folder):
    return sorted(path.name for path in folder.iterdir() if path.name != ".lock")


# -- from a library
# ------------------------------------------------------------------------------------------------------
@pytest.fixture
def library(app):
    """The address of a library that is served, with the copy of today; it knows one machine here and one elsewhere."""
    key = age.new_key()
    app.config["BACKUP_RECIPIENT"] = key.recipient
    clock.set_source(None)
    backup.nightly(backup.folder(app.config["INSTANCE"]), now=clock.now())
    here = tokens.add("here", ["127.0.0.1"], by="command", now=clock.now())
    elsewhere = tokens.add("elsewhere", ["192.0.2.10"], by="command", now=clock.now())
    folder = backup.folder(app.config["INSTANCE"])
    with served(app) as server:
        url = f"http://127.0.0.1:{server.port}"
        yield SimpleNamespace(url=url, here=here, elsewhere=elsewhere, key=key, folder=folder)


@contextlib.contextmanager
def served(app, **given):
    server = make_server("127.0.0.1", 0, app, threaded=True, **given)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()


def test_the_copy_of_a_library_is_fetched_once_and_opened_by_its_key_alone(machine, library, tmp_path):
    first = machine(library.url, library.here)
    assert (first.status, first.complaint) == (0, "")
    [name] = files(machine.folder)
    assert "を受け取りました" in first.said and name in first.said
    assert (machine.folder / name).stat().st_mode & 0o777 == 0o600
    age.decrypt(machine.folder / name, tmp_path / "clear", library.key.secret)
    assert (tmp_path / "clear").read_bytes() == backup.newest(library.folder).read_bytes()
    again = machine(library.url, library.here)
    assert (again.status, "新しい控えはありません" in again.said) == (0, True)
    for token in (library.elsewhere, "wrong"):
        stolen = machine(library.url, token)
        assert stolen.status == 1 and "断りました（401）" in stolen.complaint and stolen.waits == []
    assert files(machine.folder) == [name]


def test_a_program_of_its_own_fetches_over_https_from_who_shows_the_right_certificate(app, machine, library, tmp_path):
    certificate, key = own_certificate.write(tmp_path, x509.IPAddress(ip_address("127.0.0.1")))
    with served(app, ssl_context=(str(certificate), str(key))) as server:

        def run(token, *more):
            machine.key.write_text(token)
            url = f"https://127.0.0.1:{server.port}"
            command = [sys.executable, "-I", PROGRAM, url, machine.folder, "--token-file", machine.key, *more]
            return subprocess.run(command, capture_output=True, text=True, check=False)

        unknown, stolen = run(library.here), run(library.elsewhere, "--ca", certificate)
        assert (unknown.returncode, stolen.returncode, files(machine.folder)) == (1, 1, [])
        assert "証明書を確かめられません" in unknown.stderr and "断りました（401）" in stolen.stderr
        good = run(library.here, "--ca", certificate)
    assert (good.returncode, good.stderr) == (0, "")
    [name] = files(machine.folder)
    age.decrypt(machine.folder / name, tmp_path / "clear", library.key.secret)
    assert (tmp_path / "clear").read_bytes() == backup.newest(library.folder).read_bytes()


# -- what breaks
# ---------------------------------------------------------------------------------------------------------
def test_a_transfer_that_was_cut_goes_on_where_it_was_cut(machine, faulty):
    faulty.faults = ["", "cut", "503"]
    done = machine(faulty.url)
    assert (done.status, done.waits) == (0, [10, 30])
    assert [asked["Range"].partition("-")[0] for asked in faulty.asked[:4]] == [
        "bytes=0",
        "bytes=30000",
        "bytes=45000",
        "bytes=45000",
    ]
    assert (machine.folder / faulty.name).read_bytes() == CONTENT


def test_one_changed_byte_is_found_and_it_begins_anew(machine, faulty):
    faulty.faults = ["", "changed"]
    done = machine(faulty.url)
    assert (done.status, done.waits) == (0, [10])
    assert (machine.folder / faulty.name).read_bytes() == CONTENT


def test_a_newer_copy_in_the_middle_is_fetched_from_its_beginning(machine, faulty):
    faulty.faults = ["", *["cut"] * 9]
    assert machine(faulty.url).status == 1
    assert [name.endswith(".part") for name in files(machine.folder)] == [True]
    faulty.faults, faulty.content = [], CONTENT + b"newer"
    assert machine(faulty.url).status == 0
    assert files(machine.folder) == [faulty.name]
    assert (machine.folder / faulty.name).read_bytes() == CONTENT + b"newer"


def test_one_that_is_killed_leaves_no_copy_and_the_next_run_goes_on(machine, faulty):
    faulty.faults = ["hangs"]
    faulty.content = CONTENT * 200  # two slices
    machine.key.write_text("good")
    command = [sys.executable, "-I", PROGRAM, faulty.url, machine.folder, "--token-file", machine.key]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        faulty.hung.wait(20)
        until = time.monotonic() + 20
        while not list(machine.folder.glob(".*.part")) and time.monotonic() < until:
            threading.Event().wait(0.02)
        process.send_signal(signal.SIGKILL)
    assert not list(machine.folder.glob("madoguchi-*"))
    faulty.go_on.set()
    assert machine(faulty.url).status == 0
    assert files(machine.folder) == [faulty.name]
    assert (machine.folder / faulty.name).read_bytes() == faulty.content


@pytest.mark.parametrize(
    ("fault", "words"),
    [("404", "BACKUP_RECIPIENT"), ("429", "1時間"), ("301", "301"), ("403", "403"), ("507", "ディスクの空きがなく")],
)
def test_a_fault_that_waiting_does_not_mend_is_told_at_once(machine, faulty, fault, words):
    faulty.faults = [fault]
    refused = machine(faulty.url)
    assert (refused.status, refused.waits, words in refused.complaint) == (1, [], True)
    assert len(faulty.asked) == 1


def test_a_server_that_is_away_is_tried_again_and_then_given_up(machine):
    given_up = machine("http://127.0.0.1:9")
    assert (given_up.status, given_up.waits) == (1, list(pull.WAITS))
    assert "何度か試しましたが" in given_up.complaint and "いちばん新しい控えは ありません" in given_up.complaint


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "madoguchi-2026-13-45.sqlite3.age", f"madoguchi-{TODAY + timedelta(days=9)}.sqlite3.age", "x"],
)
def test_a_name_that_is_no_copy_of_a_day_gone_by_is_refused(machine, faulty, name):
    faulty.name = name
    assert machine(faulty.url).status == 1
    assert files(machine.folder) == []


def test_a_backup_that_is_not_encrypted_is_not_stored(machine, faulty):
    faulty.content = b"SQLite format 3\0" * 99
    assert machine(faulty.url).status == 1
    assert files(machine.folder) == []


def test_a_copy_that_has_rotted_here_is_fetched_anew(machine, faulty):
    machine(faulty.url)
    (machine.folder / faulty.name).write_bytes(b"rotten")
    assert machine(faulty.url).status == 0
    assert (machine.folder / faulty.name).read_bytes() == CONTENT


# -- who may ask, and what stays
# -----------------------------------------------------------------------------------------
def test_a_folder_in_which_others_may_write_is_refused(machine, faulty):
    machine.folder.mkdir(exist_ok=True)
    machine.folder.chmod(0o777)
    assert "ほかの人が書けます" in machine(faulty.url).complaint
    assert list(machine.folder.iterdir()) == []


def test_a_token_that_others_read_and_an_address_without_https_are_refused(machine, faulty):
    assert "https://" in machine("http://library.example.jp").complaint
    machine.key.chmod(0o644)
    assert "chmod 600" in machine(faulty.url).complaint
    assert faulty.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "https://[",
        "https://",
        "https://library.example.jp x",
        "https://library.example.jp:x",
        "https://library.example.jp/図書館",
    ],
)
def test_an_address_that_is_none_is_told_at_once(machine, url):
    done = machine(url)
    assert (done.status, "アドレスを確かめてください" in done.complaint, done.waits) == (1, True, [])


def test_a_file_that_is_no_text_is_no_token(machine, faulty):
    machine(faulty.url)
    machine.key.write_bytes(b"\xff\xfe")
    with pytest.raises(pull.Refused, match="トークンだけを"):
        pull.token_in(machine.key)


def place(folder, *days):
    for day in days:
        (folder / f"madoguchi-{TODAY - timedelta(days=day)}.sqlite3.age").write_bytes(b"older")


def test_the_newest_14_stay_and_none_that_is_30_days_old(machine, faulty):
    machine.folder.mkdir()
    place(machine.folder, *range(1, 20))
    (machine.folder / "mine.txt").touch()
    machine(faulty.url)
    assert len(files(machine.folder)) == 15 and "mine.txt" in files(machine.folder)
    assert files(machine.folder)[0] == f"madoguchi-{TODAY - timedelta(days=13)}.sqlite3.age"
    for path in machine.folder.glob("madoguchi-*"):
        path.unlink()
    place(machine.folder, 29, 30, 45)
    assert machine("http://127.0.0.1:9").status == 1
    assert len(list(machine.folder.glob("madoguchi-*"))) == 3  # nothing goes while the server is away
    machine(faulty.url)
    assert files(machine.folder)[0] == f"madoguchi-{TODAY - timedelta(days=29)}.sqlite3.age"


def test_a_server_that_makes_no_copies_any_more_is_complained_of(machine, faulty):
    faulty.name = f"madoguchi-{TODAY - timedelta(days=2)}.sqlite3.age"
    done = machine(faulty.url)
    assert (done.status, "システムの状態" in done.complaint) == (1, True)
    assert files(machine.folder) == [faulty.name]


def test_two_do_not_run_at_once(machine, faulty):
    machine.folder.mkdir()
    with pull.held(machine.folder):
        assert "もう一つ" in machine(faulty.url).complaint


def test_its_days_are_those_of_the_library():
    assert pull.KEPT_DAYS == backup.KEPT_DAYS
